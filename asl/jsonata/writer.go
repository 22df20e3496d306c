package jsonata

import (
	"encoding/json"
	"math"
	"strconv"

	"airline/asl/jsonvalue"
)

// writer prints values the way $string does: as JSON, with numbers of 15 significant digits, functions as "".
type writer struct {
	out    []byte
	pretty bool
	limit  int // stop after about so many bytes; 0 for never
	r      *run
	spent  int
}

// text is $string of a value that is not undefined.
func (r *run) text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case *Function:
		return ""
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return "null"
	}
	if f, ok := number(v); ok {
		if math.IsInf(f, 0) || math.IsNaN(f) {
			panic(fault("D3001", v))
		}
		return string(appendNumber(make([]byte, 0, 24), f))
	}
	return r.json(v, false)
}

func (r *run) json(v any, pretty bool) string {
	if a, ok := v.(*array); ok && a.wrapper {
		v = a.items[0]
	}
	w := writer{r: r, pretty: pretty}
	w.value(v, 0)
	r.grow(2*len(w.out) - w.spent)
	return string(w.out)
}

// appendNumber prints f with at most 15 significant digits, unless it is whole.
func appendNumber(dst []byte, f float64) []byte {
	if f == math.Trunc(f) {
		return jsonvalue.AppendFloat(dst, f)
	}
	start := len(dst)
	dst = jsonvalue.AppendFloat(dst, f)
	if len(dst)-start <= 16 {
		return dst
	}
	var buffer [32]byte
	rounded, err := strconv.ParseFloat(string(strconv.AppendFloat(buffer[:0], f, 'e', 14, 64)), 64)
	if err != nil {
		return dst
	}
	return jsonvalue.AppendFloat(dst[:start], rounded)
}

func (w *writer) value(v any, depth int) {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	if w.limit > 0 && len(w.out) > w.limit {
		return
	}
	if w.r != nil && len(w.out)-w.spent > 1<<12 {
		w.r.grow(len(w.out) - w.spent)
		w.r.spend((len(w.out) - w.spent) >> 3)
		w.spent = len(w.out)
	}
	switch v := v.(type) {
	case nil, *undefined:
		w.out = append(w.out, "null"...)
	case string:
		w.out = jsonvalue.AppendString(w.out, v)
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case float64:
		w.number(v)
	case json.Number:
		f, _ := number(v)
		w.number(f)
	case *Function:
		w.out = append(w.out, '"', '"')
	case *jsonvalue.Object:
		w.object(v, depth)
	default:
		items, _ := itemsOf(v)
		w.array(items, depth)
	}
}

func (w *writer) number(f float64) {
	if math.IsInf(f, 0) {
		if w.r != nil {
			panic(fault("D1001", f))
		}
		f = math.NaN()
	}
	w.out = appendNumber(w.out, f)
}

func (w *writer) line(depth int) {
	if !w.pretty {
		return
	}
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, ' ', ' ')
	}
}

func (w *writer) array(items []any, depth int) {
	w.out = append(w.out, '[')
	for i, item := range items {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.line(depth + 1)
		w.value(item, depth+1)
	}
	if len(items) > 0 {
		w.line(depth)
	}
	w.out = append(w.out, ']')
}

func (w *writer) object(o *jsonvalue.Object, depth int) {
	w.out = append(w.out, '{')
	first := true
	for k, v := range o.All() {
		if IsUndefined(v) {
			continue
		}
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		w.line(depth + 1)
		w.out = jsonvalue.AppendString(w.out, k)
		w.out = append(w.out, ':')
		if w.pretty {
			w.out = append(w.out, ' ')
		}
		w.value(v, depth+1)
	}
	if !first {
		w.line(depth)
	}
	w.out = append(w.out, '}')
}
