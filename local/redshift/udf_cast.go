package redshift

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// castUDFs convert texts as strictly as Redshift does, and numbers to texts as it prints them.
func castUDFs() []*udf {
	return []*udf{
		udf2("rs_integer", func(s string, bits int64) (maybe[int64], error) { return orError(parseInteger(s, int(bits))) }),
		udf1("rs_numeric", func(s string) (maybe[string], error) {
			n, ok := parseNumeric(s)
			return some(n), invalidUnless(ok, "numeric", s)
		}),
		udf1("rs_double", func(s string) (maybe[float64], error) {
			f, ok := parseDouble(s)
			return some(f), invalidUnless(ok, "double precision", s)
		}),
		udf1("rs_bool", func(s string) (maybe[bool], error) {
			v, ok := parseBool(s)
			return some(v), invalidUnless(ok, "boolean", s)
		}),
		udf2("rs_timestamp", func(s, kind string) (maybe[time.Time], error) {
			m, ok := parseMoment(s, time.Time{})
			ok = ok && m.hasDate && !isRelative(s)
			return some(m.stamp(false)), invalidUnless(ok, kind, s)
		}),
		udf2("rs_timestamptz", func(s, zone string) (maybe[time.Time], error) {
			m, ok := parseMoment(s, time.Time{})
			ok = ok && m.hasDate && !isRelative(s)
			loc, err := zoneOf(zone)
			if err != nil || !ok {
				return none[time.Time](), errors.Join(err, invalidUnless(ok, "timestamptz", s))
			}
			return some(m.inSession(loc).stamp(true)), nil
		}),
		udf1("rs_time", func(s string) (maybe[string], error) {
			m, ok := parseMoment(s, time.Time{})
			return some(m.clockText()), invalidUnless(ok && m.hasTime, "time", s)
		}),
		udf2("rs_timetz", func(s, zone string) (maybe[string], error) {
			m, ok := parseMoment(s, time.Time{})
			loc, err := zoneOf(zone)
			if ok = ok && m.hasTime; err != nil || !ok {
				return none[string](), errors.Join(err, invalidUnless(ok, "timetz", s))
			}
			return some(m.clockText() + m.inSession(loc).offsetText(time.Unix(0, 0))), nil
		}),
		udf1("rs_interval", func(s string) (maybe[string], error) {
			out, ok := parseInterval(s)
			text := strings.TrimSuffix(strings.TrimPrefix(out.duck(), "INTERVAL '"), "'")
			return some(text), invalidUnless(ok, "interval", s)
		}),
		plain2("rs_cut", cutBytes),
		udf2("rs_fit", func(s string, n int64) (maybe[string], error) { return orError(fit(s, n)) }),
		plain1("rs_float_text", floatText),
		plain1("rs_real_text", realText),
		plain1("rs_interval_text", intervalText),
		udf1("rs_listagg_limit", func(s string) (maybe[string], error) {
			if len(s) > maxVarchar {
				return none[string](), fmt.Errorf("Result size exceeds LISTAGG limit")
			}
			return some(s), nil
		}),
		udf1("rs_positive", func(n int64) (maybe[int64], error) {
			if n < 1 {
				return none[int64](), fmt.Errorf("field position must be greater than zero")
			}
			return some(n), nil
		}),
		udf3("rs_shift_left", func(v, n, bits int64) (maybe[int64], error) {
			v <<= uint64(n) % uint64(bits)
			switch bits {
			case 16:
				v = int64(int16(v))
			case 32:
				v = int64(int32(v))
			}
			return some(v), nil
		}),
		udf3("rs_multiply", func(a, b string, scale int64) (maybe[string], error) {
			x, ok := new(big.Rat).SetString(a)
			y, ok2 := new(big.Rat).SetString(b)
			if !ok || !ok2 {
				return none[string](), fmt.Errorf("Numeric data overflow")
			}
			return some(x.Mul(x, y).FloatString(int(scale))), nil
		}),
		udf2("rs_alternate", alternate),
		udf2("rs_number_to_char", func(n, format string) (maybe[string], error) { return orError(numberToChar(n, format)) }),
		udf2("rs_to_number", func(s, format string) (maybe[string], error) { return orError(toNumber(s, format)) }),
		plain1("rs_to_hex", func(n int64) string { return strconv.FormatUint(uint64(n), 16) }),
	}
}

// invalidUnless is Redshift's complaint about a text that is no value of a type.
func invalidUnless(ok bool, kind, s string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("invalid input syntax for type %s: %q", kind, s)
}

// isRelative tells texts whose meaning is the session's time, which values in columns do not have here.
func isRelative(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "now", "today", "tomorrow", "yesterday":
		return true
	}
	return false
}

// cutBytes keeps the characters that fit into n bytes, as a cast to VARCHAR(n) does.
func cutBytes(s string, n int64) string {
	if int64(len(s)) <= n {
		return s
	}
	end := int(n)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// floatText prints a double as Redshift does: 15 digits.
func floatText(f float64) string { return formatFloat(f, 15) }

// realText prints a FLOAT4: 6 digits.
func realText(f float32) string { return formatFloat(float64(f), 6) }

func formatFloat(f float64, digits int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 && math.Signbit(f): // as PostgreSQL prints it
		return "-0"
	case f == 0:
		return "0"
	}
	s := strconv.FormatFloat(f, 'e', digits-1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	n, _ := strconv.Atoi(exponent)
	if n < -4 || n >= digits { // as C's %g
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e" + exponent
	}
	s = strconv.FormatFloat(f, 'f', digits-1-n, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// intervalText rewrites DuckDB's "1 year 2 months 3 days 04:05:06" as Redshift prints it: "1 year 2 mons 3 days 04:05:06".
func intervalText(s string) string {
	return strings.Replace(s, "month", "mon", 1)
}

// alternate reads a number whose sign may stand behind it, in units of the scale's digits, rounded half away from zero
// ("TEXT_TO_NUMERIC_ALT").
func alternate(s string, scale int64) (maybe[string], error) {
	text := strings.TrimSpace(s)
	sign := ""
	switch {
	case strings.HasSuffix(text, "-"):
		sign, text = "-", strings.TrimSuffix(text, "-")
	case strings.HasSuffix(text, "+"):
		text = strings.TrimSuffix(text, "+")
	}
	if sign == "-" && strings.HasPrefix(text, "-") || !isDecimal(text) {
		return none[string](), invalidUnless(false, "numeric", s)
	}
	r, ok := new(big.Rat).SetString(sign + text)
	if !ok {
		return none[string](), invalidUnless(false, "numeric", s)
	}
	return some(r.FloatString(int(scale))), nil
}

// intBytes are the lowest n bytes of a number, the highest first.
func intBytes(v, n int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(v))[8-n:]
}

// intBytesLow are the lowest n bytes of a number, the lowest first.
func intBytesLow(v, n int64) []byte {
	return binary.LittleEndian.AppendUint64(nil, uint64(v))[:n]
}
