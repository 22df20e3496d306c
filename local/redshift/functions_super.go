package redshift

import "strings"

func jsonFunctions() []function {
	lenient := func(c *callContext, i int) string {
		if c.has(i) {
			return c.as(i, boolType)
		}
		return "FALSE"
	}
	return []function{
		{name: "is_valid_json", signature: "(text)", min: 1, max: 1, bind: texts("rs_is_valid_json", boolType)},
		{name: "is_valid_json_array", signature: "(text)", min: 1, max: 1, bind: texts("rs_is_valid_json_array", boolType)},
		{name: "json_array_length", signature: "(text [, null_if_invalid])", min: 1, max: 2, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_json_array_length", c.text(0), lenient(c, 1)))
		}},
		{name: "json_extract_array_element_text", signature: "(text, position [, null_if_invalid])", min: 2, max: 3, bind: func(c *callContext) value {
			return of(textType, fn("rs_json_array_element", c.text(0), c.integer(1), lenient(c, 2)))
		}},
		{name: "json_extract_path_text", signature: "(text, path, ... [, null_if_invalid])", min: 2, max: 8, bind: func(c *callContext) value {
			n, invalid := len(c.args), "FALSE"
			if last := c.args[n-1]; last.typ.Kind == Bool {
				invalid = last.sql
				n--
			}
			if n < 2 || n > 6 {
				c.fail(c.x.pos(), "JSON_EXTRACT_PATH_TEXT takes one to five levels of a path")
			}
			path := make([]string, 5)
			for i := range path {
				if path[i] = "''"; i+1 < n {
					path[i] = c.text(i + 1)
				}
			}
			return of(textType, fn("rs_json_path", append(append([]string{c.text(0)}, path...), itoa(n-1), invalid)...))
		}},
	}
}

func superFunctions() []function {
	check := func(what string) func(*callContext) value {
		return func(c *callContext) value {
			return of(boolType, fn("rs_is", c.super(0), quoteText(what)))
		}
	}
	list := []function{
		{name: "json_parse", signature: "(text)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(superType, fn("rs_json_parse", fn("rs_bytes_text", c.bytes(0))))
		}},
		{name: "can_json_parse", signature: "(text)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(boolType, fn("rs_is_valid_json_value", fn("rs_bytes_text", c.bytes(0))))
		}},
		{name: "json_serialize", signature: "(super)", min: 1, max: 1, bind: func(c *callContext) value { return of(textType, c.super(0)) }},
		{name: "json_serialize_to_varbyte", signature: "(super)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(bytesType, fn("encode", c.super(0)))
		}},
		{name: "json_size", signature: "(super)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int4Type, castTo(fn("strlen", c.super(0)), "INTEGER"))
		}},
		{name: "json_typeof", signature: "(super)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(textType, fn("rs_json_typeof", c.super(0)))
		}},
		{name: "array", signature: "(x, ...)", min: 0, max: -1, bind: func(c *callContext) value {
			items := make([]string, len(c.args))
			for i := range c.args {
				items[i] = c.member(i)
			}
			if len(items) == 0 {
				return of(superType, "'[]'")
			}
			return of(superType, "('[' || "+strings.Join(items, " || ',' || ")+" || ']')")
		}},
		{name: "object", signature: "([key, value, ...])", min: 0, max: -1, bind: bindObject},
		{name: "array_concat", signature: "(array, array)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(superType, fn("rs_array_concat", c.super(0), c.super(1)))
		}},
		{name: "array_flatten", signature: "(array)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(superType, fn("rs_array_flatten", c.super(0)))
		}},
		{name: "get_array_length", signature: "(array)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_get_array_length", c.super(0)))
		}},
		{name: "subarray", signature: "(array, from, length)", min: 3, max: 3, bind: func(c *callContext) value {
			return of(superType, fn("rs_subarray", c.super(0), c.integer(1), c.integer(2)))
		}},
		{name: "split_to_array", signature: "(text [, delimiter])", min: 1, max: 2, bind: func(c *callContext) value {
			delimiter := "','"
			if c.has(1) {
				delimiter = c.text(1)
			}
			return of(superType, fn("rs_split_to_array", c.text(0), delimiter))
		}},
		{name: "decimal_precision", signature: "(super)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_decimal_precision", c.super(0)))
		}},
		{name: "decimal_scale", signature: "(super)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_decimal_scale", c.super(0)))
		}},
	}
	for _, what := range []string{"array", "bigint", "boolean", "char", "decimal", "float", "integer", "object", "scalar", "smallint", "varchar"} {
		list = append(list, function{name: "is_" + what, signature: "(super)", min: 1, max: 1, bind: check(what)})
	}
	return list
}

// super is argument i as SUPER.
func (c *callContext) super(i int) string { return c.toSuperValue(c.args[i], c.place(i)).sql }

// member is argument i inside of an array or object, where NULL is JSON's null.
func (c *callContext) member(i int) string { return fn("coalesce", c.super(i), "'null'") }

func bindObject(c *callContext) value {
	if len(c.args)%2 != 0 {
		c.fail(c.x.pos(), "OBJECT takes pairs of keys and values")
	}
	var parts []string
	for i := 0; i < len(c.args); i += 2 {
		parts = append(parts, fn("rs_json_text", c.text(i))+" || ':' || "+c.member(i+1))
	}
	if len(parts) == 0 {
		return of(superType, "'{}'")
	}
	return of(superType, "('{' || "+strings.Join(parts, " || ',' || ")+" || '}')")
}

func (b *binder) toSuperValue(v value, at int) value {
	if v.typ.Kind == Super {
		return v
	}
	if v.null {
		return of(superType, "NULL")
	}
	return of(superType, b.toSuper(v, at), v)
}

// toSuper writes a value as JSON.
func (b *binder) toSuper(v value, at int) string {
	switch k := v.typ.Kind; {
	case isTextual(v):
		return fn("rs_json_text", v.sql)
	case k.isFloat():
		return fn("rs_json_float", castTo(v.sql, "DOUBLE"))
	case k.isNumber():
		return castTo(v.sql, "VARCHAR")
	case k == Bool:
		return castTo(v.sql, "VARCHAR")
	}
	b.fail(at, "cannot cast type %s to super", sqlNames[v.typ.Kind])
	return ""
}

// fromSuper reads JSON as a value of the type; what is of another type is NULL ("Dynamic typing and lax processing").
func (b *binder) fromSuper(v value, t Type, at int) string {
	switch k := t.Kind; {
	case k.isText():
		return fn("rs_super_text", v.sql)
	case k == Bool:
		return fn("rs_super_bool", v.sql)
	case k.isInteger():
		return castTo(fn("rs_super_integer", v.sql), t.Duck())
	case k == Numeric, k.isFloat():
		return castTo(fn("rs_super_number", v.sql), t.Duck())
	case k.isMoment():
		return b.parseText(fn("rs_super_text", v.sql), t, at)
	}
	b.cannotCast(v.typ, t, at)
	return ""
}

// compareSuper compares by the values' own types: of different types, = is false and < is null.
func (b *binder) compareSuper(op string, l, r value, at int) value {
	l, r = b.toSuperValue(l, at), b.toSuperValue(r, at)
	switch op {
	case "=":
		return of(boolType, fn("rs_super_equal", l.sql, r.sql), l, r)
	case "<>":
		return of(boolType, "(NOT "+fn("rs_super_equal", l.sql, r.sql)+")", l, r)
	}
	return of(boolType, "("+fn("rs_super_compare", l.sql, r.sql)+" "+op+" 0)", l, r)
}

// superArithmetic is refused unless one side says which type is meant.
func (b *binder) superArithmetic(op string, l, r value, at int) value {
	super, other := &l, r
	if l.typ.Kind != Super {
		super, other = &r, l
	}
	if !other.typ.Kind.isNumber() {
		panic(notModelled(at, "arithmetic of SUPER values: cast them"))
	}
	*super = b.coerce(*super, float8Type, at)
	out := b.arithmetic(op, l, r, at)
	return of(superType, b.toSuper(out, at), out)
}
