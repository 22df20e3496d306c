package asl

import "airline/asl/ast"

// MapState runs a part of the machine for each item of a list; not yet wired.
// Its result is the list of the items' outputs.
type MapState struct {
	described[MapState]
	leading
	failing[MapState, Guarded]
	keeping[MapState]
	mapping[MapState]
	pathData[MapState]
	pathResult[MapState]
	pathSelector[MapState]
}

// Map makes an inline Map state: the items are in the data, at most 40 are
// processed at the same time, and their events count as the machine's. items is
// a reference in JSONPath (a list or an expression in JSONata); nil takes the
// state's input for the list.
func Map(name string, items Operand, process Wired) MapState {
	c := newCore(name, ast.TypeMap)
	c.process = process
	return mapOf(c.items(items))
}

func mapOf(c *core) MapState {
	m := part[MapState]{c, mapOf}
	return MapState{described[MapState]{m}, leading{c}, failing[MapState, Guarded]{m, guardedOf}, keeping[MapState]{m}, mapping[MapState]{m},
		pathData[MapState]{m}, pathResult[MapState]{m}, pathSelector[MapState]{m}}
}

// JSONata turns the state to JSONata; its processor keeps its languages.
func (m MapState) JSONata() JSONataMap { return jsonataMapOf(m.leading.c.jsonata()) }

func (m MapState) guarded(to CatchTarget) Step { return guardedOf(m.leading.c.guarded(to)) }

// JSONataMap is a MapState in JSONata.
type JSONataMap struct {
	described[JSONataMap]
	leading
	failing[JSONataMap, Guarded]
	keeping[JSONataMap]
	mapping[JSONataMap]
	jsonataData[JSONataMap]
}

func jsonataMapOf(c *core) JSONataMap {
	m := part[JSONataMap]{c, jsonataMapOf}
	return JSONataMap{described[JSONataMap]{m}, leading{c}, failing[JSONataMap, Guarded]{m, guardedOf}, keeping[JSONataMap]{m}, mapping[JSONataMap]{m},
		jsonataData[JSONataMap]{m}}
}

func (m JSONataMap) guarded(to CatchTarget) Step { return guardedOf(m.leading.c.guarded(to)) }

// mapping is what a Map has in both languages.
type mapping[S any] struct{ part[S] }

// ItemSelector is the processor's input: a document made of the state's input
// and Context.Map.Item. By default the item.
func (m mapping[S]) ItemSelector(document any) S {
	return m.as(m.c.with(func(r renderer, s *ast.State) {
		s.ItemSelector = ast.NewField(r.at("/ItemSelector", placeInput).template(document))
	}))
}

// MaxConcurrency bounds the items in process at the same time; 0 is no bound
// but the service's.
func (m mapping[S]) MaxConcurrency(n Value[int]) S {
	return m.as(m.c.with(func(r renderer, s *ast.State) {
		r.at("/MaxConcurrency", placeInput).field(n, &s.MaxConcurrency, &s.MaxConcurrencyPath)
	}))
}

// Inline writes the mode of an inline Map out, which is the default.
func (m mapping[S]) Inline() S {
	return m.as(m.c.edited(func(c *core) { c.config = &ast.ProcessorConfig{Mode: "INLINE"} }))
}

// items is where a Map takes its items from in the data.
func (c *core) items(items Operand) *core {
	if items == nil {
		return c
	}
	return c.with(func(r renderer, s *ast.State) { r.at("/Items", placeInput).field(items, &s.Items, &s.ItemsPath) })
}
