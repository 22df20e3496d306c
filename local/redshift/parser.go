package redshift

import (
	"slices"
	"strconv"

	"airline/etl"
)

// maxDepth is how deep expressions and queries may be nested.
const maxDepth = 200

// parser reads tokens. What it does not understand it reports by a panic with a *failure, which Parse turns into
// an error.
type parser struct {
	src    string
	tokens []Token
	i      int
	depth  int
	params []string
	// outerJoins tells that a column with (+) was read.
	outerJoins bool
}

// Parse reads one statement; a semicolon may end it.
func Parse(src string) (*Statement, error) {
	st, err := parse(src)
	if err != nil {
		return nil, located(err, src)
	}
	return st, nil
}

func parse(src string) (st *Statement, err error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	for len(tokens) > 1 && tokens[len(tokens)-2].Is(";") {
		semicolon := tokens[len(tokens)-2]
		tokens = append(tokens[:len(tokens)-2], Token{Kind: end, Start: semicolon.Start, End: semicolon.Start})
	}
	for _, t := range tokens {
		if t.Is(";") {
			return nil, failAt(t.Start, "cannot insert multiple commands into a prepared statement: one statement each")
		}
	}
	p := &parser{src: src, tokens: tokens}
	defer catch(&err)
	st = &Statement{Source: src}
	p.statement(st)
	p.nothingMore()
	st.Params = p.params
	return st, nil
}

// catch turns a panic with a *failure into an error.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *failure:
		*err = r
	case *catalogError:
		*err = r.error
	default:
		panic(r)
	}
}

// Split cuts a text into statements at its semicolons.
func Split(src string) ([]string, error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, located(err, src)
	}
	var statements []string
	from, empty := 0, true
	for _, t := range tokens {
		switch {
		case t.Is(";") || t.Kind == end:
			if !empty {
				statements = append(statements, src[from:t.Start])
			}
			from, empty = t.End, true
		default:
			empty = false
		}
	}
	return statements, nil
}

func (p *parser) fail(at int, format string, args ...any) {
	panic(failAt(at, format, args...))
}

// syntax reports the token as one that cannot stand where it does.
func (p *parser) syntax(t Token) {
	if t.Kind == end {
		p.fail(t.Start, "syntax error at end of input")
	}
	p.fail(t.Start, "syntax error at or near %q", p.src[t.Start:t.End])
}

func (p *parser) peek() Token { return p.tokens[p.i] }

func (p *parser) peekAt(n int) Token { return p.tokens[min(p.i+n, len(p.tokens)-1)] }

func (p *parser) next() Token {
	t := p.tokens[p.i]
	if t.Kind != end {
		p.i++
	}
	return t
}

// accept takes the keywords if they come next, all of them or none.
func (p *parser) accept(words ...string) bool {
	for n, w := range words {
		if !p.peekAt(n).Is(w) {
			return false
		}
	}
	p.i += len(words)
	return true
}

func (p *parser) expect(words ...string) {
	for _, w := range words {
		if !p.accept(w) {
			p.syntax(p.peek())
		}
	}
}

func (p *parser) nothingMore() {
	if t := p.peek(); t.Kind != end {
		p.syntax(t)
	}
}

// enter guards against nesting that would exhaust the stack; its result is deferred.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.peek().Start, "the statement is nested deeper than %d levels", maxDepth)
	}
}

func (p *parser) leave() { p.depth-- }

// isName reports whether the token is an identifier: quoted, or a word that is not reserved.
func isName(t Token) bool { return t.Kind == quoted || t.Kind == word && !etl.Reserved(t.Value) }

// name reads an identifier.
func (p *parser) name() string {
	t := p.next()
	if !isName(t) && !(t.Kind == word && lenient[t.Value]) {
		p.syntax(t)
	}
	return t.Value
}

// label reads an identifier after AS or a point, where reserved words may stand too.
func (p *parser) label() string {
	t := p.next()
	if t.Kind != quoted && t.Kind != word {
		p.syntax(t)
	}
	return t.Value
}

// names reads (a, b, ...).
func (p *parser) names() []string { return p.listed(p.name) }

// listed reads (one, one ...).
func (p *parser) listed(one func() string) []string {
	p.expect("(")
	var list []string
	for {
		list = append(list, one())
		if p.accept(")") {
			return list
		}
		p.expect(",")
	}
}

// target reads [schema.]table; a database's name before it is refused, since there is one database.
func (p *parser) target() target {
	at := at(p.peek().Start)
	parts := []string{p.name()}
	for p.accept(".") {
		parts = append(parts, p.label())
	}
	switch len(parts) {
	case 1:
		return target{at, Name{Table: parts[0]}}
	case 2:
		return target{at, Name{parts[0], parts[1]}}
	}
	p.fail(int(at), "cross-database references are not modelled here: %s", p.src[int(at):p.tokens[p.i-1].End])
	return target{}
}

func (p *parser) integer() int {
	t := p.next()
	n, err := strconv.Atoi(t.Value)
	if t.Kind != number || err != nil {
		p.syntax(t)
	}
	return n
}

// constant reads a text literal.
func (p *parser) constant() string {
	t := p.next()
	if t.Kind != text {
		p.syntax(t)
	}
	return t.Value
}

func (p *parser) parameter(t Token) *parameter {
	if !slices.Contains(p.params, t.Value) {
		p.params = append(p.params, t.Value)
	}
	return &parameter{at(t.Start), t.Value}
}
