package recorded_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"airline/policy/rules"
)

// renamedAll is the resources under other names: our stack a second time.
func renamedAll(all []*rules.Resource, from, to string) []*rules.Resource {
	swap := func(s string) string { return strings.ReplaceAll(s, from, to) }
	var value func(property.Value) property.Value
	table := func(m property.Map) property.Map {
		out := map[string]property.Value{}
		for k, v := range m.All {
			out[k] = value(v)
		}
		return property.NewMap(out)
	}
	value = func(v property.Value) property.Value {
		switch {
		case v.IsString():
			return property.New(swap(v.AsString()))
		case v.IsMap():
			return property.New(table(v.AsMap()))
		case v.IsArray():
			list := []property.Value{}
			for _, e := range v.AsArray().All {
				list = append(list, value(e))
			}
			return property.New(list)
		}
		return v
	}
	var out []*rules.Resource
	for _, r := range all {
		c := *r
		c.URN, c.Parent = swap(r.URN), swap(r.Parent)
		c.Inputs, c.Outputs = table(r.Inputs), table(r.Outputs)
		out = append(out, &c)
	}
	return out
}

// A stack of a thousand resources: ours, eight times.
func BenchmarkThousandResources(b *testing.B) {
	one := registered(b, "dev", false).Resources
	var resources []*rules.Resource
	for i := 0; len(resources) < 1000; i++ {
		copies := renamedAll(one, "airline-dev", fmt.Sprintf("airline-d%d", i))
		for _, r := range copies {
			r.URN += fmt.Sprint(i)
		}
		resources = append(resources, copies...)
	}
	settings := rules.DefaultSettings()
	for b.Loop() {
		report := rules.Judge(rules.NewStack(resources), settings, today)
		if report.Judged < 1000 {
			b.Fatal(report.Judged)
		}
	}
	b.ReportMetric(float64(len(resources)), "resources")
}
