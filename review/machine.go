package review

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// isMachine tells whether a document is a definition in the States Language.
func isMachine(d map[string]any) bool {
	_, starts := d["StartAt"].(string)
	_, states := d["States"].(map[string]any)
	return starts && states
}

// machines compares two definitions state by state. Under is the path of the state whose processor or branch they are.
func (c *comparison) machines(property, under string, before, after map[string]any) []Change {
	was, is := before["States"].(map[string]any), after["States"].(map[string]any)
	top := c.fields(property, under, without(before, "States"), without(after, "States"))
	renamed := renames(was, is)
	for _, old := range slices.Sorted(maps.Keys(renamed)) {
		top = append(top, Change{Kind: Renamed, Property: property, State: under + old, After: under + renamed[old]})
	}
	isNew := func(name string) bool {
		_, old := was[name]
		return !old && !slices.Contains(slices.Collect(maps.Values(renamed)), name)
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		now, stays := is[name]
		switch _, moved := renamed[name]; {
		case moved:
		case !stays:
			top = append(top, Change{Kind: Removed, Property: property, State: under + name, Before: c.excerpt(jsonText(was[name]))})
		default:
			top = append(top, c.state(property, under+name, was[name], now)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if isNew(name) {
			top = append(top, Change{Kind: Added, Property: property, State: under + name, After: c.excerpt(jsonText(is[name]))})
		}
	}
	return top
}

// renames finds states that have another name and are otherwise the same.
func renames(was, is map[string]any) map[string]string {
	out := map[string]string{}
	used := map[string]bool{}
	for _, old := range slices.Sorted(maps.Keys(was)) {
		if _, stays := is[old]; stays {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(is)) {
			if _, before := was[name]; !before && !used[name] && reflect.DeepEqual(was[old], is[name]) {
				out[old], used[name] = name, true
				break
			}
		}
	}
	return out
}

// state compares the fields of one state; what runs inside of it is compared state by state, too.
func (c *comparison) state(property, path string, before, after any) []Change {
	was, _ := before.(map[string]any)
	is, _ := after.(map[string]any)
	if was == nil || is == nil {
		return c.fields(property, path, map[string]any{"": before}, map[string]any{"": after})
	}
	var below []Change
	for _, name := range []string{"ItemProcessor", "Iterator"} {
		old, _ := was[name].(map[string]any)
		now, _ := is[name].(map[string]any)
		if old != nil && now != nil && isMachine(old) && isMachine(now) {
			was, is = without(was, name), without(is, name)
			below = append(below, c.machines(property, path+"/", old, now)...)
		}
	}
	old, _ := was["Branches"].([]any)
	now, _ := is["Branches"].([]any)
	if len(old) > 0 && len(old) == len(now) {
		was, is = without(was, "Branches"), without(is, "Branches")
		for i := range old {
			a, _ := old[i].(map[string]any)
			b, _ := now[i].(map[string]any)
			below = append(below, c.machines(property, fmt.Sprintf("%s[%d]/", path, i), a, b)...)
		}
	}
	return append(c.fields(property, path, was, is), below...)
}

// fields compares what stands in a state, or above all states.
func (c *comparison) fields(property, state string, before, after map[string]any) []Change {
	if n := len(state); n > 0 && state[n-1] == '/' {
		state = state[:n-1]
	}
	changes := inside(property, (&comparison{before: nothing, after: nothing, mask: c.mask}).values("", before, after))
	for i := range changes {
		changes[i].State = state
	}
	return changes
}

func without(m map[string]any, name string) map[string]any {
	out := maps.Clone(m)
	delete(out, name)
	return out
}
