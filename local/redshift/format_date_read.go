package redshift

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// formatReader reads a text by a format.
type formatReader struct {
	s                           string
	i                           int
	year, month, day, doy       int
	hour, minute, second, micro int
	hour12, pm, bc, hasJ        bool
	julian                      int
	isoYear, isoWeek, isoDay    int
}

// parseByFormat is TO_DATE and TO_TIMESTAMP. Unless it is strict, what is out of range runs over into the next greater part:
// the 31st of June is the 1st of July.
func parseByFormat(s, format string, strict bool) (time.Time, error) {
	r := &formatReader{s: s, month: 1, day: 1}
	for _, p := range formatParts(format) {
		if err := r.read(p); err != nil {
			return time.Time{}, fmt.Errorf("%w in %q with the format %q", err, s, format)
		}
	}
	if r.hour12 {
		r.hour %= 12
		if r.pm {
			r.hour += 12
		}
	}
	if r.bc {
		r.year = 1 - r.year
	}
	if strict && (r.month > 12 || r.month < 1 || r.day < 1 || r.day > daysIn(r.year, r.month) || r.hour > 23 || r.minute > 59 || r.second > 59) {
		return time.Time{}, fmt.Errorf("date/time field value out of range: %s", s)
	}
	return r.time()
}

func (r *formatReader) time() (time.Time, error) {
	date := time.Date(r.year, time.Month(r.month), r.day, 0, 0, 0, 0, time.UTC)
	switch {
	case r.hasJ:
		date = time.Unix(int64(r.julian-2440588)*86400, 0).UTC()
	case r.doy > 0:
		date = time.Date(r.year, 1, r.doy, 0, 0, 0, 0, time.UTC)
	case r.isoWeek > 0:
		first := time.Date(r.isoYear, 1, 4, 0, 0, 0, 0, time.UTC)
		date = first.AddDate(0, 0, -(int(first.Weekday())+6)%7+7*(r.isoWeek-1)+max(r.isoDay, 1)-1)
	}
	return date.Add(time.Duration(r.hour)*time.Hour + time.Duration(r.minute)*time.Minute + time.Duration(r.second)*time.Second +
		time.Duration(r.micro)*time.Microsecond), nil
}

// read takes what a part of the format stands for.
func (r *formatReader) read(p formatPart) error {
	if p.key == "" {
		r.skipText(p.text)
		return nil
	}
	for r.i < len(r.s) && r.s[r.i] == ' ' {
		r.i++
	}
	if r.i >= len(r.s) {
		return nil // what is missing keeps its default
	}
	switch p.key {
	case "MONTH", "MON":
		n, size := longestName(r.s[r.i:], monthNames)
		if n < 0 {
			return fmt.Errorf("there is no month %q", r.rest())
		}
		r.month, r.i = n+1, r.i+size
		return nil
	case "DAY", "DY":
		n, size := longestName(r.s[r.i:], dayNames)
		if n < 0 {
			return fmt.Errorf("there is no day %q", r.rest())
		}
		r.i += size
		return nil
	case "RM":
		return r.roman()
	case "AM", "PM", "A.M.", "P.M.":
		return r.meridian(len(p.key))
	case "BC", "AD", "B.C.", "A.D.":
		r.bc = strings.EqualFold(r.s[r.i:r.i+1], "b")
		r.i = min(r.i+len(p.key), len(r.s))
		return nil
	case "TZ", "OF":
		return fmt.Errorf("%s is for output only", p.key)
	}
	return r.number(p)
}

func (r *formatReader) rest() string { return r.s[r.i:] }

// skipText takes one character for one of the format that is no letter or digit; letters and digits must be equal.
func (r *formatReader) skipText(text string) {
	for _, c := range text {
		if r.i >= len(r.s) {
			return
		}
		next, size := utf8.DecodeRuneInString(r.s[r.i:])
		switch {
		case c == ' ' && next != ' ':
			continue
		case !unicode.IsLetter(c) && !unicode.IsDigit(c) && (unicode.IsLetter(next) || unicode.IsDigit(next)):
			continue
		}
		r.i += size
	}
}

func longestName(s string, names []string) (index, size int) {
	lower := strings.ToLower(s)
	for i, name := range names {
		if strings.HasPrefix(lower, name) {
			return i, len(name)
		}
	}
	for i, name := range names {
		if strings.HasPrefix(lower, name[:3]) {
			return i, 3
		}
	}
	return -1, 0
}

func (r *formatReader) roman() error {
	upper := strings.ToUpper(r.rest())
	best := -1
	for i, m := range romanMonths {
		if strings.HasPrefix(upper, m) && (best < 0 || len(m) > len(romanMonths[best])) {
			best = i
		}
	}
	if best < 0 {
		return fmt.Errorf("there is no Roman month %q", r.rest())
	}
	r.month, r.i = best+1, r.i+len(romanMonths[best])
	return nil
}

func (r *formatReader) meridian(size int) error {
	c := r.s[r.i] | 0x20
	if c != 'a' && c != 'p' {
		return fmt.Errorf("%q is neither AM nor PM", r.rest())
	}
	r.pm, r.hour12 = c == 'p', true
	r.i = min(r.i+size, len(r.s))
	return nil
}

// widths are how many digits a keyword takes at most.
var widths = map[string]int{"YYYY": 4, "YYY": 3, "YY": 2, "Y": 1, "IYYY": 4, "IYY": 3, "IY": 2, "I": 1, "CC": 2, "Q": 1, "MM": 2, "DD": 2, "DDD": 3,
	"IDDD": 3, "D": 1, "ID": 1, "W": 1, "WW": 2, "IW": 2, "J": 7, "HH24": 2, "HH12": 2, "HH": 2, "MI": 2, "SS": 2, "SSSS": 5, "MS": 3, "US": 6}

func (r *formatReader) number(p formatPart) error {
	if p.key == "Y,YYY" {
		return r.commaYear()
	}
	from := r.i
	for r.i < len(r.s) && r.i < from+widths[p.key] && isDigit(r.s[r.i]) {
		r.i++
	}
	digits := r.s[from:r.i]
	if digits == "" {
		return fmt.Errorf("%q is no number for %s", r.rest(), p.key)
	}
	if p.ordinal != "" {
		r.i = min(r.i+2, len(r.s))
	}
	r.set(p.key, number2(digits), digits)
	return nil
}

func (r *formatReader) commaYear() error {
	before, after, ok := strings.Cut(r.rest(), ",")
	if !ok || !allDigits(before) || len(after) < 3 || !allDigits(after[:3]) {
		return fmt.Errorf("%q is no year for Y,YYY", r.rest())
	}
	r.year = number2(before)*1000 + number2(after[:3])
	r.i += len(before) + 4
	return nil
}

func (r *formatReader) set(key string, n int, digits string) {
	switch key {
	case "YYYY":
		if r.year = n; len(digits) <= 2 {
			r.year = fullYear(digits)
		}
	case "YYY", "YY", "Y":
		r.year = 2000 + n
		if len(digits) == 2 {
			r.year = fullYear(digits)
		}
	case "IYYY", "IYY", "IY", "I":
		if r.isoYear = n; n < 1000 {
			r.isoYear = 2000 + n
		}
	case "MM":
		r.month = n
	case "DD":
		r.day = n
	case "DDD":
		r.doy = n
	case "IW":
		r.isoWeek = n
	case "ID":
		r.isoDay = n
	case "WW":
		r.doy = 7*(n-1) + 1
	case "W":
		r.day = 7*(n-1) + 1
	case "J":
		r.julian, r.hasJ = n, true
	case "HH24":
		r.hour = n
	case "HH12", "HH":
		r.hour, r.hour12 = n, r.hour12 || n <= 12
	case "MI":
		r.minute = n
	case "SS":
		r.second = n
	case "SSSS":
		r.hour, r.minute, r.second = n/3600, n/60%60, n%60
	case "MS":
		r.micro = number2((digits + "000")[:3]) * 1000
	case "US":
		r.micro = number2((digits + "000000")[:6])
	}
}
