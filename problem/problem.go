// Package problem is the one shape of what is wrong with what somebody wrote, be it a definition, a policy, a configuration or a raw
// file: where it is, what is wrong, and how to fix it. Packages add what only they know (a severity, a rule, a code) and print by it.
package problem

import "strings"

// Problem is one thing that is wrong.
type Problem struct {
	Where string `json:"where,omitempty"` // a place in the document; empty for all of it
	What  string `json:"what"`
	Fix   string `json:"fix,omitempty"` // how to fix it; empty when What says it
}

// String is the problem in one line: "where: what; fix".
func (p Problem) String() string {
	text := p.What
	if p.Where != "" {
		text = p.Where + ": " + text
	}
	if p.Fix != "" {
		text += "; " + p.Fix
	}
	return OneLine(text)
}

// OneLine is a text in which each control character and line separator is a blank, so that it neither breaks the output nor
// steers a terminal.
func OneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// List is all that is wrong with a document.
type List []Problem

// Error lists the problems in one line, as errors are that stand within others.
func (l List) Error() string {
	texts := make([]string, len(l))
	for i, p := range l {
		texts[i] = p.String()
	}
	return strings.Join(texts, "; ")
}
