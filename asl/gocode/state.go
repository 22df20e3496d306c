package gocode

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"airline/asl/ast"
)

// stateWriter writes the expression for one state.
type stateWriter struct {
	*scope
	st      *ast.State
	lang    ast.QueryLanguage
	calls   []string // methods with their arguments
	written map[string]bool
	changes []string
	// operation is the parameters' type of a typed task, "" without.
	operation string
}

// build is the expression for a state.
func (s *scope) build(st *ast.State) built {
	w := &stateWriter{scope: s, st: st, lang: st.Language(s.lang), written: map[string]bool{}}
	b := built{choice: st.Type == ast.TypeChoice}
	base := ""
	switch st.Type {
	case ast.TypeTask:
		base = w.task()
	case ast.TypePass:
		base = w.pass()
	case ast.TypeWait:
		base = w.wait()
	case ast.TypeChoice:
		base = w.choice()
	case ast.TypeParallel:
		base = w.parallel()
	case ast.TypeMap:
		base = w.mapState()
	case ast.TypeSucceed:
		base, b.wired = w.succeed(), true
	case ast.TypeFail:
		base, b.wired = w.fail(), true
	}
	w.leftovers()
	b.expr, b.changes = methods(base, w.calls), w.changes
	return b
}

// methods is a chain of method calls, on lines of their own when it is long.
func methods(base string, calls []string) string {
	line := base
	for _, c := range calls {
		line += "." + c
	}
	if len(line) < 90 && !strings.Contains(line, "\n") || len(calls) == 0 {
		return line
	}
	return base + ".\n" + strings.Join(calls, ".\n")
}

// name is the state's name as a Go literal.
func (w *stateWriter) name() string { return quote(w.st.Name) }

// does notes that a field is spelled by the expression.
func (w *stateWriter) does(fields ...string) {
	for _, f := range fields {
		w.written[f] = true
	}
}

func (w *stateWriter) call(method string, args ...string) {
	w.calls = append(w.calls, arguments(method, args))
}

func (w *stateWriter) change(statement string) { w.changes = append(w.changes, statement) }

// comment writes the comment, and the turn to JSONata.
func (w *stateWriter) comment() {
	if w.st.Comment != "" {
		w.call("Comment", quote(w.st.Comment))
	}
	w.does("Comment")
	if w.lang == ast.JSONata {
		w.call("JSONata")
	}
}

// reference writes a field that is a path with a method that takes one.
func (w *stateWriter) reference(field string, f ast.Field, method string) {
	if text, ok := f.Text(); ok && w.lang == ast.JSONPath {
		w.call(method, w.path(text, "any"))
		w.does(field)
	}
}

// payload writes a field that is a document.
func (w *stateWriter) payload(field string, f ast.Field, method string) {
	if f.IsSet() {
		w.call(method, w.document(f.Value(), w.lang))
		w.does(field)
	}
}

// resultPath writes ResultPath.
func (w *stateWriter) resultPath() {
	if w.lang != ast.JSONPath {
		return
	}
	if w.st.ResultPath.IsNull() {
		w.call("KeepInput")
		w.does("ResultPath")
	}
	w.reference("ResultPath", w.st.ResultPath, "ResultPath")
}

// dataOut writes what both languages do with a result, but for ResultSelector.
func (w *stateWriter) dataOut() {
	if w.lang == ast.JSONata {
		w.payload("Output", w.st.Output, "Output")
	} else {
		w.resultPath()
		w.reference("OutputPath", w.st.OutputPath, "OutputPath")
	}
	w.assign()
}

func (w *stateWriter) assign() {
	if list, ok := w.assignments(w.st.Assign, w.lang); ok && len(list) > 0 {
		w.call("Assign", list...)
		w.does("Assign")
	}
}

func (w *stateWriter) pass() string {
	w.comment()
	if w.lang == ast.JSONPath {
		w.reference("InputPath", w.st.InputPath, "InputPath")
		w.payload("Parameters", w.st.Parameters, "Parameters")
		if w.st.Result.IsSet() { // nothing in it is evaluated
			w.call("Result", w.file.literal(w.st.Result.Value()))
			w.does("Result")
		}
	}
	w.dataOut()
	return "asl.Pass(" + w.name() + ")"
}

func (w *stateWriter) wait() string {
	st := w.st
	base := "asl.Wait(" + w.name() + ", 0)"
	if text, ok := w.duration(st.Seconds); ok && !st.SecondsPath.IsSet() {
		base = "asl.Wait(" + w.name() + ", " + text + ")"
		w.does("Seconds")
	} else if value, ok := w.value(st.Seconds, st.SecondsPath, "int", w.lang); ok {
		base = "asl.WaitSeconds(" + w.name() + ", " + value + ")"
		w.does("Seconds", "SecondsPath")
	} else if value, ok := w.value(st.Timestamp, st.TimestampPath, "time.Time", w.lang); ok {
		base = "asl.WaitUntil(" + w.name() + ", " + value + ")"
		w.does("Timestamp", "TimestampPath")
	} else {
		w.change("s.Seconds = ast.Field{}")
	}
	if st.Comment != "" {
		w.call("Comment", quote(st.Comment))
	}
	w.does("Comment")
	if w.lang == ast.JSONata && st.Output.IsSet() {
		w.call("JSONata")
		w.payload("Output", st.Output, "Output")
	}
	w.reference("InputPath", st.InputPath, "InputPath")
	w.reference("OutputPath", st.OutputPath, "OutputPath")
	w.assign()
	return base
}

func (w *stateWriter) succeed() string {
	var spec []string
	st := w.st
	if st.Comment != "" {
		spec = append(spec, "Comment: "+quote(st.Comment))
	}
	w.does("Comment")
	path := func(field string, f ast.Field) {
		if text, ok := f.Text(); ok && w.lang == ast.JSONPath {
			spec = append(spec, field+": "+w.path(text, "any"))
			w.does(field)
		}
	}
	path("InputPath", st.InputPath)
	path("OutputPath", st.OutputPath)
	if w.lang == ast.JSONata && st.Output.IsSet() && !st.Output.IsNull() {
		spec = append(spec, "Output: "+w.document(st.Output.Value(), w.lang))
		w.does("Output")
	}
	if len(spec) == 0 {
		return "asl.Succeed(" + w.name() + ")"
	}
	return "asl.SucceedWith(" + w.name() + ", " + composite("asl.SucceedSpec", spec) + ")"
}

func (w *stateWriter) fail() string {
	var spec []string
	st := w.st
	if st.Comment != "" {
		spec = append(spec, "Comment: "+quote(st.Comment))
	}
	w.does("Comment")
	text := func(field string, f, path ast.Field) {
		if value, ok := w.value(f, path, "string", w.lang); ok {
			spec = append(spec, field+": "+value)
			w.does(field, field+"Path")
		}
	}
	text("Error", st.Error, st.ErrorPath)
	text("Cause", st.Cause, st.CausePath)
	return "asl.Fail(" + w.name() + ", " + composite("asl.FailSpec", spec) + ")"
}

func (w *stateWriter) parallel() string {
	args := []string{w.name()}
	for i, branch := range w.st.Branches {
		args = append(args, w.generator.scope(branch, w.scope.lang))
		w.inner("s.Branches["+strconv.Itoa(i)+"]", branch)
	}
	w.does("Branches")
	w.comment()
	if w.lang == ast.JSONata {
		w.payload("Arguments", w.st.Arguments, "Arguments")
	} else {
		w.reference("InputPath", w.st.InputPath, "InputPath")
		w.payload("Parameters", w.st.Parameters, "Parameters")
		w.payload("ResultSelector", w.st.ResultSelector, "ResultSelector")
	}
	w.dataOut()
	w.failures()
	return arguments("asl.Parallel", args)
}

// leftovers changes what the expression does not spell.
func (w *stateWriter) leftovers() {
	w.does("Name", "Type", "Next", "End", "Default", "Choices", "Branches", "ItemProcessor", "Iterator", "Retry", "Catch")
	neutral := slices.Contains([]ast.StateType{ast.TypeWait, ast.TypeSucceed, ast.TypeFail}, w.st.Type)
	printed := ast.QueryLanguage("")
	if w.lang != w.machine {
		printed = w.lang
	}
	if w.st.QueryLanguage == printed && (!neutral || printed == "") {
		w.does("QueryLanguage")
	} else if w.st.QueryLanguage == "" {
		w.change(`s.QueryLanguage = ""`)
	}
	v := reflect.ValueOf(w.st).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || w.written[field.Name] || v.Field(i).IsZero() {
			continue
		}
		w.change("s." + field.Name + " = " + w.model(v.Field(i)))
	}
	if w.st.Retry != nil && len(w.st.Retry) == 0 {
		w.change("s.Retry = []*ast.Retrier{}")
	}
	if w.st.Catch != nil && len(w.st.Catch) == 0 {
		w.change("s.Catch = []*ast.Catcher{}")
	}
	if names := ast.Explicit(w.st); len(names) > 0 {
		w.change(spellCall("s", names))
	}
}
