package redshift

import "strings"

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
			w.b.WriteByte('.') // with FM, too, where no digit follows: PostgreSQL's code, which Redshift has
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
