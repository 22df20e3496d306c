package gocode

import (
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// document is a payload as a Go expression: objects with operands as members.
func (g *generator) document(v any, lang ast.QueryLanguage) string {
	switch v := v.(type) {
	case string:
		return g.text(v, lang)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = g.document(item, lang)
		}
		return composite("[]any", parts)
	case *jsonvalue.Object:
		parts := make([]string, 0, v.Len())
		for k, m := range v.All() {
			name, value := g.member(v, k, m, lang)
			parts = append(parts, quote(name)+": "+value)
		}
		return composite("asl.Object", parts)
	}
	return g.file.literal(v)
}

// member is the name and the value of an object's member as they are given to
// the builders: "key.$": "$.key" is "key": asl.RawPath[any]("$.key").
func (g *generator) member(o *jsonvalue.Object, name string, v any, lang ast.QueryLanguage) (string, string) {
	if base, text, ok := dynamic(name, v, lang); ok {
		if _, both := o.Get(base); !both {
			return base, g.expression(text, operand)
		}
	}
	return name, g.document(v, lang)
}

// dynamic tells whether a member of a JSONPath payload is evaluated; base is its
// name without ".$".
func dynamic(name string, v any, lang ast.QueryLanguage) (base, text string, ok bool) {
	base, ok = strings.CutSuffix(name, ".$")
	if !ok || lang != ast.JSONPath {
		return name, "", false
	}
	text, ok = v.(string)
	return base, text, ok && (strings.HasPrefix(text, "$") || strings.HasPrefix(text, "States."))
}

// text is a string of a payload.
func (g *generator) text(s string, lang ast.QueryLanguage) string {
	if source, ok := jsonataSource(s); ok && lang == ast.JSONata {
		return "asl.Q[any](" + quote(source) + ")"
	}
	if name, ok := late(s); ok {
		return "asl.Late(" + quote(name) + ")"
	}
	return quote(s)
}

// jsonataSource is the source of an expression that asl.Q spells in the same way.
func jsonataSource(s string) (string, bool) {
	source, ok := ast.Expression(s)
	return source, ok && s == "{% "+source+" %}"
}

// late is the name of a text that is one ${Placeholder}.
func late(s string) (string, bool) {
	name, ok := strings.CutPrefix(s, "${")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, "}")
	return name, ok && name != "" && !strings.ContainsAny(name, "${} \t\n\r\\\"")
}

// operand stands for the type of a place where any operand fits.
const operand = "operand"

// expression is a path or intrinsic call of JSONPath as an operand that gives a
// value of the Go type.
func (g *generator) expression(text, typ string) string {
	if strings.HasPrefix(text, "States.") {
		if call, ok := g.intrinsic(text, typ); ok {
			return call
		}
	}
	return g.path(text, typ)
}

// contextPaths are the members of asl.Context with their types.
var contextPaths = map[string][2]string{
	"$$.Execution.Id":        {"asl.Context.Execution.ID", "string"},
	"$$.Execution.Input":     {"asl.Context.Execution.Input", "any"},
	"$$.Execution.Name":      {"asl.Context.Execution.Name", "string"},
	"$$.Execution.RoleArn":   {"asl.Context.Execution.RoleARN", "string"},
	"$$.Execution.StartTime": {"asl.Context.Execution.StartTime", "time.Time"},
	"$$.State.EnteredTime":   {"asl.Context.State.EnteredTime", "time.Time"},
	"$$.State.Name":          {"asl.Context.State.Name", "string"},
	"$$.State.RetryCount":    {"asl.Context.State.RetryCount", "int"},
	"$$.StateMachine.Id":     {"asl.Context.StateMachine.ID", "string"},
	"$$.StateMachine.Name":   {"asl.Context.StateMachine.Name", "string"},
	"$$.Task.Token":          {"asl.Context.Task.Token", "string"},
	"$$.Map.Item.Index":      {"asl.Context.Map.Item.Index", "int"},
	"$$.Map.Item.Value":      {"asl.Context.Map.Item.Value", "any"},
}

// path is a JSONPath as a reference to a value of the Go type.
func (g *generator) path(text, typ string) string {
	if known, ok := contextPaths[text]; ok && (typ == known[1] || typ == operand) {
		return known[0]
	}
	if typ == operand {
		typ = "any"
	}
	if name, ok := strings.CutPrefix(text, "$"); ok && isVariable(name) {
		return "asl.Var[" + g.typ(typ) + "](" + quote(name) + ")"
	}
	return "asl.RawPath[" + g.typ(typ) + "](" + quote(text) + ")"
}

// typ is the name of a Go type, whose package is imported.
func (g *generator) typ(name string) string {
	if strings.Contains(name, "time.") {
		g.imports["time"] = true
	}
	return name
}

func isVariable(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// value is a field that is a literal, or an expression of the state's language,
// as a Value of the Go type. ok is false when it is neither.
func (g *generator) value(f ast.Field, path ast.Field, typ string, lang ast.QueryLanguage) (string, bool) {
	if text, ok := path.Text(); ok && !f.IsSet() && lang == ast.JSONPath {
		return g.expression(text, typ), true
	}
	if path.IsSet() || !f.IsSet() {
		return "", false
	}
	return g.typedLiteral(f.Value(), typ, lang)
}

// typedLiteral is a literal or a JSONata expression as a Value of the Go type.
func (g *generator) typedLiteral(v any, typ string, lang ast.QueryLanguage) (string, bool) {
	if s, ok := v.(string); ok {
		if source, ok := jsonataSource(s); ok && lang == ast.JSONata {
			return "asl.Q[" + g.typ(typ) + "](" + quote(source) + ")", true
		}
		if _, expression := ast.Expression(s); expression && lang == ast.JSONata && typ != "string" && typ != "any" {
			return "", false
		}
		text := "asl.Text(" + quote(s) + ")"
		if name, ok := late(s); ok {
			text = "asl.Late(" + quote(name) + ")"
		}
		switch {
		case typ == "string":
			return text, true
		case typ == "any", typ == "time.Time", ast.HasPlaceholder(s):
			return "asl.As[" + g.typ(typ) + "](" + text + ")", true
		}
		return "", false
	}
	switch typ {
	case "bool":
		if b, ok := v.(bool); ok {
			return "asl.Bool(" + g.file.literal(b) + ")", true
		}
	case "int":
		if n, ok := ast.NewField(v).Int(); ok {
			return "asl.Int(" + g.file.literal(float64(n)) + ")", true
		}
	case "float64":
		if _, ok := ast.NewField(v).Number(); ok {
			return "asl.Num(" + g.file.number(v) + ")", true
		}
	case "any":
		return "asl.JSON(" + g.document(v, lang) + ")", true
	}
	return "", false
}
