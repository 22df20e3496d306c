package redshift

import (
	"slices"
	"strconv"
	"strings"
)

// binder gives an expression's names and functions their meaning and writes it for DuckDB. What it refuses it
// reports by a panic with a *failure, as the parser does.
type binder struct {
	session  *Session
	src      string
	ctes     []*boundCTE
	reads    []Name
	writes   []Name
	params   map[string]Type // of the parameters, as what they are used
	views    int             // views that the query is inside of
	depth    int
	serial   int
	tables   bool // the query reads a table of the database
	marks    *marks
	starred  func(*star, *scope, []output) // is told what * stands for, within views not; may be nil
	found    func(Use)                     // is told the uses of relations, those within views not among them; may be nil
	settings []Setting                     // of SET_CONFIG
	bases    *[]Name                       // of a materialized view's query, the tables that it reads; nil: of none
}

type boundCTE struct {
	name    string
	alias   string // DuckDB's name for it
	columns []Column
}

// scope holds the relations whose columns an expression may name.
type scope struct {
	outer     *scope
	relations []*relation
	// aliases are the columns of the SELECT list so far: Redshift lets later ones refer to them.
	aliases []output
	// merged are the columns that JOIN ... USING has made one.
	merged []output
	// clause is where the expression stands, for messages; aggregates and windows tell what may be in it.
	clause              string
	aggregates, windows bool
}

// relation is an element of FROM.
type relation struct {
	name    string // alias or table, as the statement refers to it
	schema  string
	alias   string // DuckDB's
	columns []output
	element *value // of SUPER: the relation's only value goes by the relation's name
}

// output is a named value: a column of a relation or of the SELECT list.
type output struct {
	name string
	value
	hidden bool // a column merged by USING: * does not show it again
}

func (b *binder) fail(at int, format string, args ...any) { panic(failAt(at, format, args...)) }

func (b *binder) unique(prefix string) string {
	b.serial++
	return prefix + strconv.Itoa(b.serial)
}

func (s *scope) inner(clause string, aggregates, windows bool) *scope {
	c := *s
	c.clause, c.aggregates, c.windows = clause, aggregates, windows
	return &c
}

// reference binds a column, or a path that begins with one.
func (b *binder) reference(r *reference, s *scope) value {
	if r.outer && (b.marks == nil || s != b.marks.scope) {
		b.fail(r.pos(), "(+) can be used for columns in conditions of WHERE only")
	}
	for at := s; at != nil; at = at.outer {
		if v, ok := b.lookup(r, at); ok {
			b.mark(r, at)
			if v.aggregated && !s.aggregates {
				b.fail(r.pos(), "aggregate functions are not allowed in %s", s.clause)
			}
			return v
		}
	}
	if len(r.parts) > 1 {
		b.fail(r.pos(), "relation %q does not exist in the FROM clause, or has no column %q", strings.Join(r.parts[:len(r.parts)-1], "."), r.parts[len(r.parts)-1])
	}
	b.fail(r.pos(), "column %q does not exist%s", r.parts[0], s.whereTo(r.parts[0]))
	return value{}
}

// whereTo tells why a name that SELECT has given is not known.
func (s *scope) whereTo(name string) string {
	if s.clause == "WHERE" && slices.ContainsFunc(s.aliases, func(o output) bool { return o.name == name }) {
		return ": an alias of SELECT is not known in WHERE"
	}
	return ""
}

// lookup finds a column in one scope.
func (b *binder) lookup(r *reference, s *scope) (value, bool) {
	parts := r.parts
	for _, m := range s.merged {
		if m.name == parts[0] && len(parts) == 1 {
			return named(m), true
		}
	}
	if v, ok := b.unqualified(r, s); ok {
		return b.navigate(v, parts[1:], r.pos()), true
	}
	for skip := 1; skip <= 2 && skip < len(parts); skip++ {
		for _, rel := range s.relations {
			if rel.name != parts[skip-1] || skip == 2 && rel.schema != parts[0] {
				continue
			}
			if rel.element != nil {
				return b.navigate(*rel.element, parts[skip:], r.pos()), true
			}
			for _, c := range rel.columns {
				if c.name == parts[skip] {
					return b.navigate(named(c), parts[skip+1:], r.pos()), true
				}
			}
			b.fail(r.pos(), "column %q does not exist in %s", parts[skip], rel.name)
		}
	}
	if len(parts) == 1 && s.clause != "WHERE" && s.clause != "ON" {
		for i := len(s.aliases) - 1; i >= 0; i-- {
			if a := s.aliases[i]; a.name == parts[0] {
				if a.volatile {
					panic(notModelled(r.pos(), "a reference to the alias of a random value"))
				}
				return named(a), true
			}
		}
	}
	return value{}, false
}

// unqualified finds the first part of a path as a column of any relation, or as the element of a SUPER array.
func (b *binder) unqualified(r *reference, s *scope) (value, bool) {
	var found *output
	for _, rel := range s.relations {
		if rel.element != nil && rel.name == r.parts[0] {
			return *rel.element, true
		}
		for i := range rel.columns {
			if c := &rel.columns[i]; c.name == r.parts[0] && (len(r.parts) == 1 || c.typ.Kind == Super) {
				if found != nil {
					b.fail(r.pos(), "column reference %q is ambiguous", r.parts[0])
				}
				found = c
			}
		}
	}
	if found == nil {
		return value{}, false
	}
	return named(*found), true
}

func named(o output) value {
	o.value.name = o.name
	o.value.constant = false
	return o.value
}

// navigate goes into SUPER by attributes.
func (b *binder) navigate(v value, attributes []string, at int) value {
	for _, a := range attributes {
		if v.typ.Kind != Super {
			b.fail(at, "column %q is of type %s: only SUPER has attributes", v.name, v.typ)
		}
		name := a
		v = of(superType, fn("rs_attribute", v.sql, quoteText(a)), v)
		v.name = name
	}
	return v
}
