package asl

import (
	"slices"
)

// Adjust is a step of one state with its finished form changed by f: the way to
// fields and forms that the builders do not spell, as in definitions that were
// written by hand. Names of states in it are not followed; Machine checks the
// result like any other.
//
//	asl.Adjust(step, func(s *asl.State) { s.Retry[0].MaxAttempts = asl.NewField(0) })
func Adjust(s Step, f func(*State)) Step { return adjusted{s, f} }

type adjusted struct {
	Step
	f func(*State)
}

func (a adjusted) wire(to Target) Wired       { return a.Step.wire(to).Adjust(a.f) }
func (a adjusted) guarded(h CatchTarget) Step { return adjusted{a.Step.guarded(h), a.f} }

// Adjust changes the state's finished form by f; see the function Adjust.
func (w Wired) Adjust(f func(*State)) Wired {
	if w.n != nil && f != nil {
		w.n.adjust = append(slices.Clip(w.n.adjust), f)
	}
	return w
}

// OrFail ends a Choice without a way for what no rule matches: the execution
// then fails with States.NoChoiceMatched.
func (s ChoiceState) OrFail() Wired { return branching(s.c, s.rules, nowhere{}) }

// OrFail ends a Choice without a way for what no rule matches: the execution
// then fails with States.NoChoiceMatched.
func (s JSONataChoice) OrFail() Wired { return branching(s.c, s.rules, nowhere{}) }

// nowhere is a target that is none.
type nowhere struct{}

func (nowhere) target()            {}
func (nowhere) route()             {}
func (n nowhere) handler() Handler { return Handler{To: n} }

// Inline writes the mode of an inline Map out, which is the default.
func (m MapState) Inline() MapState {
	m.config = &ProcessorConfig{Mode: "INLINE"}
	return m
}

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
