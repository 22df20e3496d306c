package redshiftdata

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"airline/local/redshift/wire"
)

// userChange is a CREATE USER or ALTER USER.
type userChange struct {
	create  bool
	name    string
	renamed string // the new name
	super   *bool  // whether it is a superuser; nil leaves it
	groups  []string
	secret  *string    // what is kept of a password, "" of a user without one; nil leaves it
	until   *time.Time // the end of the password; zero: it has none
	limit   *int       // of sessions at a time; negative: there is none
	syslog  *bool      // SYSLOG ACCESS UNRESTRICTED
}

// userOptions are what a user has beside rights and a password.
type userOptions struct {
	limit  int // of sessions at a time
	limits bool
	syslog bool
}

// changeUser reads CREATE USER name [WITH] PASSWORD ..., and ALTER USER name [WITH] PASSWORD ... or RENAME TO name, and options.
func (p *parser) changeUser(create bool) error {
	p.next() // USER
	t := p.peek()
	u := &userChange{create: create, name: p.identifier()}
	if u.name == "" {
		return syntaxAt(t, p.src)
	}
	p.grant = &grant{user: u}
	p.accept("with")
	switch {
	case !create && p.accept("rename", "to"):
		if t, u.renamed = p.peek(), p.identifier(); u.renamed == "" {
			return syntaxAt(t, p.src)
		}
	case p.accept("password"):
		secret, err := p.password(u.name)
		if err != nil {
			return err
		}
		u.secret = &secret
	case create: // "CREATE USER": PASSWORD is no option
		return syntaxAt(p.peek(), p.src)
	}
	return p.userOptions(u)
}

// validUntil reads the end of a password; it is zero where there is none.
func validUntil(s string) (time.Time, bool) {
	if strings.EqualFold(s, "infinity") {
		return time.Time{}, true
	}
	for _, layout := range []string{time.DateOnly, time.DateTime, "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// userOptions reads the options of a user: rights to make databases and users, the end of the password, and the groups of a new one. There is one database; who may
// make users is a superuser ("CREATE USER", Database Developer Guide).
func (p *parser) userOptions(u *userChange) error {
	for p.peek().Kind != end {
		switch {
		case p.accept("createdb"), p.accept("nocreatedb"):
		case p.accept("createuser"):
			u.super = new(bool)
			*u.super = true
		case p.accept("nocreateuser"):
			u.super = new(bool)
		case u.create && p.accept("in", "group"):
			var err error
			if u.groups, err = p.identifiers(); err != nil {
				return err
			}
		case p.accept("syslog", "access", "restricted"):
			u.syslog = new(bool)
		case p.accept("syslog", "access", "unrestricted"):
			u.syslog = new(bool)
			*u.syslog = true
		case p.accept("valid", "until"):
			t := p.next()
			until, ok := validUntil(t.Value)
			if t.Kind != text || !ok {
				return refusedAt(t, "VALID UNTIL takes a date, a timestamp or 'infinity'")
			}
			u.until = &until
		case p.accept("connection", "limit"):
			t := p.next()
			limit, err := strconv.Atoi(t.Value)
			if t.Is("unlimited") {
				limit, err = -1, nil
			}
			if err != nil {
				return syntaxAt(t, p.src)
			}
			u.limit = &limit
		default:
			verb := "ALTER"
			if u.create {
				verb = "CREATE"
			}
			return refusedAt(p.peek(), "%s USER ... %s is not modelled here", verb, strings.ToUpper(p.peek().Value))
		}
	}
	return nil
}

var hashedPassword = regexp.MustCompile(`^md5[0-9a-f]{32}$`)

// password reads DISABLE, a password, or its hash, and gives what is kept of it ("CREATE USER", Database Developer Guide).
func (p *parser) password(user string) (string, error) {
	if p.accept("disable") {
		return "", nil
	}
	t := p.next()
	switch given := t.Value; {
	case t.Kind != text:
		return "", syntaxAt(t, p.src)
	case hashedPassword.MatchString(given):
		return given, nil
	case strings.HasPrefix(given, "sha256|"):
		return "", refusedAt(t, "passwords with SHA-256 are not modelled here")
	case len(given) < 8 || len(given) > 64 || !strings.ContainsFunc(given, unicode.IsUpper) || !strings.ContainsFunc(given, unicode.IsLower) || !strings.ContainsFunc(given, unicode.IsDigit):
		return "", refusedAt(t, "a password has 8 to 64 characters, an uppercase letter, a lowercase letter and a digit")
	default:
		return wire.Secret(given, user), nil
	}
}

// applyUser carries out a change of a user. One that is renamed keeps all but its password, of whose hash the name was a part
// ("ALTER USER", Database Developer Guide).
func (s *Service) applyUser(u *userChange) error {
	a := s.access
	switch {
	case u.create && a.users[u.name]:
		return fmt.Errorf("ERROR: user %q already exists", u.name)
	case !u.create && !a.users[u.name]:
		return fmt.Errorf("ERROR: user %q does not exist", u.name)
	case u.renamed != "" && a.known(u.renamed):
		return fmt.Errorf("ERROR: user %q already exists", u.renamed)
	}
	for _, g := range u.groups {
		if !a.users["role "+g] {
			return fmt.Errorf("ERROR: group %q does not exist", g)
		}
	}
	a.users[u.name] = true
	for _, g := range u.groups {
		a.roles[u.name] = append(a.roles[u.name], "role "+g)
	}
	if u.super != nil {
		a.superusers[u.name] = *u.super
	}
	if u.secret != nil {
		s.credentials.keep(u.name, *u.secret)
	}
	if u.until != nil {
		s.credentials.end(u.name, *u.until)
	}
	o := a.options[u.name]
	if u.limit != nil {
		o.limit, o.limits = *u.limit, *u.limit >= 0
	}
	if u.syslog != nil {
		o.syslog = *u.syslog
	}
	a.options[u.name] = o
	if u.renamed == "" {
		return nil
	}
	s.credentials.end(u.renamed, s.credentials.until(u.name))
	s.credentials.drop(u.name)
	a.rename(u.name, u.renamed)
	return nil
}

// rename gives all that a user has and owns to a new name.
func (a *access) rename(from, to string) {
	if super, said := a.superusers[from]; said {
		a.superusers[to] = super
	}
	a.users[to], a.options[to], a.roles[to], a.grants[to] = true, a.options[from], a.roles[from], a.grants[from]
	delete(a.users, from)
	delete(a.superusers, from)
	delete(a.options, from)
	delete(a.roles, from)
	delete(a.grants, from)
	for relation, owner := range a.owners {
		if owner == from {
			a.owners[relation] = to
		}
	}
}
