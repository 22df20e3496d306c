package jsonata

import (
	"math"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

// Dates follow fn:format-dateTime of XPath 3.1: pictures such as [Y0001]-[M01]-[D01] [H01]:[m01].

// datePart is a piece of a picture: literal text, or a component such as [M01].
type datePart struct {
	literal     string
	component   byte // 0 for literal text
	traditional bool // presentation modifier t: Z for an offset of zero
	names       bool
	letters     letterCase
	integer     *integerFormat
	width       int // most characters of a name; -1 for any
	years       int // digits of the year that are shown; -1 for all
}

var defaultPresentation = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

const integerComponents = "YMDdFWwXxHhmsf"

// parseDatePicture takes a picture apart.
func parseDatePicture(picture string) []datePart {
	var parts []datePart
	literal := func(s string) {
		if s != "" {
			parts = append(parts, datePart{literal: strings.ReplaceAll(s, "]]", "]")})
		}
	}
	for {
		start := strings.IndexByte(picture, '[')
		if start < 0 {
			literal(picture)
			return parts
		}
		literal(picture[:start])
		picture = picture[start+1:]
		if strings.HasPrefix(picture, "[") {
			parts = append(parts, datePart{literal: "["})
			picture = picture[1:]
			continue
		}
		end := strings.IndexByte(picture, ']')
		if end < 0 {
			panic(fault("D3135", nil))
		}
		marker := strings.Join(strings.Fields(picture[:end]), "")
		picture = picture[end+1:]
		var previous *integerFormat
		if len(parts) > 0 {
			previous = parts[len(parts)-1].integer
		}
		parts = append(parts, parseMarker(marker, previous))
	}
}

// parseMarker understands what stands between brackets. A number directly after another one, previous, fixes how
// many digits that has when dates are read.
func parseMarker(marker string, previous *integerFormat) datePart {
	if marker == "" {
		panic(fault("D3132", ""))
	}
	p := datePart{component: marker[0], width: -1, years: -1}
	least := -1
	presentation := marker[1:]
	if i := strings.LastIndexByte(marker, ','); i >= 0 {
		low, high, _ := strings.Cut(marker[i+1:], "-")
		least, p.width = widthOf(low), widthOf(high)
		presentation = marker[1:max(i, 1)]
	}
	second := byte(0)
	if n := len(presentation); n > 1 && strings.IndexByte("atco", presentation[n-1]) >= 0 {
		second = presentation[n-1]
		presentation = presentation[:n-1]
	}
	p.traditional = second == 't'
	if presentation == "" {
		presentation = defaultPresentation[p.component]
	}
	if presentation == "" || defaultPresentation[p.component] == "" {
		panic(fault("D3132", marker[:1]))
	}
	switch {
	case presentation[0] == 'n':
		p.names = true
	case presentation[0] == 'N':
		p.names, p.letters = true, upperCase
		if strings.HasPrefix(presentation, "Nn") {
			p.letters = titleCase
		}
	case strings.IndexByte(integerComponents, p.component) >= 0:
		pattern := presentation
		if second != 0 {
			pattern += ";" + string(second)
		}
		p.integer = parseIntegerPicture(pattern)
		if p.integer.form == decimalForm {
			p.integer.mandatory = max(p.integer.mandatory, least)
		}
		if p.component == 'Y' {
			if p.width >= 0 {
				p.years = p.width
				p.integer.mandatory = p.width
			} else if n := p.integer.mandatory + p.integer.optional; n >= 2 {
				p.years = n
			}
		}
		if previous != nil {
			previous.parseWidth = previous.mandatory
		}
	}
	if p.component == 'Z' || p.component == 'z' {
		p.integer = parseIntegerPicture(presentation)
	}
	return p
}

// widthOf reads one side of a width modifier; -1 for none.
func widthOf(s string) int {
	f, ok := leadingInteger(s)
	if !ok || f < 0 || f > 10_000 {
		return -1
	}
	return int(f)
}

var (
	monthNames = strings.Fields("January February March April May June July August September October November December")
	dayNames   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
)

const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

// formatDate writes a time; picture and zone may be undefined.
func (r *run) formatDate(millis float64, picture, zone any) any {
	text, ok := picture.(string)
	hours, minutes := 0.0, 0.0
	if z, ok := zone.(string); ok {
		offset, ok := leadingInteger(z)
		if !ok {
			offset = math.NaN()
		}
		hours, minutes = math.Floor(offset/100), math.Mod(offset, 100)
	}
	millis = math.Trunc(millis)
	local := millis + (60*hours+minutes)*60_000
	valid := math.Abs(local) <= 8.64e15
	if !ok {
		if valid && hours == 0 && minutes == 0 && local >= -62167219200000 && local < 253402300800000 {
			return isoText(int64(local))
		}
		text = isoPicture
	}
	r.spend(len(text))
	r.grow(4*len(text) + 32)
	t := civilTime(0)
	if valid {
		t = civilTime(int64(local))
	}
	var out strings.Builder
	for _, p := range cached(r.cache, datePicture, text, parseDatePicture) {
		switch {
		case p.component == 0:
			out.WriteString(p.literal)
		case !valid && p.integer != nil && strings.IndexByte("Zz", p.component) < 0:
			out.WriteString(p.integer.format(r, math.NaN()))
		default:
			out.WriteString(p.format(r, &t, hours, minutes))
		}
	}
	return out.String()
}

// isoText is the frequent case of a time in UTC without a picture.
func isoText(millis int64) string {
	t := civilTime(millis)
	b := make([]byte, 0, 24)
	number := func(n, digits int) {
		for d := 1000; d > 0; d /= 10 {
			if d < int(math.Pow10(digits)) {
				b = append(b, byte('0'+n/d%10))
			}
		}
	}
	number(t.year, 4)
	b = append(b, '-')
	number(t.month, 2)
	b = append(b, '-')
	number(t.day, 2)
	b = append(b, 'T')
	number(t.hour, 2)
	b = append(b, ':')
	number(t.minute, 2)
	b = append(b, ':')
	number(t.second, 2)
	b = append(b, '.')
	number(t.milli, 3)
	return string(append(b, 'Z'))
}

// format writes one component of a time.
func (p *datePart) format(r *run, t *civil, hours, minutes float64) string {
	switch p.component {
	case 'Z', 'z':
		return p.formatZone(r, hours, minutes)
	case 'C', 'E':
		return "ISO"
	case 'P':
		s := "am"
		if t.hour >= 12 {
			s = "pm"
		}
		if p.names && p.letters == upperCase {
			return strings.ToUpper(s)
		}
		return s
	}
	n := t.component(p.component)
	if p.integer != nil {
		if p.component == 'Y' && p.years >= 0 {
			n = int(math.Mod(float64(n), math.Pow10(p.years)))
		}
		return p.integer.format(r, float64(n))
	}
	return p.name(n)
}

// name writes a month or a day of the week.
func (p *datePart) name(n int) string {
	var s string
	switch p.component {
	case 'M', 'x':
		s = monthNames[n-1]
	case 'F':
		s = dayNames[n-1]
	default:
		panic(fault("D3133", string(rune(p.component))))
	}
	switch p.letters {
	case upperCase:
		s = strings.ToUpper(s)
	case lowerCase:
		s = strings.ToLower(s)
	}
	if p.width >= 0 && len(s) > p.width {
		s = s[:p.width]
	}
	return s
}

func (p *datePart) formatZone(r *run, hours, minutes float64) string {
	offset := hours*100 + minutes
	var s string
	switch f := p.integer; {
	case f.form == decimalForm && f.regular > 0:
		s = f.format(r, offset)
	case f.form == decimalForm && f.mandatory <= 2:
		s = f.format(r, hours)
		if minutes != 0 {
			s += ":" + (&integerFormat{zero: '0', mandatory: 2}).format(r, minutes)
		}
	case f.form == decimalForm && f.mandatory <= 4:
		s = f.format(r, offset)
	default:
		panic(fault("D3134", float64(f.mandatory)))
	}
	if offset >= 0 {
		s = "+" + s
	}
	if p.component == 'z' {
		s = "GMT" + s
	}
	if offset == 0 && p.traditional {
		s = "Z"
	}
	return s
}

// parseISO reads an ISO 8601 time; without a zone it is in UTC.
func parseISO(text string) any {
	bad := func() any { panic(&Error{Code: "D3110", Offset: -1, Value: text}) }
	s := text
	digits := func(prefix string, n int) (int, bool) {
		if !strings.HasPrefix(s, prefix) || len(s) < len(prefix)+n {
			return 0, false
		}
		v := 0
		for _, c := range []byte(s[len(prefix) : len(prefix)+n]) {
			if !isDigit(c) {
				return 0, false
			}
			v = v*10 + int(c-'0')
		}
		s = s[len(prefix)+n:]
		return v, true
	}
	t := civil{month: 1, day: 1}
	var ok bool
	if t.year, ok = digits("", 4); !ok {
		return bad()
	}
	// A zone may follow the year at once: 2018-0100.
	zoneFollows := len(s) == 5 && isDigit(s[3]) && isDigit(s[4]) || len(s) == 6 && s[3] == ':'
	if m, ok := digits("-", 2); ok && !zoneFollows {
		t.month = m
		if d, ok := digits("-", 2); ok {
			t.day = d
		}
	} else if ok {
		return math.NaN()
	}
	if h, ok := digits("T", 2); ok {
		t.hour = h
		var okMinute, okSecond bool
		t.minute, okMinute = digits(":", 2)
		t.second, okSecond = digits(":", 2)
		if !okMinute || !okSecond {
			return bad()
		}
	}
	if strings.HasPrefix(s, ".") {
		end := 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		f, err := strconv.ParseFloat("0"+s[:end], 64)
		if end == 1 || err != nil {
			return bad()
		}
		t.milli = int(f*1000 + 1e-9)
		s = s[end:]
	}
	zone, ok := isoZone(s)
	if !ok || t.month > 19 || t.day > 39 || t.hour > 29 || t.minute > 59 || t.second > 59 {
		return bad()
	}
	if zone == noZone || t.month < 1 || t.month > 12 || t.day < 1 || t.day > 31 ||
		t.hour > 24 || t.hour == 24 && (t.minute > 0 || t.second > 0 || t.milli > 0) {
		// The form is right but there is no such time: JavaScript's invalid date.
		return math.NaN()
	}
	return jsonvalue.Box(float64(t.millis() - int64(zone)*60_000))
}

// noZone is the result of isoZone for a zone of the right form that does not exist.
const noZone = math.MaxInt

// isoZone reads Z, +hh:mm or +hhmm and returns minutes; false when s has another form.
func isoZone(s string) (int, bool) {
	if s == "" || s == "Z" {
		return 0, true
	}
	sign := 1
	switch s[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	s = s[1:]
	if len(s) == 5 && s[2] == ':' {
		s = s[:2] + s[3:]
	}
	n, err := strconv.Atoi(s)
	switch {
	case len(s) != 4 || err != nil || !isDigit(s[0]) || n%100 > 59 || n/100 > 29:
		return 0, false
	case n/100 > 23:
		return noZone, true
	}
	return sign * (n/100*60 + n%100), true
}
