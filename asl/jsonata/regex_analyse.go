package jsonata

import "unicode/utf8"

// analyse finds out with what a match can start, so that most positions need not be tried.
func (p *regexProgram) analyse() {
	pc := 0
	for p.insts[pc].op == reSave {
		pc++
	}
	p.anchored = p.insts[pc].op == reBegin && !p.multi
	p.lead = -1
	for _, class := range p.classes {
		for b := range rune(128) {
			class.bytes[b] = class.matches(b, p.fold)
		}
	}
	if p.fold {
		return
	}
	p.findCertain()
	p.findBytes()
	if in := &p.insts[pc]; in.op == reRun && in.certain && in.x > 0 {
		p.lead = pc
	}
	var prefix []byte
	for i := pc; (p.insts[i].op == reChar || p.insts[i].op == reByte) && p.insts[i].r != utf8.RuneError; i++ {
		prefix = utf8.AppendRune(prefix, p.insts[i].r)
	}
	p.prefix = string(prefix)
	if p.prefix == "" {
		var first [256]bool
		if p.starts(0, &first, 0) {
			p.first = &first
		}
	}
}

// findCertain marks the greedy runs that a known byte must follow which they cannot match themselves.
func (p *regexProgram) findCertain() {
	for pc := range p.insts {
		in := &p.insts[pc]
		if in.op != reRun || in.lazy || in.backward || in.y >= 0 {
			continue
		}
		after := pc + 2
		for p.insts[after].op == reSave {
			after++
		}
		next := &p.insts[after]
		if next.op != reChar || next.r >= utf8.RuneSelf || next.backward {
			continue
		}
		m := matcher{prog: p}
		if !m.single(&p.insts[pc+1], next.r) {
			in.next, in.certain = byte(next.r), true
		}
	}
}

// findBytes turns characters that are a byte each into the instruction that only compares it. Those that are repeated
// stay, as do those inside of look-behind.
func (p *regexProgram) findBytes() {
	for pc := range p.insts {
		in := &p.insts[pc]
		if in.op == reChar && in.r < utf8.RuneSelf && !in.backward && (pc == 0 || p.insts[pc-1].op != reRun) {
			in.op = reByte
		}
	}
}

// starts collects the bytes that the program at pc can start with, and reports false when it may be any or none.
func (p *regexProgram) starts(pc int, first *[256]bool, depth int) bool {
	if depth > 50 {
		return false
	}
	for {
		switch in := &p.insts[pc]; in.op {
		case reChar, reByte:
			if in.r >= 128 {
				return false
			}
			first[in.r] = true
			return true
		case reClass:
			class := p.classes[in.x]
			for b := range 256 {
				if b >= 128 || class.matches(rune(b), false) {
					first[b] = true
				}
			}
			return true
		case reRun:
			if in.x == 0 {
				return false
			}
			pc++
		case reSplit:
			return p.starts(in.x, first, depth+1) && p.starts(in.y, first, depth+1)
		case reJump:
			pc = in.x
		case reSave, reReset, reMark:
			pc++
		default:
			return false
		}
	}
}
