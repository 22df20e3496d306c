package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// isPolicy tells whether a document is an IAM policy: of an identity, a resource or a role's trust.
func isPolicy(d map[string]any) bool {
	switch d["Statement"].(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// policies compares two policies statement by statement. A statement is known by its Sid, else by what it says: the one
// that has most in common with it is what it has become.
func (c *comparison) policies(property string, before, after map[string]any) []Change {
	changes := c.fields(property, "", without(before, "Statement"), without(after, "Statement"))
	was, is := statements(before), statements(after)
	for _, p := range alignStatements(was, is) {
		switch {
		case p.after < 0:
			s := was[p.before]
			changes = append(changes, Change{Kind: Removed, Property: property, Statement: c.excerpt(s.label()), Before: c.excerpt(s.says())})
		case p.before < 0:
			s := is[p.after]
			changes = append(changes, Change{Kind: Added, Property: property, Statement: c.excerpt(s.label()), After: c.excerpt(s.says())})
		default:
			changes = append(changes, c.statement(property, was[p.before], is[p.after])...)
		}
	}
	return changes
}

// statement is a policy's statement, by the texts of each element: "Action" -> s3:GetObject; "Condition StringEquals
// aws:SourceAccount" -> 123456789012; "Principal Service" -> glue.amazonaws.com.
type statement map[string][]string

func statements(policy map[string]any) []statement {
	list, ok := policy["Statement"].([]any)
	if !ok {
		list = []any{policy["Statement"]}
	}
	out := make([]statement, 0, len(list))
	for _, item := range list {
		s := statement{}
		o, _ := item.(map[string]any)
		for name, v := range o {
			s.add(name, v)
		}
		out = append(out, s)
	}
	return out
}

// add takes an element in: single values are lists of one, objects have their names in the element's.
func (s statement) add(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			s.add(name+" "+k, e)
		}
	case []any:
		s[name] = []string{}
		for _, e := range v {
			s[name] = append(s[name], plainText(e))
		}
		slices.Sort(s[name])
	default:
		s[name] = []string{plainText(v)}
	}
}

func plainText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	return jsonText(v)
}

// label names a statement for people: its Sid, or its first actions and how many more there are.
func (s statement) label() string {
	if sid := s["Sid"]; len(sid) == 1 && sid[0] != "" {
		return sid[0]
	}
	actions := append(slices.Clone(s["Action"]), s["NotAction"]...)
	if n := len(actions) - 2; n > 0 {
		return strings.Join(actions[:2], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(actions, ", ")
}

// says is the statement as a sentence.
func (s statement) says() string {
	parts := []string{strings.Join(s["Effect"], "")}
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if list, ok := s[name]; ok {
			word := map[string]string{"Action": "", "NotAction": "all but ", "Resource": "on ", "NotResource": "on all but "}[name]
			parts = append(parts, word+strings.Join(list, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		switch element, rest, _ := strings.Cut(name, " "); element {
		case "Principal":
			parts = append(parts, strings.TrimSpace("for "+rest+" ")+" "+strings.Join(s[name], ", "))
		case "NotPrincipal":
			parts = append(parts, strings.TrimSpace("for all but "+rest+" ")+" "+strings.Join(s[name], ", "))
		case "Condition":
			parts = append(parts, "where "+rest+" is "+strings.Join(s[name], " or "))
		}
	}
	return strings.Join(parts, " ")
}

// statement compares the elements of a statement.
func (c *comparison) statement(property string, was, is statement) []Change {
	var changes []Change
	names := slices.Sorted(maps.Keys(was))
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		before, hadIt := was[name]
		after, hasIt := is[name]
		if hadIt && hasIt && slices.Equal(before, after) {
			continue
		}
		change := Change{Property: property, Statement: c.excerpt(is.label()), Field: name}
		switch {
		case len(before) == 1 && len(after) == 1:
			change.Kind, change.Before, change.After = Changed, c.excerpt(before[0]), c.excerpt(after[0])
			changes = append(changes, change)
		default:
			changes = append(changes, c.sets(change, before, after)...)
			if n := len(changes) - 1; n >= 0 && changes[n].Field == name {
				switch {
				case !hadIt:
					changes[n].Kind = Added
				case !hasIt:
					changes[n].Kind = Removed
				}
			}
		}
	}
	return changes
}

// alignStatements pairs statements: those of one Sid, then the same ones, then those that have most in common.
func alignStatements(before, after []statement) []pair {
	var pairs []pair
	takenBefore, takenAfter := make([]bool, len(before)), make([]bool, len(after))
	take := func(i, j int) {
		takenBefore[i], takenAfter[j] = true, true
		pairs = append(pairs, pair{i, j})
	}
	for _, least := range []float64{2, 1, 0.25} {
		for {
			best, bi, bj := 0.0, -1, -1
			for j := range after {
				for i := range before {
					if takenBefore[i] || takenAfter[j] {
						continue
					}
					if s := likeness(before[i], after[j]); s >= least && s > best {
						best, bi, bj = s, i, j
					}
				}
			}
			if bi < 0 {
				break
			}
			take(bi, bj)
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return a.after - b.after })
	for j := range after {
		if !takenAfter[j] {
			pairs = append(pairs, pair{-1, j})
		}
	}
	for i := range before {
		if !takenBefore[i] {
			pairs = append(pairs, pair{i, -1})
		}
	}
	return pairs
}

// likeness is 2 for statements of one Sid, 0 for those of two; otherwise the share, 0 to 1, of texts that both have.
func likeness(a, b statement) float64 {
	sidA, sidB := strings.Join(a["Sid"], ""), strings.Join(b["Sid"], "")
	switch {
	case sidA != "" && sidA == sidB:
		return 2
	case sidA != sidB && sidA != "" && sidB != "":
		return 0
	}
	common, all := 0, 0
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		for _, text := range a[name] {
			all++
			if slices.Contains(b[name], text) {
				common++
			}
		}
		for _, text := range b[name] {
			if !slices.Contains(a[name], text) {
				all++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(common) / float64(all)
}
