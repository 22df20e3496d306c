package iam

import "strings"

// ARN is an Amazon Resource Name, or a pattern of one, in its parts: "arn:partition:service:region:account:resource".
type ARN struct {
	Partition, Service, Region, Account string
	// Resource is all behind the fifth colon: "table/flights", "log-group:/aws/glue:*".
	Resource string
}

// ParseARN splits an ARN. It is false for a text with fewer than six parts, or that does not begin with "arn:".
func ParseARN(text string) (ARN, bool) {
	p, ok := splitARN(text)
	if !ok || p[0] != "arn" {
		return ARN{}, false
	}
	return ARN{p[1], p[2], p[3], p[4], p[5]}, true
}

// splitARN splits at the first five colons that do not stand in a variable: "${aws:username}", "${AWS::Region}".
func splitARN(text string) (parts [6]string, ok bool) {
	n, start, depth := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '$' && i+1 < len(text) && text[i+1] == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == ':' && depth == 0:
			parts[n] = text[start:i]
			n, start = n+1, i+1
			if n == 5 {
				parts[5] = text[start:]
				return parts, true
			}
		}
	}
	return parts, false
}

// arnPattern is a pattern of ARNs, whose wildcards stay within the part that they stand in.
type arnPattern struct {
	any   bool // "*"
	ok    bool // it has six parts
	text  string
	parts [6]pattern
}

// compileARN splits a pattern. A * at the end of a shorter one stands for the rest ("arn:aws:ec2:*"): "If the * wildcard is the
// last character of a resource ARN segment, it can expand to match beyond the colon boundaries" (IAM User Guide, "Resource").
func compileARN(text string) arnPattern {
	a := arnPattern{text: text, any: strings.Trim(text, "*") == "" && text != ""}
	parts, ok := splitARN(text)
	if !ok && strings.HasSuffix(text, "*") {
		parts, ok = splitARN(text + strings.Repeat(":*", 5-strings.Count(text, ":")))
	}
	if a.ok = ok; ok {
		for i, p := range parts {
			a.parts[i] = compilePattern(p)
		}
	}
	return a
}

// target is an ARN, or another name of a resource, that patterns are compared with.
type target struct {
	text  string
	parts [6]string
	ok    bool
}

func newTarget(text string) target {
	parts, ok := splitARN(text)
	return target{text, parts, ok}
}

// matches compares part by part. A variable without a value matches nothing.
func (a *arnPattern) matches(t *target, keys Keys) bool {
	if a.any {
		return true
	}
	if !a.ok || !t.ok {
		return a.text == t.text
	}
	for _, i := range [...]int{5, 2, 3, 4, 1, 0} { // what differs most comes first
		if !a.parts[i].matches(t.parts[i], keys) {
			return false
		}
	}
	return true
}
