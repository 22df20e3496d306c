package redshiftdata

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
)

// COPY of JSON goes by the names of the columns, and takes objects, not lists of them.
func TestCopyJSON(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT, name VARCHAR(9), at TIMESTAMP)")
	const statement = "COPY airlines.t FROM 's3://staging/loads/1/' IAM_ROLE '" + copyRole + "' FORMAT AS JSON 'auto' TIMEFORMAT 'auto'"
	for _, c := range []struct {
		name    string
		objects []string
		want    string // the rows, or the error
	}{
		{"one", []string{`{"id": 1, "name": "a\"b", "at": "2008-05-01T10:00:00.500Z"}`}, `[[1 a"b 2008-05-01 10:00:00.5]]`},
		{"lines, and several objects", []string{"{\"name\": \"x\", \"id\": 2}\n{\"id\":3}\n", `{"id": 4, "other": [1, {"id": 5}]}{"id": 5, "name": null}`}, "[[2 x <nil>] [3 <nil> <nil>] [4 <nil> <nil>] [5 <nil> <nil>]]"},
		{"values that are no texts", []string{`{"id": "6", "name": {"a": 1}}`, `{"id": 7, "name": true}`}, `[[6 {"a": 1} <nil>] [7 true <nil>]]`},
		{"a list of objects", []string{`[{"id": 1}]`}, "Load into table 't' failed"},
		{"a text", []string{`"{}"`}, "Load into table 't' failed"},
		{"null", []string{`null`}, "a row has to be a JSON object"},
		{"cut off", []string{`{"id": 1`}, "s3://staging/loads/1/0, line 1, column -: Invalid JSONPath format or JSON"},
		{"no number", []string{`{"id": "one"}`}, "Load into table 't' failed"},
		{"too long", []string{`{"id": 1, "name": "0123456789"}`}, "Load into table 't' failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			clear(w.objects)
			for i, text := range c.objects {
				w.objects["loads/1/"+string(rune('0'+i))] = []byte(text)
			}
			got := w.run([]string{"DELETE FROM airlines.t", statement})
			w.filled(got, c.want)
		})
	}
}

// COPY leaves an identity column to the warehouse.
func TestCopyIdentity(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT IDENTITY(7, 1), name VARCHAR(9))")
	w.objects["loads/1/0"] = []byte(`{"id": 1, "name": "a"}`)
	const from = " FROM 's3://staging/loads/1/' IAM_ROLE '" + copyRole + "' FORMAT JSON"
	for statement, want := range map[string]string{
		"COPY airlines.t (id, name)" + from:                   "needs EXPLICIT_IDS",
		"COPY airlines.t (name)" + from + " EXPLICIT_IDS":     "needs the identity column",
		"COPY airlines.t (id, name, id)" + from + " MAXERROR": "MAXERROR takes a number",
	} {
		if got := w.run([]string{statement}); !strings.Contains(aws.ToString(got.Error), want) {
			t.Errorf("%s: status %s, error %s", statement, got.Status, aws.ToString(got.Error))
		}
	}
	for _, statement := range []string{"COPY airlines.t (name)" + from, "COPY airlines.t" + from, "COPY airlines.t" + from + " EXPLICIT_IDS"} {
		if got := w.run([]string{statement}); got.Status != types.StatusStringFinished {
			t.Fatalf("%s: status %s, error %s", statement, got.Status, aws.ToString(got.Error))
		}
	}
	if rows := w.one("SELECT * FROM airlines.t ORDER BY 1"); rows != "[[1 a] [7 a] [8 a]]" {
		t.Errorf("rows %s", rows)
	}
}
