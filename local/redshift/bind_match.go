package redshift

import "strings"

// like binds LIKE, ILIKE and SIMILAR TO.
func (b *binder) like(x *like, s *scope) value {
	var escape value
	if x.escape != nil {
		escape = b.expr(x.escape, s)
		if !escape.constant || len([]rune(escape.text)) > 1 {
			b.fail(x.escape.pos(), "the escape is a literal of one character")
		}
	}
	return b.likeMatch(x.op, x.not, b.expr(x.x, s), b.expr(x.pattern, s), escape, x.pos())
}

// likeMatch writes the match. The default escape is the backslash, which DuckDB's LIKE has not.
func (b *binder) likeMatch(op string, not bool, v, pattern, escape value, at int) value {
	if v.typ.Kind == Super {
		v = b.coerce(v, textType, at)
	}
	if v.typ.Kind == Varbyte {
		panic(notModelled(at, "LIKE of VARBYTE"))
	}
	char := `\`
	if escape.constant {
		char = escape.text
	}
	v, constant := b.coerce(v, textType, at), pattern.constant
	text := pattern.text
	pattern = b.coerce(pattern, textType, at)
	prefix := ""
	if not {
		prefix = "NOT "
	}
	if op == "similar" {
		re := fn("rs_similar", pattern.sql, quoteText(char))
		if constant {
			translated, err := similarPattern(text, char)
			if err != nil {
				b.fail(at, "%s", err.Error())
			}
			re = quoteText(translated)
		}
		return of(boolType, "("+prefix+fn("regexp_full_match", v.sql, re, "'s'")+")", v, pattern)
	}
	sql := v.sql + " " + prefix + strings.ToUpper(op) + " " + pattern.sql
	if char != "" && (!constant || strings.Contains(text, char)) {
		if constant && strings.HasSuffix(strings.ReplaceAll(text, char+char, ""), char) {
			b.fail(at, "LIKE pattern must not end with escape character")
		}
		sql += " ESCAPE " + quoteText(char)
	}
	return of(boolType, "("+sql+")", v, pattern)
}

// similarPattern makes a pattern of SIMILAR TO a regular expression: % and _ are wildcards, | * + ? { } ( ) [ ] as in
// regular expressions, everything else is itself ("SIMILAR TO").
func similarPattern(pattern, escape string) (string, error) {
	var out strings.Builder
	class := false
	runes := []rune(pattern)
	for i := 0; i < len(runes); i++ {
		c := runes[i]
		switch {
		case escape != "" && string(c) == escape:
			if i++; i == len(runes) {
				return "", failAt(0, "SIMILAR TO pattern must not end with escape character")
			}
			out.WriteString(quoteMeta(runes[i]))
		case class:
			if c == '\\' {
				out.WriteByte('\\')
			}
			out.WriteRune(c)
			class = c != ']'
		case c == '%':
			out.WriteString(".*")
		case c == '_':
			out.WriteByte('.')
		case strings.ContainsRune("|*+?{}()", c):
			out.WriteRune(c)
		case c == '[':
			class = true
			out.WriteRune(c)
			if i+1 < len(runes) && runes[i+1] == '^' {
				i++
				out.WriteByte('^')
			}
		default:
			out.WriteString(quoteMeta(c))
		}
	}
	return out.String(), nil
}

func quoteMeta(c rune) string {
	if strings.ContainsRune(`\.+*?()|[]{}^$`, c) {
		return `\` + string(c)
	}
	return string(c)
}

// posix binds the operators ~ and !~, with * when case does not matter.
func (b *binder) posix(op string, v, pattern value, at int) value {
	v = b.coerce(v, textType, at)
	constant, text := pattern.constant, pattern.text
	pattern = b.coerce(pattern, textType, at)
	var sql string
	flags := "s"
	if strings.HasSuffix(op, "*") {
		flags = "si"
	}
	if constant {
		re, err := posixPattern(text)
		if err != nil {
			b.fail(at, "%s", err.Error())
		}
		sql = fn("regexp_matches", v.sql, quoteText(re), quoteText(flags))
	} else {
		sql = fn("rs_matches", v.sql, pattern.sql, quoteText(flags))
	}
	if strings.HasPrefix(op, "!") {
		sql = "NOT " + sql
	}
	return of(boolType, "("+sql+")", v, pattern)
}

// posixPattern checks a pattern of the POSIX operators: what only Perl has is refused.
func posixPattern(pattern string) (string, error) {
	if _, err := compiled(pattern, ""); err != nil {
		return "", err
	}
	return pattern, nil
}
