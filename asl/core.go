package asl

import (
	"slices"

	"airline/asl/ast"
	"airline/asl/states"
)

// core is what the builders of all states share. Builders are values: each
// method works on a copy, so a step can be the base of several.
type core struct {
	state   ast.State
	lang    ast.QueryLanguage
	neutral bool // fits both languages
	fill    []func(r renderer, s *ast.State)
	assign  []Assignment
	catches []catch
	caught  bool // has a catch-all
}

func newCore(name string, t ast.StateType) core {
	c := core{state: ast.State{Name: name, Type: t}, lang: ast.JSONPath}
	c.state.Pos = caller()
	return c
}

func (c core) with(f func(r renderer, s *ast.State)) core {
	c.fill = append(slices.Clip(c.fill), f)
	return c
}

// set changes the state's plain fields.
func (c core) set(f func(s *ast.State)) core {
	f(&c.state)
	return c
}

func (c core) assigning(list ...Assignment) core {
	c.assign = append(slices.Clip(c.assign), list...)
	return c
}

func (c core) retrying(b Retrier, errors []string) core {
	c.state.Retry = append(slices.Clip(c.state.Retry), b.retrier(errors))
	return c
}

func (c core) catching(to CatchTarget, errors ...string) core {
	k := catch{errors: errors}
	if placed, ok := to.(placed); ok {
		k.pos = placed.pos
	} else {
		k.pos = caller()
	}
	if to != nil {
		k.handler = to.handler()
	}
	c.catches = append(slices.Clip(c.catches), k)
	c.caught = c.caught || slices.Contains(errors, states.ALL)
	return c
}

// guarded adds a catch-all unless there is one.
func (c core) guarded(to CatchTarget) core {
	if c.caught {
		return c
	}
	return c.catching(to, states.ALL)
}

func (c core) inputPath(p Reference) core {
	return c.with(func(r renderer, s *ast.State) { s.InputPath = r.at("/InputPath", placeInput).path(p) })
}

func (c core) outputPath(p Reference) core {
	return c.with(func(r renderer, s *ast.State) { s.OutputPath = r.at("/OutputPath", placeInput).somewhere(p) })
}

func (c core) resultPath(p Reference) core {
	return c.with(func(r renderer, s *ast.State) { s.ResultPath = r.at("/ResultPath", placeInput).somewhere(p) })
}

func (c core) resultSelector(document any) core {
	return c.with(func(r renderer, s *ast.State) {
		s.ResultSelector = ast.NewField(r.at("/ResultSelector", placeResult).template(document))
	})
}

func (c core) parameters(document any) core {
	return c.with(func(r renderer, s *ast.State) {
		if r.lang == ast.JSONata {
			text, _ := r.at("/Arguments", placeInput).value(document)
			s.Arguments = ast.NewField(text)
		} else {
			s.Parameters = ast.NewField(r.at("/Parameters", placeInput).template(document))
		}
	})
}

func (c core) output(document any) core {
	return c.with(func(r renderer, s *ast.State) {
		p := placeResult
		if s.Type != ast.TypeTask && s.Type != ast.TypeParallel && s.Type != ast.TypeMap {
			p = placeInput
		}
		text, _ := r.at("/Output", p).value(document)
		s.Output = ast.NewField(text)
	})
}

// jsonata turns a state to JSONata; done on a JSONPath builder with fields of
// JSONPath already set, Validate reports them.
func (c core) jsonata() core {
	c.lang = ast.JSONata
	return c
}

// node finishes the state: on to the target, or the end when it is nil.
func (c core) node(to Target) *node {
	n := &node{state: c.state, lang: c.lang, neutral: c.neutral, catches: c.catches, next: to}
	n.fill = c.fill
	if len(c.assign) > 0 {
		list := c.assign
		n.fill = append(slices.Clip(n.fill), func(r renderer, s *ast.State) {
			// The result of the states that have none is their input.
			p := placeInput
			if s.Type == ast.TypeTask || s.Type == ast.TypeParallel || s.Type == ast.TypeMap {
				p = placeResult
			}
			s.Assign = assigned(r.at("/Assign", p), list)
		})
	}
	n.state.End = to == nil
	return n
}

func (c core) wire(to Target) Wired { return Wired{c.node(to)} }

// path spells a reference for a field that is a path.
func (r renderer) path(p Reference) ast.Field {
	place := r.settled(p.reference())
	r.checkRoot(place)
	return ast.NewField(place.jsonPath())
}

// somewhere spells a reference for ResultPath and OutputPath, whose $ is the
// state's output in the making.
func (r renderer) somewhere(p Reference) ast.Field {
	return ast.NewField(r.settled(p.reference()).jsonPath())
}
