package jsonpath

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

// A condition is the test of a filter on one item.
type condition interface {
	holds(item, root any) bool
}

type (
	either     struct{ left, right condition }
	both       struct{ left, right condition }
	negation   struct{ of condition }
	exists     struct{ operand operand }
	comparison struct {
		operator    string
		left, right operand
	}
)

func (c either) holds(item, root any) bool {
	return c.left.holds(item, root) || c.right.holds(item, root)
}
func (c both) holds(item, root any) bool {
	return c.left.holds(item, root) && c.right.holds(item, root)
}
func (c negation) holds(item, root any) bool { return !c.of.holds(item, root) }

func (c exists) holds(item, root any) bool {
	value, ok := c.operand.value(item, root)
	if ok && c.operand.path == nil {
		return value == true
	}
	return ok
}

// An operand is a literal, a pattern, or a path from the item (@) or the root ($).
type operand struct {
	path    *Path
	current bool
	literal any
	pattern *regexp.Regexp
}

func (o operand) value(item, root any) (any, bool) {
	if o.path == nil {
		return o.literal, true
	}
	from := root
	if o.current {
		from = item
	}
	value, err := o.path.Eval(from)
	if err != nil {
		return nil, false
	}
	return value, true
}

// filter reads a filter after its '?'.
func (s *scanner) filter() (condition, error) {
	s.space()
	if s.peek() != '(' {
		return nil, s.fail("expected '(' after '?': a filter is written [?(@.name == 'x')]")
	}
	return s.primary()
}

func (s *scanner) disjunction() (condition, error) {
	left, err := s.conjunction()
	for err == nil {
		s.space()
		if !s.accept("||") {
			return left, nil
		}
		var right condition
		if right, err = s.conjunction(); err == nil {
			left = either{left, right}
		}
	}
	return nil, err
}

func (s *scanner) conjunction() (condition, error) {
	left, err := s.primary()
	for err == nil {
		s.space()
		if !s.accept("&&") {
			return left, nil
		}
		var right condition
		if right, err = s.primary(); err == nil {
			left = both{left, right}
		}
	}
	return nil, err
}

func (s *scanner) primary() (condition, error) {
	if s.depth++; s.depth > maxDepth {
		return nil, s.fail("the filter is nested too deeply")
	}
	defer func() { s.depth-- }()
	s.space()
	switch {
	case s.peek() == '!':
		s.pos++
		c, err := s.primary()
		return negation{c}, err
	case s.accept("("):
		c, err := s.disjunction()
		if err != nil {
			return nil, err
		}
		if s.space(); !s.accept(")") {
			return nil, s.fail("expected ')' in the filter")
		}
		return c, nil
	}
	left, err := s.operand()
	if err != nil {
		return nil, err
	}
	s.space()
	operator := s.operator()
	if operator == "" {
		return exists{left}, nil
	}
	right, err := s.operand()
	if err != nil {
		return nil, err
	}
	return comparison{operator, left, right}, nil
}

// operators in the order of trying: longer ones before their beginnings.
var operators = []string{"==", "!=", "<=", ">=", "=~", "<", ">",
	"nin", "in", "subsetof", "anyof", "noneof", "size", "empty", "contains"}

func (s *scanner) operator() string {
	rest := s.text[s.pos:]
	for _, op := range operators {
		if len(rest) < len(op) || !strings.EqualFold(rest[:len(op)], op) {
			continue
		}
		if c := op[0]; c >= 'a' && c <= 'z' && len(rest) > len(op) && strings.IndexByte(" \t['\"$@", rest[len(op)]) < 0 {
			continue
		}
		s.pos += len(op)
		return op
	}
	return ""
}

func (s *scanner) operand() (operand, error) {
	s.space()
	start := s.pos
	switch c := s.peek(); {
	case c == '@':
		s.pos++
		p := &Path{}
		if err := s.steps(p); err != nil {
			return operand{}, err
		}
		p.source = s.text[start:s.pos]
		return operand{path: p, current: true}, nil
	case c == '$':
		p, err := s.path()
		if err == nil && p.scope != Input {
			return operand{}, &SyntaxError{s.text, start, "a filter can refer to '@' and '$' only"}
		}
		return operand{path: p}, err
	case c == '\'' || c == '"':
		text, err := s.quoted()
		return operand{literal: text}, err
	case c == '/':
		return s.regexp()
	case c == '[' || c == '{' || c == '-' || c >= '0' && c <= '9' || s.word("true") || s.word("false") || s.word("null"):
		literal, err := s.literal()
		return operand{literal: literal}, err
	}
	return operand{}, s.fail("expected '@', '$', a string, a number, a list, true, false, null or a /pattern/ in the filter")
}

func (s *scanner) word(w string) bool { return s.has(w) }

// regexp reads /pattern/flags.
func (s *scanner) regexp() (operand, error) {
	start := s.pos
	for i := start + 1; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '/':
			pattern := s.text[start+1 : i]
			s.pos = i + 1
			flags := ""
			for strings.IndexByte("ims", s.peek()) >= 0 && s.peek() != 0 {
				flags += string(s.peek())
				s.pos++
			}
			if flags != "" {
				pattern = "(?" + flags + ")" + pattern
			}
			compiled, err := regexp.Compile(`^(?:` + pattern + `)$`)
			if err != nil {
				return operand{}, &SyntaxError{s.text, start, err.Error()}
			}
			return operand{pattern: compiled}, nil
		}
	}
	return operand{}, s.fail("the /pattern/ does not end")
}

// literal reads a number, true, false, null or a list or object of literals,
// whose strings may stand in single quotes.
func (s *scanner) literal() (any, error) {
	start := s.pos
	if c := s.peek(); c == '[' || c == '{' {
		return s.group(c)
	}
	for s.pos < len(s.text) && strings.IndexByte(" \t\r\n)],}&|=<>!", s.text[s.pos]) < 0 {
		s.pos++
	}
	text := s.text[start:s.pos]
	switch text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, &SyntaxError{s.text, start, "not a number: " + text}
	}
	return n, nil
}

func (s *scanner) group(open byte) (any, error) {
	if s.depth++; s.depth > maxDepth {
		return nil, s.fail("the literal is nested too deeply")
	}
	defer func() { s.depth-- }()
	s.pos++
	list, object, closing := []any{}, jsonvalue.NewObject(0), "]"
	if open == '{' {
		closing = "}"
	}
	for s.space(); !s.accept(closing); s.space() {
		name := ""
		if open == '{' {
			if c := s.peek(); c != '\'' && c != '"' {
				return nil, s.fail("expected a quoted name")
			}
			var err error
			if name, err = s.quoted(); err != nil {
				return nil, err
			}
			if s.space(); !s.accept(":") {
				return nil, s.fail("expected ':'")
			}
			s.space()
		}
		var item any
		var err error
		if c := s.peek(); c == '\'' || c == '"' {
			item, err = s.quoted()
		} else {
			item, err = s.literal()
		}
		if err != nil {
			return nil, err
		}
		if open == '{' {
			object.Set(name, item)
		} else {
			list = append(list, item)
		}
		if s.space(); !s.accept(",") && !s.has(closing) {
			return nil, s.fail("expected ',' or '%s'", closing)
		}
	}
	if open == '{' {
		return object, nil
	}
	return list, nil
}

func (c comparison) holds(item, root any) bool {
	left, foundLeft := c.left.value(item, root)
	right, foundRight := c.right.value(item, root)
	switch c.operator {
	case "==":
		return foundLeft && foundRight && equal(left, right)
	case "!=":
		return !(foundLeft && foundRight && equal(left, right)) && (foundLeft || foundRight)
	}
	if !foundLeft || !foundRight {
		return false
	}
	switch c.operator {
	case "<":
		order, ok := compare(left, right)
		return ok && order < 0
	case "<=":
		order, ok := compare(left, right)
		return ok && order <= 0
	case ">":
		order, ok := compare(left, right)
		return ok && order > 0
	case ">=":
		order, ok := compare(left, right)
		return ok && order >= 0
	case "=~":
		return matches(c.left, c.right, left, right)
	case "in":
		return among(left, right)
	case "nin":
		return !among(left, right)
	case "contains":
		if text, ok := left.(string); ok {
			part, ok := right.(string)
			return ok && strings.Contains(text, part)
		}
		return among(right, left)
	case "size":
		n, ok := number(right)
		length, has := size(left)
		return ok && has && float64(length) == n
	case "empty":
		length, has := size(left)
		want, ok := right.(bool)
		return has && ok && (length == 0) == want
	}
	return c.sets(left, right)
}

// sets answers subsetof, anyof and noneof.
func (c comparison) sets(left, right any) bool {
	list, ok := left.([]any)
	if !ok {
		return false
	}
	found := 0
	for _, item := range list {
		if among(item, right) {
			found++
		}
	}
	switch c.operator {
	case "subsetof":
		return found == len(list)
	case "anyof":
		return found > 0
	}
	return found == 0
}

func matches(a, b operand, left, right any) bool {
	pattern, text := b.pattern, left
	if pattern == nil {
		pattern, text = a.pattern, right
	}
	if pattern == nil {
		return false
	}
	switch v := text.(type) {
	case string:
		return pattern.MatchString(v)
	case float64, json.Number, bool:
		return pattern.MatchString(jsonvalue.String(v))
	}
	return false
}

func among(item, list any) bool {
	items, _ := list.([]any)
	for _, other := range items {
		if equal(item, other) {
			return true
		}
	}
	return false
}

func size(value any) (int, bool) {
	switch v := value.(type) {
	case string:
		return len([]rune(v)), true
	case []any:
		return len(v), true
	case *jsonvalue.Object:
		return v.Len(), true
	}
	return 0, false
}

// equal compares as Jayway does: a number and a string are equal when the string
// spells the number.
func equal(a, b any) bool {
	x, okX := number(a)
	y, okY := number(b)
	switch {
	case okX && okY:
		return x == y
	case okX:
		return spells(b, x)
	case okY:
		return spells(a, y)
	}
	return jsonvalue.Equal(a, b)
}

func spells(v any, n float64) bool {
	text, ok := v.(string)
	if !ok {
		return false
	}
	parsed, err := strconv.ParseFloat(text, 64)
	return err == nil && parsed == n
}

func compare(a, b any) (int, bool) {
	if x, ok := number(a); ok {
		y, ok := number(b)
		switch {
		case !ok:
			return 0, false
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, true
	}
	x, okX := a.(string)
	y, okY := b.(string)
	return strings.Compare(x, y), okX && okY
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}
