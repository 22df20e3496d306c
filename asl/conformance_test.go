package asl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/asl"
	"airline/asl/jsonvalue"
)

// conformance is where published and recorded definitions lie: beside the
// repository, or where CONFORMANCE_DIR says. The tests that read it are skipped
// without it.
func conformance(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CONFORMANCE_DIR")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "conformance")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no conformance data: set CONFORMANCE_DIR")
	}
	return dir
}

func glob(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(conformance(t), pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	texts := make(map[string][]byte, len(files))
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(filepath.Base(f), ".json")] = text
	}
	return texts
}

// recorded gives the definitions that AWS executed, by id.
func recorded(t testing.TB) map[string][]byte {
	t.Helper()
	defs := map[string][]byte{}
	for _, file := range []string{"asl-cases.json", "histories.json"} {
		text, err := os.ReadFile(filepath.Join(conformance(t), file))
		if err != nil {
			t.Fatal(err)
		}
		var cases []struct {
			ID  string
			Def json.RawMessage
		}
		if err := json.Unmarshal(text, &cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			def := []byte(c.Def)
			if def[0] == '"' {
				var s string
				if err := json.Unmarshal(def, &s); err != nil {
					t.Fatal(err)
				}
				def = []byte(s)
			}
			defs[file+" "+c.ID] = def
		}
	}
	return defs
}

func roundTrip(t *testing.T, id string, text []byte) {
	t.Helper()
	d, err := asl.Parse(text)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	printed, err := d.JSON()
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	want, err := jsonvalue.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jsonvalue.Decode(printed)
	if err != nil {
		t.Errorf("%s: printed text is not JSON: %v\n%s", id, err, printed)
		return
	}
	if !jsonvalue.Equal(got, want) {
		t.Errorf("%s: round trip changed the definition\ngot  %s\nwant %s", id, jsonvalue.String(got), jsonvalue.String(want))
	}
	again, err := asl.Parse(printed)
	if err != nil {
		t.Errorf("%s: the printed definition does not parse: %v", id, err)
		return
	}
	if text, _ := again.JSON(); string(text) != string(printed) {
		t.Errorf("%s: printing is not stable", id)
	}
}

func TestRoundTripPublished(t *testing.T) {
	for id, text := range glob(t, "workflows/*.json") {
		roundTrip(t, id, text)
	}
	for id, text := range glob(t, "validator/valid-*.json") {
		roundTrip(t, id, text)
	}
}

func TestRoundTripRecorded(t *testing.T) {
	for id, text := range recorded(t) {
		roundTrip(t, id, text)
	}
}
