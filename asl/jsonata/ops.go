package jsonata

import (
	"encoding/json"
	"math"

	"airline/asl/jsonvalue"
)

func (n *Binary) eval(r *run, in any, e *env) any {
	left := r.eval(n.Left, in, e)
	switch n.Op {
	case "and":
		return truth(left) && truth(r.eval(n.Right, in, e))
	case "or":
		return truth(left) || truth(r.eval(n.Right, in, e))
	}
	right := r.eval(n.Right, in, e)
	switch n.Op {
	case "=":
		return !IsUndefined(left) && !IsUndefined(right) && r.equal(left, right, 0)
	case "!=":
		return !IsUndefined(left) && !IsUndefined(right) && !r.equal(left, right, 0)
	case "<", "<=", ">", ">=":
		return n.compare(left, right)
	case "&":
		return r.concatenate(left, right)
	case "..":
		return r.span(n, left, right)
	case "in":
		return isIn(left, right)
	}
	return n.arithmetic(r, left, right)
}

// number returns the value of a number, without the check of [numeric].
func number(v any) (float64, bool) {
	if f, ok := v.(float64); ok {
		return f, true
	}
	if _, ok := v.(json.Number); ok {
		return jsonvalue.Float(v)
	}
	return 0, false
}

// numeric returns the value of a number, and false for what is none, which NaN is. An infinity is an error.
func numeric(v any) (float64, bool) {
	f, ok := number(v)
	if !ok || f != f {
		return 0, false
	}
	if math.IsInf(f, 0) {
		panic(fault("D1001", v))
	}
	return f, true
}

func (n *Binary) arithmetic(r *run, left, right any) any {
	x, okX := n.operand(left)
	y, okY := n.operand(right)
	if !okX && !IsUndefined(left) {
		panic(&Error{Code: "T2001", Offset: n.Offset, Token: n.Op, Value: left})
	}
	if !okY && !IsUndefined(right) {
		panic(&Error{Code: "T2002", Offset: n.Offset, Token: n.Op, Value: right})
	}
	if !okX || !okY {
		return Undefined
	}
	switch n.Op {
	case "+":
		x += y
	case "-":
		x -= y
	case "*":
		x *= y
	case "/":
		x /= y
	default:
		x = math.Mod(x, y)
	}
	if x-x != 0 {
		r.infinite = true
	}
	return jsonvalue.Box(x)
}

func (n *Binary) operand(v any) (float64, bool) {
	f, ok := number(v)
	if ok && math.IsInf(f, 0) {
		panic(&Error{Code: "D1001", Offset: n.Offset, Token: n.Op, Value: v})
	}
	return f, ok && f == f
}

func (n *Negate) eval(r *run, in any, e *env) any {
	v := r.eval(n.Operand, in, e)
	if IsUndefined(v) {
		return v
	}
	f, ok := numeric(v)
	if !ok {
		panic(&Error{Code: "D1002", Offset: n.Offset, Token: "-", Value: v})
	}
	return jsonvalue.Box(-f)
}

func (n *Binary) compare(left, right any) any {
	const comparable = typeString | typeNumber | typeMissing
	x, y := typeOf(left), typeOf(right)
	if x&comparable == 0 || y&comparable == 0 {
		bad := left
		if x&(typeString|typeNumber) != 0 {
			bad = right
		}
		panic(&Error{Code: "T2010", Offset: n.Offset, Token: n.Op, Value: bad})
	}
	if x == typeMissing || y == typeMissing {
		return Undefined
	}
	if x != y {
		panic(&Error{Code: "T2009", Offset: n.Offset, Token: n.Op, Value: left, value2: right})
	}
	if x == typeNumber {
		f, _ := number(left)
		g, _ := number(right)
		switch n.Op {
		case "<":
			return f < g
		case "<=":
			return f <= g
		case ">":
			return f > g
		}
		return f >= g
	}
	c := compareStrings(left.(string), right.(string))
	switch n.Op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// compareStrings orders strings as JavaScript does, by UTF-16 code units. That differs from the order of UTF-8
// bytes only between characters beyond U+FFFF and those from U+E000 to U+FFFF.
func compareStrings(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
			x, y = y, x
		}
		if x < y {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

// equal compares two values deeply.
func (r *run) equal(a, b any, depth int) bool {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && x == y
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case nil:
		return b == nil
	case *Function:
		y, ok := b.(*Function)
		return ok && x == y
	case *jsonvalue.Object:
		y, ok := b.(*jsonvalue.Object)
		if !ok || x.Len() != y.Len() {
			return false
		}
		r.spend(x.Len())
		for k, v := range x.All() {
			w, ok := y.Get(k)
			if !ok || !r.equal(v, w, depth+1) {
				return false
			}
		}
		return true
	}
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	x, ok := itemsOf(a)
	y, also := itemsOf(b)
	if !ok || !also || len(x) != len(y) {
		return false
	}
	r.spend(len(x))
	for i := range x {
		if !r.equal(x[i], y[i], depth+1) {
			return false
		}
	}
	return true
}

// isIn looks for left among the items of right. Arrays and objects are never equal here unless they are one.
func isIn(left, right any) bool {
	if IsUndefined(left) || IsUndefined(right) {
		return false
	}
	items, ok := itemsOf(right)
	if !ok {
		return same(right, left)
	}
	for _, item := range items {
		if same(item, left) {
			return true
		}
	}
	return false
}

func (r *run) concatenate(left, right any) any {
	a, aIsString := left.(string)
	b, bIsString := right.(string)
	if !aIsString && !IsUndefined(left) {
		a = r.text(left)
	}
	if !bIsString && !IsUndefined(right) {
		b = r.text(right)
	}
	if a == "" {
		return b
	}
	if b == "" {
		return a
	}
	r.growText(len(a) + len(b))
	return a + b
}

// maxRange is the language's limit of a range.
const maxRange = 1e7

func (r *run) span(n *Binary, left, right any) any {
	low, okLow := number(left)
	high, okHigh := number(right)
	if !IsUndefined(left) && !(okLow && isWhole(low)) {
		panic(&Error{Code: "T2003", Offset: n.Offset, Token: n.Op, Value: left})
	}
	if !IsUndefined(right) && !(okHigh && isWhole(high)) {
		panic(&Error{Code: "T2004", Offset: n.Offset, Token: n.Op, Value: right})
	}
	if !okLow || !okHigh || low > high {
		return Undefined
	}
	size := high - low + 1
	if size > maxRange {
		panic(&Error{Code: "D2014", Offset: n.Offset, Token: n.Op, Value: size})
	}
	if r.stepFunctions && size > maxStepFunctionsSpan {
		panic(&Error{Code: "D2015", Offset: n.Offset, Token: n.Op})
	}
	return &array{items: r.integers(low, int(size)), sequence: true}
}

func isWhole(f float64) bool { return f == math.Trunc(f) && !math.IsInf(f, 0) }

// integers makes n numbers from low on.
func (r *run) integers(low float64, n int) []any {
	r.grow(n * (valueSize + 8))
	r.spend(n >> 3)
	items := make([]any, n)
	for i := range items {
		items[i] = jsonvalue.Box(low + float64(i))
	}
	return items
}
