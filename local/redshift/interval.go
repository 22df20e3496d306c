package redshift

import (
	"math"
	"strconv"
	"strings"
)

// span is an interval.
type span struct {
	months, days, micros int64
}

// duck writes it as a literal of DuckDB.
func (s span) duck() string {
	return "INTERVAL '" + strconv.FormatInt(s.months, 10) + " months " + strconv.FormatInt(s.days, 10) + " days " +
		strconv.FormatInt(s.micros, 10) + " microseconds'"
}

// unitMonths and unitMicros are what one of a unit is worth.
var (
	unitMonths = map[string]int64{"year": 12, "quarter": 3, "month": 1, "decade": 120, "century": 1200, "millennium": 12000}
	unitDays   = map[string]int64{"week": 7, "day": 1}
	unitMicros = map[string]int64{"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000, "millisecond": 1000, "microsecond": 1}
)

// parseInterval reads '7 days, 3 hours', '1w 1h', '0.5 days', '1 day 04:05:06.7', '1-2' (years and months), and a bare number
// of seconds ("Interval literals").
func parseInterval(s string) (span, bool) {
	return parseSpan(s, "second")
}

// parseSpan is parseInterval with the unit of a bare number.
func parseSpan(s, bare string) (span, bool) {
	var out span
	any := false
	for i := 0; ; any = true {
		for i < len(s) && (s[i] == ' ' || s[i] == ',' || s[i] == '\t') {
			i++
		}
		if i == len(s) {
			return out, any
		}
		from := i
		if s[i] == '+' || s[i] == '-' {
			i++
		}
		for i < len(s) && (isDigit(s[i]) || s[i] == '.' || s[i] == ':') {
			i++
		}
		amount := s[from:i]
		if i < len(s) && s[i] == '-' && allDigits(strings.TrimLeft(amount, "+-")) { // years-months
			end := i + 1
			for end < len(s) && isDigit(s[end]) {
				end++
			}
			if end == i+1 || !out.addYears(amount, s[i+1:end]) {
				return span{}, false
			}
			i = end
			continue
		}
		if strings.Contains(amount, ":") {
			if !out.addClock(amount) {
				return span{}, false
			}
			continue
		}
		for i < len(s) && s[i] == ' ' {
			i++
		}
		wordFrom := i
		for i < len(s) && isLetter(s[i]) {
			i++
		}
		unit := bare
		if w := strings.ToLower(s[wordFrom:i]); w == "ago" {
			return span{}, false
		} else if w != "" {
			if unit = dateParts[w]; w == "m" {
				unit = "minute"
			}
		}
		if !out.add(amount, unit) {
			return span{}, false
		}
	}
}

func (s *span) addYears(years, months string) bool {
	y, err := strconv.ParseInt(years, 10, 32)
	if err != nil {
		return false
	}
	m, err := strconv.ParseInt(months, 10, 32)
	if strings.HasPrefix(years, "-") {
		m = -m
	}
	s.months += 12*y + m
	return err == nil
}

// addClock adds hh:mm[:ss[.f]].
func (s *span) addClock(text string) bool {
	sign := int64(1)
	switch text[0] {
	case '-':
		sign, text = -1, text[1:]
	case '+':
		text = text[1:]
	}
	parts := strings.Split(text, ":")
	if len(parts) > 3 || !allDigits(parts[0]) || !allDigits(parts[1]) || len(parts[0]) > 9 || len(parts[1]) > 9 {
		return false
	}
	micros := int64(number2(parts[0]))*3_600_000_000 + int64(number2(parts[1]))*60_000_000
	if len(parts) == 3 {
		f, err := strconv.ParseFloat(parts[2], 64)
		if err != nil {
			return false
		}
		micros += int64(math.Round(f * 1e6))
	}
	s.micros += sign * micros
	return true
}

// add adds an amount of a unit; fractions go down to smaller units, a month having 30 days.
func (s *span) add(amount, unit string) bool {
	f, err := strconv.ParseFloat(amount, 64)
	if err != nil || math.Abs(f) > 1e12 {
		return false
	}
	if n := unitMonths[unit]; n > 0 {
		whole := math.Trunc(f * float64(n))
		s.months += int64(whole)
		f, unit = (f*float64(n)-whole)*30, "day"
	}
	if n := unitDays[unit]; n > 0 {
		whole := math.Trunc(f * float64(n))
		s.days += int64(whole)
		f, unit = (f*float64(n)-whole)*24, "hour"
	}
	n := unitMicros[unit]
	s.micros += int64(math.Round(f * float64(n)))
	return n > 0
}

// qualified reads the text of INTERVAL '...' with a qualifier: a bare number is of its last unit, and units below that are cut.
func qualified(s, from, to string, precision int) (span, bool) {
	out, ok := parseQualifiedText(s, from, to)
	if !ok {
		return span{}, false
	}
	switch to {
	case "year":
		return span{months: out.months / 12 * 12}, true
	case "month":
		return span{months: out.months}, true
	case "day":
		return span{days: out.days + out.micros/(24*unitMicros["hour"])}, true
	}
	cut := unitMicros[to]
	if to == "second" {
		cut = 1
		for i := precision; precision >= 0 && i < 6; i++ {
			cut *= 10
		}
	}
	return span{days: out.days, micros: out.micros - out.micros%cut}, true
}

// parseQualifiedText reads d hh:mm:ss and y-m too, as the qualifier has them.
func parseQualifiedText(s, from, to string) (span, bool) {
	fields := strings.Fields(s)
	if from == "day" && len(fields) == 2 && strings.Contains(fields[1], ":") {
		out, ok := parseSpan(fields[0], "day")
		return out, ok && out.addClockLike(fields[1], strings.HasPrefix(fields[0], "-"))
	}
	return parseSpan(s, to)
}

func (s *span) addClockLike(clock string, negative bool) bool {
	if negative {
		clock = "-" + clock
	}
	return s.addClock(clock)
}
