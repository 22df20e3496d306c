package catalog

import (
	"slices"
	"strings"
)

// Translate writes a query of system relations for DuckDB. It reports whether it is one: a query that names other relations is
// for whoever knows those. What it writes has the relations of this package, functions of a list, texts, numbers and names, and the
// words of SELECT; everything else is an error.
func (c *Catalog) Translate(sql string) (duck string, ok bool, err error) {
	tokens, err := lex(sql)
	if err != nil {
		return "", false, nil // whoever parses it says why
	}
	for len(tokens) > 1 && tokens[len(tokens)-2].is(";") {
		tokens = append(tokens[:len(tokens)-2], tokens[len(tokens)-1])
	}
	if !tokens[0].is("select") && !tokens[0].is("with") && !tokens[0].is("(") {
		return "", false, nil
	}
	t := &translator{catalog: c, tokens: tokens}
	t.findNames()
	system, other := t.relations()
	if other || !system && !t.leader() {
		return "", false, nil
	}
	if err := t.walk(); err != nil {
		return "", true, err
	}
	prefix := c.with(t.used)
	if prefix != "" {
		prefix = "WITH RECURSIVE " + prefix
		if t.hasWith {
			prefix += ","
		}
		prefix += " "
	}
	return prefix + strings.TrimSpace(t.out.String()), true, nil
}

type translator struct {
	catalog *Catalog
	tokens  []token
	i       int
	out     strings.Builder
	used    []string // relations
	ctes    []string
	hasWith bool
}

func (t *translator) at(i int) token {
	if i < 0 || i >= len(t.tokens) {
		return t.tokens[len(t.tokens)-1]
	}
	return t.tokens[i]
}

// findNames notes the names that WITH gives to queries.
func (t *translator) findNames() {
	t.hasWith = t.tokens[0].is("with")
	for i, tok := range t.tokens {
		if !tok.isName() || !t.at(i-1).is("with") && !t.at(i-1).is("recursive") && !t.at(i-1).is(",") {
			continue
		}
		j := i + 1
		if t.at(j).is("(") {
			j = t.closing(j) + 1
		}
		if t.at(j).is("as") && t.at(j+1).is("(") {
			t.ctes = append(t.ctes, tok.val)
		}
	}
}

// closing is the place of the bracket that closes the one at i.
func (t *translator) closing(i int) int {
	for depth := 0; i < len(t.tokens)-1; i++ {
		switch tok := t.tokens[i]; {
		case tok.is("("), tok.is("["):
			depth++
		case tok.is(")"), tok.is("]"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(t.tokens) - 1
}

// inFrom reports whether a relation is expected at i: after FROM, JOIN, or a comma of a FROM clause.
func (t *translator) inFrom(i int) bool {
	before := t.at(i - 1)
	switch {
	case before.is("join"):
		return true
	case before.is("from"):
		return !t.insideFunction(i - 1)
	case before.is("("):
		return t.at(i).isName() && t.inFrom(i-1) // FROM (a JOIN b)
	case !before.is(","):
		return false
	}
	depth := 0
	for j := i - 2; j >= 0; j-- {
		switch tok := t.at(j); {
		case tok.is(")"), tok.is("]"):
			depth++
		case tok.is("("), tok.is("["):
			if depth--; depth < 0 {
				return false
			}
		case depth > 0:
		case tok.is("from"):
			return !t.insideFunction(j)
		case tok.is("select"), tok.is("where"), tok.is("group"), tok.is("order"), tok.is("having"), tok.is("on"), tok.is("limit"), tok.is("with"), tok.is("using"):
			return false
		}
	}
	return false
}

// insideFunction reports whether FROM belongs to EXTRACT, TRIM or SUBSTRING.
func (t *translator) insideFunction(i int) bool {
	depth := 0
	for i--; i >= 0; i-- {
		switch tok := t.at(i); {
		case tok.is(")"):
			depth++
		case tok.is("("):
			if depth--; depth < 0 {
				f := t.at(i - 1)
				return f.is("extract") || f.is("trim") || f.is("substring")
			}
		case depth == 0 && tok.is("select"):
			return false
		}
	}
	return false
}

// name reads [schema.]name at i, or database.schema.name of this database, and gives the place after it.
func (t *translator) name(i int) (schema, name string, next int) {
	var parts []string
	for {
		parts = append(parts, strings.ToLower(t.at(i).val))
		i++
		if !t.at(i).is(".") || !t.at(i+1).isName() {
			break
		}
		i++
	}
	if len(parts) == 3 && parts[0] == strings.ToLower(t.catalog.state.Database) {
		parts = parts[1:]
	}
	if len(parts) == 1 {
		return "", parts[0], i
	}
	return strings.Join(parts[:len(parts)-1], "."), parts[len(parts)-1], i
}

// relations reports whether the query names system relations, and whether it names others.
func (t *translator) relations() (system, other bool) {
	for i, tok := range t.tokens {
		if !tok.isName() || !t.inFrom(i) {
			continue
		}
		schema, name, next := t.name(i)
		switch {
		case t.at(next).is("("):
			if !tableFunctions[name] {
				return system, true
			}
			system = true
		case schema == "" && slices.Contains(t.ctes, name):
		case t.catalog.find(schema, name) != nil, System(schema, name):
			system = true
		case tok.is("select"), tok.is("lateral"):
		default:
			other = true
		}
	}
	return system, other
}

// leader reports whether a query without relations asks for what only the leader node knows.
func (t *translator) leader() bool {
	for i, tok := range t.tokens {
		if tok.isName() && t.at(i+1).is("(") && leaderFunctions[tok.val] {
			return true
		}
		if tok.is("pg_catalog") || t.at(i-1).is("::") && (tok.is("regclass") || tok.is("regtype")) {
			return true
		}
	}
	return false
}
