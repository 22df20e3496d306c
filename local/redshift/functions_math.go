package redshift

func mathFunctions() []function {
	float := func(duck string) func(*callContext) value {
		return func(c *callContext) value {
			list := make([]string, len(c.args))
			for i := range c.args {
				list[i] = c.float(i)
			}
			return of(float8Type, fn(duck, list...))
		}
	}
	whole := func(duck string) func(*callContext) value {
		return func(c *callContext) value {
			v := c.measure(0)
			if v.typ.Kind.isInteger() {
				return of(v.typ, v.sql)
			}
			if v.typ.Kind == Numeric {
				return of(numericType(v.typ.Precision, 0), fn(duck, v.sql))
			}
			return of(v.typ, castTo(fn(duck, v.sql), v.typ.Duck()))
		}
	}
	same := func(duck string) func(*callContext) value {
		return func(c *callContext) value {
			v := c.measure(0)
			return of(v.typ, castTo(fn(duck, v.sql), v.typ.Duck()))
		}
	}
	list := []function{
		{name: "abs", signature: "(number)", min: 1, max: 1, bind: same("abs")},
		{name: "sign", signature: "(number)", min: 1, max: 1, bind: func(c *callContext) value {
			v := c.measure(0)
			t := v.typ
			if t.Kind == Numeric {
				t = numericType(1, 0)
			}
			return of(t, castTo(fn("sign", v.sql), t.Duck()))
		}},
		{name: "ceil", signature: "(number)", min: 1, max: 1, bind: whole("ceil")},
		{name: "ceiling", signature: "(number)", min: 1, max: 1, bind: whole("ceil")},
		{name: "floor", signature: "(number)", min: 1, max: 1, bind: whole("floor")},
		{name: "round", signature: "(number [, digits])", min: 1, max: 2, bind: bindRound},
		{name: "trunc", signature: "(number [, digits] | timestamp)", min: 1, max: 2, bind: func(c *callContext) value {
			if c.args[0].typ.Kind.isMoment() && len(c.args) == 1 {
				return of(dateType, c.as(0, dateType))
			}
			return bindRound(c)
		}},
		{name: "mod", signature: "(a, b)", min: 2, max: 2, bind: func(c *callContext) value {
			return c.arithmetic("%", c.args[0], c.args[1], c.x.pos())
		}},
		{name: "power", signature: "(a, b)", min: 2, max: 2, bind: float("power")},
		{name: "pow", signature: "(a, b)", min: 2, max: 2, bind: float("power"), column: "power"},
		{name: "pi", signature: "()", bind: func(*callContext) value { return of(float8Type, "pi()") }},
		{name: "random", signature: "()", bind: func(*callContext) value {
			return value{sql: "random()", typ: float8Type, volatile: true}
		}},
		{name: "log", signature: "(number)", min: 1, max: 1, bind: float("log10"), column: "dlog10"},
		{name: "to_hex", signature: "(integer | varbyte)", min: 1, max: 1, bind: func(c *callContext) value {
			if c.args[0].typ.Kind == Varbyte {
				return of(textType, fn("lower", fn("hex", c.args[0].sql)))
			}
			return of(textType, fn("rs_to_hex", c.integer(0)))
		}},
	}
	for _, f := range [][2]string{{"acos", "acos"}, {"asin", "asin"}, {"atan", "atan"}, {"cbrt", "cbrt"}, {"cos", "cos"}, {"cot", "cot"},
		{"degrees", "degrees"}, {"dexp", "exp"}, {"dlog1", "ln"}, {"dlog10", "log10"}, {"exp", "exp"}, {"ln", "ln"}, {"radians", "radians"},
		{"sin", "sin"}, {"sqrt", "sqrt"}, {"tan", "tan"}} {
		list = append(list, function{name: f[0], signature: "(number)", min: 1, max: 1, bind: float(f[1])})
	}
	return append(list, function{name: "atan2", signature: "(a, b)", min: 2, max: 2, bind: float("atan2")})
}

// measure is argument i as a number; texts become doubles.
func (c *callContext) measure(i int) value {
	v := c.args[i]
	if v.null || isTextual(v) || v.typ.Kind == Super {
		return c.coerce(v, float8Type, c.place(i))
	}
	if !v.typ.Kind.isNumber() {
		c.wrong(i)
	}
	return v
}

// bindRound is ROUND and TRUNC: the type stays, decimals keep no more digits than asked for.
func bindRound(c *callContext) value {
	v, name := c.measure(0), c.x.name
	if !c.has(1) {
		switch {
		case v.typ.Kind.isInteger():
			return of(v.typ, v.sql)
		case v.typ.Kind == Numeric:
			return of(numericType(v.typ.Precision, 0), fn(name, v.sql))
		}
		return of(v.typ, castTo(fn(name, v.sql), v.typ.Duck()))
	}
	digits, constant := c.digits()
	switch {
	case v.typ.Kind.isFloat():
		return of(v.typ, castTo(fn(name, castTo(v.sql, "DOUBLE"), castTo(c.integer(1), "INTEGER")), v.typ.Duck()))
	case !constant:
		panic(notModelled(c.place(1), "the number of digits of a decimal that is no literal"))
	case v.typ.Kind.isInteger():
		if digits >= 0 {
			return of(v.typ, v.sql)
		}
		return of(v.typ, castTo(fn(name, castTo(v.sql, v.typ.asNumeric().Duck()), itoa(digits)), v.typ.Duck()))
	case digits >= v.typ.Scale:
		return of(v.typ, v.sql)
	}
	t := numericType(v.typ.Precision, max(digits, 0))
	if digits < 0 && -digits >= v.typ.Precision-v.typ.Scale {
		t.Precision = min(v.typ.Precision+1, maxPrecision)
	}
	return of(t, castTo(fn(name, v.sql, itoa(digits)), t.Duck()))
}

// digits is the literal number of argument 1.
func (c *callContext) digits() (n int, constant bool) {
	x, sign := c.x.args[1], 1
	if u, ok := x.(*unary); ok && u.op == "-" {
		x, sign = u.x, -1
	}
	l, ok := x.(*literal)
	if !ok || l.kind != numberLiteral || !allDigits(l.value) || len(l.value) > 3 {
		return 0, false
	}
	return sign * number2(l.value), true
}
