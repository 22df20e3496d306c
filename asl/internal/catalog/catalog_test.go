package catalog

import (
	"strings"
	"testing"
)

// TestCatalog: the table of SDK operations says each operation once, with
// actions of a known form and resources whose gaps are closed.
func TestCatalog(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for line := range strings.Lines(sdkOperations) {
		service, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		names, resources, given := strings.Cut(rest, " = ")
		if !ok || !given || service < last {
			t.Errorf("%q is no line of the table, or not in its order", line)
		}
		last = service
		for _, name := range strings.Fields(names) {
			name, _, _ := strings.Cut(name, ">")
			key := strings.ToLower(service + ":" + name)
			if seen[key] {
				t.Errorf("%s is there twice", key)
			}
			seen[key] = true
			if name != strings.ToLower(name[:1])+name[1:] {
				t.Errorf("%s begins with a capital letter", key)
			}
		}
		if strings.Count(resources, "{") != strings.Count(resources, "}") || resources == "" {
			t.Errorf("%s: the resources %q do not close a gap", service, resources)
		}
	}
	if len(seen) < 2000 {
		t.Errorf("the table has %d operations only", len(seen))
	}
}
