package redshift

import (
	"strconv"
	"strings"
)

func aggregateFunctions() []function {
	number := func(duck string) func(*callContext) value {
		return func(c *callContext) value { return of(float8Type, c.aggregate(duck, c.float(0))) }
	}
	return []function{
		{name: "count", signature: "( * | [DISTINCT] expression )", min: 0, max: 1, kind: aggregate, bind: bindCount,
			note: "APPROXIMATE COUNT(DISTINCT x) is exact here"},
		{name: "sum", signature: "([DISTINCT] number)", min: 1, max: 1, kind: aggregate, bind: bindSum},
		{name: "avg", signature: "([DISTINCT] number)", min: 1, max: 1, kind: aggregate, bind: bindAvg,
			note: "BIGINT of integers, with the argument's scale of decimals; what is below is cut"},
		{name: "min", signature: "(expression)", min: 1, max: 1, kind: aggregate, bind: bindExtreme},
		{name: "max", signature: "(expression)", min: 1, max: 1, kind: aggregate, bind: bindExtreme},
		{name: "any_value", signature: "(expression)", min: 1, max: 1, kind: aggregate, bind: bindExtreme},
		{name: "stddev", signature: "(number)", min: 1, max: 1, kind: aggregate, bind: number("stddev_samp")},
		{name: "stddev_samp", signature: "(number)", min: 1, max: 1, kind: aggregate, bind: number("stddev_samp")},
		{name: "stddev_pop", signature: "(number)", min: 1, max: 1, kind: aggregate, bind: number("stddev_pop")},
		{name: "variance", signature: "(number)", min: 1, max: 1, kind: aggregate, bind: number("var_samp")},
		{name: "var_samp", signature: "(number)", min: 1, max: 1, kind: aggregate, bind: number("var_samp")},
		{name: "var_pop", signature: "(number)", min: 1, max: 1, kind: aggregate, bind: number("var_pop")},
		{name: "median", signature: "(number | date | timestamp)", min: 1, max: 1, kind: aggregate, bind: bindMedian},
		{name: "percentile_cont", signature: "(fraction) WITHIN GROUP (ORDER BY x)", min: 1, max: 1, kind: aggregate, bind: bindPercentile},
		{name: "percentile_disc", signature: "(fraction) WITHIN GROUP (ORDER BY x)", min: 1, max: 1, kind: aggregate, bind: bindPercentile,
			note: "APPROXIMATE PERCENTILE_DISC is exact here"},
		{name: "listagg", signature: "([DISTINCT] text [, delimiter]) [WITHIN GROUP (ORDER BY ...)]", min: 1, max: 2, kind: aggregate, bind: bindListagg},
		{name: "bit_and", signature: "(integer)", min: 1, max: 1, kind: aggregate, bind: bindBits},
		{name: "bit_or", signature: "(integer)", min: 1, max: 1, kind: aggregate, bind: bindBits},
		{name: "bool_and", signature: "(boolean)", min: 1, max: 1, kind: aggregate, bind: bindBools},
		{name: "bool_or", signature: "(boolean)", min: 1, max: 1, kind: aggregate, bind: bindBools},
		{name: "hll", signature: "(expression)", min: 1, max: 1, kind: aggregate, bind: func(c *callContext) value {
			c.x.distinct = true
			return bindCount(c)
		}, note: "the number of different values, exact"},
		{name: "grouping", signature: "(expression, ...)", min: 1, max: 31, kind: aggregate, bind: func(c *callContext) value {
			list := make([]string, len(c.args))
			for i, a := range c.args {
				list[i] = a.sql
			}
			return of(int4Type, castTo(fn("GROUPING", list...), "INTEGER"))
		}, note: "of several expressions the bits, that of the last the lowest"},
	}
}

// aggregate writes the call of an aggregate of DuckDB, with DISTINCT and OVER as the call has them.
func (c *callContext) aggregate(duck string, args ...string) string {
	list := strings.Join(args, ", ")
	if c.x.distinct {
		list = "DISTINCT " + list
	}
	return duck + "(" + list + ")" + c.frame
}

func bindCount(c *callContext) value {
	if len(c.args) == 0 {
		if !c.x.star {
			c.fail(c.x.pos(), "count(*) must be used to call a parameterless aggregate function")
		}
		return of(int8Type, "count(*)"+c.frame)
	}
	v := c.args[0]
	switch {
	case c.x.approximate && !c.x.distinct:
		c.fail(c.x.pos(), "APPROXIMATE is for COUNT(DISTINCT)")
	case c.x.distinct && isTextual(v):
		return of(int8Type, c.aggregate("count", trimmed(c.coerce(v, textType, c.place(0)))))
	}
	return of(int8Type, c.aggregate("count", v.sql))
}

// numeric gives an untyped argument, or a text, the type numeric; Redshift computes aggregates of numbers only.
func (c *callContext) numeric(i int) value {
	v := c.args[i]
	switch {
	case v.null:
		return c.coerce(v, int8Type, c.place(i))
	case isTextual(v):
		return c.coerce(v, float8Type, c.place(i))
	case !v.typ.Kind.isNumber():
		c.wrong(i)
	}
	return v
}

func bindSum(c *callContext) value {
	if k := c.args[0].typ.Kind; k == Interval {
		return of(spanType, c.aggregate("sum", c.args[0].sql))
	} else if k == Super {
		c.args[0] = c.coerce(c.args[0], float8Type, c.place(0))
	}
	v := c.numeric(0)
	sql := c.aggregate("sum", v.sql)
	switch v.typ.Kind {
	case Int2, Int4:
		return of(int8Type, castTo(sql, "BIGINT"))
	case Int8, OID:
		return of(numericType(38, 0), castTo(sql, "DECIMAL(38,0)"))
	case Numeric:
		t := numericType(38, v.typ.Scale)
		return of(t, castTo(sql, t.Duck()))
	}
	return of(float8Type, castTo(c.aggregate("sum", castTo(v.sql, "DOUBLE")), "DOUBLE"))
}

func bindAvg(c *callContext) value {
	if c.args[0].typ.Kind == Super {
		c.args[0] = c.coerce(c.args[0], float8Type, c.place(0))
	}
	v := c.numeric(0)
	switch {
	case v.typ.Kind.isInteger():
		return of(int8Type, castTo("("+c.aggregate("sum", v.sql)+" // "+c.aggregate("count", v.sql)+")", "BIGINT"))
	case v.typ.Kind == Numeric:
		t := numericType(38, v.typ.Scale)
		sum := castTo(c.aggregate("sum", v.sql), t.Duck())
		n := castTo(c.aggregate("count", v.sql), "HUGEINT")
		if t.Scale == 0 {
			return of(t, castTo("("+castTo(sum, "HUGEINT")+" // "+n+")", t.Duck()))
		}
		unit := castTo("'0."+strings.Repeat("0", t.Scale-1)+"1'", "DECIMAL("+itoa(t.Scale)+","+itoa(t.Scale)+")")
		return of(t, castTo("("+castTo("("+whole(sum, t.Scale)+" // "+n+")", "DECIMAL(38,0)")+" * "+unit+")", t.Duck()))
	}
	return of(float8Type, c.aggregate("avg", castTo(v.sql, "DOUBLE")))
}

func bindExtreme(c *callContext) value {
	v := c.args[0]
	if v.untyped() {
		v = c.coerce(v, textType, c.place(0))
	}
	if v.typ.Kind == Bool && c.x.name != "any_value" {
		c.wrong(0)
	}
	return of(v.typ, c.aggregate(c.x.name, v.sql))
}

func bindBits(c *callContext) value {
	v := c.args[0]
	if v.typ.Kind == Bool {
		return bindBools(c)
	}
	if v.untyped() {
		v = c.coerce(v, int4Type, c.place(0))
	}
	if !v.typ.Kind.isInteger() {
		c.wrong(0)
	}
	return of(v.typ, c.aggregate(c.x.name, v.sql))
}

func bindBools(c *callContext) value {
	v := c.coerce(c.args[0], boolType, c.place(0))
	name := map[string]string{"bool_and": "bool_and", "bit_and": "bool_and", "bool_or": "bool_or", "bit_or": "bool_or"}[c.x.name]
	return of(boolType, c.aggregate(name, v.sql))
}

func bindMedian(c *callContext) value {
	c.needsTable()
	return c.quantile(c.args[0], "0.5", false)
}

// needsTable refuses what Redshift computes on its compute nodes only, in queries without a table.
func (c *callContext) needsTable() {
	if len(c.s.relations) == 0 {
		c.fail(c.x.pos(), "One or more of the used functions must be applied on at least one user created tables. Examples of user table only functions are LISTAGG, MEDIAN, PERCENTILE_CONT, etc")
	}
}

func bindPercentile(c *callContext) value {
	c.needsTable()
	if len(c.x.within) != 1 {
		c.fail(c.x.pos(), "%s needs WITHIN GROUP (ORDER BY one expression)", strings.ToUpper(c.x.name))
	}
	l, ok := c.x.args[0].(*literal)
	fraction := ""
	if ok && l.kind == numberLiteral {
		fraction = l.value
	}
	f, err := strconv.ParseFloat(fraction, 64)
	if err != nil || f < 0 || f > 1 {
		c.fail(c.place(0), "the percentile is a constant between 0 and 1")
	}
	o := c.x.within[0]
	v := c.expr(o.x, c.s.inner("the arguments of an aggregate", c.x.over != nil, false))
	return c.quantile(v, fraction, o.desc)
}

// quantile is a percentile. One between two whole numbers or decimals has the digits that the interpolation needs.
func (c *callContext) quantile(v value, fraction string, desc bool) value {
	if v.untyped() {
		v = c.coerce(v, float8Type, c.x.pos())
	}
	f, _ := strconv.ParseFloat(fraction, 64)
	p := fraction
	if desc {
		p = strconv.FormatFloat(1-f, 'f', -1, 64)
	}
	if c.x.name == "percentile_disc" {
		if desc {
			return of(v.typ, c.aggregate("quantile_disc", v.sql, "-"+fraction))
		}
		return of(v.typ, c.aggregate("quantile_disc", v.sql, p))
	}
	switch k := v.typ.Kind; {
	case k.isInteger(), k == Numeric:
		_, digits, _ := strings.Cut(strings.TrimRight(fraction, "0"), ".")
		scale := min(v.typ.Scale+max(len(digits), 1), 18)
		t := numericType(38, scale)
		wide := castTo(v.sql, "DECIMAL(38,"+itoa(scale)+")")
		return of(t, castTo(c.aggregate("quantile_cont", wide, p), t.Duck())).from(v)
	case k.isFloat():
		return of(float8Type, c.aggregate("quantile_cont", castTo(v.sql, "DOUBLE"), p)).from(v)
	case k == Date, k == Timestamp, k == TimestampTZ:
		t := v.typ
		return of(t, castTo(c.aggregate("quantile_cont", castTo(v.sql, "TIMESTAMP"), p), t.Duck())).from(v)
	}
	c.fail(c.x.pos(), "function %s(%s) does not exist", c.x.name, sqlNames[v.typ.Kind])
	return value{}
}

// listaggDistinct is LISTAGG(DISTINCT x) WITHIN GROUP (ORDER BY x) of what is no text: in the order of the values, not of their texts.
func (c *callContext) listaggDistinct(delimiter string) (string, bool) {
	if v := c.args[0]; !c.x.distinct || len(c.x.within) == 0 || isTextual(v) {
		return "", false
	}
	o := c.x.within[0]
	if x := c.expr(o.x, c.s.inner("the arguments of an aggregate", c.x.over != nil, false)); len(c.x.within) > 1 || x.sql != c.args[0].sql {
		c.fail(o.x.pos(), "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
	}
	direction := "'ASC'"
	if o.desc {
		direction = "'DESC'"
	}
	sorted := fn("list_sort", fn("list_filter", c.aggregate("list", c.args[0].sql), "lambda x: x IS NOT NULL"), direction)
	text := c.coerce(of(c.args[0].typ, "x"), textType, c.place(0)).sql
	return fn("nullif", fn("array_to_string", fn("list_transform", sorted, "lambda x: "+text), delimiter), "''"), true
}

// bindListagg joins texts; NULLs and empty texts are left out, and without a delimiter nothing stands between.
func bindListagg(c *callContext) value {
	c.needsTable()
	delimiter := "''"
	if c.has(1) && !c.args[1].null {
		delimiter = quoteText(c.constant(1))
	}
	if sql, ok := c.listaggDistinct(delimiter); ok {
		return of(Type{Kind: Varchar, Length: maxVarchar}, fn("rs_listagg_limit", sql))
	}
	v := c.coerce(c.args[0], textType, c.place(0))
	sql := fn("nullif", v.sql, "''")
	if c.x.distinct {
		sql = fn("nullif", trimmed(v), "''")
	}
	order := ""
	if len(c.x.within) > 0 {
		inner := c.s.inner("the arguments of an aggregate", c.x.over != nil, false)
		items := make([]string, len(c.x.within))
		for i, o := range c.x.within {
			x := c.expr(o.x, inner)
			items[i] = x.groupable() + o.direction()
			if c.x.distinct && x.sql == c.args[0].sql && isTextual(x) {
				items[i] = sql + o.direction()
			}
		}
		order = " ORDER BY " + strings.Join(items, ", ")
	}
	return of(Type{Kind: Varchar, Length: maxVarchar}, fn("rs_listagg_limit", c.aggregate("string_agg", sql, delimiter+order)))
}
