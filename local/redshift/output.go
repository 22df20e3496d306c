package redshift

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Value makes what the driver of DuckDB hands out one of nil, bool, int64, float64 or string. Numbers of type numeric, dates,
// times, intervals, bytes and SUPER are texts, as Redshift prints them; a CHAR has its blanks.
func Value(v any, t Type) any {
	switch v := v.(type) {
	case nil:
		return nil
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case uint64:
		return strconv.FormatUint(v, 10)
	case float32:
		f, err := strconv.ParseFloat(realText(v), 64)
		if err != nil {
			return float64(v)
		}
		return f
	case *big.Int:
		return v.String()
	case duckdb.Decimal:
		return decimalText(v)
	case duckdb.Interval:
		return spanText(span{int64(v.Months), int64(v.Days), v.Micros})
	case []byte:
		return hex.EncodeToString(v)
	case time.Time:
		return timeText(v, t.Kind)
	case string:
		if t.Kind == Char && len(v) < t.Length {
			return v + strings.Repeat(" ", t.Length-len(v))
		}
		return v
	case bool, int64, float64:
		return v
	}
	return fmt.Sprint(v)
}

// Text is a value as psql shows it: t and f, numbers with 15 digits. NULL is "".
func Text(v any, t Type) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "t"
		}
		return "f"
	case float64:
		if t.Kind == Float4 {
			return realText(float32(v))
		}
		return floatText(v)
	}
	return fmt.Sprint(v)
}

func timeText(t time.Time, kind Kind) string {
	switch kind {
	case Date:
		return eraText(t.UTC(), "2006-01-02")
	case Time:
		return t.UTC().Format("15:04:05.999999")
	case TimeTZ:
		return t.UTC().Format("15:04:05.999999+00")
	case TimestampTZ:
		return eraText(t.UTC(), "2006-01-02 15:04:05.999999+00")
	}
	return eraText(t.UTC(), "2006-01-02 15:04:05.999999")
}

// eraText writes years before the first with BC.
func eraText(t time.Time, layout string) string {
	if t.Year() > 0 {
		return t.Format(layout)
	}
	return t.AddDate(1-2*t.Year(), 0, 0).Format(layout) + " BC"
}

// decimalText writes a decimal with all the digits of its scale: 1.50.
func decimalText(d duckdb.Decimal) string {
	if d.Scale == 0 {
		return d.Value.String()
	}
	digits := new(big.Int).Abs(d.Value).String()
	if pad := int(d.Scale) + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	sign := ""
	if d.Value.Sign() < 0 {
		sign = "-"
	}
	point := len(digits) - int(d.Scale)
	return sign + digits[:point] + "." + digits[point:]
}

// spanText prints an interval in the style postgres: 1 year 2 mons 3 days 04:05:06.7.
func spanText(s span) string {
	var parts []string
	add := func(n int64, unit string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+unit)
		case n != 0:
			parts = append(parts, strconv.FormatInt(n, 10)+" "+unit+"s")
		}
	}
	add(s.months/12, "year")
	add(s.months%12, "mon")
	days, micros := s.days+s.micros/(24*3_600_000_000), s.micros%(24*3_600_000_000)
	add(days, "day")
	if micros != 0 || len(parts) == 0 {
		sign := ""
		if micros < 0 {
			sign, micros = "-", -micros
		}
		parts = append(parts, sign+time.UnixMicro(micros).UTC().Format("15:04:05.999999"))
	}
	return strings.Join(parts, " ")
}
