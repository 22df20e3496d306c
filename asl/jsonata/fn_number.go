package jsonata

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

func fnSum(_ *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	total := 0.0
	for _, item := range items {
		f, _ := number(item)
		total += f
	}
	return jsonvalue.Box(total)
}

func fnCount(_ *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return 0.0
	}
	return jsonvalue.Box(float64(len(items)))
}

func fnMax(_ *run, args []any) any { return extreme(args, math.Max) }
func fnMin(_ *run, args []any) any { return extreme(args, math.Min) }

func extreme(args []any, better func(a, b float64) float64) any {
	items, _ := itemsOf(argument(args, 0))
	if len(items) == 0 {
		return Undefined
	}
	best, _ := number(items[0])
	for _, item := range items[1:] {
		f, _ := number(item)
		best = better(best, f)
	}
	return jsonvalue.Box(best)
}

func fnAverage(r *run, args []any) any {
	items, _ := itemsOf(argument(args, 0))
	if len(items) == 0 {
		return Undefined
	}
	total, _ := number(fnSum(r, args))
	return jsonvalue.Box(total / float64(len(items)))
}

// onNumber applies f to a number, and passes undefined.
func onNumber(args []any, f func(float64) float64) any {
	x, ok := number(argument(args, 0))
	if !ok {
		return Undefined
	}
	return jsonvalue.Box(f(x))
}

func fnFloor(_ *run, args []any) any { return onNumber(args, math.Floor) }
func fnCeil(_ *run, args []any) any  { return onNumber(args, math.Ceil) }
func fnAbs(_ *run, args []any) any   { return onNumber(args, math.Abs) }

func fnSqrt(_ *run, args []any) any {
	if f, _ := number(argument(args, 0)); f < 0 {
		panic(&Error{Code: "D3060", Offset: -1, Value: f, index: 1})
	}
	return onNumber(args, math.Sqrt)
}

func fnPower(_ *run, args []any) any {
	x, ok := number(argument(args, 0))
	y, also := number(argument(args, 1))
	if !ok {
		return Undefined
	}
	result := math.NaN()
	if also {
		result = power(x, y)
	}
	if math.IsInf(result, 0) || math.IsNaN(result) {
		panic(&Error{Code: "D3061", Offset: -1, Value: x, value2: y, index: 1})
	}
	return jsonvalue.Box(result)
}

// power is math.Pow, but exact to the last digit for exponents that are whole or half.
func power(x, y float64) float64 {
	if math.IsNaN(x) || math.Abs(y) > 1100 || 2*y != math.Trunc(2*y) || x == 0 || math.IsInf(x, 0) || x < 0 && y != math.Trunc(y) {
		return math.Pow(x, y)
	}
	const precision = 256
	base := new(big.Float).SetPrec(precision).SetFloat64(x)
	n := int(math.Trunc(math.Abs(y)))
	result := new(big.Float).SetPrec(precision).SetInt64(1)
	if y != math.Trunc(y) {
		result.Sqrt(base)
	}
	for square := base; n > 0; n >>= 1 {
		if n&1 == 1 {
			result.Mul(result, square)
		}
		square.Mul(square, square)
	}
	if y < 0 {
		result.Quo(new(big.Float).SetPrec(precision).SetInt64(1), result)
	}
	f, _ := result.Float64()
	return f
}

func fnRound(_ *run, args []any) any {
	x, ok := number(argument(args, 0))
	if !ok {
		return Undefined
	}
	precision, _ := number(argument(args, 1))
	return jsonvalue.Box(round(x, precision))
}

// round rounds half to even, at the given number of decimal places, which may be negative. The places are
// counted in the decimal text of the number, so that 1.005 counts as just that.
func round(x, precision float64) float64 {
	if precision != 0 {
		x = shifted(x, precision)
	}
	result := math.Floor(x)
	if x-result >= 0.5 {
		result++
	}
	if diff := result - x; math.Abs(diff) == 0.5 && math.Abs(math.Mod(result, 2)) == 1 {
		result--
	}
	if precision != 0 {
		result = shifted(result, -precision)
	}
	if result == 0 {
		return 0
	}
	return result
}

// shifted multiplies by a power of ten without the error of a multiplication.
func shifted(x, places float64) float64 {
	if places != math.Trunc(places) || math.IsInf(x, 0) || math.IsNaN(x) {
		return math.NaN()
	}
	text := strconv.FormatFloat(x, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	e, err := strconv.Atoi(exponent)
	if err != nil {
		return math.NaN()
	}
	places = max(min(places, 10_000), -10_000)
	f, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+int(places)), 64)
	return f
}

func fnRandom(r *run, _ []any) any { return r.random("random") }

func (r *run) random(name string) float64 {
	if r.options.Random == nil {
		panic(&Error{Code: "F0001", Offset: -1, Token: name})
	}
	return r.options.Random()
}

func fnNumber(_ *run, args []any) any {
	v := argument(args, 0)
	switch v := v.(type) {
	case *undefined:
		return v
	case bool:
		if v {
			return 1.0
		}
		return 0.0
	case string:
		if f, ok := parseNumber(v); ok {
			return jsonvalue.Box(f)
		}
		panic(&Error{Code: "D3030", Offset: -1, Value: v, index: 1})
	}
	if _, ok := number(v); ok {
		return v
	}
	panic(&Error{Code: "D3030", Offset: -1, Value: v, index: 1})
}

// parseNumber reads a decimal number as JSON has it (leading zeros allowed), or 0x, 0o, 0b and digits.
func parseNumber(s string) (float64, bool) {
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		n, ok := new(big.Int).SetString(s, 0)
		if !ok || strings.ContainsRune(s, '_') {
			return 0, false
		}
		f, _ := new(big.Float).SetInt(n).Float64()
		return f, true
	}
	digits := strings.TrimPrefix(s, "-")
	for i := 0; i < len(digits); i++ {
		c := digits[i]
		switch {
		case c >= '0' && c <= '9':
		case c == '.' && i > 0 && i+1 < len(digits) && isDigit(digits[i-1]) && isDigit(digits[i+1]):
		case c|0x20 == 'e' && i > 0 && i+1 < len(digits) && isDigit(digits[i-1]):
		case (c == '+' || c == '-') && i > 0 && digits[i-1]|0x20 == 'e' && i+1 < len(digits) && isDigit(digits[i+1]):
		default:
			return 0, false
		}
	}
	if digits == "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func fnFormatBase(_ *run, args []any) any {
	x, ok := number(argument(args, 0))
	if !ok {
		return Undefined
	}
	x = round(x, 0)
	radix := 10.0
	if f, ok := number(argument(args, 1)); ok {
		radix = round(f, 0)
	}
	if !(radix >= 2 && radix <= 36) {
		panic(&Error{Code: "D3100", Offset: -1, Value: radix})
	}
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 0):
		return strings.Repeat("-", int(1-math.Copysign(1, x))/2) + "Infinity"
	}
	if radix == 10 {
		return string(jsonvalue.AppendFloat(nil, x))
	}
	n, _ := big.NewFloat(x).Int(nil)
	return n.Text(int(radix))
}

func fnBoolean(_ *run, args []any) any {
	v := argument(args, 0)
	if IsUndefined(v) {
		return v
	}
	return truth(v)
}

func fnNot(_ *run, args []any) any {
	v := argument(args, 0)
	if IsUndefined(v) {
		return v
	}
	return !truth(v)
}

func fnExists(_ *run, args []any) any { return !IsUndefined(argument(args, 0)) }
