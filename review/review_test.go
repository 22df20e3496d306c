package review

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stackOf is a stack of one resource.
func stackOf(typ string, inputs map[string]any) *Stack {
	return &Stack{Project: "p", Name: "dev", Resources: []*Resource{{URN: "urn:pulumi:dev::p::" + typ + "::r", Type: typ, Name: "r", Inputs: inputs}}}
}

// said are the differences, a line each.
func said(d *Diff) []string {
	out := []string{}
	for _, r := range d.Resources {
		if r.Kind != Changed {
			out = append(out, string(r.Kind)+" "+r.title())
		}
		for _, c := range r.Changes {
			line := c.String()
			if c.Lines != "" {
				line += "\n" + c.Lines
			}
			out = append(out, string(c.Kind)+" "+line)
		}
	}
	return out
}

const machineType = "aws:sfn/stateMachine:StateMachine"

func TestMachines(t *testing.T) {
	const before = `{"StartAt": "A", "TimeoutSeconds": 60, "States": {
		"A": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Arguments": {"JobName": "load", "Arguments": {"--key": "{% $k %}"}},
			"Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 3}, {"ErrorEquals": ["Glue.Busy"], "MaxAttempts": 5}], "Next": "B"},
		"B": {"Type": "Map", "ItemProcessor": {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 10, "End": true}}}, "Next": "D"},
		"D": {"Type": "Parallel", "Branches": [{"StartAt": "E", "States": {"E": {"Type": "Pass", "End": true}}}], "End": true}}}`
	for _, test := range []struct {
		name     string
		old, new []string // replaced in the definition
		want     []string
	}{
		{"the same", nil, nil, []string{}},
		{"written another way", []string{`"StartAt": "A", "TimeoutSeconds": 60,`}, []string{`"TimeoutSeconds":60,"StartAt":"A",`}, []string{}},
		{"a number", []string{`"MaxAttempts": 5`}, []string{`"MaxAttempts": 6`}, []string{"changed state A, Retry[1].MaxAttempts: 5 -> 6"}},
		{"above all states", []string{`"TimeoutSeconds": 60`}, []string{`"TimeoutSeconds": 90`}, []string{"changed TimeoutSeconds: 60 -> 90"}},
		{"an expression", []string{`$k`}, []string{`$key`}, []string{`changed state A, Arguments.Arguments.--key: "{% $k %}" -> "{% $key %}"`}},
		{"inside of a Map", []string{`"Seconds": 10`}, []string{`"Seconds": 30`}, []string{"changed state B/C, Seconds: 10 -> 30"}},
		{"inside of a branch", []string{`"Type": "Pass"`}, []string{`"Type": "Succeed"`}, []string{`changed state D[0]/E, Type: "Pass" -> "Succeed"`}},
		{"an error more", []string{`["Glue.Busy"]`}, []string{`["Glue.Busy", "Glue.Late"]`}, []string{"changed state A, Retry[1].ErrorEquals: + Glue.Late"}},
		{"a retrier less", []string{`{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 3}, `}, []string{""},
			[]string{`removed state A, Retry[0]: {"ErrorEquals":["States.Timeout"],"MaxAttempts":3}`}},
		{"another name", []string{`"E"`}, []string{`"Other"`}, []string{`changed state D[0], StartAt: "E" -> "Other"`, "renamed state D[0]/E is now D[0]/Other"}},
		{"a state more", []string{`"D": {`, `"Next": "D"`}, []string{`"X": {"Type": "Fail"}, "D": {`, `"Next": "X"`},
			[]string{`changed state B, Next: "D" -> "X"`, `added state X: {"Type":"Fail"}`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			after := before
			for i, text := range test.old {
				if !strings.Contains(after, text) {
					t.Fatalf("the definition has no %s", text)
				}
				after = strings.ReplaceAll(after, text, test.new[i])
			}
			d := Compare(stackOf(machineType, map[string]any{"definition": before}), stackOf(machineType, map[string]any{"definition": after}))
			if diff := cmp.Diff(test.want, said(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPolicies(t *testing.T) {
	allow := func(sid, action, resource, rest string) string {
		if sid != "" {
			sid = `"Sid": "` + sid + `", `
		}
		return `{` + sid + `"Effect": "Allow", "Action": ` + action + `, "Resource": ` + resource + rest + `}`
	}
	read, list := allow("", `["s3:GetObject", "s3:GetObjectVersion"]`, `"arn:aws:s3:::b/*"`, ""), allow("", `"s3:ListBucket"`, `"arn:aws:s3:::b"`, "")
	for _, test := range []struct {
		name          string
		before, after []string
		want          []string
	}{
		{"the same in another order", []string{read, list}, []string{list, read}, []string{}},
		{"one value or a list of one", []string{list}, []string{allow("", `["s3:ListBucket"]`, `["arn:aws:s3:::b"]`, "")}, []string{}},
		{"an action more", []string{list, read}, []string{list, allow("", `["s3:GetObjectVersion", "s3:GetObject", "s3:PutObject"]`, `"arn:aws:s3:::b/*"`, "")},
			[]string{"changed statement s3:GetObject, s3:GetObjectVersion and 1 more, Action: + s3:PutObject"}},
		{"a wider resource", []string{read}, []string{allow("", `["s3:GetObject", "s3:GetObjectVersion"]`, `"*"`, "")},
			[]string{"changed statement s3:GetObject, s3:GetObjectVersion, Resource: arn:aws:s3:::b/* -> *"}},
		{"a statement more, one less", []string{read}, []string{list},
			[]string{"added statement s3:ListBucket: Allow s3:ListBucket on arn:aws:s3:::b", "removed statement s3:GetObject, s3:GetObjectVersion: Allow s3:GetObject, s3:GetObjectVersion on arn:aws:s3:::b/*"}},
		{"known by its Sid", []string{allow("Keep", `"s3:GetObject"`, `"a"`, "")}, []string{allow("Keep", `"sns:Publish"`, `"t"`, "")},
			[]string{"changed statement Keep, Action: s3:GetObject -> sns:Publish", "changed statement Keep, Resource: a -> t"}},
		{"a condition gone", []string{allow("", `"sts:AssumeRole"`, `"r"`, `, "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}`)}, []string{allow("", `"sts:AssumeRole"`, `"r"`, "")},
			[]string{"removed statement sts:AssumeRole, Condition StringEquals aws:SourceAccount: - 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			policy := func(statements []string) map[string]any {
				return map[string]any{"policy": `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",") + `]}`}
			}
			d := Compare(stackOf("aws:iam/rolePolicy:RolePolicy", policy(test.before)), stackOf("aws:iam/rolePolicy:RolePolicy", policy(test.after)))
			if diff := cmp.Diff(test.want, said(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProperties(t *testing.T) {
	type object = map[string]any
	for _, test := range []struct {
		name          string
		before, after object
		want          []string
	}{
		{"a number", object{"retentionInDays": 7.0}, object{"retentionInDays": 30.0}, []string{"changed retentionInDays: 7 -> 30"}},
		{"of another type", object{"value": "8"}, object{"value": 8.0}, []string{`changed value: "8" -> 8`}},
		{"deep down", object{"rules": []any{object{"id": "a", "days": 1.0}, object{"id": "b", "days": 2.0}}},
			object{"rules": []any{object{"id": "b", "days": 3.0}, object{"id": "a", "days": 1.0}}}, []string{"changed rules[0].days: 2 -> 3"}},
		{"an item more", object{"rules": []any{object{"id": "a"}}}, object{"rules": []any{object{"id": "a"}, object{"id": "b"}}}, []string{`added rules[1]: {"id":"b"}`}},
		{"a tag more", object{"tags": object{"a": "1"}}, object{"tags": object{"a": "1", "b": "2"}}, []string{`added tags.b: "2"`}},
		{"null is none", object{"x": nil}, object{}, []string{}},
		{"a list's order", object{"x": []any{"a", "b"}}, object{"x": []any{"b", "a"}}, []string{"changed x: only the order"}},
		{"the same item twice", object{"x": []any{"a"}}, object{"x": []any{"a", "a"}}, []string{"changed x: + a"}},
		{"JSON in a text", object{"eventPattern": `{"source": ["aws.s3"]}`}, object{"eventPattern": `{"source": ["aws.s3", "x"]}`}, []string{"changed eventPattern, source: + x"}},
		{"lines", object{"sql": "a\nb\nc\n"}, object{"sql": "a\nB\nc\n"}, []string{"changed sql:\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c"}},
		{"a file", object{"source": file{hash: "1"}}, object{"source": file{hash: "2"}}, []string{"changed source: content 1 -> content 2"}},
		{"a secret", object{"p": secret{value: "hunter2"}}, object{"p": secret{value: "hunter3"}}, []string{"changed p: a secret, changed"}},
		{"the same secret", object{"p": secret{value: "hunter2"}}, object{"p": secret{value: "hunter2"}}, []string{}},
		{"now secret", object{"p": "hunter2"}, object{"p": secret{value: "hunter2"}}, []string{"changed p: now secret"}},
		{"no longer secret", object{"p": secret{value: "hunter2"}}, object{"p": "hunter2"}, []string{"changed p: no longer secret"}},
		{"a secret more", object{}, object{"p": secret{value: "hunter2"}}, []string{"added p: a secret, added"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := Compare(stackOf("aws:x/y:Y", test.before), stackOf("aws:x/y:Y", test.after))
			if diff := cmp.Diff(test.want, said(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What the engine leaves alone is no difference; a resource that has another URN now is known by its alias.
func TestOptions(t *testing.T) {
	before, after := stackOf("aws:x/y:Y", map[string]any{"sql": "a", "tags": map[string]any{"a": "1"}}), stackOf("aws:x/y:Y", map[string]any{"sql": "b", "tags": map[string]any{"a": "2"}})
	after.Resources[0].Ignore = []string{"sql", "tags.a"}
	after.Resources[0].Aliases = []string{before.Resources[0].URN}
	after.Resources[0].URN += "2"
	after.Resources[0].Protect = true
	if diff := cmp.Diff([]string{"changed protect: false -> true"}, said(Compare(before, after))); diff != "" {
		t.Error(diff)
	}
}

// The provider writes its default tags into each resource's own in a state; they are no difference, those that it does not
// have are.
func TestDefaultTags(t *testing.T) {
	type object = map[string]any
	for _, test := range []struct {
		name          string
		before, after object
		want          []string
	}{
		{"added by the provider", object{"tags": object{"team": "x", "own": "1"}}, object{"tags": object{"own": "1"}}, []string{}},
		{"the only ones", object{"tags": object{"team": "x"}}, object{}, []string{}},
		{"of an older default", object{"tags": object{"team": "y", "own": "1"}}, object{"tags": object{"own": "1"}}, []string{`removed tags.team: "y"`}},
		{"given by the program as well", object{"tags": object{"team": "y"}}, object{"tags": object{"team": "x"}}, []string{`changed tags.team: "y" -> "x"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			after := stackOf("aws:x/y:Y", test.after)
			after.Resources[0].DefaultTags = defaultTags(`{"tags": {"team": "x"}}`)
			if diff := cmp.Diff(test.want, said(Compare(stackOf("aws:x/y:Y", test.before), after))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A value that AWS has given is no difference where it is used, and a name that the program alters is one.
func TestReferences(t *testing.T) {
	of := func(keyID, bucket, uses string) *Stack {
		return &Stack{Resources: []*Resource{
			{URN: "k", Type: "aws:kms/key:Key", Name: "data", ID: keyID, Inputs: map[string]any{}, Outputs: map[string]any{"arn": "arn:aws:kms:r:1:key/" + keyID}},
			{URN: "b", Type: "aws:s3/bucketV2:BucketV2", Name: "raw", ID: bucket, Inputs: map[string]any{"bucket": bucket}, Outputs: map[string]any{"bucket": bucket, "arn": "arn:aws:s3:::" + bucket}},
			{URN: "u", Type: "aws:x/y:Y", Name: "u", Inputs: map[string]any{"key": "arn:aws:kms:r:1:key/" + keyID, "uses": uses}},
		}}
	}
	got := said(Compare(of("0000-1111", "bucket-one", "arn:aws:s3:::bucket-one"), of("2222-3333", "bucket-two", "arn:aws:s3:::bucket-two")))
	want := []string{`changed bucket: "bucket-one" -> "bucket-two"`, `changed uses: "arn:aws:s3:::bucket-one" -> "arn:aws:s3:::bucket-two"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A secret is nowhere in what is written, in whatever form and place it stands.
func TestSecretsAreNotShown(t *testing.T) {
	const word = `https://hooks.example.com/T0/"B1"&<tok en>`
	quoted, _ := json.Marshal(word)
	before := stackOf("aws:x/y:Y", map[string]any{
		"gone": secret{value: word}, "leak": "see " + word, "doc": `{"a": ` + string(quoted) + `}`, "text": "a\n" + word + "\n", "item": []any{word}, "list": []any{map[string]any{"p": secret{value: word}}},
		"same": secret{encrypted: true}, "open": word,
	})
	after := stackOf("aws:x/y:Y", map[string]any{
		"leak": "see it", "doc": `{"a": "b"}`, "text": "a\nb\n", "item": []any{"x"}, "list": []any{}, "same": secret{value: "x"}, "open": secret{value: "x"},
	})
	before.Secrets = []string{word}
	before.Outputs = map[string]any{"address": word, "inner": secret{value: word}}
	d := Compare(before, after)
	if d.Uncompared != 1 {
		t.Errorf("%d secrets are said to be uncompared, want 1", d.Uncompared)
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text":     func(b *bytes.Buffer) error { return Text(b, d) },
		"JSON":     func(b *bytes.Buffer) error { return JSON(b, d) },
		"Markdown": func(b *bytes.Buffer) error { return Markdown(b, d) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"hooks.example.com", "B1", "tok en"} {
			if strings.Contains(b.String(), part) {
				t.Errorf("%s shows %q:\n%s", name, part, b.String())
			}
		}
		for _, property := range []string{"gone", "leak", "doc", "text", "item", "list", "open", "address", "inner"} {
			if !strings.Contains(b.String(), property) {
				t.Errorf("%s does not tell of %s:\n%s", name, property, b.String())
			}
		}
	}
}

// Nothing in a value gets out of its code span, or makes the comment longer than GitHub takes.
func TestMarkdown(t *testing.T) {
	before, after := stackOf("aws:x/y:Y", map[string]any{"a": "x"}), stackOf("aws:x/y:Y", map[string]any{"a": "``` @everybody <script>\x1b[2J"})
	for range 2000 {
		after.Resources = append(after.Resources, &Resource{URN: "n" + strings.Repeat("x", len(after.Resources)), Type: "aws:x/y:Y", Name: strings.Repeat("n", 60)})
	}
	d := Compare(before, after)
	var b bytes.Buffer
	if err := Markdown(&b, d); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if !strings.Contains(text, "- changed ```` a: \"x\" -> \"``` @everybody <script>\\u001b[2J\" ````\n") {
		t.Errorf("the value is not in a code span of its own:\n%.600s", text)
	}
	if len(text) > 65536 || !strings.Contains(text, "more did not fit into a comment") {
		t.Errorf("%d bytes end with %q", len(text), text[max(0, len(text)-200):])
	}
}
