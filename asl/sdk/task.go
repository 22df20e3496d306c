package sdk

import (
	"fmt"
	"reflect"
	"strings"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/internal/flaw"
	"airline/asl/jsonvalue"
	"airline/problem"
)

// Task calls the operation whose input the SDK calls In, once, and goes on with its output. Fields of in that are zero are
// left out, as the SDK does not tell them from absent ones: Set writes a zero.
func Task[In, Out any](name string, in In, set ...Setting[In]) asl.Task[In, Output[Out]] {
	resource, parameters := call(reflect.ValueOf(in), reflect.TypeFor[Out](), "", settings(set))
	return asl.NewTask[In, Output[Out]](name, resource, parameters)
}

// WaitForTaskToken calls the operation, which hands on asl.Context.Task.Token, and waits until somebody answers with the
// token; the answer is a Reply.
func WaitForTaskToken[In, Reply any](name string, in In, set ...Setting[In]) asl.Task[In, Reply] {
	resource, parameters := call(reflect.ValueOf(in), nil, ".waitForTaskToken", settings(set))
	return asl.NewTask[In, Reply](name, resource, parameters)
}

// Error is the error that the SDK has the type E for, of the operation of In.
func Error[In, E any]() asl.Err[In] {
	name := reflect.TypeFor[E]().Name()
	_, operation, problem := operationOf(reflect.TypeFor[In]())
	if problem != "" {
		return asl.Err[In](flaw.Name(problem))
	}
	spelled := operation.ErrorName(name)
	if spelled == "" {
		return asl.Err[In](flaw.Name(fmt.Sprintf("%s does not raise %s; it raises %s", operation.Name, name, strings.Join(operation.Errors, ", "))))
	}
	return asl.Err[In](spelled)
}

// Setting gives a field of the input a value from the data.
type Setting[In any] struct{ s setting }

type setting struct {
	path    []string
	problem string
	value   asl.Operand
}

func settings[In any](list []Setting[In]) []setting {
	out := make([]setting, len(list))
	for i, s := range list {
		out[i] = s.s
	}
	return out
}

// Set gives the field that the selector points to a value: a path, a variable, an expression, or a literal.
func Set[In, T any](field func(*In) *T, value asl.Value[T]) Setting[In] {
	path, problem := locate(field)
	return Setting[In]{setting{path, problem, value}}
}

// SetTo is Set with a value of another type, where Step Functions writes a field otherwise than Go: a document for a text,
// a text for a timestamp, a value that is known as any.
func SetTo[In, T any](field func(*In) *T, value asl.Operand) Setting[In] {
	path, problem := locate(field)
	return Setting[In]{setting{path, problem, value}}
}

// call is the resource and the parameters of a call, or the flaws in it.
func call(in reflect.Value, out reflect.Type, pattern string, set []setting) (resource string, parameters any) {
	service, operation, problem := operationOf(in.Type())
	if problem != "" {
		return "arn:aws:states:::aws-sdk:unknown:unknown", asl.Object{"In": flaw.Value{What: problem, Fix: "give the SDK's struct of an operation's input"}}
	}
	resource = asl.SDK(service, strings.ToLower(operation.Name[:1])+operation.Name[1:]) + pattern
	if want := strings.TrimSuffix(in.Type().Name(), "Input") + "Output"; out != nil && (out.Name() != want || out.PkgPath() != in.Type().PkgPath()) {
		return resource, asl.Object{"Out": flaw.Value{What: fmt.Sprintf("%s answers with %s, not with %v", operation.Name, want, out), Fix: "give it as Out"}}
	}
	w := writer{}
	document, ok := w.structure(in)
	if !ok {
		document = jsonvalue.NewObject(0)
	}
	for _, s := range set {
		if s.problem != "" {
			w.flaws = append(w.flaws, s.problem)
			continue
		}
		put(document, s.path, s.value)
	}
	w.flaws = append(w.flaws, checked(resource, document)...)
	for i, what := range w.flaws {
		document.Set(fmt.Sprintf("Problem%d", i+1), flaw.Value{What: what})
	}
	return resource, document
}

// operationOf is the operation that has a type for its input: athena.StartQueryExecutionInput is of athena's
// StartQueryExecution.
func operationOf(in reflect.Type) (service string, operation *awsapi.Operation, problem string) {
	_, module, ok := strings.Cut(in.PkgPath(), "/aws-sdk-go-v2/service/")
	name, isInput := strings.CutSuffix(in.Name(), "Input")
	if !ok || !isInput {
		return "", nil, fmt.Sprintf("%v is not the input of an operation of the AWS SDK for Go v2", in)
	}
	known, service, ok := awsapi.Named(module)
	if !ok {
		return "", nil, fmt.Sprintf("Step Functions knows no service %q", module)
	}
	if operation = known.Operations[strings.ToLower(name[:1])+name[1:]]; operation == nil {
		return "", nil, fmt.Sprintf("Step Functions knows no operation %s of %s", name, service)
	}
	return service, operation, ""
}

// put places a value into a document.
func put(o *jsonvalue.Object, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		inner, _ := o.Get(name)
		next, ok := inner.(*jsonvalue.Object)
		if !ok {
			next = jsonvalue.NewObject(1)
			o.Set(name, next)
		}
		o = next
	}
	o.Set(path[len(path)-1], value)
}

// checked is what AWS's API does not take.
func checked(resource string, document *jsonvalue.Object) []string {
	task := &ast.State{Name: "Call", Type: ast.TypeTask, Resource: resource, End: true, Arguments: ast.NewField(unknowns(document))}
	var flaws []string
	for _, p := range awsapi.Check(&ast.Definition{QueryLanguage: ast.JSONata, StartAt: "Call", States: []*ast.State{task}}, awsapi.Options{}) {
		if p.Severity == ast.SeverityError {
			flaws = append(flaws, problem.Problem{What: p.What, Fix: p.Fix}.String())
		}
	}
	return flaws
}

// unknowns is the document with an expression in the place of every operand, which is known only when the machine runs.
func unknowns(v any) any {
	switch v := v.(type) {
	case *jsonvalue.Object:
		o := jsonvalue.NewObject(v.Len())
		for name, member := range v.All() {
			o.Set(name, unknowns(member))
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = unknowns(item)
		}
		return list
	case asl.Operand:
		return "{% $states.input %}"
	}
	return v
}
