package local_test

import (
	"slices"
	"strings"
	"testing"

	policies "airline/iam"
	"airline/infra"
	"airline/local"
	"airline/local/iam"
	"airline/local/recorder"
)

// TestEveryRightOnTheCatalogIsNeeded takes every action and every resource out of what the machine may do with the catalog, and with the key that
// encrypts it, one at a time: a file of a new day then fails, by a refusal that names what was missing.
func TestEveryRightOnTheCatalogIsNeeded(t *testing.T) {
	g, err := recorder.Record(t.Context(), recorder.Options{Dir: "..", Stack: "dev", Overrides: map[string]string{"encryptCatalog": "true"}}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	// run loads a day, whose table is crawled, and another, of which nothing but the partition is new. It tells of the statements on the catalog.
	type part struct {
		statement int
		action    string
		resource  string
	}
	run := func(without *part) (parts []part, refused []string, failed bool) {
		w, wrong := ingest(t.Context(), local.Options{Graph: g, EditPolicy: func(d iam.Document, p *policies.Policy) *policies.Policy {
			if d.Kind != policies.Identity || !strings.HasSuffix(d.Name, "ingest-flights") {
				return p
			}
			less := *p
			less.Statements = slices.Clone(p.Statements)
			for i, s := range less.Statements {
				onCatalog := slices.ContainsFunc(s.Resources, func(r string) bool { return strings.HasSuffix(r, ":catalog") })
				onKey := slices.ContainsFunc(s.Conditions, func(c policies.Condition) bool { return slices.Contains(c.Values, "glue.*") })
				if !onCatalog && !onKey {
					continue
				}
				for _, a := range s.Actions {
					parts = append(parts, part{statement: i, action: a})
				}
				if onCatalog {
					for _, r := range s.Resources {
						parts = append(parts, part{statement: i, resource: r})
					}
				}
				if without != nil && without.statement == i {
					less.Statements[i] = policies.Statement{
						Sid: s.Sid, Conditions: s.Conditions,
						Actions:   slices.DeleteFunc(slices.Clone(s.Actions), func(a string) bool { return a == without.action }),
						Resources: slices.DeleteFunc(slices.Clone(s.Resources), func(r string) bool { return r == without.resource }),
					}
				}
			}
			return &less
		}})
		if w == nil {
			t.Fatal(wrong)
		}
		defer w.Close()
		if err := put(t.Context(), w, "daily-flights/date=2024-01-02/flights.csv", flightsFile); err != nil {
			t.Fatal(err)
		}
		if err := w.Run(t.Context()); err != nil {
			wrong = append(wrong, err.Error())
		}
		for _, r := range w.Refused() {
			refused = append(refused, r.Error())
		}
		return parts, refused, len(append(wrong, failures(w)...)) > 0
	}
	parts, refused, failed := run(nil)
	if failed || len(refused) > 0 || len(parts) < 3+3+2 {
		t.Fatalf("nothing was taken away of %v, and yet: %q", parts, refused)
	}
	for _, p := range parts {
		t.Run(p.action+p.resource, func(t *testing.T) {
			_, refused, failed := run(&p)
			if !failed || !slices.ContainsFunc(refused, func(text string) bool {
				return names(text) && strings.Contains(text, p.action) && strings.Contains(text, p.resource)
			}) {
				t.Errorf("failed: %t, refused: %q", failed, refused)
			}
		})
	}
}
