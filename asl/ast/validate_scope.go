package ast

import (
	"strings"

	"airline/asl/jsonvalue"
)

// assignedIn are the variables that the states of a definition set, those of nested definitions left aside.
func assignedIn(d *Definition, lang QueryLanguage) map[string]bool {
	var names map[string]bool
	add := func(f Field, lang QueryLanguage) {
		o, ok := f.Value().(*jsonvalue.Object)
		if !ok {
			return
		}
		if names == nil {
			names = map[string]bool{}
		}
		for name := range o.All() {
			if lang != JSONata {
				name = strings.TrimSuffix(name, ".$")
			}
			names[name] = true
		}
	}
	for _, s := range d.States {
		lang := s.Language(lang)
		add(s.Assign, lang)
		for _, r := range s.Choices {
			add(r.Assign, lang)
		}
		for _, c := range s.Catch {
			add(c.Assign, lang)
		}
	}
	return names
}

// outerVariable tells whether a scope around the one that is checked sets the variable.
func (v *validator) outerVariable(name string) bool {
	for _, names := range v.scopes[:max(0, len(v.scopes)-1)] {
		if names[name] {
			return true
		}
	}
	return false
}
