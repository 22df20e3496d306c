package sim

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"airline/asl/ast"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A rule is a compiled choice rule, or an operand of And, Or and Not.
type rule struct {
	next     *state
	assign   *template
	output   *template
	test     *template // JSONata's Condition
	combine  byte      // '&', '|', '!'; 0 for a comparison
	operands []*rule

	variable *jsonpath.Path
	operator ast.Operator
	compare  comparison
	operand  any            // of a comparison with a literal
	other    *jsonpath.Path // of a comparison with a path
	pattern  []string       // of StringMatches: the parts between the asterisks
}

// comparison compares the variable's value with the operand.
type comparison func(value, operand any) bool

func (c *compiler) choice(s *state, d *ast.State, find find) {
	for i, r := range d.Choices {
		at := fmt.Sprintf("%s/Choices/%d", s.location, i)
		field := fmt.Sprintf("Choices[%d]/", i)
		compiled := c.rule(s, r, at, field)
		compiled.next = find(r.Next, at+"/Next")
		if r.Assign.IsSet() {
			compiled.assign = c.part(r.Assign.Value(), s.jsonata, at+"/Assign", field+"Assign")
		}
		if r.Output.IsSet() {
			compiled.output = c.part(r.Output.Value(), s.jsonata, at+"/Output", field+"Output")
		}
		s.rules = append(s.rules, compiled)
	}
	if d.Default != "" {
		s.fallback = find(d.Default, s.location+"/Default")
	}
	if len(s.rules) == 0 {
		c.fail(s.location+"/Choices", "a Choice state needs a rule")
	}
}

func (c *compiler) rule(s *state, d *ast.Rule, at, field string) *rule {
	r := &rule{}
	if c.depth++; c.depth > maxNesting {
		c.fail(at, "the rule is nested too deeply")
		return r
	}
	defer func() { c.depth-- }()
	if s.jsonata {
		r.test = c.part(d.Condition.Value(), true, at+"/Condition", field+"Condition")
		return r
	}
	operands, name := d.And, "And"
	switch {
	case len(d.And) > 0:
		r.combine = '&'
	case len(d.Or) > 0:
		r.combine, operands, name = '|', d.Or, "Or"
	case d.Not != nil:
		r.combine = '!'
		r.operands = []*rule{c.rule(s, d.Not, at+"/Not", field)}
		return r
	default:
		c.comparison(r, d, at)
		return r
	}
	for i, operand := range operands {
		r.operands = append(r.operands, c.rule(s, operand, fmt.Sprintf("%s/%s/%d", at, name, i), field))
	}
	return r
}

func (c *compiler) comparison(r *rule, d *ast.Rule, at string) {
	r.variable = c.path(d.Variable, at+"/Variable")
	r.operator, r.operand = d.Operator, d.Operand
	name := string(d.Operator)
	if d.Operator.FromPath() {
		text, _ := d.Operand.(string)
		r.other = c.path(text, at+"/"+name)
		name = strings.TrimSuffix(name, "Path")
	}
	switch {
	case name == "StringMatches":
		pattern, _ := d.Operand.(string)
		r.pattern = globParts(pattern)
	case strings.HasPrefix(name, "Is"):
	default:
		if r.compare = comparisons[name]; r.compare == nil {
			c.fail(at, "there is no comparison %q", name)
		}
	}
}

var comparisons = func() map[string]comparison {
	m := map[string]comparison{"BooleanEquals": func(value, operand any) bool {
		v, ok := value.(bool)
		return ok && v == operand
	}}
	relations := map[string]func(order int) bool{
		"Equals":            func(order int) bool { return order == 0 },
		"LessThan":          func(order int) bool { return order < 0 },
		"LessThanEquals":    func(order int) bool { return order <= 0 },
		"GreaterThan":       func(order int) bool { return order > 0 },
		"GreaterThanEquals": func(order int) bool { return order >= 0 },
	}
	for name, holds := range relations {
		for kind, compare := range map[string]func(a, b any) (int, bool){
			"Numeric": compareNumbers, "String": compareStrings, "Timestamp": compareTimestamps} {
			m[kind+name] = func(value, operand any) bool {
				order, ok := compare(value, operand)
				return ok && holds(order)
			}
		}
	}
	return m
}()

func compareNumbers(a, b any) (int, bool) {
	x, ok1 := jsonvalue.Float(a)
	y, ok2 := jsonvalue.Float(b)
	switch {
	case !ok1 || !ok2:
		return 0, false
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// compareStrings orders by UTF-16 units, as Java does.
func compareStrings(a, b any) (int, bool) {
	x, ok1 := a.(string)
	y, ok2 := b.(string)
	if !ok1 || !ok2 {
		return 0, false
	}
	order := strings.Compare(x, y)
	if order != 0 && (!ascii(x) || !ascii(y)) {
		u, v := utf16.Encode([]rune(x)), utf16.Encode([]rune(y))
		for i := 0; i < len(u) && i < len(v); i++ {
			if u[i] != v[i] {
				return int(u[i]) - int(v[i]), true
			}
		}
	}
	return order, true
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func compareTimestamps(a, b any) (int, bool) {
	x, ok1 := timestamp(a)
	y, ok2 := timestamp(b)
	return x.Compare(y), ok1 && ok2
}

// timestamp reads a value that is a text in the form of a timestamp.
func timestamp(v any) (time.Time, bool) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, false
	}
	return ast.ParseTimestamp(s)
}

// globParts cuts a StringMatches pattern at its asterisks; \* and \\ stand for
// themselves.
func globParts(pattern string) []string {
	parts := []string{}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\'):
			i++
			b.WriteByte(pattern[i])
		case c == '*':
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(parts, b.String())
}

func globMatches(parts []string, s string) bool {
	if len(parts) == 1 {
		return s == parts[0]
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}

// holds evaluates the rule on the state's effective input.
func (r *rule) holds(th *thread, input any) (bool, *fault) {
	if r.test != nil {
		value, f := r.test.eval(th, input)
		if f != nil {
			return false, f
		}
		held, ok := value.(bool)
		if !ok {
			return false, th.typeFault(r.test, "boolean", value)
		}
		return held, nil
	}
	if r.combine != 0 {
		for _, operand := range r.operands {
			held, f := operand.holds(th, input)
			if f != nil {
				return false, f
			}
			switch {
			case r.combine == '!':
				return !held, nil
			case held != (r.combine == '&'):
				return held, nil
			}
		}
		return r.combine == '&', nil
	}
	return r.compares(th, input)
}

func (r *rule) compares(th *thread, input any) (bool, *fault) {
	roots := th.from(input)
	value, err := r.variable.Resolve(roots)
	if r.operator == "IsPresent" {
		return (err == nil) == (r.operand != false), nil
	}
	if err != nil {
		return false, th.choiceFault(r.variable)
	}
	if r.compare != nil {
		operand := r.operand
		if r.other != nil {
			if operand, err = r.other.Resolve(roots); err != nil {
				return false, th.choiceFault(r.other)
			}
		}
		return r.compare(value, operand), nil
	}
	is := false
	switch r.operator {
	case "StringMatches":
		s, ok := value.(string)
		return ok && globMatches(r.pattern, s), nil
	case "IsNull":
		is = value == nil
	case "IsNumeric":
		_, is = jsonvalue.Float(value)
	case "IsString":
		_, is = value.(string)
	case "IsBoolean":
		_, is = value.(bool)
	case "IsTimestamp":
		_, is = timestamp(value)
	}
	return is == (r.operand != false), nil
}

func (th *thread) choiceFault(path *jsonpath.Path) *fault {
	return th.runtimeFault(fmt.Sprintf("Invalid path '%s': The choice state's condition path references an invalid value.", path))
}

// choose runs a Choice state.
func (th *thread) choose() *fault {
	s := th.state
	input, f := th.takeInput()
	if f != nil {
		return f
	}
	next, assign, output := s.fallback, s.assign, s.output
	chosen := -1
	for i, r := range s.rules {
		held, f := r.holds(th, input)
		if f != nil {
			return f
		}
		if held {
			next, assign, output, chosen = r.next, r.assign, r.output, i
			break
		}
	}
	if chosen >= 0 {
		th.trace("Choices", chosen)
	} else {
		th.trace("Default", -1)
	}
	if next == nil {
		return th.stateFault(states.NoChoiceMatched,
			"Failed to transition out of the state. The state does not point to a next state.")
	}
	if f := th.assign(assign, input); f != nil {
		return f
	}
	if s.jsonata {
		result := th.input
		if output != nil {
			if result, f = output.eval(th, nil); f != nil {
				return f
			}
		}
		return th.exit(result, next)
	}
	result, f := s.outputPath.choose(th, input)
	if f != nil {
		return f
	}
	return th.exit(result, next)
}
