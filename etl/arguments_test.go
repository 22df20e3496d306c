package etl_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

// The script takes the arguments that are declared here, and no others.
func TestScriptTakesTheArguments(t *testing.T) {
	scripts, err := os.ReadDir("job")
	if err != nil {
		t.Fatal(err)
	}
	var set string
	for _, file := range scripts {
		if !strings.HasSuffix(file.Name(), ".py") {
			continue
		}
		text, err := os.ReadFile("job/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`(?s)\nARGUMENTS = \{(.*?)\}`).FindSubmatch(text); m != nil {
			set = string(m[1])
		}
	}
	var got []string
	for _, name := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(set, -1) {
		got = append(got, "--"+name[1])
	}
	want := etl.JobArguments()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arguments of the script (-want +got):\n%s", diff)
	}
}
