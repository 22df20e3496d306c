package review

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// references name what AWS has given on each side: a key's id is made up in a recording and another one in a state, and is the
// same key all the same. Texts that hold such values are compared with "${name.arn}" in their place.
//
// A value that follows from a name which the change alters is no such value: where the name is used the change shows.
func references(before, after *Stack) (was, is *strings.Replacer) {
	old := before.byURN()
	type replacement struct{ value, name string }
	var wasList, isList []replacement
	for _, r := range after.Resources {
		b := predecessor(old, r)
		if b == nil {
			continue
		}
		for name, v := range given(r) {
			other, both := given(b)[name]
			if !both || other == v || renamedIn(b, r, other, v) {
				continue
			}
			symbol := "${" + r.Name + "." + name + "}"
			wasList, isList = append(wasList, replacement{other, symbol}), append(isList, replacement{v, symbol})
		}
	}
	replacer := func(list []replacement) *strings.Replacer {
		// Longest first: an ARN holds the id. Of equal values the one with the first name stands for all.
		slices.SortFunc(list, func(a, b replacement) int {
			return cmp.Or(len(b.value)-len(a.value), cmp.Compare(a.value, b.value), cmp.Compare(a.name, b.name))
		})
		var pairs []string
		for _, r := range list {
			pairs = append(pairs, r.value, r.name)
		}
		return strings.NewReplacer(pairs...)
	}
	return replacer(wasList), replacer(isList)
}

// shortest is the length from which a value is one that nothing else is equal to by chance.
const shortest = 8

// given are the texts that AWS adds to a resource: its id and the outputs that no input has.
func given(r *Resource) map[string]string {
	out := map[string]string{}
	if r.Component {
		return out
	}
	if len(r.ID) >= shortest {
		out["id"] = r.ID
	}
	for name, v := range r.Outputs {
		text, ok := v.(string)
		if _, input := r.Inputs[name]; ok && !input && len(text) >= shortest && !strings.ContainsAny(text, "\n{") {
			out[name] = text
		}
	}
	return out
}

// renamedIn tells whether the values contain an input of the resource that differs: then they follow from it.
func renamedIn(before, after *Resource, was, is string) bool {
	for name, v := range after.Inputs {
		now, _ := v.(string)
		then, _ := before.Inputs[name].(string)
		if now != then && now != "" && then != "" && strings.Contains(is, now) && strings.Contains(was, then) {
			return true
		}
	}
	return false
}

// masks hides secrets wherever they stand, as they are and as JSON and addresses write them. Shorter ones than three
// characters would hide half of every text.
func masks(secrets []string) *strings.Replacer {
	var all []string
	for _, s := range secrets {
		if len(s) < 3 {
			continue
		}
		escaped, _ := json.Marshal(s)
		all = append(all, s, strings.Trim(jsonText(s), `"`), strings.Trim(string(escaped), `"`), url.QueryEscape(s), url.PathEscape(s))
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	var pairs []string
	for _, s := range slices.Compact(all) {
		pairs = append(pairs, s, "[secret]")
	}
	return strings.NewReplacer(pairs...)
}
