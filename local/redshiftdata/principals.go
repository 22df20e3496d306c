package redshiftdata

import (
	"fmt"
	"slices"
	"strings"
)

// Groups are roles here: both are sets of rights that users have by membership. A group that is named as a role is the same.

// principals are users, roles or groups that are dropped.
type principals struct {
	kind     string // user, role, group
	names    []string
	ifExists bool
	force    bool // of a role: whoever has it loses it
}

// prefix is what stands before a name where users, roles and groups are together.
func (d *principals) prefix() string {
	if d.kind == "user" {
		return ""
	}
	return "role "
}

// dropPrincipals reads what comes after DROP: USER [IF EXISTS] name, ... | ROLE name [FORCE | RESTRICT] | GROUP name.
func (p *parser) dropPrincipals() error {
	d := &principals{kind: p.next().Value}
	p.grant = &grant{drop: d}
	d.ifExists = d.kind == "user" && p.accept("if", "exists")
	names, err := p.identifiers()
	if err != nil {
		return err
	}
	if d.names = names; d.kind != "user" && len(names) > 1 {
		return syntaxAt(p.tokens[p.i-2], p.src)
	}
	if d.kind == "role" {
		if d.force = p.accept("force"); !d.force {
			p.accept("restrict")
		}
	}
	return p.nothingMore()
}

// identifiers reads names with commas between them.
func (p *parser) identifiers() (list []string, err error) {
	for {
		t := p.peek()
		n := p.identifier()
		if n == "" {
			return nil, syntaxAt(t, p.src)
		}
		if list = append(list, n); !p.accept(",") {
			return list, nil
		}
	}
}

// createGroup reads GROUP name [[WITH] USER name, ...]; CREATE is behind.
func (p *parser) createGroup() error {
	p.next() // GROUP
	t := p.peek()
	who := p.identifier()
	if who == "" {
		return syntaxAt(t, p.src)
	}
	p.grant = &grant{create: true, to: []string{"role " + who}}
	if p.accept("with", "user") || p.accept("user") {
		var err error
		if p.grant.members, err = p.identifiers(); err != nil {
			return err
		}
	}
	return p.nothingMore()
}

// alterGroup reads GROUP name ADD USER name, ... | DROP USER name, ...; ALTER is behind.
func (p *parser) alterGroup() error {
	p.next() // GROUP
	t := p.peek()
	who := p.identifier()
	if who == "" {
		return syntaxAt(t, p.src)
	}
	p.grant = &grant{role: "role " + who}
	switch {
	case p.accept("add", "user"):
	case p.accept("drop", "user"):
		p.grant.revoke = true
	default:
		return refusedAt(p.peek(), "ALTER GROUP ... %s is not modelled here", strings.ToUpper(p.peek().Value))
	}
	var err error
	if p.grant.to, err = p.identifiers(); err != nil {
		return err
	}
	return p.nothingMore()
}

// drop carries out DROP USER, ROLE or GROUP. Who owns something or has rights is not dropped ("DROP USER", "DROP ROLE", "DROP GROUP",
// Database Developer Guide).
func (a *access) drop(d *principals) error {
	for _, n := range d.names {
		who := d.prefix() + n
		switch {
		case who == "public" || d.kind == "user" && a.superuser(who):
			return fmt.Errorf("ERROR: permission denied: %s %q stays", d.kind, n)
		case !a.users[who] && d.ifExists:
			continue
		case !a.users[who]:
			return fmt.Errorf("ERROR: %s %q does not exist", d.kind, n)
		}
		if err := a.unneeded(d, n); err != nil {
			return err
		}
		delete(a.users, who)
		delete(a.superusers, who)
		delete(a.options, who)
		delete(a.grants, who)
		delete(a.roles, who)
		for other, roles := range a.roles {
			a.roles[other] = slices.DeleteFunc(roles, func(r string) bool { return r == who })
		}
	}
	return nil
}

// unneeded refuses to drop what is in use.
func (a *access) unneeded(d *principals, n string) error {
	who := d.prefix() + n
	if d.kind != "role" {
		for _, owner := range a.owners {
			if owner == who {
				return fmt.Errorf("ERROR: user %q can't be dropped because the user owns some object", n)
			}
		}
		for _, granted := range a.grants[who] {
			if granted {
				return fmt.Errorf("ERROR: %s %q can't be dropped because the %[1]s has a privilege on some object", d.kind, n)
			}
		}
		return nil
	}
	if d.force {
		return nil
	}
	if len(a.roles[who]) > 0 {
		return fmt.Errorf("ERROR: cannot drop this role since it depends on another role")
	}
	for other, roles := range a.roles {
		if slices.Contains(roles, who) {
			kind := "a user"
			if strings.HasPrefix(other, "role ") {
				kind = "another role"
			}
			return fmt.Errorf("ERROR: cannot drop this role since it has been granted on %s", kind)
		}
	}
	return nil
}
