package rules

import (
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Value is what stands at a path of a resource's properties: known, absent, or not known before the resource is made.
type Value struct {
	path    string
	inner   property.Value
	unknown bool
	secret  bool
}

// valueOf reads a Pulumi value. Null is absent.
func valueOf(path string, v property.Value, secret bool) Value {
	return Value{path: path, inner: v, unknown: v.IsComputed(), secret: secret || v.Secret()}
}

// Unknown tells that only AWS will know the value.
func (v Value) Unknown() bool { return v.unknown }

// Absent tells that nothing is set.
func (v Value) Absent() bool { return !v.unknown && v.inner.IsNull() }

// Known tells that there is a value to judge. Parts of a list or an object may still be unknown.
func (v Value) Known() bool { return !v.unknown && !v.inner.IsNull() }

// Partly tells that the value or something in it is unknown.
func (v Value) Partly() bool { return v.unknown || v.inner.HasComputed() }

// Text is the value as a text: a string, or the content of a text asset; "" for everything else.
func (v Value) Text() string {
	switch {
	case v.unknown:
		return ""
	case v.inner.IsString():
		return v.inner.AsString()
	case v.inner.IsAsset():
		return v.inner.AsAsset().Text
	}
	return ""
}

// Number is the value as a number. Texts that are numbers count: some properties of the provider are texts.
func (v Value) Number() (float64, bool) {
	switch {
	case v.unknown:
		return 0, false
	case v.inner.IsNumber():
		return v.inner.AsNumber(), true
	case v.inner.IsString():
		n, err := strconv.ParseFloat(v.inner.AsString(), 64)
		return n, err == nil
	}
	return 0, false
}

// Is tells whether the value is the given boolean, or its text.
func (v Value) Is(want bool) bool {
	switch {
	case v.unknown:
		return false
	case v.inner.IsBool():
		return v.inner.AsBool() == want
	case v.inner.IsString():
		return strings.EqualFold(v.inner.AsString(), strconv.FormatBool(want))
	}
	return false
}

// Items are the elements of a list; none when the value is no list.
func (v Value) Items() []Value {
	if v.unknown || !v.inner.IsArray() {
		return nil
	}
	var out []Value
	for i, e := range v.inner.AsArray().All {
		out = append(out, valueOf(v.path+"["+strconv.Itoa(i)+"]", e, v.secret))
	}
	return out
}

// Field is a member of an object, absent when there is none. A field of something unknown is unknown.
func (v Value) Field(name string) Value {
	path := name
	if v.path != "" {
		path = v.path + "." + name
	}
	if v.unknown {
		return Value{path: path, unknown: true, secret: v.secret}
	}
	if !v.inner.IsMap() {
		return Value{path: path, secret: v.secret}
	}
	return valueOf(path, v.inner.AsMap().Get(name), v.secret)
}

// Fields are the members of an object in the order of their names.
func (v Value) Fields() (names []string, fields []Value) {
	if v.unknown || !v.inner.IsMap() {
		return nil, nil
	}
	for name := range v.inner.AsMap().AllStable {
		names = append(names, name)
		fields = append(fields, v.Field(name))
	}
	return names, fields
}

// At follows a path such as "rule.objectOwnership" or "rules[0].id".
func (v Value) At(path string) Value {
	for path != "" {
		end := strings.IndexAny(path, ".[")
		switch {
		case end == 0 && path[0] == '[':
			stop := strings.IndexByte(path, ']')
			i, err := strconv.Atoi(path[1:stop])
			items := v.Items()
			switch {
			case v.unknown:
				v = Value{path: v.path + path[:stop+1], unknown: true, secret: v.secret}
			case err == nil && i < len(items):
				v = items[i]
			default:
				v = Value{path: v.path + path[:stop+1], secret: v.secret}
			}
			path = strings.TrimPrefix(path[stop+1:], ".")
		case end < 0:
			return v.Field(path)
		default:
			v = v.Field(path[:end])
			path = strings.TrimPrefix(path[end:], ".")
		}
	}
	return v
}

// Shown is the value for a message. A secret is not shown, nor is what holds one.
func (v Value) Shown() string {
	switch {
	case v.secret || v.inner.HasSecrets():
		return "[secret]"
	case v.unknown:
		return "not known yet"
	case v.inner.IsNull():
		return "absent"
	case v.inner.IsBool():
		return strconv.FormatBool(v.inner.AsBool())
	case v.inner.IsNumber():
		return strconv.FormatFloat(v.inner.AsNumber(), 'f', -1, 64)
	case v.inner.IsString():
		return strconv.Quote(shortened(v.inner.AsString()))
	case v.inner.IsArray():
		return "a list of " + strconv.Itoa(v.inner.AsArray().Len())
	}
	return "an object"
}

// maxShown bounds what of a text is shown, in bytes.
const maxShown = 120

func shortened(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "..."
}
