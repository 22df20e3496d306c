package door

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// encode gives an SDK output the form that Step Functions shows: members in PascalCase, absent ones left
// out, times in ISO 8601, a body as a string.
func encode(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		if r, ok := v.Interface().(io.Reader); ok {
			return encodeBody(r)
		}
		if name, member, ok := unionMember(v); ok {
			value, err := encode(member)
			if err != nil {
				return nil, err
			}
			o := jsonvalue.NewObject(1)
			o.Set(name, value)
			return o, nil
		}
		return encode(v.Elem())
	case reflect.Struct:
		if v.Type() == timeType {
			return isoTime(v.Interface().(time.Time)), nil
		}
		return encodeObject(v)
	case reflect.Slice:
		if v.Type() == bytesType {
			return base64.StdEncoding.EncodeToString(v.Bytes()), nil
		}
		list := make([]any, v.Len())
		for i := range list {
			var err error
			if list[i], err = encode(v.Index(i)); err != nil {
				return nil, err
			}
		}
		return list, nil
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		o := jsonvalue.NewObject(len(keys))
		for _, k := range keys {
			value, err := encode(v.MapIndex(k))
			if err != nil {
				return nil, err
			}
			o.Set(k.String(), value)
		}
		return o, nil
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if i := v.Int(); i > 1<<53 || i < -1<<53 {
			return json.Number(fmt.Sprint(i)), nil
		}
		return float64(v.Int()), nil
	case reflect.Float32, reflect.Float64:
		return v.Float(), nil
	default:
		return nil, fmt.Errorf("an output of type %s is not modelled", v.Type())
	}
}

func encodeObject(v reflect.Value) (any, error) {
	o := jsonvalue.NewObject(v.NumField())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" || absent(v.Field(i)) {
			continue
		}
		value, err := encode(v.Field(i))
		if err != nil {
			return nil, err
		}
		o.Set(memberName(f.Name), value)
	}
	return o, nil
}

// absent reports members that were not in the answer: nil, and the empty text of an enumeration.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

func encodeBody(r io.Reader) (any, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the answer's body: %w", err)
	}
	return strings.ToValidUTF8(string(data), "\uFFFD"), nil
}

// unionMember takes a value like &types.FieldMemberStringValue{Value} apart.
func unionMember(v reflect.Value) (string, reflect.Value, bool) {
	e := v
	for e.Kind() == reflect.Interface || e.Kind() == reflect.Pointer {
		e = e.Elem()
	}
	if v.Kind() != reflect.Interface || e.Kind() != reflect.Struct {
		return "", reflect.Value{}, false
	}
	_, name, ok := strings.Cut(e.Type().Name(), "Member")
	member := e.FieldByName("Value")
	return name, member, ok && member.IsValid()
}

// isoTime prints a time as Java's Instant does: no fraction, or three, six or nine digits of it.
func isoTime(t time.Time) string {
	t = t.UTC()
	switch ns := t.Nanosecond(); {
	case ns == 0:
		return t.Format("2006-01-02T15:04:05Z")
	case ns%1_000_000 == 0:
		return t.Format("2006-01-02T15:04:05.000Z")
	case ns%1_000 == 0:
		return t.Format("2006-01-02T15:04:05.000000Z")
	default:
		return t.Format("2006-01-02T15:04:05.000000000Z")
	}
}

// memberName is the name of an SDK member in Step Functions: the API's with a leading acronym capitalised
// as a word (SSEKMSKeyId is SsekmsKeyId, DPUSeconds is DpuSeconds, ETag is ETag).
func memberName(name string) string {
	isUpper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	isLower := func(i int) bool { return i < len(name) && name[i] >= 'a' && name[i] <= 'z' }
	b := []byte(name)
	for i := 1; isUpper(i) && !isLower(i+1); i++ {
		b[i] += 'a' - 'A'
	}
	return string(b)
}
