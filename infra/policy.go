package infra

import (
	"bytes"
	"encoding/json"
)

// Policy is an IAM policy document: an identity policy, a trust policy or a resource policy.
type Policy struct {
	Statements []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	// Sid names the statement; it is unique within its policy.
	Sid string
	// Deny makes the statement a denial. The default allows.
	Deny bool
	// Principals is set in trust and resource policies: kind ("Service", "AWS", "Federated") to names.
	Principals map[string][]string
	Actions    []string
	// Resources is empty in trust policies.
	Resources  []string
	Conditions Conditions
}

// Conditions are operator -> key -> values, such as {"StringEquals": {"aws:SourceAccount": {"123456789012"}}}.
type Conditions map[string]map[string][]string

// with returns the conditions of both; an operator's keys are merged.
func (c Conditions) with(other Conditions) Conditions {
	out := Conditions{}
	for _, part := range []Conditions{c, other} {
		for operator, keys := range part {
			if out[operator] == nil {
				out[operator] = map[string][]string{}
			}
			for key, values := range keys {
				out[operator][key] = values
			}
		}
	}
	return out
}

// JSON is the document as AWS takes it, with keys in a fixed order.
func (p Policy) JSON() string {
	type document struct {
		Version   string
		Statement []map[string]any
	}
	d := document{Version: "2012-10-17", Statement: []map[string]any{}}
	for _, s := range p.Statements {
		m := map[string]any{"Sid": s.Sid, "Effect": "Allow", "Action": list(s.Actions)}
		if s.Deny {
			m["Effect"] = "Deny"
		}
		if s.Principals != nil {
			principals := map[string]list{}
			for kind, names := range s.Principals {
				principals[kind] = names
			}
			m["Principal"] = principals
		}
		if len(s.Resources) > 0 {
			m["Resource"] = list(s.Resources)
		}
		if len(s.Conditions) > 0 {
			conditions := map[string]map[string]list{}
			for operator, keys := range s.Conditions {
				conditions[operator] = map[string]list{}
				for key, values := range keys {
					conditions[operator][key] = values
				}
			}
			m["Condition"] = conditions
		}
		d.Statement = append(d.Statement, m)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		// Strings, lists and maps of them always encode.
		panic(err)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

// list is written as AWS writes it: a list of one is that one.
type list []string

// MarshalJSON writes the list.
func (l list) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]string(l))
}

// everybody is the principal of denials, and of permissions that a condition narrows.
func everybody() map[string][]string { return map[string][]string{"AWS": {"*"}} }

// service is an AWS service as a principal, such as "events.amazonaws.com".
func service(names ...string) map[string][]string { return map[string][]string{"Service": names} }

// onBehalfOf narrows a service principal to this account and to the resources it acts for. Without it, another
// customer could make the service act on our resource (the confused deputy).
func (n Names) onBehalfOf(sources ...string) Conditions {
	return Conditions{
		"StringEquals": {"aws:SourceAccount": {n.Account}},
		"ArnLike":      {"aws:SourceArn": sources},
	}
}

// trust lets a service assume a role for the given resources of this account.
func (n Names) trust(servicePrincipal string, sources ...string) Policy {
	return Policy{Statements: []Statement{{
		Sid:        "ServiceAssumesRole",
		Principals: service(servicePrincipal),
		Actions:    []string{"sts:AssumeRole"},
		Conditions: n.onBehalfOf(sources...),
	}}}
}

// useKey allows KMS actions on the key with the alias, and on no other.
func (n Names) useKey(sid, key string, actions ...string) Statement {
	return Statement{
		Sid:        sid,
		Actions:    actions,
		Resources:  []string{n.KeysARN()},
		Conditions: Conditions{"ForAnyValue:StringEquals": {"kms:ResourceAliases": {n.KeyAlias(key)}}},
	}
}

// denyInsecureTransport refuses requests without TLS to a bucket, topic or queue.
func denyInsecureTransport(action string, resources ...string) Statement {
	return Statement{
		Sid:        "DenyInsecureTransport",
		Deny:       true,
		Principals: everybody(),
		Actions:    []string{action},
		Resources:  resources,
		Conditions: Conditions{"Bool": {"aws:SecureTransport": {"false"}}},
	}
}
