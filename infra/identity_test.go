package infra

import (
	"maps"
	"strings"
	"testing"

	"airline/local/recorder"
)

// A stack that was made under another name, in another region or account is refused, in a preview and in an update, and says the
// way; with its old name it goes on.
func TestAStackKeepsItsIdentity(t *testing.T) {
	made := func(as string) recorder.Existing {
		return recorder.Existing{"pulumi:index:Stash": {"identity": {"output": as}}}
	}
	const dev = "airline-dev in eu-west-1 of account 123456789012"
	tests := []struct {
		name string
		o    recorder.Options
		want string // in the error; "" for none
	}{
		{"the same", recorder.Options{Existing: made(dev)}, ""},
		{"renamed", recorder.Options{Existing: made("airline-test in eu-west-1 of account 123456789012")}, "pulumi config set namedAfter"},
		{"renamed, and named after the old name", recorder.Options{Stack: "prod", Existing: made(dev), Overrides: map[string]string{"namedAfter": "dev"}}, ""},
		{"renamed, and named after a third", recorder.Options{Existing: made(dev), Overrides: map[string]string{"namedAfter": "test"}}, "made as " + dev},
		{"another region", recorder.Options{Existing: made(dev), Overrides: map[string]string{"aws:region": "eu-west-2"}}, "made as " + dev},
		{"another account", recorder.Options{Existing: made(dev), Account: "210987654321"}, "made as " + dev},
	}
	for _, test := range tests {
		for _, preview := range []bool{true, false} {
			t.Run(test.name, func(t *testing.T) {
				o := test.o
				o.Preview = preview
				_, err := recordWith(t, o)
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("preview %v: error = %v, want it to contain %q", preview, err, test.want)
				}
			})
		}
	}
}

// The same stack in two regions of an account has no name twice among what regions share.
func TestTheSameStackInTwoRegions(t *testing.T) {
	shared := func(region string) map[string]string {
		g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"aws:region": region, "deployerOrganization": "example"}})
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, r := range g.Resources {
			for token, property := range map[string]string{
				"aws:s3/bucketV2:BucketV2": "bucket", "aws:iam/role:Role": "name", "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
			} {
				if r.Type == token {
					names[token+" "+r.String(property)] = r.Name
				}
			}
		}
		return names
	}
	home, other := shared("eu-west-1"), shared("us-east-2")
	if len(home) < 10 || len(home) != len(other) {
		t.Fatalf("%d and %d names", len(home), len(other))
	}
	for name := range maps.Keys(home) {
		if _, twice := other[name]; twice {
			t.Errorf("%s is in both regions", name)
		}
		if strings.Contains(name, "eu-west-1") {
			t.Errorf("%s says its home", name)
		}
	}
	for name := range maps.Keys(other) {
		if !strings.HasSuffix(name, "-us-east-2") {
			t.Errorf("%s does not say where it is", name)
		}
	}
}

// Review stacks leave nothing behind.
func TestReviewStacksAreGoneWithTheirPullRequest(t *testing.T) {
	g, err := recordWith(t, recorder.Options{Stack: "pr"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range g.Resources {
		// Objects go with their bucket, which is emptied.
		if r.Protect || r.RetainOnDelete && r.ShortType() != "BucketObjectv2" {
			t.Errorf("%s %s stays", r.Type, r.Name)
		}
		if empties, _ := r.Get("forceDestroy"); r.ShortType() == "BucketV2" && empties != true {
			t.Errorf("bucket %s is not emptied", r.Name)
		}
	}
}
