package infra

import (
	"slices"
	"testing"

	"airline/local/recorder"
)

// Lake Formation grants the crawlers' role what is asked for, before the first crawl, and nobody else anything.
func TestLakeFormation(t *testing.T) {
	for setting, want := range map[string][]string{
		"none": nil, "catalog": {"crawler-database", "crawler-tables"}, "location": {"crawler-database", "crawler-location", "crawler-tables"},
	} {
		t.Run(setting, func(t *testing.T) {
			g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"lakeFormation": setting}})
			if err != nil {
				t.Fatal(err)
			}
			var names, urns []string
			for _, r := range g.OfType("aws:lakeformation/permissions:Permissions") {
				names, urns = append(names, r.Name), append(urns, r.URN)
				expect(t, r, "principal", "arn:aws:iam::"+g.Account+":role/airline-dev-crawler")
				switch r.Name {
				case "crawler-database":
					expect(t, r, "database.name", "airline_dev")
				case "crawler-tables":
					expect(t, r, "table.databaseName", "airline_dev")
					expect(t, r, "table.wildcard", true)
				case "crawler-location":
					expect(t, r, "dataLocation.arn", "arn:aws:s3:::"+testBucket(g, "raw"))
				}
				if options, _ := r.Get("permissionsWithGrantOptions"); options != nil {
					t.Errorf("%s may be handed on: %v", r.Name, options)
				}
			}
			slices.Sort(names)
			if !slices.Equal(names, want) {
				t.Errorf("granted are %v, want %v", names, want)
			}
			for _, c := range g.OfType("aws:glue/crawler:Crawler") {
				for _, urn := range urns {
					if !slices.Contains(c.Dependencies, urn) {
						t.Errorf("crawler %s does not wait for %s", c.Name, urn)
					}
				}
			}
		})
	}
	if _, err := recordWith(t, recorder.Options{Overrides: map[string]string{"lakeFormation": "on"}}); err == nil {
		t.Error("lakeFormation = on is accepted")
	}
}
