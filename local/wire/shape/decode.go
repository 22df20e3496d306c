package shape

import (
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// Decode fills a value of an SDK type from a tree. The error is an *Error.
func Decode(tree any, into reflect.Value, naming Naming) error {
	return decoder{naming}.value("", tree, into)
}

type decoder struct{ naming Naming }

func wrong(path, format string, args ...any) error {
	return &Error{Path: path, Reason: fmt.Sprintf(format, args...)}
}

func (d decoder) value(path string, v any, into reflect.Value) error {
	if v == nil {
		return nil
	}
	switch t := into.Type(); {
	case t == timeType:
		moment, err := timeOf(v)
		if err != nil {
			return wrong(path, "%v", err)
		}
		into.Set(reflect.ValueOf(moment))
		return nil
	case t == bytesType:
		blob, err := blobOf(v)
		if err != nil {
			return wrong(path, "%v", err)
		}
		into.SetBytes(blob)
		return nil
	case t == reflect.TypeFor[io.Reader]():
		blob, err := blobOf(v)
		if err != nil {
			return wrong(path, "%v", err)
		}
		into.Set(reflect.ValueOf(strings.NewReader(string(blob))))
		return nil
	case t.Kind() == reflect.Pointer:
		into.Set(reflect.New(t.Elem()))
		return d.value(path, v, into.Elem())
	case t.Kind() == reflect.Struct:
		return d.object(path, v, into)
	case t.Kind() == reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			return wrong(path, "must be a list")
		}
		into.Set(reflect.MakeSlice(t, len(list), len(list)))
		for i, e := range list {
			if err := d.value(fmt.Sprintf("%s[%d]", path, i), e, into.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case t.Kind() == reflect.Map:
		o, ok := v.(*jsonvalue.Object)
		if !ok {
			return wrong(path, "must be a map")
		}
		into.Set(reflect.MakeMapWithSize(t, o.Len()))
		for name, value := range o.All() {
			e := reflect.New(t.Elem()).Elem()
			if err := d.value(join(path, name), value, e); err != nil {
				return err
			}
			into.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), e)
		}
		return nil
	default:
		return scalar(path, v, into)
	}
}

func (d decoder) object(path string, v any, into reflect.Value) error {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return wrong(path, "must be a structure")
	}
	for name, value := range o.All() {
		if value == nil || name == "__type" {
			continue
		}
		i := field(into.Type(), d.naming, name)
		if i < 0 {
			return &Error{Path: join(path, name), Reason: "is not in the API as it is modelled here", Unknown: true}
		}
		if err := d.value(join(path, name), value, into.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func scalar(path string, v any, into reflect.Value) error {
	switch into.Kind() {
	case reflect.String:
		switch s := v.(type) {
		case string:
			into.SetString(s)
		case Text:
			into.SetString(string(s))
		default:
			return wrong(path, "must be a string")
		}
	case reflect.Bool:
		switch b := v.(type) {
		case bool:
			into.SetBool(b)
		case Text:
			if b != "true" && b != "false" {
				return wrong(path, "must be true or false")
			}
			into.SetBool(b == "true")
		default:
			return wrong(path, "must be true or false")
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, ok := integer(v)
		if !ok || into.OverflowInt(n) {
			return wrong(path, "must be a whole number of %d bits", into.Type().Bits())
		}
		into.SetInt(n)
	case reflect.Float32, reflect.Float64:
		f, ok := float(v)
		if !ok {
			return wrong(path, "must be a number")
		}
		into.SetFloat(f)
	default:
		return wrong(path, "is of a kind (%s) that the local world does not model", into.Type())
	}
	return nil
}

// Text is a scalar of a protocol that writes all scalars as text.
type Text string

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case float64:
		if n != math.Trunc(n) || math.Abs(n) > 1<<63-1024 {
			return 0, false
		}
		return int64(n), true
	case Text:
		i, err := strconv.ParseInt(string(n), 10, 64)
		return i, err == nil
	}
	return 0, false
}

func float(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	case string: // JSON has no other way to write these
		switch n {
		case "NaN", "Infinity", "-Infinity":
			f, err := strconv.ParseFloat(strings.Replace(n, "Infinity", "Inf", 1), 64)
			return f, err == nil
		}
	case Text:
		f, err := strconv.ParseFloat(string(n), 64)
		return f, err == nil
	}
	return 0, false
}

// timeOf reads a moment: a time, seconds since 1970 with a fraction, or a text in ISO 8601.
func timeOf(v any) (time.Time, error) {
	switch t := v.(type) {
	case time.Time:
		return t, nil
	case int64:
		return time.Unix(t, 0).UTC(), nil
	case float64:
		if math.IsNaN(t) || math.Abs(t) > 253402300800 { // the year 10000
			return time.Time{}, fmt.Errorf("must be a time before the year 10000")
		}
		return time.UnixMilli(int64(math.Round(t * 1000))).UTC(), nil
	case Text:
		return timeOf(string(t))
	case string:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02", time.RFC1123} {
			if moment, err := time.Parse(layout, t); err == nil {
				return moment.UTC(), nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("must be a time")
}

func blobOf(v any) ([]byte, error) {
	switch b := v.(type) {
	case []byte:
		return b, nil
	case Text:
		return blobOf(string(b))
	case string:
		if data, err := base64.StdEncoding.DecodeString(b); err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("must be a blob in base64")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
