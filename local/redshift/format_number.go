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
	zero := strings.Trim(digits, "0.") == "" && p.fill // of which something has to be left
	if whole == "0" && (p.before == 0 || p.after > 0 && !p.unitShown() && !zero) {
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
