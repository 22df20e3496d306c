package jsonata

import (
	"strings"
	"unicode/utf8"
)

const (
	urlUnreserved = "-_.!~*'()"
	urlReserved   = ";/?:@&=+$,#"
)

func fnEncodeURLComponent(r *run, args []any) any {
	return encodeURL(r, args, "encodeUrlComponent", urlUnreserved)
}

func fnEncodeURL(r *run, args []any) any {
	return encodeURL(r, args, "encodeUrl", urlUnreserved+urlReserved)
}

func encodeURL(r *run, args []any, name, plain string) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(3 * len(s))
	if !utf8.ValidString(s) {
		panic(&Error{Code: "D3140", Offset: -1, Value: s, Token: name})
	}
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, len(s)+len(s)/2)
	for i := range len(s) {
		c := s[i]
		if isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte(plain, c) >= 0 {
			out = append(out, c)
		} else {
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(out)
}

func fnDecodeURLComponent(r *run, args []any) any {
	return decodeURL(r, args, "decodeUrlComponent", "")
}

func fnDecodeURL(r *run, args []any) any { return decodeURL(r, args, "decodeUrl", urlReserved) }

// decodeURL undoes percent encoding, except of the characters in keep.
func decodeURL(r *run, args []any, name, keep string) any {
	s, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(len(s))
	bad := func() { panic(&Error{Code: "D3140", Offset: -1, Value: s, Token: name}) }
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '%' {
			out = append(out, s[i])
			i++
			continue
		}
		first, ok := hexDigits(s, i+1, 2)
		if !ok {
			bad()
		}
		if first < 0x80 {
			if strings.IndexByte(keep, byte(first)) >= 0 {
				out = append(out, s[i:i+3]...)
			} else {
				out = append(out, byte(first))
			}
			i += 3
			continue
		}
		start := len(out)
		out = append(out, byte(first))
		i += 3
		for !utf8.FullRune(out[start:]) {
			if i >= len(s) || s[i] != '%' {
				bad()
			}
			more, ok := hexDigits(s, i+1, 2)
			if !ok {
				bad()
			}
			out = append(out, byte(more))
			i += 3
		}
		if r, size := utf8.DecodeRune(out[start:]); r == utf8.RuneError && size <= 1 || size != len(out)-start {
			bad()
		}
	}
	return string(out)
}
