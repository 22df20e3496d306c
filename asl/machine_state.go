package asl

import (
	"strconv"

	"airline/asl/ast"
)

// state turns a node into a state of the definition.
func (b *builder) state(n *node, machine ast.QueryLanguage, scope string) *ast.State {
	if n.neutral {
		// The values of a neutral state decide its language.
		problems := b.problems
		s := b.spell(n, machine, machine, scope)
		if len(b.problems) == len(problems) {
			return s
		}
		other := ast.JSONata
		if machine == ast.JSONata {
			other = ast.JSONPath
		}
		failed := b.problems
		b.problems = problems
		if s := b.spell(n, other, machine, scope); len(b.problems) == len(problems) {
			return s
		}
		b.problems = failed
		return s
	}
	return b.spell(n, n.lang, machine, scope)
}

func (b *builder) spell(n *node, lang, machine ast.QueryLanguage, scope string) *ast.State {
	location := ast.Pointer(scope+"/States", n.name)
	r := renderer{lang: lang, location: location, pos: n.pos, problems: &b.problems}
	s := n.core.spell(r)
	if lang != machine {
		s.QueryLanguage = lang
	}
	next, leads := "", false
	if to := n.resolve(n.next, nil); to != nil {
		next, leads = to.name, true
	}
	switch {
	case s.Type == ast.TypeChoice && n.next == nil:
		r.fail("call Otherwise, or let another step follow in the chain", "the Choice has no way out when no rule matches")
	case s.Type == ast.TypeChoice:
		s.Default = next
	case s.Type != ast.TypeSucceed && s.Type != ast.TypeFail && n.next != nil:
		s.Next = next
		if !leads && !b.toldOf(n.next) {
			r.fail("pass a state that Then or End made", "the state leads to nothing")
		}
	}
	b.choices(n, s, r)
	b.catches(n, s, r)
	for i, branch := range n.branches {
		s.Branches = append(s.Branches, b.definition(branch, machine, location+"/Branches/"+strconv.Itoa(i), s.Pos))
	}
	if s.Type == ast.TypeMap {
		s.ItemProcessor = b.definition(n.process, machine, location+"/ItemProcessor", s.Pos)
		if n.config != nil {
			config := *n.config
			s.ItemProcessor.ProcessorConfig = &config
		}
	}
	s.End = n.next == nil && s.Type != ast.TypeChoice && s.Type != ast.TypeSucceed && s.Type != ast.TypeFail
	for _, f := range n.adjust {
		f(s)
	}
	return s
}

func (b *builder) choices(n *node, s *ast.State, r renderer) {
	if s.Type != ast.TypeChoice {
		return
	}
	s.Choices = make([]*ast.Rule, 0, len(n.choices))
	for i, c := range n.choices {
		at := r.at("/Choices/"+strconv.Itoa(i), placeInput)
		rule := c.rule(at)
		at.pos = rule.Pos
		rule.Next = b.name(n, c.to, at)
		s.Choices = append(s.Choices, rule)
	}
}

func (b *builder) catches(n *node, s *ast.State, r renderer) {
	for i, c := range n.catches {
		at := r.at("/Catch/"+strconv.Itoa(i), placeError)
		at.pos = c.pos
		at.names(c.errors)
		k := c.spell(at)
		k.Next = b.name(n, c.catcher.Next, at)
		s.Catch = append(s.Catch, k)
	}
}

// name is the name of the state that a route leads to.
func (b *builder) name(n *node, to Route, r renderer) string {
	if next := n.resolve(to, nil); next != nil {
		return next.name
	}
	if b.toldOf(to) {
		return ""
	}
	if _, ok := to.(onward); ok {
		r.fail("end the chain with Then instead of End, or lead to a state", "Continue leads to the state's Next, and there is none")
		return ""
	}
	r.fail("pass a state that Then or End made, or a bound label", "the transition leads to nothing")
	return ""
}
