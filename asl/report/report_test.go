package report_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/report"
	"airline/asl/sim"
)

const markup = `</style></title><script>alert(1)</script><img src=x onerror=alert(2)>`

// execution runs a machine whose names, payloads and errors all are markup.
func execution(t testing.TB, items int) report.Execution {
	t.Helper()
	name := "S" + markup[:60]
	quoted := jsonvalue.String(name)
	d, err := ast.Parse([]byte(`{"StartAt": ` + quoted + `, "States": {
		` + quoted + `: {"Type": "Task", "Comment": ` + jsonvalue.String(markup) + `, "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Key.$": "$.key"},
			"Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5, "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Each"}], "Next": "Each"},
		"Each": {"Type": "Map", "ItemsPath": "$.items", "Next": "Bad", "ItemProcessor": {"StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}},
		"Bad": {"Type": "Fail", "Error": ` + jsonvalue.String(markup) + `, "Cause": ` + jsonvalue.String(markup) + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	mocks, err := sim.ParseMocks([]byte(`{`+quoted+`: [{"throw": {"error": "Busy", "cause": `+jsonvalue.String(markup)+`}}, {"throw": {"error": "Gone", "cause": `+jsonvalue.String(markup)+`}}]}`), "", "")
	if err != nil {
		t.Fatal(err)
	}
	list := make([]any, items)
	for i := range list {
		list[i] = float64(i)
	}
	input := jsonvalue.NewObject(2)
	input.Set("key", markup)
	input.Set("items", list)
	clock := sim.NewClock(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	x := m.Start(clock, input, sim.Options{Tasks: mocks.Player(), History: true})
	if err := clock.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if x.Status() != sim.Failed {
		t.Fatalf("the execution is %s: %s", x.Status(), x.Cause())
	}
	return report.Execution{Name: markup, Machine: markup, Definition: d, History: x.History()}
}

// A page shows the run, takes no text for markup, and says itself that nothing may be loaded.
func TestPage(t *testing.T) {
	var b strings.Builder
	if err := report.Write(&b, execution(t, 3)); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`class="box caught"`, `class="nest nest0 succeeded"`, `class="box failed"`, "2 attempts", "3 items", "MapIterationSucceeded",
		html.EscapeString("<script>alert(1)</script>"), `<rect class="wait"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s on the page", want)
		}
	}
	for _, not := range []string{"<script", "<img", "http://", "https://", "url("} {
		if strings.Contains(strings.ReplaceAll(page, "http://www.w3.org/2000/svg", ""), not) {
			t.Errorf("%s is on the page", not)
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	if want := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(html.UnescapeString(page), "style-src 'sha256-"+want+"'") {
		t.Error("the policy does not name the style of the page")
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("the id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(` href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
}

// Long lists come in pages, long payloads are cut.
func TestBounds(t *testing.T) {
	x := execution(t, 500)
	turn := func(list string, from int) string { return "?" + list + "=" + report.Count(from) }
	view := report.Options{ID: "x", State: "In", MaxEvents: 10, Events: 20, Visits: 5, Turn: turn}.View(x)
	if len(view.States) != 1 || len(view.States[0].Visits) != 5 || view.States[0].List.Total != 500 {
		t.Errorf("the state In is shown as %+v", view.States)
	}
	if l := view.EventList; len(view.Events) != 10 || l.Before != "?events=10" || l.After != "?events=30" || view.Events[0].ID != 21 {
		t.Errorf("events %+v, from %d", l, view.Events[0].ID)
	}
	each := report.Options{ID: "x", State: "Each", Items: 490, Payload: 100}.View(x).States[0].Visits[0]
	if len(each.ItemRows) != 10 || each.ItemRows[0].Index != 490 {
		t.Errorf("items %+v", each.ItemRows)
	}
	if len(each.In) > 200 || !strings.Contains(each.In, "bytes more") {
		t.Errorf("the input is shown as %s", each.In)
	}
}

// Without a choice, the state at which it failed is shown.
func TestFailedState(t *testing.T) {
	x := execution(t, 1)
	for name, o := range map[string]report.Options{"S" + markup[:60]: {ID: "x", Failed: true}, "Bad": {ID: "x", Failed: true, State: "Bad"}} {
		if view := o.View(x); len(view.States) != 1 || view.States[0].Name != name {
			t.Errorf("shown are %+v, want %s", view.States, name)
		}
	}
	if view := (report.Options{ID: "x"}).View(x); len(view.States) != 0 {
		t.Errorf("shown are %+v, and nothing was asked for", view.States)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 40 * time.Millisecond: "40 ms", 1500 * time.Millisecond: "1.5 s", 65 * time.Second: "1m 05s", 3*time.Hour + 62*time.Second: "3h 01m", 50 * time.Hour: "2d 02h",
	} {
		if got := report.Duration(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
	if got, want := report.Count(int64(-1234567)), "-1\u202f234\u202f567"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func ExampleWrite() {
	d, _ := ast.Parse([]byte(`{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`))
	m, _ := sim.Compile(d)
	clock := sim.NewClock(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	x := m.Start(clock, nil, sim.Options{History: true})
	_ = clock.Run(context.Background())
	dir, _ := os.MkdirTemp("", "report")
	defer os.RemoveAll(dir)
	f, _ := os.Create(filepath.Join(dir, "run.html"))
	defer f.Close()
	fmt.Println(report.Write(f, report.Execution{Name: "run", Definition: d, History: x.History()}))
	// Output: <nil>
}
