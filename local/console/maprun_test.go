package console

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The child executions of a distributed Map are in pages; each leads to its own page, and that back.
func TestItemsOfADistributedMap(t *testing.T) {
	world, c := bare(t)
	machine := made(t, world, "map", `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemsPath": "$.items", "MaxConcurrency": 7, "ToleratedFailurePercentage": 100, "ItemProcessor": {
		"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Even", "States": {
			"Even": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 3, "Next": "Odd"}], "Default": "Done"},
			"Odd": {"Type": "Fail", "Error": "IsThree"}, "Done": {"Type": "Succeed"}}}}}}`)
	var items []string
	for i := range 120 {
		items = append(items, fmt.Sprint(i))
	}
	arn := start(t, world, machine, `{"items": [`+strings.Join(items, ",")+`]}`)
	if err := world.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`<tr><td class="key"><a href="([^"]+)">`)
	seen := map[string]bool{}
	path := "execution?arn=" + url.QueryEscape(arn)
	for pages := 1; path != ""; pages++ {
		text, _ := get(t, c, path)
		if !strings.Contains(text, "120 child executions: 119 succeeded, 1 failed, 0 running, 0 pending") {
			t.Fatalf("the page does not count the executions:\n%s", text)
		}
		list := rows.FindAllStringSubmatch(text, -1)
		if want := map[int]int{1: 50, 2: 50, 3: 20}[pages]; len(list) != want {
			t.Errorf("page %d has %d executions, want %d", pages, len(list), want)
		}
		for _, row := range list {
			seen[row[1]] = true
		}
		path = ""
		if later := regexp.MustCompile(`<a href="(\?[^"]+)">later</a>`).FindStringSubmatch(text); later != nil {
			path = "execution" + strings.ReplaceAll(later[1], "&amp;", "&")
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d child executions are in the pages, want 120", len(seen))
	}
	for child := range seen {
		text, _ := get(t, c, strings.TrimPrefix(strings.ReplaceAll(child, "&amp;", "&"), Prefix))
		if !strings.Contains(text, "Items of a distributed Map") || !strings.Contains(text, url.QueryEscape(arn)) {
			t.Errorf("%s does not lead back to %s", child, arn)
		}
		break
	}
	// Of another state than the Map there are no items.
	other, _ := get(t, c, "execution?state=None&arn="+url.QueryEscape(arn))
	if strings.Contains(other, "child executions:") {
		t.Error("the items are shown beside another state")
	}
}
