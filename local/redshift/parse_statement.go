package redshift

import "strings"

// otherStatements are statements of Redshift that are known here; what is in neither list is a syntax error.
var otherStatements = set(`abort alter analyze attach begin call cancel close comment commit copy create deallocate declare detach drop
	end execute explain fetch grant lock prepare refresh reset revoke rollback set show start truncate unload use vacuum`)

func (p *parser) statement(st *Statement) {
	t := p.peek()
	if p.queryStarts() || t.Is("values") {
		q := p.query()
		st.Verb, st.node = "select", &selectStatement{q}
		if s, ok := q.body.(*selectQuery); ok && s.into != nil { // SELECT INTO is CREATE TABLE AS
			st.Verb, st.node = "create", &createTable{target: *s.into, temporary: s.into.Table[0] == '#', query: q}
			s.into = nil
		}
		return
	}
	if p.accept("explain") {
		st.Verb, st.node = "explain", p.explain(t)
		return
	}
	if p.changes(st, t) {
		return
	}
	if t.Kind == word && otherStatements[t.Value] {
		panic(notModelled(t.Start, strings.ToUpper(t.Value)))
	}
	p.syntax(t)
}

// changes reads a statement that changes rows or makes tables and views.
func (p *parser) changes(st *Statement, t Token) bool {
	switch {
	case t.Is("insert"):
		st.node = p.insert()
	case t.Is("update"):
		st.node = p.update()
	case t.Is("delete"):
		st.node = p.delete()
	case t.Is("merge"):
		st.node = p.merge()
	case t.Is("create") && p.createsTable():
		p.next()
		st.node = p.createTable()
	case t.Is("create") && (p.peekAt(1).Is("view") || p.peekAt(3).Is("view")):
		p.next()
		if st.node = p.createView(); len(p.params) > 0 {
			p.fail(t.Start, "a view has no parameters")
		}
	case p.accept("create", "materialized", "view"):
		if st.node = p.createMaterialized(); len(p.params) > 0 {
			p.fail(t.Start, "a view has no parameters")
		}
	case p.accept("refresh", "materialized", "view"):
		st.node = p.refreshMaterialized()
	case p.accept("drop", "materialized", "view"):
		st.node = p.dropMaterialized()
	case t.Is("alter") && p.changesColumn():
		st.node = p.alters()
	case p.accept("comment"):
		st.node = p.commentOn()
	default:
		return false
	}
	st.Verb = t.Value
	return true
}

func (p *parser) createsTable() bool {
	t := p.peekAt(1)
	return t.Is("table") || t.Is("temp") || t.Is("temporary") || t.Is("local")
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
	case t.Is("insert"), t.Is("update"), t.Is("delete"), t.Is("merge"):
		return true
	case t.Is("create"):
		return p.createsTable() || p.peekAt(1).Is("view") || p.peekAt(2).Is("view") || p.peekAt(3).Is("view")
	case t.Is("explain"), t.Is("comment"):
		return true
	case t.Is("refresh"), t.Is("drop"):
		return p.peekAt(1).Is("materialized")
	case t.Is("alter"):
		return p.changesColumn()
	}
	depth := 0
	for i, t := range tokens {
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		case i == 0 && t.Is("with"), depth > 0 && i > 0 && !tokens[i-1].Is("("):
		case t.Is("select"), t.Is("values"):
			return true
		case depth == 0 && (t.Is("insert") || t.Is("update") || t.Is("delete")) || i == 0 || depth > 0 && tokens[0].Is("("):
			return false
		}
	}
	return false
}
