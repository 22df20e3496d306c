package redshift

import (
	"slices"
	"strings"
)

// from binds the elements of FROM, fills the scope with their relations and writes each.
func (b *binder) from(list []tableExpr, s *scope) []string {
	parts := make([]string, len(list))
	for i, t := range list {
		parts[i] = b.table(t, s)
	}
	return parts
}

// listed writes FROM with its elements; it is "" without any.
func listed(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return " FROM " + strings.Join(parts, ", ")
}

// unnamed is what the names of subqueries without one begin with.
const unnamed = "unnamed_subquery_"

// table binds one element of FROM and adds its relations to the scope.
func (b *binder) table(t tableExpr, s *scope) string {
	switch t := t.(type) {
	case *tableRef:
		return b.tableRef(t, s)
	case *tableQuery:
		q := b.query(t.query, s.outer)
		if t.name == "" {
			t.alias.name = b.unique(unnamed)
		}
		return b.add(s, t.alias, "", t.pos(), func(alias string) (string, []output) {
			return q.derived(alias), q.result(alias)
		})
	case *tableFunction:
		return b.tableFunction(t, s)
	case *join:
		return b.join(t, s)
	case *pivot:
		return b.pivot(t, s)
	case *unpivot:
		return b.unpivot(t, s)
	case *superUnpivot:
		return b.superUnpivot(t, s)
	}
	b.fail(t.pos(), "this relation is not modelled here")
	return ""
}

// add adds a relation: make writes it with DuckDB's alias for it and tells its columns.
func (b *binder) add(s *scope, a alias, schema string, at int, make func(alias string) (string, []output)) string {
	rel := &relation{name: a.name, schema: schema, alias: a.name}
	for _, other := range s.relations {
		if other.name == rel.name && (other.schema == schema || schema == "" || other.schema == "") {
			b.fail(at, "table name %q specified more than once", a.name)
		}
		if other.alias == rel.alias {
			rel.alias = b.unique(a.name + "_")
		}
	}
	sql, columns := make(rel.alias)
	if len(a.columns) > len(columns) {
		b.fail(at, "table %q has %d columns available but %d columns specified", a.name, len(columns), len(a.columns))
	}
	for i, name := range a.columns {
		columns[i].name = name
	}
	rel.columns = columns
	s.relations = append(s.relations, rel)
	return sql
}

// tableRef binds a name in FROM: a CTE, a table, a view, or a path into SUPER.
func (b *binder) tableRef(t *tableRef, s *scope) string {
	if sql, ok := b.superTable(t, s); ok {
		return sql
	}
	if len(t.index) > 0 || t.position != "" {
		b.fail(t.pos(), "relation %q is not SUPER", strings.Join(t.parts, "."))
	}
	if len(t.parts) == 1 {
		for i := len(b.ctes) - 1; i >= 0; i-- {
			if c := b.ctes[i]; c.name == t.parts[0] {
				return b.add(s, t.aliasOr(c.name), "", t.pos(), func(alias string) (string, []output) {
					return quote(c.alias) + " AS " + quote(alias), outputs(alias, c.columns)
				})
			}
		}
	}
	rel := b.relation(t.parts, t.pos())
	if b.views == 0 && b.found != nil && !isSystemSchema(rel.Name.Schema) {
		b.found(Use{Name: rel.Name, start: t.pos(), end: t.end, bare: len(t.parts) == 1, alias: t.alias})
	}
	return b.add(s, t.aliasOr(rel.Name.Table), rel.Name.Schema, t.pos(), func(alias string) (string, []output) {
		return b.source(rel, alias, t.pos())
	})
}

func (t *tableRef) aliasOr(name string) alias {
	if t.alias.name == "" {
		return alias{name: name, columns: t.alias.columns}
	}
	return t.alias
}

// outputs are a relation's columns under its alias. A CHAR's trailing blanks are no part of it.
func outputs(relation string, columns []Column) []output {
	list := make([]output, len(columns))
	prefix := quote(relation) + "."
	for i, c := range columns {
		sql := prefix + quote(c.Name)
		if c.Type.Kind == Char {
			sql = fn("rtrim", sql, "' '")
		}
		list[i] = output{name: c.Name, value: value{sql: sql, typ: c.Type, name: c.Name}}
	}
	return list
}

// source writes a relation under an alias; a view is bound from its query.
func (b *binder) source(rel *Relation, alias string, at int) (string, []output) {
	if rel.View == "" {
		return rel.Source + " AS " + quote(alias), outputs(alias, rel.Columns)
	}
	if b.views++; b.views > 20 {
		b.fail(at, "view %s is defined by more than 20 views", rel.Name)
	}
	st, err := parse(rel.View)
	if err != nil {
		b.fail(at, "view %s: %s", rel.Name, err.Error())
	}
	sel, ok := st.node.(*selectStatement)
	if !ok {
		b.fail(at, "view %s is no query", rel.Name)
	}
	ctes, path := b.ctes, b.session.SearchPath
	b.ctes = nil
	q := b.query(sel.query, nil)
	b.ctes, b.session.SearchPath = ctes, path
	b.views--
	return q.derived(alias), q.result(alias)
}

// relation finds a table or view, as the search path says when no schema is named.
func (b *binder) relation(parts []string, at int) *Relation {
	var schemas []string
	switch len(parts) {
	case 1:
		schemas = append([]string{""}, b.session.path()...)
		schemas = append(schemas, "pg_catalog")
	case 2:
		schemas = parts[:1]
	case 3:
		if parts[0] != b.session.Database {
			b.fail(at, "cross-database references are not modelled here: %s", strings.Join(parts, "."))
		}
		schemas = parts[1:2]
	default:
		b.fail(at, "improper qualified name (too many dotted names): %s", strings.Join(parts, "."))
	}
	name := parts[len(parts)-1]
	for _, schema := range schemas {
		rel, err := b.session.Catalog.Relation(schema, name)
		if err != nil {
			panic(&catalogError{err})
		}
		if rel != nil {
			b.tables = b.tables || !isSystemSchema(schema)
			b.base(rel, at)
			if b.views == 0 && !isSystemSchema(rel.Name.Schema) {
				b.reads = append(b.reads, rel.Name)
			}
			return rel
		}
	}
	if len(parts) == 1 && isSystemName(name) || isSystemSchema(schemas[0]) {
		panic(notModelled(at, "system view "+strings.Join(parts, ".")))
	}
	b.fail(at, "relation %q does not exist", strings.Join(parts, "."))
	return nil
}

// catalogError is an error of the catalog, not of the statement.
type catalogError struct{ error }

func isSystemSchema(s string) bool { return s == "pg_catalog" || s == "information_schema" }

// isSystemName reports whether a name is that of Redshift's own tables and views.
func isSystemName(name string) bool {
	return slices.ContainsFunc([]string{"pg_", "stl_", "stv_", "svl_", "svv_", "svcs_", "sys_"}, func(p string) bool { return strings.HasPrefix(name, p) })
}

// join binds a join. USING and NATURAL make columns one.
func (b *binder) join(x *join, s *scope) string {
	first := len(s.relations)
	l := b.table(x.l, s)
	middle := len(s.relations)
	r := b.table(x.r, s)
	kind := map[string]string{"inner": "INNER JOIN", "left": "LEFT JOIN", "right": "RIGHT JOIN", "full": "FULL JOIN", "cross": "CROSS JOIN"}[x.kind]
	sql := "(" + l + " " + kind + " " + r
	using := x.using
	if x.natural {
		using = b.sharedColumns(s.relations[first:middle], s.relations[middle:])
	}
	switch {
	case x.on != nil:
		on := s.inner("ON", false, false)
		on.relations = s.relations[first:]
		on.aliases = nil
		return sql + " ON " + b.condition(x.on, on) + ")"
	case x.kind == "cross":
		return sql + ")"
	case len(using) == 0:
		return sql + " ON TRUE)"
	}
	var conditions []string
	for _, name := range using {
		conditions = append(conditions, b.mergeColumn(x, s, name, first, middle))
	}
	return sql + " ON " + strings.Join(conditions, " AND ") + ")"
}

func (b *binder) sharedColumns(l, r []*relation) []string {
	var names []string
	for _, rel := range l {
		for _, c := range rel.columns {
			for _, other := range r {
				if !c.hidden && slices.ContainsFunc(other.columns, func(o output) bool { return o.name == c.name }) && !slices.Contains(names, c.name) {
					names = append(names, c.name)
				}
			}
		}
	}
	return names
}

// mergeColumn makes a column of both sides of a join one, and returns the condition.
func (b *binder) mergeColumn(x *join, s *scope, name string, first, middle int) string {
	l := b.side(x, s.relations[first:middle], name)
	r := b.side(x, s.relations[middle:], name)
	left, right := named(*l), named(*r)
	if i := slices.IndexFunc(s.merged, func(m output) bool { return m.name == name }); i >= 0 {
		left = s.merged[i].value
		s.merged = slices.Delete(s.merged, i, i+1)
	}
	condition := b.compare("=", left, right, x.pos()).sql
	merged := left
	switch x.kind {
	case "right":
		merged = right
	case "full":
		t := b.unify(x.pos(), "JOIN/USING", left, right)
		merged = of(t, fn("coalesce", b.coerce(left, t, x.pos()).sql, b.coerce(right, t, x.pos()).sql), left, right)
	}
	l.hidden, r.hidden = true, true
	s.merged = append(s.merged, output{name: name, value: merged})
	return condition
}

func (b *binder) side(x *join, relations []*relation, name string) *output {
	var found *output
	for _, rel := range relations {
		for i := range rel.columns {
			if rel.columns[i].name == name && (found == nil || !rel.columns[i].hidden) {
				found = &rel.columns[i]
			}
		}
	}
	if found == nil {
		b.fail(x.pos(), "column %q specified in USING clause does not exist in both tables", name)
	}
	return found
}
