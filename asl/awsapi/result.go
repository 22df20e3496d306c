package awsapi

import (
	"fmt"
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// CheckResult compares the mocked result of a task with what the API of its resource answers, as TestState's
// fieldValidationMode does: members that the API does not have are not judged; with strict, required ones must be there
// (STRICT), without, only those present are judged (PRESENT). Each problem is worded as the API words it. Lengths and ranges are
// not in the index, and not judged. It knows nothing of .sync and .waitForTaskToken, whose result another API gives.
func CheckResult(resource string, result any, strict bool) []string {
	_, action, ok := strings.Cut(resource, ":states:::")
	if !ok || strings.Contains(action, ".") {
		return nil
	}
	// What is unknown is the definition's problem, not the result's.
	_, operation := (&checker{root: &ast.Definition{}, state: &ast.State{}}).called(action, "")
	if operation == nil || operation.Output() == nil {
		return nil
	}
	r := resultChecker{strict: strict}
	r.value(result, operation.Output(), "")
	return r.problems
}

type resultChecker struct {
	strict   bool
	problems []string
}

func (r *resultChecker) report(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *resultChecker) value(v any, shape *Shape, name string) {
	must := func(ok bool, what string) {
		if !ok && name == "" {
			r.report("The result must be %s", what)
		} else if !ok {
			r.report("Field '%s' must be %s", name, what)
		}
	}
	switch shape.Kind {
	case Document:
	case Structure:
		o, ok := v.(*jsonvalue.Object)
		must(ok, "an object")
		if ok {
			r.structure(o, shape)
		}
	case Map:
		o, ok := v.(*jsonvalue.Object)
		must(ok, "an object")
		if ok {
			for key, member := range o.All() {
				r.value(member, shape.Item(), key)
			}
		}
	case List:
		list, ok := v.([]any)
		must(ok, "an array")
		for _, item := range list {
			r.value(item, shape.Item(), name)
		}
	case Integer, Float:
		_, ok := ast.NewField(v).Number()
		must(ok, "a number")
	case Boolean:
		_, ok := v.(bool)
		must(ok, "a boolean")
	default: // Step Functions hands timestamps and blobs on as texts
		text, ok := v.(string)
		must(ok, "a string")
		if ok && shape.Enum != nil && !slices.Contains(shape.Enum, text) {
			r.report("Field '%s' is not an expected value", name)
		}
	}
}

func (r *resultChecker) structure(o *jsonvalue.Object, shape *Shape) {
	for _, name := range shape.Members() {
		spelled := Spell(name)
		member, _ := shape.Member(name)
		v, ok := o.Get(spelled)
		if !ok {
			v, ok = o.Get(name)
			ok = ok && name[:1] == strings.ToUpper(name[:1]) // DynamoDB's SS and its like; never a small first letter
		}
		switch {
		case ok && v != nil:
			r.value(v, member, spelled)
		case r.strict && slices.Contains(shape.Required, name):
			r.report("Required field '%s' is missing", spelled)
		}
	}
}
