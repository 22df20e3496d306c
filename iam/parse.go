package iam

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"airline/problem"
)

// Parse reads the document of a policy of the kind. The error has a [problem.List]: all that AWS does not take.
func Parse(kind Kind, document []byte) (*Policy, error) { return Parser{Kind: kind}.Parse(document) }

// Parser reads documents of one kind.
type Parser struct {
	Kind Kind
	// Keys holds condition keys to the actions that have them; nil knows the global ones only.
	Keys Index
	// Quota is the greatest size, where the service has another one than the kind; 0 is the kind's.
	Quota int
}

// Parse reads a document.
func (p Parser) Parse(document []byte) (*Policy, error) {
	r := reader{Parser: p, rule: kinds[p.Kind], policy: &Policy{Version: version2008}, sids: map[string]bool{}}
	if r.rule.name == "" {
		return nil, fmt.Errorf("policy document: there is no kind %d of policies", p.Kind)
	}
	root, err := decode(document)
	if err != nil {
		return nil, fmt.Errorf("policy document: %w", err)
	}
	r.size(document)
	r.document(root)
	if len(r.problems) > 0 {
		return nil, fmt.Errorf("policy document: %w", r.problems)
	}
	return r.policy, nil
}

// reader collects what it reads and what is wrong.
type reader struct {
	Parser
	rule     rule
	policy   *Policy
	sids     map[string]bool
	problems problem.List
}

func (r *reader) problem(where, format string, args ...any) {
	r.problems = append(r.problems, problem.Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

// size compares with the quota what counts towards it.
func (r *reader) size(document []byte) {
	n := len(document)
	what := "bytes"
	if !r.rule.blanks {
		n, what = 0, "characters without white space"
		for _, c := range string(document) {
			if !unicode.IsSpace(c) {
				n++
			}
		}
	}
	quota := r.Quota
	if quota == 0 {
		quota = r.rule.quota
	}
	if r.policy.Size = n; n > quota {
		r.problem("", "has %d %s, and AWS takes %d of %s", n, what, quota, r.rule.name)
	}
}

// fields reads the members of an object, each once.
func (r *reader) fields(n *node, where string, read func(key string, value *node)) bool {
	if n.kind != '{' {
		r.problem(where, "is %s, and must be an object", n)
		return false
	}
	seen := map[string]bool{}
	for i := range n.members {
		m := &n.members[i]
		if seen[m.key] {
			r.problem(under(where, m.key), "stands twice: only one of the two would count")
			continue
		}
		seen[m.key] = true
		read(m.key, &m.value)
	}
	return true
}

func under(where, key string) string {
	if where == "" {
		return key
	}
	return where + "." + key
}

func (r *reader) document(root *node) {
	if root.kind != '{' {
		r.problem("", "is not an object")
		return
	}
	var statements *node
	r.fields(root, "", func(key string, value *node) {
		switch key {
		case "Version":
			if value.kind != '"' || value.text != version2012 && value.text != version2008 {
				r.problem(key, "is %s, must be %q or %q", value, version2012, version2008)
				return
			}
			r.policy.Version = value.text
		case "Id":
			r.policy.ID = r.text(value, key)
		case "Statement":
			statements = value
		default:
			r.problem(key, "is an unknown element: a document has Version, Id and Statement")
		}
	})
	if statements == nil || len(statements.list()) == 0 {
		r.problem("", "has no Statement")
		return
	}
	list := statements.list()
	for i := range list {
		where := "Statement"
		if statements.kind == '[' {
			where += "[" + strconv.Itoa(i) + "]"
		}
		r.statement(&list[i], where)
	}
}

func (r *reader) statement(n *node, where string) {
	var s Statement
	given := map[string]bool{}
	ok := r.fields(n, where, func(key string, value *node) {
		at := under(where, key)
		given[key] = true
		switch key {
		case "Sid":
			s.Sid = r.sid(value, at)
		case "Effect":
			s.Deny = value.text == "Deny"
			if value.kind != '"' || value.text != "Allow" && value.text != "Deny" {
				r.problem(at, "must be \"Allow\" or \"Deny\", is %s", value)
			}
		case "Action":
			s.Actions = r.texts(value, at, r.action)
		case "NotAction":
			s.NotActions = r.texts(value, at, r.action)
		case "Resource":
			s.Resources = r.texts(value, at, r.resource)
		case "NotResource":
			s.NotResources = r.texts(value, at, r.resource)
		case "Principal":
			s.Principal = r.principals(value, at)
		case "NotPrincipal":
			s.NotPrincipal = r.principals(value, at)
		case "Condition": // its keys are those of the actions, which may stand behind it
		default:
			r.problem(at, "is an unknown element")
		}
	})
	if !ok {
		return
	}
	for i := range n.members {
		if m := &n.members[i]; m.key == "Condition" {
			s.Conditions = r.conditions(&m.value, under(where, "Condition"), s.Actions)
			break
		}
	}
	r.elements(where, given)
	if given["NotPrincipal"] && r.Kind == Endpoint {
		r.problem(under(where, "NotPrincipal"), "must not stand in %s", r.rule.name)
	}
	if given["NotPrincipal"] && !s.Deny && r.rule.principal {
		// "NotPrincipal must be used with Effect: Deny" (IAM User Guide, "NotPrincipal").
		r.problem(under(where, "NotPrincipal"), "must not stand beside the Effect Allow, which would allow everybody else: name who is allowed in Principal")
	}
	s.ready = s.compile(r.policy.Version)
	r.policy.Statements = append(r.policy.Statements, s)
}

// elements says which elements are missing, and which must not stand together or not in this kind of policy.
func (r *reader) elements(where string, given map[string]bool) {
	if !given["Effect"] {
		r.problem(where, "lacks Effect")
	}
	for _, e := range []struct {
		name string
		must bool
	}{{"Action", true}, {"Principal", r.rule.principal}, {"Resource", r.rule.resource}} {
		not := "Not" + e.name
		switch {
		case given[e.name] && given[not]:
			r.problem(where, "has both %s and %s", e.name, not)
		case e.must && !given[e.name] && !given[not]:
			r.problem(where, "lacks %s, which a statement of %s has", e.name, r.rule.name)
		case !e.must && given[e.name]:
			r.problem(under(where, e.name), "must not stand in %s", r.rule.name)
		case !e.must && given[not]:
			r.problem(under(where, not), "must not stand in %s", r.rule.name)
		}
	}
}

// text reads a string.
func (r *reader) text(n *node, where string) string {
	if n.kind != '"' {
		r.problem(where, "%s is not a string", n)
	}
	return n.text
}

// texts reads a string or a list of them.
func (r *reader) texts(n *node, where string, check func(text, where string)) []string {
	var out []string
	list := n.list()
	for i := range list {
		item, at := &list[i], where
		if n.kind == '[' {
			at += "[" + strconv.Itoa(i) + "]"
		}
		if item.kind != '"' {
			r.problem(at, "%s is not a string", item)
			continue
		}
		check(item.text, at)
		out = append(out, item.text)
	}
	if n.kind == '[' && len(n.items) == 0 {
		r.problem(where, "is an empty list")
	}
	return out
}

func (r *reader) sid(n *node, where string) string {
	sid := r.text(n, where)
	if sid == "" {
		return ""
	}
	if r.sids[sid] {
		r.problem(where, "%q is another statement's Sid too: a Sid is unique in its policy", sid)
	}
	r.sids[sid] = true
	if !r.rule.loose && strings.ContainsFunc(sid, func(c rune) bool { return !letter(c) && !digit(c) }) {
		r.problem(where, "%q has other characters than letters and digits", sid)
	}
	return sid
}

func letter(c rune) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func digit(c rune) bool  { return '0' <= c && c <= '9' }

func (r *reader) action(text, where string) {
	if text == "*" {
		if r.Kind == Trust { // "AssumeRole policy may only specify STS AssumeRole actions."
			r.problem(where, "\"*\" is not of sts: a trust policy says who may assume the role")
		}
		return
	}
	service, name, ok := strings.Cut(text, ":")
	switch {
	case !ok || service == "" || name == "":
		r.problem(where, "%q is not of the form service:action", text)
	case strings.ContainsAny(service, "*?"):
		r.problem(where, "%q has a wildcard in the service: name the service, or write \"*\" for every action", text)
	case strings.ContainsFunc(service, func(c rune) bool { return !letter(c) && !digit(c) && c != '-' }):
		r.problem(where, "%q has a service with other characters than letters, digits and -", text)
	case strings.ContainsFunc(name, func(c rune) bool { return !letter(c) && !digit(c) && c != '*' && c != '?' && c != '-' }):
		r.problem(where, "%q has an action with other characters than letters, digits and wildcards", text)
	case r.Kind == Trust && lower(service) != "sts":
		r.problem(where, "%q is not of sts: a trust policy says who may assume the role", text)
	}
}
