package gocode

import (
	"strings"

	"airline/asl/intrinsic"
	"airline/asl/jsonvalue"
)

// signature is a typed function of package asl for an intrinsic one: the Go types
// of its arguments and of its result. operand takes anything, "..." repeats
// the last one.
type signature struct {
	name   string
	args   []string
	result string
	// typed is the type argument, for generic functions that cannot infer it.
	typed bool
}

var signatures = map[string][]signature{
	"States.JsonToString":   {{"JSONToString", []string{operand}, "string", false}},
	"States.StringToJson":   {{"StringToJSON", []string{"string"}, "any", true}},
	"States.Array":          {{"Array", []string{"any", "..."}, "[]any", true}},
	"States.ArrayPartition": {{"ArrayPartition", []string{"[]any", "int"}, "[][]any", true}},
	"States.ArrayContains":  {{"ArrayContains", []string{"[]any", "any"}, "bool", true}},
	"States.ArrayRange":     {{"ArrayRange", []string{"int", "int", "int"}, "[]int", false}},
	"States.ArrayGetItem":   {{"ArrayGetItem", []string{"[]any", "int"}, "any", true}},
	"States.ArrayLength":    {{"ArrayLength", []string{"[]any"}, "int", true}},
	"States.ArrayUnique":    {{"ArrayUnique", []string{"[]any"}, "[]any", true}},
	"States.Base64Encode":   {{"Base64Encode", []string{"string"}, "string", false}},
	"States.Base64Decode":   {{"Base64Decode", []string{"string"}, "string", false}},
	"States.MathRandom": {{"MathRandom", []string{"int", "int"}, "int", false},
		{"MathRandomSeeded", []string{"int", "int", "int"}, "int", false}},
	"States.MathAdd":     {{"MathAdd", []string{"int", "int"}, "int", false}},
	"States.StringSplit": {{"StringSplit", []string{"string", "string"}, "[]string", false}},
	"States.UUID":        {{"UUID", nil, "string", false}},
	"States.Format":      {{"Format", []string{"template", operand, "..."}, "string", false}},
	"States.Hash":        {{"Hash", []string{operand, "algorithm"}, "string", false}},
	"States.JsonMerge":   {{"JSONMerge", []string{operand, operand, "false"}, "any", true}},
}

// intrinsic is a call of an intrinsic function as an operand of the Go type; ok
// is false when package asl would not print the call in the same way.
func (g *generator) intrinsic(text, typ string) (string, bool) {
	e, err := intrinsic.Parse(text)
	if err != nil {
		return "", false
	}
	printed, ok := spell(e.Root())
	if !ok || printed != text {
		return "", false
	}
	return g.call(e.Root(), typ)
}

func (g *generator) call(c *intrinsic.Call, typ string) (string, bool) {
	for _, s := range signatures[c.Name] {
		args, ok := g.callArguments(c, s)
		if !ok {
			continue
		}
		call := "asl." + s.name
		if s.typed {
			call += "[any]"
		}
		call += "(" + strings.Join(args, ", ") + ")"
		if typ != s.result && typ != operand {
			return "asl.As[" + g.typ(typ) + "](" + call + ")", true
		}
		return call, true
	}
	return "", false
}

func (g *generator) callArguments(c *intrinsic.Call, s signature) (args []string, ok bool) {
	last := len(s.args)
	repeats := last > 0 && s.args[last-1] == "..."
	if repeats {
		last--
	}
	if len(c.Args) < last-1 || len(c.Args) > last && !repeats || !repeats && len(c.Args) != last {
		return nil, false
	}
	for i, a := range c.Args {
		typ := s.args[min(i, last-1)]
		literal, isLiteral := a.(intrinsic.Literal)
		switch typ {
		case "false":
			if !isLiteral || literal.Value != false {
				return nil, false
			}
			continue
		case "template":
			text, ok := literal.Value.(string)
			if !ok {
				return nil, false
			}
			args = append(args, quote(text))
			continue
		case "algorithm":
			name, known := map[any]string{"MD5": "MD5", "SHA-1": "SHA1", "SHA-256": "SHA256", "SHA-384": "SHA384", "SHA-512": "SHA512"}[literal.Value]
			if !isLiteral || !known {
				return nil, false
			}
			args = append(args, "asl."+name)
			continue
		}
		arg, ok := g.argument(a, typ)
		if !ok {
			return nil, false
		}
		args = append(args, arg)
	}
	return args, true
}

func (g *generator) argument(a intrinsic.Arg, typ string) (string, bool) {
	switch a := a.(type) {
	case *intrinsic.Call:
		return g.call(a, typ)
	case intrinsic.PathArg:
		return g.path(a.Path.String(), typ), true
	case intrinsic.Literal:
		switch v := a.Value.(type) {
		case string:
			switch typ {
			case operand, "string":
				return "asl.Text(" + quote(v) + ")", true
			case "any":
				return "asl.JSON(" + quote(v) + ")", true
			}
			return "", false
		case nil, bool:
			if typ == operand || typ == "any" {
				return "asl.JSON(" + g.file.literal(v) + ")", true
			}
			return "", false
		}
		if typ == operand || typ == "any" {
			return "asl.JSON(" + g.file.number(a.Value) + ")", true
		}
		return g.typedLiteral(a.Value, typ, "")
	}
	return "", false
}

// spell prints a call as package asl does.
func spell(c *intrinsic.Call) (string, bool) {
	parts := make([]string, len(c.Args))
	for i, a := range c.Args {
		switch a := a.(type) {
		case *intrinsic.Call:
			text, ok := spell(a)
			if !ok {
				return "", false
			}
			parts[i] = text
		case intrinsic.PathArg:
			parts[i] = a.Path.String()
		case intrinsic.Literal:
			text, isText := a.Value.(string)
			switch {
			case !isText:
				parts[i] = jsonvalue.String(a.Value)
			case c.Name == "States.Format" && i == 0:
				parts[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
			default:
				parts[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, `{`, `\{`, `}`, `\}`).Replace(text) + "'"
			}
		}
	}
	return c.Name + "(" + strings.Join(parts, ", ") + ")", true
}
