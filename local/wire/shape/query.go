package shape

import (
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// maxIndex bounds the numbers of list members of a Query request.
const maxIndex = 10_000

// DecodeQuery fills an SDK input from the parameters of a Query request: Name=..., Names.member.1=...,
// Attributes.entry.1.key=... . Parameters that no member asks for are an error.
func DecodeQuery(form url.Values, into reflect.Value) error {
	q := queryDecoder{form, map[string]bool{}}
	if err := q.object("", into); err != nil {
		return err
	}
	for name := range form {
		switch name {
		case "Action", "Version":
			continue
		}
		if !q.used[name] {
			return &Error{Path: name, Reason: "is not in the API as it is modelled here", Unknown: true}
		}
	}
	return nil
}

type queryDecoder struct {
	form url.Values
	used map[string]bool
}

func (q queryDecoder) has(prefix string) bool {
	for name := range q.form {
		if name == prefix || strings.HasPrefix(name, prefix+".") {
			return true
		}
	}
	return false
}

func (q queryDecoder) object(prefix string, into reflect.Value) error {
	for i := range into.NumField() {
		f := into.Type().Field(i)
		if !member(f) {
			continue
		}
		if name := join(prefix, f.Name); q.has(name) {
			if err := q.value(name, into.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (q queryDecoder) value(name string, into reflect.Value) error {
	t := into.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		into.Set(reflect.New(t.Elem()))
		return q.value(name, into.Elem())
	case t.Kind() == reflect.Struct && t != timeType:
		return q.object(name, into)
	case t.Kind() == reflect.Slice && t != bytesType:
		if values, ok := q.form[name]; ok && values[0] == "" { // an empty list
			q.used[name] = true
			into.Set(reflect.MakeSlice(t, 0, 0))
			return nil
		}
		at := name
		if q.has(name + ".member") {
			at = name + ".member"
		}
		for i := 1; q.has(fmt.Sprintf("%s.%d", at, i)); i++ {
			if i > maxIndex {
				return wrong(name, "has more than %d members", maxIndex)
			}
			e := reflect.New(t.Elem()).Elem()
			if err := q.value(fmt.Sprintf("%s.%d", at, i), e); err != nil {
				return err
			}
			into.Set(reflect.Append(into, e))
		}
		return nil
	case t.Kind() == reflect.Map:
		into.Set(reflect.MakeMap(t))
		for i := 1; ; i++ {
			at := fmt.Sprintf("%s.entry.%d", name, i)
			if !q.has(at) {
				return nil
			}
			key, value := at+".key", at+".value"
			if !q.has(key) {
				key, value = at+".Name", at+".Value" // of MessageAttributes
			}
			if i > maxIndex || !q.has(key) {
				return wrong(at, "has no key")
			}
			q.used[key] = true
			e := reflect.New(t.Elem()).Elem()
			if err := q.value(value, e); err != nil {
				return err
			}
			into.SetMapIndex(reflect.ValueOf(q.form.Get(key)).Convert(t.Key()), e)
		}
	}
	values, ok := q.form[name]
	if !ok {
		return wrong(name, "must be a single value")
	}
	if len(values) > 1 {
		return wrong(name, "is given %d times", len(values))
	}
	q.used[name] = true
	return decoder{Pascal}.value(name, Text(values[0]), into)
}

// WriteXML writes an SDK output as the elements of a Query answer: lists of <member>, or as items names their elements, maps of <entry>.
func WriteXML(w io.Writer, v reflect.Value, items map[string]string) error {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !member(f) || Absent(v.Field(i)) {
			continue
		}
		if err := writeElement(w, f.Name, v.Field(i), items); err != nil {
			return err
		}
	}
	return nil
}

func writeElement(w io.Writer, name string, v reflect.Value, items map[string]string) error {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	fmt.Fprintf(w, "<%s>", name)
	switch {
	case v.Type() == timeType, v.Type() == bytesType:
		if err := WriteText(w, v); err != nil {
			return err
		}
	case v.Kind() == reflect.Struct:
		if err := WriteXML(w, v, items); err != nil {
			return err
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			if err := writeElement(w, cmp.Or(items[name], "member"), v.Index(i), items); err != nil {
				return err
			}
		}
	case v.Kind() == reflect.Map:
		o := Encode(v, Pascal).(*jsonvalue.Object)
		for key := range o.All() {
			io.WriteString(w, "<entry>")
			if err := writeElement(w, "key", reflect.ValueOf(key), items); err != nil {
				return err
			}
			if err := writeElement(w, "value", v.MapIndex(reflect.ValueOf(key).Convert(v.Type().Key())), items); err != nil {
				return err
			}
			io.WriteString(w, "</entry>")
		}
	default:
		if err := WriteText(w, v); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "</%s>", name)
	return err
}

// writeEscaped writes the text of an element.
func writeEscaped(w io.Writer, text string) error {
	if Plain(text, `"'&<>`) {
		_, err := io.WriteString(w, text)
		return err
	}
	return xml.EscapeText(w, []byte(text))
}

// WriteText writes a scalar as XML protocols do: times in ISO 8601, blobs in base64.
func WriteText(w io.Writer, v reflect.Value) error {
	var text string
	switch x := Encode(v, Pascal).(type) {
	case string:
		text = x
	case time.Time:
		text = x.UTC().Format("2006-01-02T15:04:05.000Z")
	case []byte:
		text = base64.StdEncoding.EncodeToString(x)
	case float64:
		text = strconv.FormatFloat(x, 'g', -1, 64)
		if math.IsInf(x, 0) {
			text = strings.Replace(text, "Inf", "Infinity", 1)
		}
	case nil:
		return fmt.Errorf("an output of type %s is not modelled", v.Type())
	default:
		text = fmt.Sprint(x)
	}
	return writeEscaped(w, text)
}
