package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

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
		for i := range len(m.text) {
			if m.text[i] >= utf8.RuneSelf {
				m.ascii = notASCII
				break
			}
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

// limitOf reads the optional limit, the last argument; without one it is infinite.
func limitOf(args []any, i int, code string) float64 {
	limit, ok := number(argument(args, i))
	if !ok {
		return math.Inf(1)
	}
	if limit < 0 {
		panic(&Error{Code: code, Offset: -1, Value: limit, index: i + 1})
	}
	return limit
}

func fnMatch(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	limit := limitOf(args, 2, "D3040")
	var out []any
	m := r.matches(argument(args, 1), text)
	f, ok := m.first(limit)
	for count := 0.0; ok && count < limit; count++ {
		r.grow(256)
		o := jsonvalue.NewObject(3)
		o.Set("match", f.match)
		if s, ok := f.value.(*jsonvalue.Object); ok {
			o.Set("index", member(s, "start"))
		} else {
			o.Set("index", jsonvalue.Box(float64(m.units(f.start))))
		}
		o.Set("groups", m.groups(&f))
		out = append(out, o)
		f, ok = m.find()
	}
	m.close()
	return &array{items: out, sequence: true}
}

func fnContains(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok || IsUndefined(argument(args, 1)) {
		return Undefined
	}
	if token, ok := argument(args, 1).(string); ok {
		r.spend(len(text) >> 5)
		return strings.Contains(text, token)
	}
	m := r.matches(argument(args, 1), text)
	_, ok = m.find()
	m.close()
	return ok
}

func fnSplit(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	limit := limitOf(args, 2, "D3020")
	out := []any{}
	if limit == 0 {
		return out
	}
	separator, isString := argument(args, 1).(string)
	if isString || IsUndefined(argument(args, 1)) {
		limit = math.Trunc(limit)
		return r.splitAt(text, separator, isString, limit)
	}
	m := r.matches(argument(args, 1), text)
	start := 0
	count := 0.0
	f, ok := m.first(limit)
	for ; ok && count < limit; count++ {
		r.grow(2 * valueSize)
		out = append(out, text[min(start, f.start):f.start])
		start = f.end
		f, ok = m.find()
	}
	m.close()
	if count < limit {
		out = append(out, text[start:])
	}
	return out
}

func (r *run) splitAt(text, separator string, given bool, limit float64) any {
	out := []any{}
	if limit < 1 {
		return out
	}
	if !given {
		return []any{text}
	}
	if separator == "" {
		for i := 0; i < len(text) && float64(len(out)) < limit; {
			size := nextChar(text[i:])
			r.grow(2 * valueSize)
			out = append(out, text[i:i+size])
			i += size
		}
		return out
	}
	for float64(len(out)) < limit {
		before, after, more := strings.Cut(text, separator)
		r.grow(2 * valueSize)
		out = append(out, before)
		if !more {
			break
		}
		text = after
	}
	return out
}

func fnReplace(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	pattern, isString := argument(args, 1).(string)
	if isString && pattern == "" {
		panic(&Error{Code: "D3010", Offset: -1, Value: pattern, index: 2})
	}
	limit := limitOf(args, 3, "D3011")
	replacement, constant := argument(args, 2).(string)
	function, _ := argument(args, 2).(*Function)
	if isString {
		return r.replaceText(text, pattern, replacement, limit)
	}
	if limit == 0 {
		return text
	}
	if IsUndefined(argument(args, 1)) {
		panic(&Error{Code: "T0410", Offset: -1, index: 2})
	}
	m := r.matches(argument(args, 1), text)
	position := 0
	f, ok := m.first(limit)
	if !ok {
		m.close()
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/4)
	for count := 0.0; ok && count < limit; count++ {
		out = append(out, text[min(position, f.start):f.start]...)
		before := len(out)
		if constant {
			out = f.expand(out, replacement, text)
		} else {
			var v any
			if function != nil {
				v = r.call(function, m.object(f))
			}
			s, ok := v.(string)
			if !ok {
				panic(fault("D3012", v))
			}
			out = append(out, s...)
		}
		r.grow(len(out) - before + f.start - position)
		position = min(f.start+len(f.match), len(text))
		f, ok = m.find()
	}
	m.close()
	return string(append(out, text[position:]...))
}

func (r *run) replaceText(text, pattern, replacement string, limit float64) any {
	var out []byte
	for count := 0.0; count < limit; count++ {
		before, after, ok := strings.Cut(text, pattern)
		if !ok {
			break
		}
		r.grow(len(before) + len(replacement))
		out = append(append(out, before...), replacement...)
		text = after
	}
	if out == nil {
		return text
	}
	return string(append(out, text...))
}

// expand appends a replacement with its $1, $2 ... filled in. $0 is the match, $$ a dollar sign. Of several
// digits, as many count as the number of groups has, or one less when that group does not exist.
func (f *found) expand(out []byte, replacement, text string) []byte {
	count := f.count()
	for {
		i := strings.IndexByte(replacement, '$')
		if i < 0 {
			return append(out, replacement...)
		}
		out = append(out, replacement[:i]...)
		replacement = replacement[i+1:]
		switch {
		case strings.HasPrefix(replacement, "$"):
			out = append(out, '$')
			replacement = replacement[1:]
			continue
		case strings.HasPrefix(replacement, "0"):
			out = append(out, f.match...)
			replacement = replacement[1:]
			continue
		}
		digits := 1
		if count > 9 {
			digits = len(strconv.Itoa(count))
		}
		n, ok := leadingNumber(replacement, digits)
		if digits > 1 && n > count {
			n, ok = leadingNumber(replacement, digits-1)
		}
		if !ok {
			out = append(out, '$')
			continue
		}
		if n >= 1 && n <= count {
			if s, ok := f.group(text, n).(string); ok {
				out = append(out, s...)
			}
		}
		replacement = replacement[min(len(strconv.Itoa(n)), len(replacement)):]
	}
}

// leadingNumber reads the decimal number at the start of the first most bytes of s.
func leadingNumber(s string, most int) (int, bool) {
	n, i := 0, 0
	for ; i < len(s) && i < most && isDigit(s[i]); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, i > 0
}
