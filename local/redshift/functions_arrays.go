package redshift

// arrayFunctions compare the elements of SUPER's arrays, of which null is one as others ("Array functions", Database Developer Guide).
func arrayFunctions() []function {
	search := func(name string, t Type) func(*callContext) value {
		return func(c *callContext) value {
			nulls := "TRUE"
			switch v, set := c.session.Settings["default_array_search_null_handling"]; {
			case c.has(2):
				nulls = c.as(2, boolType)
			case set && v == "off":
				nulls = "FALSE"
			}
			return of(t, fn(name, c.super(0), c.member(1), nulls))
		}
	}
	both := func(name string) func(*callContext) value {
		return func(c *callContext) value {
			distinct := "FALSE"
			if c.has(2) {
				distinct = c.as(2, boolType)
			}
			return of(superType, fn(name, c.super(0), c.super(1), distinct))
		}
	}
	return []function{
		{name: "array_contains", signature: "(array, value [, null_match])", min: 2, max: 3, bind: search("rs_array_contains", boolType)},
		{name: "array_position", signature: "(array, value [, null_match])", min: 2, max: 3, bind: search("rs_array_position", int4Type)},
		{name: "array_positions", signature: "(array, value [, null_match])", min: 2, max: 3, bind: search("rs_array_positions", superType)},
		{name: "array_distinct", signature: "(array)", min: 1, max: 1, note: "the first of equal elements stays", bind: func(c *callContext) value {
			return of(superType, fn("rs_array_distinct", c.super(0)))
		}},
		{name: "array_except", signature: "(array, array [, distinct])", min: 2, max: 3, bind: both("rs_array_except")},
		{name: "array_intersection", signature: "(array, array [, distinct])", min: 2, max: 3, bind: both("rs_array_intersection")},
		{name: "array_union", signature: "(array, array)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(superType, fn("rs_array_distinct", fn("rs_array_concat", c.super(0), c.super(1))))
		}},
		{name: "arrays_overlap", signature: "(array, array)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(boolType, fn("rs_arrays_overlap", c.super(0), c.super(1)))
		}},
		{name: "array_sort", signature: "(array [, ascending [, nulls_first]])", min: 1, max: 3, note: "objects are in the order of their texts", bind: func(c *callContext) value {
			args := []string{c.super(0), "TRUE"}
			if c.has(1) {
				args[1] = c.as(1, boolType)
			}
			if c.has(2) {
				return of(superType, fn("rs_array_sort", append(args, c.as(2, boolType))...))
			}
			return of(superType, fn("rs_array_sort", append(args, "(NOT ("+args[1]+"))")...))
		}},
	}
}
