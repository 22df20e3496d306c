package jsonata

import (
	"encoding/base64"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

func fnString(r *run, args []any) any {
	v := argument(args, 0)
	if IsUndefined(v) {
		return v
	}
	if pretty, _ := argument(args, 1).(bool); pretty {
		if _, isNumber := number(v); isArray(v) || !isNumber {
			switch v.(type) {
			case string, *Function:
			default:
				return r.json(v, true)
			}
		}
	}
	return r.text(v)
}

// nextChar returns the size of the first character of s, taking lone surrogates as characters.
func nextChar(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	if _, ok := jsonvalue.Surrogate(s); ok {
		return 3
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// charCount counts characters.
func charCount(s string) int {
	n := utf8.RuneCountInString(s)
	for i := strings.IndexByte(s, 0xED); i >= 0; {
		if _, ok := jsonvalue.Surrogate(s[i:]); ok {
			n -= 2
		}
		next := strings.IndexByte(s[i+1:], 0xED)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return n
}

// charOffset returns where the n-th character of s starts, or the length of s when it has fewer.
func charOffset(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		i += nextChar(s[i:])
	}
	return i
}

func fnLength(r *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.spend(len(s) >> 5)
	return jsonvalue.Box(float64(charCount(s)))
}

func fnSubstring(r *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.spend(len(s) >> 5)
	start, hasStart := number(argument(args, 1))
	length, hasLength := number(argument(args, 2))
	if hasLength && (length <= 0 || !hasStart) {
		return ""
	}
	count := math.MaxInt
	if start < 0 || hasLength && start+length < 0 {
		count = charCount(s)
	}
	if start < 0 && float64(count)+start < 0 {
		start = 0
	}
	end := math.Inf(1)
	if hasLength {
		end = start + length
		if start < 0 {
			end += float64(count)
		}
	}
	from := sliceIndex(start, count)
	to := sliceIndex(end, count)
	if to <= from {
		return ""
	}
	i := charOffset(s, from)
	if to == math.MaxInt {
		return s[i:]
	}
	return s[i : i+charOffset(s[i:], to-from)]
}

// sliceIndex is how Array.prototype.slice reads an index into count items.
func sliceIndex(f float64, count int) int {
	f = math.Trunc(f)
	if f < 0 {
		return int(max(0, f+float64(count)))
	}
	if f >= float64(count) {
		return count
	}
	return int(f)
}

func fnSubstringBefore(_ *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	before, _, _ := strings.Cut(s, separatorOf(args))
	return before
}

func fnSubstringAfter(_ *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	if _, after, ok := strings.Cut(s, separatorOf(args)); ok {
		return after
	}
	return s
}

// separatorOf returns the second argument; without one, JavaScript looks for the word undefined.
func separatorOf(args []any) string {
	if s, ok := argument(args, 1).(string); ok {
		return s
	}
	return "undefined"
}

func fnLowercase(r *run, args []any) any { return onString(r, args, lowercase) }

func fnUppercase(r *run, args []any) any { return onString(r, args, uppercase) }

func onString(r *run, args []any, f func(string) string) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(len(s))
	if strings.IndexByte(s, 0xED) >= 0 {
		return eachValid(s, f)
	}
	return f(s)
}

// eachValid applies f to the parts of s between lone surrogates.
func eachValid(s string, f func(string) string) string {
	var out strings.Builder
	start := 0
	for i := 0; i < len(s); {
		size := nextChar(s[i:])
		if _, ok := jsonvalue.Surrogate(s[i:]); ok {
			out.WriteString(f(s[start:i]))
			out.WriteString(s[i : i+size])
			start = i + size
		}
		i += size
	}
	out.WriteString(f(s[start:]))
	return out.String()
}

func fnTrim(r *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(len(s))
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		default:
			out = append(out, c)
		}
	}
	return strings.TrimSuffix(string(out), " ")
}

func fnPad(r *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	width, _ := number(argument(args, 1))
	width = math.Trunc(width)
	char, _ := argument(args, 2).(string)
	if char == "" {
		char = " "
	}
	missing := math.Abs(width) - float64(charCount(s))
	if !(missing > 0) {
		return s
	}
	if missing > float64(r.size) {
		panic(fault("D2015", nil))
	}
	n := int(missing)
	r.growText(len(s) + n*len(char))
	unit := charCount(char)
	padding := strings.Repeat(char, (n+unit-1)/unit)
	padding = padding[:charOffset(padding, n)]
	if width > 0 {
		return s + padding
	}
	return padding + s
}

func fnJoin(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	separator, _ := argument(args, 1).(string)
	size := 0
	for _, item := range items {
		s, _ := item.(string)
		size += len(s) + len(separator)
	}
	r.growText(size)
	out := make([]byte, 0, size)
	for i, item := range items {
		if i > 0 {
			out = append(out, separator...)
		}
		s, _ := item.(string)
		out = append(out, s...)
	}
	return string(out)
}

// fnBase64Encode encodes the characters up to U+00FF as bytes, as btoa does; of others it takes the low byte.
func fnBase64Encode(r *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(2 * len(s))
	data := make([]byte, 0, len(s))
	for _, u := range utf16.Encode([]rune(s)) {
		data = append(data, byte(u))
	}
	return base64.StdEncoding.EncodeToString(data)
}

// fnBase64Decode makes a character of each byte, as atob does. What is not base64 is passed
// over; Step Functions, whose decoder is Java's, refuses it.
func fnBase64Decode(r *run, args []any) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(2 * len(s))
	if r.stepFunctions {
		if _, err := base64.StdEncoding.DecodeString(s); err != nil {
			if _, err = base64.RawStdEncoding.DecodeString(s); err != nil {
				panic(refused("$base64decode: the text is not Base64"))
			}
		}
	}
	clean := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c == '=' {
			break
		}
		switch {
		case c == '-':
			c = '+'
		case c == '_':
			c = '/'
		}
		if isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '+' || c == '/' {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(data, clean)
	out := make([]byte, 0, n)
	for _, b := range data[:n] {
		out = utf8.AppendRune(out, rune(b))
	}
	return string(out)
}
