package redshift

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Conversion tells how COPY makes values of texts ("COPY", Data conversion parameters, Database Developer Guide).
type Conversion struct {
	// Null is the text that means NULL.
	Null string
	// DateFormat and TimeFormat are formats, or "auto"; "" are the defaults. Of times "epochsecs" and "epochmillisecs" are numbers.
	DateFormat, TimeFormat string
	// AnyDate takes what is no date or time as NULL.
	AnyDate bool
	// Invalid stands for each byte that is not UTF-8; 0: such a text is refused.
	Invalid                                                       byte
	BlanksAsNull, EmptyAsNull, TrimBlanks, TruncateColumns, Round bool
}

// LoadError is why a text is no value of a column: the code and words of STL_LOAD_ERRORS ("Load error reference").
type LoadError struct {
	Code   int
	Reason string
}

func (e *LoadError) Error() string { return e.Reason }

func loadError(code int, format string, args ...any) *LoadError {
	return &LoadError{code, fmt.Sprintf(format, args...)}
}

// MissingField is the error of a row that ends too early, ExtraFields that of one that goes on, MissingData that of NULL in a column that must
// have a value.
var (
	MissingField = loadError(1214, "Delimiter not found")
	ExtraFields  = loadError(1202, "Extra column(s) found")
	MissingData  = loadError(1213, "Missing data for not-null field")
)

// Value makes a text the column's value, in a form that DuckDB casts to the column's type. written is the text as it stands in the file.
func (c *Conversion) Value(s, written string, column Column) (text string, null bool, err *LoadError) {
	t := column.Type
	blank := strings.TrimSpace(s) == ""
	switch {
	case written == c.Null, s == "" && c.EmptyAsNull, blank && s != "" && c.BlanksAsNull, blank && !t.Kind.isText():
		null = true
	case t.Kind.isText():
		text, err = c.text(s, t)
	case t.Kind.isMoment():
		if text, err = c.moment(s, t.Kind); err != nil && c.AnyDate {
			null, err = true, nil
		}
	case t.Kind == Numeric:
		text, err = c.numeric(s, t)
	default:
		text, err = plainValue(s, t)
	}
	if null && column.NotNull {
		return "", true, MissingData
	}
	return text, null, err
}

// text is a CHAR's or VARCHAR's value.
func (c *Conversion) text(s string, t Type) (string, *LoadError) {
	if !utf8.ValidString(s) {
		if c.Invalid == 0 {
			at := 0
			for at < len(s) {
				r, size := utf8.DecodeRuneInString(s[at:])
				if r == utf8.RuneError && size == 1 {
					break
				}
				at += size
			}
			return "", loadError(1220, "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: %x", s[at])
		}
		var out strings.Builder
		for len(s) > 0 {
			r, size := utf8.DecodeRuneInString(s)
			if r == utf8.RuneError && size == 1 {
				out.WriteByte(c.Invalid)
			} else {
				out.WriteString(s[:size])
			}
			s = s[size:]
		}
		s = out.String()
	}
	if t.Kind == Char && strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return "", loadError(1215, "CHAR string contains invalid characters: multibyte characters need a VARCHAR")
	}
	if c.TrimBlanks && t.Kind == Varchar || t.Kind == Char {
		s = strings.TrimRight(s, " \t\r\n")
	}
	if t.Length > 0 && len(s) > t.Length {
		if !c.TruncateColumns {
			return "", loadError(1204, "String length exceeds DDL length")
		}
		s = cutBytes(s, int64(t.Length))
	}
	return s, nil
}

var (
	defaultDate  = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)
	defaultStamp = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?$`)
	defaultZoned = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)? ?([+-]\d{2}(:?\d{2})?|[A-Za-z/_]+)?$`)
)

// moment is a date's or timestamp's value.
func (c *Conversion) moment(s string, kind Kind) (string, *LoadError) {
	format, usual, bad := c.TimeFormat, defaultStamp, loadError(1206, "Invalid timestamp format or value [%s]", orDefault(c.TimeFormat, "YYYY-MM-DD HH24:MI:SS"))
	switch kind {
	case Date:
		format, usual, bad = c.DateFormat, defaultDate, loadError(1205, "Invalid Date Format - %q is not of the format %s", s, orDefault(c.DateFormat, "YYYY-MM-DD"))
	case TimestampTZ:
		usual = defaultZoned
	}
	trimmed := strings.TrimSpace(s)
	var at time.Time
	switch format {
	case "", "auto":
		m, ok := parseMoment(trimmed, time.Time{})
		if !ok || !m.hasDate || isRelative(s) || format == "" && !usual.MatchString(trimmed) {
			return "", bad
		}
		at = m.stamp(kind == TimestampTZ)
	case "epochsecs", "epochmillisecs":
		n, err := strconv.ParseFloat(trimmed, 64)
		if format == "epochmillisecs" {
			n /= 1000
		}
		if err != nil || math.Abs(n) > 2e11 {
			return "", bad
		}
		at = time.UnixMicro(int64(math.Round(n * 1e6))).UTC()
	default:
		var err error
		if at, err = parseByFormat(trimmed, format, true); err != nil {
			return "", bad
		}
	}
	switch kind {
	case Date:
		return duckDate(at), nil
	case TimestampTZ:
		return duckStamp(at) + "+00", nil
	}
	return duckStamp(at), nil
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// numeric is a DECIMAL's value: what is too exact is cut, or rounded with ROUNDEC.
func (c *Conversion) numeric(s string, t Type) (string, *LoadError) {
	n, ok := parseNumeric(s)
	if !ok {
		return "", invalidDigit(s, t)
	}
	r, ok := new(big.Rat).SetString(n)
	if !ok {
		return "", invalidDigit(s, t)
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Scale)), nil))
	r.Mul(r, scale)
	var whole *big.Int
	if c.Round {
		whole, _ = new(big.Int).SetString(r.FloatString(0), 10)
	} else {
		whole = new(big.Int).Quo(r.Num(), r.Denom())
	}
	if limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Precision)), nil); whole.CmpAbs(limit) >= 0 {
		return "", loadError(1209, "Numeric overflow: %s is out of range for %s", strings.TrimSpace(s), t)
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(whole), scale).FloatString(t.Scale), nil
}

var digitTypes = map[Kind]string{Int2: "Short", Int4: "Integer", Int8: "Long", OID: "Long", Numeric: "Decimal"}

// invalidDigit tells the first character of a number that is none of its.
func invalidDigit(s string, t Type) *LoadError {
	at := strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && r != ' ' && r != '-' && r != '+' && (r != '.' || t.Kind != Numeric)
	})
	if at < 0 {
		at = 0
	}
	r, _ := utf8.DecodeRuneInString(s[at:])
	return loadError(1207, "Invalid digit, Value '%c', Pos %d, Type: %s", r, at, digitTypes[t.Kind])
}

// plainValue is a value of the other types.
func plainValue(s string, t Type) (string, *LoadError) {
	switch t.Kind {
	case Int2, Int4, Int8, OID:
		digits := strings.TrimLeft(strings.TrimSpace(s), "+-")
		n, err := parseInteger(s, map[Kind]int{Int2: 16, Int4: 32, Int8: 64, OID: 32}[t.Kind])
		switch {
		case err == nil:
			return strconv.FormatInt(n, 10), nil
		case allDigits(digits):
			return "", loadError(1204, "Overflow, Column type: %s", digitTypes[t.Kind])
		}
		return "", invalidDigit(s, t)
	case Float4, Float8:
		f, ok := parseDouble(s)
		if !ok || t.Kind == Float4 && !math.IsInf(f, 0) && math.Abs(f) > math.MaxFloat32 {
			return "", loadError(1208, "Invalid characters or range in floating-point value %q", s)
		}
		return strconv.FormatFloat(f, 'g', -1, 64), nil
	case Bool:
		v, ok := parseBool(s)
		if !ok {
			return "", loadError(1210, "Unknown boolean format")
		}
		return strconv.FormatBool(v), nil
	case Time, TimeTZ:
		m, ok := parseMoment(s, time.Time{})
		if !ok || !m.hasTime {
			return "", loadError(1206, "Invalid time format or value %q", s)
		}
		if t.Kind == TimeTZ {
			at := time.Date(2000, 1, 1, m.hour, m.minute, m.second, m.micro*1000, time.UTC).Add(-time.Duration(m.offsetOn(time.Unix(0, 0))) * time.Second)
			return at.Format("15:04:05.999999+00"), nil
		}
		return m.clockText(), nil
	case Super:
		if !json.Valid([]byte(s)) {
			return "", loadError(1224, "Invalid JSON in a value of SUPER")
		}
		return s, nil
	case Varbyte:
		b, err := hex.DecodeString(strings.TrimSpace(s))
		if err != nil || t.Length > 0 && len(b) > t.Length {
			return "", loadError(1204, "Invalid hexadecimal value of VARBYTE, or one that exceeds the DDL length")
		}
		var out strings.Builder
		for _, x := range b {
			fmt.Fprintf(&out, `\x%02X`, x)
		}
		return out.String(), nil
	}
	return "", loadError(1200, "COPY of text into %s is not modelled here", t)
}
