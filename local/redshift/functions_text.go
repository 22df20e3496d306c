package redshift

func textFunctions() []function {
	length := func(c *callContext) value {
		v := c.args[0]
		if v.typ.Kind == Varbyte {
			return of(int4Type, castTo(fn("octet_length", v.sql), "INTEGER"))
		}
		return of(int4Type, castTo(fn("length", c.text(0)), "INTEGER"))
	}
	trim := func(duck string) func(*callContext) value {
		return func(c *callContext) value {
			characters := "' '"
			if c.has(1) {
				characters = c.text(1)
			}
			return of(textType, fn(duck, c.text(0), characters))
		}
	}
	position := func(what, where int) func(*callContext) value {
		return func(c *callContext) value {
			return of(int4Type, castTo(fn("strpos", c.text(where), c.text(what)), "INTEGER"))
		}
	}
	pad := func(duck string) func(*callContext) value {
		return func(c *callContext) value {
			fill := "' '"
			if c.has(2) {
				fill = c.text(2)
			}
			return of(textType, fn(duck, c.text(0), castTo(c.integer(1), "INTEGER"), fill))
		}
	}
	repeat := func(c *callContext) value { return of(textType, fn("repeat", c.text(0), c.integer(1))) }
	compare := func(c *callContext) value {
		l, r := trimmed(c.coerce(c.args[0], textType, c.place(0))), trimmed(c.coerce(c.args[1], textType, c.place(1)))
		return of(int4Type, "CASE WHEN "+l+" < "+r+" THEN -1 WHEN "+l+" > "+r+" THEN 1 WHEN "+l+" = "+r+" THEN 0 END")
	}
	end := func(duck string) func(*callContext) value {
		return func(c *callContext) value {
			if c.args[0].typ.Kind == Varbyte {
				return of(bytesType, fn("rs_bytes_"+duck, c.args[0].sql, c.integer(1)))
			}
			return of(textType, fn(duck, c.text(0), c.integer(1)))
		}
	}
	return []function{
		{name: "ascii", signature: "(text)", min: 1, max: 1, bind: texts("ascii", int4Type)},
		{name: "bpcharcmp", signature: "(a, b)", min: 2, max: 2, bind: compare},
		{name: "bttext_pattern_cmp", signature: "(a, b)", min: 2, max: 2, bind: compare},
		{name: "btrim", signature: "(text [, characters])", min: 1, max: 2, bind: trim("trim")},
		{name: "trim", signature: "([BOTH | LEADING | TRAILING] [characters FROM] text)", min: 1, max: 2, bind: trim("trim"), column: "btrim"},
		{name: "ltrim", signature: "(text [, characters])", min: 1, max: 2, bind: trim("ltrim")},
		{name: "rtrim", signature: "(text [, characters])", min: 1, max: 2, bind: trim("rtrim")},
		{name: "len", signature: "(text | varbyte)", min: 1, max: 1, bind: length},
		{name: "length", signature: "(text | varbyte)", min: 1, max: 1, bind: length},
		{name: "char_length", signature: "(text)", min: 1, max: 1, bind: length},
		{name: "character_length", signature: "(text)", min: 1, max: 1, bind: length},
		{name: "textlen", signature: "(text)", min: 1, max: 1, bind: length},
		{name: "octet_length", signature: "(text | varbyte)", min: 1, max: 1, bind: func(c *callContext) value {
			if v := c.args[0]; v.typ.Kind == Varbyte {
				return of(int4Type, castTo(fn("octet_length", v.sql), "INTEGER"))
			}
			return of(int4Type, castTo(fn("strlen", c.text(0)), "INTEGER"))
		}},
		{name: "octetindex", signature: "(what, text)", min: 2, max: 2, bind: texts("rs_octetindex", int4Type)},
		{name: "charindex", signature: "(what, text)", min: 2, max: 2, bind: position(0, 1)},
		{name: "position", signature: "(what IN text)", min: 2, max: 2, bind: position(0, 1)},
		{name: "strpos", signature: "(text, what)", min: 2, max: 2, bind: position(1, 0)},
		{name: "chr", signature: "(number)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(textType, fn("chr", castTo(c.integer(0), "INTEGER")))
		}},
		{name: "concat", signature: "(a, b)", min: 2, max: 2, bind: func(c *callContext) value {
			return c.concat(c.args[0], c.args[1], c.x.pos())
		}},
		{name: "difference", signature: "(text, text)", min: 2, max: 2, bind: texts("rs_difference", int4Type)},
		{name: "soundex", signature: "(text)", min: 1, max: 1, bind: texts("rs_soundex", textType)},
		{name: "initcap", signature: "(text)", min: 1, max: 1, bind: texts("rs_initcap", textType)},
		{name: "left", signature: "(text, n)", min: 2, max: 2, bind: end("left")},
		{name: "right", signature: "(text, n)", min: 2, max: 2, bind: end("right")},
		{name: "lower", signature: "(text)", min: 1, max: 1, bind: texts("lower", textType)},
		{name: "upper", signature: "(text)", min: 1, max: 1, bind: texts("upper", textType)},
		{name: "lpad", signature: "(text, n [, fill])", min: 2, max: 3, bind: pad("lpad")},
		{name: "rpad", signature: "(text, n [, fill])", min: 2, max: 3, bind: pad("rpad")},
		{name: "quote_ident", signature: "(text)", min: 1, max: 1, bind: texts("rs_quote_ident", textType)},
		{name: "quote_literal", signature: "(text)", min: 1, max: 1, bind: texts("rs_quote_literal", textType)},
		{name: "repeat", signature: "(text, n)", min: 2, max: 2, bind: repeat},
		{name: "replicate", signature: "(text, n)", min: 2, max: 2, bind: repeat, column: "repeat"},
		{name: "replace", signature: "(text, old, new)", min: 3, max: 3, bind: texts("replace", textType)},
		{name: "reverse", signature: "(text)", min: 1, max: 1, bind: func(c *callContext) value {
			if c.args[0].typ.Kind == Varbyte {
				return of(bytesType, fn("rs_bytes_reverse", c.args[0].sql))
			}
			return of(textType, fn("reverse", c.text(0)))
		}},
		{name: "split_part", signature: "(text, delimiter, n)", min: 3, max: 3, bind: func(c *callContext) value {
			return of(textType, fn("split_part", c.text(0), c.text(1), c.positive(2)))
		}},
		{name: "strtol", signature: "(text, base)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(int8Type, fn("rs_strtol", c.text(0), c.integer(1)))
		}},
		{name: "substring", signature: "(text, from [, length])", min: 2, max: 3, bind: bindSubstring},
		{name: "substr", signature: "(text, from [, length])", min: 2, max: 3, bind: bindSubstring},
		{name: "translate", signature: "(text, from, to)", min: 3, max: 3, bind: texts("rs_translate", textType)},
	}
}

// positive is argument i as a number from 1.
func (c *callContext) positive(i int) string {
	if l, ok := c.x.args[i].(*literal); ok && l.kind == numberLiteral && allDigits(l.value) && number2(l.value) > 0 {
		return c.integer(i)
	}
	return fn("rs_positive", c.integer(i))
}

// bindSubstring counts positions before the first, as Redshift does: SUBSTRING('caterpillar', -2, 6) is 'cat'.
func bindSubstring(c *callContext) value {
	length := "9223372036854775807"
	if c.has(2) {
		length = c.integer(2)
	}
	if c.args[0].typ.Kind == Varbyte {
		return of(bytesType, fn("rs_bytes_substring", c.args[0].sql, c.integer(1), length))
	}
	natural := func(i int) bool {
		l, ok := c.x.args[i].(*literal)
		return ok && l.kind == numberLiteral && allDigits(l.value) && len(l.value) < 9 && (i > 1 || number2(l.value) > 0)
	}
	switch {
	case natural(1) && !c.has(2):
		return of(textType, fn("substring", c.text(0), c.integer(1)))
	case natural(1) && natural(2):
		return of(textType, fn("substring", c.text(0), c.integer(1), length))
	}
	return of(textType, fn("rs_substring", c.text(0), c.integer(1), length))
}
