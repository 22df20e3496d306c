package awsapi

import (
	"fmt"
	"strings"

	"airline/asl/ast"
	"airline/asl/internal/catalog"
	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

// maxResultDepth bounds how deep the members of a result are known: structures may hold themselves.
const maxResultDepth = 4

// Result is what is known of the result of an SDK integration, for [ast.Definition.ValidateWith]; nil for another resource, one
// that the index does not have, and one whose result comes with the token.
func Result(resource string) ast.Result {
	parts := catalog.SplitARN(resource, 7)
	if len(parts) < 7 || parts[2] != "states" || parts[5] != "aws-sdk" || strings.Contains(parts[6], ".") {
		return nil
	}
	name, action, _ := strings.Cut(parts[6], ":")
	service, ok := Find(name)
	if !ok || service.Operations[action] == nil {
		return nil
	}
	out := service.Operations[action].Output()
	if out == nil {
		return ast.Result{}
	}
	return resultOf(out, maxResultDepth)
}

func resultOf(shape *Shape, depth int) ast.Result {
	if shape.Kind != Structure || len(shape.members) == 0 || depth == 0 {
		return nil
	}
	r := ast.Result{}
	for _, m := range shape.Members() {
		member, _ := shape.Member(m)
		inner := resultOf(member, depth-1)
		r[Spell(m)] = inner
		if m[:1] == strings.ToUpper(m[:1]) { // some acronyms are written as the API has them
			r[m] = inner
		}
	}
	return r
}

// results warns of members of $states.result that the task's result does not have, in its Output and Assign.
func (c *checker) results(s *ast.State, at string) {
	if c.lang != ast.JSONata {
		return
	}
	result := Result(s.Resource)
	if result == nil {
		return
	}
	for name, f := range map[string]ast.Field{"/Output": s.Output, "/Assign": s.Assign} {
		c.resultTexts(f.Value(), at+name, result)
	}
}

func (c *checker) resultTexts(v any, at string, result ast.Result) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			c.resultTexts(item, fmt.Sprintf("%s/%d", at, i), result)
		}
	case *jsonvalue.Object:
		for name, member := range v.All() {
			c.resultTexts(member, ast.Pointer(at, name), result)
		}
	case string:
		source, ok := ast.Expression(v)
		if !ok || ast.HasPlaceholder(source) {
			return
		}
		x, err := jsonata.CompileStepFunctions(source)
		if err != nil {
			return // ast says so
		}
		jsonata.Walk(x.Root(), func(n jsonata.Node) bool {
			if path, ok := n.(*jsonata.Path); ok {
				c.resultPath(path, at, result)
			}
			return true
		})
	}
}

// resultPath looks at one path, as far as it goes through names: $states.result.JobRun.JobRunState.
func (c *checker) resultPath(path *jsonata.Path, at string, result ast.Result) {
	if len(path.Steps) < 3 {
		return
	}
	variable, _ := path.Steps[0].(*jsonata.Variable)
	root, _ := path.Steps[1].(*jsonata.Name)
	if variable == nil || variable.Name != "states" || root == nil || root.Value != "result" {
		return
	}
	written := "$states.result"
	for i, step := range path.Steps[2:] {
		name, ok := step.(*jsonata.Name)
		if !ok || result == nil {
			return
		}
		written += "." + name.Value
		inner, known := result[name.Value]
		if !known && (i > 0 || !strings.HasPrefix(name.Value, "Sdk")) {
			c.report(ast.SeverityWarning, at, result.Suggest(name.Value), "%s never exists here: the result has no member %q", written, name.Value)
			return
		}
		result = inner
	}
}
