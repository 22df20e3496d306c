package jsonata

import (
	"strings"
	"unicode/utf8"
)

// matcher runs a program over one text.
type matcher struct {
	prog  *regexProgram
	text  string
	slots []int
	stack []regexBack
	r     *run

	looking int // look-arounds that are being tried
}

// regexBack is what to do when the current way fails.
type regexBack struct {
	pc  int // where to go on; or restoreSlot minus the slot to restore, below 0
	pos int // there, or the old value of the slot
	end int // for runs: the positions down (greedy) or up (lazy) to here can be tried as well; -1 for none
}

// find returns the slots of the first match at or after from, or nil. They are valid until the next call.
func (m *matcher) find(from int) []int {
	p := m.prog
	if cap(m.slots) < p.slots {
		m.slots = make([]int, p.slots)
	}
	m.slots = m.slots[:p.slots]
	for pos := from; pos <= len(m.text); {
		switch {
		case p.anchored && pos > 0:
			return nil
		case p.prefix != "":
			i := strings.Index(m.text[pos:], p.prefix)
			if i < 0 {
				return nil
			}
			pos += i
		case p.first != nil && p.lead < 0:
			for pos < len(m.text) && !p.first[m.text[pos]] {
				pos++
			}
			if pos == len(m.text) {
				return nil
			}
		}
		if p.lead >= 0 {
			if pos = m.leadFrom(pos); pos < 0 {
				return nil
			}
		}
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.stack = m.stack[:0]
		if end := m.run(0, pos); end >= 0 {
			m.slots[0], m.slots[1] = pos, end
			return m.slots
		}
		if pos < len(m.text) {
			_, size := utf8.DecodeRuneInString(m.text[pos:])
			pos += size
		} else {
			pos++
		}
	}
	return nil
}

// leadFrom returns the first place, not before pos, where the run that every match starts with ends at the byte
// that must follow it, or -1. It looks for that byte and goes back from there.
func (m *matcher) leadFrom(pos int) int {
	in, char := &m.prog.insts[m.prog.lead], &m.prog.insts[m.prog.lead+1]
	for from := pos; ; {
		i := strings.IndexByte(m.text[from:], in.next)
		if i < 0 {
			return -1
		}
		start, count := from+i, 0
		for start > pos {
			if b := m.text[start-1]; b < utf8.RuneSelf && char.op == reClass {
				if !m.prog.classes[char.x].bytes[b] {
					break
				}
				start--
			} else {
				r, size := m.next(start, true)
				if start-size < pos || !m.single(char, r) {
					break
				}
				start -= size
			}
			count++
		}
		if count >= in.x {
			return start
		}
		from += i + 1
		pos = from
	}
}

// next decodes the character that a single-character instruction looks at; size 0 when there is none.
func (m *matcher) next(pos int, backward bool) (rune, int) {
	if backward {
		if pos == 0 {
			return 0, 0
		}
		if b := m.text[pos-1]; b < utf8.RuneSelf {
			return rune(b), 1
		}
		return utf8.DecodeLastRuneInString(m.text[:pos])
	}
	if pos >= len(m.text) {
		return 0, 0
	}
	if b := m.text[pos]; b < utf8.RuneSelf {
		return rune(b), 1
	}
	return utf8.DecodeRuneInString(m.text[pos:])
}

// single reports whether the character r is matched by a single-character instruction.
func (m *matcher) single(in *regexInst, r rune) bool {
	switch in.op {
	case reChar:
		return r == in.r || m.prog.fold && foldRune(r) == in.r
	case reAny:
		return r != '\n' && r != '\r' && r != 0x2028 && r != 0x2029
	}
	return m.prog.classes[in.x].matches(r, m.prog.fold)
}

// one moves over one matching character and returns the new position, or -1.
func (m *matcher) one(in *regexInst, pos int) int {
	if in.op == reChar && !in.backward && !m.prog.fold && in.r < utf8.RuneSelf {
		if pos < len(m.text) && m.text[pos] == byte(in.r) {
			return pos + 1
		}
		return -1
	}
	r, size := m.next(pos, in.backward)
	if size == 0 || !m.single(in, r) {
		return -1
	}
	if in.backward {
		return pos - size
	}
	return pos + size
}

func (m *matcher) set(slot, value int) {
	m.stack = append(m.stack, regexBack{pc: -1 - slot, pos: m.slots[slot]})
	m.slots[slot] = value
}

// run matches the program from pc at pos; it returns the end, or -1. It leaves on the stack what restores the
// slots it has set.
func (m *matcher) run(pc, pos int) int {
	base := len(m.stack)
	steps := 0
	for {
		if steps++; steps&255 == 0 {
			m.r.spend(64)
		}
		in := &m.prog.insts[pc]
		ok := true
		switch in.op {
		case reByte:
			ok = pos < len(m.text) && m.text[pos] == byte(in.r)
			pos++
			pc++
		case reChar, reAny, reClass:
			if pos = m.one(in, pos); pos < 0 {
				ok = false
			}
			pc++
		case reMatch:
			return pos
		case reSplit:
			m.stack = append(m.stack, regexBack{pc: in.y, pos: pos, end: -1})
			pc = in.x
		case reJump:
			pc = in.x
		case reSave:
			if len(m.stack) == 0 && m.looking == 0 {
				// Without another way to try, nothing has to be restored.
				m.slots[in.x] = pos
			} else {
				m.set(in.x, pos)
			}
			pc++
		case reReset:
			for g := in.x; g < in.y; g++ {
				m.set(2*g, -1)
				m.set(2*g+1, -1)
			}
			pc++
		case reMark:
			m.set(in.x, pos)
			pc++
		case reMoved:
			ok = m.slots[in.x] != pos
			pc++
		case reRun:
			pos, ok = m.repeat(in, pc, pos)
			pc += 2
		case reBack:
			pos, ok = m.backReference(in, pos)
			pc++
		case reLook:
			ok = m.look(in, pc, pos)
			pc = in.x
		default:
			ok = m.assertion(in.op, pos)
			pc++
		}
		if ok {
			continue
		}
		if pc, pos, ok = m.back(base); !ok {
			return -1
		}
	}
}

// back takes the next way to try from the stack.
func (m *matcher) back(base int) (pc, pos int, ok bool) {
	for len(m.stack) > base {
		b := &m.stack[len(m.stack)-1]
		if b.pc < 0 {
			m.slots[-1-b.pc] = b.pos
			m.stack = m.stack[:len(m.stack)-1]
			continue
		}
		pc, pos = b.pc, b.pos
		if b.end < 0 || !m.shrink(b) {
			m.stack = m.stack[:len(m.stack)-1]
		}
		return pc, pos, true
	}
	return 0, 0, false
}

// shrink moves a run that is on the stack to the next length to try, and reports false when there is none.
func (m *matcher) shrink(b *regexBack) bool {
	in := &m.prog.insts[b.pc-2]
	if in.lazy {
		// end holds how many characters may still be taken.
		if b.end == 0 {
			return false
		}
		next := m.one(&m.prog.insts[b.pc-1], b.pos)
		if next < 0 {
			return false
		}
		b.pos = next
		b.end--
		return true
	}
	if b.pos == b.end {
		return false
	}
	_, size := m.next(b.pos, !in.backward)
	if in.backward {
		b.pos += size
	} else {
		b.pos -= size
	}
	return true
}

// repeat matches a run of single characters.
func (m *matcher) repeat(in *regexInst, pc, pos int) (int, bool) {
	char := &m.prog.insts[pc+1]
	for range in.x {
		if pos = m.one(char, pos); pos < 0 {
			return 0, false
		}
	}
	left := len(m.text)
	if in.y >= 0 {
		left = in.y - in.x
	}
	if in.lazy {
		b := regexBack{pc: pc + 2, pos: pos, end: left}
		if left > 0 && m.shrink(&b) {
			m.stack = append(m.stack, b)
		}
		return pos, true
	}
	least := pos
	if in.certain {
		pos = m.through(char, pos)
		m.r.spend((pos - least) >> 4)
		return pos, pos < len(m.text) && m.text[pos] == in.next
	}
	for ; left > 0; left-- {
		next := m.one(char, pos)
		if next < 0 {
			break
		}
		pos = next
	}
	if pos != least {
		m.r.spend((max(pos, least)-min(pos, least))>>4 + 1)
		b := regexBack{pc: pc + 2, pos: pos, end: least}
		if m.shrink(&b) {
			m.stack = append(m.stack, b)
		}
	}
	return pos, true
}

// through returns the end of the longest run of matching characters from pos on.
func (m *matcher) through(in *regexInst, pos int) int {
	if in.op == reClass {
		class := m.prog.classes[in.x]
		for pos < len(m.text) && class.bytes[m.text[pos]] {
			pos++
		}
		if pos == len(m.text) || m.text[pos] < utf8.RuneSelf {
			return pos
		}
	}
	for {
		next := m.one(in, pos)
		if next < 0 {
			return pos
		}
		pos = next
	}
}

func (m *matcher) backReference(in *regexInst, pos int) (int, bool) {
	start, end := m.slots[2*in.x], m.slots[2*in.x+1]
	if start < 0 || end < 0 {
		return pos, true
	}
	want := m.text[start:end]
	from, to := pos, pos+len(want)
	if in.backward {
		from, to = pos-len(want), pos
	}
	if from < 0 || to > len(m.text) {
		return 0, false
	}
	got := m.text[from:to]
	if got != want && !(m.prog.fold && strings.EqualFold(got, want)) {
		return 0, false
	}
	if in.backward {
		return from, true
	}
	return to, true
}

// look runs a look-around. Captures of a positive one are kept, ways back into it are not.
func (m *matcher) look(in *regexInst, pc, pos int) bool {
	base := len(m.stack)
	m.looking++
	found := m.run(pc+1, pos) >= 0
	m.looking--
	if found == in.negate {
		m.unwind(base)
		return false
	}
	if in.negate {
		m.unwind(base)
		return true
	}
	kept := m.stack[:base]
	for _, b := range m.stack[base:] {
		if b.pc < 0 {
			kept = append(kept, b)
		}
	}
	m.stack = kept
	return true
}

func (m *matcher) unwind(base int) {
	for len(m.stack) > base {
		b := m.stack[len(m.stack)-1]
		if b.pc < 0 {
			m.slots[-1-b.pc] = b.pos
		}
		m.stack = m.stack[:len(m.stack)-1]
	}
}

func (m *matcher) assertion(op regexOp, pos int) bool {
	switch op {
	case reBegin:
		if pos == 0 {
			return true
		}
		r, _ := m.next(pos, true)
		return m.prog.multi && isLineEnd(r)
	case reEnd:
		if pos == len(m.text) {
			return true
		}
		r, _ := m.next(pos, false)
		return m.prog.multi && isLineEnd(r)
	}
	before, n := m.next(pos, true)
	after, k := m.next(pos, false)
	boundary := (n > 0 && isWord(before)) != (k > 0 && isWord(after))
	return boundary == (op == reWord)
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 }

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
