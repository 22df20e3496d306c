package redshift

import (
	"strconv"
	"strings"
)

func (b *binder) unary(x *unary, s *scope) value {
	v := b.expr(x.x, s)
	switch x.op {
	case "not":
		return of(boolType, "(NOT "+b.coerce(v, boolType, x.pos()).sql+")", v)
	case "+", "-":
		if v.constant || v.param {
			v = b.coerce(v, float8Type, x.pos())
		}
		if !v.typ.Kind.isNumber() && v.typ.Kind != Interval {
			b.fail(x.pos(), "operator does not exist: %s %s", x.op, v.typ)
		}
		out := of(v.typ, v.sql, v)
		if x.op == "-" {
			out.sql = "(-" + v.sql + ")"
		}
		out.number, out.nonzero = v.number, v.nonzero
		return out
	case "~":
		if v.typ.Kind == Varbyte {
			return of(bytesType, fn("rs_bytes_not", v.sql), v)
		}
		v = b.integer(v, x.pos())
		return of(v.typ, "(~"+v.sql+")", v)
	case "|/":
		return of(float8Type, fn("sqrt", b.coerce(v, float8Type, x.pos()).sql), v)
	case "||/":
		return of(float8Type, fn("cbrt", b.coerce(v, float8Type, x.pos()).sql), v)
	}
	return of(v.typ, fn("abs", v.sql), v) // @
}

func (b *binder) integer(v value, at int) value {
	if v.untyped() {
		return b.coerce(v, int4Type, at)
	}
	if !v.typ.Kind.isInteger() {
		b.fail(at, "an integer is needed here, not %s", v.typ)
	}
	return v
}

func (b *binder) binary(x *binaryExpr, s *scope) value {
	switch x.op {
	case "and", "or":
		marked := b.marked()
		l := b.coerce(b.expr(x.l, s), boolType, x.l.pos())
		r := b.coerce(b.expr(x.r, s), boolType, x.r.pos())
		if x.op == "or" {
			b.unmarked(marked, x.pos())
		}
		return of(boolType, "("+l.sql+" "+strings.ToUpper(x.op)+" "+r.sql+")", l, r)
	case "=", "<>", "<", ">", "<=", ">=":
		if l, ok := x.l.(*row); ok {
			r, ok := x.r.(*row)
			if !ok {
				b.fail(x.pos(), "a row is compared with something that is none")
			}
			return b.rows(x.op, l, r, s, x.pos())
		}
		return b.compare(x.op, b.expr(x.l, s), b.expr(x.r, s), x.pos())
	}
	l, r := b.expr(x.l, s), b.expr(x.r, s)
	switch x.op {
	case "||":
		return b.concat(l, r, x.pos())
	case "~", "~*", "!~", "!~*":
		return b.posix(x.op, l, r, x.pos())
	case "~~", "~~*", "!~~", "!~~*":
		op := "like"
		if strings.HasSuffix(x.op, "*") {
			op = "ilike"
		}
		return b.likeMatch(op, strings.HasPrefix(x.op, "!"), l, r, value{}, x.pos())
	case "&", "|", "#", "<<", ">>":
		return b.bits(x.op, l, r, x.pos())
	}
	return b.arithmetic(x.op, l, r, x.pos())
}

// compare compares two values; trailing blanks of texts do not count.
func (b *binder) compare(op string, l, r value, at int) value {
	if l.typ.Kind == Super || r.typ.Kind == Super {
		return b.compareSuper(op, l, r, at)
	}
	t := b.comparable(at, l, r)
	return of(boolType, "("+b.compared(l, t, at)+" "+op+" "+b.compared(r, t, at)+")", l, r)
}

// comparable is the type in which values are compared: a number other than DECIMAL is compared with a VARCHAR as text
// ("General compatibility and conversion rules").
func (b *binder) comparable(at int, list ...value) Type {
	var t Type
	for i, v := range list {
		if v.untyped() {
			continue
		}
		if t.Kind == Unknown {
			t = v.typ
			continue
		}
		if common, ok := commonType(t, v.typ); ok {
			t = common
			continue
		}
		if t.Kind == Bool && v.typ.Kind.isInteger() || t.Kind.isInteger() && v.typ.Kind == Bool { // "Logical conditions" compares with 1
			t = boolType
			continue
		}
		text, other := t, v.typ
		if other.Kind.isText() {
			text, other = other, text
		}
		switch {
		case !text.Kind.isText() || other.Kind == Varbyte:
			b.fail(at, "operator does not exist: %s = %s", sqlNames[list[i-1].typ.Kind], sqlNames[v.typ.Kind])
		case other.Kind.isNumber() && other.Kind != Numeric:
			t = textType
		default:
			t = other
		}
	}
	if t.Kind == Unknown {
		return textType
	}
	if t.Kind.isText() {
		t.Length = 0
	}
	return t
}

// compared writes a value for a comparison in the type.
func (b *binder) compared(v value, t Type, at int) string {
	if t.Kind == Numeric && (v.typ.Kind.isInteger() || v.typ.Kind == Numeric) {
		return v.sql // DuckDB compares decimals of any scale
	}
	if t.Kind == Numeric && v.constant {
		n, ok := parseNumeric(v.text)
		if !ok {
			b.fail(at, "invalid input syntax for type numeric: %q", v.text)
		}
		_, fraction, _ := strings.Cut(n, ".")
		return castTo(quoteText(n), "DECIMAL(38,"+strconv.Itoa(min(len(fraction), 18))+")")
	}
	if t.Kind.isInteger() && v.typ.Kind.isInteger() {
		return v.sql
	}
	c := b.coerce(v, t, at)
	if t.Kind.isText() {
		return trimmed(c)
	}
	if t.Kind == Super {
		return fn("rs_json_scalar", c.sql)
	}
	return c.sql
}

// concat is ||, and + of texts and bytes: NULL with anything is NULL.
func (b *binder) concat(l, r value, at int) value {
	if l.typ.Kind == Varbyte || r.typ.Kind == Varbyte {
		l, r = b.coerce(l, bytesType, at), b.coerce(r, bytesType, at)
		return of(bytesType, "("+l.sql+" || "+r.sql+")", l, r)
	}
	length := 0
	if l.typ.Length > 0 && r.typ.Length > 0 {
		length = min(l.typ.Length+r.typ.Length, maxVarchar)
	}
	l, r = b.coerce(l, textType, at), b.coerce(r, textType, at)
	return of(Type{Kind: Varchar, Length: length}, "("+l.sql+" || "+r.sql+")", l, r)
}

func (b *binder) bits(op string, l, r value, at int) value {
	if l.typ.Kind == Varbyte || r.typ.Kind == Varbyte {
		name := map[string]string{"&": "rs_bytes_and", "|": "rs_bytes_or", "#": "rs_bytes_xor"}[op]
		if name == "" {
			b.fail(at, "operator does not exist: %s %s %s", l.typ, op, r.typ)
		}
		l, r = b.coerce(l, bytesType, at), b.coerce(r, bytesType, at)
		return of(bytesType, fn(name, l.sql, r.sql), l, r)
	}
	l, r = b.integer(l, at), b.integer(r, at)
	t := commonNumber(l.typ, r.typ)
	if op == "<<" || op == ">>" {
		t = l.typ
	}
	l, r = b.coerce(l, t, at), b.coerce(r, t, at)
	switch op {
	case "#":
		return of(t, castTo(fn("xor", l.sql, r.sql), t.Duck()), l, r)
	case "<<":
		return of(t, fn("rs_shift_left", castTo(l.sql, "BIGINT"), castTo(r.sql, "BIGINT"), strconv.Itoa(8*width(t.Kind))), l, r).castBack(t)
	}
	return of(t, "("+l.sql+" "+op+" "+r.sql+")", l, r)
}

func (v value) castBack(t Type) value {
	v.sql = castTo(v.sql, t.Duck())
	return v
}

// arithmetic is + - * / % ^.
func (b *binder) arithmetic(op string, l, r value, at int) value {
	switch {
	case l.typ.Kind == Super || r.typ.Kind == Super:
		return b.superArithmetic(op, l, r, at)
	case b.isTemporal(l) || b.isTemporal(r):
		return b.temporal(op, l, r, at)
	case op == "+" && (l.typ.Kind == Varbyte || r.typ.Kind == Varbyte || isTextual(l) && isTextual(r) && (l.typ.Kind.isText() || r.typ.Kind.isText())):
		return b.concat(l, r, at)
	case l.untyped() && r.untyped():
		if l.null || r.null {
			return of(int4Type, castTo("NULL", "INTEGER"))
		}
		b.fail(at, "operator is not unique: unknown %s unknown; cast the operands", op)
	case l.untyped():
		l = b.coerce(l, b.operandType(r.typ), at)
	case r.untyped():
		r = b.coerce(r, b.operandType(l.typ), at)
	}
	if !l.typ.Kind.isNumber() || !r.typ.Kind.isNumber() {
		b.fail(at, "operator does not exist: %s %s %s", sqlNames[l.typ.Kind], op, sqlNames[r.typ.Kind])
	}
	switch {
	case op == "^":
		l, r = b.coerce(l, float8Type, at), b.coerce(r, float8Type, at)
		return of(float8Type, fn("power", l.sql, r.sql), l, r)
	case l.typ.Kind.isFloat() || r.typ.Kind.isFloat():
		return b.floats(op, l, r, at)
	case l.typ.Kind.isInteger() && r.typ.Kind.isInteger():
		return b.integers(op, l, r, at)
	}
	return b.decimals(op, l, r)
}

func isTextual(v value) bool { return v.untyped() || v.typ.Kind.isText() }

// operandType is what an untyped operand becomes beside a number.
func (b *binder) operandType(t Type) Type {
	if t.Kind == Numeric {
		return numericType(maxPrecision, min(t.Scale+6, 18))
	}
	return t
}

func (b *binder) floats(op string, l, r value, at int) value {
	t := commonNumber(l.typ, r.typ)
	l, r = b.coerce(l, t, at), b.coerce(r, t, at)
	switch op {
	case "/":
		return of(t, "("+l.sql+" / "+nonZero(r.sql, r)+")", l, r)
	case "%":
		return of(t, "("+l.sql+" % "+nonZero(r.sql, r)+")", l, r)
	}
	return of(t, "("+l.sql+" "+op+" "+r.sql+")", l, r)
}

// integers computes in the greater of the operands' types; division truncates.
func (b *binder) integers(op string, l, r value, at int) value {
	t := commonNumber(l.typ, r.typ)
	if l.typ.Kind != t.Kind || l.number {
		l = of(t, castTo(l.sql, t.Duck()), l)
	}
	if r.typ.Kind != t.Kind || r.number && op != "/" && op != "%" {
		r.sql = castTo(r.sql, t.Duck())
	}
	switch op {
	case "/":
		return of(t, "("+l.sql+" // "+nonZero(r.sql, r)+")", l, r)
	case "%":
		return of(t, "("+l.sql+" % "+nonZero(r.sql, r)+")", l, r)
	}
	return of(t, "("+l.sql+" "+op+" "+r.sql+")", l, r)
}

// decimals computes with the precision and scale of "Computations with numeric values".
func (b *binder) decimals(op string, l, r value) value {
	lt, rt := l.typ.asNumeric(), r.typ.asNumeric()
	left, right := b.asDecimal(l, lt), b.asDecimal(r, rt)
	switch op {
	case "+", "-":
		scale := max(lt.Scale, rt.Scale)
		t := numericType(max(lt.Precision-lt.Scale, rt.Precision-rt.Scale)+1+scale, scale)
		return of(t, "("+left+" "+op+" "+right+")", l, r)
	case "*":
		t := numericType(lt.Precision+rt.Precision+1, lt.Scale+rt.Scale)
		if t.Scale > 37 {
			t.Scale = 37
			return of(t, castTo(fn("rs_multiply", castTo(left, "VARCHAR"), castTo(right, "VARCHAR"), "37"), t.Duck()), l, r)
		}
		return of(t, "("+left+" * "+right+")", l, r)
	case "%":
		scale := max(lt.Scale, rt.Scale)
		t := numericType(max(lt.Precision-lt.Scale, rt.Precision-rt.Scale)+scale, scale)
		return of(t, castTo("("+left+" % "+nonZero(right, r)+")", t.Duck()), l, r)
	}
	t := quotientType(lt, rt)
	return of(t, quotient(left, lt, right, rt, t, r), l, r)
}

func (b *binder) asDecimal(v value, t Type) string {
	if v.typ.Kind == Numeric {
		return v.sql
	}
	return castTo(v.sql, t.Duck())
}

// quotientType is the type of l / r.
func quotientType(l, r Type) Type {
	scale := max(4, l.Scale+r.Precision-r.Scale+1)
	precision := l.Precision - l.Scale + r.Scale + scale
	if precision > maxPrecision {
		scale = max(maxPrecision+scale-precision, min(4, scale))
		precision = maxPrecision
	}
	return numericType(precision, scale)
}

// quotient divides as whole numbers of 128 bits, which cuts what is below the scale; DuckDB would divide as doubles.
func quotient(left string, lt Type, right string, rt Type, t Type, r value) string {
	power := t.Scale + rt.Scale - lt.Scale
	dividend := whole(left, lt.Scale)
	divisor := whole(right, rt.Scale)
	if power > 0 {
		dividend = "(" + dividend + " * " + tenTo(power) + ")"
	} else if power < 0 {
		divisor = "(" + divisor + " * " + tenTo(-power) + ")"
	}
	sql := "(" + dividend + " // " + nonZero(divisor, r) + ")"
	return castTo("("+castTo(sql, "DECIMAL(38,0)")+" * "+castTo("'0."+strings.Repeat("0", t.Scale-1)+"1'", "DECIMAL("+strconv.Itoa(t.Scale)+","+strconv.Itoa(t.Scale)+")")+")", t.Duck())
}

// whole is a decimal times ten to its scale.
func whole(sql string, scale int) string {
	if scale == 0 {
		return castTo(sql, "HUGEINT")
	}
	return castTo("("+sql+" * "+castTo("1"+strings.Repeat("0", scale), "DECIMAL("+strconv.Itoa(scale+1)+",0)")+")", "HUGEINT")
}

func tenTo(n int) string { return castTo("'1"+strings.Repeat("0", n)+"'", "HUGEINT") }

const divisionByZero = "ERROR: division by zero"

// nonZero makes the divisor fail when it is 0, as in Redshift; DuckDB answers null. A long one stands once in what DuckDB
// gets, so that nested divisions do not grow. v is the divisor before it was converted.
func nonZero(sql string, v value) string {
	switch {
	case v.number && v.nonzero:
		return sql
	case len(sql) < 60:
		return "CASE WHEN " + sql + " = 0 THEN error('" + divisionByZero + "') ELSE " + sql + " END"
	}
	return "list_transform([" + sql + "], lambda d: CASE WHEN d = 0 THEN error('" + divisionByZero + "') ELSE d END)[1]"
}
