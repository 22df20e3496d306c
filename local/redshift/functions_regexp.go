package redshift

func regexpFunctions() []function {
	optional := func(c *callContext, i int, otherwise string) string {
		if c.has(i) {
			return c.integer(i)
		}
		return otherwise
	}
	flags := func(c *callContext, i int) string {
		if !c.has(i) {
			return "''"
		}
		c.checkFlags(i)
		return c.text(i)
	}
	return []function{
		{name: "regexp_count", signature: "(text, pattern [, position [, parameters]])", min: 2, max: 4, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_regexp_count", c.text(0), c.text(1), optional(c, 2, "1"), flags(c, 3)))
		}},
		{name: "regexp_instr", signature: "(text, pattern [, position [, occurrence [, option [, parameters]]]])", min: 2, max: 6, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_regexp_instr", c.text(0), c.text(1), optional(c, 2, "1"), optional(c, 3, "1"), optional(c, 4, "0"), flags(c, 5)))
		}},
		{name: "regexp_substr", signature: "(text, pattern [, position [, occurrence [, parameters]]])", min: 2, max: 5, bind: func(c *callContext) value {
			return of(textType, fn("rs_regexp_substr", c.text(0), c.text(1), optional(c, 2, "1"), optional(c, 3, "1"), flags(c, 4)))
		}},
		{name: "regexp_replace", signature: "(text, pattern [, replacement [, position [, parameters]]])", min: 2, max: 5, bind: func(c *callContext) value {
			replacement := "''"
			if c.has(2) {
				replacement = c.text(2)
			}
			return of(textType, fn("rs_regexp_replace", c.text(0), c.text(1), replacement, optional(c, 3, "1"), flags(c, 4)))
		}},
	}
}

// checkFlags holds argument i to the parameters that there are.
func (c *callContext) checkFlags(i int) {
	for _, f := range c.constant(i) {
		switch f {
		case 'c', 'i', 'e', 'p':
		default:
			c.fail(c.place(i), "parameter %q of %s is none of c, i, e and p", string(f), c.x.name)
		}
	}
}
