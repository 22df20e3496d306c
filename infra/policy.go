package infra

import (
	"strings"

	"airline/iam"
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
	var out iam.Policy
	for _, s := range p.Statements {
		statement := iam.Statement{Sid: s.Sid, Deny: s.Deny, Actions: s.Actions, Resources: s.Resources}
		if s.Principals != nil {
			statement.Principal = &iam.Principals{AWS: s.Principals["AWS"], Services: s.Principals["Service"], Federated: s.Principals["Federated"]}
		}
		for operator, keys := range s.Conditions {
			for key, values := range keys {
				statement.Conditions = append(statement.Conditions, iam.If(operator, key, values...))
			}
		}
		out.Statements = append(out.Statements, statement)
	}
	return out.JSON()
}

// Text is the document for people: a statement a line.
func (p Policy) Text() string {
	lines := make([]string, len(p.Statements))
	for i, s := range p.Statements {
		lines[i] = "    " + s.JSON()
	}
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n" + strings.Join(lines, ",\n") + "\n  ]\n}"
}

// JSON is the statement as it stands in a document.
func (s Statement) JSON() string {
	_, statement, _ := strings.Cut(Policy{Statements: []Statement{s}}.JSON(), `"Statement":[`)
	return strings.TrimSuffix(statement, "]}")
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
	if given := n.Given.key(key); given != "" {
		return Statement{Sid: sid, Actions: actions, Resources: []string{given}, Conditions: Conditions{}}
	}
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
