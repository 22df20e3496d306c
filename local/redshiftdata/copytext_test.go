package redshiftdata

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// COPY of text files, with its options. Objects lie at loads/1/0, loads/1/1 ...
func TestCopyTexts(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id INT NOT NULL, name VARCHAR(5) DEFAULT 'none', day DATE, n DECIMAL(6,2))")
	bzip, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWVev2MUAAAFZAAAQAAQgACAAIAAhmmgzTRc8XckU4UJBXr9jFA==")
	if err != nil {
		t.Fatal(err)
	}
	const failed = "Load into table 't' failed. Check 'sys_load_error_detail' system table for details."
	for _, c := range []struct {
		name, columns, options string
		objects                []string
		want                   string // the rows, or the error
	}{
		{"csv", "", "CSV", []string{"1,\"a,\"\"b\",2008-05-01,1.5\n2,,,\n", "3,x,2008-05-02,7"}, `[[1 a,"b 2008-05-01 1.50] [2  <nil> <nil>] [3 x 2008-05-02 7.00]]`},
		{"format csv with another quote and delimiter", "(id, name)", "FORMAT AS CSV QUOTE AS '%' DELIMITER AS ';' IGNOREHEADER AS 1", []string{"id;name\n1;%a;b%\n", "id;name\n2;c"}, "[[1 a;b <nil> <nil>] [2 c <nil> <nil>]]"},
		{"pipes, and one more at the end", "", "", []string{"1|a|2008-05-01|1|\n2|\\N|\\N|\\N\n"}, "[[1 a 2008-05-01 1.00] [2 <nil> <nil> <nil>]]"},
		{"a default", "(id)", "DELIMITER ','", []string{"1\n"}, "[[1 none <nil> <nil>]]"},
		{"columns in another order", "(name, id)", "DELIMITER '\\t'", []string{"a\t1\n"}, "[[1 a <nil> <nil>]]"},
		{"a byte by its number", "(id, name)", "DELIMITER AS '\\054' NULL AS '\\\\N'", []string{"1,\\N\n"}, "[[1 <nil> <nil> <nil>]]"},
		{"nulls as zero bytes", "(id, name)", "CSV NULL AS '\\000'", []string{"1,\x00\n"}, "[[1 <nil> <nil> <nil>]]"},
		{"quotes and escapes", "(id, name)", "REMOVEQUOTES ESCAPE", []string{"1|\"a|b\"\n2|c\\|d\n"}, "[[1 a|b <nil> <nil>] [2 c|d <nil> <nil>]]"},
		{"nulls", "(id, name)", "CSV NULL AS 'NA' BLANKSASNULL EMPTYASNULL", []string{"1,NA\n2,\n3,  \n4,\\N\n"}, `[[1 <nil> <nil> <nil>] [2 <nil> <nil> <nil>] [3 <nil> <nil> <nil>] [4 \N <nil> <nil>]]`},
		{"formats", "", "CSV DATEFORMAT 'DD.MM.YYYY' TRIMBLANKS TRUNCATECOLUMNS ROUNDEC ACCEPTINVCHARS AS '^'", []string{"1,abcdefg,31.12.2008,1.005\n2,\"a\xe9   \",01.02.2008,-0.005\n"}, "[[1 abcde 2008-12-31 1.01] [2 a^ 2008-02-01 -0.01]]"},
		{"any date", "(id, day)", "CSV DATEFORMAT 'auto' ACCEPTANYDATE", []string{"1,05/01/2008\n2,nonsense\n"}, "[[1 none 2008-05-01 <nil>] [2 none <nil> <nil>]]"},
		{"missing fields", "", "CSV FILLRECORD IGNOREBLANKLINES", []string{"1,a\n\n2\n"}, "[[1 a <nil> <nil>] [2  <nil> <nil>]]"},
		{"gzip", "(id, name)", "CSV GZIP", []string{gzipped(t, "1,a\n2,b\n")}, "[[1 a <nil> <nil>] [2 b <nil> <nil>]]"},
		{"bzip2", "(id, name)", "CSV BZIP2", []string{string(bzip)}, "[[1 a <nil> <nil>]]"},
		{"no gzip", "(id, name)", "CSV GZIP", []string{"1,a\n"}, "s3://staging/loads/1/0 is not a GZIP file"},
		{"what has no effect", "(id)", "CSV REGION 'eu-central-1' COMPUPDATE OFF STATUPDATE ON COMPROWS 1000 ENCODING UTF8 MAXERROR 0", []string{"1\n"}, "ENCODING takes a text in quotes"},
		{"what has no effect, as it is written", "(id)", "CSV REGION 'eu-central-1' COMPUPDATE PRESET STATUPDATE COMPROWS 1000 ENCODING 'UTF8'", []string{"1\n"}, "[[1 none <nil> <nil>]]"},
		{"nothing is loaded", "(id)", "CSV NOLOAD", []string{"1\n"}, "[]"},
		{"nothing is loaded of what is wrong", "(id)", "CSV NOLOAD", []string{"x\n"}, failed},
		{"errors up to a number", "", "CSV MAXERROR 4", []string{"1,a,2008-05-01,1\nx,a,,\n2,toolong,,\n3,a\n4,b,,\n"}, "[[1 a 2008-05-01 1.00] [4 b <nil> <nil>]]"},
		{"as many errors", "", "CSV MAXERROR 3", []string{"1,a,2008-05-01,1\nx,a,,\n2,toolong,,\n3,a\n"}, failed + "\n  Detail: s3://staging/loads/1/0, line 4, column -: Delimiter not found"},
		{"too long", "(id, name)", "CSV", []string{"1,abcdef\n"}, failed + "\n  Detail: s3://staging/loads/1/0, line 1, column name: String length exceeds DDL length"},
		{"no number", "(id, name)", "CSV", []string{"1,a\n", "a1,b\n"}, failed + "\n  Detail: s3://staging/loads/1/1, line 1, column id: Invalid digit, Value 'a', Pos 0, Type: Integer"},
		{"not null", "(id, name)", "CSV", []string{",a\n"}, failed + "\n  Detail: s3://staging/loads/1/0, line 1, column id: Missing data for not-null field"},
		{"more fields", "(id)", "CSV", []string{"1,2\n"}, "Extra column(s) found"},
		{"no CSV", "(id)", "CSV", []string{"\"1\n"}, "Invalid quote formatting for CSV"},
		{"no such column", "(nope)", "CSV", []string{"1\n"}, `column "nope" of relation "airlines.t" does not exist`},
		{"a column twice", "(id, id)", "CSV", []string{"1,1\n"}, `column "id" specified more than once`},
		{"escapes in CSV", "", "CSV ESCAPE", nil, "CSV cannot be used with ESCAPE"},
		{"a quote without CSV", "", "QUOTE '%'", nil, "QUOTE is an option of CSV"},
		{"json with a delimiter", "", "JSON 'auto' DELIMITER ','", nil, "JSON takes no options of texts"},
		{"parquet with a null", "", "PARQUET NULL AS ''", nil, "COPY of PARQUET is modelled with MANIFEST"},
		{"fixed width", "", "FIXEDWIDTH 'id:3'", nil, "COPY ... FIXEDWIDTH is not modelled here"},
		{"avro", "", "FORMAT AVRO", nil, "not for AVRO"},
		{"zstd", "", "CSV ZSTD", nil, "COPY ... ZSTD is not modelled here"},
		{"another encoding", "", "CSV ENCODING 'UTF16'", nil, "ENCODING is modelled for UTF8 only"},
		{"json by paths", "(id, name)", "JSON 's3://staging/paths.json'", []string{`{"a": {"x": [0, 5]}, "b'": "n"}`}, "[[5 n <nil> <nil>]]"},
		{"json by paths of another number", "", "JSON 's3://staging/paths.json'", []string{`{}`}, "Number of jsonpaths and the number of columns should match. JSONPath size: 2"},
		{"json whatever the case", "", "FORMAT JSON 'auto ignorecase'", []string{"{\"ID\": 1, \"Name\": \"a\"}"}, "[[1 a <nil> <nil>]]"},
		{"json with errors", "(id)", "JSON 'auto' MAXERROR 3", []string{"{\"id\": 1}\n{\"id\": \"x\"}\n[1]\n{\"id\": 2}"}, "[[1 none <nil> <nil>] [2 none <nil> <nil>]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			clear(w.objects)
			w.objects["paths.json"] = []byte(`{"jsonpaths": ["$['a'].x[1]", "$.b'"]}`)
			for i, text := range c.objects {
				w.objects["loads/1/"+string(rune('0'+i))] = []byte(text)
			}
			got := w.run([]string{"DELETE FROM airlines.t", "COPY airlines.t " + c.columns + " FROM 's3://staging/loads/1/' IAM_ROLE '" + copyRole + "' " + c.options})
			w.filled(got, c.want)
		})
	}
}

// What cannot be loaded is told by the system views, though the load's transaction is gone.
func TestLoadErrors(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id INT, name VARCHAR(5))")
	w.objects["loads/1/0"] = []byte("1,a\nx2,b\n3,toolong\n4\n")
	const statement = "COPY airlines.t FROM 's3://staging/loads/1/' IAM_ROLE '" + copyRole + "' CSV MAXERROR "
	if got := w.run([]string{statement + "9"}); got.Status != types.StatusStringFinished {
		t.Fatalf("status %s, error %s", got.Status, aws.ToString(got.Error))
	}
	w.run([]string{statement + "2"})
	for query, want := range map[string]string{
		"SELECT DISTINCT line_number, trim(colname), trim(type), trim(col_length), position, trim(raw_line), trim(raw_field_value), err_code, trim(err_reason) FROM stl_load_errors ORDER BY line_number": "[[2 id int4 <nil> 0 x2,b x2 1207 Invalid digit, Value 'x', Pos 0, Type: Integer] " +
			"[3 name varchar 5 2 3,toolong toolong 1204 String length exceeds DDL length] [4 <nil> <nil> <nil> 0 4 <nil> 1214 Delimiter not found]]",
		"SELECT file_name, line_number, column_name, error_code FROM sys_load_error_detail WHERE line_number = 2": "[[s3://staging/loads/1/0 2 id 1207] [s3://staging/loads/1/0 2 id 1207]]",
		"SELECT status, file_format, loaded_rows, error_count FROM sys_load_history ORDER BY 4":                   "[[aborted csv 0 2] [completed csv 1 3]]",
	} {
		if got := w.one(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// A manifest names the objects.
func TestCopyManifest(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id INT)")
	w.objects["a"], w.objects["b"], w.objects["other"] = []byte("1\n"), []byte("2\n"), []byte("3\n")
	for _, c := range []struct{ manifest, options, want string }{
		{`{"entries": [{"url": "s3://staging/a", "mandatory": true}, {"url": "s3://staging/b", "meta": {"content_length": 2}}, {"url": "s3://staging/gone", "mandatory": false}]}`, "CSV", "[[1] [2]]"},
		{`{"entries": [{"url": "s3://staging/gone", "mandatory": true}]}`, "CSV", "Reading s3://staging/gone"},
		{`{"entries": [{"url": "s3://staging/gone"}]}`, "CSV", "[]"},
		{`{"entries": []}`, "CSV", "Invalid manifest s3://staging/m: it has no entries"},
		{`{"entries": [{"url": "a"}]}`, "CSV", `entry 1: "a" is no s3://bucket/key`},
		{`[]`, "CSV", "Invalid manifest s3://staging/m"},
		{`{"entries": [{"url": "s3://staging/a"}]}`, "PARQUET", "of PARQUET an entry has meta with content_length"},
	} {
		w.objects["m"] = []byte(c.manifest)
		got := w.run([]string{"DELETE FROM airlines.t", "COPY airlines.t FROM 's3://staging/m' IAM_ROLE '" + copyRole + "' MANIFEST " + c.options})
		if strings.HasPrefix(c.want, "[") {
			if rows := w.one("SELECT * FROM airlines.t ORDER BY id"); got.Status != types.StatusStringFinished || rows != c.want {
				t.Errorf("%s: status %s, error %s, rows %s, want %s", c.manifest, got.Status, aws.ToString(got.Error), rows, c.want)
			}
		} else if !strings.Contains(aws.ToString(got.Error), c.want) {
			t.Errorf("%s: status %s, error %s, want %s", c.manifest, got.Status, aws.ToString(got.Error), c.want)
		}
	}
}
