package iam

import (
	"bytes"
	"encoding/json"
)

// The versions of the policy language. A document without a Version is of the older one, which has no variables.
const (
	version2012 = "2012-10-17"
	version2008 = "2008-10-17"
)

// Kind is what a policy is attached to.
type Kind int

// The kinds of policies.
const (
	Identity  Kind = iota + 1 // of a role, user or group
	Managed                   // a policy of its own, attached to roles, users or groups
	Boundary                  // a permissions boundary
	Trust                     // of a role: who may assume it
	Resource                  // of a bucket, topic, queue, bus, secret
	KeyPolicy                 // of a KMS key
	Endpoint                  // of a VPC endpoint
)

// rule is what holds for the documents of a kind.
type rule struct {
	name      string
	principal bool // a statement has a Principal (or it must have none)
	resource  bool // a statement has a Resource (or it must have none)
	quota     int
	blanks    bool // blanks count towards the quota
	loose     bool // a Sid may have other characters than letters and digits
}

// The quotas are those of "IAM and AWS STS quotas" and of the services' guides. That of identity policies is for all inline
// policies of a role together.
var kinds = map[Kind]rule{
	Identity:  {"an identity policy", false, true, 10_240, false, false},
	Managed:   {"a managed policy", false, true, 6_144, false, false},
	Boundary:  {"a permissions boundary", false, true, 6_144, false, false},
	Trust:     {"a trust policy", true, false, 2_048, false, false},
	Resource:  {"a resource policy", true, true, 20_480, true, true},
	KeyPolicy: {"a key policy", true, true, 32_768, true, true},
	Endpoint:  {"a VPC endpoint policy", true, true, 20_480, true, true},
}

// String is the kind in words: "a trust policy".
func (k Kind) String() string { return kinds[k].name }

// Policy is a policy document.
type Policy struct {
	Version    string // the newer one where a policy is not parsed
	ID         string
	Statements []Statement
	// Size is what counts towards the quota of the document that was parsed.
	Size int
}

// Statement is one statement of a policy. Of Actions and NotActions exactly one is set; likewise Resources and NotResources
// (neither in a trust policy), Principal and NotPrincipal (neither in an identity policy).
type Statement struct {
	Sid          string // unique within its policy
	Deny         bool
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	Principal    *Principals
	NotPrincipal *Principals
	Conditions   []Condition

	ready *matcher // nil where the statement was not parsed
}

// Principals is the content of a Principal element.
type Principals struct {
	Anyone    bool     // "*" or {"AWS": "*"}
	AWS       []string // ARNs, account ids and unique ids
	Services  []string // "events.amazonaws.com"
	Federated []string
	Canonical []string
}

// JSON is the document as AWS takes it, with keys in a fixed order.
func (p Policy) JSON() string {
	version := p.Version
	if version == "" {
		version = version2012
	}
	d := struct {
		Version   string
		ID        string `json:"Id,omitempty"`
		Statement []map[string]any
	}{version, p.ID, make([]map[string]any, len(p.Statements))}
	for i, s := range p.Statements {
		d.Statement[i] = s.fields()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil { // strings, and lists and maps of them, always encode
		panic(err)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

func (s Statement) fields() map[string]any {
	m := map[string]any{"Effect": "Allow"}
	if s.Deny {
		m["Effect"] = "Deny"
	}
	if s.Sid != "" {
		m["Sid"] = s.Sid
	}
	for name, values := range map[string][]string{
		"Action": s.Actions, "NotAction": s.NotActions, "Resource": s.Resources, "NotResource": s.NotResources,
	} {
		if len(values) > 0 {
			m[name] = list(values)
		}
	}
	for name, p := range map[string]*Principals{"Principal": s.Principal, "NotPrincipal": s.NotPrincipal} {
		if p != nil {
			m[name] = p.fields()
		}
	}
	if len(s.Conditions) > 0 {
		conditions := map[string]map[string]list{}
		for _, c := range s.Conditions {
			if conditions[c.Operator] == nil {
				conditions[c.Operator] = map[string]list{}
			}
			conditions[c.Operator][c.Key] = c.Values
		}
		m["Condition"] = conditions
	}
	return m
}

func (p *Principals) fields() any {
	m := map[string]list{}
	for name, values := range map[string][]string{"AWS": p.AWS, "Service": p.Services, "Federated": p.Federated, "CanonicalUser": p.Canonical} {
		if len(values) > 0 {
			m[name] = values
		}
	}
	if len(m) == 0 && p.Anyone {
		return "*"
	}
	return m
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
