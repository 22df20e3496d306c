package jsonpath

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth bounds the nesting of filters and of what descendants visit.
const maxDepth = 1000

// Parse reads a path; blanks behind it do not count. Its error is a *SyntaxError.
func Parse(source string) (*Path, error) {
	s := scanner{text: strings.TrimRight(source, " \t\r\n")}
	p, err := s.path()
	if err != nil {
		return nil, err
	}
	if s.pos < len(s.text) {
		return nil, s.fail("unexpected %q after the path", s.text[s.pos:])
	}
	return p, nil
}

// ParsePrefix reads the path that source begins with and gives its length in
// bytes: a path as the argument of a function is followed by ',' or ')'.
func ParsePrefix(source string) (p *Path, length int, err error) {
	s := scanner{text: source}
	if p, err = s.path(); err != nil {
		return nil, s.pos, err
	}
	return p, s.pos, nil
}

// ParseReference reads a reference path: names and single indexes only, because
// a value is written there. Its error is a *SyntaxError.
func ParseReference(source string) (*Path, error) {
	p, err := Parse(source)
	if err != nil {
		return nil, err
	}
	for _, s := range p.steps {
		if s.kind != Property && s.kind != Index {
			return nil, &SyntaxError{Path: source, Offset: s.offset,
				Message: "a reference path may hold only names and single indexes; no wildcards, slices, filters, functions or '..'"}
		}
	}
	return p, nil
}

type scanner struct {
	text  string
	pos   int
	depth int
}

func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

func (s *scanner) has(prefix string) bool { return strings.HasPrefix(s.text[s.pos:], prefix) }

func (s *scanner) accept(prefix string) bool {
	if s.has(prefix) {
		s.pos += len(prefix)
		return true
	}
	return false
}

func (s *scanner) space() {
	for s.pos < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.pos]) >= 0 {
		s.pos++
	}
}

// path reads from a $ as far as the path goes.
func (s *scanner) path() (*Path, error) {
	start := s.pos
	if !s.accept("$") {
		return nil, s.fail("a path begins with '$' (the input), '$$' (the context object) or '$name' (a variable)")
	}
	p := &Path{}
	if s.accept("$") {
		p.scope = Context
	} else if name := s.variableName(); name != "" {
		p.scope, p.variable = Variable, name
	}
	if err := s.steps(p); err != nil {
		return nil, err
	}
	p.source = s.text[start:s.pos]
	return p, nil
}

// steps reads the steps of a path whose start has been read, and classifies it.
func (s *scanner) steps(p *Path) error {
	for s.pos < len(s.text) {
		more, err := s.step(p)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	return s.classify(p)
}

// classify finds out what a path can match, and refuses steps that stand where
// they cannot.
func (s *scanner) classify(p *Path) error {
	p.plain, p.definite = true, true
	for i := range p.steps {
		st, last := &p.steps[i], i == len(p.steps)-1
		st.reached = p.definite
		switch st.kind {
		case Property, Index:
		case Union:
			p.plain = false
			p.definite = p.definite && last && st.names != nil // one object
		case Function:
			p.plain = false
			if !last {
				return &SyntaxError{s.text, st.offset, "a function must be the last part of a path"}
			}
			if i > 0 && p.steps[i-1].kind == Descendants {
				return &SyntaxError{s.text, st.offset, "a function cannot follow '..'; name what to apply it to, as in '..name.length()'"}
			}
			p.definite = p.definite || p.steps[0].kind == Descendants // of all matches together
		case Descendants:
			p.plain, p.definite = false, false
			if last {
				return &SyntaxError{s.text, st.offset, "a path must not end with '..'; name what to look for, as in '..name' or '..*'"}
			}
			if p.steps[i+1].kind == Descendants {
				return &SyntaxError{s.text, p.steps[i+1].offset, "'..' cannot follow '..'"}
			}
		default:
			p.plain, p.definite = false, false
		}
	}
	return nil
}

// step reads one step; more is false where the path ends.
func (s *scanner) step(p *Path) (more bool, err error) {
	at := s.pos
	switch {
	case s.accept(".."):
		p.steps = append(p.steps, step{kind: Descendants, offset: at})
		if s.peek() == '[' {
			return true, s.bracket(p)
		}
		return true, s.dotted(p)
	case s.accept("."):
		if s.peek() == '[' { // Jayway takes $.['a'] for $['a']
			return true, s.bracket(p)
		}
		return true, s.dotted(p)
	case s.peek() == '[':
		return true, s.bracket(p)
	}
	return false, nil
}

func (s *scanner) variableName() string {
	start := s.pos
	for s.pos < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if r != '_' && !unicode.IsLetter(r) && !(s.pos > start && (unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))) {
			break
		}
		s.pos += size
	}
	return s.text[start:s.pos]
}

// dotted reads what follows a '.': a name, a wildcard or a function call.
func (s *scanner) dotted(p *Path) error {
	at := s.pos
	if s.accept("*") {
		p.steps = append(p.steps, step{kind: Wildcard, offset: at})
		return nil
	}
	for s.pos < len(s.text) && strings.IndexByte(".[]()'\",|&=<>!? \t\r\n", s.text[s.pos]) < 0 {
		s.pos++
	}
	name := s.text[at:s.pos]
	if name == "" {
		return s.fail("a name is missing after '.'; a name with other than letters, digits, '-' and '_' is written ['like this']")
	}
	if s.accept("(") {
		return s.function(p, name, at)
	}
	p.steps = append(p.steps, step{kind: Property, name: name, offset: at})
	return nil
}

// bracket reads a step in square brackets.
func (s *scanner) bracket(p *Path) error {
	at := s.pos
	s.pos++
	s.space()
	st := step{offset: at}
	var err error
	switch c := s.peek(); {
	case c == '*':
		s.pos++
		st.kind = Wildcard
	case c == '?':
		s.pos++
		st.kind = Filter
		st.filter, err = s.filter()
	case c == '\'' || c == '"':
		err = s.names(&st)
	case c == '-' || c == ':' || c >= '0' && c <= '9':
		err = s.indexes(&st)
	case c == '(':
		err = s.script(&st)
	default:
		return s.fail("expected an index, a quoted name, '*' or '?(' after '['")
	}
	if err != nil {
		return err
	}
	s.space()
	if !s.accept("]") {
		return s.fail("expected ']'")
	}
	p.steps = append(p.steps, st)
	return nil
}

func (s *scanner) names(st *step) error {
	for {
		s.space()
		if c := s.peek(); c != '\'' && c != '"' {
			return s.fail("expected a quoted name")
		}
		name, err := s.quoted()
		if err != nil {
			return err
		}
		st.names = append(st.names, name)
		s.space()
		if !s.accept(",") {
			break
		}
	}
	st.kind = Union
	if len(st.names) == 1 {
		st.kind, st.name, st.names = Property, st.names[0], nil
	}
	return nil
}

func (s *scanner) indexes(st *step) error {
	first, err := s.integer()
	if err != nil {
		return err
	}
	s.space()
	if s.accept(":") {
		s.space()
		st.kind, st.from = Slice, first
		if st.to, err = s.integer(); err != nil {
			return err
		}
		if st.from == nil && st.to == nil {
			return s.fail("a slice needs a start or an end, as in [1:3], [1:] or [:3]; all items are [*]")
		}
		if s.space(); s.peek() == ':' {
			return s.fail("a slice has no step in Step Functions; write [from:to]")
		}
		return nil
	}
	if first == nil {
		return s.fail("expected an index")
	}
	list := []int{*first}
	for s.space(); s.accept(","); s.space() {
		s.space()
		next, err := s.integer()
		if err != nil {
			return err
		}
		if next == nil {
			return s.fail("expected an index after ','")
		}
		list = append(list, *next)
	}
	if len(list) == 1 {
		st.kind, st.index = Index, list[0]
	} else {
		st.kind, st.indexes = Union, list
	}
	return nil
}

// script reads the one script that Step Functions takes, an index from the end:
// (@.length-1).
func (s *scanner) script(st *step) error {
	s.pos++
	s.space()
	known := s.accept("@.length()") || s.accept("@.length")
	s.space()
	known = known && s.accept("-")
	s.space()
	n, err := s.integer()
	if err != nil {
		return err
	}
	s.space()
	if !known || n == nil || *n < 1 || !s.accept(")") {
		return s.fail("expected a script such as (@.length-1), the index from the end of a list")
	}
	st.kind, st.index = Index, -*n
	return nil
}

// integer reads an integer, or nothing.
func (s *scanner) integer() (*int, error) {
	start := s.pos
	s.accept("-")
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.pos++
	}
	if s.pos == start {
		return nil, nil
	}
	n, err := strconv.Atoi(s.text[start:s.pos])
	if err != nil {
		return nil, &SyntaxError{s.text, start, "not an index: " + s.text[start:s.pos]}
	}
	return &n, nil
}

// quoted reads a string in single or double quotes. A backslash escapes the
// quote and itself; before anything else it stands for itself, as on AWS.
func (s *scanner) quoted() (string, error) {
	start, quote := s.pos, s.peek()
	var b strings.Builder
	for i := start + 1; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == quote:
			s.pos = i + 1
			return b.String(), nil
		case c == '\\' && i+1 < len(s.text) && (s.text[i+1] == quote || s.text[i+1] == '\\'):
			i++
			b.WriteByte(s.text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", s.fail("the quoted name or string does not end")
}

func (s *scanner) fail(format string, args ...any) *SyntaxError {
	return &SyntaxError{Path: s.text, Offset: s.pos, Message: sprintf(format, args...)}
}
