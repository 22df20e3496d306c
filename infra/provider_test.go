package infra

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/local/recorder"
)

// What is set for the AWS provider reaches the one provider there is, as the provider takes it.
func TestProviderSettingsArrive(t *testing.T) {
	g, err := recordWith(t, recorder.Options{Overrides: map[string]string{
		"aws:maxRetries":                "010",
		"aws:skipMetadataApiCheck":      "true",
		"aws:profile":                   "deploy",
		"aws:allowedAccountIds":         `["123456789012"]`,
		"aws:assumeRole":                `{"roleArn":"arn:aws:iam::123456789012:role/deploy","externalId":"airline"}`,
		"aws:defaultTags":               `{"tags":{"cost-center":"1234"}}`,
		"aws:ignoreTags":                `{"keys":["scanned"],"keyPrefixes":["kubernetes.io/"]}`,
		"aws:endpoints":                 `[{"s3":"https://s3.example.com"}]`,
		"aws:s3UsePathStyle":            "true",
		"aws:useFipsEndpoint":           "false",
		"aws:retryMode":                 "adaptive",
		"aws:customCaBundle":            "/etc/ca.pem",
		"aws:useDualstackEndpoint":      "true",
		"aws:skipRegionValidation":      "false",
		"aws:stsRegion":                 "eu-west-1",
		"aws:httpProxy":                 "http://proxy.example.com:3128",
		"aws:forbiddenAccountIds":       `[]`,
		"aws:sharedConfigFiles":         `["/etc/aws/config"]`,
		"aws:skipCredentialsValidation": "false",
	}})
	if err != nil {
		t.Fatal(err)
	}
	providers := g.OfType("pulumi:providers:aws")
	if len(providers) != 1 {
		t.Fatalf("%d providers", len(providers))
	}
	want := map[string]any{
		"region": "eu-west-1", "maxRetries": 10.0, "skipMetadataApiCheck": true, "profile": "deploy",
		"allowedAccountIds": []any{"123456789012"}, "retryMode": "adaptive", "s3UsePathStyle": true, "stsRegion": "eu-west-1",
		"assumeRole":  map[string]any{"roleArn": "arn:aws:iam::123456789012:role/deploy", "externalId": "airline"},
		"defaultTags": map[string]any{"tags": map[string]any{"cost-center": "1234"}},
		"ignoreTags":  map[string]any{"keys": []any{"scanned"}, "keyPrefixes": []any{"kubernetes.io/"}},
		"endpoints":   []any{map[string]any{"s3": "https://s3.example.com"}},
	}
	got := map[string]any{}
	for key := range want {
		got[key], _ = providers[0].Get(key)
		if of, ok := got[key].(map[string]any); ok {
			maps.DeleteFunc(of, func(_ string, v any) bool { return reflect.ValueOf(v).Len() == 0 }) // lists that are not set
		}
		// The provider takes what is no text as JSON in a text.
		if text, ok := got[key].(string); ok {
			if _, ok := want[key].(string); !ok {
				var v any
				if err := json.Unmarshal([]byte(text), &v); err != nil {
					t.Errorf("%s = %q: %v", key, text, err)
				}
				got[key] = v
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the provider's inputs (-want +got):\n%s", diff)
	}
}

// A setting that would not do what it says is refused by name.
func TestProviderSettingsOfNoUseAreRefused(t *testing.T) {
	for _, test := range []struct{ key, value, want string }{
		{"aws:maxRetries", "0x10", "aws:maxRetries"},
		{"aws:maxRetries", "-1", "aws:maxRetries"},
		{"aws:ignoreTags", `{"keys":["stack"]}`, "the stack's tag stack"},
		{"aws:ignoreTags", `{"keyPrefixes":["own"]}`, "the stack's tag owner"},
		{"aws:ignoreTags", `{"key":["team"]}`, `unknown field "key"`},
		{"aws:assumeRole", `{"externalId":"airline"}`, "it names no role"},
		{"aws:defaultTags", `{"tags":{"Owner":"data"}}`, "upper from lower case"},
		{"aws:defaultTags", `[]`, "a map such as"},
		{"aws:endpoints", `[{"s4":"https://example.com"}]`, `unknown field "s4"`},
		{"aws:skipMetadataApiCheck", "perhaps", "use true or false"},
		{"aws:maxRetry", "3", "did you mean maxRetries"},
		{"aws:region", "eu-west-9", "aws:region"},
	} {
		_, err := recordWith(t, recorder.Options{Overrides: map[string]string{test.key: test.value}})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s = %s: error = %v, want it to contain %q", test.key, test.value, err, test.want)
		}
	}
}
