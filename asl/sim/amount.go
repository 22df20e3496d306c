package sim

import (
	"fmt"
	"math"

	"airline/asl/ast"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// An amount is a field that holds a number, or a path or expression that gives
// one: Seconds, TimeoutSecondsPath, MaxConcurrency.
type amount struct {
	literal float64
	path    *jsonpath.Path
	expr    *template
	field   string // "TimeoutSecondsPath"
}

// amount compiles a field and its Path twin; nil when neither is given.
func (c *compiler) amount(s *state, name string, literal, path ast.Field) *amount {
	at := s.location + "/" + name
	if path.IsSet() && !s.jsonata {
		text, ok := path.Text()
		if !ok {
			c.fail(at+"Path", "expected a path")
			return nil
		}
		return &amount{path: c.path(text, at+"Path"), field: name + "Path"}
	}
	if !literal.IsSet() {
		return nil
	}
	if source, ok := literal.Expression(); ok && s.jsonata {
		return &amount{expr: c.expressionTemplate(source, at, name), field: name}
	}
	n, ok := literal.Number()
	if !ok {
		c.fail(at, "expected a number")
		return nil
	}
	return &amount{literal: n, field: name}
}

// raw gives the value, unchecked. missing says that a path has no match.
func (a *amount) raw(th *thread, root any) (value any, f *fault, missing error) {
	switch {
	case a.path != nil:
		value, err := a.path.Resolve(th.from(root))
		return value, nil, err
	case a.expr != nil:
		value, f := a.expr.eval(th, root)
		return value, f, nil
	}
	return a.literal, nil, nil
}

// whole gives a number of seconds or items that must be an integer of at least
// low. None is given by a nil amount, which yields absent.
func (a *amount) whole(th *thread, root any, low, absent int) (int, *fault) {
	if a == nil {
		return absent, nil
	}
	value, f, missing := a.raw(th, root)
	if f != nil {
		return 0, f
	}
	if missing != nil {
		return 0, th.runtimeFault(missing.Error())
	}
	n, ok := jsonvalue.Float(value)
	if !ok && a.path != nil {
		n, ok = parseNumber(value)
	}
	if !ok || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32 {
		if a.expr != nil {
			return 0, th.typeFault(a.expr, "integer", value)
		}
		return 0, th.runtimeFault(fmt.Sprintf("The %s field refers to value \"%s\" which is not a valid integer: %s",
			a.field, plainText(value), a.path))
	}
	if n < float64(low) && a.expr != nil {
		return 0, th.evaluationFault(fmt.Sprintf(
			"The JSONata expression '%s' specified for the field '%s' must be at least %d but was: %s",
			a.expr.expr.source, a.field, low, jsonvalue.String(value)), a.field)
	}
	if n < float64(low) {
		return 0, th.runtimeFault(fmt.Sprintf("The %s field refers to value \"%s\", which is less than %d", a.field, plainText(value), low))
	}
	return int(n), nil
}

// amountFault is a value out of the range of its field: of an expression, a
// failed evaluation.
func (th *thread) amountFault(a *amount, what string) *fault {
	if a.expr != nil {
		return th.evaluationFault(what, a.field)
	}
	return th.runtimeFault(what)
}

// parseNumber reads a number that stands in a string, as AWS does where a path
// leads to one.
func parseNumber(value any) (float64, bool) {
	s, ok := value.(string)
	if !ok {
		return 0, false
	}
	decoded, err := jsonvalue.Decode([]byte(s))
	if err != nil {
		return 0, false
	}
	return jsonvalue.Float(decoded)
}

// plainText is a value as AWS quotes it in a cause: a string without quotes.
func plainText(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	return jsonvalue.String(value)
}
