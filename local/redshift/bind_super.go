package redshift

// superTable binds a path into SUPER in FROM: it iterates over an array, and AT names the position.
func (b *binder) superTable(t *tableRef, s *scope) (string, bool) {
	var x value
	found := false
	for _, rel := range s.relations {
		switch {
		case rel.name != t.parts[0]:
		case rel.element != nil:
			x, found = b.navigate(*rel.element, t.parts[1:], t.pos()), true
		case len(t.parts) > 1:
			for _, c := range rel.columns {
				if c.name == t.parts[1] {
					x, found = b.navigate(named(c), t.parts[2:], t.pos()), true
				}
			}
		}
	}
	if !found {
		return "", false
	}
	if x.typ.Kind != Super {
		b.fail(t.pos(), "FROM iterates over SUPER only, not over type %s", x.typ)
	}
	for _, i := range t.index {
		n := b.coerce(b.expr(i, s), int8Type, i.pos())
		x = of(superType, fn("rs_element", x.sql, n.sql), x)
	}
	name := t.alias.name
	if name == "" {
		name = t.parts[len(t.parts)-1]
	}
	alias := b.unique("super_")
	element := value{sql: quote(alias) + ".element", typ: superType, name: name}
	rel := &relation{name: name, alias: alias, element: &element}
	s.relations = append(s.relations, rel)
	if t.position != "" {
		at := value{sql: quote(alias) + ".position", typ: int8Type, name: t.position}
		s.relations = append(s.relations, &relation{name: b.unique("at_"), alias: alias, columns: []output{{name: t.position, value: at}}})
	}
	return elements(x.sql, fn("rs_element", x.sql, "position")) + " AS " + quote(alias), true
}

// elements are the positions in an array with what stands there.
func elements(array, element string) string {
	return "(SELECT position, " + element + " AS element FROM (SELECT unnest(range(" + castTo(fn("coalesce", fn("rs_get_array_length", array), "0"), "BIGINT") + ")) AS position))"
}

// superUnpivot iterates over an object's attributes.
func (b *binder) superUnpivot(u *superUnpivot, s *scope) string {
	x := b.expr(u.x, s.inner("FROM", false, false))
	if x.typ.Kind != Super {
		b.fail(u.pos(), "UNPIVOT iterates over SUPER only, not over type %s", x.typ)
	}
	alias := b.unique("super_")
	keys := fn("rs_object_keys", x.sql)
	key := fn("rs_super_text", fn("rs_element", keys, "position"))
	var columns []output
	if u.value != "" {
		columns = append(columns, output{name: u.value, value: value{sql: quote(alias) + ".element", typ: superType, name: u.value}})
	}
	if u.attribute != "" {
		columns = append(columns, output{name: u.attribute, value: value{sql: quote(alias) + ".attribute", typ: textType, name: u.attribute}})
	}
	s.relations = append(s.relations, &relation{name: b.unique("unpivot_"), alias: alias, columns: columns})
	return "(SELECT " + key + " AS attribute, " + fn("rs_attribute", x.sql, key) + " AS element FROM (SELECT unnest(range(" +
		castTo(fn("coalesce", fn("rs_get_array_length", keys), "0"), "BIGINT") + ")) AS position)) AS " + quote(alias)
}

// tableFunction binds GENERATE_SERIES in FROM.
func (b *binder) tableFunction(t *tableFunction, s *scope) string {
	if t.call.name != "generate_series" {
		b.fail(t.pos(), "function %s() does not exist in FROM", t.call.name)
	}
	f := functionNamed(t.call.name)
	if n := len(t.call.args); n < f.min || n > f.max {
		b.fail(t.pos(), "function generate_series() does not take %d arguments: GENERATE_SERIES%s", n, f.signature)
	}
	inner := &scope{outer: s.outer, clause: "FROM"}
	args := make([]value, len(t.call.args))
	for i, a := range t.call.args {
		args[i] = b.expr(a, inner)
	}
	typ := int8Type
	if args[0].typ.Kind.isInteger() && args[1].typ.Kind.isInteger() {
		typ = commonNumber(args[0].typ, args[1].typ)
	} else if args[0].typ.Kind.isMoment() || args[1].typ.Kind.isMoment() {
		typ = stampType
	}
	list := make([]string, len(args))
	for i, a := range args {
		switch {
		case typ == stampType && i == 2:
			list[i] = b.coerce(a, spanType, t.call.args[i].pos()).sql
		case typ == stampType:
			list[i] = b.coerce(a, stampType, t.call.args[i].pos()).sql
		default:
			list[i] = b.coerce(a, int8Type, t.call.args[i].pos()).sql
		}
	}
	name := t.alias
	if name.name == "" {
		name.name = "generate_series"
	}
	column := name.name
	if len(name.columns) > 0 {
		column = name.columns[0]
	}
	return b.add(s, alias{name: name.name}, "", t.pos(), func(alias string) (string, []output) {
		sql := "(SELECT " + castTo("value", typ.Duck()) + " AS value FROM " + fn("generate_series", list...) + " AS g(value)) AS " + quote(alias)
		return sql, []output{{name: column, value: value{sql: quote(alias) + ".value", typ: typ, name: column}}}
	})
}
