package iam

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// Condition is one operator applied to one key: it holds when the key's values in the request compare with
// Values as the operator says. All conditions of a statement must hold.
type Condition struct {
	Operator string // as written: "ForAllValues:StringLikeIfExists"
	Key      string
	Values   []string

	set      string // "", "ForAllValues" or "ForAnyValue"
	ifExists bool
	null     bool
	negated  bool
	match    func(request, policy string) bool
	textual  bool // policy variables are replaced
}

func parseConditions(v any) ([]Condition, error) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("is not an object")
	}
	var list []Condition
	for operator, keys := range o.All() {
		c, err := parseOperator(operator)
		if err != nil {
			return nil, err
		}
		byKey, ok := keys.(*jsonvalue.Object)
		if !ok {
			return nil, fmt.Errorf("%s: is not an object of condition keys", operator)
		}
		for key, values := range byKey.All() {
			c.Key = key
			if c.Values, err = scalars(values); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", operator, key, err)
			}
			list = append(list, c)
		}
	}
	return list, nil
}

func parseOperator(operator string) (Condition, error) {
	c := Condition{Operator: operator}
	name := operator
	if set, rest, ok := strings.Cut(operator, ":"); ok {
		switch strings.ToLower(set) {
		case "forallvalues":
			c.set = "ForAllValues"
		case "foranyvalue":
			c.set = "ForAnyValue"
		default:
			return c, fmt.Errorf("unknown set operator %q", set)
		}
		name = rest
	}
	name = strings.ToLower(name)
	if name == "null" {
		c.null = true
		return c, nil
	}
	name, c.ifExists = strings.CutSuffix(name, "ifexists")
	op, ok := operators[name]
	if !ok {
		return c, fmt.Errorf("unknown condition operator %q", operator)
	}
	c.match, c.negated, c.textual = op.match, op.negated, op.textual
	return c, nil
}

type operatorRule struct {
	match   func(request, policy string) bool
	negated bool
	textual bool
}

// operators are all condition operators of IAM but Null, by their names in lower case.
var operators = map[string]operatorRule{
	"stringequals":              {match: equal, textual: true},
	"stringnotequals":           {match: equal, textual: true, negated: true},
	"stringequalsignorecase":    {match: fold, textual: true},
	"stringnotequalsignorecase": {match: fold, textual: true, negated: true},
	"stringlike":                {match: like, textual: true},
	"stringnotlike":             {match: like, textual: true, negated: true},
	"arnequals":                 {match: arnLike, textual: true},
	"arnlike":                   {match: arnLike, textual: true},
	"arnnotequals":              {match: arnLike, textual: true, negated: true},
	"arnnotlike":                {match: arnLike, textual: true, negated: true},
	"numericequals":             {match: numeric(func(a, b float64) bool { return a == b })},
	"numericnotequals":          {match: numeric(func(a, b float64) bool { return a == b }), negated: true},
	"numericlessthan":           {match: numeric(func(a, b float64) bool { return a < b })},
	"numericlessthanequals":     {match: numeric(func(a, b float64) bool { return a <= b })},
	"numericgreaterthan":        {match: numeric(func(a, b float64) bool { return a > b })},
	"numericgreaterthanequals":  {match: numeric(func(a, b float64) bool { return a >= b })},
	"dateequals":                {match: date(func(a, b time.Time) bool { return a.Equal(b) })},
	"datenotequals":             {match: date(func(a, b time.Time) bool { return a.Equal(b) }), negated: true},
	"datelessthan":              {match: date(func(a, b time.Time) bool { return a.Before(b) })},
	"datelessthanequals":        {match: date(func(a, b time.Time) bool { return !a.After(b) })},
	"dategreaterthan":           {match: date(func(a, b time.Time) bool { return a.After(b) })},
	"dategreaterthanequals":     {match: date(func(a, b time.Time) bool { return !a.Before(b) })},
	"bool":                      {match: fold, textual: true},
	"binaryequals":              {match: binary},
	"ipaddress":                 {match: inNetwork},
	"notipaddress":              {match: inNetwork, negated: true},
}

func equal(request, policy string) bool { return request == literal(policy) }

func fold(request, policy string) bool { return strings.EqualFold(request, literal(policy)) }

// literal undoes the escaping of wildcards that came out of policy variables, for operators without wildcards.
func literal(pattern string) string {
	if strings.IndexByte(pattern, escape) < 0 {
		return pattern
	}
	return strings.ReplaceAll(pattern, string(rune(escape)), "")
}

func numeric(compare func(a, b float64) bool) func(request, policy string) bool {
	return func(request, policy string) bool {
		a, errA := strconv.ParseFloat(request, 64)
		b, errB := strconv.ParseFloat(policy, 64)
		return errA == nil && errB == nil && compare(a, b)
	}
}

func date(compare func(a, b time.Time) bool) func(request, policy string) bool {
	return func(request, policy string) bool {
		a, okA := parseDate(request)
		b, okB := parseDate(policy)
		return okA && okB && compare(a, b)
	}
}

// parseDate reads the W3C profile of ISO 8601, or seconds since 1970.
func parseDate(s string) (time.Time, bool) {
	if seconds, err := strconv.ParseFloat(s, 64); err == nil && len(s) > 4 {
		whole, part := math.Modf(seconds)
		return time.Unix(int64(whole), int64(part*1e9)), true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func binary(request, policy string) bool {
	a, errA := base64.StdEncoding.DecodeString(request)
	b, errB := base64.StdEncoding.DecodeString(policy)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

func inNetwork(request, policy string) bool {
	ip, err := netip.ParseAddr(request)
	if err != nil {
		return false
	}
	if network, err := netip.ParsePrefix(policy); err == nil {
		return network.Contains(ip)
	}
	one, err := netip.ParseAddr(policy)
	return err == nil && one == ip
}

// holds evaluates the condition for a request's keys.
func (c Condition) holds(keys Keys, version string) bool {
	request, present := keys.get(c.Key)
	if c.null {
		for _, v := range c.Values {
			if strings.EqualFold(v, strconv.FormatBool(!present)) {
				return true
			}
		}
		return false
	}
	if !present {
		return c.ifExists || c.set == "ForAllValues" || c.negated && c.set != "ForAnyValue"
	}
	one := func(value string) bool {
		for _, policy := range c.Values {
			if c.textual {
				var ok bool
				if policy, ok = substitute(policy, keys, version); !ok {
					continue
				}
			}
			if c.match(value, policy) {
				return true
			}
		}
		return false
	}
	some, every := false, true
	for _, value := range request {
		if one(value) != c.negated {
			some = true
		} else {
			every = false
		}
	}
	if c.set == "ForAllValues" || c.set == "" && c.negated {
		return every
	}
	return some
}
