package jsonata

// The parser reads a source into raw nodes by operator precedence (Pratt's method); resolve.go then turns them
// into the syntax tree, where paths are flat and every % knows its step.

// maxNesting bounds the height of a syntax tree, so that no walk over it needs much stack.
const maxNesting = 5_000

type rawKind uint8

const (
	rawEnd rawKind = iota
	rawOperator
	rawName
	rawVariable
	rawString
	rawNumber
	rawValue
	rawRegex
	rawWildcard
	rawDescendant
	rawParent
	rawBinary
	rawNegate
	rawArray
	rawObject
	rawGroup
	rawFilter
	rawSort
	rawCall
	rawPartial
	rawLambda
	rawCondition
	rawTransform
	rawBlock
)

type raw struct {
	kind      rawKind
	text      string // operator, name, string, pattern or signature
	value     any    // of literals; flags of a regular expression
	offset    int
	list      []*raw // operands, in order of the source
	pairs     [][2]*raw
	terms     []rawTerm
	signature *signature
	keepArray bool
	height    int
}

type rawTerm struct {
	expression *raw
	descending bool
}

// leftPower says how strongly an operator binds what stands on its left; operators that are not listed end an
// expression.
var leftPower = map[string]int{
	"(": 80, "[": 80, "@": 80, "#": 80, ".": 75, "{": 70, "*": 60, "/": 60, "%": 60, "+": 50, "-": 50, "&": 50,
	"=": 40, "!=": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "^": 40, "~>": 40, "?:": 40, "??": 40, "in": 40,
	"and": 30, "or": 25, "?": 20, ":=": 10,
}

type parser struct {
	lex     lexer
	tok     token // the token that is next
	nesting int
}

// parse reads a whole source. Errors are *Error and end the parsing as panics inside this package.
func parse(src string) (root *raw, err *Error) {
	defer catch(&err)
	p := &parser{lex: lexer{src: src}}
	p.advance(false)
	root = p.expression(0)
	if p.tok.kind != endToken {
		panic(&Error{Code: "S0201", Offset: p.tok.offset, Token: p.tok.text})
	}
	return root, nil
}

// catch turns a panic with an *Error into a result; other panics pass.
func catch(err **Error) {
	switch p := recover().(type) {
	case nil:
	case *Error:
		*err = p
	default:
		panic(p)
	}
}

func (p *parser) advance(infix bool) {
	t, err := p.lex.next(infix)
	if err != nil {
		panic(err)
	}
	if t.kind == operatorToken && (t.text == "!" || t.text == "~") {
		panic(&Error{Code: "S0204", Offset: t.offset, Token: t.text})
	}
	p.tok = t
}

func (p *parser) is(op string) bool { return p.tok.kind == operatorToken && p.tok.text == op }

// expect passes the operator op, or fails.
func (p *parser) expect(op string, infix bool) {
	if !p.is(op) {
		err := &Error{Code: "S0202", Offset: p.tok.offset, Token: p.tok.text, Value: op}
		if p.tok.kind == endToken {
			err.Code = "S0203"
		}
		panic(err)
	}
	p.advance(infix)
}

func (p *parser) power() int {
	if p.tok.kind != operatorToken {
		return 0
	}
	return leftPower[p.tok.text]
}

// expression reads as much as binds more strongly than power.
func (p *parser) expression(power int) *raw {
	if p.nesting++; p.nesting > maxNesting {
		panic(&Error{Code: "L0001", Offset: p.tok.offset})
	}
	left := p.prefix().grown()
	for power < p.power() {
		left = p.infix(left).grown()
	}
	p.nesting--
	return left
}

// grown computes the height of a node whose operands are complete.
func (n *raw) grown() *raw {
	grow := func(child *raw) {
		if child != nil && child.height >= n.height {
			n.height = child.height + 1
		}
	}
	for _, c := range n.list {
		grow(c)
	}
	for _, pair := range n.pairs {
		grow(pair[0])
		grow(pair[1])
	}
	for _, t := range n.terms {
		grow(t.expression)
	}
	if n.height > maxNesting {
		panic(&Error{Code: "L0001", Offset: n.offset})
	}
	return n
}

// prefix reads what can start an expression. Directly after an operator in front, a slash divides: the language has
// no regular expression there, and one in parentheses or in an array must be bound to a variable first.
func (p *parser) prefix() *raw {
	t := p.tok
	n := &raw{text: t.text, value: t.value, offset: t.offset}
	switch t.kind {
	case endToken:
		return n
	case nameToken:
		n.kind = rawName
	case variableToken:
		n.kind = rawVariable
	case stringToken:
		n.kind = rawString
	case numberToken:
		n.kind = rawNumber
	case valueToken:
		n.kind = rawValue
	case regexToken:
		n.kind = rawRegex
	case operatorToken:
		return p.prefixOperator(n)
	}
	p.advance(true)
	return n
}

func (p *parser) prefixOperator(n *raw) *raw {
	switch n.text {
	case "and", "or", "in":
		n.kind = rawOperator
		p.advance(true)
		return n
	case "*":
		n.kind = rawWildcard
		p.advance(true)
		return n
	case "**":
		n.kind = rawDescendant
		p.advance(true)
		return n
	case "%":
		n.kind = rawParent
		p.advance(true)
		return n
	case "-":
		n.kind = rawNegate
		p.advance(true)
		n.list = []*raw{p.expression(70)}
		return n
	case "(":
		return p.block(n)
	case "[":
		return p.array(n)
	case "{":
		n.kind = rawObject
		p.advance(true)
		n.pairs = p.pairs()
		return n
	case "|":
		return p.transform(n)
	}
	p.advance(true)
	panic(&Error{Code: "S0211", Offset: n.offset, Token: n.text})
}

func (p *parser) block(n *raw) *raw {
	n.kind = rawBlock
	p.advance(true)
	for !p.is(")") {
		n.list = append(n.list, p.expression(0))
		if !p.is(";") {
			break
		}
		p.advance(false)
	}
	p.expect(")", true)
	return n
}

func (p *parser) array(n *raw) *raw {
	n.kind = rawArray
	p.advance(true)
	for more := !p.is("]"); more; {
		item := p.expression(0)
		if p.is("..") {
			r := &raw{kind: rawBinary, text: "..", offset: p.tok.offset}
			p.advance(false)
			r.list = []*raw{item, p.expression(0)}
			item = r.grown()
		}
		n.list = append(n.list, item)
		if more = p.is(","); more {
			p.advance(false)
		}
	}
	p.expect("]", true)
	return n
}

func (p *parser) pairs() [][2]*raw {
	var pairs [][2]*raw
	for more := !p.is("}"); more; {
		key := p.expression(0)
		p.expect(":", false)
		pairs = append(pairs, [2]*raw{key, p.expression(0)})
		if more = p.is(","); more {
			p.advance(false)
		}
	}
	p.expect("}", true)
	return pairs
}

func (p *parser) transform(n *raw) *raw {
	n.kind = rawTransform
	p.advance(true)
	n.list = append(n.list, p.expression(0))
	p.expect("|", false)
	n.list = append(n.list, p.expression(0))
	if p.is(",") {
		p.advance(false)
		n.list = append(n.list, p.expression(0))
	}
	p.expect("|", true)
	return n
}

// infix reads the operator that is next and what stands on its right.
func (p *parser) infix(left *raw) *raw {
	op := p.tok.text
	n := &raw{kind: rawBinary, text: op, offset: p.tok.offset, list: []*raw{left}}
	p.advance(false)
	switch op {
	case "(":
		return p.call(n)
	case "[":
		return p.filter(n)
	case "{":
		n.kind = rawGroup
		n.pairs = p.pairs()
		return n
	case "^":
		return p.sort(n)
	case "?", "?:", "??":
		n.kind = rawCondition
		n.list = append(n.list, p.expression(0))
		if op == "?" && p.is(":") {
			p.advance(false)
			n.list = append(n.list, p.expression(0))
		}
		return n
	case ":=":
		if left.kind != rawVariable {
			panic(&Error{Code: "S0212", Offset: left.offset, Token: left.text})
		}
		n.list = append(n.list, p.expression(leftPower[op]-1))
		return n
	}
	right := p.expression(leftPower[op])
	if (op == "@" || op == "#") && (right.kind != rawVariable || right.text == "") {
		panic(&Error{Code: "S0214", Offset: right.offset, Token: op})
	}
	n.list = append(n.list, right)
	return n
}

func (p *parser) filter(n *raw) *raw {
	left := n.list[0]
	if p.is("]") {
		step := left
		for step.kind == rawFilter {
			step = step.list[0]
		}
		step.keepArray = true
		p.advance(true)
		return left
	}
	n.kind = rawFilter
	n.list = append(n.list, p.expression(0))
	p.expect("]", true)
	return n
}

func (p *parser) sort(n *raw) *raw {
	n.kind = rawSort
	p.expect("(", false)
	for {
		var term rawTerm
		if p.is("<") || p.is(">") {
			term.descending = p.is(">")
			p.advance(false)
		}
		term.expression = p.expression(0)
		n.terms = append(n.terms, term)
		if !p.is(",") {
			break
		}
		p.advance(false)
	}
	p.expect(")", true)
	return n
}
