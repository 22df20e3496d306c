package redshift

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine
)

// moment is a date, a time of day, or both, as a text tells them.
type moment struct {
	year, month, day       int
	hasDate                bool
	hour, minute, second   int
	micro                  int
	hasTime                bool
	offset                 int // seconds east of UTC
	zone                   *time.Location
	hasZone, hasOffset, bc bool
	pm, meridian           bool
}

// momentReader reads a text the way PostgreSQL's datetime input does, with dates as month, day, year.
type momentReader struct {
	s   string
	i   int
	m   moment
	ymd []datePiece
}

type datePiece struct {
	text string
	n    int
	name bool // a month's name
}

// parseMoment reads dates and times in the forms that Redshift takes ("Datetime literals"): 2008-05-01, 20080501,
// 05/01/2008, 1 May 2008, May-01-08, with 04:05:06.789, 4:05 PM and time zones, and today, now, tomorrow, yesterday.
func parseMoment(s string, now time.Time) (moment, bool) {
	if m, ok := specialMoment(strings.ToLower(strings.TrimSpace(s)), now.UTC()); ok {
		return m, true
	}
	r := &momentReader{s: strings.TrimSpace(s)}
	for r.i < len(r.s) {
		if !r.step() {
			return moment{}, false
		}
	}
	return r.finish()
}

func specialMoment(word string, now time.Time) (moment, bool) {
	switch word {
	case "now":
		m := dateOf(now)
		m.hour, m.minute, m.second, m.micro, m.hasTime = now.Hour(), now.Minute(), now.Second(), now.Nanosecond()/1000, true
		return m, true
	case "today":
		return dateOf(now), true
	case "tomorrow":
		return dateOf(now.AddDate(0, 0, 1)), true
	case "yesterday":
		return dateOf(now.AddDate(0, 0, -1)), true
	case "epoch":
		return dateOf(time.Unix(0, 0).UTC()), true
	}
	return moment{}, false
}

func dateOf(t time.Time) moment {
	return moment{year: t.Year(), month: int(t.Month()), day: t.Day(), hasDate: true}
}

// step reads one piece and reports whether it has a meaning.
func (r *momentReader) step() bool {
	switch c := r.s[r.i]; {
	case c == ' ' || c == ',' || c == '\t' || c == '\n':
		r.i++
		return true
	case isDigit(c):
		return r.digits()
	case (c == '+' || c == '-') && (r.m.hasTime || len(r.ymd) == 3) && !r.m.hasZone: // JDBC writes '2000-02-29 +00' for a date
		return r.numericZone()
	case isLetter(c):
		return r.word()
	}
	return false
}

// run reads digits.
func (r *momentReader) run() string {
	from := r.i
	for r.i < len(r.s) && isDigit(r.s[r.i]) {
		r.i++
	}
	return r.s[from:r.i]
}

func (r *momentReader) digits() bool {
	from := r.i
	d := r.run()
	next := byte(' ')
	if r.i < len(r.s) {
		next = r.s[r.i]
	}
	switch {
	case next == ':' && !r.m.hasTime && len(d) <= 2:
		return r.clock(number2(d))
	case (next == '-' || next == '/' || next == '.') && len(r.ymd) == 0:
		r.i = from
		return r.dateGroup()
	case len(d) == 8 && len(r.ymd) == 0:
		r.ymd = []datePiece{{text: d[:4], n: number2(d[:4])}, {text: d[4:6], n: number2(d[4:6])}, {text: d[6:], n: number2(d[6:])}}
	case len(d) == 6 && len(r.ymd) == 0 && (next == ' ' || next == 'T'):
		year := fullYear(d[:2])
		r.ymd = []datePiece{{text: fmt.Sprint(year), n: year}, {text: d[2:4], n: number2(d[2:4])}, {text: d[4:], n: number2(d[4:])}}
	case len(d) == 6 && len(r.ymd) == 3 && !r.m.hasTime:
		r.m.hour, r.m.minute, r.m.second, r.m.hasTime = number2(d[:2]), number2(d[2:4]), number2(d[4:]), true
		return r.fraction()
	case len(d) <= 4 && len(r.ymd) < 3:
		r.ymd = append(r.ymd, datePiece{text: d, n: number2(d)})
	case len(d) <= 2 && len(r.ymd) == 3 && !r.m.hasTime && next|0x20 == 'a' || next|0x20 == 'p':
		r.m.hour, r.m.hasTime = number2(d), true
	default:
		return false
	}
	if r.i < len(r.s) && (r.s[r.i] == 'T' || r.s[r.i] == 't') && len(r.ymd) == 3 && r.i+1 < len(r.s) && isDigit(r.s[r.i+1]) {
		r.i++
	}
	return true
}

// dateGroup reads parts joined by -, / or dots: 2008-05-01, 05/01/2008, 1-May-2008.
func (r *momentReader) dateGroup() bool {
	for {
		from := r.i
		for r.i < len(r.s) && (isDigit(r.s[r.i]) || isLetter(r.s[r.i])) {
			if r.s[r.i]|0x20 == 't' && r.i > from && isDigit(r.s[r.i-1]) { // 2008-05-01T04:05
				break
			}
			r.i++
		}
		piece := datePiece{text: r.s[from:r.i]}
		if isDigit(r.s[from]) {
			if !allDigits(piece.text) {
				return false
			}
			piece.n = number2(piece.text)
		} else if piece.n = monthNumber(piece.text); piece.n == 0 {
			return false
		} else {
			piece.name = true
		}
		r.ymd = append(r.ymd, piece)
		if r.i+1 >= len(r.s) || r.s[r.i] != '-' && r.s[r.i] != '/' && r.s[r.i] != '.' || len(r.ymd) == 3 {
			break
		}
		if c := r.s[r.i+1]; !isDigit(c) && !isLetter(c) {
			return false
		}
		r.i++
	}
	if r.i < len(r.s) && r.s[r.i]|0x20 == 't' {
		r.i++
	}
	return len(r.ymd) == 3
}

// clock reads :mm[:ss[.ffffff]] after the hour.
func (r *momentReader) clock(hour int) bool {
	r.m.hour, r.m.hasTime = hour, true
	r.i++
	d := r.run()
	if len(d) == 0 || len(d) > 2 {
		return false
	}
	r.m.minute = number2(d)
	if r.i < len(r.s) && r.s[r.i] == ':' {
		r.i++
		if d = r.run(); len(d) == 0 || len(d) > 2 {
			return false
		}
		r.m.second = number2(d)
	}
	return r.fraction()
}

// fraction reads .ffffff; more digits are rounded.
func (r *momentReader) fraction() bool {
	if r.i >= len(r.s) || r.s[r.i] != '.' {
		return true
	}
	r.i++
	d := r.run()
	if len(d) > 6 {
		up := d[6] >= '5'
		d = d[:6]
		r.m.micro = number2(d)
		if up {
			r.m.micro++
		}
		return true
	}
	r.m.micro = number2((d + "000000")[:6])
	return true
}

// numericZone reads +hh, +hh:mm or +hhmm.
func (r *momentReader) numericZone() bool {
	sign := 1
	if r.s[r.i] == '-' {
		sign = -1
	}
	r.i++
	d := r.run()
	minutes := 0
	switch {
	case len(d) == 4:
		minutes = number2(d[2:])
		d = d[:2]
	case len(d) == 0 || len(d) > 2:
		return false
	case r.i < len(r.s) && r.s[r.i] == ':':
		r.i++
		minutes = number2(r.run())
	}
	hours := number2(d)
	if hours > 15 || minutes > 59 {
		return false
	}
	r.m.offset, r.m.hasZone, r.m.hasOffset = sign*(hours*3600+minutes*60), true, true
	return true
}

func (r *momentReader) word() bool {
	from := r.i
	for r.i < len(r.s) && (isLetter(r.s[r.i]) || r.s[r.i] == '/' || r.s[r.i] == '_') {
		r.i++
	}
	w := r.s[from:r.i]
	lower := strings.ToLower(w)
	switch {
	case monthNumber(w) > 0 && len(r.ymd) < 3:
		if r.i < len(r.s) && r.s[r.i] == '-' && len(r.ymd) == 0 { // May-01-2008
			r.i = from
			return r.dateGroup()
		}
		r.ymd = append(r.ymd, datePiece{text: w, n: monthNumber(w), name: true})
	case lower == "am" || lower == "pm":
		r.m.meridian, r.m.pm = true, lower == "pm"
		return r.m.hasTime && r.m.hour >= 1 && r.m.hour <= 12
	case lower == "bc":
		r.m.bc = true
	case lower == "ad" || lower == "t" && len(r.ymd) == 3 || dayNumber(w) >= 0:
	default:
		loc, err := zoneOf(w)
		if err != nil || r.m.hasZone {
			return false
		}
		r.m.zone, r.m.hasZone = loc, true
	}
	return true
}

// finish puts year, month and day in order and checks ranges.
func (r *momentReader) finish() (moment, bool) {
	m := r.m
	if m.meridian {
		m.hour = m.hour % 12
		if m.pm {
			m.hour += 12
		}
	}
	if m.hour > 24 || m.minute > 59 || m.second > 60 || m.hour == 24 && m.minute+m.second+m.micro > 0 {
		return m, false
	}
	if len(r.ymd) == 0 {
		return m, m.hasTime
	}
	if len(r.ymd) != 3 {
		return m, false
	}
	y, mo, d := r.order()
	if m.year = y.n; len(y.text) <= 2 {
		m.year = fullYear(y.text)
	}
	m.month, m.day, m.hasDate = mo.n, d.n, true
	if m.bc {
		m.year = 1 - m.year
	}
	return m, mo.n >= 1 && mo.n <= 12 && d.n >= 1 && d.n <= daysIn(m.year, m.month)
}

// order finds which piece is which: a year of more than two digits comes first or last, a name is the month,
// otherwise it is month, day, year.
func (r *momentReader) order() (y, m, d datePiece) {
	a, b, c := r.ymd[0], r.ymd[1], r.ymd[2]
	switch {
	case a.name && len(b.text) > 2:
		return b, a, c
	case a.name:
		return c, a, b
	case b.name && len(a.text) > 2:
		return a, b, c
	case b.name:
		return c, b, a
	case c.name:
		return a, c, b
	case len(a.text) > 2:
		return a, b, c
	}
	return c, a, b
}

func number2(s string) int {
	n := 0
	for i := 0; i < len(s) && n < 1e8; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func fullYear(s string) int {
	n := number2(s)
	switch {
	case len(s) > 2:
		return n
	case n < 70:
		return 2000 + n
	}
	return 1900 + n
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

var dayNames = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// monthNumber is 1 for January or Jan; 0 for what is no month.
func monthNumber(s string) int {
	return nameIndex(s, monthNames) + 1
}

// dayNumber is 0 for Sunday or Sun; -1 for what is no day.
func dayNumber(s string) int { return nameIndex(s, dayNames) }

func nameIndex(s string, names []string) int {
	if len(s) < 3 || len(s) > 9 {
		return -1
	}
	s = strings.ToLower(s)
	for i, name := range names {
		if s == name || s == name[:3] || len(s) == 4 && s == "sept" && name == "september" || len(s) > 3 && len(s) < 6 && names[0] == "sunday" && strings.HasPrefix(name, s) {
			return i
		}
	}
	return -1
}

// stamp is the moment as a timestamp in UTC; without a zone the clock's digits are taken as they are.
func (m moment) stamp(zoned bool) time.Time {
	loc := time.UTC
	switch {
	case zoned && m.hasOffset:
		loc = time.FixedZone("", m.offset)
	case zoned && m.hasZone:
		loc = m.zone
	}
	return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, m.micro*1000, loc).UTC()
}
