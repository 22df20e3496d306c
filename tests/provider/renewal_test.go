package provider

import (
	"slices"
	"strings"
	"testing"
)

// A warehouse ends: made anew as a cluster in another network, made anew as a namespace with another database, destroyed. Each
// time it leaves a snapshot, under a name of its own, and without the program that takes it nothing goes.
func TestWarehouseEnds(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, "dev", map[string]string{"finalSnapshot": "true", "aws:accessKey": "test", "aws:secretKey": "test"})
	// The program's own client runs in this process, without the variables of the command line.
	d.pulumi("config", "set", "--path", "aws:endpoints[0].redshiftserverless", d.endpoint)
	before := d.inventory()
	d.up()
	d.settled("after the first update")

	if out, err := d.try("destroy", "--yes", "--skip-preview"); err == nil || !strings.Contains(out, "final-snapshot") {
		t.Errorf("a destroy that can take no final snapshot: %v\n%s", err, out)
	}
	if left := d.ask("redshift-serverless", "RedshiftServerless.GetWorkgroup", "workgroupName", "airline-dev"); len(left) == 0 || len(d.snapshots()) > 0 {
		t.Errorf("the workgroup is gone, and there are the snapshots %v", d.snapshots())
	}
	d.up()

	anew := map[string]string{"warehouse": "provisioned", "vpcCidr": "10.44.0.0/20"}
	back := d.change(anew)
	if _, refused := d.preview(); len(problems(refused)) != len(anew) {
		t.Errorf("the warehouse would be made anew without being asked:\n%s", refused)
	}
	back()
	anew["renewal"] = "2026-11-29"
	d.change(anew)
	d.up()
	d.settled("after the warehouse became a cluster in another network")
	d.rightsOnAll()
	first := d.snapshots()
	if len(first) != 1 || !strings.HasPrefix(first[0], "airline-dev-final-") {
		t.Errorf("the namespace left the snapshots %v", first)
	}

	d.change(map[string]string{"warehouse": "serverless", "database": "other", "renewal": "2026-11-30"})
	d.up()
	d.settled("after the warehouse became a namespace with another database")
	d.rightsOnAll()
	if all := d.databases(); all[len(all)-1].Database != "other" {
		t.Errorf("the databases are %+v", all)
	}
	cluster := element(d.query("redshift", "2012-12-01", "DescribeClusterSnapshots", nil), "SnapshotIdentifier")
	if len(cluster) != 1 || !strings.HasPrefix(cluster[0], "airline-dev-final-") {
		t.Errorf("the cluster left the snapshots %v", cluster)
	}

	d.pulumi("destroy", "--yes", "--skip-preview", "--run-program", "--client", d.host)
	last := d.snapshots()
	if len(last) != 2 || !slices.Contains(last, first[0]) {
		t.Errorf("the namespaces left the snapshots %v", last)
	}
	if after := d.inventory(); len(d.state()) > 0 || len(after["buckets"]) != len(before["buckets"]) {
		t.Errorf("%d resources are left in the state, and of buckets %v", len(d.state()), after["buckets"])
	}
}
