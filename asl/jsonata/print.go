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

type printer struct{ strings.Builder }

func (p *printer) node(n Node) {
	p.bare(n)
	p.attached(n)
}

// attached writes what stands after a node.
func (p *printer) attached(n Node) {
	b := n.Common()
	if a, ok := n.(*Apply); b.KeepArray && !(ok && (a.Left.Common().KeepArray || a.Right.Common().KeepArray)) {
		if path, ok := n.(*Path); !ok || len(path.Steps) != 1 || !path.Steps[0].Common().KeepArray {
			p.WriteString("[]")
		}
	}
	for _, f := range b.Predicates {
		p.list("[", []Node{f}, "]")
	}
	if b.Focus != "" {
		p.WriteString("@$" + b.Focus)
	}
	if b.Index != "" {
		p.WriteString("#$" + b.Index)
	}
	for _, s := range b.Stages {
		if s.Filter != nil {
			p.list("[", []Node{s.Filter}, "]")
		} else {
			p.WriteString("#$" + s.Index)
		}
	}
	if b.Group != nil {
		p.pairs(b.Group.Pairs)
	}
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
}

func (p *printer) path(n *Path) {
	for i, step := range n.Steps {
		if _, sort := step.(*Sort); i > 0 && !sort {
			p.WriteByte('.')
		}
		p.node(step)
	}
}

// name writes a field name, in backquotes where it would not be read as one.
func (p *printer) name(s string) {
	plain := s != "" && !strings.ContainsAny(s, operators1+" \t\n\r\v\"'`") && !(s[0] >= '0' && s[0] <= '9') && s[0] != '$'
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
