package jsonata

import (
	"math"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

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
