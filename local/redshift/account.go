package redshift

import (
	"strings"
)

// Account is what functions tell of the session, its user and the account that the warehouse is in. What is empty is not known
// here, and its function refused.
type Account struct {
	// ID is the AWS account, Namespace the warehouse's unique id, DefaultRole the ARN of its default IAM role.
	ID, Namespace, DefaultRole string
	// UserID is the user's number in pg_user, PID that of the session's process.
	UserID int
	PID    uint32
	// Exists reports whether there is a user or, by the prefix "role ", a role.
	Exists func(who string) bool
	// Member reports whether a user or role has a role, by itself or through others.
	Member func(who, role string) bool
	// Privilege reports whether a user has a privilege on what it names: "select on schema.table", "usage on schema s".
	Privilege func(user, right string) bool
	// Session reports whether there is a session with the process.
	Session func(pid int64) bool
}

// accountFunctions are those whose answers a [Session]'s Account has.
func accountFunctions() []function {
	known := func(what func(*Account) string) func(*callContext) value {
		return func(c *callContext) value {
			s := what(c.account())
			if s == "" {
				panic(notModelled(c.x.pos(), "function "+c.x.name+"() in a session without an account"))
			}
			return of(textType, quoteText(s))
		}
	}
	privilege := func(min int, right func(c *callContext, arguments []string) string) func(*callContext) value {
		return func(c *callContext) value {
			user, arguments := c.session.User, c.constants()
			if len(arguments) > min {
				user, arguments = arguments[0], arguments[1:]
			}
			a := c.account()
			c.exists(a, user, "user", 0)
			return of(textType, quoteText(map[bool]string{true: "true", false: "false"}[a.Privilege(user, right(c, arguments))]))
		}
	}
	return []function{
		{name: "current_aws_account", bind: known(func(a *Account) string { return a.ID })},
		{name: "current_namespace", bind: known(func(a *Account) string { return a.Namespace })},
		{name: "default_iam_role", signature: "()", bind: known(func(a *Account) string { return a.DefaultRole })},
		{name: "current_user_id", bind: func(c *callContext) value { return of(int4Type, itoa(c.account().UserID)) }},
		{name: "pg_backend_pid", signature: "()", bind: func(c *callContext) value { return of(int4Type, itoa(int(c.account().PID))) }},
		{name: "user_is_member_of", signature: "('user', 'role')", min: 2, max: 2, bind: membershipOf("", "user")},
		{name: "role_is_member_of", signature: "('role', 'granted role')", min: 2, max: 2, bind: membershipOf("role ", "role")},
		{name: "has_table_privilege", signature: "(['user',] 'table', 'privilege')", min: 2, max: 3, bind: privilege(2, tableRight)},
		{name: "has_schema_privilege", signature: "(['user',] 'schema', 'privilege')", min: 2, max: 3, bind: privilege(2, schemaRight)},
		{name: "change_session_priority", signature: "(pid, 'priority')", min: 2, max: 2, bind: sessionPriority, note: "kept and told; nothing is queued here"},
		{name: "change_user_priority", signature: "('user', 'priority')", min: 2, max: 2, bind: userPriority, note: "kept and told; nothing is queued here"},
	}
}

func (c *callContext) account() *Account {
	if c.session.Account == nil {
		panic(notModelled(c.x.pos(), "function "+c.x.name+"() in a session without an account"))
	}
	return c.session.Account
}

// constants are the arguments as literals.
func (c *callContext) constants() []string {
	all := make([]string, len(c.args))
	for i := range c.args {
		all[i] = lowerASCII(c.constant(i))
	}
	return all
}

// exists refuses a user or role that there is not.
func (c *callContext) exists(a *Account, who, kind string, i int) {
	if !a.Exists(who) {
		c.fail(c.place(i), "%s %q does not exist", kind, strings.TrimPrefix(who, "role "))
	}
}

func membershipOf(prefix, kind string) func(*callContext) value {
	return func(c *callContext) value {
		a, names := c.account(), c.constants()
		c.exists(a, prefix+names[0], kind, 0)
		c.exists(a, "role "+names[1], "role", 1)
		return of(boolType, map[bool]string{true: "true", false: "false"}[a.Member(prefix+names[0], "role "+names[1])])
	}
}

// tableRight is a privilege on a table, which there has to be.
func tableRight(c *callContext, arguments []string) string {
	t := target{at(c.place(len(c.args) - 2)), Name{Table: arguments[0]}}
	if schema, table, ok := strings.Cut(arguments[0], "."); ok {
		t.Name = Name{schema, table}
	}
	rel := c.find(t.Name)
	switch {
	case rel == nil:
		c.fail(int(t.at), "relation %q does not exist", arguments[0])
	case !set("select insert update delete references")[arguments[1]]:
		c.fail(c.place(len(c.args)-1), "unrecognized privilege type: %q", arguments[1])
	}
	return arguments[1] + " on " + rel.Name.String()
}

func schemaRight(c *callContext, arguments []string) string {
	if !set("create usage")[arguments[1]] {
		c.fail(c.place(len(c.args)-1), "unrecognized privilege type: %q", arguments[1])
	}
	return arguments[1] + " on schema " + arguments[0]
}
