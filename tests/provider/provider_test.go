package provider

import (
	"maps"
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

// A stack is deployed, has nothing more to do, agrees with AWS and with the local world, changes only what a setting
// touches, and leaves nothing.
func TestLife(t *testing.T) {
	for name, s := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t, "dev", s.settings)
			if s.given {
				d.giveNetwork()
			}
			before := d.inventory()
			d.up()
			t.Logf("%d resources", len(d.state()))
			d.hasGrown(before, d.inventory(), s)
			d.sameAsLocal()

			d.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--client", d.host)
			d.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--client", d.host)

			d.set("logRetentionDays", "14")
			d.wouldChange("another log retention", s.logs())
			d.set("logRetentionDays", "7")
			d.set("alarmRejectRatio", "0.03")
			d.wouldChange("another reject ratio", []string{"MetricAlarm::airports-rejected", "MetricAlarm::flights-rejected"})
			d.up()
			d.sameAsLocal()

			d.pulumi("destroy", "--yes", "--skip-preview")
			if left := d.state(); len(left) > 0 {
				t.Errorf("%d resources are left in the state after a destroy", len(left))
			}
			if diff := cmp.Diff(before, d.inventory()); diff != "" {
				t.Errorf("AWS holds other things than before the stack (-before +after):\n%s", diff)
			}
		})
	}
}

// logs are the resources in which the retention of logs stands.
func (s story) logs() []string {
	all := []string{
		"BucketLifecycleConfigurationV2::logs", "LogGroup::crawler", "LogGroup::ingest-flights", "LogGroup::job-error", "LogGroup::job-output",
		"LogGroup::load-airports", "LogGroup::reconcile", "LogGroup::warehouse-connectionlog", "LogGroup::warehouse-useractivitylog",
		"LogGroup::warehouse-userlog",
	}
	if s.settings["trigger"] == "cloudtrail" {
		all = append(all, "BucketLifecycleConfigurationV2::trail")
	}
	return all
}

// wouldChange previews and expects that exactly these resources would be updated, none made, replaced or deleted. The
// parameter group's Dashboard and the like show up here when they depend on more than they should.
func (d *deployment) wouldChange(what string, want []string) {
	d.t.Helper()
	var got []string
	for _, s := range d.changes() {
		if s.Op != "update" {
			d.t.Errorf("%s would %s %s (%v)", what, s.Op, s.URN, s.DiffReasons)
		}
		got = append(got, short(s.URN))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		d.t.Errorf("%s changes other resources (-want +got):\n%s", what, diff)
	}
}

// short is a resource's type and name: "LogGroup::reconcile".
func short(urn string) string {
	token := urn[strings.LastIndexByte(urn, '/')+1:]
	return token[strings.IndexByte(token, ':')+1:]
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
		if name := short(r.URN); !seen[name] && !strings.HasPrefix(r.Type, "awsx:") {
			t.Errorf("the local world has %s, which the preview does not show", name)
		}
	}
	t.Logf("%d resources", len(seen))
}
