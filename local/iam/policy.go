// Package iam decides as AWS's policy evaluation does: identity policies, resource policies, key policies and
// trust policies, with explicit denies, wildcards, conditions and policy variables.
//
//	policy, err := iam.Parse(document)
//	d := iam.Evaluate(iam.Case{Principal: p, Action: "s3:GetObject", Resource: arn, Identity: []iam.Attached{{Name: "read", Policy: policy}}})
//	if !d.Allowed { fmt.Println(d.Reason) }
//
// Evaluation is a pure function of its arguments. [Directory] holds the roles and policies of a deployed stack
// and is the local world's authorizer. What the package does not know (an element, a condition operator) is an
// error when the policy is parsed, never a silent yes or no.
//
// Source of the rules: AWS IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements reference";
// AWS KMS Developer Guide, "Key policies".
package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"airline/asl/jsonvalue"
)

// Policy is a parsed policy document.
type Policy struct {
	Version    string
	ID         string
	Statements []Statement
}

// Statement is one statement of a policy. Of Actions and NotActions exactly one is set; likewise Resources
// and NotResources (neither in a trust policy), Principal and NotPrincipal (neither in an identity policy).
type Statement struct {
	SID          string
	Deny         bool
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	Principal    *Principals
	NotPrincipal *Principals
	Conditions   []Condition
}

// Principals is the content of a Principal element.
type Principals struct {
	Anyone    bool     // "*" or {"AWS": "*"}
	AWS       []string // ARNs and account ids
	Services  []string
	Federated []string
	Canonical []string
}

// Parse reads a policy document. The error names the statement and element that cannot be taken.
func Parse(document []byte) (*Policy, error) {
	v, err := jsonvalue.Decode(document)
	if err != nil {
		return nil, fmt.Errorf("policy document: %w", err)
	}
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("policy document: is not an object")
	}
	p := &Policy{Version: "2008-10-17"}
	for key, value := range o.All() {
		switch key {
		case "Version":
			p.Version, ok = value.(string)
			if !ok || p.Version != "2012-10-17" && p.Version != "2008-10-17" {
				return nil, fmt.Errorf("policy document: Version is %s, must be \"2012-10-17\" or \"2008-10-17\"", jsonvalue.String(value))
			}
		case "Id":
			if p.ID, ok = value.(string); !ok {
				return nil, fmt.Errorf("policy document: Id is not a string")
			}
		case "Statement":
			list, ok := value.([]any)
			if !ok {
				list = []any{value}
			}
			for i, e := range list {
				s, err := parseStatement(e)
				if err != nil {
					return nil, fmt.Errorf("policy document: Statement[%d]: %w", i, err)
				}
				p.Statements = append(p.Statements, s)
			}
		default:
			return nil, fmt.Errorf("policy document: unknown element %q", key)
		}
	}
	if len(p.Statements) == 0 {
		return nil, fmt.Errorf("policy document: has no Statement")
	}
	return p, nil
}

func parseStatement(v any) (Statement, error) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return Statement{}, fmt.Errorf("is not an object")
	}
	var s Statement
	var err error
	for key, value := range o.All() {
		switch key {
		case "Sid":
			if s.SID, ok = value.(string); !ok {
				err = fmt.Errorf("is not a string")
			}
		case "Effect":
			switch value {
			case "Allow":
			case "Deny":
				s.Deny = true
			default:
				err = fmt.Errorf("must be \"Allow\" or \"Deny\", is %s", jsonvalue.String(value))
			}
		case "Action":
			s.Actions, err = actions(value)
		case "NotAction":
			s.NotActions, err = actions(value)
		case "Resource":
			s.Resources, err = texts(value)
		case "NotResource":
			s.NotResources, err = texts(value)
		case "Principal":
			s.Principal, err = parsePrincipals(value)
		case "NotPrincipal":
			s.NotPrincipal, err = parsePrincipals(value)
		case "Condition":
			s.Conditions, err = parseConditions(value)
		default:
			return s, fmt.Errorf("unknown element %q", key)
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", key, err)
		}
	}
	if _, ok := o.Get("Effect"); !ok {
		return s, fmt.Errorf("lacks Effect")
	}
	for _, pair := range [][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		_, a := o.Get(pair[0])
		_, b := o.Get(pair[1])
		if a && b {
			return s, fmt.Errorf("has both %s and %s", pair[0], pair[1])
		}
		if !a && !b && pair[0] == "Action" {
			return s, fmt.Errorf("lacks Action")
		}
	}
	return s, nil
}

func actions(v any) ([]string, error) {
	list, err := texts(v)
	for _, a := range list {
		if service, name, ok := strings.Cut(a, ":"); a != "*" && (!ok || service == "" || name == "") {
			return nil, fmt.Errorf("%q is not of the form service:action", a)
		}
	}
	return list, err
}

// texts reads a string or a list of strings.
func texts(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]string, len(list))
	for i, e := range list {
		if out[i], ok = e.(string); !ok {
			return nil, fmt.Errorf("%s is not a string", jsonvalue.String(e))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("is an empty list")
	}
	return out, nil
}

// scalars reads one or more strings, numbers or booleans as text, as Condition values may be.
func scalars(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]string, len(list))
	for i, e := range list {
		switch e := e.(type) {
		case string:
			out[i] = e
		case bool, float64, json.Number:
			out[i] = jsonvalue.String(e)
		default:
			return nil, fmt.Errorf("%s is not a string, number or boolean", jsonvalue.String(e))
		}
	}
	return out, nil
}

func parsePrincipals(v any) (*Principals, error) {
	if v == "*" {
		return &Principals{Anyone: true}, nil
	}
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("must be \"*\" or an object, is %s", jsonvalue.String(v))
	}
	p := &Principals{}
	for key, value := range o.All() {
		list, err := texts(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		switch key {
		case "AWS":
			p.Anyone = slices.Contains(list, "*")
			p.AWS = list
		case "Service":
			p.Services = list
		case "Federated":
			p.Federated = list
		case "CanonicalUser":
			p.Canonical = list
		default:
			return nil, fmt.Errorf("unknown kind %q", key)
		}
	}
	return p, nil
}
