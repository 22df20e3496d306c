package redshift

func windowFunctions() []function {
	rank := func(t Type) func(*callContext) value {
		return func(c *callContext) value { return of(t, castTo(c.x.name+"()"+c.frame, t.Duck())) }
	}
	return []function{
		{name: "row_number", signature: "() OVER (...)", kind: ranking, bind: rank(int8Type)},
		{name: "rank", signature: "() OVER (...)", kind: ranking, bind: rank(int8Type)},
		{name: "dense_rank", signature: "() OVER (...)", kind: ranking, bind: rank(int8Type)},
		{name: "percent_rank", signature: "() OVER (...)", kind: ranking, bind: rank(float8Type)},
		{name: "cume_dist", signature: "() OVER (...)", kind: ranking, bind: rank(float8Type)},
		{name: "ntile", signature: "(n) OVER (...)", min: 1, max: 1, kind: ranking, bind: func(c *callContext) value {
			return of(int8Type, castTo(fn("ntile", c.integer(0))+c.frame, "BIGINT"))
		}},
		{name: "lag", signature: "(x [, offset]) [IGNORE NULLS] OVER (...)", min: 1, max: 2, kind: ranking, bind: bindShift},
		{name: "lead", signature: "(x [, offset]) [IGNORE NULLS] OVER (...)", min: 1, max: 2, kind: ranking, bind: bindShift},
		{name: "first_value", signature: "(x) [IGNORE NULLS] OVER (... ROWS ...)", min: 1, max: 1, kind: ranking, bind: bindNth},
		{name: "last_value", signature: "(x) [IGNORE NULLS] OVER (... ROWS ...)", min: 1, max: 1, kind: ranking, bind: bindNth},
		{name: "nth_value", signature: "(x, n) [IGNORE NULLS] OVER (... ROWS ...)", min: 2, max: 2, kind: ranking, bind: bindNth},
		{name: "ratio_to_report", signature: "(x) OVER ([PARTITION BY ...])", min: 1, max: 1, kind: ranking, bind: func(c *callContext) value {
			x := c.float(0)
			return of(float8Type, "("+x+" / nullif(sum("+x+")"+c.frame+", 0))")
		}},
	}
}

// bindShift is LAG and LEAD.
func bindShift(c *callContext) value {
	if len(c.x.over.order) == 0 {
		c.fail(c.x.pos(), "%s needs ORDER BY in OVER", c.x.name)
	}
	return c.positioned()
}

func bindNth(c *callContext) value { return c.positioned() }

// positioned writes a function that takes a value of another row.
func (c *callContext) positioned() value {
	v := c.args[0]
	if v.untyped() {
		v = c.coerce(v, textType, c.place(0))
	}
	list := v.sql
	if c.has(1) {
		list += ", " + c.integer(1)
	}
	if c.x.ignoreNulls {
		list += " IGNORE NULLS"
	}
	return of(v.typ, c.x.name+"("+list+")"+c.frame)
}
