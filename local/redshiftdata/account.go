package redshiftdata

import (
	"slices"
	"strings"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
)

// account is what functions tell a user of the session and the warehouse. Of the Data API, whose sessions have no process here,
// pid is 0. What it gives is for those who have the world for themselves.
func (s *Service) account(user string, pid uint32) *redshift.Account {
	a := s.access
	users, _ := a.list()
	out := &redshift.Account{
		UserID: 100 + max(slices.IndexFunc(users, func(u catalog.User) bool { return u.Name == user }), 0), PID: pid,
		Exists: func(who string) bool {
			return a.known(who) && who != "public"
		},
		Member: a.member,
		Privilege: func(user, right string) bool {
			return a.superuser(user) || a.has(user, right)
		},
		Session: func(pid int64) bool {
			return slices.ContainsFunc(s.activity.read().Sessions, func(x catalog.Session) bool { return int64(x.PID) == pid })
		},
	}
	if part := strings.SplitN(s.endpoint.arn, ":", 6); len(part) == 6 {
		out.ID = part[4]
	}
	if _, id, ok := strings.Cut(s.endpoint.namespace.arn, ":namespace/"); ok {
		out.Namespace = id
	}
	return out
}

// member reports whether a user or role has a role, by itself or through another.
func (a *access) member(who, role string) bool {
	return slices.ContainsFunc(a.roles[who], func(r string) bool { return r == role || a.member(r, role) })
}
