package infra

import (
	"slices"
	"strings"
	"testing"

	"airline/local/recorder"
)

// Lake Formation grants the crawlers' role what is asked for, before the first crawl, the machines that enter partitions as much of it as they
// need, and nobody else anything.
func TestLakeFormation(t *testing.T) {
	machines := []string{"ingest-flights-tables", "load-airports-tables"}
	for _, test := range []struct {
		setting, crawl string
		want           []string
	}{
		{"none", "daily", nil},
		{"catalog", "each", []string{"crawler-database", "crawler-tables"}},
		{"catalog", "daily", append([]string{"crawler-database", "crawler-tables"}, machines...)},
		{"location", "each", []string{"crawler-database", "crawler-location", "crawler-tables"}},
		{"location", "daily", append([]string{"crawler-database", "crawler-location", "crawler-tables", "ingest-flights-location", "load-airports-location"}, machines...)},
	} {
		t.Run(test.setting+", "+test.crawl, func(t *testing.T) {
			g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"lakeFormation": test.setting, "crawl": test.crawl}})
			if err != nil {
				t.Fatal(err)
			}
			var names, urns []string
			for _, r := range g.OfType("aws:lakeformation/permissions:Permissions") {
				names = append(names, r.Name)
				dash := strings.LastIndexByte(r.Name, '-')
				expect(t, r, "principal", "arn:aws:iam::"+g.Account+":role/airline-dev-"+r.Name[:dash])
				if r.Name[:dash] == "crawler" {
					urns = append(urns, r.URN)
				}
				switch r.Name[dash+1:] {
				case "database":
					expect(t, r, "database.name", "airline_dev")
				case "tables":
					expect(t, r, "table.databaseName", "airline_dev")
					expect(t, r, "table.wildcard", true)
				case "location":
					expect(t, r, "dataLocation.arn", "arn:aws:s3:::"+testBucket(g, "raw"))
				}
				if options, _ := r.Get("permissionsWithGrantOptions"); options != nil {
					t.Errorf("%s may be handed on: %v", r.Name, options)
				}
			}
			slices.Sort(names)
			slices.Sort(test.want)
			if !slices.Equal(names, test.want) {
				t.Errorf("granted are %v, want %v", names, test.want)
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
