package jsonata

import "unicode"

// charClass is a set of characters.
type charClass struct {
	ascii  [2]uint64
	ranges []rune // pairs above ASCII
	negate bool

	bytes [256]bool // which ASCII characters are matched, when case counts; false from 128 on
}

func (c *charClass) add(lo, hi rune) {
	for r := lo; r <= hi && r < 128; r++ {
		c.ascii[r>>6] |= 1 << (r & 63)
	}
	if hi >= 128 {
		c.ranges = append(c.ranges, max(lo, 128), hi)
	}
}

func (c *charClass) addNot(other *charClass) {
	for i := range c.ascii {
		c.ascii[i] |= ^other.ascii[i]
	}
	next := rune(128)
	for i := 0; i < len(other.ranges); i += 2 {
		if other.ranges[i] > next {
			c.ranges = append(c.ranges, next, other.ranges[i]-1)
		}
		next = other.ranges[i+1] + 1
	}
	if next <= unicode.MaxRune {
		c.ranges = append(c.ranges, next, unicode.MaxRune)
	}
}

func (c *charClass) addClass(other *charClass) {
	for i := range c.ascii {
		c.ascii[i] |= other.ascii[i]
	}
	c.ranges = append(c.ranges, other.ranges...)
}

func (c *charClass) has(r rune) bool {
	if r < 128 {
		return c.ascii[r>>6]&(1<<(r&63)) != 0
	}
	for i := 0; i < len(c.ranges); i += 2 {
		if r >= c.ranges[i] && r <= c.ranges[i+1] {
			return true
		}
	}
	return false
}

func (c *charClass) matches(r rune, fold bool) bool {
	ok := c.has(r)
	if !ok && fold {
		upper, lower := foldRune(r), unicode.ToLower(r)
		ok = c.has(upper) || foldRune(lower) == upper && c.has(lower)
	}
	return ok != c.negate
}

// foldRune is JavaScript's Canonicalize: upper case, but never from outside ASCII into it.
func foldRune(r rune) rune {
	u := unicode.ToUpper(r)
	if r >= 128 && u < 128 {
		return r
	}
	return u
}

func namedClass(c byte) *charClass {
	base := &charClass{}
	switch c | 0x20 {
	case 'd':
		base.add('0', '9')
	case 'w':
		base.add('0', '9')
		base.add('a', 'z')
		base.add('A', 'Z')
		base.add('_', '_')
	case 's':
		base.add('\t', '\r')
		base.add(' ', ' ')
		for _, r := range []rune{0xA0, 0x1680} {
			base.add(r, r)
		}
		base.add(0x2000, 0x200A)
		base.add(0x2028, 0x2029)
		for _, r := range []rune{0x202F, 0x205F, 0x3000, 0xFEFF} {
			base.add(r, r)
		}
	}
	if c >= 'a' {
		return base
	}
	not := &charClass{}
	not.addNot(base)
	return not
}
