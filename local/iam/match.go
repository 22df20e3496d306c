package iam

import (
	"strings"
)

// Keys are the condition keys of a request. Their names are compared without regard to case.
type Keys map[string][]string

func (k Keys) get(name string) ([]string, bool) {
	if v, ok := k[name]; ok {
		return v, true
	}
	for key, v := range k {
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	return nil, false
}

// escape marks a wildcard character that stands for itself.
const escape = '\x01'

// like matches a text with a pattern in which * stands for any characters and ? for one.
func like(text, pattern string) bool {
	t, p := []rune(text), []rune(pattern)
	ti, pi := 0, 0
	star, mark := -1, 0
	for ti < len(t) {
		switch {
		case pi < len(p) && p[pi] == '*':
			star, mark = pi, ti
			pi++
			continue
		case pi+1 < len(p) && p[pi] == escape && p[pi+1] == t[ti]:
			ti, pi = ti+1, pi+2
			continue
		case pi < len(p) && p[pi] != escape && (p[pi] == '?' || p[pi] == t[ti]):
			ti, pi = ti+1, pi+1
			continue
		case star >= 0:
			mark++
			ti, pi = mark, star+1
			continue
		}
		return false
	}
	for pi < len(p) && p[pi] == '*' {
		pi++
	}
	return pi == len(p)
}

// arnLike compares ARNs part by part: each of the six parts may hold wildcards, none of which crosses a colon
// but the resource's own. ArnEquals and ArnLike behave alike.
func arnLike(text, pattern string) bool {
	t, p := strings.SplitN(text, ":", 6), strings.SplitN(pattern, ":", 6)
	if len(p) != 6 || len(t) != 6 {
		return pattern == "*" || len(t) == len(p) && text == literal(pattern)
	}
	for i := range p {
		if !like(t[i], p[i]) {
			return false
		}
	}
	return true
}

// substitute replaces policy variables (${aws:username}, ${aws:PrincipalTag/team, 'none'}, ${*}) in a pattern.
// It is false when a variable has no value in the request: such a pattern matches nothing.
func substitute(pattern string, keys Keys, version string) (string, bool) {
	if version != "2012-10-17" || !strings.Contains(pattern, "${") {
		return pattern, true
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(pattern, "${")
		b.WriteString(before)
		if !ok {
			return b.String(), true
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("${" + rest)
			return b.String(), true
		}
		pattern = after
		switch name {
		case "*", "?":
			b.WriteString(string(rune(escape)) + name)
			continue
		case "$":
			b.WriteString("$")
			continue
		}
		name, otherwise, hasDefault := strings.Cut(name, ",")
		values, present := keys.get(strings.TrimSpace(name))
		switch {
		case present && len(values) == 1:
			b.WriteString(quote(values[0]))
		case hasDefault && !present:
			b.WriteString(quote(strings.Trim(strings.TrimSpace(otherwise), "'")))
		default:
			return "", false
		}
	}
}

// quote keeps the wildcards in a variable's value from acting as wildcards.
func quote(value string) string {
	if !strings.ContainsAny(value, "*?") {
		return value
	}
	value = strings.ReplaceAll(value, "*", string(rune(escape))+"*")
	return strings.ReplaceAll(value, "?", string(rune(escape))+"?")
}

func (s *Statement) matchesAction(action string) bool {
	if s.NotActions != nil {
		return !anyAction(s.NotActions, action)
	}
	return anyAction(s.Actions, action)
}

func anyAction(patterns []string, action string) bool {
	for _, p := range patterns {
		if like(strings.ToLower(action), strings.ToLower(p)) {
			return true
		}
	}
	return false
}

// matchesResource is true for statements without a Resource element: trust policies speak of their own role.
func (s *Statement) matchesResource(resource string, keys Keys, version string) bool {
	if s.NotResources != nil {
		return !anyResource(s.NotResources, resource, keys, version)
	}
	return s.Resources == nil || anyResource(s.Resources, resource, keys, version)
}

func anyResource(patterns []string, resource string, keys Keys, version string) bool {
	for _, p := range patterns {
		if p, ok := substitute(p, keys, version); ok && like(resource, p) {
			return true
		}
	}
	return false
}

func (s *Statement) conditionsHold(keys Keys, version string) bool {
	for _, c := range s.Conditions {
		if !c.holds(keys, version) {
			return false
		}
	}
	return true
}
