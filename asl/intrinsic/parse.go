package intrinsic

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// maxDepth bounds how deep calls may nest. (AWS allows 10.)
const maxDepth = 50

// An Expr is a parsed call. It is immutable and may be used by any number of
// goroutines.
type Expr struct {
	source string
	call   *Call
}

// An Arg is an argument of a Call: a *Call, a Literal or a PathArg.
type Arg interface{ arg() }

// A Call is the application of a function to arguments.
type Call struct {
	Name   string // with its prefix, as in "States.Format"
	Args   []Arg
	Offset int // of the name, in bytes from the start of the expression
	End    int // of the closing parenthesis, plus one

	function *function
	template []string // the first argument of Format, cut at its {}
	problem  error    // what is wrong with that argument
}

// A Literal is a string, number, true, false or null.
type Literal struct{ Value any }

// A PathArg is a path.
type PathArg struct{ Path *jsonpath.Path }

func (*Call) arg()   {}
func (Literal) arg() {}
func (PathArg) arg() {}

// String gives the expression as it was written.
func (e *Expr) String() string { return e.source }

// Root is the outermost call.
func (e *Expr) Root() *Call { return e.call }

// Paths lists the paths in the expression from left to right.
func (e *Expr) Paths() []*jsonpath.Path {
	var paths []*jsonpath.Path
	var walk func(c *Call)
	walk = func(c *Call) {
		for _, a := range c.Args {
			switch a := a.(type) {
			case *Call:
				walk(a)
			case PathArg:
				paths = append(paths, a.Path)
			}
		}
	}
	walk(e.call)
	return paths
}

// A SyntaxError says why a text is not a call of an intrinsic function.
type SyntaxError struct {
	Source  string // the whole text
	Offset  int    // where the mistake is, in bytes from its start
	Message string
	unknown string // the function that there is not
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("intrinsic function %q, offset %d: %s", e.Source, e.Offset, e.Message)
}

// Is reports whether the text of a ".$" field is meant as an intrinsic function
// rather than a path.
func Is(source string) bool { return strings.HasPrefix(source, "States.") }

// Parse reads a call. Its error is a *SyntaxError.
func Parse(source string) (*Expr, error) {
	s := scanner{text: source}
	s.space()
	call, err := s.call(0)
	if err != nil {
		return nil, err
	}
	s.space()
	if s.pos < len(s.text) {
		return nil, s.fail("unexpected %q after the call", s.text[s.pos:])
	}
	return &Expr{source, call}, nil
}

type scanner struct {
	text string
	pos  int
}

func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for c := s.peek(); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = s.peek() {
		s.pos++
	}
}

func (s *scanner) fail(format string, args ...any) *SyntaxError {
	return &SyntaxError{Source: s.text, Offset: s.pos, Message: fmt.Sprintf(format, args...)}
}

func (s *scanner) call(depth int) (*Call, error) {
	if depth > maxDepth {
		return nil, s.fail("calls are nested too deeply")
	}
	start := s.pos
	for c := s.peek(); c == '.' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'; c = s.peek() {
		s.pos++
	}
	call := &Call{Name: s.text[start:s.pos], Offset: start}
	if s.space(); s.peek() != '(' {
		s.pos = start
		return nil, s.fail("expected a call such as States.Format('{}', $.x)")
	}
	s.pos++
	if call.function = functions[call.Name]; call.function == nil {
		s.pos = start
		err := s.fail("there is no intrinsic function %q; known are %s", call.Name, strings.Join(Names(), ", "))
		err.unknown = call.Name
		return nil, err
	}
	first := ""
	for s.space(); s.peek() != ')'; s.space() {
		if len(call.Args) > 0 {
			if s.peek() != ',' {
				return nil, s.fail("expected ',' or ')'")
			}
			s.pos++
			s.space()
		}
		from := s.pos
		arg, err := s.arg(depth)
		if err != nil {
			return nil, err
		}
		if len(call.Args) == 0 {
			first = s.text[from:s.pos]
		}
		call.Args = append(call.Args, arg)
	}
	s.pos++
	call.End = s.pos
	return call, s.check(call, first)
}

// check compares the number of arguments, and the placeholders of a template,
// with what the function takes. first is the text of the first argument.
func (s *scanner) check(call *Call, first string) error {
	f, n := call.function, len(call.Args)
	if n < f.min || f.max >= 0 && n > f.max {
		return &SyntaxError{Source: s.text, Offset: call.Offset, Message: fmt.Sprintf("%s takes %s, not %d", call.Name, f.arity(), n)}
	}
	for _, i := range f.numbers {
		if i >= n {
			break
		}
		if literal, ok := call.Args[i].(Literal); ok {
			if _, isNumber := jsonvalue.Float(literal.Value); !isNumber {
				return &SyntaxError{Source: s.text, Offset: call.Offset, Message: fmt.Sprintf("argument %d of %s must be a number, and %s is none", i+1, call.Name, jsonvalue.String(literal.Value))}
			}
		}
	}
	if call.Name != "States.Format" || !strings.HasPrefix(first, "'") {
		return nil
	}
	template, problem := cut(first[1 : len(first)-1])
	if problem != "" { // Step Functions takes the definition, and fails the execution
		call.problem = errors.New(problem)
		return nil
	}
	call.template = template
	if want := len(call.template) - 1; want != n-1 {
		return &SyntaxError{Source: s.text, Offset: call.Offset,
			Message: fmt.Sprintf("the template of States.Format has %d {} but %d arguments follow it", want, n-1)}
	}
	return nil
}

func (s *scanner) arg(depth int) (Arg, error) {
	start := s.pos
	switch c := s.peek(); {
	case c == '\'':
		text, err := s.quoted()
		return Literal{text}, err
	case c == '$':
		path, length, err := jsonpath.ParsePrefix(s.text[s.pos:])
		if err != nil {
			offset := s.pos
			if syntax := new(jsonpath.SyntaxError); errors.As(err, &syntax) {
				return nil, &SyntaxError{Source: s.text, Offset: offset + syntax.Offset, Message: syntax.Message}
			}
			return nil, err
		}
		s.pos += length
		return PathArg{path}, nil
	case c == '-' || c >= '0' && c <= '9':
		for strings.IndexByte("+-.eE0123456789", s.peek()) >= 0 && s.peek() != 0 {
			s.pos++
		}
		text := s.text[start:s.pos]
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, &SyntaxError{Source: s.text, Offset: start, Message: "not a number: " + text}
		}
		value, err := jsonvalue.Decode([]byte(text))
		if err != nil {
			value = n
		}
		return Literal{value}, nil
	}
	for word, value := range map[string]any{"true": true, "false": false, "null": nil} {
		if strings.HasPrefix(s.text[s.pos:], word) {
			if rest := s.text[s.pos+len(word):]; rest == "" || strings.IndexByte(" ,)\t\r\n", rest[0]) >= 0 {
				s.pos += len(word)
				return Literal{value}, nil
			}
		}
	}
	if c := s.peek(); c|0x20 >= 'a' && c|0x20 <= 'z' {
		return s.call(depth + 1)
	}
	return nil, s.fail("expected an argument: a 'text' in single quotes, a number, true, false, null, a path or a call")
}

// quoted reads a text in single quotes.
func (s *scanner) quoted() (string, error) {
	var b strings.Builder
	for i := s.pos + 1; i < len(s.text); i++ {
		switch c := s.text[i]; c {
		case '\'':
			s.pos = i + 1
			return b.String(), nil
		case '\\':
			if i++; i == len(s.text) {
				return "", s.fail("the text does not end")
			}
			b.WriteString(escaped(s.text[i]))
		default:
			b.WriteByte(c)
		}
	}
	return "", s.fail("the text does not end; a quote inside it is written \\'")
}

// escaped gives what a backslash and c stand for.
func escaped(c byte) string {
	switch c {
	case '\'', '{', '}', '\\':
		return string(c)
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '"':
		return `"`
	}
	return `\` + string(rune(c))
}

// cut splits the raw text of a template at every {} that is not escaped. The
// problem is a brace that stands alone, in AWS's words.
func cut(raw string) (template []string, problem string) {
	parts := []string{}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == '\\' && i+1 < len(raw):
			i++
			b.WriteString(escaped(raw[i]))
		case raw[i] == '{' && i+1 < len(raw) && raw[i+1] == '}':
			i++
			parts = append(parts, b.String())
			b.Reset()
		case raw[i] == '{' || raw[i] == '}':
			other := map[byte]string{'{': "}", '}': "{"}[raw[i]]
			return nil, fmt.Sprintf(`Invalid template in States.Format: matching '%s' not found for '%c'; a brace that is no {} is written \%c`, other, raw[i], raw[i])
		default:
			b.WriteByte(raw[i])
		}
	}
	return append(parts, b.String()), ""
}
