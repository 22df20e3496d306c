package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"airline/asl/jsonvalue"
)

// Pattern is a compiled event pattern: which events a rule matches.
//
// The meaning is that of EventBridge's engine, event-ruler: a pattern is one or more rules ($or gives one for each
// combination of its alternatives), a rule demands something of each of its paths, and the names on the way to a field
// are joined by dots, in the pattern as in the event. Elements of one array are matched together: every path of a rule
// must find its value in the same element. Source: EventBridge User Guide, "Event patterns", "Comparison operators",
// and the recorded answers of TestEventPattern, which win where the guide says something else.
type Pattern struct {
	names  *names
	fields int // number of different paths
	rules  [][]constraint
	spare  sync.Pool // of *found
}

// constraint is what a rule demands of one path.
type constraint struct {
	path  string
	field int // index of the path among the pattern's fields
	any   []matcher
}

// matcher is one alternative of a constraint.
type matcher struct {
	match  func(any) bool // for a value that is there
	absent bool           // matches where no value is there
}

// names finds the fields of a pattern in an event: a tree of the parts of their paths.
type names struct {
	part  string
	below []*names
	field int // index of the field that ends here, or -1
}

// EventBridge's limits of a pattern.
const (
	maxPatternSize  = 4096 // characters (API reference, PutRule)
	maxCombinations = 1000 // rules that $or may give (User Guide, "Using OR in event patterns")
	maxWildcards    = 5    // of one value: the guide's example of a pattern that is too complex has six
)

// ParsePattern compiles an event pattern. The error names every field that EventBridge would refuse.
func ParsePattern(source string) (*Pattern, error) {
	if n := len([]rune(source)); n > maxPatternSize {
		return nil, fmt.Errorf("event pattern: has %d characters, EventBridge takes %d", n, maxPatternSize)
	}
	if name := duplicateKey(source); name != "" {
		return nil, badPattern(name, "is written twice in one object")
	}
	return parsePattern(source, false)
}

// ParseOverridingPattern compiles a pattern as event-ruler does by default: where a rule names a path twice, the later
// constraint replaces the earlier one. EventBridge refuses such a pattern; pairs recorded with the engine alone have them.
func ParseOverridingPattern(source string) (*Pattern, error) { return parsePattern(source, true) }

func parsePattern(source string, overriding bool) (*Pattern, error) {
	v, err := jsonvalue.Decode([]byte(source))
	if err != nil {
		return nil, fmt.Errorf("event pattern: %w", err)
	}
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("event pattern: is not an object")
	}
	p := &parser{overriding: overriding}
	rules := p.object("", "", o, [][]constraint{nil}, false)
	if len(p.problems) > 0 {
		return nil, fmt.Errorf("event pattern: %s", strings.Join(p.problems, "; "))
	}
	return compile(rules), nil
}

// compile sorts the conditions of each rule, since the engine decides them in the order of their full paths, and
// numbers the fields.
func compile(rules [][]constraint) *Pattern {
	p := &Pattern{names: &names{field: -1}, rules: rules}
	for _, rule := range rules {
		slices.SortFunc(rule, func(a, b constraint) int { return strings.Compare(a.path, b.path) })
		for i := range rule {
			at := p.names
			for part := range strings.SplitSeq(rule[i].path, ".") {
				next := at.child(part)
				if next == nil {
					next = &names{part: part, field: -1}
					at.below = append(at.below, next)
				}
				at = next
			}
			if at.field < 0 {
				at.field = p.fields
				p.fields++
			}
			rule[i].field = at.field
		}
	}
	return p
}

func badPattern(place, format string, args ...any) error {
	return fmt.Errorf("event pattern: %s: %s", place, fmt.Sprintf(format, args...))
}

// duplicateKey finds a name that one object of a JSON text has twice; empty when there is none or the text is no JSON.
func duplicateKey(source string) string {
	type frame struct {
		seen map[string]bool // nil in an array
		key  bool            // the next token is a name
	}
	d := json.NewDecoder(bytes.NewReader([]byte(source)))
	var open []frame
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if n := len(open); n > 0 && open[n-1].key {
			if name, ok := token.(string); ok {
				if open[n-1].seen[name] {
					return name
				}
				open[n-1].seen[name], open[n-1].key = true, false
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, frame{seen: map[string]bool{}, key: true})
			continue
		case json.Delim('['):
			open = append(open, frame{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if n := len(open); n > 0 {
			open[n-1].key = open[n-1].seen != nil
		}
	}
}

// parser collects the rules of a pattern and everything that is wrong with it.
type parser struct {
	overriding bool
	problems   []string
}

func (p *parser) bad(place, format string, args ...any) {
	if place == "" {
		place = "(top)"
	}
	p.problems = append(p.problems, place+": "+fmt.Sprintf(format, args...))
}

// object adds what an object of the pattern demands to each of the rules. path is the field's in an event, place the
// one in the pattern; they differ below $or.
func (p *parser) object(path, place string, o *jsonvalue.Object, rules [][]constraint, insideOr bool) [][]constraint {
	if o.Len() == 0 {
		p.bad(place, "empty objects are not allowed")
	}
	for name, v := range o.All() {
		at := join(place, name)
		if alternatives, ok := orGroup(name, v); ok {
			rules = p.or(path, at, alternatives, rules)
			continue
		}
		if insideOr && isOperatorName(name) {
			p.bad(at, "is a reserved name, no field below $or can have it")
			continue
		}
		switch v := v.(type) {
		case *jsonvalue.Object:
			rules = p.object(join(path, name), at, v, rules, insideOr)
		case []any:
			p.add(rules, at, constraint{path: join(path, name), any: p.alternatives(at, v)})
		default:
			p.bad(at, "must be an object or an array, is %s", jsonvalue.String(v))
		}
	}
	return rules
}

func (p *parser) add(rules [][]constraint, place string, c constraint) {
	for i, rule := range rules {
		twin := slices.IndexFunc(rule, func(other constraint) bool { return other.path == c.path })
		switch {
		case twin < 0:
			rules[i] = append(rule[:len(rule):len(rule)], c)
		case p.overriding:
			rules[i] = slices.Clone(rule)
			rules[i][twin] = c
		default:
			p.bad(place, "the path %s stands twice in one rule (beside and inside $or, or with dots in a name)", c.path)
			return
		}
	}
}

// or gives the rules of every alternative.
func (p *parser) or(path, place string, alternatives []*jsonvalue.Object, rules [][]constraint) [][]constraint {
	var all [][]constraint
	for i, alternative := range alternatives {
		all = append(all, p.object(path, fmt.Sprintf("%s[%d]", place, i), alternative, slices.Clone(rules), true)...)
		if len(all) > maxCombinations {
			p.bad(place, "the alternatives of $or give more than %d combinations", maxCombinations)
			return all[:1]
		}
	}
	return all
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// orGroup recognises $or: an array of two or more objects that are patterns, not operators. Anything else is a field
// of that name.
func orGroup(name string, v any) ([]*jsonvalue.Object, bool) {
	list, ok := v.([]any)
	if name != "$or" || !ok || len(list) < 2 {
		return nil, false
	}
	group := make([]*jsonvalue.Object, len(list))
	for i, e := range list {
		if group[i], ok = e.(*jsonvalue.Object); !ok {
			return nil, false
		}
		for name := range group[i].All() {
			if isOperatorName(name) {
				return nil, false
			}
		}
	}
	return group, true
}

// isOperatorName tells the names of operators, those of today and those that the engine keeps for later.
func isOperatorName(name string) bool {
	switch name {
	case "exactly", "prefix", "suffix", "anything-but", "numeric", "cidr", "exists", "equals-ignore-case", "wildcard",
		"=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after",
		"date-before", "date-on-or-before", "in-date-range", "ip-address-in-range", "ip-address-not-in-range":
		return true
	}
	return false
}
