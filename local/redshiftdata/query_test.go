package redshiftdata

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The system relations of tables are there for whoever asks a file or the Data API; what has happened, a file does not keep.
func TestSystemRelations(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT NOT NULL, s VARCHAR(10)) DISTKEY(id) SORTKEY(s)")
	w.run([]string{"INSERT INTO airlines.t VALUES (1, 'a')"})
	queries := map[string]string{
		"select table_name from information_schema.tables where table_schema = 'airlines'":                                          "[[t]]",
		"select schemaname, tablename from pg_tables where schemaname = 'airlines'":                                                 "[[airlines t]]",
		`select "schema", "table", diststyle, sortkey1 from svv_table_info`:                                                         "[[airlines t KEY(id) s]]",
		"select column_name, data_type, character_maximum_length from svv_columns where table_name = 't' order by ordinal_position": "[[id bigint <nil>] [s character varying 10]]",
		"select count(*) from stl_load_errors":                                                                                      "[[0]]",
		"show table airlines.t":                                                                                                     "[[CREATE TABLE airlines.t (\n    id bigint NOT NULL ENCODE az64 distkey,\n    s character varying(10) COLLATE case_sensitive\n)\nDISTSTYLE KEY\nSORTKEY ( s );]]",
		"select t.tablename, a.id from pg_tables t, airlines.t a where t.tablename = 't'":                                           "[[t 1]]",
	}
	ask := func(who string, query func(string) (*Result, error)) {
		t.Helper()
		for q, want := range queries {
			r, err := query(q)
			if err != nil || fmt.Sprint(r.Rows) != want {
				t.Errorf("%s: %s: got %v, %v; want %s", who, q, r, err, want)
			}
		}
		if _, err := query("select * from svl_nothing"); err == nil || !strings.Contains(err.Error(), "svl_nothing") {
			t.Errorf("%s: a relation that is not there: %v", who, err)
		}
	}
	ask("a running world", func(q string) (*Result, error) { return w.Service.Query(t.Context(), q) })
	if r, err := w.Service.Query(t.Context(), "select count(*) > 0 from sys_query_history"); err != nil || fmt.Sprint(r.Rows) != "[[true]]" {
		t.Errorf("the history of queries: %v, %v", r, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := func(q string) (*Result, error) { return Query(t.Context(), w.file, q, time.Now()) }
	ask("a file", file)
	if _, err := file("select * from sys_query_history"); err == nil || !strings.Contains(err.Error(), "ask a running one") {
		t.Errorf("the history in a file: %v", err)
	}
	for _, q := range []string{"select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'", "attach '/tmp/x' as y", "select * from memory.main.t"} {
		if r, err := file(q); err == nil {
			t.Errorf("%s: got %v", q, r.Rows)
		}
	}
}

// Every COPY that has ended is told of, with what it has read or why it failed.
func TestLoadHistory(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT)")
	copyOf := func(key string) string {
		return "COPY airlines.t FROM 's3://staging/" + key + "' IAM_ROLE '" + copyRole + "' FORMAT JSON"
	}
	w.objects["good"], w.objects["bad"] = []byte(`{"id": 1}{"id": 2}`), []byte(`{"id": "x"}`)
	w.run([]string{copyOf("good")})
	w.run([]string{copyOf("bad"), copyOf("never")})
	for q, want := range map[string]string{
		"select data_source, file_format, status, loaded_rows, table_name from sys_load_history order by start_time": "[[s3://staging/good json completed 2 t] [s3://staging/bad json aborted 0 t]]",
		"select filename, trim(err_reason) from stl_load_errors":                                                     "[[s3://staging/bad Invalid digit, Value 'x', Pos 0, Type: Long]]",
		"select query_type, count(*) from sys_query_history where query_text like 'COPY %' group by 1":               "[[COPY 3]]",
	} {
		if got := w.one(q); got != want {
			t.Errorf("%s:\n got %s\nwant %s", q, got, want)
		}
	}
}
