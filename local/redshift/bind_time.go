package redshift

// isTemporal reports whether + and - of the value are of dates, times or intervals.
func (b *binder) isTemporal(v value) bool {
	return v.typ.Kind.isMoment() || v.typ.Kind.isClock() || v.typ.Kind == Interval
}

// temporal is arithmetic with dates, times and intervals ("Datetime operators").
func (b *binder) temporal(op string, l, r value, at int) value {
	l, r = b.temporalOperands(op, l, r, at)
	lk, rk := l.typ.Kind, r.typ.Kind
	if op == "+" && (rk.isMoment() && !lk.isMoment() || rk == Date && lk.isClock()) { // the date first
		l, r, lk, rk = r, l, rk, lk
	}
	infix := func(t Type) value { return of(t, "("+l.sql+" "+op+" "+r.sql+")", l, r) }
	switch {
	case (op == "*" || op == "/") && lk == Interval && rk.isNumber():
		if op == "/" {
			f := b.coerce(r, float8Type, at)
			return of(spanType, "("+l.sql+" * (1.0::DOUBLE / "+nonZero(f.sql, r)+"))", l, r)
		}
		return of(spanType, "("+l.sql+" * "+b.factor(r, at)+")", l, r)
	case op == "*" && rk == Interval && lk.isNumber():
		return of(spanType, "("+r.sql+" * "+b.factor(l, at)+")", l, r)
	case op != "+" && op != "-":
	case lk == Date && rk.isInteger():
		return of(dateType, "("+l.sql+" "+op+" "+castTo(r.sql, "INTEGER")+")", l, r)
	case op == "-" && lk == Date && rk == Date:
		return of(int4Type, castTo("("+l.sql+" - "+r.sql+")", "INTEGER"), l, r)
	case op == "-" && lk.isMoment() && rk.isMoment():
		if lk == TimestampTZ || rk == TimestampTZ {
			l, r = b.coerce(l, stampTZType, at), b.coerce(r, stampTZType, at)
		}
		return of(spanType, "("+castTo(l.sql, "TIMESTAMP")+" - "+castTo(r.sql, "TIMESTAMP")+")", l, r)
	case lk.isMoment() && rk == Interval:
		switch lk {
		case Date:
			return infix(stampType)
		case TimestampTZ:
			return of(stampTZType, b.later(l.sql, op, r.sql), l, r)
		}
		return infix(l.typ)
	case op == "+" && lk == Date && rk == Time:
		return infix(stampType)
	case op == "+" && lk == Date && rk == TimeTZ:
		return infix(stampTZType)
	case lk == Interval && rk == Interval:
		return infix(spanType)
	case op == "+" && lk == Interval && rk.isClock():
		return b.temporal(op, r, l, at)
	case lk == Time && rk == Interval:
		return infix(l.typ)
	case lk == TimeTZ && rk == Interval:
		return of(l.typ, castTo("("+clockUTC(l.sql)+" "+op+" "+r.sql+")", "TIMETZ"), l, r)
	case op == "-" && lk == Time && rk == Time:
		return of(spanType, "(("+castTo("DATE '2000-01-01' + "+l.sql, "TIMESTAMP")+") - ("+castTo("DATE '2000-01-01' + "+r.sql, "TIMESTAMP")+"))", l, r)
	case (lk == Timestamp || lk == TimestampTZ) && rk.isNumber():
		panic(notModelled(at, "a number of days "+map[string]string{"+": "added to", "-": "taken from"}[op]+" a timestamp (DATEADD does it)"))
	}
	b.fail(at, "operator does not exist: %s %s %s", sqlNames[lk], op, sqlNames[rk])
	return value{}
}

// factor is a number that an interval is multiplied by.
func (b *binder) factor(v value, at int) string {
	if v.typ.Kind.isInteger() {
		return castTo(v.sql, "INTEGER")
	}
	return b.coerce(v, float8Type, at).sql
}

// temporalOperands gives untyped operands the type that the other one asks for.
func (b *binder) temporalOperands(op string, l, r value, at int) (value, value) {
	other := func(t Type) Type {
		switch {
		case op == "*" || op == "/":
			return float8Type
		case t.Kind == Date && op == "+":
			return int4Type
		case t.Kind.isMoment() && op == "-":
			return t
		case t.Kind == Interval || op == "+":
			return spanType
		}
		return t
	}
	if isTextual(l) {
		t := other(r.typ)
		if r.typ.Kind == Interval && (op == "+" || op == "-") {
			t = stampType
			if _, ok := parseInterval(l.text); ok && l.constant {
				t = spanType
			}
		}
		l = b.coerce(l, t, at)
	}
	if isTextual(r) {
		r = b.coerce(r, other(l.typ), at)
	}
	return l, r
}
