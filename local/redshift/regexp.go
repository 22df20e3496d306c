package redshift

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// matcher finds matches of a pattern: of the POSIX dialect, longest first, or of PCRE with the parameter p.
type matcher struct {
	posix *regexp.Regexp
	perl  *regexp2.Regexp
}

var matchers sync.Map // flags + pattern to *matcher

// maxMatchers bounds how many patterns are kept, should every row bring its own.
const maxMatchers = 2000

var matcherCount struct {
	sync.Mutex
	n int
}

// compiled is the matcher of a pattern; flags are those of the REGEXP functions.
func compiled(pattern, flags string) (*matcher, error) {
	key := flags + "\x00" + pattern
	if m, ok := matchers.Load(key); ok {
		return m.(*matcher), nil
	}
	m, err := compile(pattern, strings.Contains(flags, "i"), strings.Contains(flags, "p"))
	if err != nil {
		return nil, err
	}
	matcherCount.Lock()
	defer matcherCount.Unlock()
	if matcherCount.n < maxMatchers {
		matcherCount.n++
		matchers.Store(key, m)
	}
	return m, nil
}

func compile(pattern string, ignoreCase, perl bool) (*matcher, error) {
	if perl {
		options := regexp2.RegexOptions(regexp2.Singleline)
		if ignoreCase {
			options |= regexp2.IgnoreCase
		}
		re, err := regexp2.Compile(pattern, options)
		if err != nil {
			return nil, fmt.Errorf("invalid regular expression %q: %w", pattern, err)
		}
		return &matcher{perl: re}, nil
	}
	if what := perlOnly(pattern); what != "" {
		return nil, fmt.Errorf("%s in the regular expression %q needs the parameter p: the POSIX dialect does not have it", what, pattern)
	}
	prefix := "(?s)"
	if ignoreCase {
		prefix = "(?si)"
	}
	re, err := regexp.Compile(prefix + pattern)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression %q: %w", pattern, err)
	}
	re.Longest()
	return &matcher{posix: re}, nil
}

// perlOnly finds what a pattern of the POSIX dialect cannot have: (?...) and lazy quantifiers.
func perlOnly(pattern string) string {
	class := false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			if c == '[' && i+1 < len(pattern) && pattern[i+1] == ':' {
				if n := strings.Index(pattern[i:], ":]"); n > 0 {
					i += n + 1
				}
				continue
			}
			class = c != ']'
		case c == '[':
			class = true
			if i+1 < len(pattern) && pattern[i+1] == '^' {
				i++
			}
			if i+1 < len(pattern) && pattern[i+1] == ']' {
				i++
			}
		case c == '(' && i+1 < len(pattern) && pattern[i+1] == '?':
			return "(?"
		case c == '?' && i > 0 && strings.IndexByte("*+?}", pattern[i-1]) >= 0 && (i < 2 || pattern[i-2] != '\\'):
			return "a lazy quantifier"
		}
	}
	return ""
}

// span is a match in bytes; group is that of the first subexpression, or the match's where there is none.
type matchSpan struct{ from, to, groupFrom, groupTo int }

// all finds the matches of s from a byte offset on.
func (m *matcher) all(s string, offset int) ([]matchSpan, error) {
	if m.posix != nil {
		var list []matchSpan
		for _, loc := range m.posix.FindAllStringSubmatchIndex(s[offset:], -1) {
			span := matchSpan{loc[0] + offset, loc[1] + offset, loc[0] + offset, loc[1] + offset}
			if len(loc) > 2 && loc[2] >= 0 {
				span.groupFrom, span.groupTo = loc[2]+offset, loc[3]+offset
			}
			list = append(list, span)
		}
		return list, nil
	}
	runes := []rune(s)
	bytes := make([]int, len(runes)+1) // byte offset of each rune
	for i, r := range runes {
		bytes[i+1] = bytes[i] + utf8.RuneLen(r)
	}
	start := utf8.RuneCountInString(s[:offset])
	var list []matchSpan
	found, err := m.perl.FindRunesMatchStartingAt(runes, start)
	for found != nil && err == nil {
		span := matchSpan{bytes[found.Index], bytes[found.Index+found.Length], bytes[found.Index], bytes[found.Index+found.Length]}
		if groups := found.Groups(); len(groups) > 1 && len(groups[1].Captures) > 0 {
			span.groupFrom, span.groupTo = bytes[groups[1].Index], bytes[groups[1].Index+groups[1].Length]
		}
		list = append(list, span)
		found, err = m.perl.FindNextMatch(found)
	}
	return list, err
}

// offsetOf is the byte offset of the position'th character; ok is false beyond the end.
func offsetOf(s string, position int64) (offset int, ok bool) {
	for n := int64(1); n < position; n++ {
		if offset >= len(s) {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(s[offset:])
		offset += size
	}
	return offset, true
}

// matchesFrom finds the matches from a position on.
func matchesFrom(s, pattern string, position int64, flags string) ([]matchSpan, error) {
	m, err := compiled(pattern, flags)
	if err != nil {
		return nil, err
	}
	offset, ok := offsetOf(s, position)
	if !ok {
		return nil, nil
	}
	return m.all(s, offset)
}

func regexpCount(s, pattern string, position int64, flags string) (int32, error) {
	list, err := matchesFrom(s, pattern, position, flags)
	return int32(len(list)), err
}

// regexpNth is the occurrence'th match, or false.
func regexpNth(s, pattern string, position, occurrence int64, flags string) (matchSpan, bool, error) {
	list, err := matchesFrom(s, pattern, position, flags)
	if err != nil || occurrence < 1 || occurrence > int64(len(list)) {
		return matchSpan{}, false, err
	}
	m := list[occurrence-1]
	if strings.Contains(flags, "e") {
		m.from, m.to = m.groupFrom, m.groupTo
	}
	return m, true, nil
}

func regexpInstr(s, pattern string, position, occurrence, option int64, flags string) (int32, error) {
	m, ok, err := regexpNth(s, pattern, position, occurrence, flags)
	if !ok {
		return 0, err
	}
	at := m.from
	if option != 0 {
		at = m.to
	}
	return int32(utf8.RuneCountInString(s[:at]) + 1), nil
}

// regexpReplace replaces all matches. $1 and \1 in the replacement stand for subexpressions in PCRE only.
func regexpReplace(s, pattern, replacement string, position int64, flags string) (string, error) {
	m, err := compiled(pattern, flags)
	if err != nil {
		return "", err
	}
	offset, ok := offsetOf(s, position)
	if !ok {
		return s, nil
	}
	if m.perl != nil {
		out, err := m.perl.Replace(s, replacement, utf8.RuneCountInString(s[:offset]), -1)
		return out, err
	}
	if strings.Contains(replacement, "$") || strings.Contains(replacement, `\`) {
		return "", fmt.Errorf("references to subexpressions in the replacement %q are not modelled here without the parameter p", replacement)
	}
	list, err := m.all(s, offset)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	at := 0
	for _, match := range list {
		b.WriteString(s[at:match.from])
		b.WriteString(replacement)
		at = match.to
	}
	b.WriteString(s[at:])
	return b.String(), nil
}
