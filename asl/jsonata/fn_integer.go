package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// $formatInteger and $parseInteger follow fn:format-integer of XPath 3.1; date pictures use the same formats.

type integerForm uint8

const (
	decimalForm integerForm = iota
	letterForm
	romanForm
	wordForm
	sequenceForm // anything else, which is not supported
)

type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

// integerFormat is a picture, understood.
type integerFormat struct {
	form       integerForm
	letters    letterCase
	ordinal    bool
	picture    string
	zero       rune
	mandatory  int
	optional   int
	regular    int // distance of regular separators, or 0
	separators []separator
	parseWidth int // number of digits to read when another number follows at once; 0 for any
}

type separator struct {
	position int // digits to its right
	char     string
}

// digitFamilies are the zeros of the decimal digits of the scripts.
var digitFamilies = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20,
	0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0,
	0xAA50, 0xABF0, 0xFF10,
}

func digitFamily(r rune) rune {
	for _, zero := range digitFamilies {
		if r >= zero && r <= zero+9 {
			return zero
		}
	}
	return 0
}

func parseIntegerPicture(picture string) *integerFormat {
	f := &integerFormat{}
	if i := strings.LastIndexByte(picture, ';'); i >= 0 {
		f.ordinal = strings.HasPrefix(picture[i+1:], "o")
		picture = picture[:i]
	}
	f.picture = picture
	switch picture {
	case "A":
		f.form, f.letters = letterForm, upperCase
	case "a":
		f.form = letterForm
	case "I":
		f.form, f.letters = romanForm, upperCase
	case "i":
		f.form = romanForm
	case "W":
		f.form, f.letters = wordForm, upperCase
	case "w":
		f.form = wordForm
	case "Ww":
		f.form, f.letters = wordForm, titleCase
	default:
		f.digits(picture)
	}
	return f
}

// digits reads a picture of digits and separators, from the right.
func (f *integerFormat) digits(picture string) {
	position := 0
	for rest := picture; rest != ""; {
		r, size := utf8.DecodeLastRuneInString(rest)
		char := rest[len(rest)-size:]
		rest = rest[:len(rest)-size]
		if family := digitFamily(r); family != 0 {
			if f.zero != 0 && family != f.zero {
				panic(fault("D3131", nil))
			}
			f.zero = family
			f.mandatory++
			position++
		} else if r == '#' {
			f.optional++
			position++
		} else {
			f.separators = append(f.separators, separator{position, char})
		}
	}
	if f.mandatory == 0 {
		f.form = sequenceForm
		return
	}
	positions := make([]int, len(f.separators))
	for i, s := range f.separators {
		if s.char != f.separators[0].char {
			return
		}
		positions[i] = s.position
	}
	f.regular = regularDistance(positions)
}

func fnFormatInteger(r *run, args []any) any {
	value, ok := number(argument(args, 0))
	if !ok {
		return Undefined
	}
	picture, _ := argument(args, 1).(string)
	r.spend(len(picture))
	r.grow(4 * len(picture))
	return cached(r.cache, integerPicture, picture, parseIntegerPicture).format(r, math.Floor(value))
}

func (f *integerFormat) format(r *run, value float64) string {
	if value != value && f.form != decimalForm && f.form != sequenceForm {
		return ""
	}
	sign := ""
	if value < 0 {
		sign = "-"
	}
	value = math.Abs(value)
	var s string
	switch f.form {
	case letterForm:
		s = inLetters(value, f.letters)
	case romanForm:
		r.grow(int(min(value/500, 1e12)))
		s = inRoman(value)
		if f.letters == upperCase {
			s = strings.ToUpper(s)
		}
	case wordForm:
		s = inWords(value, f.ordinal)
		switch f.letters {
		case upperCase:
			s = strings.ToUpper(s)
		case lowerCase:
			s = strings.ToLower(s)
		}
	case decimalForm:
		s = f.inDigits(value)
	default:
		panic(fault("D3130", f.picture))
	}
	return sign + s
}

func (f *integerFormat) inDigits(value float64) string {
	if f.zero == '0' && f.separators == nil && !f.ordinal && value < 1e15 {
		var buffer [24]byte
		digits := strconv.AppendUint(buffer[:0], uint64(value), 10)
		if len(digits) >= f.mandatory {
			return string(digits)
		}
		return strings.Repeat("0", f.mandatory-len(digits)) + string(digits)
	}
	digits := []rune("NaN")
	if value == value {
		digits = []rune(string(jsonvalue.AppendFloat(nil, value)))
	}
	for len(digits) < f.mandatory {
		digits = append([]rune{'0'}, digits...)
	}
	var out strings.Builder
	for i, d := range digits {
		if d >= '0' && d <= '9' {
			d += f.zero - '0'
		}
		left := len(digits) - i
		if f.regular > 0 {
			if i > 0 && left%f.regular == 0 {
				out.WriteString(f.separators[0].char)
			}
		} else {
			for _, s := range slices.Backward(f.separators) {
				if s.position == left {
					out.WriteString(s.char)
				}
			}
		}
		out.WriteRune(d)
	}
	if f.regular == 0 {
		for _, s := range slices.Backward(f.separators) {
			if s.position == 0 {
				out.WriteString(s.char)
			}
		}
	}
	if f.ordinal {
		out.WriteString(ordinalSuffix(out.String()))
	}
	return out.String()
}

func ordinalSuffix(digits string) string {
	last := digits[len(digits)-1]
	if len(digits) > 1 && digits[len(digits)-2] == '1' {
		return "th"
	}
	switch last {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

func inLetters(value float64, c letterCase) string {
	first := byte('a')
	if c == upperCase {
		first = 'A'
	}
	var out []byte
	for value > 0 {
		out = append(out, first+byte(math.Mod(value-1, 26)))
		value = math.Floor((value - 1) / 26)
	}
	slices.Reverse(out)
	return string(out)
}

var romans = []struct {
	value float64
	text  string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"},
}

func inRoman(value float64) string {
	var out strings.Builder
	for _, n := range romans {
		for value >= n.value {
			out.WriteString(n.text)
			value -= n.value
		}
	}
	return out.String()
}

func fnParseInteger(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	picture, _ := argument(args, 1).(string)
	r.spend(len(picture) + len(text))
	f, ok := cached(r.cache, integerPicture, picture, parseIntegerPicture).parse(text)
	if !ok {
		return math.NaN()
	}
	return jsonvalue.Box(f)
}

// parse reads a number in the form of the picture.
func (f *integerFormat) parse(text string) (float64, bool) {
	switch f.form {
	case letterForm:
		first := 'a'
		if f.letters == upperCase {
			first = 'A'
		}
		n := 0.0
		for _, r := range text {
			n = n*26 + float64(r-first+1)
		}
		return n, true
	case romanForm:
		if f.letters != upperCase {
			text = strings.ToUpper(text)
		}
		return fromRoman(text)
	case wordForm:
		return fromWords(strings.ToLower(text))
	case decimalForm:
		return f.fromDigits(text)
	}
	panic(fault("D3130", f.picture))
}

func fromRoman(text string) (float64, bool) {
	values := map[byte]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}
	total, most := 0.0, 1.0
	for i := len(text) - 1; i >= 0; i-- {
		v, ok := values[text[i]]
		if !ok {
			return 0, false
		}
		if v < most {
			total -= v
		} else {
			most = v
			total += v
		}
	}
	return total, true
}

func (f *integerFormat) fromDigits(text string) (float64, bool) {
	if f.ordinal && len(text) >= 2 {
		text = text[:len(text)-2]
	}
	if f.regular > 0 {
		text = strings.ReplaceAll(text, ",", "")
	} else {
		for _, s := range f.separators {
			text = strings.ReplaceAll(text, s.char, "")
		}
	}
	if f.zero != '0' {
		text = strings.Map(func(r rune) rune { return r - f.zero + '0' }, text)
	}
	return leadingInteger(text)
}

// leadingInteger reads like JavaScript's parseInt: white space, a sign, and digits up to the first other character.
func leadingInteger(text string) (float64, bool) {
	text = strings.TrimLeft(text, " \t\n\r\v\f")
	end := 0
	if end < len(text) && (text[end] == '-' || text[end] == '+') {
		end++
	}
	start := end
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	if start == end {
		return 0, false
	}
	v, err := strconv.ParseFloat(text[:end], 64)
	return v, err == nil
}
