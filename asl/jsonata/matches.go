package jsonata

import (
	"airline/asl/jsonvalue"
)

// found is one match, of a regular expression or as a matcher function of the expression reports it.
type found struct {
	match      string
	start, end int   // bytes
	slots      []int // of a regular expression: where its groups are, until the next match is looked for
	groups     []any // of a matcher function
	value      any   // what a replacement function is given
}

// count returns the number of groups.
func (f *found) count() int {
	if f.slots != nil {
		return len(f.slots)/2 - 1
	}
	return len(f.groups)
}

// group returns what a group has matched; groups count from 1.
func (f *found) group(text string, n int) any {
	if f.slots == nil {
		return f.groups[n-1]
	}
	if start, end := f.slots[2*n], f.slots[2*n+1]; start >= 0 && end >= 0 {
		return text[start:end]
	}
	return Undefined
}

// matches finds the matches of a pattern one after the other.
type matches struct {
	r       *run
	text    string
	regex   *Regex
	matcher matcher

	function *Function // a matcher of the expression
	next     any       // its next function
	started  bool

	at      int // byte where to go on
	unitsAt int // UTF-16 units before byteAt
	byteAt  int
	ascii   asciiState
}

// asciiState says whether a text is known to be ASCII, where bytes and UTF-16 units are the same.
type asciiState uint8

const (
	asciiUnknown asciiState = iota
	isASCII
	notASCII
)

func (m *matches) isASCII() bool {
	if m.ascii == asciiUnknown {
		m.ascii = isASCII
		if !ascii(m.text) {
			m.ascii = notASCII
		}
	}
	return m.ascii == isASCII
}

func (r *run) matches(pattern any, text string) *matches {
	f, _ := pattern.(*Function)
	m := &r.matching
	if m.r != nil {
		// A function called for a match is matching, too.
		m = &matches{}
	}
	stack, slots := m.matcher.stack, m.matcher.slots
	*m = matches{r: r, text: text}
	if f != nil && f.regex != nil {
		m.regex = f.regex
		m.matcher = matcher{prog: f.regex.prog, text: text, r: r, slots: slots, stack: stack[:0]}
	} else {
		m.function = f
	}
	return m
}

// close ends the use of m.
func (m *matches) close() {
	*m = matches{matcher: matcher{slots: m.matcher.slots, stack: m.matcher.stack[:0]}}
}

// units turns a byte offset, not before the last one asked for, into UTF-16 units.
func (m *matches) units(at int) int {
	if m.isASCII() {
		return at
	}
	if at < m.byteAt {
		m.byteAt, m.unitsAt = 0, 0
	}
	m.unitsAt += utf16Length(m.text[m.byteAt:at])
	m.byteAt = at
	return m.unitsAt
}

func utf16Length(s string) int {
	n := 0
	for i := 0; i < len(s); {
		size := nextChar(s[i:])
		n++
		if size == 4 {
			n++
		}
		i += size
	}
	return n
}

// bytes turns UTF-16 units into a byte offset.
func (m *matches) bytes(units float64) int {
	if m.isASCII() {
		return int(max(0, min(units, float64(len(m.text)))))
	}
	i := 0
	for ; units > 0 && i < len(m.text); units-- {
		size := nextChar(m.text[i:])
		if size == 4 {
			units--
		}
		i += size
	}
	return i
}

// first returns the first match, unless no match is wanted. Like the reference, the functions look for the next
// match before they look at their limit.
func (m *matches) first(limit float64) (found, bool) {
	if limit == 0 {
		return found{}, false
	}
	return m.find()
}

// find returns the next match.
func (m *matches) find() (found, bool) {
	if m.function != nil {
		return m.ask()
	}
	if m.started && m.at >= len(m.text) {
		return found{}, false
	}
	slots := m.matcher.find(m.at)
	if slots == nil {
		return found{}, false
	}
	f := found{match: m.text[slots[0]:slots[1]], start: slots[0], end: slots[1]}
	if m.started && f.match == "" {
		panic(&Error{Code: "D1004", Offset: m.regex.Offset, Token: m.regex.Pattern, Value: m.regex.Pattern})
	}
	f.slots = slots[:2*(m.regex.prog.groups+1)]
	m.started = true
	m.at = f.end
	return f, true
}

// ask gets the next match from a matcher function.
func (m *matches) ask() (found, bool) {
	var v any
	if !m.started {
		v = m.r.call(m.function, m.text)
	} else {
		next, ok := m.next.(*Function)
		if !ok {
			return found{}, false
		}
		v = m.r.call(next)
	}
	m.started = true
	if IsUndefined(v) {
		return found{}, false
	}
	if _, isFunction := v.(*Function); !isFunction && !truth(v) {
		m.next = nil
		return found{value: v}, true
	}
	o, _ := v.(*jsonvalue.Object)
	start, startOK := field(o, "start")
	end, endOK := field(o, "end")
	_, groupsOK := itemsOf(member(o, "groups"))
	m.next = member(o, "next")
	_, nextOK := m.next.(*Function)
	if !startOK && !endOK && !groupsOK && !nextOK {
		panic(&Error{Code: "T1010", Offset: -1, Value: v})
	}
	f := found{start: m.bytes(start), end: m.bytes(end), value: v}
	f.match, _ = member(o, "match").(string)
	f.groups, _ = itemsOf(member(o, "groups"))
	return f, true
}

func member(o *jsonvalue.Object, key string) any {
	if v, ok := o.Get(key); ok {
		return v
	}
	return Undefined
}

func field(o *jsonvalue.Object, key string) (float64, bool) { return number(member(o, key)) }

// object makes what a match looks like to the expression.
func (m *matches) object(f found) *jsonvalue.Object {
	if o, ok := f.value.(*jsonvalue.Object); ok {
		return o
	}
	m.r.grow(256)
	o := jsonvalue.NewObject(5)
	o.Set("match", f.match)
	o.Set("start", jsonvalue.Box(float64(m.units(f.start))))
	o.Set("end", jsonvalue.Box(float64(m.units(f.end))))
	o.Set("groups", m.groups(&f))
	return o
}

// groups returns the groups of a match as an array.
func (m *matches) groups(f *found) []any {
	n := f.count()
	m.r.grow((n + 2) * valueSize)
	out := make([]any, n)
	for i := range out {
		out[i] = f.group(m.text, i+1)
		m.r.contain(out[i])
	}
	return out
}

// matchFunction is a regular expression called as a function.
func (r *run) matchFunction(n *Regex, args []any) any {
	if IsUndefined(argument(args, 0)) {
		return Undefined
	}
	text := r.text(args[0])
	m := &matches{r: r, text: text, regex: n, matcher: matcher{prog: n.prog, text: text, r: r}}
	if from, ok := number(argument(args, 1)); ok {
		m.at = m.bytes(from)
	}
	return m.chained()
}

func (m *matches) chained() any {
	f, ok := m.find()
	if !ok {
		return Undefined
	}
	o := m.object(f)
	o.Set("next", &Function{arity: 0, native: func(r *run, _ []any) any {
		m.r, m.matcher.r = r, r
		return m.chained()
	}})
	return o
}
