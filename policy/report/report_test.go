package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"airline/policy/rules"
)

// judged is a report with one finding of each kind, at places that are known and not.
func judged(t *testing.T) *rules.Report {
	t.Helper()
	s, settings, err := rules.ParseExample(`aws:sqs/queue:Queue bad: {tags: {project: p, stack: s, owner: o}}
aws:sqs/queue:Queue excused: {tags: {project: p, stack: s, owner: o}}
aws:sqs/queue:Queue unknown: {kmsMasterKeyId: !unknown x, tags: {project: p, stack: s, owner: o}}
aws:s3/bucketV2:BucketV2 kept: {forceDestroy: true, tags: {project: p, stack: s, owner: o}, options: {protect: true}}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Resources {
		switch r.Name {
		case "bad":
			r.File, r.Line = "infra/a file.go", 12
		case "excused":
			r.File, r.Line = "/elsewhere/b.go", 3
		}
	}
	settings.Levels = map[string]rules.Level{}
	for _, r := range rules.All() {
		if r.ID != "sqs-cmk" && r.ID != "stack-development-lets-go" {
			settings.Levels[r.ID] = rules.Disabled
		}
	}
	settings.Exemptions = []*rules.Exemption{{Rule: "sqs-cmk", Resource: "aws:sqs/queue:Queue::excused", Reason: "moves in May", Expires: "2026-05-31"}}
	return rules.Judge(s, settings, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, judged(t)); err != nil {
		t.Fatal(err)
	}
	want := `mandatory sqs-cmk: Queue bad: kmsMasterKeyId: no customer-managed key: it is absent; set kmsMasterKeyId to a key or alias of your own (infra/a file.go:12)
advisory stack-development-lets-go: BucketV2 kept: the resource is protected; register it without pulumi.Protect; set forceDestroy, or skipFinalSnapshot
undecided sqs-cmk: Queue unknown: cannot tell yet: kmsMasterKeyId: kmsMasterKeyId is not known before it is created
exempted sqs-cmk: Queue excused: kmsMasterKeyId: no customer-managed key: it is absent (exempted until 2026-05-31: moves in May) (/elsewhere/b.go:3)
stack dev: 2 rules, 4 resources: 2 violations (1 mandatory), 1 cannot be told yet, 1 exempted
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, judged(t)); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Stack    string
		Passed   bool
		Findings []finding
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Stack != "dev" || got.Passed || len(got.Findings) != 4 {
		t.Fatalf("got %+v", got)
	}
	f := got.Findings[0]
	if f.Rule != "sqs-cmk" || f.Level != rules.Mandatory || f.Verdict != rules.Violation || f.File != "infra/a file.go" || f.Line != 12 ||
		f.Place != "kmsMasterKeyId" || !strings.HasSuffix(f.Resource, "::bad") || f.Fix == "" {
		t.Errorf("first finding: %+v", f)
	}
	if f := got.Findings[3]; f.Verdict != rules.Exempted || f.Reason != "moves in May" || f.Expires != "2026-05-31" {
		t.Errorf("exempted finding: %+v", f)
	}
}

// What the schema of SARIF 2.1.0 requires, and what its words may be.
func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := SARIF(&b, judged(t)); err != nil {
		t.Fatal(err)
	}
	var log map[string]any
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log["version"] != "2.1.0" || log["$schema"] == "" {
		t.Errorf("version %v, schema %v", log["version"], log["$schema"])
	}
	run := log["runs"].([]any)[0].(map[string]any)
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	if driver["name"] == "" {
		t.Error("the driver has no name")
	}
	described := driver["rules"].([]any)
	ids := map[string]bool{}
	for _, r := range described {
		rule := r.(map[string]any)
		id := rule["id"].(string)
		if id == "" || ids[id] {
			t.Errorf("the rule id %q is empty or taken", id)
		}
		ids[id] = true
		for _, text := range []string{"shortDescription", "fullDescription", "help"} {
			if rule[text].(map[string]any)["text"] == "" {
				t.Errorf("%s has no %s", id, text)
			}
		}
		if level := rule["defaultConfiguration"].(map[string]any)["level"]; level != "error" && level != "warning" {
			t.Errorf("%s: level %v", id, level)
		}
	}
	results := run["results"].([]any)
	if len(results) != 4 {
		t.Fatalf("%d results", len(results))
	}
	var shapes []string
	prints := map[any]bool{}
	for _, r := range results {
		result := r.(map[string]any)
		if result["message"].(map[string]any)["text"] == "" {
			t.Error("a result without a message")
		}
		index := int(result["ruleIndex"].(float64))
		if described[index].(map[string]any)["id"] != result["ruleId"] {
			t.Errorf("the index %d is not that of %v", index, result["ruleId"])
		}
		print := result["partialFingerprints"].(map[string]any)["resource/v1"]
		if prints[print] {
			t.Error("two results have one fingerprint")
		}
		prints[print] = true
		location := result["locations"].([]any)[0].(map[string]any)
		shape := result["kind"].(string) + " " + result["level"].(string)
		if physical, ok := location["physicalLocation"].(map[string]any); ok {
			artifact := physical["artifactLocation"].(map[string]any)
			shape += " " + artifact["uri"].(string)
			if base, ok := artifact["uriBaseId"].(string); ok {
				shape += " in " + base
				if run["originalUriBaseIds"].(map[string]any)[base] == nil {
					t.Errorf("the base %s is not described", base)
				}
			}
			if physical["region"].(map[string]any)["startLine"].(float64) < 1 {
				t.Error("lines begin at 1")
			}
		}
		if s, ok := result["suppressions"].([]any); ok {
			shape += " " + s[0].(map[string]any)["kind"].(string)
		}
		shapes = append(shapes, shape)
	}
	want := []string{
		"fail error infra/a%20file.go in %SRCROOT%", "fail warning Pulumi.yaml in %SRCROOT%", "open none Pulumi.yaml in %SRCROOT%",
		"fail error file:///elsewhere/b.go external",
	}
	if strings.Join(shapes, "\n") != strings.Join(want, "\n") {
		t.Errorf("results are\n%s\nwant\n%s", strings.Join(shapes, "\n"), strings.Join(want, "\n"))
	}
}
