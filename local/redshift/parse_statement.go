package redshift

import "strings"

// otherStatements are statements of Redshift that are known here; what is in neither list is a syntax error.
var otherStatements = set(`abort alter analyze attach begin call cancel close comment commit copy create deallocate declare delete detach drop
	end execute explain fetch grant insert lock merge prepare refresh reset revoke rollback set show start truncate unload update use vacuum`)

func (p *parser) statement(st *Statement) {
	t := p.peek()
	if p.queryStarts() || t.is("values") {
		st.Verb, st.node = "select", &selectStatement{p.query()}
		return
	}
	if t.kind == word && otherStatements[t.val] {
		panic(notModelled(t.start, strings.ToUpper(t.val)))
	}
	p.syntax(t)
}

// IsQuery reports whether a text begins as a query does, perhaps in brackets or behind WITH.
func IsQuery(src string) bool {
	tokens, err := lex(src)
	if err != nil {
		return false
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
