package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// Each kind of case, a hit and a miss.
func TestConformanceKinds(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, want string
		exit             int
	}{
		"pattern":              {"p.json", `[{"id":"a","p":"{\"a\":[1]}","e":"{\"a\":1}","m":true},{"id":"b","p":"{\"a\":[1]}","e":"{\"a\":2}","m":true}]`, "b: got false, want true\ntotal 1/2\n", 1},
		"refused pattern":      {"p.json", `[{"id":"a","p":"{\"a\":1}","refused":true}]`, "total 1/1\n", 0},
		"transformer":          {"t.json", `{"events":{"e":{"detail":{"a":"b"}}},"cases":[{"event":"e","paths":{"x":"$.detail.a"},"template":"\"<x>!\"","expected":"\"b!\"","source":"docs"},{"event":"e","paths":{"x":"$.detail.a"},"template":"\"<x>\"","expected":"who knows"}]}`, "1 cases without an answer\ntotal 1/1\n", 0},
		"policy":               {"i.json", `[{"kind":"identity","document":"{}"},{"kind":"identity","document":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"}]`, "total 1/2\n", 1},
		"report":               {"r.json", `{"id":"r","check":"run","definition":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},"input":1,"aws":{"output":2}}`, "r: output 1, want 2\ntotal 0/1\n", 1},
		"report of a failure":  {"r.json", `{"id":"r","check":"run","definition":{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E","Cause":"why not"}}},"aws":{"error":"E","cause_has":"why"}}`, "total 1/1\n", 0},
		"report of a warning":  {"r.json", `{"id":"r","check":"validate","definition":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},"aws":{"valid":true,"wanted":"a warning"}}`, "r: nothing is said, want a warning\n", 1},
		"valid definition":     {"valid-a.json", `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`, "total 1/1\n", 0},
		"invalid definition":   {"invalid-a.json", `{"StartAt":"A","States":{"A":{"Type":"Pass"}}}`, "total 1/1\n", 0},
		"not even JSON":        {"invalid-a.json", `{`, "total 1/1\n", 0},
		"invalid and accepted": {"invalid-a.json", `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`, "invalid-a.json: valid, want it refused\ntotal 0/1\n", 1},
		"sql": {"s.json", `[{"page":"a","sql":"select 5/2, 'a' || null, true","rows":[["2","NULL","t"]]},{"page":"b","sql":"select 1","rows":[["2"]]},{"page":"c","sql":"select hll_combine(1)","rows":[["1"]]}]`,
			"b: select 1: got [[1]], want [[2]]\nc: select hll_combine(1): refused: ERROR: function hll_combine() is not modelled here: there is no type HLLSKETCH", 1},
		"no known kind": {"x.json", `[{"a":1,"b":2}]`, "case 0: of no known kind: it has a, b", 2},
		"no case":       {"x.json", `{"cases":[]}`, "there is no case in it", 2},
		"a broken file": {"x.json", `[`, "x.json", 2},
	} {
		t.Run(name, func(t *testing.T) {
			dir := files(t, map[string]string{c.file: c.text})
			var stdout, stderr bytes.Buffer
			exit := run(context.Background(), []string{"conformance", filepath.Join(dir, c.file)}, strings.NewReader(""), &stdout, &stderr)
			if said := stdout.String() + stderr.String(); exit != c.exit || !strings.Contains(said, c.want) {
				t.Errorf("exit %d, said %s\nwant exit %d and %s", exit, said, c.exit, c.want)
			}
		})
	}
}

// Everything that is recorded, where it is at hand.
func TestConformanceRecorded(t *testing.T) {
	const recordings = "../../../shared/conformance"
	args := []string{"conformance"}
	for _, pattern := range []string{"asl-cases.json", "histories.json", "jsonata-suite.json", "flow.json", "iam/*.json", "events/*.json", "validator/*.json", "workflows/*.json", "asl-reports/*.json"} {
		found, err := filepath.Glob(filepath.Join(recordings, pattern))
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, found...)
	}
	if len(args) < 100 {
		t.Skipf("the recordings are not at %s", recordings)
	}
	var stdout, stderr bytes.Buffer
	if exit := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr); exit != 0 {
		t.Errorf("exit %d\n%s%s", exit, &stdout, &stderr)
	}
}
