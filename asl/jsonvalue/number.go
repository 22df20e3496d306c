package jsonvalue

import (
	"encoding/json"
	"math"
	"strconv"
)

// Float returns the value of a number of either form, and false for anything that is not a number.
// A json.Number beyond the range of float64 becomes an infinity.
func Float(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case json.Number:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil && !math.IsInf(f, 0) {
			return 0, false
		}
		return f, true
	}
	return 0, false
}

// boxed holds the small whole numbers as interface values, since most numbers in documents are small and whole
// and every other float64 put into an interface is an allocation.
var boxed = func() (table [1024]any) {
	for i := range table {
		table[i] = float64(i)
	}
	return table
}()

// Box returns f as a value; for small whole numbers it does not allocate.
func Box(f float64) any {
	if f >= 0 && f < float64(len(boxed)) {
		if i := int(f); float64(i) == f && (i != 0 || !math.Signbit(f)) {
			return boxed[i]
		}
	}
	return f
}

// AppendFloat appends f the way JavaScript and Java's Jackson print a double: shortest digits that read back,
// whole numbers without a point, an exponent from 1e21 and below 1e-6. NaN and infinities become null, as in
// JSON.stringify.
func AppendFloat(dst []byte, f float64) []byte {
	abs := math.Abs(f)
	switch {
	case abs < 1e15 && f == math.Trunc(f):
		return strconv.AppendInt(dst, int64(f), 10)
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case abs >= 1e21 || abs < 1e-6:
		dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
		// JavaScript writes 1e-7 where Go writes 1e-07.
		if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-2] == '0' {
			dst[n-2] = dst[n-1]
			dst = dst[:n-1]
		}
		return dst
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// number turns the text of a JSON number into a value: a float64 when that prints as the same text, otherwise
// the text itself.
func number(text string) any {
	if f, ok := exact(text); ok {
		return Box(f)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return json.Number(text)
	}
	var buffer [32]byte
	if string(AppendFloat(buffer[:0], f)) != text {
		return json.Number(text)
	}
	return f
}

var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// exact reads plain decimals of at most 15 digits, which a float64 holds so that they print as they were
// written, unless the text ends in a zero after the point or starts with many of them.
func exact(text string) (float64, bool) {
	i, negative := 0, false
	if text[0] == '-' {
		i, negative = 1, true
	}
	if len(text)-i > 16 {
		return 0, false
	}
	digits, point, mantissa := 0, -1, int64(0)
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + int64(c-'0')
			digits++
		case c == '.':
			point = digits
		default:
			return 0, false
		}
	}
	if digits > 15 || mantissa == 0 && negative {
		return 0, false
	}
	f := float64(mantissa)
	if point >= 0 {
		if text[len(text)-1] == '0' {
			return 0, false
		}
		f /= powersOfTen[digits-point]
		if f < 1e-6 {
			return 0, false
		}
	}
	if negative {
		f = -f
	}
	return f, true
}
