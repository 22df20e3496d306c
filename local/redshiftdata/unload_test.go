package redshiftdata

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
)

const unloadTo = " TO 's3://staging/out/x_' IAM_ROLE '" + copyRole + "' "

// unloaded runs an UNLOAD, and gives the objects that are there then.
func (w *world) unloaded(t *testing.T, statement string) string {
	t.Helper()
	if got := w.run([]string{statement}); got.Status != types.StatusStringFinished {
		return aws.ToString(got.Error)
	}
	var all []string
	for _, key := range slices.Sorted(maps.Keys(w.objects)) {
		all = append(all, key+": "+string(w.objects[key]))
	}
	return strings.Join(all, "; ")
}

func TestUnloadText(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id INT, name VARCHAR(20), ok BOOLEAN, price DECIMAL(6,2), at TIMESTAMP, x FLOAT, doc SUPER)",
		`INSERT INTO airlines.t VALUES (1, 'a,"b"', true, 2.5, '2008-05-01 10:00:00.5', 0.1, '{"k":[1]}'), (2, NULL, false, NULL, '2008-05-02', 1e20, NULL), (3, 'pipe|back\\slash', NULL, 0, NULL, NULL, NULL)`)
	for _, c := range []struct{ options, want string }{
		{"CSV", "out/x_0000_part_00: 1,\"a,\"\"b\"\"\",t,2.50,2008-05-01 10:00:00.5,0.1,\"\"\"{\\\"\"k\\\"\":[1]}\"\"\"\n2,,f,,2008-05-02 00:00:00,1e+20,\n3,pipe|back\\slash,,0.00,,,\n"},
		{"FORMAT AS CSV HEADER DELIMITER AS ';' NULL AS 'nil' PARALLEL OFF EXTENSION 'csv' ALLOWOVERWRITE",
			"out/x_000.csv: id;name;ok;price;at;x;doc\n1;\"a,\"\"b\"\"\";t;2.50;2008-05-01 10:00:00.5;0.1;\"\"\"{\\\"\"k\\\"\":[1]}\"\"\"\n2;nil;f;nil;2008-05-02 00:00:00;1e+20;nil\n3;pipe|back\\slash;nil;0.00;nil;nil;nil\n"},
	} {
		clear(w.objects)
		if got := w.unloaded(t, "UNLOAD ('select * from airlines.t order by id')"+unloadTo+c.options); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.options, got, c.want)
		}
	}
	for _, c := range []struct{ query, options, want string }{
		{"select id, name from airlines.t order by 1", "", "out/x_0000_part_00: 1|a,\"b\"\n2|\n3|pipe|back\\slash\n"},
		{"select id, name from airlines.t order by 1", "ADDQUOTES ESCAPE PARALLEL TRUE", "out/x_0000_part_00: \"1\"|\"a,\\\"b\\\"\"\n\"2\"|\n\"3\"|\"pipe\\|back\\\\slash\"\n"},
		{"select name, id, name from airlines.t where name like ''a%''", "csv", "out/x_0000_part_00: \"a,\"\"b\"\"\",1,\"a,\"\"b\"\"\"\n"},
		{"select id from airlines.t where id > 5", "csv header", "out/x_0000_part_00: id\n"},
		{"select id, price from airlines.t order by 1", "csv manifest", `out/x_0000_part_00: 1,2.50
2,
3,0.00
; out/x_manifest: {
  "entries": [
    {
      "url": "s3://staging/out/x_0000_part_00"
    }
  ]
}`},
		{"select id, case when id = 1 then 'o''k' end as g, id % 2 as odd from airlines.t order by 1", "csv partition by (g, odd)",
			"out/x_/g=__HIVE_DEFAULT_PARTITION__/odd=0/0000_part_00: 2\n; out/x_/g=__HIVE_DEFAULT_PARTITION__/odd=1/0000_part_00: 3\n; out/x_/g=o'k/odd=1/0000_part_00: 1\n"},
		{"select id, price from airlines.t order by 1", "csv partition by (id) include", "out/x_/id=1/0000_part_00: 1,2.50\n; out/x_/id=2/0000_part_00: 2,\n; out/x_/id=3/0000_part_00: 3,0.00\n"},
	} {
		clear(w.objects)
		statement := "UNLOAD ('" + c.query + "')" + unloadTo + c.options
		if strings.Contains(c.query, "'o''k'") {
			statement = "UNLOAD ($$" + c.query + "$$)" + unloadTo + c.options
		}
		if got := w.unloaded(t, statement); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", statement, got, c.want)
		}
	}
	clear(w.objects)
	w.unloaded(t, "UNLOAD ('select 1')"+unloadTo+"csv gzip")
	z, err := gzip.NewReader(bytes.NewReader(w.objects["out/x_0000_part_00.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); string(text) != "1\n" || err != nil {
		t.Errorf("gzip: %q, %v", text, err)
	}
}

// What is unloaded as Parquet has the types that COPY takes.
func TestUnloadParquet(t *testing.T) {
	w := newWorld(t)
	columns := "(id INT, big BIGINT, name VARCHAR(20), ok BOOLEAN, price DECIMAL(6,2), at TIMESTAMP, x FLOAT, d DATE, r REAL)"
	w.open("CREATE TABLE airlines.t "+columns, "CREATE TABLE airlines.u "+columns,
		`INSERT INTO airlines.t VALUES (1, 10000000000, 'a', true, 2.5, '2008-05-01 10:00:00.5', 0.1, '2008-05-01', 1.5), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`)
	got := w.unloaded(t, "UNLOAD ('select * from airlines.t order by 1')"+unloadTo+"FORMAT PARQUET MANIFEST VERBOSE")
	if !strings.Contains(got, "out/x_0000_part_00.parquet") || !strings.Contains(got, `"record_count": 2`) || !strings.Contains(got, `"precision": 6`) {
		t.Fatalf("got %.2000s", got)
	}
	delete(w.objects, "out/x_manifest")
	if got := w.run([]string{"COPY airlines.u FROM 's3://staging/out/x_' IAM_ROLE '" + copyRole + "' FORMAT PARQUET"}); got.Status != types.StatusStringFinished {
		t.Fatalf("COPY of it: %s", aws.ToString(got.Error))
	}
	if a, b := w.one("SELECT * FROM airlines.t ORDER BY 1"), w.one("SELECT * FROM airlines.u ORDER BY 1"); a != b {
		t.Errorf("unloaded %s, copied %s", a, b)
	}
	clear(w.objects)
	w.unloaded(t, "UNLOAD ('select id, d, at::timestamptz as z from airlines.t')"+unloadTo+"PARQUET PARTITION BY (d) PARALLEL OFF")
	if got := fmt.Sprint(slices.Sorted(maps.Keys(w.objects))); got != "[out/x_/d=2008-05-01/000.parquet out/x_/d=__HIVE_DEFAULT_PARTITION__/000.parquet]" {
		t.Errorf("partitions %s", got)
	}
	if got := describeParquet(t, w.objects["out/x_/d=2008-05-01/000.parquet"]); got != "id INTEGER, z TIMESTAMP" {
		t.Errorf("columns %s", got)
	}
}

func describeParquet(t *testing.T, data []byte) (columns string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * FROM read_parquet('" + file + "', hive_partitioning = false))").Scan(&columns); err != nil {
		t.Fatal(err)
	}
	return columns
}

// What is there already is not overwritten unless that is said, and removed only with CLEANPATH.
func TestUnloadOverObjects(t *testing.T) {
	w := newWorld(t)
	w.open()
	for _, c := range []struct{ options, want string }{
		{"csv", "Specified unload destination on S3 is not empty"},
		{"csv allowoverwrite", "out/x_0000_part_00: 1,2\n; out/x_/a=1/old: old; out/x_/a=9/old: old; out/x_old: old"},
		{"csv cleanpath", "out/x_0000_part_00: 1,2\n"},
		{"csv cleanpath partition by (a)", "out/x_/a=1/0000_part_00: 2\n; out/x_/a=9/old: old; out/x_old: old"},
	} {
		clear(w.objects)
		for _, key := range []string{"x_old", "x_/a=1/old", "x_/a=9/old"} {
			w.objects["out/"+key] = []byte("old")
		}
		got := w.unloaded(t, "UNLOAD ('select 1 as a, 2 as b')"+unloadTo+c.options)
		if sorted, want := slices.Sorted(slices.Values(strings.Split(got, "; "))), slices.Sorted(slices.Values(strings.Split(c.want, "; "))); !strings.Contains(got, c.want) && !slices.Equal(sorted, want) {
			t.Errorf("%s\n got %q\nwant %q", c.options, got, c.want)
		}
	}
}

func TestUnloadRefused(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id INT, name VARCHAR(20))", "CREATE TABLE airlines.hidden (id INT)")
	w.ddl("REVOKE ALL ON airlines.hidden FROM PUBLIC")
	for statement, want := range map[string]string{
		"UNLOAD ('select 1 limit 1')" + unloadTo:                                       "Limit clause is not supported",
		"UNLOAD ('select top 1 1')" + unloadTo:                                         "Limit clause is not supported",
		"UNLOAD ('delete from airlines.t')" + unloadTo:                                 "UNLOAD takes a SELECT query, not DELETE",
		"UNLOAD ('select * from airlines.nowhere')" + unloadTo:                         `relation "airlines.nowhere" does not exist`,
		"UNLOAD ('select * from airlines.hidden')" + unloadTo:                          "permission denied for relation hidden",
		"UNLOAD ('select * from read_csv(''/etc/passwd'')')" + unloadTo:                "function read_csv() does not exist",
		"UNLOAD ('select 1') TO '/tmp/x' IAM_ROLE '" + copyRole + "'":                  "UNLOAD is modelled to 's3://bucket/prefix' only",
		"UNLOAD ('select 1') TO 's3://staging/x' CSV":                                  "UNLOAD needs IAM_ROLE",
		"UNLOAD ('select 1') TO 's3://staging/x' IAM_ROLE default":                     "IAM_ROLE is modelled with the ARN of a role, not with default",
		"UNLOAD ('select 1') TO 's3://staging/x' IAM_ROLE 'arn:aws:iam::1:role/x'":     "Invalid IAM role ARN",
		"UNLOAD ('select 1') TO 's3://staging/x' IAM_ROLE '" + copyRole + "x'":         "Not authorized to get credentials",
		"UNLOAD ('select 1')" + unloadTo + "FORMAT JSON":                               "FORMAT is modelled for CSV and PARQUET only, not for JSON",
		"UNLOAD ('select 1')" + unloadTo + "MAXFILESIZE 5 MB":                          "UNLOAD ... MAXFILESIZE is not modelled here",
		"UNLOAD ('select 1')" + unloadTo + "PARQUET HEADER":                            "PARQUET cannot be used with",
		"UNLOAD ('select 1')" + unloadTo + "CSV ADDQUOTES":                             "CSV cannot be used with",
		"UNLOAD ('select 1')" + unloadTo + "CLEANPATH ALLOWOVERWRITE":                  "CLEANPATH cannot be used with ALLOWOVERWRITE",
		"UNLOAD ('select 1')" + unloadTo + "DELIMITER ';;'":                            "DELIMITER is a single ASCII character",
		"UNLOAD ('select 1')" + unloadTo + "REGION 'us-west-1'":                        "UNLOAD to another region",
		"UNLOAD ('select 1, 2')" + unloadTo + "PARQUET":                                "is there twice",
		"UNLOAD ('select 1 as a')" + unloadTo + "CSV PARTITION BY (a)":                 "needs a column that is not one of the partition",
		"UNLOAD ('select 1 as a, 2 as b')" + unloadTo + "CSV PARTITION BY (c)":         `column "c" of PARTITION BY is not in the query's result`,
		"UNLOAD ('select 1.5::real as a, 2 as b')" + unloadTo + "CSV PARTITION BY (a)": "PARTITION BY a column of type real is not modelled here",
		"UNLOAD ('select ''a/b'' as a, 2 as b')" + unloadTo + "CSV PARTITION BY (a)":   "PARTITION BY of a value with a slash",
		"UNLOAD ('select interval ''1 day'' as a')" + unloadTo + "PARQUET":             "cannot be unloaded to Parquet",
		"UNLOAD ('select :a')" + unloadTo:                                              "UNLOAD takes no parameters",
		"UNLOAD select 1":                                                              "syntax error",
	} {
		if got := w.run([]string{statement}); got.Status != types.StatusStringFailed || !strings.Contains(aws.ToString(got.Error), want) {
			t.Errorf("%s\n got %s %s\nwant %s", statement, got.Status, aws.ToString(got.Error), want)
		}
	}
	if len(w.objects) > 0 {
		t.Errorf("objects %v, want none", slices.Sorted(maps.Keys(w.objects)))
	}
}
