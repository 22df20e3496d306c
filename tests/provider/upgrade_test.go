package provider

import (
	"fmt"
	"testing"
)

// A stack of the last release becomes one of this release, whatever its shape: nothing that holds data is replaced or
// deleted, what the update does stands in a golden file, and after it there is nothing more to do.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for name, s := range releases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t, "dev", s.settings)
			if s.given {
				d.giveNetwork()
			}
			before := d.inventory()
			program := d.host
			old := d.readRelease(name)
			if fmt.Sprint(old.Settings) != fmt.Sprint(s.settings) {
				t.Fatalf("the release has the settings %v, the test %v", old.Settings, s.settings)
			}
			d.host = serve(t, old.program)
			d.up()
			deployed := d.databases()

			d.host = program
			if s.settings["protect"] == "true" { // docs/deploy.md, "Coming from the last release"
				d.pulumi("state", "unprotect", catalogEncryption, "--yes")
			}
			steps, refused := d.preview()
			d.compare("upgrade-"+name+".txt", d.told("an upgrade from the last release", emptied, steps, refused))
			d.up()
			d.settled("after an upgrade from the last release")
			d.sameAsLocal()
			d.rightsOnAll()
			if now := d.databases(); len(now) != len(deployed) {
				t.Errorf("the upgrade made a new database: there were %d, and are %d", len(deployed), len(now))
			}
			if s.settings["protect"] == "true" {
				d.kept(before)
				return
			}
			d.previewChanges("changes-"+name+".txt", s.liveChanges(d))
			d.changeCluster()
			d.leavesNothing(before)
		})
	}
}

// catalogEncryption is the account's setting that a stack of the last release made by default, and protected.
const catalogEncryption = "urn:pulumi:dev::airline::airline:infra:Catalog$aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings::catalog"

// emptied are what an upgrade from the last release may replace, and why.
var emptied = map[string]string{
	"LogGroup::job-error":  "Glue writes to groups of other names, which have the job's role in them: these are empty",
	"LogGroup::job-output": "as job-error",
}

// changeCluster changes a provisioned stack's settings in fact.
func (d *deployment) changeCluster() {
	d.t.Helper()
	d.change(map[string]string{"trigger": "s3", "emails": unset, "webhooks": unset, "deployerOrganization": unset})
	d.up()
	d.settled("after receivers, the trail and the deployer went")
	d.sameAsLocal()
}
