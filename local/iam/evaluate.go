package iam

import (
	"fmt"
	"strings"
)

// Caller is who makes a request.
type Caller struct {
	ARN     string // as messages name it: the session's ARN for a role
	Role    string // ARN of the role or user; empty for a service
	Account string
	Service string // "events.amazonaws.com" when a service calls for itself
}

// Named is a policy with the name of where it stands, for reports.
type Named struct {
	Name string
	*Policy
}

// Kind says how a resource's own policy takes part in the decision.
type Kind int

const (
	// Ordinary resources (buckets, topics, queues): in one account, the identity's or the resource's allow is enough.
	Ordinary Kind = iota
	// Guarded resources (KMS keys, roles to assume): their own policy must allow, either the caller itself or
	// its account, and in the latter case the identity's policies too.
	Guarded
)

// Case is everything that a decision depends on.
type Case struct {
	Caller   Caller
	Action   string
	Resource string // ARN, or "*" for actions without a resource type
	Owner    string // account of the resource
	Keys     Keys
	Identity []Named // policies of the role or user
	Own      *Named  // the resource's policy, nil without
	Kind     Kind
}

// Match is a statement that applied.
type Match struct {
	Policy    string
	Statement int
}

// Decision is the outcome, with AWS's words for a refusal and the statements that decided.
type Decision struct {
	Allowed bool
	Reason  string // "because no identity-based policy allows the s3:GetObject action"
	By      []Match
}

// how a statement's principal matches a caller.
type closeness int

const (
	stranger closeness = iota
	account            // the caller's whole account: the identity's policies decide
	itself
)

// Evaluate decides a case: an explicit deny anywhere wins, then there must be an allow.
func Evaluate(c Case) Decision {
	var allows []Match
	for _, p := range c.Identity {
		for i := range p.Statements {
			s := &p.Statements[i]
			if !s.applies(c, p.Version) {
				continue
			}
			if s.Deny {
				return Decision{Reason: "with an explicit deny in an identity-based policy", By: []Match{{p.Name, i}}}
			}
			allows = append(allows, Match{p.Name, i})
		}
	}
	var byAccount, byItself []Match
	if c.Own != nil {
		for i := range c.Own.Statements {
			s := &c.Own.Statements[i]
			if !s.applies(c, c.Own.Version) {
				continue
			}
			near := s.principalCloseness(c.Caller)
			switch {
			case near == stranger:
			case s.Deny:
				return Decision{Reason: "with an explicit deny in a resource-based policy", By: []Match{{c.Own.Name, i}}}
			case near == account:
				byAccount = append(byAccount, Match{c.Own.Name, i})
			default:
				byItself = append(byItself, Match{c.Own.Name, i})
			}
		}
	}
	noIdentity := fmt.Sprintf("because no identity-based policy allows the %s action", c.Action)
	noResource := fmt.Sprintf("because no resource-based policy allows the %s action", c.Action)
	sameAccount := c.Caller.Service == "" && c.Caller.Account == c.Owner
	switch {
	case c.Caller.Service != "":
		if byItself == nil {
			return Decision{Reason: noResource}
		}
		return Decision{Allowed: true, By: byItself}
	case sameAccount && byItself != nil:
		return Decision{Allowed: true, By: append(byItself, allows...)}
	case (!sameAccount || c.Kind == Guarded) && byAccount == nil && byItself == nil:
		return Decision{Reason: noResource}
	case allows == nil:
		return Decision{Reason: noIdentity}
	}
	by := allows
	if !sameAccount || c.Kind == Guarded {
		by = append(append(by, byAccount...), byItself...)
	}
	return Decision{Allowed: true, By: by}
}

func (s *Statement) applies(c Case, version string) bool {
	return s.matchesAction(c.Action) && s.matchesResource(c.Resource, c.Keys, version) && s.conditionsHold(c.Keys, version)
}

func (s *Statement) principalCloseness(c Caller) closeness {
	switch {
	case s.Principal != nil:
		return s.Principal.closeness(c)
	case s.NotPrincipal != nil:
		if s.NotPrincipal.closeness(c) == stranger {
			return itself
		}
		return stranger
	default:
		return stranger
	}
}

func (p *Principals) closeness(c Caller) closeness {
	if p.Anyone {
		return itself
	}
	if c.Service != "" {
		for _, s := range p.Services {
			if s == c.Service {
				return itself
			}
		}
		return stranger
	}
	near := stranger
	for _, arn := range p.AWS {
		switch {
		case arn == c.ARN || arn == c.Role:
			return itself
		case arn == c.Account || isRootOf(arn, c.Account):
			near = account
		}
	}
	return near
}

// isRootOf reports whether arn is arn:aws:iam::<account>:root.
func isRootOf(arn, account string) bool {
	part := strings.SplitN(arn, ":", 6)
	return len(part) == 6 && part[2] == "iam" && part[4] == account && part[5] == "root"
}
