package iam

import "strings"

// Problem is one thing that AWS does not take in a document.
type Problem struct {
	Where string // "Statement[1].Condition.Bool.aws:SecureTransport"; empty for the document
	What  string // `"yes" is not true or false`
}

func (p Problem) String() string {
	if p.Where == "" {
		return p.What
	}
	return p.Where + ": " + p.What
}

// Problems are all that is wrong with a document.
type Problems []Problem

// Error lists them.
func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i, one := range p {
		texts[i] = one.String()
	}
	return "policy document: " + strings.Join(texts, "; ")
}
