package asl

import (
	"slices"

	"airline/asl/ast"
	"airline/asl/states"
)

// core is a state in the making. It never changes: what a builder's method
// derives from it is a copy, so a step can be the base of several.
type core struct {
	name    string
	typ     ast.StateType
	pos     ast.Position
	lang    ast.QueryLanguage
	neutral bool // fits both languages
	// fill spells the state's fields once its language is settled.
	fill    []func(r renderer, s *ast.State)
	assign  []Assignment
	retries []retry
	catches []catch
	caught  bool // has a catch-all

	choices  []choice // Choice
	branches []Wired  // Parallel
	process  Wired    // Map
	config   *ast.ProcessorConfig
}

type choice struct {
	rule func(r renderer) *ast.Rule
	to   Route
}

func newCore(name string, t ast.StateType) *core {
	return &core{name: name, typ: t, pos: caller(), lang: ast.JSONPath}
}

// edited is a copy that f has changed.
func (c *core) edited(f func(*core)) *core {
	d := *c
	f(&d)
	return &d
}

// with is a copy with another field to spell.
func (c *core) with(f func(r renderer, s *ast.State)) *core {
	d := *c
	d.fill = append(slices.Clip(d.fill), f)
	return &d
}

//go:noinline
func (c *core) jsonata() *core {
	return c.edited(func(c *core) { c.lang, c.neutral = ast.JSONata, false })
}

//go:noinline
func (c *core) retrying(b Retrier, errors ...string) *core {
	pos := caller()
	return c.edited(func(c *core) { c.retries = append(slices.Clip(c.retries), retry{b, errors, pos}) })
}

//go:noinline
func (c *core) catching(to CatchTarget, errors ...string) *core {
	k := catch{errors: errors}
	if placed, ok := to.(placed); ok {
		k.pos = placed.pos
	} else {
		k.pos = caller()
	}
	if to != nil {
		k.catcher = to.catcher()
	}
	return c.edited(func(c *core) {
		c.catches = append(slices.Clip(c.catches), k)
		c.caught = c.caught || slices.Contains(errors, states.ALL)
	})
}

// assigning adds assignments of variables.
//
//go:noinline
func (c *core) assigning(list []Assignment) *core {
	return c.edited(func(c *core) { c.assign = append(slices.Clip(c.assign), list...) })
}

// handling adds the retriers and catchers of a handler.
//
//go:noinline
func (c *core) handling(h *core) *core {
	return c.edited(func(c *core) {
		c.retries = append(slices.Clip(c.retries), h.retries...)
		c.catches = append(slices.Clip(c.catches), h.catches...)
		c.caught = c.caught || h.caught
	})
}

// guarded adds a catch-all unless there is one.
//
//go:noinline
func (c *core) guarded(to CatchTarget) *core {
	if c.caught {
		return c
	}
	return c.catching(to, states.ALL)
}

// hasResult tells whether the state has a result of its own; that of the others
// is their input.
func (c *core) hasResult() bool {
	return c.typ == ast.TypeTask || c.typ == ast.TypeParallel || c.typ == ast.TypeMap
}

// resultPlace is what $ means in Assign and Output.
func (c *core) resultPlace() place {
	if c.hasResult() {
		return placeResult
	}
	return placeInput
}

// wire finishes the state: on to the target, or the end when it is nil.
//
//go:noinline
func (c *core) wire(to Target) Wired { return Wired{&node{core: c, next: to}} }

// spell is the state without its transitions.
func (c *core) spell(r renderer) *ast.State {
	s := &ast.State{Name: c.name, Type: c.typ}
	s.Pos = c.pos
	for _, fill := range c.fill {
		fill(r, s)
	}
	if len(c.assign) > 0 {
		s.Assign = assigned(r.at("/Assign", c.resultPlace()), c.assign)
	}
	for _, k := range c.retries {
		at := r.at("/Retry", placeError)
		at.pos = k.pos
		at.names(k.errors)
		s.Retry = append(s.Retry, k.spell())
	}
	return s
}

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
