package redshiftdata_test

import "testing"

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
