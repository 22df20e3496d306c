package redshift

import "strings"

// otherStatements are statements of Redshift that are known here; what is in neither list is a syntax error.
var otherStatements = set(`abort alter analyze attach begin call cancel close comment commit copy create deallocate declare detach drop
	end execute explain fetch grant lock prepare refresh reset revoke rollback set show start truncate unload use vacuum`)

func (p *parser) statement(st *Statement) {
	t := p.peek()
	if p.queryStarts() || t.is("values") {
		q := p.query()
		st.Verb, st.node = "select", &selectStatement{q}
		if s, ok := q.body.(*selectQuery); ok && s.into != nil { // SELECT INTO is CREATE TABLE AS
			st.Verb, st.node = "create", &createTable{target: *s.into, temporary: s.into.Table[0] == '#', query: q}
			s.into = nil
		}
		return
	}
	if p.changes(st, t) {
		return
	}
	if t.kind == word && otherStatements[t.val] {
		panic(notModelled(t.start, strings.ToUpper(t.val)))
	}
	p.syntax(t)
}

// changes reads a statement that changes rows or makes tables and views.
func (p *parser) changes(st *Statement, t token) bool {
	switch {
	case t.is("insert"):
		st.node = p.insert()
	case t.is("update"):
		st.node = p.update()
	case t.is("delete"):
		st.node = p.delete()
	case t.is("merge"):
		st.node = p.merge()
	case t.is("create") && p.createsTable():
		p.next()
		st.node = p.createTable()
	case t.is("create") && (p.peekAt(1).is("view") || p.peekAt(3).is("view")):
		p.next()
		if st.node = p.createView(); len(p.params) > 0 {
			p.fail(t.start, "a view has no parameters")
		}
	case t.is("alter") && p.addsColumn():
		p.expect("alter", "table")
		n := &addColumn{target: p.target()}
		p.expect("add")
		p.accept("column")
		n.column = p.columnDefinition(&attributes{})
		st.node = n
	default:
		return false
	}
	st.Verb = t.val
	return true
}

func (p *parser) createsTable() bool {
	t := p.peekAt(1)
	return t.is("table") || t.is("temp") || t.is("temporary") || t.is("local")
}

// addsColumn reports whether ALTER TABLE name ADD comes next.
func (p *parser) addsColumn() bool {
	if !p.peekAt(1).is("table") {
		return false
	}
	n := 3
	for p.peekAt(n).is(".") {
		n += 2
	}
	return p.peekAt(n).is("add") && !p.peekAt(n+1).is("primary") && !p.peekAt(n+1).is("foreign") && !p.peekAt(n+1).is("unique") && !p.peekAt(n+1).is("constraint")
}

// Understood reports whether a text begins as a statement that [Parse] reads: a query, perhaps in brackets or behind WITH, a
// change of rows, or what makes tables and views. The other statements of Redshift are not of this package.
func Understood(src string) bool {
	tokens, err := lex(src)
	if err != nil {
		return false
	}
	p := &parser{src: src, tokens: tokens}
	switch t := tokens[0]; {
	case t.is("insert"), t.is("update"), t.is("delete"), t.is("merge"):
		return true
	case t.is("create"):
		return p.createsTable() || p.peekAt(1).is("view") || p.peekAt(3).is("view")
	case t.is("alter"):
		return p.addsColumn()
	}
	depth := 0
	for i, t := range tokens {
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		case i == 0 && t.is("with"), depth > 0 && i > 0 && !tokens[i-1].is("("):
		case t.is("select"), t.is("values"):
			return true
		case depth == 0 && (t.is("insert") || t.is("update") || t.is("delete")) || i == 0 || depth > 0 && tokens[0].is("("):
			return false
		}
	}
	return false
}
