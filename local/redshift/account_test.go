package redshift

import (
	"strings"
	"testing"
)

// What functions tell of the session, its privileges and its account.
func TestAccount(t *testing.T) {
	e := fixture(t)
	roles := map[string]bool{"ann": true, "bob": true, "role r": true, "role s": true}
	e.session.Account = &Account{ID: "123456789012", UserID: 101, PID: 7,
		Exists: func(who string) bool { return roles[who] },
		Member: func(who, role string) bool { return who == "ann" && role == "role r" },
		Privilege: func(user, right string) bool {
			return user == "ann" && (right == "select on s.g" || right == "usage on schema s")
		},
		Session: func(pid int64) bool { return pid == 8 },
	}
	for _, c := range []struct{ query, want string }{
		{"select current_aws_account, current_user_id, pg_backend_pid()", "123456789012|101|7"},
		{"select user_is_member_of('ANN', 'r'), user_is_member_of('bob', 'r'), role_is_member_of('s', 'r')", "t|f|f"},
		{"select has_table_privilege('ann', 's.g', 'SELECT'), has_table_privilege('ann', 's.g', 'insert'), has_table_privilege('ann', 'f', 'select')", "true|false|false"},
		{"select has_schema_privilege('ann', 's', 'usage'), has_schema_privilege('bob', 's', 'usage')", "true|false"},
		{"select current_schemas(true), current_schemas(false)", "{pg_catalog,public}|{public}"},
		{"select change_session_priority(8, 'Low')", "Succeeded to change session priority. Changed session (pid:8) priority to low."},
		{"select change_session_priority(8, 'highest')", "Succeeded to change session priority. Changed session (pid:8) priority from low to highest."},
		{"select change_session_priority(-1, 'NORMAL')", "Succeeded to change session priority. Changed session (pid:7) priority to normal."},
		{"select change_user_priority('bob', 'high')", "Succeeded to change user priority. Changed user (bob) priority to high."},
		{"select change_user_priority('bob', 'low')", "Succeeded to change user priority. Changed user (bob) priority from High to low."},
		{"select change_user_priority('bob', 'reset')", "Succeeded to reset priority for user (bob)."},
		{"select change_user_priority('bob', 'low')", "Succeeded to change user priority. Changed user (bob) priority to low."},
	} {
		if _, rows, err := e.Query(t.Context(), c.query); err != nil || show(rows) != c.want {
			t.Errorf("%s\n\t got %s %v\n\twant %s", c.query, show(rows), err, c.want)
		}
	}
	refused := map[string]string{
		"select current_namespace":                            "is not modelled here",
		"select default_iam_role()":                           "is not modelled here",
		"select user_is_member_of('nobody', 'r')":             `user "nobody" does not exist`,
		"select user_is_member_of('ann', 'nothing')":          `role "nothing" does not exist`,
		"select user_is_member_of(carrier, 'r') from f":       "argument 1 of USER_IS_MEMBER_OF is a literal",
		"select has_table_privilege('ann', 's.no', 'select')": `relation "s.no" does not exist`,
		"select has_table_privilege('ann', 's.g', 'drop')":    `unrecognized privilege type: "drop"`,
		"select has_schema_privilege('ann', 's', 'select')":   `unrecognized privilege type: "select"`,
		"select has_schema_privilege('carl', 's', 'usage')":   `user "carl" does not exist`,
		"select change_session_priority(9, 'low')":            "session (pid:9) does not exist",
		"select change_session_priority('9', 'low')":          "is a number",
		"select change_user_priority('ann', 'middle')":        `invalid priority "middle"`,
		"select current_schemas('x')":                         "is true or false",
	}
	check := func() {
		t.Helper()
		for query, want := range refused {
			if _, rows, err := e.Query(t.Context(), query); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s\n\t got %v %v\n\twant %s", query, show(rows), err, want)
			}
		}
	}
	check()
	e.session.Account = nil
	refused = map[string]string{"select pg_backend_pid()": "without an account is not modelled", "select has_schema_privilege('s', 'usage')": "without an account is not modelled"}
	check()
}
