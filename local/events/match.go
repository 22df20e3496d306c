package events

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"sync"

	"airline/asl/jsonvalue"
)

// leaf is a value of the event that is neither an object nor an array.
type leaf struct {
	value  any
	within *member // the array elements that it stands in
	next   int     // index of the field's next leaf, 0 after the last
}

// member is one element of one array of the event that a value stands in, and those around it. A value that is itself
// an element is in no element of that array: only objects and arrays hold what stands in them together.
type member struct {
	array, element int
	around         *member
}

// found holds the leaves of an event, those of a field linked in the order of the event.
type found struct {
	leaves      []leaf // the first one is unused
	first, last []int  // by field, 0 where there is none
	arrays      int
}

// Match reports whether the pattern matches this event.
func (p *Pattern) Match(event any) bool {
	o, ok := event.(*jsonvalue.Object)
	if !ok {
		return false
	}
	f, _ := p.spare.Get().(*found)
	if f == nil {
		f = &found{first: make([]int, p.fields), last: make([]int, p.fields)}
	}
	defer f.release(&p.spare)
	f.leaves = append(f.leaves, leaf{})
	f.object(p.names, o, nil)
	for _, rule := range p.rules {
		if f.match(rule, nil) {
			return true
		}
	}
	return false
}

// release empties f for the next event.
func (f *found) release(spare *sync.Pool) {
	clear(f.leaves)
	clear(f.first)
	clear(f.last)
	f.leaves, f.arrays = f.leaves[:0], 0
	spare.Put(f)
}

func (f *found) object(at *names, o *jsonvalue.Object, within *member) {
	for name, v := range o.All() {
		if next := at.find(name); next != nil {
			f.value(next, v, within)
		}
	}
}

// find follows a name of the event, which may have dots in it.
func (n *names) find(name string) *names {
	if next := n.child(name); next != nil {
		return next
	}
	for {
		part, rest, dotted := strings.Cut(name, ".")
		if n = n.child(part); n == nil || !dotted {
			return n
		}
		name = rest
	}
}

func (n *names) child(part string) *names {
	for _, next := range n.below {
		if next.part == part {
			return next
		}
	}
	return nil
}

func (f *found) value(at *names, v any, within *member) {
	switch v := v.(type) {
	case *jsonvalue.Object:
		f.object(at, v, within)
	case []any:
		array := f.arrays
		f.arrays++
		for i, e := range v {
			switch e.(type) {
			case *jsonvalue.Object, []any:
				f.value(at, e, &member{array, i, within})
			default:
				f.value(at, e, within)
			}
		}
	default:
		if at.field < 0 {
			return
		}
		i := len(f.leaves)
		f.leaves = append(f.leaves, leaf{value: v, within: within})
		if last := f.last[at.field]; last > 0 {
			f.leaves[last].next = i
		} else {
			f.first[at.field] = i
		}
		f.last[at.field] = i
	}
}

// match decides a rule, one path after the other: chosen are the array elements that the paths before it took their
// values from.
func (f *found) match(rule []constraint, chosen []*member) bool {
	if len(rule) == 0 {
		return true
	}
	c, rest := &rule[0], rule[1:]
	absent := true
	var tried []*member
	var later []bool
	for i := f.first[c.field]; i > 0; i = f.leaves[i].next {
		l := &f.leaves[i]
		if !consistent(chosen, l.within) {
			continue
		}
		absent = false
		if !c.takes(l.value) {
			continue
		}
		if l.within != nil && later == nil {
			later = f.laterArrays(rest)
		}
		kept := l.within.keep(later)
		if triedBefore(tried, kept) {
			continue
		}
		next := chosen
		if kept != nil {
			next = append(chosen[:len(chosen):len(chosen)], kept)
		}
		if f.match(rest, next) {
			return true
		}
		tried = append(tried, kept)
	}
	if absent {
		for _, m := range c.any {
			if m.absent {
				return f.match(rest, chosen)
			}
		}
	}
	return false
}

func (c *constraint) takes(v any) bool {
	for _, m := range c.any {
		if m.match(v) {
			return true
		}
	}
	return false
}

// consistent reports whether a value's elements are those that were chosen, wherever both stand in the same array.
func consistent(chosen []*member, within *member) bool {
	for m := within; m != nil; m = m.around {
		for _, earlier := range chosen {
			for e := earlier; e != nil; e = e.around {
				if e.array == m.array && e.element != m.element {
					return false
				}
			}
		}
	}
	return true
}

// laterArrays tells of each array of the event whether a later path of the rule looks into it.
func (f *found) laterArrays(rest []constraint) []bool {
	arrays := make([]bool, f.arrays)
	for _, c := range rest {
		for i := f.first[c.field]; i > 0; i = f.leaves[i].next {
			for m := f.leaves[i].within; m != nil; m = m.around {
				arrays[m.array] = true
			}
		}
	}
	return arrays
}

// keep leaves out the elements of all arrays but these. What no later path looks into decides nothing, and without it
// the search stays short where an event has long arrays.
func (m *member) keep(arrays []bool) *member {
	if m == nil {
		return nil
	}
	around := m.around.keep(arrays)
	switch {
	case !arrays[m.array]:
		return around
	case around == m.around:
		return m
	}
	return &member{m.array, m.element, around}
}

func triedBefore(tried []*member, m *member) bool {
	for _, t := range tried {
		a, b := t, m
		for a != nil && b != nil && a.array == b.array && a.element == b.element {
			a, b = a.around, b.around
		}
		if a == nil && b == nil {
			return true
		}
	}
	return false
}

// exactNumber gives the number that a value is, if its decimal digits are exactly the shortest ones of a 64-bit floating
// point number. Other numbers, such as those of 20 digits, are compared by how they are written.
func exactNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case json.Number:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil || !sameDecimal(string(v), strconv.FormatFloat(f, 'e', -1, 64)) {
			return 0, false
		}
		return f + 0, true
	}
	return 0, false
}

// sameDecimal compares two decimal texts by value. An exponent of more than four digits is beyond every 64-bit number.
func sameDecimal(a, b string) bool {
	if i := strings.IndexAny(a, "eE"); i >= 0 && len(a)-i > 6 {
		return false
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}
