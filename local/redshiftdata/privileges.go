package redshiftdata

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// grant is a GRANT or REVOKE, the creation of a role or group, a change of a user, or the end of them.
type grant struct {
	revoke     bool
	create     bool     // CREATE ROLE
	privileges []string // select insert update delete usage create ...; "all"
	schema     string   // ON SCHEMA schema, or with tables "ON ALL TABLES IN SCHEMA"
	allTables  bool
	table      name
	role       string   // GRANT ROLE role TO ...
	to         []string // users; roles with the prefix "role "; "public"

	owner   string      // of ALTER TABLE ... OWNER TO
	members []string    // of a group that is created
	user    *userChange // CREATE USER, ALTER USER
	drop    *principals // DROP USER, ROLE and GROUP
}

// privileges reads GRANT and REVOKE.
func (p *parser) privileges() error {
	g := &grant{revoke: p.next().Is("revoke")}
	p.grant = g
	if p.accept("role") {
		if g.role = "role " + p.identifier(); p.peek().Is(",") || p.peek().Is(":") || p.peek().Kind != end && strings.HasPrefix(p.src[p.peek().Start:], ":") {
			return refusedAt(p.peek(), "%s ROLE of several, or of system roles, is not modelled here", strings.ToUpper(p.tokens[0].Value))
		}
	} else {
		if err := p.grantedPrivileges(g); err != nil {
			return err
		}
	}
	to := "to"
	if g.revoke {
		to = "from"
	}
	if err := p.expect(to); err != nil {
		return err
	}
	for {
		prefix := ""
		if p.accept("role") || p.accept("group") {
			prefix = "role "
		} else {
			p.accept("user")
		}
		t := p.peek()
		who := p.identifier()
		if who == "" {
			return syntaxAt(t, p.src)
		}
		g.to = append(g.to, prefix+who)
		if !p.accept(",") {
			break
		}
	}
	if g.revoke {
		p.accept("restrict") // as without it
	}
	if t := p.peek(); p.accept("with", "grant") || p.accept("with", "admin") {
		return refusedAt(t, "GRANT ... WITH %s OPTION is not modelled here", strings.ToUpper(p.tokens[p.i-1].Value))
	}
	return p.nothingMore()
}

func (p *parser) grantedPrivileges(g *grant) error {
	for {
		t := p.next()
		if t.Kind != word || !set("select insert update delete references drop truncate alter usage create all temp temporary")[t.Value] {
			return refusedAt(t, "privilege %s is not modelled here", p.src[t.Start:t.End])
		}
		if p.accept("privileges"); p.peek().Is("(") {
			return refusedAt(p.peek(), "privileges on columns are not modelled here")
		}
		g.privileges = append(g.privileges, t.Value)
		if !p.accept(",") {
			break
		}
	}
	if err := p.expect("on"); err != nil {
		return err
	}
	var err error
	switch {
	case p.accept("all", "tables", "in", "schema"):
		g.allTables = true
		g.schema = p.identifier()
	case p.accept("schema"):
		g.schema = p.identifier()
	case p.peek().Is("database"), p.peek().Is("function"), p.peek().Is("language"), p.peek().Is("assumerole"):
		return refusedAt(p.peek(), "GRANT ... ON %s is not modelled here", strings.ToUpper(p.peek().Value))
	default:
		p.accept("table")
		g.table, err = p.existing()
	}
	return err
}

func (p *parser) identifier() string {
	t := p.next()
	if t.Kind != word && t.Kind != quoted {
		return ""
	}
	return strings.ToLower(t.Value)
}

// createRole reads CREATE ROLE name.
func (p *parser) createRole() error {
	p.next() // ROLE
	t := p.peek()
	who := p.identifier()
	if who == "" {
		return syntaxAt(t, p.src)
	}
	p.grant = &grant{create: true, to: []string{"role " + who}}
	if t := p.peek(); t.Is("externalid") {
		return refusedAt(t, "CREATE ROLE ... EXTERNALID is not modelled here")
	}
	return p.nothingMore()
}

// access keeps who may do what. The database's administrator, and whoever runs without a user (the
// deployment), may do everything.
type access struct {
	admin      string
	passwords  *credentials
	superusers map[string]bool
	users      map[string]bool // users and roles ("role x") that exist
	options    map[string]userOptions
	roles      map[string][]string // of a user or role
	procedures map[name]*procedure
	grants     map[string]map[string]bool // user or role -> "select on schema.table", "usage on schema s"
	owners     map[string]string          // of relations ("schema.table") that others than superusers have made or been given
}

func newAccess(admin string, passwords *credentials) *access {
	return &access{
		admin: strings.ToLower(admin), passwords: passwords, superusers: map[string]bool{}, users: map[string]bool{"public": true}, options: map[string]userOptions{},
		roles: map[string][]string{}, procedures: map[name]*procedure{}, owners: map[string]string{},
		// "By default, all users have CREATE and USAGE" on it ("Schemas", Database Developer Guide).
		grants: map[string]map[string]bool{"public": {"usage on schema public": true, "create on schema public": true}},
	}
}

var tablePrivileges = []string{"select", "insert", "update", "delete", "drop", "truncate", "alter", "references"}

// apply carries out a GRANT, REVOKE or CREATE ROLE. tables lists the tables of a schema.
func (a *access) apply(g *grant, tables func(schema string) ([]name, error)) error {
	if g.drop != nil {
		return a.drop(g.drop)
	}
	if g.owner != "" {
		return a.own(g.table, g.owner)
	}
	if g.create {
		if a.users[g.to[0]] {
			return fmt.Errorf("ERROR: user %q already exists", g.to[0])
		}
		a.users[g.to[0]] = true
		return a.apply(&grant{role: g.to[0], to: g.members}, tables)
	}
	for _, who := range g.to {
		if !a.users[who] {
			return fmt.Errorf("ERROR: user %q does not exist", who)
		}
	}
	if g.role != "" {
		if !a.users[g.role] {
			return fmt.Errorf("ERROR: %s does not exist", g.role)
		}
		for _, who := range g.to {
			a.roles[who] = slices.DeleteFunc(a.roles[who], func(r string) bool { return r == g.role })
			if !g.revoke {
				a.roles[who] = append(a.roles[who], g.role)
			}
		}
		return nil
	}
	var on []string
	all := tablePrivileges
	switch {
	case g.allTables:
		names, err := tables(g.schema)
		if err != nil {
			return err
		}
		for _, n := range names {
			on = append(on, n.String())
		}
	case g.schema != "":
		on, all = []string{"schema " + g.schema}, []string{"usage", "create"}
	default:
		on = []string{g.table.String()}
	}
	for _, who := range g.to {
		if a.grants[who] == nil {
			a.grants[who] = map[string]bool{}
		}
		for _, object := range on {
			for _, privilege := range all {
				if slices.Contains(g.privileges, privilege) || slices.Contains(g.privileges, "all") {
					a.grants[who][privilege+" on "+object] = !g.revoke
				}
			}
		}
	}
	return nil
}

// own makes a user the owner of a relation.
func (a *access) own(n name, user string) error {
	switch {
	case !a.known(user):
		return fmt.Errorf("ERROR: user %q does not exist", user)
	case user == a.admin:
		delete(a.owners, n.String())
	default:
		a.owners[n.String()] = user
	}
	return nil
}

// keep has the session take back, if its transaction is rolled back, what is changed from now on.
func (a *access) keep(s *session) {
	if s.undo != nil {
		return
	}
	before := *a
	before.owners, before.options, before.superusers = maps.Clone(a.owners), maps.Clone(a.options), maps.Clone(a.superusers)
	before.users, before.procedures, before.roles, before.grants = maps.Clone(a.users), maps.Clone(a.procedures), map[string][]string{}, map[string]map[string]bool{}
	for who, roles := range a.roles {
		before.roles[who] = slices.Clone(roles)
	}
	for who, rights := range a.grants {
		before.grants[who] = maps.Clone(rights)
	}
	passwords := a.passwords.saved()
	s.undo = func() {
		passwords()
		a.users, a.procedures, a.roles, a.grants, a.owners, a.options, a.superusers = before.users, before.procedures, before.roles, before.grants, before.owners, before.options, before.superusers
	}
}

// follow has the rights on relations go with those that were dropped, and stay with one that has another name now. A relation that a user has
// made is that user's.
func (a *access) follow(s *session, user string, st *statement, dropped []name) {
	switch {
	case len(st.writes) == 0 || st.verb != "create" && st.verb != "drop" && st.verb != "alter":
		return
	case st.verb == "create" && (st.translated == nil || st.translated.SQL == "" || a.superuser(user)):
		return
	}
	a.keep(s)
	switch {
	case st.verb == "create":
		a.owners[st.writes[0].String()] = strings.ToLower(user)
	case st.verb == "drop":
		for _, n := range append(dropped, st.writes...) {
			a.move(n, name{})
		}
	case st.verb == "alter" && st.renamed != "":
		a.move(st.writes[0], name{Schema: st.writes[0].Schema, Table: st.renamed})
	}
}

// move gives the rights on a relation to another name, or takes them all when there is none.
func (a *access) move(from, to name) {
	if owner, ok := a.owners[from.String()]; ok {
		delete(a.owners, from.String())
		if to.Table != "" {
			a.owners[to.String()] = owner
		}
	}
	for _, rights := range a.grants {
		for right, granted := range maps.Clone(rights) {
			if privilege, ok := strings.CutSuffix(right, " on "+from.String()); ok {
				delete(rights, right)
				if to.Table != "" {
					rights[privilege+" on "+to.String()] = granted
				}
			}
		}
	}
}

func (a *access) has(user, right string) bool {
	if _, on, _ := strings.Cut(right, " on "); a.owners[on] != "" && a.owners[on] == user {
		return true
	}
	if a.grants[user][right] || user != "public" && a.grants["public"][right] {
		return true
	}
	return slices.ContainsFunc(a.roles[user], func(role string) bool { return a.has(role, right) })
}

// superuser reports whether a user may do everything, and known whether there is such a user.
func (a *access) superuser(user string) bool {
	user = strings.ToLower(user)
	return user == a.admin || a.superusers[user]
}

func (a *access) known(user string) bool { return a.superuser(user) || a.users[strings.ToLower(user)] }

// check refuses what a user has no privilege for. Tables without a schema are the session's temporary ones.
func (a *access) check(user string, st *statement) error {
	user = strings.ToLower(user)
	if a.superuser(user) {
		return nil
	}
	a.users[user] = true // GetCredentials makes the user on first use
	if st.grant != nil && st.grant.table.Table != "" && a.owners[st.grant.table.String()] == user {
		return nil
	}
	if st.grant != nil || st.schema != "" || st.procedure != nil || st.called != nil {
		return fmt.Errorf("ERROR: permission denied: %s may not %s", user, strings.ToUpper(st.verb))
	}
	need := func(n name, privilege string) error {
		switch {
		case n.Schema == "":
			return nil
		case !a.has(user, "usage on schema "+n.Schema):
			return fmt.Errorf("ERROR: permission denied for schema %s", n.Schema)
		case privilege == "create" && a.has(user, "create on schema "+n.Schema), a.has(user, privilege+" on "+n.String()):
			return nil
		}
		return fmt.Errorf("ERROR: permission denied for relation %s", n.Table)
	}
	privilege := st.verb
	if st.verb == "copy" || st.verb == "merge" {
		privilege = "insert"
	}
	if st.verb == "comment" {
		privilege = "alter"
	}
	for _, n := range st.writes {
		if err := need(n, privilege); err != nil {
			return err
		}
	}
	for _, n := range st.reads {
		if err := need(n, "select"); err != nil {
			return err
		}
	}
	return nil
}
