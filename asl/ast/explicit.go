package ast

import "slices"

// Explicit gives the fields of a *Definition, *State, *Rule, *Retrier or *Catcher
// that are printed though they have their zero value, such as "End": false; Parse
// finds them in what was written by hand.
func Explicit(part any) []string {
	switch p := part.(type) {
	case *Definition:
		return explicitOf(definitionFields, p.explicit)
	case *State:
		return explicitOf(stateFields, p.explicit)
	case *Rule:
		return explicitOf(ruleFields, p.explicit)
	case *Retrier:
		return explicitOf(retrierFields, p.explicit)
	case *Catcher:
		return explicitOf(catcherFields, p.explicit)
	}
	return nil
}

// Spell lets fields of a part be printed though they have their zero value; see
// Explicit. Names that the part does not have are ignored.
func Spell(part any, names ...string) {
	switch p := part.(type) {
	case *Definition:
		spell(definitionFields, &p.explicit, names)
	case *State:
		spell(stateFields, &p.explicit, names)
	case *Rule:
		spell(ruleFields, &p.explicit, names)
	case *Retrier:
		spell(retrierFields, &p.explicit, names)
	case *Catcher:
		spell(catcherFields, &p.explicit, names)
	}
}

func explicitOf[T any](table []fieldOf[T], set uint64) []string {
	var names []string
	for i, f := range table {
		if set&(1<<i) != 0 {
			names = append(names, f.name)
		}
	}
	return names
}

func spell[T any](table []fieldOf[T], set *uint64, names []string) {
	for i, f := range table {
		if slices.Contains(names, f.name) {
			*set |= 1 << i
		}
	}
}
