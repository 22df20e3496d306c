package gocode

import (
	"math"
	"reflect"
	"strconv"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// inner changes the fields of a branch or processor that builders do not set.
func (w *stateWriter) inner(at string, d *ast.Definition) {
	w.changes = append(w.changes, w.generator.changes(at, d, definitionChanges{})...)
}

type definitionChanges struct {
	top       bool // asl.Settings has been written
	processor bool // the ProcessorConfig has been
}

// changes are statements that set what the expression for a definition does not.
func (g *generator) changes(at string, d *ast.Definition, done definitionChanges) []string {
	var list []string
	set := func(field, value string) { list = append(list, at+"."+field+" = "+value) }
	if !done.top {
		if d.Comment != "" {
			set("Comment", quote(d.Comment))
		}
		if d.Version != "" {
			set("Version", quote(d.Version))
		}
		if d.QueryLanguage != "" {
			set("QueryLanguage", g.model(reflect.ValueOf(d.QueryLanguage)))
		}
	} else if d.QueryLanguage == ast.JSONPath {
		set("QueryLanguage", "ast.JSONPath")
	}
	if text, ok := g.duration(d.TimeoutSeconds); d.TimeoutSeconds.IsSet() && (!done.top || !ok || text == "0") {
		set("TimeoutSeconds", g.model(reflect.ValueOf(d.TimeoutSeconds)))
	}
	if d.ProcessorConfig != nil && !done.processor {
		set("ProcessorConfig", g.model(reflect.ValueOf(d.ProcessorConfig)))
	}
	if names := ast.Explicit(d); len(names) > 0 {
		list = append(list, spellCall(at, names))
	}
	return list
}

// duration is a number of seconds as a Go duration; ok is false when it is no
// number of whole seconds.
func (g *generator) duration(f ast.Field) (string, bool) {
	n, ok := f.Number()
	if !ok || n < 0 || n != math.Trunc(n) || n > float64(math.MaxInt64/time.Second) {
		return "", false
	}
	text := func(n float64, unit string) (string, bool) {
		g.imports["time"] = true
		if n == 1 {
			return "time." + unit, true
		}
		return strconv.FormatFloat(n, 'f', -1, 64) + " * time." + unit, true
	}
	switch {
	case n == 0:
		return "0", true
	case math.Mod(n, 3600) == 0:
		return text(n/3600, "Hour")
	case math.Mod(n, 60) == 0:
		return text(n/60, "Minute")
	}
	return text(n, "Second")
}

// assignments are the arguments of Assign; ok is false when the field is no
// object.
func (g *generator) assignments(f ast.Field, lang ast.QueryLanguage) (list []string, ok bool) {
	o, ok := f.Value().(*jsonvalue.Object)
	if !ok {
		return nil, false
	}
	for name, v := range o.All() {
		let := ""
		if base, text, ok := dynamic(name, v, lang); ok {
			if _, both := o.Get(base); both {
				return nil, false
			}
			let = "asl.Let(asl.Var[any](" + quote(base) + "), " + g.expression(text, "any") + ")"
		} else if value, ok := g.typedLiteral(v, "any", lang); ok {
			let = "asl.Let(asl.Var[any](" + quote(name) + "), " + value + ")"
		} else {
			return nil, false
		}
		list = append(list, let)
	}
	return list, true
}
