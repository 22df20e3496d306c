package iam

import (
	"fmt"
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

// Case is everything that a decision depends on.
type Case struct {
	Caller   Caller
	Action   string
	Resource string // ARN, or "*" for actions without a resource type
	Owner    string // account of the resource
	Keys     Keys
	Identity []Named // policies of the role or user
	Boundary *Named  // the role's or user's permissions boundary, nil without
	Endpoint *Named  // the policy of the VPC endpoint that the request came through, nil without
	Own      *Named  // the resource's policy, nil without
	// Guarded resources (KMS keys, roles to assume) must be allowed by their own policy: to the caller itself, or to its
	// account, and in the latter case by the identity's policies too. Of other resources (buckets, topics, queues), in one
	// account, the identity's or the resource's allow is enough.
	Guarded bool
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

// closeness is how a statement's principal matches a caller.
type closeness int

const (
	stranger closeness = iota
	account            // the caller's whole account: the identity's policies decide
	role               // the role whose session the caller is: its boundary limits what it gets
	itself             // the session, the user, the service, or everybody
)

// Evaluate decides a case: an explicit deny anywhere wins, then there must be an allow, which boundary and endpoint must not
// leave out.
func Evaluate(c Case) Decision {
	t := newTarget(c.Resource)
	allows, denied := c.matching(c.Identity, &t)
	if denied != nil {
		return Decision{Reason: "with an explicit deny in an identity-based policy", By: []Match{*denied}}
	}
	var byAccount, byRole, byItself []Match
	if c.Own != nil {
		for i := range c.Own.Statements {
			s := &c.Own.Statements[i]
			if !s.applies(&c, &t, c.Own.Version) {
				continue
			}
			switch m, near := (Match{c.Own.Name, i}), s.closeness(c.Caller); {
			case near == stranger:
			case s.Deny:
				return Decision{Reason: "with an explicit deny in a resource-based policy", By: []Match{m}}
			case near == account:
				byAccount = append(byAccount, m)
			case near == role:
				byRole = append(byRole, m)
			default:
				byItself = append(byItself, m)
			}
		}
	}
	within := true
	if c.Boundary != nil && c.Caller.Service == "" {
		some, denied := c.matching([]Named{*c.Boundary}, &t)
		if denied != nil {
			return Decision{Reason: "with an explicit deny in a permissions boundary", By: []Match{*denied}}
		}
		within = some != nil
	}
	if c.Endpoint != nil {
		some, denied := c.matching([]Named{*c.Endpoint}, &t)
		switch {
		case denied != nil:
			return Decision{Reason: "with an explicit deny in a VPC endpoint policy", By: []Match{*denied}}
		case some == nil:
			return Decision{Reason: fmt.Sprintf("because no VPC endpoint policy allows the %s action", c.Action)}
		}
	}
	return c.decide(allows, byAccount, byRole, byItself, within)
}

// decide weighs the statements that allow.
func (c *Case) decide(allows, byAccount, byRole, byItself []Match, within bool) Decision {
	noResource := func() Decision {
		return Decision{Reason: fmt.Sprintf("because no resource-based policy allows the %s action", c.Action)}
	}
	if c.Caller.Service != "" {
		if byItself == nil {
			return noResource()
		}
		return Decision{Allowed: true, By: byItself}
	}
	same := c.Caller.Account == c.Owner
	if same && byItself != nil { // a boundary does not limit what a resource gives to a session or user itself
		return Decision{Allowed: true, By: append(byItself, allows...)}
	}
	own := append(byRole, byItself...)
	switch {
	case (!same || c.Guarded) && byAccount == nil && own == nil:
		return noResource()
	case allows == nil && !(same && own != nil):
		return Decision{Reason: fmt.Sprintf("because no identity-based policy allows the %s action", c.Action)}
	case !within:
		return Decision{Reason: fmt.Sprintf("because no permissions boundary allows the %s action", c.Action)}
	case same && own != nil:
		return Decision{Allowed: true, By: append(own, allows...)}
	case !same || c.Guarded:
		return Decision{Allowed: true, By: append(append(allows, byAccount...), own...)}
	}
	return Decision{Allowed: true, By: allows}
}

// matching are the statements of policies without principals that allow, or the first that denies.
func (c *Case) matching(policies []Named, t *target) (allows []Match, denied *Match) {
	for _, p := range policies {
		for i := range p.Statements {
			s := &p.Statements[i]
			if !s.applies(c, t, p.Version) {
				continue
			}
			if s.Deny {
				return nil, &Match{p.Name, i}
			}
			allows = append(allows, Match{p.Name, i})
		}
	}
	return allows, nil
}

func (s *Statement) closeness(c Caller) closeness {
	switch {
	case s.Principal != nil:
		return s.Principal.closeness(c)
	case s.NotPrincipal != nil && !s.NotPrincipal.spares(c):
		return itself
	}
	return stranger
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
		case arn == c.ARN:
			return itself
		case arn == c.Role:
			near = max(near, role)
			if c.ARN == "" || c.user() {
				return itself
			}
		case arn == c.Account || isRootOf(arn, c.Account):
			near = max(near, account)
		}
	}
	return near
}

// user tells that the caller is an IAM user, who is no session of a role.
func (c Caller) user() bool {
	a, ok := ParseARN(c.Role)
	return ok && len(a.Resource) > 5 && a.Resource[:5] == "user/"
}

// spares tells whether NotPrincipal names the caller: AWS validates the account first and then the user or role, so both must
// stand in it (IAM User Guide, "NotPrincipal": "you must also specify the account ARN of the not-denied principal").
func (p *Principals) spares(c Caller) bool {
	if p.Anyone || c.Service != "" {
		return p.closeness(c) == itself
	}
	inAccount := false
	for _, arn := range p.AWS {
		inAccount = inAccount || arn == c.Account || isRootOf(arn, c.Account)
	}
	return inAccount && p.closeness(c) >= role
}

// isRootOf tells whether arn is arn:aws:iam::<account>:root.
func isRootOf(arn, account string) bool {
	a, ok := ParseARN(arn)
	return ok && a.Service == "iam" && a.Account == account && a.Resource == "root"
}
