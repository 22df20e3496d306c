package adopt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const saved = `{"version": 3, "deployment": {
	"manifest": {"magic": 123456789012345678},
	"pending_operations": [{"type": "creating"}],
	"resources": [
		{"urn": "stack", "type": "pulumi:pulumi:Stack", "custom": false},
		{"urn": "provider", "type": "pulumi:providers:aws", "custom": true, "id": "1", "parent": "stack"},
		{"urn": "other", "type": "pulumi:providers:random", "custom": true, "id": "2", "parent": "stack"},
		{"urn": "storage", "type": "airline:infra:Storage", "custom": false, "parent": "stack"},
		{"urn": "watch", "type": "airline:infra:Watch", "custom": false, "parent": "stack"},
		{"urn": "fixed", "type": "pulumi:index:Stash", "custom": true, "parent": "stack"},
		{"urn": "alarm", "type": "aws:cloudwatch/metricAlarm:MetricAlarm", "custom": true, "parent": "watch", "provider": "provider::1"},
		{"urn": "old", "type": "aws:s3/bucketV2:BucketV2", "custom": true, "retainOnDelete": true, "delete": true, "parent": "storage"},
		{"urn": "bucket", "type": "aws:s3/bucketV2:BucketV2", "custom": true, "retainOnDelete": true, "protect": true, "parent": "storage",
			"provider": "provider::1", "dependencies": ["alarm", "fixed"], "propertyDependencies": {"bucket": ["alarm"], "tags": null}, "deletedWith": "alarm",
			"outputs": {"secret": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}}}
	]}}`

// What a destroy keeps stays in the state with everything it needs, and nothing else does.
func TestKept(t *testing.T) {
	out, kept, err := Kept(strings.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"bucket"}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	const want = `{"version": 3, "deployment": {
		"manifest": {"magic": 123456789012345678},
		"resources": [
			{"urn": "stack", "type": "pulumi:pulumi:Stack", "custom": false},
			{"urn": "provider", "type": "pulumi:providers:aws", "custom": true, "id": "1", "parent": "stack"},
			{"urn": "storage", "type": "airline:infra:Storage", "custom": false, "parent": "stack"},
			{"urn": "fixed", "type": "pulumi:index:Stash", "custom": true, "parent": "stack"},
			{"urn": "bucket", "type": "aws:s3/bucketV2:BucketV2", "custom": true, "retainOnDelete": true, "protect": true, "parent": "storage",
				"provider": "provider::1", "dependencies": ["fixed"], "propertyDependencies": {"bucket": [], "tags": null},
				"outputs": {"secret": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}}}
		]}}`
	if diff := cmp.Diff(value(t, want), value(t, string(out))); diff != "" {
		t.Errorf("the state (-want +got):\n%s", diff)
	}
}

func TestKeptRefuses(t *testing.T) {
	for name, test := range map[string]struct{ state, want string }{
		"no JSON":           {"urn:pulumi", "pulumi stack export"},
		"another document":  {`{"version": 3}`, "before the destroy"},
		"a state afterward": {`{"version": 3, "deployment": {"resources": []}}`, "before the destroy"},
		"nothing kept":      {`{"version": 3, "deployment": {"resources": [{"urn": "a", "custom": true}]}}`, "without protect"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Kept(strings.NewReader(test.state)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error that says %q", err, test.want)
			}
		})
	}
}

// value decodes JSON with its numbers as they are written.
func value(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
