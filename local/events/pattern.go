package events

import (
	"fmt"
	"net/netip"
	"strings"

	"airline/asl/jsonvalue"
)

// Pattern is a compiled event pattern: which events a rule is for.
//
// The rules are those of the EventBridge User Guide, "Event patterns" and "Comparison operators": every field
// named must match, the alternatives of a field are or-ed, arrays match when one of their elements does, and
// fields of one array element are matched together. An operator that EventBridge does not have is an error.
type Pattern struct{ root *node }

// node is one level of a pattern: fields to look into, and groups of alternatives ($or).
type node struct {
	fields []field
	groups [][]*node
}

type field struct {
	name  string
	below *node     // the pattern of an object
	any   []matcher // or the alternatives for a value
}

// matcher is one alternative of a field.
type matcher struct {
	match  func(v any) bool // for a value that is there
	absent bool             // matches where the field is missing
}

// ParsePattern compiles an event pattern. The error names the field that cannot be taken.
func ParsePattern(source string) (*Pattern, error) {
	v, err := jsonvalue.Decode([]byte(source))
	if err != nil {
		return nil, fmt.Errorf("event pattern: %w", err)
	}
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("event pattern: is not an object")
	}
	root, err := parseNode("", o)
	if err != nil {
		return nil, err
	}
	return &Pattern{root: root}, nil
}

func badPattern(path, format string, args ...any) error {
	if path == "" {
		path = "(top)"
	}
	return fmt.Errorf("event pattern: %s: %s", path, fmt.Sprintf(format, args...))
}

func parseNode(path string, o *jsonvalue.Object) (*node, error) {
	if o.Len() == 0 {
		return nil, badPattern(path, "empty objects are not allowed")
	}
	n := &node{}
	for name, v := range o.All() {
		at := name
		if path != "" {
			at = path + "." + name
		}
		if alternatives, ok := orGroup(name, v); ok {
			group := make([]*node, len(alternatives))
			for i, alternative := range alternatives {
				var err error
				if group[i], err = parseNode(fmt.Sprintf("%s[%d]", at, i), alternative); err != nil {
					return nil, err
				}
			}
			n.groups = append(n.groups, group)
			continue
		}
		f := field{name: name}
		var err error
		switch v := v.(type) {
		case *jsonvalue.Object:
			f.below, err = parseNode(at, v)
		case []any:
			f.any, err = parseAlternatives(at, v)
		default:
			err = badPattern(at, "must be an object or an array, is %s", jsonvalue.String(v))
		}
		if err != nil {
			return nil, err
		}
		n.fields = append(n.fields, f)
	}
	return n, nil
}

// orGroup recognises $or: an array of two or more objects that are patterns, not operators.
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
		if group[i].Len() == 1 {
			if key, _ := group[i].At(0); isOperator(key) {
				return nil, false
			}
		}
	}
	return group, true
}

func isOperator(name string) bool {
	switch name {
	case "prefix", "suffix", "anything-but", "numeric", "cidr", "exists", "equals-ignore-case", "wildcard":
		return true
	}
	return false
}

func parseAlternatives(path string, list []any) ([]matcher, error) {
	if len(list) == 0 {
		return nil, badPattern(path, "empty arrays are not allowed")
	}
	out := make([]matcher, len(list))
	for i, e := range list {
		m, err := parseMatcher(fmt.Sprintf("%s[%d]", path, i), e)
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

func parseMatcher(path string, v any) (matcher, error) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		if _, ok := v.([]any); ok {
			return matcher{}, badPattern(path, "match values must be strings, numbers, booleans or null, not arrays")
		}
		return matcher{match: equals(v)}, nil
	}
	if o.Len() != 1 {
		return matcher{}, badPattern(path, "an operator is an object with one key, this has %d", o.Len())
	}
	name, arg := o.At(0)
	path += "." + name
	if name == "exists" {
		exists, ok := arg.(bool)
		if !ok {
			return matcher{}, badPattern(path, "must be true or false")
		}
		if !exists {
			return matcher{absent: true, match: func(any) bool { return false }}, nil
		}
		return matcher{match: func(v any) bool { return true }}, nil
	}
	match, err := parseOperator(path, name, arg)
	return matcher{match: match}, err
}

func parseOperator(path, name string, arg any) (func(any) bool, error) {
	switch name {
	case "prefix", "suffix":
		compare, fold := strings.HasPrefix, hasPrefixFold
		if name == "suffix" {
			compare, fold = strings.HasSuffix, hasSuffixFold
		}
		if o, ok := arg.(*jsonvalue.Object); ok && o.Len() == 1 {
			if s, ok := o.Get("equals-ignore-case"); ok {
				arg, compare = s, fold
			}
		}
		s, ok := arg.(string)
		if !ok {
			return nil, badPattern(path, "must be a string or {\"equals-ignore-case\": string}")
		}
		return text(func(v string) bool { return compare(v, s) }), nil
	case "equals-ignore-case":
		s, ok := arg.(string)
		if !ok {
			return nil, badPattern(path, "must be a string")
		}
		return text(func(v string) bool { return strings.EqualFold(v, s) }), nil
	case "wildcard":
		s, ok := arg.(string)
		if !ok {
			return nil, badPattern(path, "must be a string")
		}
		w, err := parseWildcard(path, s)
		if err != nil {
			return nil, err
		}
		return text(w.match), nil
	case "cidr":
		s, _ := arg.(string)
		network, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, badPattern(path, "%s is not a CIDR block", jsonvalue.String(arg))
		}
		return text(func(v string) bool {
			ip, err := netip.ParseAddr(v)
			return err == nil && network.Contains(ip)
		}), nil
	case "numeric":
		return parseNumeric(path, arg)
	case "anything-but":
		return parseAnythingBut(path, arg)
	default:
		return nil, badPattern(path, "unknown operator %q", name)
	}
}

// parseAnythingBut takes a value, a list of values, or one of the text operators with one or several strings.
func parseAnythingBut(path string, arg any) (func(any) bool, error) {
	var match []func(any) bool
	if o, ok := arg.(*jsonvalue.Object); ok {
		if o.Len() != 1 {
			return nil, badPattern(path, "takes one operator, this has %d", o.Len())
		}
		name, value := o.At(0)
		switch name {
		case "prefix", "suffix", "equals-ignore-case", "wildcard":
		default:
			return nil, badPattern(path, "unknown operator %q", name)
		}
		for _, e := range listOf(value) {
			m, err := parseOperator(path+"."+name, name, e)
			if err != nil {
				return nil, err
			}
			match = append(match, m)
		}
	} else {
		for _, e := range listOf(arg) {
			switch e.(type) {
			case *jsonvalue.Object, []any, nil:
				return nil, badPattern(path, "takes strings, numbers and booleans, not %s", jsonvalue.String(e))
			}
			match = append(match, equals(e))
		}
	}
	if len(match) == 0 {
		return nil, badPattern(path, "empty arrays are not allowed")
	}
	return func(v any) bool {
		for _, m := range match {
			if m(v) {
				return false
			}
		}
		return true
	}, nil
}

func listOf(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// parseNumeric takes one comparison or a range: [">", 0, "<=", 5].
func parseNumeric(path string, arg any) (func(any) bool, error) {
	list, ok := arg.([]any)
	if !ok || len(list) != 2 && len(list) != 4 {
		return nil, badPattern(path, "must be an array of one or two comparisons such as [\">\", 0, \"<=\", 5]")
	}
	type bound struct {
		operator string
		value    float64
	}
	var bounds []bound
	for i := 0; i < len(list); i += 2 {
		operator, _ := list[i].(string)
		value, ok := jsonvalue.Float(list[i+1])
		if !ok || value < -5e9 || value > 5e9 {
			return nil, badPattern(path, "%s is not a number between -5.0e9 and 5.0e9", jsonvalue.String(list[i+1]))
		}
		switch operator {
		case "=", "<", "<=", ">", ">=":
		default:
			return nil, badPattern(path, "unknown comparison %s", jsonvalue.String(list[i]))
		}
		bounds = append(bounds, bound{operator, value})
	}
	if len(bounds) == 2 && (bounds[0].operator[0] != '>' || bounds[1].operator[0] != '<' || bounds[0].value >= bounds[1].value) {
		return nil, badPattern(path, "a range must have its lower bound (> or >=) first and below the upper (< or <=)")
	}
	return func(v any) bool {
		f, ok := jsonvalue.Float(v)
		if !ok {
			return false
		}
		for _, b := range bounds {
			holds := false
			switch b.operator {
			case "=":
				holds = f == b.value
			case "<":
				holds = f < b.value
			case "<=":
				holds = f <= b.value
			case ">":
				holds = f > b.value
			case ">=":
				holds = f >= b.value
			}
			if !holds {
				return false
			}
		}
		return true
	}, nil
}

// equals compares as EventBridge does: numbers by how they are written.
func equals(want any) func(any) bool {
	source := jsonvalue.String(want)
	return func(v any) bool { return jsonvalue.String(v) == source }
}

func text(match func(string) bool) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && match(s)
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len([]rune(s)) >= len([]rune(prefix)) && strings.EqualFold(string([]rune(s)[:len([]rune(prefix))]), prefix)
}

func hasSuffixFold(s, suffix string) bool {
	r, n := []rune(s), len([]rune(suffix))
	return len(r) >= n && strings.EqualFold(string(r[len(r)-n:]), suffix)
}
