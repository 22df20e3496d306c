package jsonata

import (
	"math"
	"strings"

	"airline/asl/jsonvalue"
)

// Print writes the source of a syntax tree, in one line and with only the parentheses it has. Compiling it again
// gives the same tree.
func Print(n Node) string {
	var p printer
	p.node(n)
	return p.String()
}

type printer struct {
	strings.Builder
	// keep is set while a [] that belongs to the path as a whole is still to be written: after a sort, a binding or
	// a grouping, since anywhere else it would belong to the step.
	keep bool
	// grouped is set when the grouping of the path has been written already.
	grouped bool
}

func (p *printer) node(n Node) {
	outer := p.keep
	p.keep = false
	if path, ok := n.(*Path); ok {
		// A single name has it itself.
		name, ok := path.Steps[0].(*Name)
		p.keep = path.KeepArray && !(ok && name.KeepArray)
	}
	grouped := p.grouped
	p.bare(n)
	p.attached(n)
	p.keep, p.grouped = outer, grouped
}

// step writes a step of a path. The [] of the path can stand after a sort, or after what is bound to the first step;
// after other steps it would belong to them.
func (p *printer) step(n Node, first bool) {
	keep := p.keep
	p.keep = false
	if s, ok := n.(*Sort); ok {
		p.sort(s)
		p.keep = keep
		p.whole()
		p.attached(n)
		return
	}
	p.bare(n)
	if !first {
		p.attached(n)
		p.keep = keep
		return
	}
	p.keep = keep
	p.attached(n)
	b := n.Common()
	if _, isName := n.(*Name); b.Focus != "" && b.KeepArray && b.Stages == nil && isName {
		p.whole()
	}
}

// attached writes what stands after a node.
func (p *printer) attached(n Node) {
	b := n.Common()
	if _, isPath := n.(*Path); isPath {
		if b.Group != nil && !p.grouped {
			p.pairs(b.Group.Pairs)
		}
		if p.keep {
			p.WriteString("[]")
		}
		return
	}
	keep := b.KeepArray && !inherited(n)
	if keep && b.Group == nil {
		p.WriteString("[]")
	}
	if b.Group != nil && b.Predicates == nil {
		// Only filters can have come before the grouping, and only bindings after it; a focus comes before filters.
		filtered := len(b.Stages) > 0 && b.Stages[0].Filter != nil
		if filtered {
			p.focus(b.Focus)
		}
		p.stages(b, true, false)
		p.group(b, keep)
		if !filtered {
			p.focus(b.Focus)
		}
		p.index(b.Index)
		p.stages(b, false, true)
		return
	}
	p.focus(b.Focus)
	for _, f := range b.Predicates {
		p.list("[", []Node{f}, "]")
	}
	if b.Group != nil {
		p.group(b, keep)
	}
	p.index(b.Index)
	p.stages(b, true, true)
}

func (p *printer) group(b *Base, keep bool) {
	p.pairs(b.Group.Pairs)
	if keep {
		p.WriteString("[]")
	}
}

func (p *printer) focus(name string) {
	if name != "" {
		p.WriteString("@$" + name)
	}
}

func (p *printer) index(name string) {
	if name != "" {
		p.WriteString("#$" + name)
		p.whole()
	}
}

// whole writes the [] of the path, if it is still to be written.
func (p *printer) whole() {
	if p.keep {
		p.WriteString("[]")
		p.keep = false
	}
}

func (p *printer) stages(b *Base, filters, bindings bool) {
	for _, s := range b.Stages {
		switch {
		case s.Filter != nil && filters:
			p.list("[", []Node{s.Filter}, "]")
		case s.Filter == nil && bindings:
			p.index(s.Index)
		}
	}
}

// inherited reports whether a node keeps arrays because one of its parts does.
func inherited(n Node) bool {
	a, ok := n.(*Apply)
	return ok && (a.Left.Common().KeepArray || a.Right.Common().KeepArray)
}

func (p *printer) list(open string, nodes []Node, end string) {
	p.WriteString(open)
	for i, n := range nodes {
		if i > 0 {
			p.WriteString(", ")
		}
		if n == nil {
			p.WriteByte('?')
		} else {
			p.node(n)
		}
	}
	p.WriteString(end)
}

func (p *printer) pairs(pairs []Pair) {
	p.WriteByte('{')
	for i, pair := range pairs {
		if i > 0 {
			p.WriteString(", ")
		}
		p.node(pair.Key)
		p.WriteString(": ")
		p.node(pair.Value)
	}
	p.WriteByte('}')
}

func (p *printer) bare(n Node) {
	switch n := n.(type) {
	case *Literal:
		if f, ok := n.Value.(float64); ok && f == 0 && math.Signbit(f) {
			p.WriteByte('-')
		}
		p.WriteString(jsonvalue.String(n.Value))
	case *Regex:
		p.WriteString("/" + n.Pattern + "/" + n.Flags)
	case *Name:
		if n.Predicates != nil || n.Group != nil {
			// Only a string as the first step of a path can have these and become a name.
			p.WriteString(jsonvalue.String(n.Value))
			break
		}
		p.name(n.Value)
	case *Wildcard:
		p.WriteByte('*')
	case *Descendant:
		p.WriteString("**")
	case *Parent:
		p.WriteByte('%')
	case *Variable:
		p.WriteString("$" + n.Name)
	case *Path:
		p.path(n)
	case *Binary:
		p.node(n.Left)
		p.WriteString(" " + n.Op + " ")
		p.node(n.Right)
	case *Negate:
		p.WriteByte('-')
		p.node(n.Operand)
	case *Array:
		p.list("[", n.Items, "]")
	case *Object:
		p.pairs(n.Pairs)
	case *Block:
		p.WriteByte('(')
		for i, x := range n.Expressions {
			if i > 0 {
				p.WriteString("; ")
			}
			p.node(x)
		}
		p.WriteByte(')')
	case *Condition:
		p.node(n.If)
		p.WriteString(" " + n.Op + " ")
		if n.Op == "?" {
			p.node(n.Then)
			if n.Else != nil {
				p.WriteString(" : ")
			}
		}
		if n.Else != nil {
			p.node(n.Else)
		}
	case *Bind:
		p.WriteString("$" + n.Name + " := ")
		p.node(n.Value)
	case *Apply:
		p.node(n.Left)
		p.WriteString(" ~> ")
		p.node(n.Right)
	case *Call:
		p.node(n.Function)
		p.list("(", n.Arguments, ")")
	case *Lambda:
		p.WriteString("function(")
		for i, name := range n.Parameters {
			if i > 0 {
				p.WriteString(", ")
			}
			p.WriteString("$" + name)
		}
		p.WriteString(")" + n.Signature + "{")
		p.node(n.Body)
		p.WriteByte('}')
	case *Transform:
		p.WriteByte('|')
		p.node(n.Pattern)
		p.WriteByte('|')
		p.node(n.Update)
		if n.Delete != nil {
			p.WriteString(", ")
			p.node(n.Delete)
		}
		p.WriteByte('|')
	case *Sort:
		p.sort(n)
	}
}

func (p *printer) sort(n *Sort) {
	p.WriteString("^(")
	for i, t := range n.Terms {
		if i > 0 {
			p.WriteString(", ")
		}
		if t.Descending {
			p.WriteByte('>')
		}
		p.node(t.Expression)
	}
	p.WriteByte(')')
}

func (p *printer) path(n *Path) {
	p.grouped = false
	for i, step := range n.Steps {
		if _, sort := step.(*Sort); i > 0 && !sort {
			p.WriteByte('.')
		}
		if _, ok := step.(*Negate); ok && i > 0 && n.Group != nil && !p.grouped && step.Common().bound() {
			// What is written after a minus belongs to its operand, except after a grouping.
			p.afterGroup(step, n.Group)
			continue
		}
		p.step(step, i == 0)
	}
}

// afterGroup writes a step with the grouping of the path between it and what is attached to it.
func (p *printer) afterGroup(step Node, g *Group) {
	b := step.Common()
	keep := p.keep
	p.keep = false
	p.bare(step)
	p.pairs(g.Pairs)
	if p.keep = keep; !b.KeepArray {
		p.whole()
	}
	p.focus(b.Focus)
	if b.KeepArray {
		p.WriteString("[]")
		p.keep = false
	}
	p.index(b.Index)
	p.stages(b, true, true)
	p.grouped = true
}

// bound reports whether anything but a grouping is attached to a step.
func (b *Base) bound() bool { return b.Focus != "" || b.Index != "" || b.Stages != nil }

// name writes a field name, in backquotes where it would not be read as one.
func (p *printer) name(s string) {
	plain := s != "" && !strings.ContainsAny(s, operators1+" \t\n\r\v") && strings.IndexByte("0123456789$\"'`", s[0]) < 0
	switch s {
	case "true", "false", "null", "and", "or", "in", "function", "λ":
		plain = false
	}
	switch {
	case plain:
		p.WriteString(s)
	case !strings.ContainsRune(s, '`'):
		p.WriteString("`" + s + "`")
	default:
		p.WriteString(jsonvalue.String(s))
	}
}
