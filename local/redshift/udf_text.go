package redshift

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"airline/etl"
)

func textUDFs() []*udf {
	return []*udf{
		udf3("rs_substring", func(s string, from, length int64) (maybe[string], error) {
			if length < 0 {
				return none[string](), fmt.Errorf("negative substring length not allowed")
			}
			return some(string(slice([]rune(s), from, length))), nil
		}),
		plain1("rs_soundex", soundex),
		plain2("rs_difference", difference),
		plain1("rs_initcap", initcap),
		plain1("rs_quote_ident", quoteIdent),
		plain1("rs_quote_literal", quoteLiteral),
		udf3("rs_translate", func(s, from, to string) (maybe[string], error) { return some(translated(s, from, to)), nil }),
		udf2("rs_strtol", strtol),
		plain2("rs_octetindex", func(what, s string) int32 { return int32(strings.Index(s, what) + 1) }),
		udf2("rs_similar", func(pattern, escape string) (maybe[string], error) { return orError(similarPattern(pattern, escape)) }),
		udf3("rs_matches", func(s, pattern, flags string) (maybe[bool], error) {
			m, err := compiled(pattern, strings.TrimPrefix(flags, "s"))
			if err != nil {
				return none[bool](), err
			}
			return some(m.posix.MatchString(s)), nil
		}),
	}
}

// slice takes length items from the position'th on; positions begin with 1, and those before it count.
func slice[T any](items []T, position, length int64) []T {
	size := int64(len(items))
	end := size
	if length < size-position+1 || position < 1 && length < size+1-position {
		end = position - 1 + length
	}
	start := min(max(position-1, 0), size)
	return items[start:min(max(end, start), size)]
}

// soundexCodes are the digits of the letters from a; 0 for vowels, which part equal digits, and '-' for h and w, which do not.
const soundexCodes = "01230120022455012623010202"

// soundex is American Soundex: a letter and three digits; "" when there is no letter.
func soundex(s string) string {
	var out []byte
	last := byte('0')
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if !isLetter(s[i]) {
			continue
		}
		code := soundexCodes[c-'a']
		switch {
		case len(out) == 0:
			out = append(out, c&^0x20)
		case code != '0' && code != last:
			out = append(out, code)
		}
		if c != 'h' && c != 'w' || len(out) == 1 {
			last = code
		}
		if len(out) == 4 {
			break
		}
	}
	if len(out) == 0 {
		return ""
	}
	return (string(out) + "000")[:4]
}

// difference is how many places of the Soundex codes are equal.
func difference(a, b string) int32 {
	x, y := soundex(a), soundex(b)
	n := int32(0)
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			n++
		}
	}
	return n
}

// initcap makes the first letter of every word a capital; a word ends where no letter or digit stands.
func initcap(s string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		was := inside
		inside = unicode.IsLetter(r) || unicode.IsDigit(r)
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// quoteIdent quotes a name where it needs quotes.
func quoteIdent(s string) string {
	plain := s != "" && !etl.Reserved(s) && (s[0] == '_' || s[0] >= 'a' && s[0] <= 'z')
	for i := 0; i < len(s) && plain; i++ {
		plain = isWordByte(s[i]) && s[i] != '$' && (s[i] < 'A' || s[i] > 'Z')
	}
	if plain {
		return s
	}
	return quote(s)
}

func quoteLiteral(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", "''") + "'"
}

// translated replaces characters one by one; those without a counterpart go.
func translated(s, from, to string) string {
	source, target := []rune(from), []rune(to)
	return strings.Map(func(r rune) rune {
		for i, f := range source {
			switch {
			case f != r:
			case i < len(target):
				return target[i]
			default:
				return -1
			}
		}
		return r
	}, s)
}

// strtol reads a whole number of a base; 0x may stand before one of base 16, and nothing is 0.
func strtol(s string, base int64) (maybe[int64], error) {
	if base < 2 || base > 36 {
		return none[int64](), fmt.Errorf("base %d is not between 2 and 36", base)
	}
	text := strings.TrimSpace(s)
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimLeft(text, "+-")
	if base == 16 {
		text = strings.TrimPrefix(strings.TrimPrefix(text, "0x"), "0X")
	}
	if text == "" && s == "" {
		return some(int64(0)), nil
	}
	if negative {
		text = "-" + text
	}
	n, err := strconv.ParseInt(text, int(base), 64)
	if err != nil {
		return none[int64](), fmt.Errorf("The input %s is not valid to be converted to base %d", s, base)
	}
	return some(n), nil
}

func regexpUDFs() []*udf {
	return []*udf{
		{"rs_regexp_count", types("ttit"), duckTypeOf[int32](), func(a []driver.Value) (any, error) {
			n, err := regexpCount(arg[string](a, 0), arg[string](a, 1), arg[int64](a, 2), arg[string](a, 3))
			return result(orError(n, err))
		}},
		{"rs_regexp_instr", types("ttiiit"), duckTypeOf[int32](), func(a []driver.Value) (any, error) {
			n, err := regexpInstr(arg[string](a, 0), arg[string](a, 1), arg[int64](a, 2), arg[int64](a, 3), arg[int64](a, 4), arg[string](a, 5))
			return result(orError(n, err))
		}},
		{"rs_regexp_substr", types("ttiit"), duckTypeOf[string](), func(a []driver.Value) (any, error) {
			s := arg[string](a, 0)
			m, ok, err := regexpNth(s, arg[string](a, 1), arg[int64](a, 2), arg[int64](a, 3), arg[string](a, 4))
			if !ok {
				return result(some(""), err)
			}
			return s[m.from:m.to], nil
		}},
		{"rs_regexp_replace", types("tttit"), duckTypeOf[string](), func(a []driver.Value) (any, error) {
			s, err := regexpReplace(arg[string](a, 0), arg[string](a, 1), arg[string](a, 2), arg[int64](a, 3), arg[string](a, 4))
			return result(orError(s, err))
		}},
	}
}
