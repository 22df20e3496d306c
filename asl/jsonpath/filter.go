package jsonpath

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// A condition is the test of a filter on one item. It fails with errInapplicable
// where an operator cannot be applied, which makes the whole filter not hold, and
// with another error where evaluation ends.
type condition interface {
	holds(item, root any) (bool, error)
}

var errInapplicable = errors.New("the operator cannot be applied")

type (
	either     struct{ left, right condition }
	both       struct{ left, right condition }
	negation   struct{ of condition }
	exists     struct{ path *Path }
	comparison struct {
		operator    string
		left, right operand
	}
)

func (c either) holds(item, root any) (bool, error) {
	if ok, err := c.left.holds(item, root); ok || err != nil {
		return ok, err
	}
	return c.right.holds(item, root)
}

func (c both) holds(item, root any) (bool, error) {
	if ok, err := c.left.holds(item, root); !ok || err != nil {
		return ok, err
	}
	return c.right.holds(item, root)
}

func (c negation) holds(item, root any) (bool, error) {
	ok, err := c.of.holds(item, root)
	return !ok && err == nil, err
}

// holds looks for the path in the item, even where it begins with '$': so does
// Jayway.
func (c exists) holds(item, root any) (bool, error) {
	_, err := c.path.collect(item, root, true)
	return err == nil, nil
}

// An operand is a literal, a pattern, or a path from the item (@) or the root ($).
type operand struct {
	path    *Path
	current bool
	literal any
	pattern *regexp.Regexp
}

// undefined is the value of a path that leads nowhere.
type undefined struct{}

func (o operand) value(item, root any) any {
	if o.path == nil {
		return o.literal
	}
	from := root
	if o.current {
		from = item
	}
	value, err := o.path.collect(from, root, false)
	if err != nil {
		return undefined{}
	}
	return value
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
	not := false
	switch {
	case s.peek() == '!':
		s.pos++
		if s.space(); s.peek() != '@' && s.peek() != '$' {
			c, err := s.primary()
			return negation{c}, err
		}
		not = true
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
	at := s.pos
	operator := s.operator()
	switch {
	case operator == "" && left.path == nil:
		return nil, s.fail("expected an operator such as == or in after a value in the filter; alone stands only a path, as in [?(@.name)]")
	case operator == "" && not:
		return negation{exists{left.path}}, nil
	case operator == "":
		return exists{left.path}, nil
	case not:
		return nil, &SyntaxError{s.text, at, "a '!' before a path that is compared has no effect in Step Functions; write !(@.a == 1), or another operator"}
	}
	right, err := s.operand()
	if err != nil {
		return nil, err
	}
	return comparison{operator, left, right}, nil
}

// operators in the order of trying: longer ones before their beginnings.
var operators = []string{"===", "!==", "==", "!=", "<=", ">=", "=~", "<", ">",
	"nin", "in", "subsetof", "anyof", "noneof", "all", "size", "empty", "contains"}

func (s *scanner) operator() string {
	rest := s.text[s.pos:]
	for _, op := range operators {
		if len(rest) < len(op) || !strings.EqualFold(rest[:len(op)], op) {
			continue
		}
		if c := op[0]; c >= 'a' && c <= 'z' && (len(rest) == len(op) || rest[len(op)] != ' ') {
			continue // a word needs a blank behind it
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
		return operand{path: p, current: true}, s.endOfOperand()
	case c == '$':
		p, err := s.path()
		if err == nil && p.scope != Input {
			return operand{}, &SyntaxError{s.text, start, "a filter can refer to '@' and '$' only"}
		}
		if err == nil {
			err = s.endOfOperand()
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
	if word := s.bareWord(); word != "" { // taken by AWS in published machines
		return operand{literal: word}, nil
	}
	return operand{}, s.fail("expected '@', '$', a string, a number, a list, true, false, null or a /pattern/ in the filter")
}

// endOfOperand refuses && and || right behind a path: Step Functions takes them
// for a part of the name.
func (s *scanner) endOfOperand() error {
	if s.has("&&") || s.has("||") {
		return s.fail("put a blank before %s: right behind a path it is read as a part of the name", s.text[s.pos:s.pos+2])
	}
	return nil
}

// bareWord reads a string without quotes: letters, digits, '_' and '-'.
func (s *scanner) bareWord() string {
	start := s.pos
	for s.pos < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		s.pos += size
	}
	return s.text[start:s.pos]
}

// word reports whether a word stands here, and not only the beginning of another.
func (s *scanner) word(w string) bool {
	ahead := *s
	return ahead.bareWord() == w
}

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
