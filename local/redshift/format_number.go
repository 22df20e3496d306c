package redshift

import (
	"fmt"
	"math/big"
	"strings"
)

// numberPattern is a format of numbers ("Numeric format strings").
type numberPattern struct {
	parts         []string // keywords in order: 9 0 D . G , L $ S MI PL SG PR RN rn TH th V and "texts
	before, after int      // digits before and after the point
	fill          bool     // FM
	roman         string   // RN or rn
}

var numberKeys = []string{"EEEE", "MI", "PL", "SG", "PR", "RN", "TH", "FM", "9", "0", ".", "D", ",", "G", "L", "$", "S", "V", "C", "B"}

// numberFormat reads a format of numbers.
func numberFormat(format string) (*numberPattern, error) {
	p := &numberPattern{}
	point := false
	for i := 0; i < len(format); {
		if format[i] == '"' {
			end := strings.IndexByte(format[i+1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("a quote is not closed in the format %q", format)
			}
			p.parts = append(p.parts, `"`+format[i+1:i+1+end])
			i += end + 2
			continue
		}
		key := ""
		for _, k := range numberKeys {
			if len(format) >= i+len(k) && strings.EqualFold(format[i:i+len(k)], k) {
				key = k
				break
			}
		}
		if key == "" {
			p.parts = append(p.parts, `"`+format[i:i+1])
			i++
			continue
		}
		as := format[i : i+len(key)]
		i += len(key)
		switch key {
		case "EEEE", "V", "C", "B":
			return nil, fmt.Errorf("%s in a format of numbers is not modelled here", key)
		case "FM":
			p.fill = true
			continue
		case "RN":
			p.roman = as
		case ".", "D":
			if point {
				return nil, fmt.Errorf("multiple decimal points in the format %q", format)
			}
			point, key = true, "D"
		case ",":
			key = "G"
		case "$":
			key = "L"
		case "TH":
			key = as
		case "9", "0":
			if point {
				p.after++
			} else {
				p.before++
			}
		}
		p.parts = append(p.parts, key)
	}
	return p, nil
}

func (p *numberPattern) has(keys ...string) bool {
	for _, part := range p.parts {
		for _, k := range keys {
			if part == k {
				return true
			}
		}
	}
	return false
}

// numberToChar is TO_CHAR of a number, given in digits.
func numberToChar(number, format string) (string, error) {
	p, err := numberFormat(format)
	if err != nil {
		return "", err
	}
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return "", fmt.Errorf("TO_CHAR of %q is not modelled here", number)
	}
	if p.roman != "" {
		return p.romanText(r)
	}
	digits := new(big.Rat).Abs(r).FloatString(p.after)
	whole, fraction, _ := strings.Cut(digits, ".")
	negative := r.Sign() < 0 && strings.Trim(digits, "0.") != ""
	overflow := len(whole) > p.before && whole != "0"
	if overflow {
		whole, fraction = strings.Repeat("#", p.before), strings.Repeat("#", p.after)
	}
	if whole == "0" && (p.before == 0 || p.after > 0 && !p.unitShown()) {
		whole = ""
	}
	w := &numberWriter{numberPattern: p, whole: whole, fraction: fraction, negative: negative}
	return w.write(), nil
}

// unitShown reports whether a 0 before the point is written: it is where the format has a 0 there, or only one place.
func (p *numberPattern) unitShown() bool {
	for _, part := range p.parts {
		if part == "D" {
			break
		}
		if part == "0" {
			return true
		}
	}
	return p.before == 1
}

func (p *numberPattern) romanText(r *big.Rat) (string, error) {
	text := r.FloatString(0)
	n := 0
	if len(text) < 5 && allDigits(text) {
		n = number2(text)
	}
	if n < 1 || n > 3999 {
		return strings.Repeat("#", 15), nil
	}
	var b strings.Builder
	for _, d := range []struct {
		n int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.n; n -= d.n {
			b.WriteString(d.s)
		}
	}
	out := b.String()
	if p.roman == strings.ToLower(p.roman) {
		out = strings.ToLower(out)
	}
	if p.fill {
		return out, nil
	}
	return fmt.Sprintf("%15s", out), nil
}

// numberWriter writes digits into a format.
type numberWriter struct {
	*numberPattern
	whole, fraction string
	negative        bool
	b               strings.Builder
	place           int // digits of the format that are behind, before the point
	decimals        int
	started         bool // a digit was written
	zero            bool // a 0 of the format was met
	signed          bool // the sign was written
	signBefore      bool // S stands before the digits
}

func (w *numberWriter) write() string {
	w.signBefore = w.signLeads()
	wroteSign := w.has("S", "MI", "PL", "SG", "PR")
	if !wroteSign {
		w.signBefore = true
	}
	for i, part := range w.parts {
		switch part {
		case "9", "0":
			w.digit(part)
		case "D":
			w.startNumber(wroteSign)
			if !w.fill || w.restOfFraction(0) != "" || w.hasZeroAfter() {
				w.b.WriteByte('.')
			}
			w.place = -1
		case "G":
			w.group()
		case "L":
			w.b.WriteByte('$')
		case "S":
			if w.place != 0 || i > 0 && w.digitsBefore(i) {
				w.b.WriteByte(w.sign('+'))
			}
		case "MI":
			w.optional(w.negative, '-')
		case "PL":
			w.optional(!w.negative, '+')
		case "SG":
			w.b.WriteByte(w.sign('+'))
		case "TH", "th":
			w.ordinal(part)
		case "PR":
		default:
			w.b.WriteString(strings.TrimPrefix(part, `"`))
		}
		if part != "PR" && i+1 < len(w.parts) && w.parts[i+1] == "PR" {
			w.bracketEnd()
		}
	}
	return w.b.String()
}

func (w *numberWriter) sign(positive byte) byte {
	if w.negative {
		return '-'
	}
	return positive
}

func (w *numberWriter) optional(shown bool, c byte) {
	switch {
	case shown:
		w.b.WriteByte(c)
	case !w.fill:
		w.b.WriteByte(' ')
	}
}

// signLeads reports whether S stands before the first digit.
func (w *numberWriter) signLeads() bool {
	for _, part := range w.parts {
		switch part {
		case "S":
			return true
		case "9", "0", "D":
			return false
		}
	}
	return false
}

func (w *numberWriter) digitsBefore(i int) bool {
	for _, part := range w.parts[:i] {
		if part == "9" || part == "0" || part == "D" {
			return true
		}
	}
	return false
}

// startNumber writes the sign that stands right before the first digit.
func (w *numberWriter) startNumber(explicit bool) {
	if w.signed {
		return
	}
	w.signed = true
	switch {
	case w.has("PR"):
		if w.negative {
			w.b.WriteByte('<')
		} else if !w.fill {
			w.b.WriteByte(' ')
		}
	case explicit && w.signBefore && w.has("S"):
		w.b.WriteByte(w.sign('+'))
	case explicit:
	case w.negative:
		w.b.WriteByte('-')
	case !w.fill:
		w.b.WriteByte(' ')
	}
}

func (w *numberWriter) bracketEnd() {
	if w.negative {
		w.b.WriteByte('>')
	} else if !w.fill {
		w.b.WriteByte(' ')
	}
}

// digit writes one place.
func (w *numberWriter) digit(part string) {
	explicit := w.has("S", "MI", "PL", "SG", "PR")
	if w.place < 0 { // after the point
		w.decimals++
		rest := w.restOfFraction(w.decimals - 1)
		if part == "9" && w.fill && rest == "" && !w.hasZeroAfter() {
			return
		}
		w.b.WriteByte(w.fraction[w.decimals-1])
		return
	}
	at := w.place - (w.before - len(w.whole)) // index into the whole digits
	w.place++
	w.zero = w.zero || part == "0"
	switch {
	case at >= 0:
		w.startNumber(explicit)
		w.started = true
		w.b.WriteByte(w.whole[at])
	case w.zero:
		w.startNumber(explicit)
		w.started = true
		w.b.WriteByte('0')
	case !w.fill:
		w.b.WriteByte(' ')
	}
}

// restOfFraction are the digits from i on without the zeros at the end.
func (w *numberWriter) restOfFraction(i int) string {
	return strings.TrimRight(w.fraction[min(i, len(w.fraction)):], "0")
}

// hasZeroAfter reports whether the format has a 0 after the point that is still to come.
func (w *numberWriter) hasZeroAfter() bool {
	point, n := false, 0
	for _, part := range w.parts {
		switch part {
		case "D":
			point = true
		case "0", "9":
			if point {
				if n++; part == "0" && n >= w.decimals {
					return true
				}
			}
		}
	}
	return false
}

func (w *numberWriter) group() {
	switch {
	case w.started:
		w.b.WriteByte(',')
	case !w.fill:
		w.b.WriteByte(' ')
	}
}

func (w *numberWriter) ordinal(part string) {
	if w.negative || w.after > 0 || !allDigits(w.whole) {
		return
	}
	suffix := ordinalSuffix(number2(w.whole[max(len(w.whole)-3, 0):]))
	if part == "TH" {
		suffix = strings.ToUpper(suffix)
	}
	w.b.WriteString(suffix)
}

// toNumber is TO_NUMBER: it reads digits by a format, and a sign where the format has one.
func toNumber(s, format string) (string, error) {
	p, err := numberFormat(format)
	if err != nil {
		return "", err
	}
	if p.roman != "" {
		return "", fmt.Errorf("RN in TO_NUMBER is not supported")
	}
	text := strings.TrimSpace(s)
	negative := false
	switch {
	case p.has("PR") && strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">"):
		negative, text = true, text[1:len(text)-1]
	case strings.HasSuffix(text, "-") && p.has("S", "MI", "SG"):
		negative, text = true, strings.TrimSuffix(text, "-")
	case strings.HasSuffix(text, "+") && p.has("S", "PL", "SG"):
		text = strings.TrimSuffix(text, "+")
	}
	var b strings.Builder
	points := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isDigit(c):
			b.WriteByte(c)
		case c == '.' && points == 0 && p.has("D"):
			points++
			b.WriteByte('.')
		case c == ',' && p.has("G"), c == '$' && p.has("L"), c == ' ':
		case (c == '-' || c == '+') && b.Len() == 0:
			negative = negative || c == '-'
		default:
			return "", fmt.Errorf("invalid input syntax for type numeric: %q with the format %q", s, format)
		}
	}
	digits := b.String()
	whole, fraction, _ := strings.Cut(digits, ".")
	if strings.Trim(digits, ".") == "" || len(strings.TrimLeft(whole, "0")) > p.before {
		return "", fmt.Errorf("invalid input syntax for type numeric: %q with the format %q", s, format)
	}
	if len(fraction) > p.after {
		digits = whole + "." + fraction[:p.after]
	}
	if negative {
		digits = "-" + digits
	}
	return strings.TrimSuffix(digits, "."), nil
}
