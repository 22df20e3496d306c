// Package shape turns what a protocol has parsed into the SDK's inputs, and the SDK's outputs into what a protocol prints. It
// goes by the Go types of aws-sdk-go-v2 alone, so an action that a service model has needs no code of its own here.
//
//	in := reflect.New(inputType)
//	err := shape.Decode(tree, in.Elem(), shape.Lower)
//	tree := shape.Encode(out, shape.Lower) // *Object, []any, string, bool, int64, float64, []byte, time.Time
//
// A tree is made of [*Object], []any and scalars. Times stay time.Time and blobs []byte, since each protocol writes them in
// its own way.
package shape

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// Naming gives the name on the wire of a field of a Go type. The SDK's fields are the API's members with a capital letter: the two differ
// in case only.
type Naming func(owner reflect.Type, field string) string

// Pascal is the naming of services whose members begin with capitals: Glue, EventBridge, SQS, SNS, STS.
func Pascal(_ reflect.Type, field string) string { return field }

// Lower is the naming of services whose members begin in lower case: Step Functions, CloudWatch Logs.
func Lower(_ reflect.Type, field string) string { return lowerFirst(field) }

// LowerIn is Pascal but for the named types, whose members begin in lower case.
func LowerIn(types ...string) Naming {
	set := map[string]bool{}
	for _, t := range types {
		set[t] = true
	}
	return func(owner reflect.Type, field string) string {
		if set[owner.Name()] {
			return lowerFirst(field)
		}
		return field
	}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// Object is a structure or map of a tree, in the order of its members.
type Object struct {
	Names  []string
	Values map[string]any
}

// NewObject makes an empty one.
func NewObject() *Object { return &Object{Values: map[string]any{}} }

// Set adds or replaces a member.
func (o *Object) Set(name string, value any) {
	if _, ok := o.Values[name]; !ok {
		o.Names = append(o.Names, name)
	}
	o.Values[name] = value
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
	for i, m := range membersOf(t) {
		if strings.EqualFold(m, name) && m != "" && naming(t, m) == name {
			return i
		}
	}
	return -1
}

var members sync.Map // struct type to the names of its fields

// membersOf are the names of a struct's fields, empty for those that are no members.
func membersOf(t reflect.Type) []string {
	if known, ok := members.Load(t); ok {
		return known.([]string)
	}
	names := make([]string, t.NumField())
	for i := range names {
		if f := t.Field(i); member(f) {
			names[i] = f.Name
		}
	}
	members.Store(t, names)
	return names
}

// member tells the API's members from the SDK's own fields.
func member(f reflect.StructField) bool {
	return f.IsExported() && f.Name != "ResultMetadata" && f.Name != "ErrorCodeOverride"
}
