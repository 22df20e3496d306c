package report

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"airline/policy/rules"
)

var update = flag.Bool("update", false, "write docs/policies.md instead of comparing with it")

// The page in docs is what the rules say.
func TestPageIsCurrent(t *testing.T) {
	const file = "../../docs/policies.md"
	var page bytes.Buffer
	if err := Page(&page); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, page.Bytes()) {
		t.Errorf("%s is not what the rules say; run go test ./policy/report -update", file)
	}
}

func TestEveryChapterHasAHeading(t *testing.T) {
	for _, r := range rules.All() {
		if chapters[r.Chapter()] == "" {
			t.Errorf("%s stands under no heading", r.ID)
		}
	}
}

// What the page on reviews names is there.
func TestReviewsNameWhatExists(t *testing.T) {
	page, err := os.ReadFile("../../docs/reviews.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	start := strings.Index(text, "```json")
	if start < 0 {
		t.Fatal("the page has no configuration")
	}
	config, _, _ := strings.Cut(text[start+len("```json"):], "```")
	if _, err := rules.ParseConfig([]byte(config)); err != nil {
		t.Errorf("the configuration on the page is refused:\n%v", err)
	}
	for key := range rules.Schema() {
		if !strings.Contains(text, "`"+key) {
			t.Errorf("the page does not tell of the setting %s", key)
		}
	}
}
