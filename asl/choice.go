package asl

import (
	"slices"

	"airline/asl/ast"
)

// ChoiceState branches; not yet wired. Its way out is Otherwise, or what
// follows it in a chain: a Choice that no rule matches and without a default
// fails with States.NoChoiceMatched, so there is no way to leave it out.
type ChoiceState struct {
	described[ChoiceState]
	choosing[ChoiceState]
	pathData[ChoiceState]
}

// Choice makes a Choice state.
func Choice(name string) ChoiceState { return choiceOf(newCore(name, ast.TypeChoice)) }

func choiceOf(c *core) ChoiceState {
	m := part[ChoiceState]{c, choiceOf}
	return ChoiceState{described[ChoiceState]{m}, choosing[ChoiceState]{m}, pathData[ChoiceState]{m}}
}

// JSONata turns the state to JSONata; typed rules keep their meaning.
func (s ChoiceState) JSONata() JSONataChoice { return jsonataChoiceOf(s.choosing.c.jsonata()) }

func (s ChoiceState) guarded(CatchTarget) Step { return s }

// JSONataChoice is a ChoiceState in JSONata.
type JSONataChoice struct {
	described[JSONataChoice]
	choosing[JSONataChoice]
	jsonataData[JSONataChoice]
}

func jsonataChoiceOf(c *core) JSONataChoice {
	m := part[JSONataChoice]{c, jsonataChoiceOf}
	return JSONataChoice{described[JSONataChoice]{m}, choosing[JSONataChoice]{m}, jsonataData[JSONataChoice]{m}}
}

// WhenOutput is When with what is handed on in this way.
func (s JSONataChoice) WhenOutput(rule Rule, to Route, output any, assign ...Assignment) JSONataChoice {
	return s.when(caller(), rule, to, output, assign)
}

func (s JSONataChoice) guarded(CatchTarget) Step { return s }

// choosing is what a Choice has in both languages.
type choosing[S any] struct{ part[S] }

// When leads to the target when the rule matches and no earlier one did. The
// assignments are made on this way only.
func (s choosing[S]) When(rule Rule, to Route, assign ...Assignment) S {
	return s.when(caller(), rule, to, nil, assign)
}

// Otherwise leads to the target when no rule matches.
func (s choosing[S]) Otherwise(to Target) Wired { return s.c.wire(to) }

// OrFail ends a Choice without a way for what no rule matches: the execution
// then fails with States.NoChoiceMatched.
func (s choosing[S]) OrFail() Wired { return s.c.wire(nowhere{}) }

func (s choosing[S]) wire(to Target) Wired { return s.c.wire(to) }

func (s choosing[S]) when(pos ast.Position, rule Rule, to Route, output any, assign []Assignment) S {
	spell := func(r renderer) *ast.Rule {
		r.pos = pos
		out := rule.spell(r)
		out.Pos = pos
		out.Assign = assigned(r.at("/Assign", placeInput), assign)
		if output != nil {
			text, _ := r.at("/Output", placeInput).value(output)
			out.Output = ast.NewField(text)
		}
		return out
	}
	return s.as(s.c.edited(func(c *core) { c.choices = append(slices.Clip(c.choices), choice{spell, to}) }))
}

// nowhere is a target that is none.
type nowhere struct{}

func (nowhere) target()            {}
func (nowhere) route()             {}
func (n nowhere) catcher() Catcher { return Catcher{Next: n} }
