package redshift

import (
	"bytes"
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// jsonUDFs work on JSON in texts and on SUPER, which is kept as compact JSON.
func jsonUDFs() []*udf {
	lenient := func(err error, invalid bool) error {
		if invalid {
			return nil
		}
		return err
	}
	return []*udf{
		plain1("rs_is_valid_json", func(s string) bool { return json.Valid([]byte(s)) && firstByte(s) == '{' }),
		plain1("rs_is_valid_json_array", func(s string) bool { return json.Valid([]byte(s)) && firstByte(s) == '[' }),
		plain1("rs_is_valid_json_value", func(s string) bool { return json.Valid([]byte(s)) }),
		udf2("rs_json_array_length", func(s string, invalid bool) (maybe[int32], error) {
			list, err := jsonArray(s)
			if err != nil {
				return none[int32](), lenient(err, invalid)
			}
			return some(int32(len(list))), nil
		}),
		udf3("rs_json_array_element", func(s string, i int64, invalid bool) (maybe[string], error) {
			list, err := jsonArray(s)
			if err != nil {
				return none[string](), lenient(err, invalid)
			}
			if i < 0 {
				i += int64(len(list))
			}
			if i < 0 || i >= int64(len(list)) {
				return none[string](), nil
			}
			return elementText(list[i]), nil
		}),
		{"rs_json_path", types("ttttttib"), duckTypeOf[string](), func(a []driver.Value) (any, error) {
			path := make([]string, arg[int64](a, 6))
			for i := range path {
				path[i] = arg[string](a, 1+i)
			}
			text, err := jsonPath(arg[string](a, 0), path)
			return result(text, lenient(err, arg[bool](a, 7)))
		}},
		plain1("rs_json_text", jsonText),
		udf1("rs_json_float", func(f float64) (maybe[string], error) {
			b, err := json.Marshal(f)
			return orError(string(b), err)
		}),
		udf1("rs_json_parse", func(s string) (maybe[string], error) {
			var b bytes.Buffer
			if err := json.Compact(&b, []byte(s)); err != nil {
				return none[string](), fmt.Errorf("The input string is not valid JSON: %w", err)
			}
			return some(b.String()), nil
		}),
		udf1("rs_json_scalar", func(s string) (maybe[string], error) { return maybe[string]{s, s != "null"}, nil }),
		udf2("rs_attribute", func(s, name string) (maybe[string], error) { return attribute(s, name), nil }),
		udf2("rs_element", func(s string, i int64) (maybe[string], error) {
			list, err := jsonArray(s)
			if err != nil || i < 0 || i >= int64(len(list)) {
				return none[string](), nil
			}
			return some(string(list[i])), nil
		}),
		udf1("rs_super_text", func(s string) (maybe[string], error) { return superText(s), nil }),
		udf1("rs_super_bool", func(s string) (maybe[bool], error) {
			n, err := strconv.ParseInt(s, 10, 64)
			return maybe[bool]{s == "true" || err == nil && n != 0, s == "true" || s == "false" || err == nil}, nil
		}),
		udf1("rs_super_integer", superInteger),
		udf1("rs_super_number", func(s string) (maybe[string], error) {
			n, ok := parseNumeric(s)
			return maybe[string]{n, ok}, nil
		}),
		udf2("rs_super_equal", func(a, b string) (maybe[bool], error) {
			return maybe[bool]{superEqual(a, b), a != "null" && b != "null"}, nil
		}),
		udf2("rs_super_compare", superCompare),
		udf1("rs_json_typeof", func(s string) (maybe[string], error) { return some(jsonTypeOf(s)), nil }),
		udf2("rs_is", func(s, what string) (maybe[bool], error) { return some(isOfType(s, what)), nil }),
		udf1("rs_decimal_precision", func(s string) (maybe[int32], error) {
			p, _, ok := decimalSize(s)
			return maybe[int32]{p, ok}, nil
		}),
		udf1("rs_decimal_scale", func(s string) (maybe[int32], error) {
			_, scale, ok := decimalSize(s)
			return maybe[int32]{scale, ok}, nil
		}),
		udf2("rs_array_concat", func(a, b string) (maybe[string], error) {
			x, err := jsonArray(a)
			y, err2 := jsonArray(b)
			return maybe[string]{joinArray(append(x, y...)), err == nil && err2 == nil}, nil
		}),
		udf1("rs_array_flatten", func(s string) (maybe[string], error) {
			list, err := jsonArray(s)
			return maybe[string]{joinArray(flatten(nil, list)), err == nil}, nil
		}),
		udf1("rs_get_array_length", func(s string) (maybe[int32], error) {
			list, err := jsonArray(s)
			return maybe[int32]{int32(len(list)), err == nil}, nil
		}),
		udf3("rs_subarray", func(s string, from, length int64) (maybe[string], error) {
			list, err := jsonArray(s)
			return maybe[string]{joinArray(slice(list, max(from, 0)+1, max(length, 0))), err == nil}, nil
		}),
		plain2("rs_split_to_array", func(s, delimiter string) string {
			b, _ := json.Marshal(strings.Split(s, delimiter)) // texts always have JSON
			return string(b)
		}),
		udf1("rs_object_keys", func(s string) (maybe[string], error) {
			keys, ok := objectKeys(s)
			b, _ := json.Marshal(keys) // texts always have JSON
			return maybe[string]{string(b), ok}, nil
		}),
	}
}

func firstByte(s string) byte {
	if s = strings.TrimLeft(s, " \t\r\n"); s == "" {
		return 0
	}
	return s[0]
}

// jsonText is a text as JSON.
func jsonText(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a text always has JSON
	return strings.TrimSuffix(b.String(), "\n")
}

func jsonArray(s string) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(s), &list); err != nil || list == nil {
		return nil, fmt.Errorf("invalid json array object %s", s)
	}
	return list, nil
}

func joinArray(list []json.RawMessage) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = string(v)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func flatten(out, list []json.RawMessage) []json.RawMessage {
	for _, v := range list {
		if inner, err := jsonArray(string(v)); err == nil {
			out = flatten(out, inner)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// elementText is a JSON value as the JSON functions of texts return it: strings without quotes, null as NULL.
func elementText(raw json.RawMessage) maybe[string] {
	if string(raw) == "null" {
		return none[string]()
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return some(s)
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return none[string]()
	}
	return some(b.String())
}

// jsonPath follows keys and, in arrays, positions.
func jsonPath(s string, path []string) (maybe[string], error) {
	if !json.Valid([]byte(s)) {
		return none[string](), fmt.Errorf("invalid json object %s", s)
	}
	raw := json.RawMessage(s)
	for _, step := range path {
		next, ok := member(raw, step)
		if !ok {
			if list, err := jsonArray(string(raw)); err == nil && allDigits(step) && number2(step) < len(list) {
				next, ok = list[number2(step)], true
			}
		}
		if !ok {
			return none[string](), nil
		}
		raw = next
	}
	return elementText(raw), nil
}

func member(raw json.RawMessage, name string) (json.RawMessage, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return nil, false
	}
	v, ok := object[name]
	return v, ok
}

// attribute navigates into an object; what is no object or lacks the attribute is NULL.
func attribute(s, name string) maybe[string] {
	if firstByte(s) != '{' {
		return none[string]()
	}
	v, ok := member(json.RawMessage(s), name)
	return maybe[string]{string(v), ok}
}

// objectKeys are the keys in their order.
func objectKeys(s string) ([]string, bool) {
	if firstByte(s) != '{' {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(s))
	if _, err := d.Token(); err != nil {
		return nil, false
	}
	keys := []string{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, false
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return nil, false
		}
		keys = append(keys, fmt.Sprint(key))
	}
	return keys, true
}

func superText(s string) maybe[string] {
	switch {
	case s == "null":
		return none[string]()
	case strings.HasPrefix(s, `"`):
		return elementText(json.RawMessage(s))
	}
	return some(s)
}

func superInteger(s string) (maybe[int64], error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return some(n), nil
	}
	n, ok := parseNumeric(s)
	if !ok {
		return none[int64](), nil
	}
	r, _ := new(big.Rat).SetString(n)
	i, err := strconv.ParseInt(r.FloatString(0), 10, 64)
	return maybe[int64]{i, err == nil}, nil
}

func decoded(s string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	return v, d.Decode(&v) == nil
}

// superEqual compares deeply; numbers by value.
func superEqual(a, b string) bool {
	if a == b {
		return true
	}
	if x, y := rational(a), rational(b); x != nil && y != nil {
		return x.Cmp(y) == 0
	}
	if strings.HasPrefix(a, `"`) && strings.HasPrefix(b, `"`) {
		return strings.TrimRight(superText(a).value, " ") == strings.TrimRight(superText(b).value, " ")
	}
	x, ok := decoded(a)
	y, ok2 := decoded(b)
	return ok && ok2 && reflect.DeepEqual(x, y)
}

func rational(s string) *big.Rat {
	if !isDecimal(s) {
		return nil
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

// superCompare orders numbers, texts and booleans among themselves; anything else is NULL.
func superCompare(a, b string) (maybe[int32], error) {
	if x, y := rational(a), rational(b); x != nil && y != nil {
		return some(int32(x.Cmp(y))), nil
	}
	if strings.HasPrefix(a, `"`) && strings.HasPrefix(b, `"`) {
		return some(int32(cmp.Compare(strings.TrimRight(superText(a).value, " "), strings.TrimRight(superText(b).value, " ")))), nil
	}
	if (a == "true" || a == "false") && (b == "true" || b == "false") {
		return some(int32(cmp.Compare(len(b), len(a)))), nil
	}
	return none[int32](), nil
}

func jsonTypeOf(s string) string {
	switch firstByte(s) {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// decimalSize is the precision and scale of a decimal number ("DECIMAL_PRECISION function").
func decimalSize(s string) (precision, scale int32, ok bool) {
	if !isDecimal(s) || strings.ContainsAny(s, "eE") || !strings.Contains(s, ".") {
		return 0, 0, false
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return int32(len(strings.TrimLeft(whole, "0")) + len(fraction)), int32(len(fraction)), true
}

// isOfType answers the IS_ functions.
func isOfType(s, what string) bool {
	kind := jsonTypeOf(s)
	n, err := strconv.ParseInt(s, 10, 64)
	whole := err == nil
	switch what {
	case "array", "object", "boolean":
		return kind == what
	case "scalar":
		return kind != "array" && kind != "object" && kind != "null"
	case "varchar":
		return kind == "string"
	case "char":
		text := superText(s).value
		return kind == "string" && utf8.RuneCountInString(text) == len(text)
	case "smallint":
		return whole && n == int64(int16(n))
	case "integer":
		return whole && n == int64(int32(n))
	case "bigint":
		return whole
	case "decimal":
		_, _, ok := decimalSize(s)
		return ok
	}
	return kind == "number" && strings.ContainsAny(s, "eE") // float
}
