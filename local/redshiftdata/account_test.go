package redshiftdata_test

import (
	"crypto/md5"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestClientAccount: functions tell what was granted, to users and through roles.
func TestClientAccount(t *testing.T) {
	c := serve(t).connect(t, "")
	do(t, c, "create schema s", "create table s.t (a int)", "create user ann password disable", "create role r", "create role q", "grant role q to role r", "grant role r to ann",
		"grant usage on schema s to role q", "grant select on s.t to ann")
	for _, q := range []struct{ sql, want string }{
		{"select user_is_member_of('ann', 'r'), user_is_member_of('ann', 'q'), user_is_member_of('admin', 'r'), role_is_member_of('r', 'q'), role_is_member_of('q', 'r')", "[[t t f t f]]"},
		{"select has_table_privilege('ann', 's.t', 'select') || has_table_privilege('ann', 's.t', 'delete') || has_schema_privilege('ann', 's', 'usage') from s.t right join (select 1) x on true", "[[truefalsetrue]]"},
		{"select user, current_user_id from (select 1)", "[[admin 100]]"},
		{"select change_session_priority(-1, 'high') like 'Succeeded to change session priority. Changed session (pid:%) priority to high.'", "[[t]]"},
		{"select change_session_priority(0, 'high')", "XX000 session (pid:0) does not exist"},
		{"select default_iam_role()", "0A000 function default_iam_role() in a session without an account is not modelled here"},
	} {
		if got := do(t, c, q.sql); got != q.want {
			t.Errorf("%s\n got %s\nwant %s", q.sql, got, q.want)
		}
	}
}

// TestUsers: users with passwords log in with them, and are renamed, with their rights and without their passwords.
func TestUsers(t *testing.T) {
	s := serve(t)
	c := s.connect(t, "")
	enters := func(user, password string) bool {
		t.Helper()
		one, err := pgx.Connect(t.Context(), fmt.Sprintf("postgres://%s:%s@%s/dev?sslmode=disable", user, password, s.Address))
		if err == nil {
			return one.Close(t.Context()) == nil
		}
		if !strings.Contains(err.Error(), "password authentication failed") {
			t.Error(err)
		}
		return false
	}
	do(t, c, "create schema s", "create user ann password 'Secret0ne'", "create user bob with password disable", "grant usage on schema s to ann")
	for _, step := range []struct {
		sql, want      string
		user, password string
		enters         bool
	}{
		{"select 1", "[[1]]", "ann", "Secret0ne", true},
		{"select 1", "[[1]]", "ann", "Secret0ther", false},
		{"select 1", "[[1]]", "bob", "Secret0ne", false},
		{"create user ann password disable", `42710 user "ann" already exists`, "ann", "Secret0ne", true},
		{"alter user ann rename to bob", `42710 user "bob" already exists`, "ann", "Secret0ne", true},
		{"alter user carl password 'Secret0ne'", `42704 user "carl" does not exist`, "carl", "Secret0ne", false},
		{"alter user ann rename to anna", "ALTER USER", "anna", "Secret0ne", false},
		{"select has_schema_privilege('anna', 's', 'usage') from (select 1)", "[[t]]", "ann", "Secret0ne", false},
		{"alter user anna password 'md5" + md5Of("Secret0neanna") + "'", "ALTER USER", "anna", "Secret0ne", true},
		{"alter user anna password disable", "ALTER USER", "anna", "Secret0ne", false},
		{"alter user anna password 'short'", "XX000 a password has 8 to 64 characters, an uppercase letter, a lowercase letter and a digit", "anna", "short", false},
	} {
		if got := do(t, c, step.sql); got != step.want {
			t.Errorf("%s\n got %s\nwant %s", step.sql, got, step.want)
		}
		if got := enters(step.user, step.password); got != step.enters {
			t.Errorf("after %s: %s enters: %v", step.sql, step.user, got)
		}
	}
}

func md5Of(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) }
