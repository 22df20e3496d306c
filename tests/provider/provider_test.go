package provider

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// story is a shape of the dev stack. Two of them hold both triggers, both kinds of network and both kinds of warehouse,
// and everything that is optional.
type story struct {
	settings map[string]string
	given    bool // the network is one that the account has
}

var stories = map[string]story{
	"serverless": {},
	"provisioned": {given: true, settings: map[string]string{
		"trigger": "cloudtrail", "warehouse": "provisioned", "deployerOrganization": "example",
		"emails[0]": "team@example.com", "webhooks[0]": "https://example.com/hook",
	}},
}

// A stack is deployed, has nothing more to do, agrees with AWS and with the local world; time passes over it, everything
// that can be set is changed, and what can change in place does; updates fail half way and are done again; it leaves nothing.
func TestLife(t *testing.T) {
	t.Parallel()
	s := stories["serverless"]
	d := newDeployment(t, "dev", s.settings)
	d.giveTopic()
	before := d.inventory()
	d.up()
	t.Logf("%d resources", len(d.state()))
	d.hasGrown(before, d.inventory(), s)
	d.sameAsLocal()
	d.settled("after the first update")
	d.reviewed()

	d.timePasses()
	d.previewChanges("changes-serverless.txt", s.liveChanges(d))
	d.changeMuch()
	d.crawlerRuns()
	d.renamed()
	d.leavesNothing(before)
}

// settled expects that there is nothing to do, for an update and for a refresh.
func (d *deployment) settled(when string) {
	d.t.Helper()
	for _, s := range d.changes() {
		d.t.Errorf("%s an update would %s %s (%v)", when, s.Op, short(s.URN), s.DiffReasons)
	}
	if out, err := d.try("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--client", d.host); err != nil {
		d.t.Errorf("%s a refresh finds changes: %v\n%s", when, err, found(out))
	}
}

// found are the lines of a refresh that tell of changes and errors, without those that tell of progress.
func found(out string) string {
	var lines []string
	for _, line := range strings.Split(out, "\n") {
		if told.MatchString(line) && !strings.Contains(line, "refreshing") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

var told = regexp.MustCompile(`^\s+([-+~]|\+-|-\+) |error|failed`)

// leavesNothing destroys the stack and expects AWS as it was before.
func (d *deployment) leavesNothing(before map[string][]string) {
	d.t.Helper()
	d.pulumi("destroy", "--yes", "--skip-preview")
	if left := d.state(); len(left) > 0 {
		d.t.Errorf("%d resources are left in the state after a destroy", len(left))
	}
	if diff := cmp.Diff(before, d.inventory()); diff != "" {
		d.t.Errorf("AWS holds other things than before the stack (-before +after):\n%s", diff)
	}
}

// short is a resource's type and name: "LogGroup::reconcile"; types that are not AWS's stand whole.
func short(urn string) string {
	parts := strings.SplitN(urn, "::", 4)
	kind := parts[2][strings.LastIndexByte(parts[2], '$')+1:]
	if strings.HasPrefix(kind, "aws:") {
		kind = kind[strings.LastIndexByte(kind, ':')+1:]
	}
	return kind + "::" + parts[3]
}

// hasGrown holds the inventory to account: what it counts must have been there to be found missing later.
func (d *deployment) hasGrown(before, after map[string][]string, s story) {
	d.t.Helper()
	none := map[string]bool{"clusters": s.settings["warehouse"] != "provisioned", "workgroups": s.settings["warehouse"] == "provisioned"}
	none["namespaces"] = none["workgroups"]
	none["trails"] = s.settings["trigger"] != "cloudtrail"
	none["VPCs"] = s.given
	for _, kind := range slices.Sorted(maps.Keys(after)) {
		if grew := len(after[kind]) > len(before[kind]); grew == none[kind] {
			d.t.Errorf("AWS has %d %s before and %d after the update", len(before[kind]), kind, len(after[kind]))
		}
	}
}

// The production stack is not deployed to the emulator, but the provider's own validation accepts all of it, and the
// engine sees the resources that the local world sees.
func TestPreviewOfProduction(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, "prod", nil)
	seen := map[string]bool{}
	for _, s := range d.changes() {
		if s.Op != "create" {
			t.Errorf("the preview of a new stack would %s %s", s.Op, s.URN)
		}
		seen[short(s.URN)] = true
	}
	for _, r := range d.graph().Resources {
		if name := short(r.URN); !seen[name] && !strings.HasPrefix(r.Type, "awsx:") && !strings.HasPrefix(r.Type, "pulumi:providers:") {
			t.Errorf("the local world has %s, which the preview does not show", name)
		}
	}
	t.Logf("%d resources", len(seen))
}
