package redshift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// formatKeys are the keywords of date formats, the longest first ("Datetime format strings"). Those of one spelling are
// written in any case; of the others the case of the output follows the keyword's.
var formatKeys = sortedKeys(`Y,YYY YYYY YYY YY Y IYYY IYY IY I BC B.C. AD A.D. CC Q MONTH MON MM RM DAY DY IDDD DDD DD D ID IW WW W J
	HH24 HH12 HH MI SSSS SS MS US AM A.M. PM P.M. TZ OF`)

func sortedKeys(keys string) []string {
	list := strings.Fields(keys)
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}

// formatPart is a keyword of a format, or a text between them.
type formatPart struct {
	key     string // "" for a text
	as      string // as it was written
	fill    bool   // FM: no padding
	ordinal string // TH or th
	text    string
}

// formatParts cuts a date's format into keywords and texts.
func formatParts(format string) []formatPart {
	var parts []formatPart
	fill := false
	for i := 0; i < len(format); {
		upper := strings.ToUpper(format[i:])
		if strings.HasPrefix(upper, "FM") {
			fill = true
			i += 2
			continue
		}
		n := slices.IndexFunc(formatKeys, func(k string) bool { return strings.HasPrefix(upper, k) })
		switch {
		case n >= 0:
			key := formatKeys[n]
			p := formatPart{key: key, as: format[i : i+len(key)], fill: fill}
			i += len(key)
			if i+1 < len(format) && strings.EqualFold(format[i:i+2], "th") {
				p.ordinal = format[i : i+2]
				i += 2
			}
			fill = false
			parts = append(parts, p)
		case format[i] == '"':
			end := strings.IndexByte(format[i+1:], '"')
			if end < 0 {
				end = len(format) - i - 1
			}
			parts = append(parts, formatPart{text: format[i+1 : i+1+end]})
			i += end + 2
		default:
			_, size := utf8.DecodeRuneInString(format[i:])
			parts = append(parts, formatPart{text: format[i : i+size]})
			i += size
		}
	}
	return parts
}

// dateToChar is TO_CHAR of a timestamp.
func dateToChar(t time.Time, format string) string {
	var b strings.Builder
	for _, p := range formatParts(format) {
		if p.key == "" {
			b.WriteString(p.text)
			continue
		}
		b.WriteString(p.write(t))
	}
	return b.String()
}

func (p formatPart) write(t time.Time) string {
	if name, width := p.name(t); name != "" {
		name = p.cased(name)
		if p.fill {
			return strings.TrimRight(name, " ")
		}
		return fmt.Sprintf("%-*s", width, name)
	}
	n, width := p.number(t)
	s := strconv.Itoa(n)
	if !p.fill {
		s = fmt.Sprintf("%0*d", width, n)
	}
	if p.key == "Y,YYY" {
		s = fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	if p.ordinal != "" {
		suffix := ordinalSuffix(n)
		if p.ordinal == "TH" {
			suffix = strings.ToUpper(suffix)
		}
		s += suffix
	}
	return s
}

var romanMonths = []string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// name is what a keyword writes in letters, with the width to which it is padded.
func (p formatPart) name(t time.Time) (string, int) {
	switch p.key {
	case "MONTH":
		return t.Month().String(), 9
	case "MON":
		return t.Month().String()[:3], 3
	case "DAY":
		return t.Weekday().String(), 9
	case "DY":
		return t.Weekday().String()[:3], 3
	case "RM":
		return romanMonths[t.Month()-1], 4
	case "AM", "PM":
		return []string{"AM", "PM"}[t.Hour()/12], 2
	case "A.M.", "P.M.":
		return []string{"A.M.", "P.M."}[t.Hour()/12], 4
	case "BC", "AD":
		if t.Year() <= 0 {
			return "BC", 2
		}
		return "AD", 2
	case "B.C.", "A.D.":
		if t.Year() <= 0 {
			return "B.C.", 4
		}
		return "A.D.", 4
	case "TZ":
		zone, _ := t.Zone()
		return zone, len(zone)
	case "OF":
		offset := t.Format(offsetLayout(t))
		return offset, len(offset)
	}
	return "", 0
}

// cased writes a name in the case of the keyword: MONTH, Month or month.
func (p formatPart) cased(name string) string {
	switch {
	case p.as == strings.ToLower(p.as):
		return strings.ToLower(name)
	case p.key == "MONTH" || p.key == "MON" || p.key == "DAY" || p.key == "DY":
		if p.as[1] >= 'a' {
			return name
		}
	}
	return strings.ToUpper(name)
}

// number is what a keyword writes in digits, with how many there are at least.
func (p formatPart) number(t time.Time) (n, width int) {
	year := t.Year()
	if year <= 0 {
		year = 1 - year
	}
	isoYear, isoWeek := t.ISOWeek()
	switch p.key {
	case "YYYY", "Y,YYY":
		return year, 4
	case "YYY":
		return year % 1000, 3
	case "YY":
		return year % 100, 2
	case "Y":
		return year % 10, 1
	case "IYYY":
		return isoYear, 4
	case "IYY":
		return isoYear % 1000, 3
	case "IY":
		return isoYear % 100, 2
	case "I":
		return isoYear % 10, 1
	case "CC":
		return (year + 99) / 100, 2
	case "Q":
		return (int(t.Month()) + 2) / 3, 1
	case "MM":
		return int(t.Month()), 2
	case "DD":
		return t.Day(), 2
	case "DDD":
		return t.YearDay(), 3
	case "IDDD":
		return (isoWeek-1)*7 + (int(t.Weekday())+6)%7 + 1, 3
	case "D":
		return int(t.Weekday()) + 1, 1
	case "ID":
		return (int(t.Weekday())+6)%7 + 1, 1
	case "W":
		return (t.Day() + 6) / 7, 1
	case "WW":
		return (t.YearDay() + 6) / 7, 2
	case "IW":
		return isoWeek, 2
	case "J":
		return int(t.Unix()/86400) + 2440588, 1
	case "HH24":
		return t.Hour(), 2
	case "HH12", "HH":
		return (t.Hour()+11)%12 + 1, 2
	case "MI":
		return t.Minute(), 2
	case "SS":
		return t.Second(), 2
	case "SSSS":
		return t.Hour()*3600 + t.Minute()*60 + t.Second(), 1
	case "MS":
		return t.Nanosecond() / 1e6, 3
	}
	return t.Nanosecond() / 1e3, 6 // US
}

func ordinalSuffix(n int) string {
	if n%100 >= 11 && n%100 <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}
