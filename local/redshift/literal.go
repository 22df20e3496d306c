package redshift

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// literalOf writes a text literal as a constant of the type, or refuses it as Redshift does.
func (b *binder) literalOf(s string, t Type, at int) string {
	invalid := func() {
		b.fail(at, "invalid input syntax for type %s: %q", sqlNames[t.Kind], s)
	}
	switch t.Kind {
	case Char:
		return quoteText(strings.TrimRight(s, " "))
	case Bool:
		v, ok := parseBool(s)
		if !ok {
			invalid()
		}
		return strconv.FormatBool(v)
	case Int2, Int4, Int8, OID:
		n, err := parseInteger(s, 8*width(t.Kind))
		if err != nil {
			b.fail(at, "%s", err.Error())
		}
		return castTo(strconv.FormatInt(n, 10), t.Duck())
	case Numeric:
		n, ok := parseNumeric(s)
		if !ok {
			invalid()
		}
		return castTo(quoteText(n), t.Duck())
	case Float4, Float8:
		f, ok := parseDouble(s)
		if !ok {
			invalid()
		}
		return castTo(quoteText(strconv.FormatFloat(f, 'g', -1, 64)), t.Duck())
	case Date, Timestamp, TimestampTZ, Time, TimeTZ:
		out, ok := momentLiteral(s, t.Kind, b.session.now())
		if !ok {
			invalid()
		}
		return out
	case Interval:
		out, ok := parseInterval(s)
		if !ok {
			invalid()
		}
		return out.duck()
	case Varbyte:
		return fn("encode", quoteText(s))
	case Super:
		return quoteText(jsonText(s))
	}
	return quoteText(s)
}

// momentLiteral writes a date or time for DuckDB; now is in the session's time zone.
func momentLiteral(s string, kind Kind, now time.Time) (string, bool) {
	m, ok := parseMoment(s, wall(now))
	if !ok || kind.isMoment() && !m.hasDate || kind.isClock() && !m.hasTime {
		return "", false
	}
	switch kind {
	case Date:
		return "DATE '" + duckDate(m.stamp(false)) + "'", true
	case Timestamp:
		return "TIMESTAMP '" + duckStamp(m.stamp(false)) + "'", true
	case TimestampTZ:
		return "TIMESTAMPTZ '" + duckStamp(m.inSession(now.Location()).stamp(true)) + "+00'", true
	case Time:
		return "TIME '" + m.clockText() + "'", true
	}
	m = m.inSession(now.Location())
	return "TIMETZ '" + m.clockText() + m.offsetText(now) + "'", true
}

func duckDate(t time.Time) string {
	if t.Year() <= 0 {
		return strconv.Itoa(1-t.Year()) + t.Format("-01-02") + " (BC)"
	}
	return t.Format("2006-01-02")
}

func duckStamp(t time.Time) string {
	if t.Year() <= 0 {
		return strconv.Itoa(1-t.Year()) + t.Format("-01-02") + " (BC) " + t.Format("15:04:05.999999")
	}
	return t.Format("2006-01-02 15:04:05.999999")
}

func (m moment) clockText() string {
	return time.Date(2000, 1, 1, m.hour, m.minute, m.second, m.micro*1000, time.UTC).Format("15:04:05.999999")
}

// offsetText is the zone's offset as DuckDB reads it: +hh:mm. A zone with summer time is taken on the text's date, or now's.
func (m moment) offsetText(now time.Time) string {
	offset := m.offsetOn(now)
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	return sign + time.Unix(int64(offset), 0).UTC().Format("15:04")
}

func (m moment) offsetOn(now time.Time) int {
	if m.hasOffset || m.zone == nil {
		return m.offset
	}
	day := now
	if m.hasDate {
		day = m.stamp(false)
	}
	_, offset := day.In(m.zone).Zone()
	return offset
}

func parseBool(s string) (v, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "t", "tr", "tru", "true", "y", "ye", "yes", "1", "on":
		return true, true
	case "f", "fa", "fal", "fals", "false", "n", "no", "0", "off", "of":
		return false, true
	}
	return false, false
}

// parseInteger reads digits with a sign, and blanks around them; nothing else is a whole number in Redshift.
func parseInteger(s string, bits int) (int64, error) {
	trimmed := strings.TrimSpace(s)
	digits := strings.TrimLeft(trimmed, "+-")
	if !allDigits(digits) || len(trimmed)-len(digits) > 1 {
		return 0, failAt(0, "invalid input syntax for integer: %q", s)
	}
	n, err := strconv.ParseInt(trimmed, 10, bits)
	if err != nil {
		return 0, failAt(0, "value %q is out of range for type %s", trimmed, map[int]string{16: "smallint", 32: "integer", 64: "bigint"}[bits])
	}
	return n, nil
}

// parseNumeric gives a decimal number without blanks and exponent.
func parseNumeric(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if !isDecimal(s) {
		return "", false
	}
	if !strings.ContainsAny(s, "eE") {
		return s, true
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	shift, err := strconv.Atoi(exponent)
	if err != nil || shift > 60 || shift < -60 {
		return "", false
	}
	r, ok := new(big.Rat).SetString(mantissa + "e" + exponent)
	if !ok {
		return "", false
	}
	_, fraction, _ := strings.Cut(mantissa, ".")
	return r.FloatString(max(len(fraction)-shift, 0)), true
}

// isDecimal reports whether s is [sign] digits [. digits] [e [sign] digits].
func isDecimal(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	if s == "" || !isDigit(s[0]) && (s[0] != '.' || len(s) == 1 || !isDigit(s[1])) {
		return false
	}
	return scanNumber(s, 0) == len(s)
}

func parseDouble(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if !isDecimal(s) {
		switch strings.ToLower(s) {
		case "nan", "infinity", "-infinity":
		default:
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
