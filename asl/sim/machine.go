package sim

import (
	"errors"
	"fmt"
	"sync/atomic"

	"airline/asl/ast"
	"airline/asl/jsonpath"
)

// A Machine is a definition made ready to run: names are resolved, paths and
// expressions are parsed. It is immutable; any number of executions share it,
// and any number of goroutines.
type Machine struct {
	definition *ast.Definition
	program    *program
	states     []*state
	timeout    int          // seconds; 0 means none
	events     atomic.Int32 // of the longest history so far, up to maxHint
}

// maxHint is the longest history that is made room for in advance.
const maxHint = 1024

// Definition is what the machine was compiled from.
func (m *Machine) Definition() *ast.Definition { return m.definition }

// Compile makes a definition ready to run. It reports everything that cannot be
// run as one error, each part with its place, such as /States/X/Choices/0. It
// checks only what it needs: Validate of package asl says more.
func Compile(definition *ast.Definition) (*Machine, error) {
	if definition == nil {
		return nil, errors.New("sim: no definition")
	}
	c := &compiler{machine: &Machine{definition: definition}}
	for _, p := range definition.OpenParts() {
		c.fail(p.Location, "fill the placeholder %s in first", p.Text)
	}
	c.machine.program = c.program(definition, "", "", false)
	if n, ok := definition.TimeoutSeconds.Int(); ok && n > 0 {
		c.machine.timeout = n
	}
	if len(c.errs) > 0 {
		return nil, fmt.Errorf("sim: the definition cannot be run: %w", errors.Join(c.errs...))
	}
	return c.machine, nil
}

// A program is a graph of states with its beginning: a machine, a branch, or the
// processor of a Map.
type program struct {
	start       *state
	distributed bool
	express     bool
}

// A state is one compiled state.
type state struct {
	id       int // in Machine.states
	name     string
	location string // "/States/X"
	kind     kind
	jsonata  bool
	next     *state // nil: the end of the program

	input, outputPath *selector // nil: the whole
	parameters        *template // Parameters, Arguments or ItemSelector
	selector          *template // ResultSelector
	resultPath        *jsonpath.Path
	discardResult     bool
	output            *template // Output
	assign            *template
	result            *template // Pass

	task     *taskSpec
	wait     *waitSpec
	fail     *failSpec
	rules    []*rule
	fallback *state // Default
	branches []*program
	fork     *mapSpec
	retries  []*retrier
	catches  []*catcher
}

type kind uint8

const (
	kindPass kind = iota
	kindTask
	kindChoice
	kindWait
	kindSucceed
	kindFail
	kindParallel
	kindMap
)

var kinds = map[ast.StateType]kind{
	ast.TypePass: kindPass, ast.TypeTask: kindTask, ast.TypeChoice: kindChoice, ast.TypeWait: kindWait,
	ast.TypeSucceed: kindSucceed, ast.TypeFail: kindFail, ast.TypeParallel: kindParallel, ast.TypeMap: kindMap,
}

// compiler collects what is wrong on its way through a definition.
type compiler struct {
	machine *Machine
	errs    []error
	depth   int
}

// maxNesting bounds how deep Map and Parallel states may nest.
const maxNesting = 200

func (c *compiler) fail(location, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", location, fmt.Sprintf(format, args...)))
}

func (c *compiler) program(d *ast.Definition, location string, enclosing ast.QueryLanguage, nested bool) *program {
	p := &program{}
	if c.depth++; c.depth > maxNesting {
		c.fail(location, "Map and Parallel states are nested too deeply")
		return p
	}
	defer func() { c.depth-- }()
	language := d.Language(enclosing)
	c.language(d.QueryLanguage, location)
	names := make(map[string]*state, len(d.States))
	compiled := make([]*state, len(d.States))
	for i, s := range d.States {
		compiled[i] = &state{id: len(c.machine.states), name: s.Name, location: location + "/States/" + s.Name}
		c.machine.states = append(c.machine.states, compiled[i])
		if names[s.Name] != nil {
			c.fail(compiled[i].location, "there are two states of this name")
		}
		names[s.Name] = compiled[i]
	}
	find := func(name, at string) *state {
		target := names[name]
		if target == nil {
			c.fail(at, "there is no state %q", name)
		}
		return target
	}
	for i, s := range d.States {
		c.state(compiled[i], s, language, find)
	}
	if d.StartAt == "" && len(d.States) == 0 {
		c.fail(location+"/States", "there is no state")
		return p
	}
	p.start = find(d.StartAt, location+"/StartAt")
	if config := d.ProcessorConfig; config != nil {
		p.distributed = config.Mode == "DISTRIBUTED"
		p.express = config.ExecutionType == "EXPRESS"
	}
	return p
}

func (c *compiler) language(name ast.QueryLanguage, location string) {
	if name != "" && name != ast.JSONPath && name != ast.JSONata {
		c.fail(location+"/QueryLanguage", "there is no query language %q: expected JSONPath or JSONata", name)
	}
}

// find resolves the name of a state in the same program.
type find func(name, at string) *state

func (c *compiler) state(s *state, d *ast.State, language ast.QueryLanguage, find find) {
	var ok bool
	if s.kind, ok = kinds[d.Type]; !ok {
		c.fail(s.location, "there is no type of state %q", d.Type)
		return
	}
	c.language(d.QueryLanguage, s.location)
	s.jsonata = d.Language(language) == ast.JSONata
	switch {
	case d.Next != "":
		s.next = find(d.Next, s.location+"/Next")
	case !d.End && s.kind != kindChoice && s.kind != kindSucceed && s.kind != kindFail:
		c.fail(s.location, "the state has neither Next nor End")
	}
	c.flow(s, d)
	switch s.kind {
	case kindPass:
		if d.Result.IsSet() {
			s.result = &template{value: d.Result.Value()}
		}
	case kindTask:
		c.task(s, d)
	case kindChoice:
		c.choice(s, d, find)
	case kindWait:
		c.wait(s, d)
	case kindFail:
		c.failure(s, d)
	case kindParallel:
		for i, branch := range d.Branches {
			s.branches = append(s.branches, c.program(branch, fmt.Sprintf("%s/Branches/%d", s.location, i), language, true))
		}
		if len(s.branches) == 0 {
			c.fail(s.location, "a Parallel state needs a branch")
		}
	case kindMap:
		c.mapState(s, d, language)
	}
	c.retry(s, d)
	c.catch(s, d, find)
}

// flow compiles the fields that lead data into a state and out of it.
func (c *compiler) flow(s *state, d *ast.State) {
	if d.Assign.IsSet() {
		s.assign = c.template(d.Assign.Value(), s.jsonata, s.location, "Assign")
	}
	if s.jsonata {
		if d.Arguments.IsSet() {
			s.parameters = c.template(d.Arguments.Value(), true, s.location, "Arguments")
		}
		if d.Output.IsSet() {
			s.output = c.template(d.Output.Value(), true, s.location, "Output")
		}
		return
	}
	s.input = c.selector(d.InputPath, s.location+"/InputPath")
	s.outputPath = c.selector(d.OutputPath, s.location+"/OutputPath")
	if d.Parameters.IsSet() {
		s.parameters = c.template(d.Parameters.Value(), false, s.location, "Parameters")
	}
	if d.ResultSelector.IsSet() {
		s.selector = c.template(d.ResultSelector.Value(), false, s.location, "ResultSelector")
	}
	s.resultPath, s.discardResult = c.resultPath(d.ResultPath, s.location+"/ResultPath")
}

// resultPath compiles a ResultPath; a nil path replaces the whole.
func (c *compiler) resultPath(f ast.Field, location string) (path *jsonpath.Path, discard bool) {
	if f.IsNull() {
		return nil, true
	}
	text, ok := f.Text()
	if !ok {
		if f.IsSet() {
			c.fail(location, "expected a reference path or null")
		}
		return nil, false
	}
	path, err := jsonpath.ParseReference(text)
	if err != nil {
		c.fail(location, "%v", err)
		return nil, false
	}
	if path.Scope() != jsonpath.Input {
		c.fail(location, "a result can be placed in the input only: begin the path with '$.'")
	}
	if path.IsRoot() {
		return nil, false
	}
	return path, false
}

// A selector is an InputPath or OutputPath: a path, or null for an empty object.
type selector struct{ path *jsonpath.Path }

func (c *compiler) selector(f ast.Field, location string) *selector {
	if !f.IsSet() {
		return nil
	}
	if f.IsNull() {
		return &selector{}
	}
	text, ok := f.Text()
	if !ok {
		c.fail(location, "expected a path or null")
		return nil
	}
	path := c.path(text, location)
	if path == nil || path.IsRoot() && path.Scope() == jsonpath.Input {
		return nil
	}
	return &selector{path}
}

func (c *compiler) path(text, location string) *jsonpath.Path {
	path, err := jsonpath.Parse(text)
	if err != nil {
		c.fail(location, "%v", err)
		return nil
	}
	return path
}
