package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
)

// Scope says what a path starts from.
type Scope uint8

// The three things that a path of Step Functions starts from.
const (
	Input    Scope = iota // $: the state's (effective) input or result
	Context               // $$: the context object
	Variable              // $name: a variable that a state assigned
)

// Kind is the kind of a Step.
type Kind uint8

// The kinds of steps.
const (
	Property    Kind = iota // .name or ['name']
	Index                   // [n], negative from the end
	Wildcard                // .* or [*]
	Slice                   // [from:to]
	Union                   // ['a','b'] or [0,2]
	Filter                  // [?(...)]
	Descendants             // .. before the step that follows
	Function                // .length() and the like, always last
)

// A Step is one part of a path, as dataflow checks read it.
type Step struct {
	Kind   Kind
	Name   string // of a Property or Function
	Index  int    // of an Index
	Offset int    // where the step begins in the path's text, in bytes
}

// A Path is a parsed JSONPath expression.
type Path struct {
	source   string
	scope    Scope
	variable string
	steps    []step
	plain    bool // only single names and indexes: one value, found without collecting
	definite bool
	scan     bool // the argument of a function: names may be missing
}

type step struct {
	kind     Kind
	name     string
	index    int
	names    []string
	indexes  []int
	from, to *int
	filter   condition
	args     []any
	offset   int
	reached  bool // by single names and indexes only, so that what is missing is an error
}

// Scope says what the path starts from.
func (p *Path) Scope() Scope { return p.scope }

// Variable is the name of the variable that the path starts from, or "".
func (p *Path) Variable() string { return p.variable }

// Definite reports whether the path can match one place only, and so yields the
// value there rather than an array of matches.
func (p *Path) Definite() bool { return p.definite }

// IsRoot reports whether the path selects the whole of what it starts from.
func (p *Path) IsRoot() bool { return len(p.steps) == 0 }

// IsReference reports whether the path is a reference path: names and single
// indexes only.
func (p *Path) IsReference() bool { return p.plain }

// String gives the path as it was written.
func (p *Path) String() string { return p.source }

// Steps lists the parts of the path.
func (p *Path) Steps() []Step {
	steps := make([]Step, len(p.steps))
	for i, s := range p.steps {
		steps[i] = Step{Kind: s.kind, Name: s.name, Index: s.index, Offset: s.offset}
	}
	return steps
}

// canonical writes the first n steps as Jayway does in its messages: $['a'][0].
func (p *Path) canonical(n int) string {
	var b strings.Builder
	b.WriteByte('$')
	for i := range p.steps[:n] {
		p.steps[i].writeTo(&b)
	}
	return b.String()
}

func (s *step) writeTo(b *strings.Builder) {
	switch s.kind {
	case Property:
		b.WriteString("['" + s.name + "']")
	case Index:
		b.WriteString("[" + strconv.Itoa(s.index) + "]")
	case Wildcard:
		b.WriteString("[*]")
	case Slice:
		b.WriteByte('[')
		if s.from != nil {
			b.WriteString(strconv.Itoa(*s.from))
		}
		b.WriteByte(':')
		if s.to != nil {
			b.WriteString(strconv.Itoa(*s.to))
		}
		b.WriteByte(']')
	case Union:
		b.WriteByte('[')
		for i, n := range s.names {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("'" + n + "'")
		}
		for i, n := range s.indexes {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(']')
	case Filter:
		b.WriteString("[?]")
	case Descendants:
		b.WriteString("..")
	case Function:
		b.WriteString("." + s.name + "()")
	}
}

// A SyntaxError says why a text is not a path.
type SyntaxError struct {
	Path    string // the whole text
	Offset  int    // where the mistake is, in bytes from its start
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("path %q, offset %d: %s", e.Path, e.Offset, e.Message)
}

// A NotFoundError says that a definite path has no match, in Jayway's words.
type NotFoundError struct {
	Path   string
	Reason string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("Invalid path '%s' : %s", e.Path, e.Reason)
}
