package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// Each file gets its verdict, whatever is wrong with another one or with its key.
func TestCheckJudgesEachFile(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	const flights = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,3,4\n"
	dir := files(t, map[string]string{
		"date=2008-05-01/good.csv": flights, "undated.csv": flights, "date=2008-05-33/f.csv": flights, "date=2008-05-01/bad.csv": "x,y\n1,2\n",
		"date=2008-05-01/date=2008-05-02/f.csv": flights, "date=2008-05-01/_temporary/f.csv": flights, "airports.csv": "airport_id,city,state,name\n1,a,b,c\n2,a,b,c\n",
	})
	check := func(args ...string) (code int, stdout, stderr string) {
		var out, complaint bytes.Buffer
		args = append([]string{"check"}, args...)
		for i, a := range args {
			if strings.HasSuffix(a, ".csv") {
				args[i] = filepath.Join(dir, filepath.FromSlash(a))
			}
		}
		code = run(context.Background(), args, strings.NewReader(""), &out, &complaint)
		return code, out.String(), complaint.String()
	}
	all := []string{"date=2008-05-33/f.csv", "undated.csv", "gone.csv", "date=2008-05-01/gone.csv", "date=2008-05-01/bad.csv", "date=2008-05-01/date=2008-05-02/f.csv",
		"date=2008-05-01/_temporary/f.csv", "date=2008-05-01/good.csv", "airports.csv"}
	code, out, complaint := check(all...)
	if want := "3 of 9 files could not be judged, and 4 of 9 files would be refused"; code != 2 || !strings.Contains(complaint, want) {
		t.Errorf("exit %d: %s, want %s", code, complaint, want)
	}
	for _, want := range []string{
		"would be refused: daily-flights/date=2008-05-33/f.csv: the key's partition date=2008-05-33 is not a day",
		"cannot be judged: of which day are its flights?",
		"gone.csv: no such file or directory",
		"would be refused: daily-flights/date=2008-05-01/bad.csv:1: the header has none of the columns",
		"the key has more than one partition: date=2008-05-01, date=2008-05-02",
		"would be refused: daily-flights/date=2008-05-01/_temporary/f.csv: ",
		"daily-flights/date=2008-05-01/good.csv  fits",
		"airports/airports.csv  fits",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if code, _, complaint := check("date=2008-05-33/f.csv", "date=2008-05-01/good.csv"); code != 1 || !strings.Contains(complaint, "1 of 2 files would be refused") {
		t.Errorf("exit %d: %s", code, complaint)
	}
	if code, _, complaint := check("date=2008-05-01/good.csv", "--airports", "airports.csv"); code != 0 {
		t.Errorf("exit %d: %s", code, complaint)
	}
	if code, _, complaint := check("date=2008-05-01/good.csv", "--airports", "none.csv"); code != 2 || !strings.Contains(complaint, "--airports: ") {
		t.Errorf("exit %d: %s", code, complaint)
	}
	_, out, _ = check("undated.csv", "date=2008-05-01/good.csv", "--json")
	lines := 0
	for d := json.NewDecoder(strings.NewReader(out)); d.More(); lines++ {
		var one struct {
			Fits    bool
			Problem string
		}
		if err := d.Decode(&one); err != nil || one.Fits == (one.Problem != "") {
			t.Errorf("%+v, %v", one, err)
		}
	}
	if lines != 2 {
		t.Errorf("%d objects, want 2: %s", lines, out)
	}
}
