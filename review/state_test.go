package review

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"airline/infra"
	"airline/local/recorder"
)

// export writes a recorded stack as the engine would after deploying it: other ids, what providers fill in, the engine's own
// resources, secrets encrypted.
func export(t *testing.T, g *recorder.Graph) string {
	t.Helper()
	type object = map[string]any
	var value func(v any) any
	members := func(m map[string]any) object {
		out := object{}
		for k, v := range m {
			out[k] = value(v)
		}
		return out
	}
	value = func(v any) any {
		switch v := v.(type) {
		case recorder.Secret:
			return object{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAABAPlk"}
		case *recorder.Asset:
			return object{"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": v.Hash, "text": v.Text, "path": v.Path}
		case []any:
			out := make([]any, len(v))
			for i, e := range v {
				out[i] = value(e)
			}
			return out
		case map[string]any:
			return members(v)
		}
		return v
	}
	root := "urn:pulumi:" + g.Stack + "::" + g.Project + "::"
	resources := []any{
		object{"urn": root + "pulumi:pulumi:Stack::" + g.Project + "-" + g.Stack, "type": "pulumi:pulumi:Stack", "outputs": members(g.Outputs)},
		object{"urn": root + "pulumi:providers:aws::default_6_83_2", "type": "pulumi:providers:aws", "custom": true, "id": "x", "inputs": object{"version": "6.83.2"}},
		object{"urn": root + "aws:s3/bucketV2:BucketV2::replaced", "type": "aws:s3/bucketV2:BucketV2", "custom": true, "delete": true, "id": "x"},
	}
	for _, r := range g.Resources {
		inputs := members(r.Inputs)
		switch {
		case r.Component:
		case r.Type == "pulumi:providers:aws":
			maps.Copy(inputs, object{"version": "6.83.2", "skipCredentialsValidation": "false", "__internal": object{}})
		default:
			inputs["__defaults"], inputs["filledIn"] = []any{"filledIn"}, true
		}
		if r.Modelled { // the plugin gives more inputs than the recorder's model
			inputs["cidrBlock2"] = "10.0.0.0/24"
		}
		resources = append(resources, object{
			"urn": r.URN, "type": r.Type, "custom": !r.Component, "id": r.ID, "inputs": inputs, "outputs": members(r.Outputs),
			"protect": r.Protect, "retainOnDelete": r.RetainOnDelete,
		})
	}
	text, err := json.Marshal(object{"version": 3, "deployment": object{"manifest": object{}, "resources": resources}})
	if err != nil {
		t.Fatal(err)
	}
	// AWS gives other ids than the recorder.
	made := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[a-z]+-[0-9a-f]{17}\b`)
	return made.ReplaceAllStringFunc(string(text), func(id string) string {
		return strings.Map(func(r rune) rune {
			if at := strings.IndexRune("0123456789", r); at >= 0 {
				return rune("5678901234"[at])
			}
			return r
		}, id)
	})
}

func record(t *testing.T, stack, account string, settings map[string]string) *recorder.Graph {
	t.Helper()
	g, err := recorder.Record(context.Background(), recorder.Options{Dir: "..", Stack: stack, Account: account, Overrides: settings}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The deployed state of a program that has not changed is no difference, whatever ids AWS has given; and one setting is the
// few lines that it is.
func TestStateOfTheStacks(t *testing.T) {
	for _, stack := range []string{"dev", "prod"} {
		t.Run(stack, func(t *testing.T) {
			deployed := export(t, record(t, stack, "210987654321", nil))
			compare := func(settings map[string]string) *Diff {
				before, err := ReadState(strings.NewReader(deployed), "the state")
				if err != nil {
					t.Fatal(err)
				}
				if before.Account != "210987654321" || before.Name != stack || before.Project != "airline" {
					t.Fatalf("the state is of account %s, stack %s, project %s", before.Account, before.Name, before.Project)
				}
				after, err := Recorded(record(t, stack, before.Account, settings), "..", "the program")
				if err != nil {
					t.Fatal(err)
				}
				return Compare(before, after)
			}
			if d := compare(nil); !d.Empty() || d.Same < 100 {
				t.Errorf("an unchanged program: %d the same, and\n%s", d.Same, strings.Join(append(said(d), outputs(d)...), "\n"))
			}
			got := said(compare(map[string]string{"logRetentionDays": "14"}))
			if len(got) < 5 || len(got) > 20 || slices.ContainsFunc(got, func(line string) bool {
				return !strings.HasPrefix(line, "changed ") || !strings.HasSuffix(line, "-> 14")
			}) {
				t.Errorf("another retention of logs is told as\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

func outputs(d *Diff) []string {
	var out []string
	for _, c := range d.Outputs {
		out = append(out, "output "+c.String())
	}
	return out
}

func TestReadStateRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no JSON", "Pulumi", "not what `pulumi stack export` writes"},
		{"another document", `{"a": 1}`, "has no deployment"},
		{"nothing deployed", `{"version": 3, "deployment": {"manifest": {}}}`, "nothing of the stack is deployed"},
		{"resources of another form", `{"version": 3, "deployment": {"resources": {}}}`, "not in the form"},
	} {
		if _, err := ReadState(strings.NewReader(test.text), "f.json"); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "f.json") {
			t.Errorf("%s: got %v, want f.json and %q", test.name, err, test.want)
		}
	}
}

// Secrets of a state: encrypted ones are counted, open ones compared, and a program's secret setting hides its value.
func TestSecretsOfAState(t *testing.T) {
	const key, mark = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
	state := `{"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:dev::p::aws:x/y:Y::r", "type": "aws:x/y:Y", "custom": true, "inputs": {
		"open": {"` + key + `": "` + mark + `", "plaintext": "\"topsecret\""}, "closed": {"` + key + `": "` + mark + `", "ciphertext": "AAAB"}, "plain": "topsecret"}}]}}`
	before, err := ReadState(strings.NewReader(state), "state")
	if err != nil {
		t.Fatal(err)
	}
	after := stackOf("aws:x/y:Y", map[string]any{"open": secret{value: "topsecret"}, "closed": secret{value: "other"}, "plain": "x"})
	d := Compare(before, after)
	if got, want := strings.Join(said(d), "\n"), `changed plain: "[secret]" -> "x"`; got != want || d.Uncompared != 1 {
		t.Errorf("got %d uncompared and %q, want 1 and %q", d.Uncompared, got, want)
	}
	g := record(t, "dev", "", map[string]string{"emails": `["someone@example.com"]`})
	g.SecretKeys = []string{"airline:emails"}
	s, err := Recorded(g, "..", "the program")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(s.Secrets, "someone@example.com") {
		t.Errorf("the address of a secret setting is not among the secrets %q", s.Secrets)
	}
}

// A state has a provider's settings as texts, the program has numbers and truth values.
func TestSettingsOfAProviderAreTexts(t *testing.T) {
	got := providerInputs(map[string]any{"maxRetries": 5.0, "s3UsePathStyle": true, "region": "eu-west-1", "version": "6.83.2"})
	want := map[string]any{"maxRetries": "5", "s3UsePathStyle": "true", "region": "eu-west-1"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
