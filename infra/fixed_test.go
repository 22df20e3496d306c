package infra

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every setting that a live stack does not change is refused by name, with what the stack was made with, all at once.
func TestFixedSettings(t *testing.T) {
	serverless := Config{Warehouse: WarehouseConfig{Kind: Serverless, Database: "airline"}, Network: NetworkConfig{Create: true, CIDR: "10.40.0.0/20"}}
	tests := []struct {
		name   string
		change func(*Config)
		want   []string // keys of problems
	}{
		{"nothing", func(*Config) {}, nil},
		{"sizes", func(c *Config) { c.Warehouse.BaseCapacity, c.Warehouse.Nodes = 16, 4 }, nil},
		{"kind", func(c *Config) { c.Warehouse.Kind = Provisioned }, []string{"warehouse"}},
		{"database", func(c *Config) { c.Warehouse.Database = "other" }, []string{"database"}},
		{"range", func(c *Config) { c.Network.CIDR = "10.44.0.0/20" }, []string{"vpcCidr"}},
		{"a given network", func(c *Config) { c.Network = NetworkConfig{VpcID: "vpc-1"} }, []string{"network"}},
		{"a given bucket", func(c *Config) { c.Given.RawBucket = "lake" }, []string{"rawBucket"}},
		{"two", func(c *Config) { c.Warehouse.Kind, c.Warehouse.Database = Provisioned, "other" }, []string{"database", "warehouse"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			made := map[string]any{}
			for _, settings := range []map[string]string{serverless.fixed(), serverless.renewable()} {
				for key, value := range settings {
					made[key] = value
				}
			}
			now := serverless
			test.change(&now)
			problems := append(changed(made, now.fixed(), deployAnother), changed(made, now.renewable(), renewFirst)...)
			slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Key, b.Key) })
			if len(problems) != len(test.want) {
				t.Fatalf("got %v, want problems with %v", problems, test.want)
			}
			for i, p := range problems {
				if p.Key != test.want[i] || p.What == "" || !strings.Contains(p.What, made[p.Key].(string)) {
					t.Errorf("got %v, want one with %s that tells %q", p, test.want[i], made[p.Key])
				}
			}
		})
	}
}

// Each fixed setting says what would become of a live stack.
func TestFixedSettingsSayWhy(t *testing.T) {
	for _, network := range []NetworkConfig{{Create: true}, {}} {
		c := &Config{Network: network}
		for _, key := range slices.Concat(slices.Collect(maps.Keys(c.fixed())), slices.Collect(maps.Keys(c.renewable()))) {
			if fixedWrong[key] == "" {
				t.Errorf("nothing is said of %s", key)
			}
		}
	}
}
