package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// $formatNumber follows fn:format-number of XPath 3.1: a picture of one or two sub-pictures, for positive and
// negative numbers, in which # is an optional and 0 a mandatory digit.

// decimalFormat is the characters that mean something in a picture, and in the result.
type decimalFormat struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, separator string
	zero                                                                    rune
}

// standardFormat holds where the options say nothing else.
var standardFormat = decimalFormat{
	decimal: ".", grouping: ",", exponent: "e", minus: "-", percent: "%", perMille: "‰", digit: "#", separator: ";", zero: '0',
}

func fnFormatNumber(r *run, args []any) any {
	value, ok := number(argument(args, 0))
	if !ok {
		return Undefined
	}
	picture, _ := argument(args, 1).(string)
	r.spend(len(picture))
	o, ok := argument(args, 2).(*jsonvalue.Object)
	if !ok {
		parts := cached(r.cache, numberPicture, picture, standardFormat.understand)
		return standardFormat.format(r, value, picture, parts)
	}
	f := standardFormat
	f.change(o)
	return f.format(r, value, picture, f.understand(picture))
}

// change takes over the characters that the options give.
func (f *decimalFormat) change(o *jsonvalue.Object) {
	for name, field := range map[string]*string{
		"decimal-separator": &f.decimal, "grouping-separator": &f.grouping, "exponent-separator": &f.exponent, "minus-sign": &f.minus,
		"percent": &f.percent, "per-mille": &f.perMille, "digit": &f.digit, "pattern-separator": &f.separator,
	} {
		if s, ok := member(o, name).(string); ok {
			*field = s
		}
	}
	if s, ok := member(o, "zero-digit").(string); ok && s != "" {
		f.zero, _ = utf8.DecodeRuneInString(s)
	}
}

func (f *decimalFormat) isDigit(r rune) bool { return r >= f.zero && r <= f.zero+9 }

func (f *decimalFormat) isActive(r rune) bool {
	s := string(r)
	return f.isDigit(r) || s == f.decimal || s == f.exponent || s == f.grouping || s == f.digit || s == f.separator
}

func (f *decimalFormat) digits(s string) int {
	n := 0
	for _, r := range s {
		if f.isDigit(r) {
			n++
		}
	}
	return n
}

func (f *decimalFormat) digitsAndOptional(s string) int {
	n := 0
	for _, r := range s {
		if f.isDigit(r) || string(r) == f.digit {
			n++
		}
	}
	return n
}

// subPicture is one sub-picture, taken apart.
type subPicture struct {
	picture, prefix, suffix, active, mantissa, exponent, integer, fraction string
	hasExponent                                                            bool

	regular                              int   // distance of regular grouping separators, or 0
	positions, fractionPositions         []int // of irregular ones
	minInteger, minFraction, maxFraction int
	minExponent, scale                   int
	percent, perMille, hasDecimal        bool
}

func (f *decimalFormat) split(picture string) *subPicture {
	p := &subPicture{picture: picture}
	first, last := -1, -1
	for i, r := range picture {
		if f.isActive(r) && string(r) != f.exponent {
			if first < 0 {
				first = i
			}
			last = i + utf8.RuneLen(r)
		}
	}
	if first > 0 {
		p.prefix = picture[:first]
	}
	if last >= 0 {
		p.suffix = picture[last:]
	}
	p.active = picture[len(p.prefix) : len(picture)-len(p.suffix)]
	p.mantissa = p.active
	f.splitExponent(p)
	p.integer, p.fraction = p.mantissa, p.suffix
	if i := strings.Index(p.mantissa, f.decimal); i >= 0 && f.decimal != "" {
		p.integer, p.fraction = p.mantissa[:i], p.mantissa[i+len(f.decimal):]
	}
	return p
}

// splitExponent parts the exponent from the mantissa. As in the reference, the place of the separator counts from
// the start of the sub-picture but is applied to what follows the prefix: a prefix and an exponent together are
// refused, and so is a suffix that starts with the separator.
func (f *decimalFormat) splitExponent(p *subPicture) {
	if f.exponent == "" {
		return
	}
	i := strings.Index(p.picture[len(p.prefix):], f.exponent)
	if i < 0 || len(p.prefix)+i > len(p.picture)-len(p.suffix) {
		return
	}
	active := []rune(p.active)
	place := utf8.RuneCountInString(p.prefix) + utf8.RuneCountInString(p.picture[len(p.prefix):len(p.prefix)+i])
	p.hasExponent = true
	p.mantissa = string(active[:min(place, len(active))])
	p.exponent = string(active[min(place+1, len(active)):])
}

// check returns the code of what is wrong with a sub-picture; of several things, the last in the specification's
// order.
func (f *decimalFormat) check(p *subPicture) (code string) {
	times := func(s string) int { return strings.Count(p.picture, s) }
	if times(f.decimal) > 1 {
		code = "D3081"
	}
	if times(f.percent) > 1 {
		code = "D3082"
	}
	if times(f.perMille) > 1 {
		code = "D3083"
	}
	percent, perMille := times(f.percent) > 0, times(f.perMille) > 0
	if percent && perMille {
		code = "D3084"
	}
	if f.digitsAndOptional(p.mantissa) == 0 {
		code = "D3085"
	}
	for _, r := range p.active {
		if !f.isActive(r) {
			code = "D3086"
		}
	}
	switch i := strings.Index(p.picture, f.decimal); {
	case i >= 0:
		if strings.HasSuffix(p.picture[:i], f.grouping) || strings.HasPrefix(p.picture[i+len(f.decimal):], f.grouping) {
			code = "D3087"
		}
	case strings.HasSuffix(p.integer, f.grouping):
		code = "D3088"
	}
	if strings.Contains(p.picture, f.grouping+f.grouping) {
		code = "D3089"
	}
	if i := strings.Index(p.integer, f.digit); i >= 0 && f.digits(p.integer[:i]) > 0 {
		code = "D3090"
	}
	if i := strings.LastIndex(p.fraction, f.digit); i >= 0 && f.digits(p.fraction[i:]) > 0 {
		code = "D3091"
	}
	if p.hasExponent {
		if p.exponent != "" && (percent || perMille) {
			code = "D3092"
		}
		if p.exponent == "" || f.digits(p.exponent) != utf8.RuneCountInString(p.exponent) {
			code = "D3093"
		}
	}
	return code
}

// analyse finds out how many digits go where.
func (f *decimalFormat) analyse(p *subPicture) {
	for i := strings.Index(p.integer, f.grouping); i >= 0; {
		p.positions = append(p.positions, f.digitsAndOptional(p.integer[i:]))
		next := strings.Index(p.integer[i+len(f.grouping):], f.grouping)
		if next < 0 {
			break
		}
		i += len(f.grouping) + next
	}
	p.regular = regularDistance(p.positions)
	for i := strings.Index(p.fraction, f.grouping); i >= 0; {
		p.fractionPositions = append(p.fractionPositions, f.digitsAndOptional(p.fraction[:i]))
		next := strings.Index(p.fraction[i+len(f.grouping):], f.grouping)
		if next < 0 {
			break
		}
		i += len(f.grouping) + next
	}
	p.percent = strings.Contains(p.picture, f.percent)
	p.perMille = strings.Contains(p.picture, f.perMille)
	p.hasDecimal = strings.Contains(p.picture, f.decimal)
	p.minInteger = f.digits(p.integer)
	p.scale = p.minInteger
	p.minFraction = f.digits(p.fraction)
	p.maxFraction = f.digitsAndOptional(p.fraction)
	if p.minInteger == 0 && p.maxFraction == 0 {
		if p.hasExponent {
			p.minFraction, p.maxFraction = 1, 1
		} else {
			p.minInteger = 1
		}
	}
	if p.hasExponent && p.minInteger == 0 && strings.Contains(p.integer, f.digit) {
		p.minInteger = 1
	}
	if p.minInteger == 0 && p.minFraction == 0 {
		p.minFraction = 1
	}
	if p.hasExponent {
		p.minExponent = f.digits(p.exponent)
	}
}

// regularDistance returns the distance at which positions lie, when they lie at all its multiples, else 0.
func regularDistance(positions []int) int {
	if len(positions) == 0 {
		return 0
	}
	factor := 0
	for _, p := range positions {
		for a := p; a != 0; {
			factor, a = a, factor%a
		}
	}
	for i := 1; i <= len(positions); i++ {
		if !slices.Contains(positions, i*factor) {
			return 0
		}
	}
	return factor
}

// understand takes a picture apart; a picture that is wrong is an error.
func (f *decimalFormat) understand(picture string) []*subPicture {
	pictures := []string{picture}
	if f.separator != "" {
		pictures = strings.Split(picture, f.separator)
	}
	if len(pictures) > 2 {
		panic(fault("D3080", nil))
	}
	parts := make([]*subPicture, len(pictures))
	for i, p := range pictures {
		parts[i] = f.split(p)
	}
	for _, p := range parts {
		if code := f.check(p); code != "" {
			panic(fault(code, nil))
		}
	}
	for _, p := range parts {
		f.analyse(p)
	}
	return parts
}

func (f *decimalFormat) format(r *run, value float64, picture string, parts []*subPicture) string {
	p := parts[0]
	sign := ""
	if !(value >= 0) {
		if len(parts) == 2 {
			p = parts[1]
		} else {
			sign = f.minus
		}
	}
	r.grow(4*len(picture) + 400)
	switch {
	case p.percent:
		value *= 100
	case p.perMille:
		value *= 1000
	}
	exponent := 0
	if p.minExponent > 0 && value != 0 && !math.IsInf(value, 0) && !math.IsNaN(value) {
		most, least := math.Pow(10, float64(p.scale)), math.Pow(10, float64(p.scale-1))
		for ; math.Abs(value) < least; exponent-- {
			value *= 10
		}
		for ; math.Abs(value) > most; exponent++ {
			value /= 10
		}
	}
	text := f.number(round(value, float64(p.maxFraction)), p)
	if p.minExponent > 0 {
		power := f.plain(math.Abs(float64(exponent)), 0)
		power = strings.Repeat(string(f.zero), max(0, p.minExponent-utf8.RuneCountInString(power))) + power
		text += f.exponent
		if exponent < 0 {
			text += f.minus
		}
		text += power
	}
	return sign + p.prefix + text + p.suffix
}

// plain writes a number with places decimal places in the digits of the format.
func (f *decimalFormat) plain(value float64, places int) string {
	value = math.Abs(value)
	var s string
	switch {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 0):
		return "Infinity"
	case value >= 1e21:
		s = string(jsonvalue.AppendFloat(nil, value))
	default:
		s = strconv.FormatFloat(value, 'f', min(places, 100), 64)
	}
	if f.zero == '0' {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + f.zero
		}
		return r
	}, s)
}

// number writes the mantissa with its separators.
func (f *decimalFormat) number(value float64, p *subPicture) string {
	zero := string(f.zero)
	integer, fraction, _ := strings.Cut(f.plain(value, p.maxFraction), ".")
	for strings.HasPrefix(integer, zero) {
		integer = integer[len(zero):]
	}
	for strings.HasSuffix(fraction, zero) {
		fraction = fraction[:len(fraction)-len(zero)]
	}
	count := utf8.RuneCountInString(integer)
	if count < p.minInteger {
		integer = strings.Repeat(zero, p.minInteger-count) + integer
		count = p.minInteger
	}
	if n := p.minFraction - utf8.RuneCountInString(fraction); n > 0 {
		fraction += strings.Repeat(zero, n)
	}
	out := make([]byte, 0, 64)
	for i, r := range integer {
		if i > 0 && (p.regular > 0 && count%p.regular == 0 || p.regular == 0 && slices.Contains(p.positions, count)) {
			out = append(out, f.grouping...)
		}
		count--
		out = utf8.AppendRune(out, r)
	}
	if fraction == "" || !p.hasDecimal {
		return string(out)
	}
	out = append(out, f.decimal...)
	n := 0
	for _, r := range fraction {
		if n > 0 && slices.Contains(p.fractionPositions, n) {
			out = append(out, f.grouping...)
		}
		n++
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}
