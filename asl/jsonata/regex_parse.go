package jsonata

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The regular expressions of JSONata are those of JavaScript: with look-around, back references and captures
// that each turn of a loop resets, which the regexp package of the standard library does not have. This file
// compiles a pattern to instructions, regex_match.go runs them with a budget of steps.

type regexOp uint8

const (
	reChar    regexOp = iota // r
	reAny                    // any character but line ends
	reClass                  // a character of class x
	reSplit                  // try x, then y
	reJump                   // x
	reSave                   // position to slot x
	reReset                  // forget the groups x up to y
	reBegin                  // ^
	reEnd                    // $
	reWord                   // \b
	reNotWord                // \B
	reBack                   // what group x matched
	reLook                   // look-around: the program from pc+1 up to x
	reMark                   // remember the position in loop slot x
	reMoved                  // fail unless the position moved since the mark in slot x
	reRun                    // x to y characters that match the single-character instruction after this one
	reMatch
	reByte // the byte r; made of reChar at the end
)

type regexInst struct {
	op       regexOp
	backward bool // matches what is before the position: inside look-behind
	negate   bool // of look-around
	lazy     bool // of runs
	r        rune
	x, y     int

	// Of a run: the only byte that can follow it, if that is known and no character of the run; then the run is
	// never worth shortening.
	next    byte
	certain bool
}

type regexProgram struct {
	insts    []regexInst
	classes  []*charClass
	groups   int // number of capturing groups, without the whole match
	names    []string
	slots    int // 2*(groups+1) + number of loop marks
	fold     bool
	multi    bool
	prefix   string     // literal text that every match starts with
	first    *[256]bool // bytes that a match can start with; nil for any
	anchored bool       // matches start at 0 only
	lead     int        // place of a certain run that every match starts with; -1 for none
}

const (
	maxRegexInsts  = 20_000
	maxRegexRepeat = 1_000
	maxRegexDepth  = 200
)

type regexCompiler struct {
	src      string
	at       int
	depth    int
	prog     *regexProgram
	group    int // groups seen so far
	total    int // groups in the whole pattern
	backward bool
	marks    int
}

func compileRegex(pattern, flags string) (prog *regexProgram, err error) {
	c := &regexCompiler{src: pattern, prog: &regexProgram{}}
	c.prog.fold = strings.Contains(flags, "i")
	c.prog.multi = strings.Contains(flags, "m")
	c.countGroups()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case regexError:
			prog, err = nil, errors.New(string(p))
		default:
			panic(p)
		}
	}()
	c.disjunction()
	if c.at < len(c.src) {
		c.fail("unmatched )")
	}
	c.emit(regexInst{op: reMatch})
	c.prog.groups = c.total
	c.prog.slots = 2*(c.total+1) + c.marks
	for i := range c.prog.insts {
		if in := &c.prog.insts[i]; in.op == reMark || in.op == reMoved {
			in.x += 2 * (c.total + 1)
		}
	}
	c.prog.analyse()
	return c.prog, nil
}

type regexError string

func (c *regexCompiler) fail(format string, args ...any) {
	panic(regexError(fmt.Sprintf(format, args...)))
}

// countGroups finds the number and the names of the groups, which back references may name before they come.
func (c *regexCompiler) countGroups() {
	class := false
	for i := 0; i < len(c.src); i++ {
		switch ch := c.src[i]; {
		case ch == '\\':
			i++
		case ch == '[':
			class = true
		case ch == ']':
			class = false
		case ch == '(' && !class:
			rest := c.src[i+1:]
			name := ""
			if strings.HasPrefix(rest, "?") {
				if !strings.HasPrefix(rest, "?<") || strings.HasPrefix(rest, "?<=") || strings.HasPrefix(rest, "?<!") {
					continue
				}
				name, _, _ = strings.Cut(rest[2:], ">")
			}
			c.total++
			c.prog.names = append(c.prog.names, name)
		}
	}
}

func (c *regexCompiler) emit(in regexInst) int {
	if len(c.prog.insts) >= maxRegexInsts {
		c.fail("too long")
	}
	in.backward = in.backward || c.backward
	c.prog.insts = append(c.prog.insts, in)
	return len(c.prog.insts) - 1
}

func (c *regexCompiler) more() bool { return c.at < len(c.src) }

func (c *regexCompiler) eat(s string) bool {
	if strings.HasPrefix(c.src[c.at:], s) {
		c.at += len(s)
		return true
	}
	return false
}

// insert makes room for one instruction at pc and corrects the jumps of those that move.
func (c *regexCompiler) insert(pc int, in regexInst) {
	c.emit(in)
	insts := c.prog.insts
	in = insts[len(insts)-1]
	copy(insts[pc+1:], insts[pc:len(insts)-1])
	insts[pc] = in
	for i := pc + 1; i < len(insts); i++ {
		insts[i] = insts[i].moved(pc, 1)
	}
}

func (in regexInst) moved(from, by int) regexInst {
	switch in.op {
	case reSplit:
		if in.y >= from {
			in.y += by
		}
		fallthrough
	case reJump, reLook:
		if in.x >= from {
			in.x += by
		}
	}
	return in
}

func (c *regexCompiler) disjunction() {
	if c.depth++; c.depth > maxRegexDepth {
		c.fail("nested too deeply")
	}
	start := len(c.prog.insts)
	c.alternative()
	var ends []int
	for c.eat("|") {
		c.insert(start, regexInst{op: reSplit, x: start + 1})
		ends = append(ends, c.emit(regexInst{op: reJump}))
		c.prog.insts[start].y = len(c.prog.insts)
		start = len(c.prog.insts)
		c.alternative()
	}
	for _, e := range ends {
		c.prog.insts[e].x = len(c.prog.insts)
	}
	c.depth--
}

// alternative compiles terms in a row; looking backward the last one comes first.
func (c *regexCompiler) alternative() {
	start := len(c.prog.insts)
	for c.more() && c.src[c.at] != '|' && c.src[c.at] != ')' {
		term := len(c.prog.insts)
		c.term()
		if c.backward && term > start {
			c.rotate(start, term)
		}
	}
}

// rotate moves the instructions from mid on before those from start on.
func (c *regexCompiler) rotate(start, mid int) {
	insts := c.prog.insts
	first := append([]regexInst(nil), insts[start:mid]...)
	second := append([]regexInst(nil), insts[mid:]...)
	shift := func(list []regexInst, lo, by int) {
		for i := range list {
			switch list[i].op {
			case reSplit:
				list[i].y += by
				fallthrough
			case reJump, reLook:
				list[i].x += by
			}
		}
	}
	shift(second, mid, start-mid)
	shift(first, start, len(second))
	copy(insts[start:], second)
	copy(insts[start+len(second):], first)
}

func (c *regexCompiler) term() {
	start, group := len(c.prog.insts), c.group
	quantifiable := c.atom()
	low, high, lazy, ok := c.quantifier()
	if !ok {
		return
	}
	if !quantifiable {
		c.fail("nothing to repeat")
	}
	c.repeat(start, group, low, high, lazy)
}

// quantifier reads * + ? {n} {n,} {n,m} and a lazy ? after it.
func (c *regexCompiler) quantifier() (low, high int, lazy, ok bool) {
	if !c.more() {
		return 0, 0, false, false
	}
	switch c.src[c.at] {
	case '*':
		low, high = 0, -1
	case '+':
		low, high = 1, -1
	case '?':
		low, high = 0, 1
	case '{':
		size := 0
		low, high, size = braces(c.src[c.at:])
		if size == 0 {
			return 0, 0, false, false
		}
		c.at += size - 1
		if high >= 0 && high < low {
			c.fail("numbers out of order in quantifier")
		}
		if low > maxRegexRepeat || high > maxRegexRepeat {
			c.fail("more than %d repetitions", maxRegexRepeat)
		}
	default:
		return 0, 0, false, false
	}
	c.at++
	return low, high, c.eat("?"), true
}

func braces(s string) (low, high, size int) {
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return 0, 0, 0
	}
	a, b, comma := strings.Cut(s[1:end], ",")
	low, err := strconv.Atoi(a)
	if err != nil || a[0] == '+' || a[0] == '-' {
		return 0, 0, 0
	}
	switch {
	case !comma:
		high = low
	case b == "":
		high = -1
	default:
		if high, err = strconv.Atoi(b); err != nil || b[0] == '+' || b[0] == '-' {
			return 0, 0, 0
		}
	}
	return low, high, end + 1
}

// repeat makes a loop of the instructions from start on.
func (c *regexCompiler) repeat(start, group, low, high int, lazy bool) {
	body := append([]regexInst(nil), c.prog.insts[start:]...)
	if len(body) == 1 && body[0].op <= reClass {
		c.prog.insts = c.prog.insts[:start]
		c.emit(regexInst{op: reRun, x: low, y: high, lazy: lazy, backward: body[0].backward})
		c.prog.insts = append(c.prog.insts, body[0])
		return
	}
	c.prog.insts = c.prog.insts[:start]
	copyBody := func() {
		if c.group > group {
			c.emit(regexInst{op: reReset, x: group + 1, y: c.group + 1})
		}
		by := len(c.prog.insts) - start
		for _, in := range body {
			in = in.moved(0, by)
			c.emit(in)
		}
	}
	for range low {
		copyBody()
	}
	split := func() int { return c.emit(regexInst{op: reSplit, lazy: lazy}) }
	target := func(s, yes, no int) {
		in := &c.prog.insts[s]
		if in.x, in.y = yes, no; lazy {
			in.x, in.y = no, yes
		}
	}
	if high < 0 {
		mark := c.marks
		c.marks++
		s := split()
		c.emit(regexInst{op: reMark, x: mark})
		copyBody()
		c.emit(regexInst{op: reMoved, x: mark})
		c.emit(regexInst{op: reJump, x: s})
		target(s, s+1, len(c.prog.insts))
		return
	}
	var splits []int
	for range high - low {
		mark := c.marks
		c.marks++
		splits = append(splits, split())
		c.emit(regexInst{op: reMark, x: mark})
		copyBody()
		c.emit(regexInst{op: reMoved, x: mark})
	}
	for _, s := range splits {
		target(s, s+1, len(c.prog.insts))
	}
}

// atom compiles one character, class, group or assertion, and reports whether it may be repeated.
func (c *regexCompiler) atom() bool {
	switch ch := c.src[c.at]; ch {
	case '^':
		c.at++
		c.emit(regexInst{op: reBegin})
		return false
	case '$':
		c.at++
		c.emit(regexInst{op: reEnd})
		return false
	case '.':
		c.at++
		c.emit(regexInst{op: reAny})
	case '(':
		return c.parenthesis()
	case '[':
		c.at++
		c.class(c.classBody())
	case '*', '+', '?':
		c.fail("nothing to repeat")
	case '\\':
		return c.escape()
	case '{':
		if _, _, size := braces(c.src[c.at:]); size > 0 {
			c.fail("nothing to repeat")
		}
		fallthrough
	default:
		r, size := utf8.DecodeRuneInString(c.src[c.at:])
		c.at += size
		c.char(r)
	}
	return true
}

func (c *regexCompiler) char(r rune) {
	if c.prog.fold {
		r = foldRune(r)
	}
	c.emit(regexInst{op: reChar, r: r})
}

func (c *regexCompiler) class(class *charClass) {
	c.prog.classes = append(c.prog.classes, class)
	c.emit(regexInst{op: reClass, x: len(c.prog.classes) - 1})
}

func (c *regexCompiler) parenthesis() bool {
	c.at++
	switch {
	case c.eat("?:"):
		c.disjunction()
	case c.eat("?="):
		c.look(false, false)
	case c.eat("?!"):
		c.look(false, true)
	case c.eat("?<="):
		c.look(true, false)
		return false
	case c.eat("?<!"):
		c.look(true, true)
		return false
	default:
		if c.eat("?<") {
			end := strings.IndexByte(c.src[c.at:], '>')
			if end <= 0 {
				c.fail("invalid capture group name")
			}
			c.at += end + 1
		} else if c.eat("?") {
			c.fail("invalid group")
		}
		c.group++
		open, shut := 2*c.group, 2*c.group+1
		if c.backward {
			open, shut = shut, open
		}
		c.emit(regexInst{op: reSave, x: open})
		c.disjunction()
		c.emit(regexInst{op: reSave, x: shut})
	}
	if !c.eat(")") {
		c.fail("unterminated group")
	}
	return true
}

func (c *regexCompiler) look(backward, negate bool) {
	pc := c.emit(regexInst{op: reLook, negate: negate})
	outer := c.backward
	c.backward = backward
	c.disjunction()
	c.emit(regexInst{op: reMatch})
	c.backward = outer
	c.prog.insts[pc].x = len(c.prog.insts)
	if backward && !c.eat(")") {
		c.fail("unterminated group")
	}
}
