// Package shape turns what a protocol has parsed into the SDK's inputs, and the SDK's outputs into what a protocol prints. It
// goes by the Go types of aws-sdk-go-v2 alone, so an action that a service model has needs no code of its own here.
//
//	in := reflect.New(inputType)
//	err := shape.Decode(tree, in.Elem(), shape.Lower)
//	tree := shape.Encode(out, shape.Lower) // *jsonvalue.Object, []any, string, bool, int64, float64, []byte, time.Time
//
// A tree is made of *jsonvalue.Object, []any and scalars. Times stay time.Time and blobs []byte, since each protocol writes them in
// its own way.
package shape

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// Naming gives the name on the wire of a member of a Go type. The SDK's fields are the API's members with a capital letter: the two differ
// in case only.
type Naming func(owner reflect.Type, field Field) string

// Pascal is the naming of services whose members begin with capitals: Glue, EventBridge, SQS, SNS, STS.
func Pascal(_ reflect.Type, field Field) string { return field.Name }

// Lower is the naming of services whose members begin in lower case: Step Functions, CloudWatch Logs.
func Lower(_ reflect.Type, field Field) string { return field.Lower }

// LowerIn is Pascal but for the named types, whose members begin in lower case.
func LowerIn(types ...string) Naming {
	set := map[string]bool{}
	for _, t := range types {
		set[t] = true
	}
	return func(owner reflect.Type, field Field) string {
		if set[owner.Name()] {
			return field.Lower
		}
		return field.Name
	}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// An Error is a request whose body does not have the form of the API's input.
type Error struct {
	Path, Reason string
	// Unknown is set when the member is one that the API, as it is modelled here, does not have.
	Unknown bool
}

func (e *Error) Error() string {
	if e.Path == "" {
		return "the request " + e.Reason
	}
	return fmt.Sprintf("the member %s %s", e.Path, e.Reason)
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

// field is the index of the member of that name on the wire; -1 without.
func field(t reflect.Type, naming Naming, name string) int {
	for _, f := range Fields(t) {
		if strings.EqualFold(f.Name, name) && naming(t, f) == name {
			return f.Index
		}
	}
	return -1
}

// Field is a field of an SDK type that is a member of the API's.
type Field struct {
	Index int    // in the struct
	Name  string // which begins with a capital
	Lower string // the same with its first letter in lower case
}

var fields sync.Map // struct type to its []Field

// Fields are the members of an SDK's struct type.
func Fields(t reflect.Type) []Field {
	if known, ok := fields.Load(t); ok {
		return known.([]Field)
	}
	list := []Field{}
	for i := range t.NumField() {
		if f := t.Field(i); member(f) {
			list = append(list, Field{i, f.Name, lowerFirst(f.Name)})
		}
	}
	fields.Store(t, list)
	return list
}

// member tells the API's members from the SDK's own fields.
func member(f reflect.StructField) bool {
	return f.IsExported() && f.Name != "ResultMetadata" && f.Name != "ErrorCodeOverride"
}
