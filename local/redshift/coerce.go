package redshift

import (
	"strconv"
	"strings"
)

// castTo makes a value one of the type, as an explicit cast does: VARCHAR(n) cuts by bytes, numbers are rounded.
func (b *binder) castTo(v value, t Type, at int) value {
	out := b.coerce(v, t, at)
	if t.Length > 0 && t.Kind.isText() && !(v.constant && len(v.text) <= t.Length) && !(v.typ.Kind.isText() && v.typ.Length > 0 && v.typ.Length <= t.Length) {
		out.sql = fn("rs_cut", out.sql, strconv.Itoa(t.Length))
	}
	if t.Kind == Varbyte && t.Length > 0 {
		out.sql = fn("rs_cut_bytes", out.sql, strconv.Itoa(t.Length))
	}
	out.typ = t
	return out
}

// coerce converts a value to a type where Redshift converts it by itself or a cast asks for it.
func (b *binder) coerce(v value, t Type, at int) value {
	from := v.typ.Kind
	out := value{typ: t, name: v.name}.from(v)
	switch {
	case v.null:
		out.sql, out.null = castTo("NULL", t.Duck()), true
	case t.Kind == Unknown:
		return v
	case v.constant:
		out.sql = b.literalOf(v.text, t, at)
		if t.Kind.isText() {
			out.constant, out.text = true, v.text
		}
	case from == Unknown:
		if v.param && b.params[v.text].Kind == Unknown {
			b.params[v.text] = t
		}
		out.sql = b.parseText(v.sql, t, at)
	case from == t.Kind:
		out.sql = v.sql
		if from == Numeric && (v.typ.Scale != t.Scale || v.typ.Precision != t.Precision) {
			out.sql = castTo(v.sql, t.Duck())
		}
	default:
		out.sql = b.convert(v, t, at)
	}
	return out
}

func (b *binder) cannotCast(from, to Type, at int) {
	b.fail(at, "cannot cast type %s to %s", sqlNames[from.Kind], sqlNames[to.Kind])
}

// convert writes the conversion from one kind to another.
func (b *binder) convert(v value, t Type, at int) string {
	from := v.typ
	switch {
	case from.Kind.isText() && t.Kind.isText():
		if t.Kind == Char || from.Kind == Char {
			return fn("rtrim", v.sql, "' '")
		}
		return v.sql
	case from.Kind == Super:
		return b.fromSuper(v, t, at)
	case t.Kind == Super:
		return b.toSuper(v, at)
	case from.Kind.isText():
		return b.parseText(v.sql, t, at)
	case t.Kind.isText():
		return b.toText(v)
	case from.Kind.isNumber() && t.Kind.isNumber():
		return castTo(v.sql, t.Duck())
	case from.Kind == Bool && t.Kind.isInteger():
		return castTo(v.sql, t.Duck())
	case from.Kind.isInteger() && t.Kind == Bool:
		return "(" + v.sql + " <> 0)"
	case from.Kind == TimestampTZ && t.Kind == Date:
		return castTo(b.wall(v.sql), "DATE")
	case from.Kind == TimestampTZ && t.Kind == Timestamp:
		return b.wall(v.sql)
	case from.Kind.isMoment() && t.Kind == TimestampTZ:
		return b.instant(v.sql)
	case from.Kind.isMoment() && t.Kind.isMoment():
		return castTo(v.sql, t.Duck())
	case (from.Kind == Timestamp || from.Kind == TimestampTZ) && t.Kind == Time:
		return castTo(b.clockTime(v), "TIME")
	case (from.Kind == Timestamp || from.Kind == TimestampTZ) && t.Kind == TimeTZ:
		return b.zoned(castTo(b.clockTime(v), "TIME"))
	case from.Kind == Time && t.Kind == TimeTZ:
		return b.zoned(v.sql)
	case from.Kind == TimeTZ && t.Kind == Time:
		return clockUTC(v.sql)
	case from.Kind == Time && t.Kind == Interval:
		return "(" + v.sql + " - TIME '00:00:00')"
	case from.Kind.isInteger() && t.Kind == Varbyte:
		return fn("rs_int_bytes", castTo(v.sql, "BIGINT"), strconv.Itoa(width(from.Kind)))
	case from.Kind == Varbyte && t.Kind.isInteger():
		return castTo(fn("rs_bytes_int", v.sql), t.Duck())
	}
	b.cannotCast(from, t, at)
	return ""
}

// width is the size of an integer type in bytes.
func width(k Kind) int {
	switch k {
	case Int2:
		return 2
	case Int8, OID:
		return 8
	}
	return 4
}

// clockUTC is the time of day in UTC of a TIMETZ.
func clockUTC(sql string) string {
	return castTo(fn("make_timestamp", fn("epoch_us", "(DATE '2000-01-01' + "+sql+")")), "TIME")
}

// toText writes a value as Redshift casts it to VARCHAR.
func (b *binder) toText(v value) string {
	switch v.typ.Kind {
	case Numeric:
		return v.decimalText()
	case Float8:
		return fn("rs_float_text", v.sql)
	case Float4:
		return fn("rs_real_text", v.sql)
	case Varbyte:
		return fn("rs_bytes_text", v.sql)
	case Interval:
		return fn("rs_interval_text", castTo(v.sql, "VARCHAR"))
	case TimeTZ:
		return "(" + castTo(clockUTC(v.sql), "VARCHAR") + " || '+00')"
	case TimestampTZ:
		if zone := b.session.zone(); zone != "" {
			return fn("rs_zoned_text", castTo(v.sql, "TIMESTAMP"), quoteText(zone))
		}
	}
	return castTo(v.sql, "VARCHAR")
}

// parseText reads a text as a value of the type, as strictly as Redshift does.
func (b *binder) parseText(sql string, t Type, at int) string {
	switch t.Kind {
	case Char:
		return fn("rtrim", sql, "' '")
	case Varchar, Unknown:
		return sql
	case Bool:
		return fn("rs_bool", sql)
	case Int2, Int4, Int8, OID:
		return castTo(fn("rs_integer", sql, strconv.Itoa(8*width(t.Kind))), t.Duck())
	case Numeric:
		return castTo(fn("rs_numeric", sql), t.Duck())
	case Float4, Float8:
		return castTo(fn("rs_double", sql), t.Duck())
	case Date:
		return castTo(fn("rs_timestamp", sql, "'date'"), "DATE")
	case Timestamp:
		return fn("rs_timestamp", sql, "'timestamp'")
	case TimestampTZ:
		return castTo(fn("rs_timestamptz", sql, b.session.zoneText()), "TIMESTAMPTZ")
	case Time:
		return fn("rs_time", sql)
	case TimeTZ:
		return castTo(fn("rs_timetz", sql, b.session.zoneText()), "TIMETZ")
	case Interval:
		return castTo(fn("rs_interval", sql), "INTERVAL")
	case Varbyte:
		return fn("encode", sql)
	case Super:
		return fn("rs_json_text", sql)
	}
	b.fail(at, "cannot cast type character varying to %s", t)
	return ""
}

// unify finds the type that values have in common, as UNION, CASE, COALESCE and IN need it.
func (b *binder) unify(at int, what string, list ...value) Type {
	var t Type
	untyped := true
	for _, v := range list {
		if v.untyped() {
			continue
		}
		if untyped {
			t, untyped = v.typ, false
			continue
		}
		common, ok := commonType(t, v.typ)
		if !ok {
			b.fail(at, "%s types %s and %s cannot be matched", what, sqlNames[t.Kind], sqlNames[v.typ.Kind])
		}
		t = common
	}
	if untyped {
		return textType
	}
	if t.Kind.isText() {
		t.Length = 0
	}
	return t
}

// commonType is the type to which both convert.
func commonType(a, b Type) (Type, bool) {
	switch {
	case a == b:
		return a, true
	case a.Kind.isText() && b.Kind.isText():
		if a.Kind == Char && b.Kind == Char {
			return Type{Kind: Char, Length: max(a.Length, b.Length)}, true
		}
		return textType, true
	case a.Kind == Varbyte && b.Kind == Varbyte:
		return bytesType, true
	case a.Kind == b.Kind && a.Kind != Numeric:
		return a, true
	case a.Kind.isNumber() && b.Kind.isNumber():
		return commonNumber(a, b), true
	case a.Kind.isMoment() && b.Kind.isMoment():
		return Type{Kind: max(a.Kind, b.Kind)}, true
	case a.Kind.isClock() && b.Kind.isClock():
		return Type{Kind: TimeTZ}, true
	case a.Kind == Super || b.Kind == Super:
		return superType, true
	}
	return Type{}, false
}

// commonNumber is the numeric type of both ("Computations with numeric values").
func commonNumber(a, b Type) Type {
	switch {
	case a.Kind == Float4 && b.Kind == Float4:
		return a
	case a.Kind.isFloat() || b.Kind.isFloat():
		return float8Type
	case a.Kind.isInteger() && b.Kind.isInteger():
		if a.Kind == OID || b.Kind == OID {
			return int8Type
		}
		return Type{Kind: max(a.Kind, b.Kind)}
	}
	a, b = a.asNumeric(), b.asNumeric()
	scale := max(a.Scale, b.Scale)
	return numericType(max(a.Precision-a.Scale, b.Precision-b.Scale)+scale, scale)
}

// trimmed is a text without the trailing blanks that comparisons ignore ("Significance of trailing blanks").
func trimmed(v value) string {
	if v.constant && !strings.HasSuffix(v.text, " ") || v.typ.Kind == Char || v.null {
		return v.sql
	}
	return fn("rtrim", v.sql, "' '")
}

// decimalText is a DECIMAL as text. Of one that has no place before the point DuckDB writes none: .50.
func (v value) decimalText() string {
	t := v.typ
	if t.Scale == t.Precision && t.Precision < maxPrecision {
		t.Precision++
		return castTo(castTo(v.sql, t.Duck()), "VARCHAR")
	}
	return castTo(v.sql, "VARCHAR")
}
