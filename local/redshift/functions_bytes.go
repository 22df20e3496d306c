package redshift

func bytesFunctions() []function {
	return []function{
		{name: "from_hex", signature: "(text)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(bytesType, fn("rs_to_varbyte", c.text(0), "'hex'"))
		}},
		{name: "to_varbyte", signature: "(text, format)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(bytesType, fn("rs_to_varbyte", c.text(0), c.text(1)))
		}},
		{name: "from_varbyte", signature: "(varbyte, format)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(textType, fn("rs_from_varbyte", c.bytes(0), c.text(1)))
		}},
		{name: "getbit", signature: "(varbyte, index)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(int4Type, fn("rs_getbit", c.bytes(0), c.integer(1)))
		}},
	}
}
