package job_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"airline/etl"
	"airline/etl/samples"

	"github.com/google/go-cmp/cmp"
)

// judged is what a reader makes of a file's beginning.
type judged struct {
	Code, Message string
	Columns       []string // of a refused file
	Layout        etl.Layout
}

// Script and local world say the same of every beginning of a file: where its columns are, or what is wrong, word by word.
func TestHeadsAgree(t *testing.T) {
	each(t, testHeadsAgree)
}

func testHeadsAgree(t *testing.T, e engine, python string) {
	type file struct {
		Dataset etl.Dataset `json:"dataset"`
		Key     string      `json:"key"`
		Text    string      `json:"text"`
	}
	var files []file
	for _, s := range samples.Flights() {
		if !strings.HasPrefix(s.Content, "\x1f\x8b") && s.Refused != etl.RefusedLongRecord && s.Refused != etl.RefusedKey {
			files = append(files, file{etl.Flights, s.Key, s.Content})
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		files = append(files, file{[]etl.Dataset{etl.Flights, etl.Airports}[random.IntN(4)/3], []string{samples.Key, "daily-flights/month=2008-05/f.csv"}[random.IntN(2)], randomHead(random)})
	}
	encoded := make([]file, len(files))
	for i, f := range files {
		encoded[i] = file{f.Dataset, f.Key, base64.StdEncoding.EncodeToString([]byte(f.Text))}
	}
	input, err := json.Marshal(encoded)
	if err != nil {
		t.Fatal(err)
	}
	const script = `
import base64, io, json, sys
from airline_contract import Contract, Refused
from airline_head import Head
contract = Contract(open("../sql/contract.json", "rb").read())
class Store:
    def open(self, bucket, key, version):
        return io.BytesIO(bucket), len(bucket)
for f in json.load(sys.stdin):
    try:
        days = contract.days(f["dataset"], f["key"])
        h = Head(contract, Store(), f["dataset"], base64.b64decode(f["text"]), f["key"], None, days)
        print(json.dumps({"Layout": {"Positions": h.positions, "Coded": h.coded, "Optional": h.optional or None, "Day": h.day or None, "Fields": h.fields, "Lines": h.lines, "Names": h.columns}}))
    except Refused as refused:
        print(json.dumps({"Code": refused.code, "Message": str(refused), "Columns": refused.columns or None}))
`
	command := e.command(python, "-c", script)
	command.Stdin = strings.NewReader(string(input))
	var failures strings.Builder
	command.Stderr = &failures
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, failures.String())
	}
	codes := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(string(output)), "\n") {
		var got, want judged
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		days, err := files[i].Dataset.Days(files[i].Key)
		if err != nil {
			t.Fatal(err)
		}
		var refused *etl.RefusedError
		if want.Layout, err = files[i].Dataset.ReadHead(files[i].Key, []byte(files[i].Text), false, days); errors.As(err, &refused) {
			want = judged{Code: string(refused.Code), Message: err.Error(), Columns: refused.Columns}
		}
		if len(want.Layout.Optional) == 0 {
			want.Layout.Optional = nil
		}
		codes[got.Code]++
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-Go +Python):\n%s", files[i].Text, diff)
		}
	}
	for _, code := range []etl.RefusalCode{"", etl.RefusedNoHeader, etl.RefusedColumns, etl.RefusedRepeated, etl.RefusedNotText, etl.RefusedKind, etl.RefusedQuote} {
		if codes[string(code)] == 0 {
			t.Errorf("no file was judged %q; they were %v", code, codes)
		}
	}
}

// randomHead makes the beginning of a file out of names of columns and what is awkward.
func randomHead(random *rand.Rand) string {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	var names []string
	for _, d := range []etl.Dataset{etl.Flights, etl.Airports}[:1+random.IntN(2)] {
		form := d.Raw()
		for _, c := range append(append(form.Columns, form.Codes...), form.Optional...) {
			if random.IntN(12) > 0 {
				names = append(names, pick(append(c.Aliases, c.Name, c.Name, c.Name, c.Name, c.Name)...))
			}
		}
	}
	for range random.IntN(4) {
		names = append(names, pick("FlightDate", "FL_DATE", "Year", "Month", "DayofMonth", "Remarks", "DepDelayMinutes", "", "5", "-3.0", "ä", "a,b", "x\"y"))
	}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for i, name := range names {
		switch random.IntN(14) {
		case 0:
			names[i] = strings.ToLower(name)
		case 1:
			names[i] = " " + name + "\t"
		case 2:
			names[i] = name + pick("\u00a0", "\u200b", "s", "_", "é", "\u0085")
		case 3:
			if at := random.IntN(len(name) + 1); at < len(name) && name[at] < 0x80 {
				names[i] = name[:at] + name[at+1:]
			}
		case 4:
			names[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		case 5:
			names[i] = strings.Join(strings.SplitAfter(name, "A"), pick(" ", "_", "-"))
		}
	}
	text := strings.Join(names, pick(",", ",", ",", ",", ",", ";", "\t", "|", ", ", "\x01", " ")) + pick("\n", "\r\n", "", "\r")
	before := ""
	for range random.IntN(3) {
		before += pick("", "", "\n", "\r\n", "# a comment\n", "Title, with a comma\n", "sep=;\n", "\ufeff", "a\"b\n", "\"a\nb\"\n", "\"open\n", "<html>", "{", "\xe4\n", "x\x00\n", "PK\x03\x04")
	}
	return before + text + fmt.Sprint(random.IntN(100)) + ",1,2,3\nAA;1;2\n" + pick("", "\xf6")
}
