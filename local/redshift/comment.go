package redshift

import "strings"

// commentOn is COMMENT ON TABLE t IS text, or ON COLUMN t.c.
type commentOn struct {
	target
	column string // "" of a table
	text   string // "" takes the comment away
}

// commentOn reads what comes after COMMENT.
func (p *parser) commentOn() *commentOn {
	p.expect("on")
	n := &commentOn{}
	switch t := p.next(); {
	case t.Is("table"):
		n.target = p.target()
	case t.Is("column"):
		n.at = at(p.peek().Start)
		parts := []string{p.name()}
		for p.accept(".") {
			parts = append(parts, p.name())
		}
		switch len(parts) {
		case 2:
			n.Table, n.column = parts[0], parts[1]
		case 3:
			n.Schema, n.Table, n.column = parts[0], parts[1], parts[2]
		default:
			p.fail(int(n.at), "column name must be qualified")
		}
	default:
		panic(notModelled(t.Start, "COMMENT ON "+strings.ToUpper(t.Value)))
	}
	p.expect("is")
	switch t := p.next(); {
	case t.Kind == text, t.Kind == dollar:
		n.text = t.Value
	case !t.Is("null"):
		p.syntax(t)
	}
	return n
}

// comment writes COMMENT ON: it is one of the table's attributes.
func (b *binder) comment(n *commentOn) string {
	return b.noted(n.target, "comment on", func(rel *Relation, a *attributes) {
		if n.column == "" {
			a.Comment = n.text
			return
		}
		b.column(rel, n.column, int(n.at))
		a.column(n.column, func(c *columnAttribute) { c.Comment = n.text })
	})
}
