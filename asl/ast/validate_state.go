package ast

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"airline/asl/intrinsic"
	"airline/asl/jsonvalue"
)

func index(at string, i int) string { return at + "/" + strconv.Itoa(i) }

// state checks one state with everything in it.
func (v *validator) state(s *State, at string, enclosing QueryLanguage, g *graph) {
	lang := s.Language(enclosing)
	outer := v.inMap
	v.inMap, v.token = outer || s.Type == TypeMap, waitsForToken(s)
	defer func() { v.inMap = outer }()
	v.fields(s, at, lang, enclosing)
	v.transitions(s, at, g)

	v.pathField(s.InputPath, s.Pos, at, "/InputPath")
	v.pathField(s.OutputPath, s.Pos, at, "/OutputPath")
	v.resultPath(s.ResultPath, s.Pos, at, "/ResultPath")
	v.template(s.Parameters, s.Pos, at, "/Parameters", lang)
	v.notObject(s.Parameters, s.Pos, at, "/Parameters", lang)
	v.template(s.Arguments, s.Pos, at, "/Arguments", lang)
	v.template(s.ResultSelector, s.Pos, at, "/ResultSelector", lang)
	v.notObject(s.ResultSelector, s.Pos, at, "/ResultSelector", lang)
	if s.Type == TypeTask || s.Type == TypeParallel || s.Type == TypeMap {
		v.atHand = "result"
	}
	v.template(s.Output, s.Pos, at, "/Output", lang)
	v.assign(s.Assign, s.Pos, at, "/Assign", lang)
	v.atHand = ""
	v.payload(s.Result, s.Pos, at, "/Result")
	if lang != JSONata {
		v.fixed(s.Result.Value(), s.Pos, at+"/Result")
	}

	switch s.Type {
	case TypeTask:
		v.task(s, at, lang)
	case TypeWait:
		v.wait(s, at, lang)
	case TypeFail:
		v.fail(s, at, lang)
	case TypeChoice:
		v.choice(s, at, lang, g)
	case TypeParallel:
		if len(s.Branches) == 0 && !s.isOpen("Branches") {
			v.error(s.Pos, at+"/Branches", "give it a branch", "a Parallel state without branches does nothing")
		}
	case TypeMap:
		v.mapState(s, at, lang)
	}
	v.retry(s, at)
	v.catch(s, at, lang, g)
	for i, b := range s.Branches {
		v.definition(b, index(at+"/Branches", i), enclosing)
	}
	outside := v.inExpress
	if c := processorConfig(s); c != nil && c.Mode == "DISTRIBUTED" {
		if v.inExpress {
			v.error(c.Pos, at+"/ItemProcessor/ProcessorConfig/Mode", `use "INLINE", or set the outer Map's ExecutionType to "STANDARD"`, "an Express execution has no distributed Maps")
		}
		v.inExpress = c.ExecutionType == "EXPRESS"
	}
	scopes := v.scopes
	defer func() { v.inExpress, v.scopes = outside, scopes }()
	if s.Distributed() {
		v.scopes = nil // each item is an execution of its own
	}
	if s.ItemProcessor != nil {
		v.definition(s.ItemProcessor, at+"/ItemProcessor", enclosing)
	}
	if s.Iterator != nil {
		v.definition(s.Iterator, at+"/Iterator", enclosing)
	}
}

// transitions checks that a state leads on or ends, and where to.
func (v *validator) transitions(s *State, at string, g *graph) {
	switch s.Type {
	case TypeTask, TypePass, TypeWait, TypeParallel, TypeMap:
		switch {
		case s.Next != "" && s.End:
			v.error(s.Pos, at+"/End", "remove one of them", "the state has both Next and End")
		case s.Next == "" && !s.End && !s.isOpen("End"):
			v.error(s.Pos, at, `give it a Next or "End": true`, "the state has neither Next nor End")
		}
	}
	if s.Next != "" {
		v.target(s.Next, s.Pos, at, "/Next", g)
	}
}

// notObject warns of a payload of JSONPath that is a single value: it is handed
// on as it is, although it may look like a path.
func (v *validator) notObject(f Field, pos Position, at, name string, lang QueryLanguage) {
	if !f.IsSet() || lang == JSONata {
		return
	}
	switch value := f.Value().(type) {
	case *jsonvalue.Object, []any:
		return
	case string:
		if HasPlaceholder(value) {
			return
		}
	}
	v.warn(pos, at+name, `write {"name.$": "$.path"}; for the whole input or result leave it out, or use a Path field`, "%s is an object, and nothing in %s is evaluated", name[1:], f)
}

func (v *validator) target(name string, pos Position, at, field string, g *graph) {
	if g.index[name] == nil {
		v.error(pos, at+field, suggest(name, g.names)+" (a branch or processor leads only to its own states)", "there is no state %q here", name)
	}
}

// seconds checks a number of seconds from 1: of a timeout, a heartbeat.
func (v *validator) seconds(f Field, pos Position, at, name string, lang QueryLanguage) {
	v.number(f, pos, at, name, lang, 1, MaxSeconds, true)
}

// number checks a field that is a number in the range, or an expression.
func (v *validator) number(f Field, pos Position, at, name string, lang QueryLanguage, least, most float64, whole bool) {
	if !f.IsSet() {
		return
	}
	at += name
	if n, ok := f.Number(); ok {
		if n < least || n > most || whole && n != math.Trunc(n) {
			kind := "a number"
			if whole {
				kind = "a whole number"
			}
			v.error(pos, at, "", "%s is out of range: it must be %s from %s to %s", f, kind, plain(least), plain(most))
		}
		return
	}
	text, _ := f.Text()
	switch {
	case HasPlaceholder(text):
	case lang == JSONata:
		if _, ok := Expression(text); !ok {
			v.error(pos, at, "write a number or {% expression %}", "%s is no number", f)
			return
		}
		v.expression(text, pos, at)
	default:
		v.error(pos, at, "write a number, or use the field with the suffix Path", "%s is no number", f)
	}
}

// timestamp tells whether a text of a definition is a timestamp; with its
// seconds, as RFC 3339 asks.
func timestamp(text string) bool {
	_, ok := ParseTimestamp(text)
	return ok && len(text) >= len("2006-01-02T15:04:05Z")
}

func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// either reports fields that exclude each other.
func (v *validator) either(pos Position, at string, first string, a Field, second string, b Field) {
	if a.IsSet() && b.IsSet() {
		v.error(pos, Pointer(at, second), "remove one of them", "the state has both %s and %s", first, second)
	}
}

func (v *validator) wait(s *State, at string, lang QueryLanguage) {
	v.number(s.Seconds, s.Pos, at, "/Seconds", lang, 0, MaxSeconds, true)
	v.pathField(s.SecondsPath, s.Pos, at, "/SecondsPath")
	v.pathField(s.TimestampPath, s.Pos, at, "/TimestampPath")
	if text, ok := s.Timestamp.Text(); ok && !HasPlaceholder(text) {
		if _, dynamic := Expression(text); dynamic && lang == JSONata {
			v.expression(text, s.Pos, at+"/Timestamp")
		} else if !timestamp(text) {
			v.error(s.Pos, at+"/Timestamp", "write it as 2026-01-31T12:00:00Z (RFC 3339)", "%q is no timestamp", text)
		}
	}
	given := 0
	for _, f := range []Field{s.Seconds, s.SecondsPath, s.Timestamp, s.TimestampPath} {
		if f.IsSet() {
			given++
		}
	}
	if given != 1 {
		v.error(s.Pos, at, "give it exactly one of Seconds, SecondsPath, Timestamp and TimestampPath", "the Wait state has %d durations", given)
	}
}

func (v *validator) fail(s *State, at string, lang QueryLanguage) {
	v.either(s.Pos, at, "Error", s.Error, "ErrorPath", s.ErrorPath)
	v.either(s.Pos, at, "Cause", s.Cause, "CausePath", s.CausePath)
	v.template(s.Error, s.Pos, at, "/Error", lang)
	v.template(s.Cause, s.Pos, at, "/Cause", lang)
	v.literalText(s.Error, s.Pos, at, "/Error", lang)
	v.literalText(s.Cause, s.Pos, at, "/Cause", lang)
	v.textPath(s.ErrorPath, s.Pos, at, "/ErrorPath")
	v.textPath(s.CausePath, s.Pos, at, "/CausePath")
}

// textFunctions are the intrinsic functions that ErrorPath and CausePath take:
// those that give a text.
var textFunctions = []string{
	"States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.UUID",
}

// textPath checks ErrorPath or CausePath: a reference path or an intrinsic
// function that gives a text ("Fail workflow state", Step Functions guide).
func (v *validator) textPath(f Field, pos Position, at, name string) {
	text, ok := f.Text()
	if !ok || HasPlaceholder(text) {
		return
	}
	at += name
	if !intrinsic.Is(text) {
		v.path(text, pos, at, "", true)
		return
	}
	v.computed(text, pos, at)
	if function, _, _ := strings.Cut(text, "("); !slices.Contains(textFunctions, strings.TrimSpace(function)) {
		v.error(pos, at, "use one of "+strings.Join(textFunctions, ", "), "%s gives no text", function)
	}
}

// assign checks variables: names and values.
func (v *validator) assign(f Field, pos Position, at, member string, lang QueryLanguage) {
	if !f.IsSet() {
		return
	}
	at += member
	if text, ok := f.Text(); ok && HasPlaceholder(text) {
		return
	}
	o, ok := f.Value().(*jsonvalue.Object)
	if !ok {
		v.error(pos, at, `write {"name": value}`, "Assign is an object of variables")
		return
	}
	for name := range o.All() {
		if lang != JSONata {
			name = strings.TrimSuffix(name, ".$")
		}
		switch n := len([]rune(name)); {
		case n == 0 || n > MaxName:
			v.error(pos, Pointer(at, name), "variable names have 1 to 80 characters", "the variable's name has %d characters", n)
		case name == "states":
			v.error(pos, Pointer(at, name), "use another name", "$states is reserved")
		case v.outerVariable(name):
			v.error(pos, Pointer(at, name), "use another name: a branch or an iteration reads the variables around it and cannot set them", "a scope around this one has a variable $%s", name)
		case !identifier(name):
			v.warn(pos, Pointer(at, name), "use letters, digits and _", "$%s cannot be written in an expression", name)
		}
	}
	v.template(f, pos, at, "", lang)
}

func identifier(name string) bool {
	for i, c := range name {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c > 127
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}
