package draw

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A font is a size in pixels and the advance widths of the printable ASCII
// characters, from space on, in thousandths of the size.
type font struct {
	size   float64
	widths *[95]int16
}

// The widths of Helvetica, which Arial and Liberation Sans share.
var (
	regularWidths = [95]int16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
		556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}
	boldWidths = [95]int16{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
		975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
		333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
		611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
	}
	nameFont    = font{13, &boldWidths}
	captionFont = font{11, &regularWidths}
	labelFont   = font{11, &regularWidths}
	titleFont   = font{16, &boldWidths}
)

// width is the width of a line in pixels, rounded up. For characters outside
// ASCII it is an estimate from above.
func (f font) width(s string) int {
	sum := 0
	for _, r := range s {
		sum += f.advance(r)
	}
	return int(math.Ceil(float64(sum) * f.size / 1000))
}

// advance is the width of a character in thousandths of the size.
func (f font) advance(r rune) int {
	switch {
	case ' ' <= r && r <= '~':
		return int(f.widths[r-' '])
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100:
		return 1000
	}
	return 720
}

// plain tells whether the width of s is exact.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// oneLine makes white space and control characters single spaces.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// shorten cuts s so that it fits into width, with an ellipsis.
func (f font) shorten(s string, width int) string {
	if f.width(s) <= width {
		return s
	}
	end := 0
	for i, r := range s {
		if f.width(s[:i+utf8.RuneLen(r)]+"…") > width {
			break
		}
		if i > 1000 {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return strings.TrimRight(s[:end], " ") + "…"
}

// wrap breaks s into at most lines lines that fit into width, where words,
// humps of camelCase, or punctuation end; the last line is shortened.
func (f font) wrap(s string, width, lines int) []string {
	s = strings.ToValidUTF8(oneLine(s), "�")
	var out []string
	for len(out) < lines-1 && f.width(s) > width {
		cut := f.breakAt(s, width)
		out = append(out, strings.TrimRight(s[:cut], " "))
		s = strings.TrimLeft(s[cut:], " ")
	}
	return append(out, f.shorten(s, width))
}

// breakAt is the best place to break s so that what precedes fits into width:
// after the last space, or else the last other boundary, or else anywhere.
func (f font) breakAt(s string, width int) int {
	space, soft, hard := 0, 0, 0
	sum, before := 0, rune(0)
	for i, r := range s {
		switch {
		case i == 0:
		case before == ' ':
			space = i
		case strings.ContainsRune("-_./:,;)]}&|", before),
			unicode.IsLower(before) && unicode.IsUpper(r):
			soft = i
		}
		sum += f.advance(r)
		if r != ' ' && float64(sum)*f.size > float64(width*1000) && i > 0 {
			break
		}
		hard, before = i+utf8.RuneLen(r), r
	}
	switch least := hard / 3; {
	case space > least:
		return space
	case soft > least:
		return soft
	}
	return hard
}
