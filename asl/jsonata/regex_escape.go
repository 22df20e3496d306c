package jsonata

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// escape compiles what a backslash starts outside of a class.
func (c *regexCompiler) escape() bool {
	c.at++
	if !c.more() {
		c.fail("\\ at end of pattern")
	}
	switch ch := c.src[c.at]; {
	case ch == 'b' || ch == 'B':
		c.at++
		op := reWord
		if ch == 'B' {
			op = reNotWord
		}
		c.emit(regexInst{op: op})
		return false
	case strings.IndexByte("dDwWsS", ch) >= 0:
		c.at++
		c.class(namedClass(ch))
		return true
	case ch >= '1' && ch <= '9':
		end := c.at
		for end < len(c.src) && c.src[end] >= '0' && c.src[end] <= '9' {
			end++
		}
		if n, err := strconv.Atoi(c.src[c.at:end]); err == nil && n <= c.total {
			c.at = end
			c.emit(regexInst{op: reBack, x: n})
			return true
		}
	case ch == 'k' && strings.HasPrefix(c.src[c.at:], "k<"):
		name, _, ok := strings.Cut(c.src[c.at+2:], ">")
		for i, known := range c.prog.names {
			if ok && known == name && name != "" {
				c.at += len(name) + 3
				c.emit(regexInst{op: reBack, x: i + 1})
				return true
			}
		}
	}
	c.char(c.escapedChar())
	return true
}

// escapedChar reads the character that an escape stands for; the backslash has been read.
func (c *regexCompiler) escapedChar() rune {
	ch := c.src[c.at]
	switch ch {
	case 't', 'n', 'v', 'f', 'r':
		c.at++
		return rune("\t\n\v\f\r"[strings.IndexByte("tnvfr", ch)])
	case 'c':
		if c.at+1 < len(c.src) {
			if l := c.src[c.at+1] | 0x20; l >= 'a' && l <= 'z' {
				c.at += 2
				return rune(l & 31)
			}
		}
		return '\\'
	case 'x', 'u':
		digits := 2
		if ch == 'u' {
			digits = 4
		}
		if r, ok := hexDigits(c.src, c.at+1, digits); ok {
			c.at += 1 + digits
			if r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(c.src[c.at:], `\u`) {
				if low, ok := hexDigits(c.src, c.at+2, 4); ok && low >= 0xDC00 && low < 0xE000 {
					c.at += 6
					return (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
				}
			}
			return r
		}
	}
	if ch >= '0' && ch <= '7' {
		r := rune(0)
		for i := 0; i < 3 && c.more() && c.src[c.at] >= '0' && c.src[c.at] <= '7' && r*8+rune(c.src[c.at]-'0') <= 255; i++ {
			r = r*8 + rune(c.src[c.at]-'0')
			c.at++
		}
		return r
	}
	r, size := utf8.DecodeRuneInString(c.src[c.at:])
	c.at += size
	return r
}

// classBody reads a class after its opening bracket.
func (c *regexCompiler) classBody() *charClass {
	class := &charClass{}
	class.negate = c.eat("^")
	for {
		if !c.more() {
			c.fail("unterminated character class")
		}
		if c.eat("]") {
			return class
		}
		lo, named := c.classAtom()
		if c.at+1 < len(c.src) && c.src[c.at] == '-' && c.src[c.at+1] != ']' {
			c.at++
			hi, namedHi := c.classAtom()
			if named == nil && namedHi == nil {
				if hi < lo {
					c.fail("range out of order in character class")
				}
				class.add(lo, hi)
				continue
			}
			// One side is a class: the hyphen stands for itself.
			class.add('-', '-')
			addAtom(class, hi, namedHi)
		}
		addAtom(class, lo, named)
	}
}

func addAtom(class *charClass, r rune, named *charClass) {
	if named != nil {
		class.addClass(named)
		return
	}
	class.add(r, r)
}

func (c *regexCompiler) classAtom() (rune, *charClass) {
	if c.src[c.at] != '\\' {
		r, size := utf8.DecodeRuneInString(c.src[c.at:])
		c.at += size
		return r, nil
	}
	c.at++
	if !c.more() {
		c.fail("\\ at end of pattern")
	}
	switch ch := c.src[c.at]; {
	case ch == 'b':
		c.at++
		return '\b', nil
	case strings.IndexByte("dDwWsS", ch) >= 0:
		c.at++
		return 0, namedClass(ch)
	}
	return c.escapedChar(), nil
}
