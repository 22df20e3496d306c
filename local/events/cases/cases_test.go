package cases_test

import (
	"os"
	"path/filepath"
	"testing"

	"airline/asl/jsonvalue"
	"airline/local/events/cases"
)

// recordings has the answers of AWS and of its engine; it lies beside the project where it is at hand.
const recordings = "../../../../shared/conformance/events"

func read(t *testing.T, name string) any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings, name))
	if err != nil {
		t.Skipf("the recorded answers are not at hand: %v", err)
	}
	v, err := jsonvalue.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRecordedPatterns(t *testing.T) {
	for _, name := range []string{"recorded.json", "patterns.json"} {
		t.Run(name, func(t *testing.T) {
			list := read(t, name).([]any)
			if len(list) < 83 {
				t.Fatalf("%d cases, want at least 83", len(list))
			}
			for i, c := range list {
				if r := cases.Pattern(c.(*jsonvalue.Object)); r.Failed() {
					t.Errorf("case %d %s: got %s, want %s: %s", i, r.ID, r.Got, r.Want, jsonvalue.String(c))
				}
			}
		})
	}
}

func TestRecordedTransformers(t *testing.T) {
	file := read(t, "transformer.json").(*jsonvalue.Object)
	named, _ := file.Get("events")
	list, _ := file.Get("cases")
	judged := 0
	for _, c := range list.([]any) {
		r := cases.Transformer(c.(*jsonvalue.Object), named.(*jsonvalue.Object))
		if r.Judged {
			judged++
		}
		if r.Failed() {
			t.Errorf("%s: got %s, want %s", r.ID, r.Got, r.Want)
		}
	}
	if judged < 20 {
		t.Errorf("%d cases were judged, want at least 20", judged)
	}
}
