package jsonata

import (
	"math"
	"strings"

	"airline/asl/jsonvalue"
)

// parseDate reads a time written as the picture says. What the picture lacks at the front, the year for instance,
// is taken from now; what it lacks at the end is the earliest. The result is undefined when text is otherwise.
func (r *run) parseDate(text, picture string) any {
	parts := cached(r.cache, datePicture, picture, parseDatePicture)
	r.spend(len(picture) + len(text))
	var pattern strings.Builder
	pattern.WriteByte('^')
	for i := range parts {
		pattern.WriteString("(" + parts[i].pattern() + ")")
	}
	pattern.WriteByte('$')
	r.grow(64 * pattern.Len())
	prog, err := compileRegex(pattern.String(), "i")
	if err != nil {
		return Undefined
	}
	m := matcher{prog: prog, text: text, r: r}
	slots := m.find(0)
	if slots == nil {
		return Undefined
	}
	found := components{}
	for i := range parts {
		if p := &parts[i]; p.component != 0 {
			found[p.component] = p.read(text[slots[2*i+2]:slots[2*i+3]])
		}
	}
	if len(found) == 0 {
		return Undefined
	}
	return found.millis(r)
}

// components are the numbers read, by letter; NaN stands for what could not be read.
type components map[byte]float64

func (c components) given(letter byte) bool {
	v, ok := c[letter]
	return ok && v == v
}

// only reports whether some of the letters of all have been given as numbers other than 0, and only those of set.
func (c components) only(all, set string) bool {
	some := false
	for i := range len(all) {
		if !c.given(all[i]) || c[all[i]] == 0 {
			continue
		}
		if strings.IndexByte(set, all[i]) < 0 {
			return false
		}
		some = true
	}
	return some
}

func (c components) millis(r *run) any {
	const dates, times = "YXMxWwdD", "PHhmsf"
	dayOfYear := !c.only(dates, "YMD") && c.only(dates, "Yd")
	weekOfMonth := c.only(dates, "Xxw")
	weekOfYear := !weekOfMonth && c.only(dates, "XW")
	halfDay := !c.only(times, "Hmsf") && c.only(times, "Phmsf")
	order := "YMD"
	switch {
	case dayOfYear:
		order = "YD"
	case weekOfMonth:
		order = "XxwF"
	case weekOfYear:
		order = "XWF"
	}
	if halfDay {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	started, ended := false, false
	for i := range len(order) {
		letter := order[i]
		switch {
		case c.given(letter):
			started = true
			if ended {
				panic(fault("D3136", nil))
			}
		case !started:
			now := civilTime(int64(r.now("toMillis")))
			c[letter] = float64(now.component(letter))
		default:
			ended = true
			c[letter] = 0
			if letter == 'M' || letter == 'D' {
				c[letter] = 1
			}
		}
	}
	if weekOfMonth || weekOfYear {
		panic(fault("D3136", nil))
	}
	if dayOfYear {
		c['M'], c['D'] = 1, c['d']
	}
	if halfDay {
		c['H'] = math.Mod(c['h'], 12)
		if c['h'] != 12 {
			c['H'] = c['h']
		}
		if c['P'] == 1 {
			c['H'] += 12
		}
	}
	year := c['Y']
	if year >= 0 && year <= 99 {
		year += 1900
	}
	for _, letter := range []byte("YMDHmsf") {
		if !c.given(letter) || math.Abs(c[letter]) > 1e7 {
			return math.NaN()
		}
	}
	t := civil{
		year: int(year), month: max(int(c['M']), 1), day: int(c['D']),
		hour: int(c['H']), minute: int(c['m']), second: int(c['s']), milli: int(c['f']),
	}
	millis := float64(t.millis())
	for _, letter := range []byte("Zz") {
		if c.given(letter) && c[letter] != 0 {
			millis -= c[letter] * 60_000
			break
		}
	}
	if math.Abs(millis) > 8.64e15 {
		return math.NaN()
	}
	return jsonvalue.Box(millis)
}

// pattern returns the regular expression of a part.
func (p *datePart) pattern() string {
	switch p.component {
	case 0:
		return quoteRegex(p.literal)
	case 'Z', 'z':
		s := "[-+][0-9]+"
		if p.component == 'z' {
			s = "GMT" + s
		}
		if p.integer.regular > 0 {
			s += quoteRegex(p.integer.separators[0].char) + "[0-9]+"
		}
		return s
	case 'f':
		return "[0-9]+"
	}
	if p.integer != nil {
		return p.integer.pattern()
	}
	if strings.IndexByte("MxFP", p.component) < 0 {
		panic(fault("D3133", string(rune(p.component))))
	}
	return "[a-zA-Z]+"
}

func quoteRegex(s string) string {
	var out strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`.*+?^${}()|[]\`, r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func (f *integerFormat) pattern() string {
	switch f.form {
	case letterForm:
		return "[a-z]+"
	case romanForm:
		return "[mdclxvi]+"
	case wordForm:
		words := append(append(append(append([]string{}, fewths...), fewWords...), decadeWords...), magnitudeWords...)
		for _, d := range decadeWords {
			words = append(words, strings.TrimSuffix(d, "y")+"ieth")
		}
		for _, m := range magnitudeWords {
			words = append(words, m+"th")
		}
		return "(?:" + strings.Join(words, "|") + "|hundredth|hundred|and|[-, ])+"
	case decimalForm:
		s := "[0-9]+"
		if f.parseWidth > 0 && f.parseWidth <= maxRegexRepeat {
			s = "[0-9]{" + string(appendNumber(nil, float64(f.parseWidth))) + "}"
		}
		if f.ordinal {
			s += "(?:th|st|nd|rd)"
		}
		return s
	}
	panic(fault("D3130", f.picture))
}

// read returns the number that the text of a part stands for, or NaN.
func (p *datePart) read(text string) float64 {
	switch p.component {
	case 'Z', 'z':
		return p.readZone(text)
	case 'f':
		text = text[:min(len(text), 3)]
		f, _ := leadingInteger(text)
		return f * math.Pow10(3-len(text))
	}
	if p.integer != nil {
		if f, ok := p.integer.parse(text); ok {
			return f
		}
		return math.NaN()
	}
	names, first := monthNames, 1
	switch p.component {
	case 'F':
		names = dayNames
	case 'P':
		names, first = []string{"am", "pm"}, 0
		if text == "AM" || text == "PM" {
			text = strings.ToLower(text)
		}
	}
	for i, name := range names {
		if p.width > 0 && p.component != 'P' && len(name) > p.width {
			name = name[:p.width]
		}
		if name == text {
			return float64(i + first)
		}
	}
	return math.NaN()
}

// readZone returns an offset in minutes.
func (p *datePart) readZone(text string) float64 {
	if p.component == 'z' {
		text = text[3:]
	}
	hours, minutes := text, "0"
	if p.integer.regular > 0 {
		hours, minutes, _ = strings.Cut(text, p.integer.separators[0].char)
	} else if len(text) > 3 {
		hours, minutes = text[:3], text[3:]
	}
	h, _ := leadingInteger(hours)
	m, _ := leadingInteger(minutes)
	return h*60 + m
}
