package ast

import (
	"strings"

	"airline/asl/intrinsic"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// stateFlow follows the data through one state.
type stateFlow struct {
	*flow
	st              *State
	lang, scopeLang QueryLanguage
	index           map[string]int
	at              string
	now             fact // as the state is entered

	// What has been found; see scopeFlow.
	changed bool // what leads to the state has
	from    []*stateFlow
	edges   []edge
	ends    []fact
	seen    []note
}

// leave gives what is known on each way out of a state that is entered with any
// of the facts, and what is known where the scope ends.
func (s *stateFlow) leave(facts []fact) (edges []edge, ends []fact) {
	if s.st.Type == TypeChoice {
		return s.choose(facts), nil
	}
	if s.depth > 2 && len(facts) > 1 && (s.st.Type == TypeParallel || s.st.Type == TypeMap) {
		facts = []fact{merge(facts)} // what is nested deep is not followed for each route
	}
	add := func(name string, f fact) {
		f.route = s.onwards(f)
		to, ok := s.index[name]
		if !ok {
			return
		}
		for i := range edges {
			if edges[i].to == to {
				edges[i].facts = append(edges[i].facts, f)
				return
			}
		}
		edges = append(edges, edge{to, []fact{f}})
	}
	for _, f := range facts {
		s.now = f
		out := s.through()
		switch {
		case s.st.Type == TypeFail || out.data == nil: // it ends, or never gets so far
		case s.st.Type == TypeSucceed || s.st.End:
			ends = append(ends, out)
		default:
			add(s.st.Next, out)
		}
		for i, c := range s.st.Catch {
			add(c.Next, s.caught(c, i))
		}
	}
	for i := range edges {
		edges[i].facts = bounded(edges[i].facts)
	}
	return edges, ends
}

// onwards is the route of a fact behind the state.
func (s *stateFlow) onwards(f fact) *route {
	if s.quiet {
		return nil
	}
	return &route{s.st.Name, f.route}
}

// look is the value of a path or an intrinsic call in data.
func (s *stateFlow) look(text string, data *shape, field string) *shape {
	if intrinsic.Is(text) {
		if !HasPlaceholder(text) {
			c, _ := s.call(text)
			for _, p := range c.paths {
				s.follow(p, data, field)
			}
		}
		return anything
	}
	p := s.readable(text)
	if p == nil {
		return anything
	}
	return s.follow(p, data, field)
}

func (s *stateFlow) follow(p *lookup, data *shape, field string) *shape {
	switch p.Scope() {
	case jsonpath.Context:
		return anything
	case jsonpath.Variable:
		v, ok := s.now.vars[p.Variable()]
		if !ok {
			s.unset(p.Variable(), field)
			return anything
		}
		s.note(field, p.Variable(), true)
		data = v
	}
	if data == nil {
		return anything
	}
	found, there, lacks := data.find(p.steps)
	if !s.quiet {
		s.note(field, p.String(), false)
	}
	if there == absent {
		s.gone(lacks)
	}
	if !p.Definite() {
		return anything
	}
	return found
}

// unset notes that a variable is not set.
func (s *stateFlow) unset(name, field string) {
	s.note(field, name, true)
	s.gone(missing{reason: "no state before sets it"})
}

// note notes a lookup of a path or a variable.
func (s *stateFlow) note(field, name string, variable bool) {
	if s.quiet {
		return
	}
	s.notes = append(s.notes, note{state: s, field: field, name: name, variable: variable})
}

// gone says of the last lookup that it finds nothing on this route.
func (s *stateFlow) gone(lacks missing) {
	if s.quiet {
		s.missed = true
		return
	}
	s.notes[len(s.notes)-1].gone = &gone{lacks, s.now.route, s.now.vars}
}

// part is the value of an InputPath or OutputPath.
func (s *stateFlow) part(f Field, data *shape, field string) *shape {
	switch text, ok := f.Text(); {
	case f.IsNull():
		return object(origin{"empty object of " + strings.TrimPrefix(field, "/") + " null in", s.st.Name}, nil)
	case ok:
		return s.look(text, data, field)
	}
	return data
}

// payload is the shape of a payload template in either language; data is nil
// when nothing is known of what $ means.
func (s *stateFlow) payload(v any, data *shape, field string, from origin) *shape {
	switch v := v.(type) {
	case string:
		if HasPlaceholder(v) {
			return anything
		}
		if source, ok := Expression(v); ok && s.lang == JSONata {
			s.expression(source, field)
			return anything
		}
	case []any:
		items := make([]*shape, len(v))
		for i, m := range v {
			items[i] = s.payload(m, data, s.numbered(field, i), from)
		}
		return listOf(items)
	case *jsonvalue.Object:
		fields := make(map[string]slot, v.Len())
		for name, m := range v.All() {
			text, isText := m.(string)
			if base, ok := strings.CutSuffix(name, ".$"); ok && isText && s.lang == JSONPath {
				fields[base] = slot{shape: s.look(text, data, s.pointer(field, name))}
			} else {
				fields[name] = slot{shape: s.payload(m, data, s.pointer(field, name), from)}
			}
		}
		return object(from, fields)
	}
	return shapeOf(v, from)
}

// optional is payload of a field that may be absent.
func (s *stateFlow) optional(f Field, data *shape, field string) *shape {
	if !f.IsSet() {
		return data
	}
	return s.payload(f.Value(), data, field, s.origin(field))
}

func (s *stateFlow) origin(field string) origin {
	if s.quiet {
		return origin{}
	}
	return origin{strings.TrimPrefix(field, "/") + " of", s.st.Name}
}

func (s *stateFlow) variable(name string) origin {
	if s.quiet {
		return origin{}
	}
	return origin{"variable $" + name + " of", s.st.Name}
}

// through is what is known behind a state that is no Choice; its data is nil when
// the state cannot be left in the ordinary way.
func (s *stateFlow) through() fact {
	st, in := s.st, s.now.data
	if s.lang == JSONata {
		return s.throughJSONata()
	}
	effective := s.part(st.InputPath, in, "/InputPath")
	for _, f := range []struct {
		path  Field
		field string
	}{
		{st.SecondsPath, "/SecondsPath"}, {st.TimestampPath, "/TimestampPath"}, {st.TimeoutSecondsPath, "/TimeoutSecondsPath"},
		{st.HeartbeatSecondsPath, "/HeartbeatSecondsPath"}, {st.MaxConcurrencyPath, "/MaxConcurrencyPath"},
		{st.ErrorPath, "/ErrorPath"}, {st.CausePath, "/CausePath"},
		{st.ToleratedFailureCountPath, "/ToleratedFailureCountPath"}, {st.ToleratedFailurePercentagePath, "/ToleratedFailurePercentagePath"},
	} {
		if text, ok := f.path.Text(); ok && !st.InputPath.IsSet() {
			s.look(text, effective, f.field)
		}
	}
	s.optional(st.Credentials, effective, "/Credentials")
	out := s.now
	switch st.Type {
	case TypeWait, TypeSucceed, TypeFail:
		out.data = effective
	default:
		result := s.result(effective)
		if result == nil {
			return fact{}
		}
		result = s.optional(st.ResultSelector, result, "/ResultSelector")
		out.data = s.placed(st.ResultPath, in, result)
	}
	out = out.assign(s.assigned(st.Assign, nil, "/Assign"))
	out.data = s.part(st.OutputPath, out.data, "/OutputPath")
	return out
}

// throughJSONata is through in JSONata, where a missing member is no failure and
// only variables are looked up.
func (s *stateFlow) throughJSONata() fact {
	out, st := s.now, s.st
	for _, f := range []struct {
		name  string
		field Field
	}{
		{"/Arguments", st.Arguments}, {"/Credentials", st.Credentials}, {"/Items", st.Items}, {"/ItemSelector", st.ItemSelector},
		{"/Seconds", st.Seconds}, {"/Timestamp", st.Timestamp}, {"/Error", st.Error}, {"/Cause", st.Cause},
		{"/TimeoutSeconds", st.TimeoutSeconds}, {"/HeartbeatSeconds", st.HeartbeatSeconds}, {"/MaxConcurrency", st.MaxConcurrency},
		{"/ToleratedFailureCount", st.ToleratedFailureCount}, {"/ToleratedFailurePercentage", st.ToleratedFailurePercentage},
	} {
		s.payload(f.field.Value(), nil, f.name, origin{})
	}
	switch s.st.Type {
	case TypeTask:
		out.data = s.output()
	case TypeMap, TypeParallel:
		if out.data = s.result(anything); out.data == nil {
			return fact{}
		}
	}
	if s.st.Output.IsSet() {
		out.data = s.payload(s.st.Output.Value(), nil, "/Output", s.origin("/Output"))
	}
	return out.assign(s.assigned(s.st.Assign, nil, "/Assign"))
}

// placed is the data with the result where ResultPath puts it.
func (s *stateFlow) placed(path Field, in, result *shape) *shape {
	text, ok := path.Text()
	switch {
	case path.IsNull():
		return in
	case !ok:
		return result
	}
	p := s.readable(text)
	if p == nil || p.Scope() != jsonpath.Input {
		return anything
	}
	return in.with(p.steps, result)
}

// assigned are the variables that a field Assign sets.
func (s *stateFlow) assigned(f Field, data *shape, field string) map[string]*shape {
	o, ok := f.Value().(*jsonvalue.Object)
	if !ok {
		return nil
	}
	vars := make(map[string]*shape, o.Len())
	for name, v := range o.All() {
		text, isText := v.(string)
		if base, ok := strings.CutSuffix(name, ".$"); ok && isText && s.lang == JSONPath {
			vars[base] = s.look(text, data, s.pointer(field, name))
		} else {
			vars[name] = s.payload(v, data, s.pointer(field, name), s.variable(name))
		}
	}
	return vars
}

// caughtFields are the members of what a catcher gets.
var caughtFields = map[string]slot{"Error": {shape: someText}, "Cause": {shape: someText, maybe: true}}

// caught is what is known behind a catcher.
func (s *stateFlow) caught(c *Catcher, i int) fact {
	problem := &shape{kind: shapeObject, fields: caughtFields, origin: origin{"error caught in", s.st.Name}, depth: 2}
	out := s.now
	at := s.numbered("/Catch", i)
	if s.lang == JSONata {
		out.data = problem
		if c.Output.IsSet() {
			out.data = s.payload(c.Output.Value(), nil, at+"/Output", s.origin(at+"/Output"))
		}
	} else {
		out.data = s.placed(c.ResultPath, s.now.data, problem)
	}
	return out.assign(s.assigned(c.Assign, problem, at+"/Assign"))
}
