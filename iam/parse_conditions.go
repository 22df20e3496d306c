package iam

import (
	"strconv"
	"strings"
)

// conditions reads a Condition element. actions are those of the statement, none where it has a NotAction.
func (r *reader) conditions(n *node, where string, actions []string) []Condition {
	var out []Condition
	r.fields(n, where, func(operator string, keys *node) {
		at := under(where, operator)
		t, err := parseOperator(operator)
		if err != nil {
			r.problem(at, "%v", err)
			return
		}
		seen := map[string]string{}
		r.fields(keys, at, func(key string, values *node) {
			at := under(at, key)
			if other, ok := seen[lower(key)]; ok {
				r.problem(at, "is the key %s too: case does not count", other)
			}
			seen[lower(key)] = key
			r.key(t, key, at, actions)
			c := Condition{operator, key, r.values(t, values, at)}
			if _, problems := compileCondition(c); len(problems) > 0 {
				for _, err := range problems {
					r.problem(at, "%v", err)
				}
			}
			out = append(out, c)
		})
	})
	return out
}

// values reads the values of a condition key: strings, numbers and booleans, one or more.
func (r *reader) values(t test, n *node, where string) []string {
	var out []string
	list := n.list()
	for i := range list {
		item, at := &list[i], where
		if n.kind == '[' {
			at += "[" + strconv.Itoa(i) + "]"
		}
		if item.kind != '"' && item.kind != '0' && item.kind != 't' {
			r.problem(at, "%s is not a string, number or boolean", item)
			continue
		}
		if t.null || t.op.typ == String || t.op.typ == Name {
			if err := checkVariables(item.text, r.policyVersion()); err != nil && !t.null {
				r.problem(at, "%q %v", item.text, err)
			}
		}
		out = append(out, item.text)
	}
	if n.kind == '[' && len(n.items) == 0 {
		r.problem(where, "is an empty list: no value would ever match")
	}
	return out
}

// policyVersion is the document's Version: it holds wherever it stands.
func (r *reader) policyVersion() string { return r.policy.Version }

// key holds a condition key to what is known of it.
func (r *reader) key(t test, name, where string, actions []string) {
	if !validKey(name) {
		r.problem(where, "is not the name of a condition key, such as \"aws:SourceArn\"")
		return
	}
	if strings.HasPrefix(lower(name), "aws:") {
		k, ok := globalKey(name)
		if !ok {
			r.problem(where, "is no global condition key: the condition would silently never apply")
			return
		}
		r.typed(t, name, k, where)
		return
	}
	if r.Keys == nil || actions == nil {
		return
	}
	// One of the actions is enough: AWS's own key policies give a key of kms:Decrypt to kms:DescribeKey beside it.
	var without []string
	for _, action := range actions {
		k, found, known := r.Keys.Key(action, name)
		if found || !known {
			r.typed(t, name, k, where)
			return
		}
		without = append(without, action)
	}
	r.problem(where, "is no condition key of %s: the condition would silently never apply", strings.Join(without, ", "))
}

// typed compares the operator with the key's type. Operators for strings take every type, and dates are numbers in aws:EpochTime.
func (r *reader) typed(t test, name string, k Key, where string) {
	if t.null || k.Type == 0 || t.op.typ == String || t.op.typ == k.Type {
		return
	}
	if k.Type == Date && t.op.typ == Number && lower(name) == "aws:epochtime" {
		return
	}
	r.problem(where, "is %s, which the operator does not compare", typeNames[k.Type])
}
