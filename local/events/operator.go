package events

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"airline/asl/jsonvalue"
)

// alternatives reads the array of a field: values and operators.
func (p *parser) alternatives(place string, list []any) []matcher {
	if len(list) == 0 {
		p.bad(place, "empty arrays are not allowed")
	}
	out := make([]matcher, 0, len(list))
	for i, e := range list {
		m, err := parseMatcher(e)
		if err != nil {
			p.bad(fmt.Sprintf("%s[%d]", place, i), "%v", err)
			continue
		}
		out = append(out, m)
	}
	return out
}

func parseMatcher(v any) (matcher, error) {
	switch v := v.(type) {
	case []any:
		return matcher{}, fmt.Errorf("match values must be strings, numbers, booleans or null, not arrays")
	case *jsonvalue.Object:
		name, arg, err := single(v)
		if err != nil {
			return matcher{}, err
		}
		if name == "exists" {
			exists, ok := arg.(bool)
			if !ok {
				return matcher{}, fmt.Errorf("exists must be true or false")
			}
			return matcher{absent: !exists, match: func(any) bool { return exists }}, nil
		}
		match, err := parseOperator(name, arg)
		return matcher{match: match}, err
	}
	return matcher{match: equals(v)}, nil
}

// single takes an object with one member apart.
func single(o *jsonvalue.Object) (string, any, error) {
	if o.Len() != 1 {
		return "", nil, fmt.Errorf("an operator is an object with one key, this has %d", o.Len())
	}
	name, arg := o.At(0)
	return name, arg, nil
}

func parseOperator(name string, arg any) (func(any) bool, error) {
	switch name {
	case "numeric":
		return parseNumeric(arg)
	case "anything-but":
		return parseAnythingBut(arg)
	case "exactly", "prefix", "suffix", "equals-ignore-case", "wildcard", "cidr":
	default:
		return nil, fmt.Errorf("unknown operator %q", name)
	}
	fold := false
	if o, ok := arg.(*jsonvalue.Object); ok && (name == "prefix" || name == "suffix") && o.Len() == 1 {
		if s, ok := o.Get("equals-ignore-case"); ok {
			arg, fold = s, true
		}
	}
	s, ok := arg.(string)
	if !ok {
		also := ""
		if name == "prefix" || name == "suffix" {
			also = ` or {"equals-ignore-case": string}`
		}
		return nil, fmt.Errorf("%s must be a string%s", name, also)
	}
	return parseText(name, s, fold)
}

// parseText reads an operator that looks at a string.
func parseText(name, s string, fold bool) (func(any) bool, error) {
	switch name {
	case "prefix":
		if fold {
			return text(func(v string) bool { return hasPrefixFold(v, s) }), nil
		}
		return text(func(v string) bool { return strings.HasPrefix(v, s) }), nil
	case "suffix":
		if fold {
			return text(func(v string) bool { return hasSuffixFold(v, s) }), nil
		}
		return text(func(v string) bool { return strings.HasSuffix(v, s) }), nil
	case "equals-ignore-case":
		return text(func(v string) bool { return strings.EqualFold(v, s) }), nil
	case "wildcard":
		w, err := parseWildcard(s)
		if err != nil {
			return nil, err
		}
		return text(w.match), nil
	case "cidr":
		return parseCIDR(s)
	}
	return text(func(v string) bool { return v == s }), nil // exactly
}

// parseAnythingBut takes a string or number, a list of either, or one of the text operators with one or several
// strings. It matches every value that is there and that none of them matches, whatever its type.
func parseAnythingBut(arg any) (func(any) bool, error) {
	var match []func(any) bool
	o, ok := arg.(*jsonvalue.Object)
	if !ok {
		kinds := map[string]bool{}
		for _, e := range listOf(arg) {
			if _, isNumber := jsonvalue.Float(e); isNumber {
				if _, exact := exactNumber(e); !exact {
					return nil, fmt.Errorf("anything-but: %s is not exact as a 64-bit floating point number", jsonvalue.String(e))
				}
				kinds["numbers"] = true
			} else if _, isString := e.(string); isString {
				kinds["strings"] = true
			} else {
				return nil, fmt.Errorf("anything-but takes strings or numbers, not %s", jsonvalue.String(e))
			}
			match = append(match, sameValue(e))
		}
		if len(kinds) > 1 {
			return nil, fmt.Errorf("anything-but takes strings or numbers, not both in one list")
		}
	} else {
		name, value, err := single(o)
		if err != nil {
			return nil, fmt.Errorf("anything-but: %w", err)
		}
		if !slices.Contains([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}, name) {
			return nil, fmt.Errorf("anything-but: unknown operator %q", name)
		}
		for _, e := range listOf(value) {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("anything-but: %s must be a string or a list of strings", name)
			}
			if s == "" && (name == "prefix" || name == "suffix") {
				return nil, fmt.Errorf("anything-but: an empty %s is not allowed", name)
			}
			m, err := parseText(name, s, false)
			if err != nil {
				return nil, fmt.Errorf("anything-but: %w", err)
			}
			match = append(match, m)
		}
	}
	if len(match) == 0 {
		return nil, fmt.Errorf("anything-but: empty arrays are not allowed")
	}
	return func(v any) bool {
		return !slices.ContainsFunc(match, func(m func(any) bool) bool { return m(v) })
	}, nil
}

func listOf(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// parseNumeric takes one comparison or a range: [">", 0, "<=", 5].
func parseNumeric(arg any) (func(any) bool, error) {
	list, ok := arg.([]any)
	if !ok || len(list) != 2 && len(list) != 4 {
		return nil, fmt.Errorf(`numeric must be an array of one or two comparisons such as [">", 0, "<=", 5]`)
	}
	type bound struct {
		operator string
		value    float64
	}
	var bounds []bound
	for i := 0; i < len(list); i += 2 {
		operator, _ := list[i].(string)
		if !slices.Contains([]string{"=", "<", "<=", ">", ">="}, operator) {
			return nil, fmt.Errorf("numeric: unknown comparison %s", jsonvalue.String(list[i]))
		}
		value, ok := exactNumber(list[i+1])
		if !ok {
			return nil, fmt.Errorf("numeric: %s is not a number that is exact as a 64-bit floating point number", jsonvalue.String(list[i+1]))
		}
		bounds = append(bounds, bound{operator, value})
	}
	if len(bounds) == 2 && (bounds[0].operator[0] != '>' || bounds[1].operator[0] != '<' || bounds[0].value >= bounds[1].value) {
		return nil, fmt.Errorf("numeric: a range must have its lower bound (> or >=) first and below the upper (< or <=)")
	}
	return func(v any) bool {
		number, exact := exactNumber(v)
		if !exact {
			return false
		}
		for _, b := range bounds {
			holds := false
			switch b.operator {
			case "=":
				holds = number == b.value
			case "<":
				holds = number < b.value
			case "<=":
				holds = number <= b.value
			case ">":
				holds = number > b.value
			case ">=":
				holds = number >= b.value
			}
			if !holds {
				return false
			}
		}
		return true
	}, nil
}

// equals compares with a value of the pattern. A string that is an IP address matches every way of writing that
// address, as the engine takes it for a range of one.
func equals(want any) func(any) bool {
	if s, ok := want.(string); ok {
		if address, ok := parseAddress(s); ok {
			return text(func(v string) bool {
				got, ok := parseAddress(v)
				return ok && got == address
			})
		}
	}
	return sameValue(want)
}

// sameValue compares values: numbers by value where both are exact as 64-bit floating point numbers (recorded: 300 matches
// 300.0, although the User Guide says otherwise), everything else by how it is written.
func sameValue(want any) func(any) bool {
	switch want := want.(type) {
	case string:
		return text(func(v string) bool { return v == want })
	case nil:
		return func(v any) bool { return v == nil }
	case bool:
		return func(v any) bool { return v == want }
	}
	number, exact := exactNumber(want)
	source := jsonvalue.String(want)
	return func(v any) bool {
		if exact {
			got, ok := exactNumber(v)
			return ok && got == number
		}
		_, isNumber := jsonvalue.Float(v)
		return isNumber && jsonvalue.String(v) == source
	}
}

func text(match func(string) bool) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && match(s)
	}
}

func parseCIDR(s string) (func(any) bool, error) {
	address, bits, _ := strings.Cut(s, "/")
	base, ok := parseAddress(address)
	if !ok {
		return nil, fmt.Errorf("cidr: %q is not a CIDR block", s)
	}
	network, err := netip.ParsePrefix(base.String() + "/" + bits)
	if err != nil || network.IsSingleIP() {
		return nil, fmt.Errorf("cidr: %q is not a CIDR block with 0 to %d bits of network", s, base.BitLen()-1)
	}
	return text(func(v string) bool {
		ip, ok := parseAddress(v)
		return ok && network.Contains(ip)
	}), nil
}

// parseAddress reads an IP address as the engine does: zeros may lead the parts of an IPv4 address, and an IPv6 address
// that maps an IPv4 address is that address.
func parseAddress(s string) (netip.Addr, bool) {
	if strings.Count(s, ".") == 3 && !strings.Contains(s, ":") {
		part := strings.Split(s, ".")
		for i := range part {
			if trimmed := strings.TrimLeft(part[i], "0"); trimmed != part[i] {
				part[i] = trimmed
				if trimmed == "" {
					part[i] = "0"
				}
			}
		}
		s = strings.Join(part, ".")
	} else if !strings.Contains(s, ":") || strings.ContainsAny(s, ".%") {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(s)
	return ip.Unmap(), err == nil
}

func hasPrefixFold(s, prefix string) bool {
	r, n := []rune(s), len([]rune(prefix))
	return len(r) >= n && strings.EqualFold(string(r[:n]), prefix)
}

func hasSuffixFold(s, suffix string) bool {
	r, n := []rune(s), len([]rune(suffix))
	return len(r) >= n && strings.EqualFold(string(r[len(r)-n:]), suffix)
}
