package ast

import (
	"regexp"
	"strings"

	"airline/asl/intrinsic"
	"airline/asl/jsonata"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// path checks a JSONPath; reference asks for a reference path, which names one
// place.
func (v *validator) path(text string, pos Position, at, name string, reference bool) {
	if HasPlaceholder(text) {
		return
	}
	if err := v.parsePath(text, reference); err != nil {
		fix := "a path begins with $ (input), $$ (context) or $name (variable)"
		switch {
		case intrinsic.Is(text):
			fix = "intrinsic functions stand in payloads only; compute the value in an earlier state"
		case reference:
			fix = "a reference path names one place: $.a.b[0]"
		}
		v.error(pos, at+name, fix, "%q is no valid path: %s", text, reason(err))
		return
	}
	v.contextMember(text, pos, at+name)
}

// contextMember looks at a valid path into the context object.
func (v *validator) contextMember(text string, pos Position, at string) {
	if !strings.HasPrefix(text, "$$.") {
		return
	}
	if l, err := v.texts.path(text); err == nil {
		v.contextPath(text, contextOf(l), pos, at)
	}
}

// parsePath is the error of reading a path, or nil.
func (v *validator) parsePath(text string, reference bool) error {
	read := v.texts.path
	if reference {
		read = v.texts.referencePath
	}
	_, err := read(text)
	return err
}

// pathField checks a field that holds a path, or null. Like those below it, it
// gets the field's name apart from the state's location, so that nothing is
// joined for fields that are not there.
func (v *validator) pathField(f Field, pos Position, at, name string) {
	if text, ok := f.Text(); ok {
		v.path(text, pos, at, name, false)
	}
}

// resultPath checks where a result goes: a place in the input.
func (v *validator) resultPath(f Field, pos Position, at, name string) {
	text, ok := f.Text()
	if !ok || HasPlaceholder(text) {
		return
	}
	at += name
	p, err := v.texts.referencePath(text)
	switch {
	case err != nil:
		v.error(pos, at, "use a reference path such as $.result, or null to drop the result", "%q is no valid path: %s", text, reason(err))
	case p.Scope() != jsonpath.Input:
		v.error(pos, at, "a result goes into the input: use a path that begins with $., or Assign for a variable", "the result cannot go to %q", text)
	}
}

// computed checks the text of a "name.$" member, ErrorPath or CausePath: a path
// or a call of an intrinsic function.
func (v *validator) computed(text string, pos Position, at string) {
	switch {
	case HasPlaceholder(text):
	case intrinsic.Is(text):
		c, err := v.texts.call(text)
		if name := intrinsic.Unknown(err); name != "" {
			v.error(pos, at, suggestFunction(name), "there is no intrinsic function %s", name)
		} else if err != nil {
			v.error(pos, at, "intrinsic functions look like States.Format('{} of {}', $.a, 2)", "%q is no valid call: %s", text, reason(err))
		}
		if c.doomed != nil {
			v.warn(pos, at, "correct the arguments", "the call fails whenever it runs: %s", c.doomed)
		}
		for _, l := range c.paths {
			if l.Scope() == jsonpath.Context {
				v.contextPath(l.String(), contextOf(l), pos, at)
			}
		}
	default:
		if err := v.parsePath(text, false); err != nil {
			v.error(pos, at, "use a path that begins with $, or an intrinsic function such as States.Format(...)", "%q is neither a path nor an intrinsic function: %s", text, reason(err))
			return
		}
		v.contextMember(text, pos, at)
	}
}

// template checks a payload: what is evaluated in it, in either language.
func (v *validator) template(f Field, pos Position, at, name string, lang QueryLanguage) {
	if !f.IsSet() {
		return
	}
	v.payload(f, pos, at, name)
	at += name
	if lang == JSONata {
		v.jsonataValue(f.Value(), pos, at)
	} else {
		v.jsonPathValue(f.Value(), pos, at)
	}
}

func (v *validator) jsonPathValue(value any, pos Position, at string) {
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			reported := len(v.problems)
			v.jsonPathValue(item, pos, at)
			v.problems.Under(reported, at, "", i)
		}
	case *jsonvalue.Object:
		for name, member := range value.All() {
			reported := len(v.problems)
			if bare, evaluated := strings.CutSuffix(name, ".$"); evaluated {
				v.evaluated(value, bare, member, pos, at)
			} else if text, ok := member.(string); ok {
				v.literal(name, text, pos, at)
			} else {
				v.jsonPathValue(member, pos, at)
			}
			v.problems.Within(reported, at, name)
		}
	}
}

// evaluated checks the member bare.$ of an object.
func (v *validator) evaluated(o *jsonvalue.Object, bare string, member any, pos Position, at string) {
	if _, twice := o.Get(bare); twice {
		v.error(pos, at, "remove one of them", "the names %q and %q are the same when the payload is evaluated", bare, bare+".$")
	}
	text, ok := member.(string)
	if !ok {
		v.error(pos, at, "remove the .$ from the name, or write a path", "the value of %q must be a path or an intrinsic function, not %s", bare+".$", jsonvalue.String(member))
		return
	}
	v.computed(text, pos, at)
}

func (v *validator) jsonataValue(value any, pos Position, at string) {
	switch value := value.(type) {
	case string:
		v.expression(value, pos, at)
	case []any:
		for i, item := range value {
			reported := len(v.problems)
			v.jsonataValue(item, pos, at)
			v.problems.Under(reported, at, "", i)
		}
	case *jsonvalue.Object:
		for name, member := range value.All() {
			reported := len(v.problems)
			if strings.HasSuffix(name, ".$") {
				v.warn(pos, at, `write "`+strings.TrimSuffix(name, ".$")+`": "{% ... %}"`, "the name %q has no special meaning in JSONata", name)
			}
			v.jsonataValue(member, pos, at)
			v.problems.Within(reported, at, name)
		}
	}
}

// expression checks a text of a JSONata state, which is an expression when it
// is enclosed in {% and %}.
func (v *validator) expression(text string, pos Position, at string) {
	open, closed := strings.HasPrefix(text, "{%"), strings.HasSuffix(text, "%}")
	if !open && !closed {
		v.bare(text, pos, at)
		return
	}
	source, ok := Expression(text)
	switch {
	case !ok:
		v.error(pos, at, "an expression is written {% expression %}", "%q is half an expression", clip(text))
	case source == "":
		v.error(pos, at, "write an expression between {% and %}", "the expression is empty")
	default:
		v.jsonata(source, pos, at)
	}
}

func (v *validator) jsonata(source string, pos Position, at string) {
	// A ${Placeholder} may become a value or a name.
	var err error
	late := HasPlaceholder(source)
	for _, stand := range []string{"($states)", "x"} {
		text := source
		if late {
			text = deployed.ReplaceAllLiteralString(source, stand)
		}
		var x *jsonata.Expr
		if x, err = jsonata.CompileStepFunctions(text); err == nil {
			v.reserved(x, pos, at)
			v.arithmetic(x, pos, at)
			return
		}
		if text == source {
			break
		}
	}
	fix := "see https://docs.jsonata.org"
	if e, ok := err.(*jsonata.Error); ok && e.Fix() != "" {
		fix = e.Fix()
	}
	if advice, found := foreignOperator(source); found {
		fix = advice
	}
	if advice := functionWithoutDollar(source, err); advice != "" {
		fix = advice
	}
	if strings.HasPrefix(source, "$.") {
		fix = "a JSONPath has no meaning here; the input is $states.input"
	}
	v.error(pos, at, fix, "%q is no valid JSONata: %s", clip(source), err.Error())
}

// reserved reports members of $states that the field does not have: result is
// for Output and Assign of states that have a result, errorOutput for those of
// their catchers. Step Functions refuses such a definition.
func (v *validator) reserved(x *jsonata.Expr, pos Position, at string) {
	jsonata.Walk(x.Root(), func(n jsonata.Node) bool {
		path, ok := n.(*jsonata.Path)
		if !ok || len(path.Steps) < 2 {
			return true
		}
		variable, ok := path.Steps[0].(*jsonata.Variable)
		member, named := path.Steps[1].(*jsonata.Name)
		if !ok || !named || variable.Name != "states" || member.Value == v.atHand {
			return true
		}
		if member.Value == "context" {
			var names []string
			for _, step := range path.Steps[2:] {
				name, ok := step.(*jsonata.Name)
				if !ok {
					break
				}
				names = append(names, name.Value)
			}
			v.contextPath("$states.context."+strings.Join(names, "."), names, pos, at)
		}
		switch member.Value {
		case "result":
			v.error(pos, at, "it is for Output and Assign of a Task, Parallel or Map; what a state got is $states.input", "$states.result does not exist here")
		case "errorOutput":
			v.error(pos, at, "it is for Output and Assign of a catcher", "$states.errorOutput does not exist here")
		case "input", "context":
		default:
			known := []string{"input", "context", "result", "errorOutput"}
			v.warn(pos, at, suggest(member.Value, known)+" ($states has input, context, result and errorOutput)", "$states.%s does not exist", member.Value)
		}
		return true
	})
}

// deployed are the placeholders of deployment tools in JSONata.
var deployed = regexp.MustCompile(`\$\{[A-Za-z_][^{}"']*\}`)

// reason is what a parser's error says, in one line.
func reason(err error) string {
	switch e := err.(type) {
	case *jsonpath.SyntaxError:
		return e.Message
	case *intrinsic.SyntaxError:
		return e.Message
	}
	return err.Error()
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:57]) + "..."
	}
	return text
}
