package ast

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"strconv"
)

// Parse reads a definition from JSON. The error is Diagnostics: every problem
// of the text at once, each with line and column: what is no JSON, duplicate
// names, fields that the language does not have, values of the wrong kind. The
// definition is returned with the error as far as it could be read, so that
// Validate can say more about it; it is nil when the text is no JSON object.
//
// Parse looks at the form only. Whether the definition makes sense, and which
// fields a type of state may have, is for Validate.
//
// A byte order mark is skipped.
func Parse(data []byte) (*Definition, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	lines := []int{0}
	for i, c := range data {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return ParseAt(data, func(offset int) Position {
		line := sort.SearchInts(lines, offset+1)
		return Position{Line: line, Column: offset - lines[line-1] + 1}
	})
}

// ParseAt is Parse for JSON that was written from another text: position is the
// place in that text of an offset in data.
func ParseAt(data []byte, position func(offset int) Position) (*Definition, error) {
	p := &parser{position: position}
	root, err := readTree(data)
	if err != nil {
		var syntax *syntaxError
		if errors.As(err, &syntax) {
			if syntax.deep {
				p.report(syntax.offset, "", "move the inner part into a text, an object in S3 or another machine", "the definition is nested too deep: more than %d levels", maxDepth)
			} else {
				p.report(syntax.offset, "", "a definition is one JSON object (RFC 8259)", "not JSON: %s", syntax.reason)
			}
		}
		return nil, p.problems
	}
	if root.kind != kindObject {
		p.report(root.offset, "", "a definition is one JSON object with StartAt and States", "the definition is %v, not an object", root.kind)
		return nil, p.problems
	}
	if what, advice := wrapped(&root); what != "" {
		p.report(root.offset, "", advice, "this is %s, not a definition", what)
		return nil, p.problems
	}
	d := p.definition(&root, "")
	d.text = &text{data: data, position: position}
	if len(p.problems) > 0 {
		return d, p.problems
	}
	return d, nil
}

// ParseString is Parse of a text.
func ParseString(text string) (*Definition, error) { return Parse([]byte(text)) }

type parser struct {
	position func(offset int) Position
	problems Diagnostics
}

// wrapped tells of an object that has a definition in it, and is none, what it is
// and how to get the definition.
func wrapped(n *jsonNode) (what, advice string) {
	has := func(name string) bool {
		return slices.ContainsFunc(n.members, func(m member) bool { return m.name == name })
	}
	switch {
	case has("States") || has("StartAt"):
		return "", ""
	case has("stateMachineArn") && has("definition"):
		return "the answer of describe-state-machine", "take its member definition: jq -r .definition FILE"
	case has("Resources") || has("AWSTemplateFormatVersion"):
		return "a CloudFormation template", "take the property Definition of a AWS::Serverless::StateMachine or AWS::StepFunctions::StateMachine in it, or the text of its DefinitionString"
	case has("Type") && has("Properties"):
		return "a resource of a CloudFormation template", "take its property Definition, or the text of its DefinitionString"
	case has("Definition") || has("DefinitionString"):
		return "the properties of a state machine", "take Definition, or the text of DefinitionString"
	case has("Type") && (has("Next") || has("End") || has("Resource")):
		return "a single state", `put it into a definition: {"StartAt": "S", "States": {"S": {...}}}`
	}
	return "", ""
}

func (p *parser) report(offset int, location, detail, format string, args ...any) {
	p.problems.Add(SeverityError, p.position(offset), location, detail, format, args...)
}

// readFields reads the object n into the struct that the table describes.
// other, when given, takes names that the table lacks; more are names that it takes.
func readFields[T any](p *parser, n *jsonNode, location, what string, table []fieldOf[T], into *T, src *source, other func(member, *jsonNode, string) bool, more ...string) {
	src.Pos = p.position(n.offset)
	if n.kind != kindObject {
		p.report(n.offset, location, "write "+what+" as {...}", "%s must be an object, not %v", what, n.kind)
		return
	}
	seen := make(map[string]bool, len(n.members))
	for i, m := range n.members {
		v, at := &n.items[i], Pointer(location, m.name)
		if seen[m.name] {
			p.duplicate(m, location)
			continue
		}
		seen[m.name] = true
		k := slices.IndexFunc(table, func(f fieldOf[T]) bool { return f.name == m.name })
		if k < 0 {
			if other == nil || !other(m, v, at) {
				names := make([]string, len(table))
				for i := range table {
					names[i] = table[i].name
				}
				names = append(names, more...)
				p.report(m.offset, at, suggest(m.name, names), "%s has no field %q", what, m.name)
			}
			continue
		}
		target := table[k].at(into)
		if text, ok := templateIntrinsic(v); ok && table[k].accept != template {
			src.written(m.name, v.value())
			v = &jsonNode{kind: kindString, offset: v.offset, text: text}
		}
		if isPlaceholder(v) && mayBeOpen(target) {
			src.openFor(m.name, v.text)
			continue
		}
		if zero := p.read(target, v, table[k].accept, at); zero {
			src.explicit |= 1 << k
		}
	}
}

func (p *parser) duplicate(m member, location string) {
	p.report(m.offset, Pointer(location, m.name), "the earlier one would be lost; remove one of them", "duplicate name %q", m.name)
}

// read reads n into the Go value that target points to. It tells whether the
// value is present and yet the zero value.
func (p *parser) read(target any, n *jsonNode, accept kind, at string) (zero bool) {
	want := func(k kind) bool {
		if n.kind&k == 0 {
			p.report(n.offset, at, "", "%s is expected here, not %v", k, n.kind)
			return false
		}
		return true
	}
	switch t := target.(type) {
	case *Field:
		p.duplicates(n, at)
		if want(accept) {
			*t = Field{n.value(), true}
		}
	case *string:
		if want(kindString) {
			*t = n.text
			return n.text == ""
		}
	case *bool:
		if want(kindBool) {
			*t = n.text == "true"
			return !*t
		}
	case *[]string:
		if want(kindArray) {
			*t = make([]string, 0, len(n.items))
			for i := range n.items {
				var s string
				p.read(&s, &n.items[i], 0, Pointer(at, strconv.Itoa(i)))
				*t = append(*t, s)
			}
		}
	case *[]*State:
		if want(kindObject) {
			*t = p.states(n, at)
		}
	case *[]*Definition:
		readList(p, t, n, at, p.definition)
	case **Definition:
		*t = p.definition(n, at)
	case *[]*Rule:
		readList(p, t, n, at, p.rule)
	case **Rule:
		*t = p.rule(n, at)
	case *[]*Retrier:
		readList(p, t, n, at, func(n *jsonNode, at string) *Retrier {
			r := &Retrier{}
			readFields(p, n, at, "a retrier", retrierFields, r, &r.source, nil)
			return r
		})
	case *[]*Catcher:
		readList(p, t, n, at, func(n *jsonNode, at string) *Catcher {
			c := &Catcher{}
			readFields(p, n, at, "a catcher", catcherFields, c, &c.source, nil)
			return c
		})
	case **ProcessorConfig:
		*t = &ProcessorConfig{}
		readFields(p, n, at, "ProcessorConfig", processorConfigFields, *t, &(*t).source, nil)
	case **ItemReader:
		*t = &ItemReader{}
		readFields(p, n, at, "ItemReader", itemReaderFields, *t, &(*t).source, nil)
	case **ReaderConfig:
		*t = &ReaderConfig{}
		readFields(p, n, at, "ReaderConfig", readerConfigFields, *t, &(*t).source, nil)
	case **ItemBatcher:
		*t = &ItemBatcher{}
		readFields(p, n, at, "ItemBatcher", itemBatcherFields, *t, &(*t).source, nil)
	case **ResultWriter:
		*t = &ResultWriter{}
		readFields(p, n, at, "ResultWriter", resultWriterFields, *t, &(*t).source, nil)
	case **WriterConfig:
		*t = &WriterConfig{}
		readFields(p, n, at, "WriterConfig", writerConfigFields, *t, &(*t).source, nil)
	}
	return false
}

func readList[T any](p *parser, into *[]*T, n *jsonNode, at string, read func(*jsonNode, string) *T) {
	if n.kind != kindArray {
		p.report(n.offset, at, "", "an array is expected here, not %v", n.kind)
		return
	}
	*into = make([]*T, 0, len(n.items))
	for i := range n.items {
		*into = append(*into, read(&n.items[i], Pointer(at, strconv.Itoa(i))))
	}
}

func (p *parser) definition(n *jsonNode, at string) *Definition {
	d := &Definition{}
	what := "a state machine"
	if at != "" {
		what = "a branch or processor"
	}
	readFields(p, n, at, what, definitionFields, d, &d.source, nil)
	return d
}

func (p *parser) states(n *jsonNode, at string) []*State {
	states := make([]*State, 0, len(n.items))
	seen := make(map[string]bool, len(n.items))
	for i, m := range n.members {
		location := Pointer(at, m.name)
		if seen[m.name] {
			p.report(m.offset, location, "the earlier one would be lost; rename one of them", "duplicate state %q", m.name)
			continue
		}
		seen[m.name] = true
		s := &State{Name: m.name}
		readFields(p, &n.items[i], location, "a state", stateFields, s, &s.source, nil)
		states = append(states, s)
	}
	return states
}

func (p *parser) rule(n *jsonNode, at string) *Rule {
	r := &Rule{}
	readFields(p, n, at, "a choice rule", ruleFields, r, &r.source, func(m member, v *jsonNode, at string) bool {
		op := Operator(m.name)
		if !op.Known() {
			return false
		}
		if r.Operator != "" {
			p.report(m.offset, at, "a rule has exactly one comparison; combine two with And or Or",
				"the rule has a second comparison operator beside %s", r.Operator)
			return true
		}
		r.Operator, r.Operand = op, v.value()
		return true
	}, operatorNames...)
	return r
}

// duplicates reports duplicate names anywhere in a payload.
func (p *parser) duplicates(n *jsonNode, at string) {
	var seen map[string]bool
	if n.kind == kindObject && len(n.members) > 1 {
		seen = make(map[string]bool, len(n.members))
	}
	for i := range n.items {
		element := ""
		if n.kind == kindObject {
			m := n.members[i]
			element = m.name
			if seen[element] {
				p.duplicate(m, at)
			} else if seen != nil {
				seen[element] = true
			}
		}
		if n.items[i].items == nil {
			continue
		}
		if element == "" {
			element = strconv.Itoa(i)
		}
		p.duplicates(&n.items[i], Pointer(at, element))
	}
}
