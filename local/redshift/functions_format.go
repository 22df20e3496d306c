package redshift

func formatFunctions() []function {
	return []function{
		{name: "to_char", signature: "(timestamp | number, 'format')", min: 2, max: 2, bind: bindToChar},
		{name: "to_date", signature: "(text, 'format' [, strict])", min: 2, max: 3, bind: func(c *callContext) value {
			return of(dateType, castTo(c.parsed(), "DATE"))
		}},
		{name: "to_timestamp", signature: "(text, 'format' [, strict])", min: 2, max: 3, bind: func(c *callContext) value {
			return of(stampTZType, c.instant(c.parsed()))
		}},
		{name: "to_number", signature: "(text, 'format')", min: 2, max: 2, bind: func(c *callContext) value {
			n, err := numberFormat(c.constant(1))
			if err != nil {
				c.fail(c.place(1), "%s", err.Error())
			}
			t := numericType(min(n.before+n.after, maxPrecision), n.after)
			return of(t, castTo(fn("rs_to_number", c.text(0), c.text(1)), "DECIMAL(38,"+itoa(n.after)+")"))
		}},
		{name: "text_to_int_alt", signature: "(text [, 'format'])", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int4Type, castTo(fn("rs_alternate", c.text(0), "0"), "INTEGER"))
		}},
		{name: "text_to_numeric_alt", signature: "(text [, precision, scale])", min: 1, max: 3, bind: bindNumericAlternate},
	}
}

func bindToChar(c *callContext) value {
	v := c.args[0]
	if v.untyped() || v.typ.Kind.isText() {
		v = c.coerce(v, stampType, c.place(0))
	}
	switch k := v.typ.Kind; {
	case k == TimestampTZ:
		return of(textType, fn("rs_zoned_to_char", castTo(v.sql, "TIMESTAMP"), c.text(1), c.session.zoneText()))
	case k.isMoment():
		return of(textType, fn("rs_to_char", castTo(v.sql, "TIMESTAMP"), c.text(1)))
	case k == Time:
		return of(textType, fn("rs_to_char", "(DATE '0001-01-01' + "+v.sql+")", c.text(1)))
	case k.isFloat():
		return of(textType, fn("rs_number_to_char", c.coerce(v, textType, c.place(0)).sql, c.text(1)))
	case k.isNumber():
		return of(textType, fn("rs_number_to_char", castTo(v.sql, "VARCHAR"), c.text(1)))
	}
	c.wrong(0)
	return value{}
}

// parsed reads argument 0 by the format of argument 1; a timestamp becomes a text first.
func (c *callContext) parsed() string {
	strict := "FALSE"
	if c.has(2) {
		strict = c.as(2, boolType)
	}
	return fn("rs_parse", c.text(0), c.text(1), strict)
}

func bindNumericAlternate(c *callContext) value {
	precision, scale := 38, 0
	number := func(i int) int {
		l, ok := c.x.args[i].(*literal)
		if !ok || l.kind != numberLiteral || !allDigits(l.value) || len(l.value) > 2 {
			c.fail(c.place(i), "precision and scale are whole numbers")
		}
		return number2(l.value)
	}
	if c.has(1) {
		precision = number(1)
	}
	if c.has(2) {
		scale = number(2)
	}
	if precision < 1 || precision > maxPrecision || scale > precision {
		c.fail(c.place(1), "precision must be between 1 and 38, and not below the scale")
	}
	t := numericType(precision, scale)
	return of(t, castTo(fn("rs_alternate", c.text(0), itoa(scale)), t.Duck()))
}
