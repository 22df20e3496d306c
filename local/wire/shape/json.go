package shape

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// maxDepth bounds how deep a request may nest.
const maxDepth = 128

// ParseJSON reads the tree of a JSON text, which must be one object. An empty text is an object without members.
func ParseJSON(text []byte) (any, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return jsonvalue.NewObject(0), nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parseJSON(d, 0)
	if err != nil {
		return nil, &Error{Reason: "is not JSON: " + err.Error()}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &Error{Reason: "has something after its JSON object"}
	}
	if _, ok := v.(*jsonvalue.Object); !ok {
		return nil, &Error{Reason: "must be a JSON object"}
	}
	return v, nil
}

func parseJSON(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("it nests deeper than %d", maxDepth)
	}
	token, err := d.Token()
	if err == io.EOF {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			list := []any{}
			for d.More() {
				v, err := parseJSON(d, depth+1)
				if err != nil {
					return nil, err
				}
				list = append(list, v)
			}
			_, err := d.Token()
			return list, err
		}
		o := jsonvalue.NewObject(0)
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := parseJSON(d, depth+1)
			if err != nil {
				return nil, err
			}
			o.Set(name.(string), v)
		}
		_, err := d.Token()
		return o, err
	case json.Number:
		if n, err := strconv.ParseInt(t.String(), 10, 64); err == nil {
			return n, nil
		}
		return t.Float64()
	default:
		return t, nil
	}
}

// AppendJSON writes a tree as AWS JSON does: times in seconds since 1970 with milliseconds, blobs in base64.
func AppendJSON(to []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(to, "null"...)
	case *jsonvalue.Object:
		to = append(to, '{')
		for i := range v.Len() {
			if i > 0 {
				to = append(to, ',')
			}
			name, value := v.At(i)
			to = appendText(to, name)
			to = append(to, ':')
			to = AppendJSON(to, value)
		}
		return append(to, '}')
	case []any:
		to = append(to, '[')
		for i, e := range v {
			if i > 0 {
				to = append(to, ',')
			}
			to = AppendJSON(to, e)
		}
		return append(to, ']')
	case string:
		return appendText(to, v)
	case bool:
		return strconv.AppendBool(to, v)
	case int64:
		return strconv.AppendInt(to, v, 10)
	case float64:
		switch {
		case math.IsNaN(v):
			return append(to, `"NaN"`...)
		case math.IsInf(v, 0):
			return append(to, map[bool]string{true: `"Infinity"`, false: `"-Infinity"`}[v > 0]...)
		}
		return strconv.AppendFloat(to, v, 'g', -1, 64)
	case time.Time:
		return AppendSeconds(to, v)
	case []byte:
		return appendText(to, base64.StdEncoding.EncodeToString(v))
	}
	panic(fmt.Sprintf("shape: a tree holds no %T", v))
}

// Plain reports whether a text is of printable ASCII characters other than some, so that a protocol writes it as it is.
func Plain(s, special string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || strings.IndexByte(special, c) >= 0 {
			return false
		}
	}
	return true
}

// AppendSeconds writes a moment as seconds since 1970, with as many of the three digits of a millisecond as it needs.
func AppendSeconds(to []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms%1000 == 0 {
		return strconv.AppendInt(to, ms/1000, 10)
	}
	return strconv.AppendFloat(to, float64(ms)/1000, 'f', 3, 64)
}

func appendText(to []byte, s string) []byte {
	if Plain(s, `"\\`) {
		return append(append(append(to, '"'), s...), '"')
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	// A string is always encoded.
	_ = e.Encode(s)
	return append(to, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
