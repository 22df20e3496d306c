package redshift

import (
	"strconv"
	"strings"
)

// expr binds an expression.
func (b *binder) expr(x Expr, s *scope) value {
	if b.depth++; b.depth > 4*maxDepth {
		b.fail(x.pos(), "the statement is nested deeper than %d levels", maxDepth)
	}
	defer func() { b.depth-- }()
	switch x := x.(type) {
	case *literal:
		return b.literal(x)
	case *parameter:
		return value{sql: "$" + x.name, param: true, text: x.name, name: noName}
	case *reference:
		return b.reference(x, s)
	case *field:
		return b.navigate(b.expr(x.x, s), []string{x.name}, x.pos())
	case *index:
		return b.index(x, s)
	case *unary:
		return b.unary(x, s)
	case *binaryExpr:
		return b.binary(x, s)
	case *is:
		return b.is(x, s)
	case *in:
		return b.in(x, s)
	case *between:
		return b.between(x, s)
	case *like:
		return b.like(x, s)
	case *caseExpr:
		return b.caseExpr(x, s)
	case *cast:
		return b.cast(x, s)
	case *typed:
		v := b.castTo(value{sql: quoteText(x.value), constant: true, text: x.value}, x.typ, x.pos())
		v.name = x.typ.Internal()
		return v
	case *interval:
		return b.interval(x)
	case *atTimeZone:
		return b.atTimeZone(x, s)
	case *call:
		return b.call(x, s)
	case *exists:
		return of(boolType, "EXISTS ("+b.subquery(x.query, s).sql()+")").named("?column?")
	case *subquery:
		return b.scalarSubquery(x, s)
	case *quantified:
		return b.quantified(x, s)
	case *row:
		panic(notModelled(x.pos(), "a row outside of IN and comparisons"))
	case *star:
		b.fail(x.pos(), "syntax error at or near \"*\"")
	}
	b.fail(x.pos(), "this expression is not modelled here")
	return value{}
}

func (v value) named(name string) value {
	v.name = name
	return v
}

func (b *binder) literal(x *literal) value {
	switch x.kind {
	case textLiteral:
		return value{sql: quoteText(x.value), constant: true, text: x.value, name: noName}
	case boolLiteral:
		return value{sql: x.value, typ: boolType, name: "bool"}
	case nullLiteral:
		return value{sql: "NULL", null: true, name: noName}
	}
	return b.number(x)
}

// number types a number as PostgreSQL does: int4, int8 or numeric by its size, and float8 with an exponent.
func (b *binder) number(x *literal) value {
	v := value{sql: x.value, name: noName, number: true, nonzero: strings.ContainsAny(x.value[:mantissa(x.value)], "123456789")}
	switch {
	case strings.ContainsAny(x.value, "eE"):
		f, err := strconv.ParseFloat(x.value, 64)
		if err != nil {
			b.fail(x.pos(), "%q is out of range for type double precision", x.value)
		}
		v.typ, v.sql = float8Type, castTo(quoteText(strconv.FormatFloat(f, 'g', -1, 64)), "DOUBLE")
	case strings.Contains(x.value, "."):
		whole, fraction, _ := strings.Cut(x.value, ".")
		whole = strings.TrimLeft(whole, "0")
		if len(whole)+len(fraction) > maxPrecision {
			b.fail(x.pos(), "Numeric data overflow: %s has more than %d digits", x.value, maxPrecision)
		}
		v.typ = numericType(max(len(whole)+len(fraction), 1), len(fraction))
		v.sql = castTo(quoteText(x.value), v.typ.Duck())
	default:
		if n, err := strconv.ParseInt(x.value, 10, 64); err == nil {
			v.typ = int4Type
			if n > 1<<31-1 {
				v.typ = int8Type
				v.sql = castTo(x.value, "BIGINT")
			}
			return v
		}
		digits := strings.TrimLeft(x.value, "0")
		if len(digits) > maxPrecision {
			b.fail(x.pos(), "Numeric data overflow: %s has more than %d digits", x.value, maxPrecision)
		}
		v.typ = numericType(len(digits), 0)
		v.sql = castTo(quoteText(x.value), v.typ.Duck())
	}
	return v
}

// mantissa is the length of a number before its exponent.
func mantissa(s string) int {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		return i
	}
	return len(s)
}

func (b *binder) index(x *index, s *scope) value {
	v := b.expr(x.x, s)
	if v.typ.Kind != Super {
		b.fail(x.pos(), "cannot subscript type %s because it is not SUPER", v.typ)
	}
	i := b.expr(x.i, s)
	if i.constant {
		out := of(superType, fn("rs_attribute", v.sql, i.sql), v)
		out.name = i.text
		return out
	}
	i = b.coerce(i, int8Type, x.i.pos())
	out := of(superType, fn("rs_element", v.sql, i.sql), v, i)
	out.name = v.name
	return out
}

func (b *binder) cast(x *cast, s *scope) value {
	v := b.expr(x.x, s)
	if v.param && x.typ.Kind.isText() {
		v.typ = textType
	}
	out := b.castTo(v, x.typ, x.pos())
	out.constant, out.number, out.null = false, false, false // it has its type from now on
	if _, isRef := x.x.(*reference); !isRef || v.name == noName {
		out.name = x.typ.Internal()
	}
	if c, isCall := x.x.(*call); isCall {
		out.name = c.columnName()
	}
	return out
}

func (b *binder) interval(x *interval) value {
	var out span
	ok := false
	if x.from == "" {
		out, ok = parseInterval(x.value)
	} else {
		out, ok = qualified(x.value, x.from, x.to, x.precision)
	}
	if !ok {
		b.fail(x.pos(), "invalid input syntax for type interval: %q", x.value)
	}
	return value{sql: out.duck(), typ: spanType, name: "interval"}
}

// atTimeZone is TIMESTAMP AT TIME ZONE, which gives TIMESTAMPTZ, and the other way round.
func (b *binder) atTimeZone(x *atTimeZone, s *scope) value {
	zone := b.coerce(b.expr(x.zone, s), textType, x.zone.pos())
	return b.inZone(b.expr(x.x, s), zone, x.pos()).named("timezone")
}

func (b *binder) inZone(v, zone value, at int) value {
	switch v.typ.Kind {
	case TimestampTZ:
		return of(stampType, fn("rs_from_utc", castTo(v.sql, "TIMESTAMP"), zone.sql), v, zone)
	case Time, TimeTZ:
		panic(notModelled(at, "AT TIME ZONE of a time of day"))
	}
	v = b.coerce(v, stampType, at)
	return of(stampTZType, castTo(fn("rs_to_utc", v.sql, zone.sql), "TIMESTAMPTZ"), v, zone)
}

func (b *binder) is(x *is, s *scope) value {
	v := b.expr(x.x, s)
	not := ""
	if x.not {
		not = "NOT "
	}
	if x.what == "null" {
		if v.typ.Kind == Super { // a JSON null is null, too
			return of(boolType, "("+fn("rs_json_scalar", v.sql)+" IS "+not+"NULL)", v)
		}
		return of(boolType, "("+v.sql+" IS "+not+"NULL)", v)
	}
	v = b.coerce(v, boolType, x.pos())
	what := strings.ToUpper(x.what)
	if what == "UNKNOWN" {
		what = "NULL"
	}
	return of(boolType, "("+v.sql+" IS "+not+what+")", v)
}

func (b *binder) in(x *in, s *scope) value {
	marked := b.marked()
	v := b.membership(x, s)
	b.unmarked(marked, x.pos())
	return v
}

func (b *binder) membership(x *in, s *scope) value {
	not := ""
	if x.not {
		not = "NOT "
	}
	if x.query != nil {
		return b.inQuery(x, s, not)
	}
	if r, ok := x.x.(*row); ok {
		return b.inRows(x, r, s, not)
	}
	v := b.expr(x.x, s)
	list := make([]value, len(x.list))
	constant := true
	for i, item := range x.list {
		list[i] = b.expr(item, s)
		constant = constant && (list[i].constant || list[i].null)
	}
	t := b.comparable(x.pos(), append([]value{v}, list...)...)
	out := of(boolType, "", append(list, v)...)
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = b.compared(item, t, x.list[i].pos())
	}
	out.sql = "(" + b.compared(v, t, x.x.pos()) + " " + not + "IN (" + strings.Join(texts, ", ") + "))"
	return out
}

// inRows is (a, b) IN ((1, 2), ...): an OR of comparisons of rows.
func (b *binder) inRows(x *in, r *row, s *scope, not string) value {
	var out value
	for _, item := range x.list {
		other, ok := item.(*row)
		if !ok {
			b.fail(item.pos(), "IN compares a row with something that is none")
		}
		v := b.rows("=", r, other, s, x.pos())
		if out.sql != "" {
			v = of(boolType, out.sql+" OR "+v.sql, out, v)
		}
		out = v
	}
	return of(boolType, "("+not+"("+out.sql+"))", out)
}

// rows compares rows for = and <>.
func (b *binder) rows(op string, l, r *row, s *scope, at int) value {
	if len(l.items) != len(r.items) {
		b.fail(at, "unequal number of entries in row expressions")
	}
	if op != "=" && op != "<>" {
		panic(notModelled(at, "the comparison of rows by "+op))
	}
	var parts []value
	var texts []string
	for i := range l.items {
		v := b.compare("=", b.expr(l.items[i], s), b.expr(r.items[i], s), at)
		parts, texts = append(parts, v), append(texts, v.sql)
	}
	sql := "(" + strings.Join(texts, " AND ") + ")"
	if op == "<>" {
		sql = "(NOT " + sql + ")"
	}
	return of(boolType, sql, parts...)
}

func (b *binder) between(x *between, s *scope) value {
	v := b.expr(x.x, s)
	low := b.compare(">=", v, b.expr(x.low, s), x.low.pos())
	high := b.compare("<=", v, b.expr(x.high, s), x.high.pos())
	not := ""
	if x.not {
		not = "NOT "
	}
	return of(boolType, "("+not+"("+low.sql+" AND "+high.sql+"))", low, high)
}

func (b *binder) caseExpr(x *caseExpr, s *scope) value {
	var operand value
	if x.operand != nil {
		operand = b.expr(x.operand, s)
	}
	var conditions, results []value
	for _, w := range x.whens {
		c := b.expr(w.condition, s)
		if x.operand != nil {
			c = b.compare("=", operand, c, w.condition.pos())
		} else {
			c = b.coerce(c, boolType, w.condition.pos())
		}
		conditions = append(conditions, c)
		results = append(results, b.expr(w.result, s))
	}
	if x.otherwise != nil {
		results = append(results, b.expr(x.otherwise, s))
	}
	t := b.unify(x.pos(), "CASE", results...)
	out := of(t, "", append(append(conditions, results...), operand)...).named("case")
	var sql strings.Builder
	sql.WriteString("CASE")
	for i, c := range conditions {
		sql.WriteString(" WHEN " + c.sql + " THEN " + b.coerce(results[i], t, x.whens[i].result.pos()).sql)
	}
	if x.otherwise != nil {
		sql.WriteString(" ELSE " + b.coerce(results[len(results)-1], t, x.otherwise.pos()).sql)
	}
	sql.WriteString(" END")
	out.sql = sql.String()
	return out
}
