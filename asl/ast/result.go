package ast

import (
	"maps"
	"slices"
	"strings"

	"airline/asl/internal/catalog"
)

// A Result is what is known of a task's result before it runs: the members that it may have, each with those of its own. A nil
// Result is any value.
type Result map[string]Result

// Suggest is a fix for the name of a member that the result does not have.
func (r Result) Suggest(name string) string {
	return suggest(name, slices.Sorted(maps.Keys(r)))
}

// ValidateWith is Validate that knows the results of tasks: result gives that of a resource, nil for one that is not known. Paths
// into a result that it cannot have are warned of.
func (d *Definition) ValidateWith(result func(resource string) Result) Diagnostics {
	v := newValidator(d)
	v.results = result
	v.definition(d, "", JSONPath)
	v.size(d)
	v.dataflow(d)
	return v.sorted(d)
}

// shape is the result as the analysis of the data has it.
func (r Result) shape(from origin) *shape {
	if r == nil {
		return anything
	}
	fields := make(map[string]slot, len(r)+2)
	for name, inner := range r {
		fields[name] = slot{inner.shape(from), true}
	}
	return object(from, fields)
}

// knownOutput is the shape of a result that ValidateWith was told.
func knownOutput(resource string, r Result) *shape {
	if r == nil {
		return anything
	}
	told := Result{"SdkHttpMetadata": nil, "SdkResponseMetadata": nil}
	maps.Copy(told, r)
	_, name, _ := strings.Cut(resource, ":::")
	return told.shape(origin{"output of " + name, ""})
}

// outputOf is the shape of the result of a task.
func outputOf(resource string) *shape {
	names, ok := catalog.Outputs[strings.TrimPrefix(resource, "arn:aws:states:::")]
	if !ok || !strings.HasPrefix(resource, "arn:aws:states:::") {
		return anything
	}
	fields := map[string]slot{"SdkHttpMetadata": {anything, true}, "SdkResponseMetadata": {anything, true}}
	for _, n := range names {
		fields[n] = slot{anything, true}
	}
	return object(origin{"output of " + strings.TrimPrefix(resource, "arn:aws:states:::"), ""}, fields)
}
