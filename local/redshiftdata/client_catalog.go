package redshiftdata

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/local/redshift/catalog"
)

// system is what the system relations tell the session.
func (s *clientSession) system() *catalog.Catalog {
	state := catalog.State{User: s.user, PID: s.login.PID, Path: s.path(), Now: s.begun, Bound: bindings(context.Background(), s, s.begun)}
	for _, name := range slices.Sorted(maps.Keys(parameterDefaults)) {
		state.Settings = append(state.Settings, [2]string{name, s.setting(name)})
	}
	for _, name := range slices.Sorted(maps.Keys(fixedParameters)) {
		state.Settings = append(state.Settings, [2]string{name, fixedParameters[name]})
	}
	return s.service.system(state)
}

// system is what the system relations tell a session, whose state it completes. It and what it gives are for those who have the
// world for themselves.
func (s *Service) system(state catalog.State) *catalog.Catalog {
	state.Database, state.Admin = s.endpoint.database, s.endpoint.admin
	state.Users, state.Grants = s.access.list()
	s.access.tell(&state)
	for i, u := range state.Users {
		o := s.access.options[u.Name]
		state.Users[i].Until, state.Users[i].Syslog = s.credentials.until(u.Name), o.syslog
		if o.limits {
			state.Users[i].Connections = strconv.Itoa(o.limit)
		}
	}
	state.Activity = func() catalog.Activity {
		a := s.activity.read()
		for _, x := range s.order {
			a.Queries = append(a.Queries, x.history()...)
			a.Loads = append(a.Loads, x.loads()...)
		}
		return a
	}
	return catalog.New(state)
}

// path is the search path as schemas: $user is left out, since users have no schemas of their own here.
func (s *clientSession) path() []string {
	all := []string{}
	for _, schema := range strings.Split(s.setting("search_path"), ",") {
		if schema = strings.ToLower(strings.Trim(schema, ` "'`)); schema != "" && schema != "$user" {
			all = append(all, schema)
		}
	}
	return all
}

// list gives the users, the administrator first, and what was granted.
func (a *access) list() (users []catalog.User, grants []catalog.Grant) {
	users = append(users, catalog.User{Name: a.admin, Super: true})
	all := maps.Clone(a.users)
	maps.Copy(all, a.superusers)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if name != a.admin && name != "public" && !strings.HasPrefix(name, "role ") {
			users = append(users, catalog.User{Name: name, Super: a.superusers[name]})
		}
	}
	for _, who := range slices.Sorted(maps.Keys(a.grants)) {
		for _, right := range slices.Sorted(maps.Keys(a.grants[who])) {
			if !a.grants[who][right] {
				continue
			}
			privilege, on, _ := strings.Cut(right, " on ")
			g := catalog.Grant{Who: who, Privilege: privilege}
			if schema, ok := strings.CutPrefix(on, "schema "); ok {
				g.Schema = schema
			} else {
				g.Schema, g.Table, _ = strings.Cut(on, ".")
			}
			grants = append(grants, g)
		}
	}
	return users, grants
}

// tell completes what the system relations tell a user.
func (a *access) tell(state *catalog.State) {
	user := strings.ToLower(state.User)
	state.Super = a.superuser(user)
	state.Owners = map[[2]string]string{}
	for n, owner := range a.owners {
		schema, table, _ := strings.Cut(n, ".")
		state.Owners[[2]string{schema, table}] = owner
		if owner == user {
			state.Sees = append(state.Sees, [2]string{schema, table})
		}
	}
	for n, p := range a.procedures {
		state.Procedures = append(state.Procedures, catalog.Procedure{Schema: n.Schema, Name: n.Table, Parameters: p.parameters, Body: p.body})
	}
	state.Mine = map[string]bool{}
	a.sees(user, state)
	a.sees("public", state)
	state.Sees = slices.DeleteFunc(state.Sees, func(n [2]string) bool {
		return n[1] != "" && state.Owners[n] != user && !slices.Contains(state.Sees, [2]string{n[0], ""})
	})
}

// sees adds what a user or role may know of.
func (a *access) sees(who string, state *catalog.State) {
	if state.Mine[who] {
		return
	}
	state.Mine[who] = true
	for right, granted := range a.grants[who] {
		switch privilege, on, _ := strings.Cut(right, " on "); {
		case !granted:
		case privilege == "usage":
			state.Sees = append(state.Sees, [2]string{strings.TrimPrefix(on, "schema "), ""})
		case privilege == "select":
			schema, table, _ := strings.Cut(on, ".")
			state.Sees = append(state.Sees, [2]string{schema, table})
		}
	}
	for _, role := range a.roles[who] {
		a.sees(role, state)
	}
}

// history are the statements of an execution of the Data API as the views of queries have them.
func (x *execution) history() []catalog.Query {
	var all []catalog.Query
	for i, sql := range x.sqls {
		q := catalog.Query{ID: int64(i) + 1, User: x.user, Database: x.database, Text: sql, Start: x.created, Status: "running"}
		if i < len(x.kinds) {
			q.Type = x.kinds[i]
		}
		switch x.status {
		case types.StatusStringFinished:
			q.Status, q.End, q.Rows = "success", x.updated, max(x.outcomes[i].rows, 0)
		case types.StatusStringFailed:
			q.Status, q.End = "failed", x.updated
			if i == x.at && x.err != nil {
				q.Error = x.err.Error()
			}
		case types.StatusStringAborted:
			q.Status, q.End = "canceled", x.updated
		}
		all = append(all, q)
	}
	return all
}

// loads are the COPY statements of an execution that has ended.
func (x *execution) loads() []catalog.Load {
	var all []catalog.Load
	for i, c := range x.copies {
		failed := x.status == types.StatusStringFailed
		if c == nil || x.status != types.StatusStringFinished && (!failed || i > x.at) {
			continue
		}
		var rows int64
		if i < len(x.outcomes) {
			rows = x.outcomes[i].rows
		}
		var err error
		if failed && i == x.at {
			err = x.err
		}
		l := c.load(rows, err)
		l.User, l.Database, l.Start, l.End = x.user, x.database, x.created, x.updated
		all = append(all, l)
	}
	return all
}

// load is what the views of loads tell of a COPY that has ended.
func (c *copyStatement) load(rows int64, err error) catalog.Load {
	l := catalog.Load{Schema: c.table.Schema, Table: c.table.Table, File: "s3://" + c.bucket + "/" + c.prefix, Rows: max(rows, 0), Format: c.format, Errors: c.failed}
	if err != nil {
		l.Error = err.Error()
	}
	return l
}
