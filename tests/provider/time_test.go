package provider

import (
	"slices"

	"github.com/google/go-cmp/cmp"
)

// timePasses lets a day and a release of AWS pass: the Data API forgets its statements, and workgroups get a parameter that
// this program does not know. Nobody has changed the stack, so neither a refresh nor an update may change the warehouse.
func (d *deployment) timePasses() {
	d.t.Helper()
	before := d.databases()
	if len(before) == 0 || len(before[0].Users) == 0 || len(before[0].Tables) == 0 || len(before[0].Rights) == 0 {
		d.t.Fatalf("the statements left no users, tables and rights: %+v", before)
	}
	d.expire()
	d.newParameter("enable_large_strings_opt_in", "false")
	d.pulumi("refresh", "--yes", "--skip-preview", "--client", d.host)
	for _, s := range d.changes() {
		d.t.Errorf("after statements have expired and AWS has a new parameter, a refreshed stack would %s %s (%v)", s.Op, short(s.URN), s.DiffReasons)
	}
	if out, err := d.tryUp(); err != nil {
		d.t.Errorf("after statements have expired and AWS has a new parameter, an update of the refreshed stack fails:\n%s", out)
	}
	d.settled("after statements have expired and AWS has a new parameter")
	if diff := cmp.Diff(before, d.databases()); diff != "" {
		d.t.Errorf("time has changed the databases (-before +after):\n%s", diff)
	}
}

// rightsOnAll expects that every user of the last database has the rights of its kind on all tables.
func (d *deployment) rightsOnAll() {
	d.t.Helper()
	all := d.databases()
	now := all[len(all)-1]
	for _, user := range now.Users {
		tables := slices.Clone(now.Rights[user]["SELECT"])
		if diff := cmp.Diff(now.Tables, tables); diff != "" {
			d.t.Errorf("user %s may read other tables than there are (-tables +readable):\n%s", user, diff)
		}
	}
}
