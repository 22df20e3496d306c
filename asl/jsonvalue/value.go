package jsonvalue

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Append appends v as compact JSON: no spaces, keys in their order, numbers as [AppendFloat] and strings as
// [AppendString] print them. What is not a value of this package is printed as [From] would hold it.
func Append(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case float64:
		return AppendFloat(dst, v)
	case json.Number:
		return append(dst, v...)
	case string:
		return AppendString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = Append(dst, e)
		}
		return append(dst, ']')
	case *Object:
		dst = append(dst, '{')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendString(dst, v.members[i].key)
			dst = append(dst, ':')
			dst = Append(dst, v.members[i].value)
		}
		return append(dst, '}')
	}
	return Append(dst, From(v))
}

// String returns v as compact JSON, see [Append].
func String(v any) string {
	return string(Append(nil, v))
}

// String is the object as compact JSON.
func (o *Object) String() string { return String(o) }

// MarshalJSON makes encoding/json print an object with its keys in order.
func (o *Object) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("null"), nil
	}
	return Append(nil, o), nil
}

// UnmarshalJSON makes encoding/json read an object with its keys in order.
func (o *Object) UnmarshalJSON(data []byte) error {
	v, err := Decode(data)
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *Object:
		*o = *v
	case nil:
	default:
		return fmt.Errorf("json: want an object, got %s", data)
	}
	return nil
}

// Equal reports whether a and b are the same JSON value: numbers by what they stand for, objects regardless of
// the order of their keys.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	case string:
		b, ok := b.(string)
		return ok && a == b
	case float64:
		b, ok := Float(b)
		return ok && a == b
	case json.Number:
		if b, ok := b.(json.Number); ok && a == b {
			return true
		}
		x, ok := Float(a)
		y, also := Float(b)
		return ok && also && x == y
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	case *Object:
		b, ok := b.(*Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			other, ok := b.Get(a.members[i].key)
			if !ok || !Equal(a.members[i].value, other) {
				return false
			}
		}
		return true
	}
	return false
}

// From turns ordinary Go values into values of this package: maps become objects with sorted keys, all kinds of
// numbers become numbers, everything else goes through encoding/json. A part that is already of the right form
// is not copied. What JSON cannot express (functions, channels, cycles of pointers) becomes nil.
func From(v any) any {
	switch v := v.(type) {
	case nil, bool, float64, string, *Object:
		return v
	case json.Number:
		if !validNumber(string(v)) {
			return nil
		}
		return number(string(v))
	case int:
		return whole(int64(v))
	case int32:
		return whole(int64(v))
	case int64:
		return whole(v)
	case []any:
		return fromArray(v)
	case []string:
		array := make([]any, len(v))
		for i, s := range v {
			array[i] = s
		}
		return array
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		o := NewObject(len(v))
		for _, k := range keys {
			o.append(k, From(v[k]))
		}
		return o
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	decoded, err := Decode(data)
	if err != nil {
		return nil
	}
	return decoded
}

func whole(n int64) any {
	if f := float64(n); math.Abs(f) < 1<<53 {
		return Box(f)
	}
	return number(strconv.FormatInt(n, 10))
}

func validNumber(text string) bool {
	d := decoder{text: text}
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	_, err := d.number()
	return err == nil && d.at == len(text)
}

func fromArray(v []any) any {
	for i, e := range v {
		switch e.(type) {
		case nil, bool, float64, string, *Object:
			continue
		}
		array := slices.Clone(v)
		for ; i < len(array); i++ {
			array[i] = From(array[i])
		}
		return array
	}
	return v
}

// To turns a value of this package into what encoding/json would have decoded: objects become map[string]any,
// numbers float64. A json.Number beyond float64 stays one.
func To(v any) any {
	switch v := v.(type) {
	case json.Number:
		if f, ok := Float(v); ok && !math.IsInf(f, 0) {
			return f
		}
		return v
	case []any:
		array := make([]any, len(v))
		for i, e := range v {
			array[i] = To(e)
		}
		return array
	case *Object:
		m := make(map[string]any, v.Len())
		for k, e := range v.All() {
			m[k] = To(e)
		}
		return m
	}
	return v
}
