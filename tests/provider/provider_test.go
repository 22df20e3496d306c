package provider

import (
	"strings"
	"testing"
)

// stories are the shapes of the dev stack: both triggers, both kinds of network, both kinds of warehouse.
var stories = map[string]map[string]string{
	"s3":          {},
	"cloudtrail":  {"trigger": "cloudtrail"},
	"provisioned": {"warehouse": "provisioned"},
	"given":       {"network": "existing"},
}

// A stack is deployed, has nothing more to do, agrees with AWS, changes only what a setting touches, and leaves nothing.
func TestLife(t *testing.T) {
	for name, settings := range stories {
		t.Run(name, func(t *testing.T) {
			d := newDeployment(t, "dev", settings)
			if settings["network"] == "existing" {
				d.giveNetwork()
			}
			d.up()
			t.Logf("%d resources", len(d.state()))

			d.sameAsLocal()
			if changed := d.changes(); len(changed) > 0 {
				t.Errorf("a second update would change %v", changed)
			}
			if out, err := d.try("refresh", "--yes", "--skip-preview", "--expect-no-changes"); err != nil {
				t.Errorf("the state disagrees with AWS: %v\n%s", err, out)
			}

			d.set("logRetentionDays", "14")
			for _, s := range d.changes() {
				if !strings.Contains(s.URN, ":LogGroup::") && !strings.Contains(s.URN, "BucketLifecycleConfigurationV2::logs") &&
					!strings.Contains(s.URN, "BucketLifecycleConfigurationV2::trail") {
					t.Errorf("another log retention would %s %s (%v)", s.Op, s.URN, s.DiffReasons)
				}
			}

			d.pulumi("destroy", "--yes", "--skip-preview")
			if left := d.state(); len(left) > 0 {
				t.Errorf("%d resources are left after a destroy", len(left))
			}
		})
	}
}

// The production stack is not deployed to the emulator, but the provider's own validation accepts all of it.
func TestPreviewOfProduction(t *testing.T) {
	d := newDeployment(t, "prod", nil)
	steps := d.changes()
	if len(steps) < 100 {
		t.Errorf("the preview has %d steps", len(steps))
	}
	for _, s := range steps {
		if s.Op != "create" {
			t.Errorf("the preview of a new stack would %s %s", s.Op, s.URN)
		}
	}
}
