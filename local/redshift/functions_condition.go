package redshift

import "strings"

func conditionalFunctions() []function {
	return []function{
		{name: "coalesce", signature: "(x, ...)", min: 1, max: -1, bind: bindFirst("coalesce")},
		{name: "nvl", signature: "(x, ...)", min: 1, max: -1, bind: bindFirst("coalesce"), column: "coalesce"},
		{name: "greatest", signature: "(x, ...)", min: 1, max: -1, bind: bindFirst("greatest")},
		{name: "least", signature: "(x, ...)", min: 1, max: -1, bind: bindFirst("least")},
		{name: "nvl2", signature: "(x, if_not_null, if_null)", min: 3, max: 3, column: "case", bind: func(c *callContext) value {
			t := c.unify(c.x.pos(), "NVL2", c.args[1], c.args[2])
			return of(t, "CASE WHEN "+c.args[0].sql+" IS NOT NULL THEN "+c.as(1, t)+" ELSE "+c.as(2, t)+" END")
		}},
		{name: "nullif", signature: "(a, b)", min: 2, max: 2, column: "case", bind: func(c *callContext) value {
			equal := c.compare("=", c.args[0], c.args[1], c.x.pos())
			v := c.args[0]
			if v.untyped() {
				v = c.coerce(v, c.comparable(c.x.pos(), c.args...), c.place(0))
			}
			return of(v.typ, "CASE WHEN "+equal.sql+" THEN NULL ELSE "+v.sql+" END")
		}},
		{name: "decode", signature: "(x, search, result, ... [, default])", min: 3, max: -1, column: "case", bind: bindDecode},
	}
}

// bindFirst is a function of DuckDB over values of one type; GREATEST and LEAST leave NULLs out in both.
func bindFirst(duck string) func(*callContext) value {
	return func(c *callContext) value {
		t := c.unify(c.x.pos(), strings.ToUpper(duck), c.args...)
		list := make([]string, len(c.args))
		for i := range c.args {
			list[i] = c.as(i, t)
		}
		return of(t, fn(duck, list...))
	}
}

// bindDecode is DECODE, for which NULL equals NULL.
func bindDecode(c *callContext) value {
	var results []value
	n := len(c.args)
	for i := 2; i < n; i += 2 {
		results = append(results, c.args[i])
	}
	if n%2 == 0 {
		results = append(results, c.args[n-1])
	}
	t := c.unify(c.x.pos(), "DECODE", results...)
	var sql strings.Builder
	sql.WriteString("CASE")
	for i := 1; i+1 < n; i += 2 {
		kind := c.comparable(c.place(i), c.args[0], c.args[i])
		if c.args[i].null {
			sql.WriteString(" WHEN " + c.args[0].sql + " IS NULL")
		} else {
			sql.WriteString(" WHEN " + c.compared(c.args[0], kind, c.place(0)) + " IS NOT DISTINCT FROM " + c.compared(c.args[i], kind, c.place(i)))
		}
		sql.WriteString(" THEN " + c.as(i+1, t))
	}
	if n%2 == 0 {
		sql.WriteString(" ELSE " + c.as(n-1, t))
	}
	return of(t, sql.String()+" END")
}
