// Package adopt is the way back after a stack with protect was destroyed: what held data is still in AWS, with all its
// settings, but no state knows of it, and an update would fail since it is there already. [Kept] finds in the state that was
// saved before what was kept; imported as the stack's state, it makes the next update go on with it.
//
//	state, kept, err := adopt.Kept(saved)
package adopt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// stashType is Pulumi's resource that keeps a value in the state and nowhere else.
const stashType = "pulumi:index:Stash"

// A resource of a state. Fields that are not asked for stay as they are.
type resource map[string]any

func (r resource) text(key string) string { s, _ := r[key].(string); return s }
func (r resource) is(key string) bool     { b, _ := r[key].(bool); return b }

// Kept reads a state, as `pulumi stack export` prints it, and returns the part of it that a destroy keeps in AWS: the
// resources with retainOnDelete, the components and providers that they belong to, and what only the state holds. kept are
// the URNs of the resources, in the state's order.
func Kept(state io.Reader) (out []byte, kept []string, err error) {
	decoder := json.NewDecoder(state)
	decoder.UseNumber()
	var saved map[string]any
	if err := decoder.Decode(&saved); err != nil {
		return nil, nil, fmt.Errorf("reading the state: %w; it is what pulumi stack export prints", err)
	}
	deployment, _ := saved["deployment"].(map[string]any)
	list, _ := deployment["resources"].([]any)
	if len(list) == 0 {
		return nil, nil, errors.New("the state has no resources: save it with pulumi stack export before the destroy, or take an earlier version (--version)")
	}
	all := map[string]resource{}
	for _, one := range list {
		if r, ok := one.(map[string]any); ok && !resource(r).is("delete") {
			all[resource(r).text("urn")] = r
		}
	}
	needed := map[string]bool{}
	for urn, r := range all {
		if r.is("custom") && r.is("retainOnDelete") {
			kept = append(kept, urn)
			need(all, needed, urn)
		}
		if r.text("type") == stashType {
			need(all, needed, urn)
		}
	}
	if len(kept) == 0 {
		return nil, nil, errors.New("a destroy keeps nothing of this state: it was deployed without protect")
	}
	var resources []any
	kept = nil
	for _, one := range list {
		r, _ := one.(map[string]any)
		urn := resource(r).text("urn")
		if !needed[urn] || resource(r).is("delete") {
			continue
		}
		forget(r, needed)
		resources = append(resources, r)
		if resource(r).is("retainOnDelete") {
			kept = append(kept, urn)
		}
	}
	deployment["resources"] = resources
	delete(deployment, "pending_operations")
	out, err = json.MarshalIndent(saved, "", "    ")
	return append(out, '\n'), kept, err
}

// need marks a resource, its parents and its provider.
func need(all map[string]resource, needed map[string]bool, urn string) {
	r, known := all[urn]
	if !known || needed[urn] {
		return
	}
	needed[urn] = true
	need(all, needed, r.text("parent"))
	// A reference to a provider is its URN and its id.
	if at := strings.LastIndex(r.text("provider"), "::"); at > 0 {
		need(all, needed, r.text("provider")[:at])
	}
}

// forget drops what a resource has to do with others that are gone.
func forget(r map[string]any, needed map[string]bool) {
	there := func(list any) []any {
		urns, _ := list.([]any)
		return slices.DeleteFunc(slices.Clone(urns), func(urn any) bool { return !needed[fmt.Sprint(urn)] })
	}
	if r["dependencies"] != nil {
		r["dependencies"] = there(r["dependencies"])
	}
	if properties, ok := r["propertyDependencies"].(map[string]any); ok {
		for property, urns := range properties {
			properties[property] = there(urns)
		}
	}
	if with := resource(r).text("deletedWith"); !needed[with] {
		delete(r, "deletedWith")
	}
}
