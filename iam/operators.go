package iam

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// operator is one of the condition operators but Null.
type operator struct {
	typ     Type
	negated bool
	compare func(request *value, policy *operand, keys Keys) bool
}

// value is a value of a request, read as an operator needs it.
type value struct {
	scalar
	target target
}

// operand is a value of a policy, read as its operator needs it.
type operand struct {
	scalar
	pattern pattern
	arn     arnPattern
}

// scalar is what values of either side are.
type scalar struct {
	text    string
	number  float64
	date    time.Time
	flag    bool
	network netip.Prefix
}

// operators by their names in lower case.
var operators = map[string]*operator{
	"stringequals":              {String, false, equal},
	"stringnotequals":           {String, true, equal},
	"stringequalsignorecase":    {String, false, fold},
	"stringnotequalsignorecase": {String, true, fold},
	"stringlike":                {String, false, fits},
	"stringnotlike":             {String, true, fits},
	"arnequals":                 {Name, false, sameARN},
	"arnlike":                   {Name, false, sameARN},
	"arnnotequals":              {Name, true, sameARN},
	"arnnotlike":                {Name, true, sameARN},
	"numericequals":             {Number, false, func(a *value, b *operand, _ Keys) bool { return a.number == b.number }},
	"numericnotequals":          {Number, true, func(a *value, b *operand, _ Keys) bool { return a.number == b.number }},
	"numericlessthan":           {Number, false, func(a *value, b *operand, _ Keys) bool { return a.number < b.number }},
	"numericlessthanequals":     {Number, false, func(a *value, b *operand, _ Keys) bool { return a.number <= b.number }},
	"numericgreaterthan":        {Number, false, func(a *value, b *operand, _ Keys) bool { return a.number > b.number }},
	"numericgreaterthanequals":  {Number, false, func(a *value, b *operand, _ Keys) bool { return a.number >= b.number }},
	"dateequals":                {Date, false, func(a *value, b *operand, _ Keys) bool { return a.date.Equal(b.date) }},
	"datenotequals":             {Date, true, func(a *value, b *operand, _ Keys) bool { return a.date.Equal(b.date) }},
	"datelessthan":              {Date, false, func(a *value, b *operand, _ Keys) bool { return a.date.Before(b.date) }},
	"datelessthanequals":        {Date, false, func(a *value, b *operand, _ Keys) bool { return !a.date.After(b.date) }},
	"dategreaterthan":           {Date, false, func(a *value, b *operand, _ Keys) bool { return a.date.After(b.date) }},
	"dategreaterthanequals":     {Date, false, func(a *value, b *operand, _ Keys) bool { return !a.date.Before(b.date) }},
	"bool":                      {Bool, false, func(a *value, b *operand, _ Keys) bool { return a.flag == b.flag }},
	"binaryequals":              {Binary, false, func(a *value, b *operand, _ Keys) bool { return a.text == b.text }},
	"ipaddress":                 {Address, false, within},
	"notipaddress":              {Address, true, within},
}

func equal(request *value, policy *operand, keys Keys) bool {
	if policy.pattern.variables {
		text, ok := expand(policy.text, keys, false)
		return ok && text == request.text
	}
	return request.text == policy.text
}

func fold(request *value, policy *operand, keys Keys) bool {
	text, ok := policy.text, true
	if policy.pattern.variables {
		text, ok = expand(text, keys, false)
	}
	return ok && strings.EqualFold(request.text, text)
}

func fits(request *value, policy *operand, keys Keys) bool {
	return policy.pattern.matches(request.text, keys)
}

// sameARN is both ArnEquals and ArnLike: they behave alike.
func sameARN(request *value, policy *operand, keys Keys) bool {
	if policy.pattern.variables && !policy.arn.ok { // "${aws:PrincipalArn}"
		text, ok := expand(policy.text, keys, false)
		return ok && text == request.text
	}
	return policy.arn.ok && policy.arn.matches(&request.target, keys)
}

func within(request *value, policy *operand, _ Keys) bool {
	return policy.network.Contains(request.network.Addr())
}

// readOperand reads a value of a policy.
func readOperand(t Type, text string) (o operand, err error) {
	o.text, o.pattern = text, compilePattern(text)
	if o.pattern.variables && t != String && t != Name {
		return o, fmt.Errorf("has a variable, which only operators for strings and ARNs take")
	}
	switch t {
	case Name:
		o.arn = compileARN(text)
		if parts, ok := splitARN(text); (!ok || parts[0] != "arn") && !strings.HasPrefix(text, "${") {
			return o, fmt.Errorf("%q is not an ARN with its six parts", text)
		}
	default:
		if !o.read(t, text) {
			return o, fmt.Errorf("%q is not %s", text, typeNames[t])
		}
	}
	return o, nil
}

// readRequest reads a value of a request. A value that is not of the type satisfies no operator, not even a negated one.
func readRequest(t Type, text string) (v value, ok bool) {
	v.text = text
	switch t {
	case String:
		return v, true
	case Name:
		v.target = newTarget(text)
		return v, v.target.ok
	}
	ok = v.read(t, text)
	return v, ok && (t != Address || v.network.IsSingleIP())
}

var number = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)$`)

func (s *scalar) read(t Type, text string) (ok bool) {
	var err error
	switch t {
	case Number:
		if !number.MatchString(text) {
			return false
		}
		s.number, err = strconv.ParseFloat(text, 64)
	case Date:
		s.date, ok = parseDate(text)
		return ok
	case Bool:
		s.flag = strings.EqualFold(text, "true")
		return s.flag || strings.EqualFold(text, "false")
	case Binary:
		_, err = base64.StdEncoding.Strict().DecodeString(text)
	case Address:
		if strings.Contains(text, "/") {
			s.network, err = netip.ParsePrefix(text)
			break
		}
		var one netip.Addr
		if one, err = netip.ParseAddr(text); err == nil {
			if one.Zone() != "" {
				return false
			}
			s.network = netip.PrefixFrom(one, one.BitLen())
		}
	}
	return err == nil
}

// dateForms are those of the W3C's profile of ISO 8601: a time has its zone.
var dateForms = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01"}

// parseDate reads the W3C's profile of ISO 8601, or seconds since 1970. Four digits are a year.
func parseDate(text string) (time.Time, bool) {
	if number.MatchString(text) {
		if len(text) == 4 {
			t, err := time.Parse("2006", text)
			return t, err == nil
		}
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(seconds) > 1e15 {
			return time.Time{}, false
		}
		whole, part := math.Modf(seconds)
		return time.Unix(int64(whole), int64(part*1e9)), true
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
