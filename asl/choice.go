package asl

import (
	"slices"

	"airline/asl/ast"
)

// ChoiceState branches; not yet wired. Its way out is Otherwise, or what
// follows it in a chain: a Choice that no rule matches and without a default
// fails with States.NoChoiceMatched, so there is no way to leave it out.
type ChoiceState struct {
	c     core
	rules []choice
}

// Choice makes a Choice state.
func Choice(name string) ChoiceState { return ChoiceState{c: newCore(name, ast.TypeChoice)} }

// Comment is for the readers of the definition.
func (s ChoiceState) Comment(text string) ChoiceState {
	s.c.state.Comment = text
	return s
}

// When leads to the target when the condition holds and no earlier one did.
// The assignments are made on this way only.
func (s ChoiceState) When(c Rule, to Route, assign ...Assignment) ChoiceState {
	s.rules = when(caller(), s.rules, c, to, nil, assign)
	return s
}

// InputPath takes a part of the input.
func (s ChoiceState) InputPath(path Reference) ChoiceState {
	s.c = s.c.inputPath(path)
	return s
}

// OutputPath hands only a part on.
func (s ChoiceState) OutputPath(path Reference) ChoiceState {
	s.c = s.c.outputPath(path)
	return s
}

// Assign sets variables when no rule matches.
func (s ChoiceState) Assign(list ...Assignment) ChoiceState {
	s.c = s.c.assigning(list...)
	return s
}

// JSONata turns the state to JSONata; typed conditions keep their meaning.
func (s ChoiceState) JSONata() JSONataChoice { return JSONataChoice{s.c.jsonata(), s.rules} }

// Otherwise leads to the target when no condition holds.
func (s ChoiceState) Otherwise(to Target) Wired { return branching(s.c, s.rules, to) }

func (s ChoiceState) wire(to Target) Wired     { return branching(s.c, s.rules, to) }
func (s ChoiceState) guarded(CatchTarget) Step { return s }

// JSONataChoice is a ChoiceState in JSONata.
type JSONataChoice struct {
	c     core
	rules []choice
}

// When leads to the target when the condition holds and no earlier one did.
func (s JSONataChoice) When(c Rule, to Route, assign ...Assignment) JSONataChoice {
	s.rules = when(caller(), s.rules, c, to, nil, assign)
	return s
}

// WhenOutput is When with what is handed on in this way.
func (s JSONataChoice) WhenOutput(c Rule, to Route, output any, assign ...Assignment) JSONataChoice {
	s.rules = when(caller(), s.rules, c, to, output, assign)
	return s
}

// Output is what the state hands on.
func (s JSONataChoice) Output(document any) JSONataChoice {
	s.c = s.c.output(document)
	return s
}

// Assign sets variables when no rule matches.
func (s JSONataChoice) Assign(list ...Assignment) JSONataChoice {
	s.c = s.c.assigning(list...)
	return s
}

// Otherwise leads to the target when no condition holds.
func (s JSONataChoice) Otherwise(to Target) Wired { return branching(s.c, s.rules, to) }

func (s JSONataChoice) wire(to Target) Wired     { return branching(s.c, s.rules, to) }
func (s JSONataChoice) guarded(CatchTarget) Step { return s }

func when(pos ast.Position, rules []choice, c Rule, to Route, output any, assign []Assignment) []choice {
	return append(slices.Clip(rules), choice{to: to, rule: func(r renderer) *ast.Rule {
		r.pos = pos
		rule := c.spell(r)
		rule.Pos = pos
		rule.Assign = assigned(r.at("/Assign", placeInput), assign)
		if output != nil {
			text, _ := r.at("/Output", placeInput).value(output)
			rule.Output = ast.NewField(text)
		}
		return rule
	}})
}

func branching(c core, rules []choice, to Target) Wired {
	n := c.node(to)
	n.state.End = false
	n.choices = rules
	return Wired{n}
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
func (n nowhere) handler() Catcher { return Catcher{Next: n} }
