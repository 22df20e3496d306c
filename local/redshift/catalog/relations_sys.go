package catalog

import (
	"strings"
	"time"
)

// queryColumns are those of SYS_QUERY_HISTORY.
const queryColumns = `user_id int4, query_id int8, query_label text, transaction_id int8, session_id int4, database_name text, query_type text, status text, result_cache_hit bool, start_time timestamp, end_time timestamp, elapsed_time int8, queue_time int8, execution_time int8, error_message text, returned_rows int8, returned_bytes int8, query_text text, redshift_version text, usage_limit text, compute_type text, compile_time int8, planning_time int8, lock_wait_time int8, service_class_id int4, service_class_name text, query_priority text, short_query_accelerated text, username text`

// sysRelations tell what was done since the process began: the SYS views, and of their older forms those that tools still read.
var sysRelations = []relation{
	{name: "pg_catalog.sys_query_history", view: true, live: true, columns: queryColumns, rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, q := range c.activity().Queries {
			took := micros(q.Start, q.End)
			all = append(all, []any{c.userID(q.User), q.ID, "default", q.Transaction, q.PID, q.Database, q.Type, q.Status, false, q.Start, q.End, took, 0, took, null(q.Error), q.Rows, 0, q.Text, Release, nil, "primary", 0, 0, 0, 100, "Default user queue", "Normal", "false", q.User})
		}
		return all
	}},
	{name: "pg_catalog.sys_query_text", view: true, live: true, columns: "user_id int4, query_id int8, transaction_id int8, session_id int4, start_time timestamp, sequence int4, text text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, q := range c.activity().Queries {
			for i, part := range pieces(q.Text, 200) {
				all = append(all, []any{c.userID(q.User), q.ID, q.Transaction, q.PID, q.Start, i, part})
			}
		}
		return all
	}},
	{name: "pg_catalog.sys_session_history", view: true, live: true, columns: "user_id int4, session_id int4, database_name text, status text, start_time timestamp, end_time timestamp, username text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, s := range c.activity().Sessions {
			all = append(all, []any{c.userID(s.User), s.PID, s.Database, "active", s.Started, nil, s.User})
		}
		return all
	}},
	{name: "pg_catalog.sys_load_history", view: true, live: true, columns: "user_id int4, query_id int8, transaction_id int8, session_id int4, database_name text, status text, table_name text, start_time timestamp, end_time timestamp, duration int8, data_source text, file_format text, loaded_rows int8, loaded_bytes int8, source_file_count int4, source_file_bytes int8, error_count int4, username text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, l := range c.activity().Loads {
			status, errors := "completed", len(l.failures())
			if l.Error != "" {
				status = "aborted"
			}
			all = append(all, []any{c.userID(l.User), l.Query, 0, 0, l.Database, status, l.Table, l.Start, l.End, micros(l.Start, l.End), l.File, l.Format, l.Rows, 0, 1, 0, errors, l.User})
		}
		return all
	}},
	{name: "pg_catalog.sys_load_error_detail", view: true, columns: "user_id int4, query_id int8, transaction_id int8, session_id int4, database_name text, table_id int4, table_name text, start_time timestamp, file_name text, line_number int8, column_name text, column_type text, column_length text, position int4, error_code int4, error_message text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, l := range c.activity().Loads {
			for _, e := range l.failures() {
				all = append(all, []any{c.userID(l.User), l.Query, 0, 0, l.Database, 0, l.Table, l.Start, e.File, e.Line, orNull(e.Column), orNull(e.Type), orNull(e.Length), e.Position, e.Code, e.Reason})
			}
		}
		return all
	}},
	{name: "pg_catalog.stl_load_errors", view: true, columns: "userid int4, slice int4, tbl int4, starttime timestamp, session int4, query int8, filename text, line_number int8, colname text, type text, col_length text, position int4, raw_line text, raw_field_value text, err_code int4, err_reason text, is_partial int4, start_offset int8", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, l := range c.activity().Loads {
			for _, e := range l.failures() {
				all = append(all, []any{c.userID(l.User), 0, 0, l.Start, 0, l.Query, e.File, e.Line, orNull(e.Column), orNull(e.Type), orNull(e.Length), e.Position, orNull(e.Raw), orNull(e.Value), e.Code, e.Reason, 0, 0})
			}
		}
		return all
	}},
	{name: "pg_catalog.stl_query", view: true, live: true, columns: "userid int4, query int8, label text, xid int8, pid int4, database text, querytxt text, starttime timestamp, endtime timestamp, aborted int4, insert_pristine int4, concurrency_scaling_status int4", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, q := range c.activity().Queries {
			aborted := 0
			if q.Error != "" {
				aborted = 1
			}
			all = append(all, []any{c.userID(q.User), q.ID, "default", q.Transaction, q.PID, q.Database, q.Text, q.Start, q.End, aborted, 0, 0})
		}
		return all
	}},
	{name: "pg_catalog.stl_undone", view: true, columns: "userid int4, xact_id int8, xact_id_undone int8, undo_start_ts timestamp, undo_end_ts timestamp, table_id int8", rows: none},
	{name: "pg_catalog.stv_sessions", view: true, live: true, columns: "starttime timestamp, process int4, user_name text, db_name text, timeout_sec int4", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, s := range c.activity().Sessions {
			all = append(all, []any{s.Started, s.PID, s.User, s.Database, 0})
		}
		return all
	}},
	{name: "pg_catalog.stv_recents", view: true, live: true, columns: "userid int4, status text, starttime timestamp, duration int4, user_name text, db_name text, query text, pid int4", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, q := range c.activity().Queries {
			status := "Done"
			if q.Status == "running" {
				status = "Running"
			}
			all = append(all, []any{c.userID(q.User), status, q.Start, micros(q.Start, q.End), q.User, q.Database, q.Text, q.PID})
		}
		return all
	}},
	{name: "pg_catalog.stv_inflight", view: true, live: true, columns: "userid int4, slice int4, query int8, label text, xid int8, pid int4, starttime timestamp, text text, suspended int4, insert_pristine int4, concurrency_scaling_status int4", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, q := range c.activity().Queries {
			if q.Status == "running" {
				all = append(all, []any{c.userID(q.User), 0, q.ID, "default", q.Transaction, q.PID, q.Start, q.Text, 0, 0, 0})
			}
		}
		return all
	}},
}

// failures are the rows that could not be loaded; the load itself where it tells of none.
func (l Load) failures() []LoadError {
	if len(l.Errors) == 0 && l.Error != "" {
		return []LoadError{{File: l.File, Code: 15007, Reason: l.Error}}
	}
	return l.Errors
}

// orNull is a text as a column's value: NULL without one, and no longer than the columns that tell of rows.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return strings.ToValidUTF8(s[:min(len(s), 1024)], "?")
}

func micros(from, to time.Time) int64 {
	if to.IsZero() {
		return 0
	}
	return to.Sub(from).Microseconds()
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// pieces cuts a text into parts of so many characters.
func pieces(s string, n int) []string {
	runes := []rune(s)
	var all []string
	for len(runes) > n {
		all, runes = append(all, string(runes[:n])), runes[n:]
	}
	return append(all, string(runes))
}
