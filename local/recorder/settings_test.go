package recorder_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/local/recorder"
)

// recordProject records a program of a project with the declarations (below config:) and a stack with the values.
func recordProject(t *testing.T, declarations, values string, o recorder.Options) (*recorder.Graph, error) {
	t.Helper()
	indent := func(s string) string { return strings.ReplaceAll("\n"+strings.TrimSpace(s), "\n", "\n  ") + "\n" }
	o.Dir, o.Stack = t.TempDir(), "one"
	for file, text := range map[string]string{
		"Pulumi.yaml":     "name: fixture\nruntime: go\nconfig:\n  aws:region: {value: eu-west-1}" + indent(declarations),
		"Pulumi.one.yaml": "config:" + indent(values),
	} {
		if err := os.WriteFile(filepath.Join(o.Dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return recorder.Record(context.Background(), o, func(*pulumi.Context) error { return nil })
}

// What the engine refuses is refused.
func TestWhatTheEngineRefusesIsRefused(t *testing.T) {
	tests := map[string]struct{ declarations, values, want string }{
		"a secret in clear":             {"token: {type: string, secret: true}", "token: abc", "fixture:token must be encrypted"},
		"a secret whose default is one": {"token: {type: string, secret: true, default: abc}", "other:key: 1", "fixture:token must be encrypted"},
		"a default of another type":     {"size: {type: integer, default: large}", "other:key: 1", "size' is not of the expected type"},
		"a default of another item":     {"sizes: {type: array, items: {type: integer}, default: [large]}", "other:key: 1", "sizes' is not of the expected type"},
		"an array without items":        {"hosts: {type: array, default: []}", "other:key: 1", "does not specify the underlying type via the 'items'"},
		"default and value":             {"size: {type: integer, default: 1, value: 2}", "other:key: 1", "both a 'default' and 'value'"},
		"a type nobody knows":           {"size: {type: float, default: 1}", "other:key: 1", "Pulumi.yaml"},
		"a typed key of a provider":     {"aws:profile: {type: string, value: x}", "other:key: 1", "should not define a type"},
		"a default of a provider":       {"aws:profile: {default: x}", "other:key: 1", "should not define a default"},
		"no integer":                    {"size: {type: integer, default: 1}", "size: 1.5", `fixture:size = "1.5": Pulumi.yaml declares it as integer`},
		"no boolean":                    {"keep: {type: boolean, default: true}", "keep: \"True\"", `fixture:keep = "True": Pulumi.yaml declares it as boolean`},
		"a list written as text":        {"hosts: {type: array, items: {type: string}, default: []}", `hosts: "[]"`, "declares it as array<string>"},
		"an item of another type":       {"hosts: {type: array, items: {type: string}, default: []}", `hosts: [1]`, "declares it as array<string>"},
		"a map for text":                {"name: {type: string, default: a}", `name: {a: b}`, "declares it as string"},
		"no value":                      {"size: {type: integer}", "other:key: 1", "fixture:size has no value"},
		"what is not declared":          {"size: {type: integer, default: 1}", "sise: 2", "did you mean size?"},
		"encrypted":                     {"token: {type: string}", "token: {secure: AAABAxyz}", "fixture:token is encrypted"},
		"encrypted within":              {"hosts: {type: array, items: {type: string}}", "hosts: [{secure: AAABAxyz}]", "fixture:hosts is encrypted"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := recordProject(t, test.declarations, test.values, recorder.Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %v, want it to contain %q", err, test.want)
			}
		})
	}
}

// What the engine takes is taken, and reaches the program in the engine's form.
func TestWhatTheEngineTakesIsTaken(t *testing.T) {
	tests := map[string]struct{ declarations, values, key, want string }{
		"a number for text":       {"ratio: {type: string, default: \"1\"}", "ratio: 0.05", "fixture:ratio", "0.05"},
		"an integer as text":      {"size: {type: integer, default: 1}", `size: "010"`, "fixture:size", "010"},
		"a boolean as text":       {"keep: {type: boolean, default: true}", `keep: "false"`, "fixture:keep", "false"},
		"a shorthand":             {"size: 7", "other:key: 1", "fixture:size", "7"},
		"a list":                  {"hosts: {type: array, items: {type: string}, default: []}", "hosts: [a, b]", "fixture:hosts", `["a","b"]`},
		"a default list":          {"hosts: {type: array, items: {type: string}, default: [a]}", "other:key: 1", "fixture:hosts", `["a"]`},
		"a map":                   {"tags: {type: object, default: {}}", "tags: {a: b}", "fixture:tags", `{"a":"b"}`},
		"another namespace's map": {"size: 7", "aws:defaultTags: {tags: {a: b}}", "aws:defaultTags", `{"tags":{"a":"b"}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g, err := recordProject(t, test.declarations, test.values, recorder.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := g.Config[test.key]; got != test.want {
				t.Errorf("%s = %q, want %q", test.key, got, test.want)
			}
		})
	}
}

func TestOverridesStandForEncryptedValues(t *testing.T) {
	g, err := recordProject(t, "hosts: {type: array, items: {type: string}, secret: true}", "hosts: [{secure: AAABAxyz}]",
		recorder.Options{Overrides: map[string]string{"hosts": `["a"]`}})
	if err != nil || g.Config["fixture:hosts"] != `["a"]` {
		t.Errorf("configuration = %v, error %v", g, err)
	}
	_, err = recordProject(t, "size: 7", "other:key: 1", recorder.Options{Secrets: []string{"size"}})
	if err == nil || !strings.Contains(err.Error(), "size is said to be a secret") {
		t.Errorf("error = %v", err)
	}
}
