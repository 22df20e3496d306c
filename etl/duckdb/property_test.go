package duckdb

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever the rows of a file are, each is either loaded or rejected, and none gets lost.
func TestEveryRowIsAccountedFor(t *testing.T) {
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	airports := filepath.Join(dir, "airports.csv")
	if err := os.WriteFile(airports, []byte("airport_id,city,state,name\n1,A,B,C\n2,D,E,F\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	field := rapid.OneOf(
		rapid.SampledFrom([]string{"1", "2", "AA", "", "NA", "-5", "+7", "3", "x", " ", "1.5", "ä", `"`, `a"b`, `"a`, `a""b`, "a,b", "\r", "9223372036854775808"}),
		rapid.StringMatching(`[0-9A-Z,"]{0,4}`))
	rapid.Check(t, func(t *rapid.T) {
		lineEnd := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		var want int64
		var text strings.Builder
		text.WriteString("Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay" + lineEnd)
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			fields := rapid.OneOf(rapid.Just([]string{"AA", "1", "2", "5", "6"}), rapid.SliceOfN(field, 1, 7)).Draw(t, "fields")
			quoted := rapid.SampledFrom([]string{"never", "as needed", "always"}).Draw(t, "quoted")
			row := make([]string, len(fields))
			for i, f := range fields {
				row[i] = f
				if quoted == "always" || quoted == "as needed" && strings.ContainsAny(f, ",\"\r") {
					row[i] = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
				}
			}
			line := strings.Join(row, ",")
			// A line ends with \n or \r\n: one \r belongs to the end, a second one to the record.
			record := strings.TrimSuffix(strings.TrimSuffix(line+lineEnd, "\n"), "\r")
			if _, state := etl.SplitRecord([]byte(record)); state == etl.OpenQuote {
				continue // it would take the next lines with it
			}
			if record != "" {
				want++
			}
			text.WriteString(line + lineEnd)
		}
		object := filepath.Join(dir, "object.csv")
		if err := os.WriteFile(object, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		m, err := Run(context.Background(), Args{
			Dataset: etl.Flights, Source: etl.Source{Bucket: "b", Key: "date=2008-05-01/f.csv", Version: "v"}, LoadID: "id",
			Object: object, Joined: []JoinedFile{{Key: "airports/a.csv", Path: airports}}, SQL: queries, Output: filepath.Join(dir, "out"), Threads: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		var byReason int64
		for _, n := range m.Reasons {
			byReason += n
		}
		if m.RowsRead != want || m.RowsRead != m.RowsLoaded+m.RowsRejected || byReason != m.RowsRejected {
			t.Fatalf("%q: manifest %+v, want %d rows read", text.String(), m, want)
		}
	})
}

// The record reader never loses a byte: its records and the blank lines between them are the text.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"", "a,b\n", "a\r\nb", "\"a\nb\",c\n\nd", "a\"b,c\n\"d", "\"\"\"\",\"a\"\"b\"", "\xff,\x00", "\"a\"b\",\n\"c\"\n", "\r\n\r", "\"\r\n\"\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		records, err := readAll(bytes.NewReader(data))
		slow, slowErr := readAll(iotest.OneByteReader(bytes.NewReader(data)))
		if diff := cmp.Diff(records, slow, cmp.AllowUnexported(record{})); diff != "" || (err == nil) != (slowErr == nil) {
			t.Fatalf("read by single bytes it is something else: %v, %v (-whole +bytes):\n%s", err, slowErr, diff)
		}
		var refused *etl.RefusedError
		if err != nil && (!errors.As(err, &refused) || refused.Line == 0) {
			t.Fatalf("error = %v, want a refusal with a line", err)
		}
		lines := strings.Split(string(data), "\n")
		next := 0 // the first line that no record has had
		for _, r := range records {
			for ; int64(next) < r.line-1; next++ {
				if strings.TrimSuffix(lines[next], "\r") != "" {
					t.Fatalf("line %d is in no record: %q", next+1, lines[next])
				}
			}
			span := strings.Count(r.text, "\n") + 1
			if got, want := r.text, strings.TrimSuffix(strings.Join(lines[next:next+span], "\n"), "\r"); got != want {
				t.Fatalf("record of line %d = %q, want %q", r.line, got, want)
			}
			next += span
		}
		if err == nil {
			for ; next < len(lines); next++ {
				if strings.TrimSuffix(lines[next], "\r") != "" {
					t.Fatalf("line %d is in no record: %q", next+1, lines[next])
				}
			}
		}
	})
}

// On records that are RFC 4180, ours and the standard library's reader agree.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"a,b", "\"a\nb\",c", "a\"b,c", "\"\"\"\",\"a\"\"b\"", ",", "\"a\"b", "\"", "\"a\"\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || strings.Contains(text, "\r") || strings.HasPrefix(text, "\n") || strings.HasSuffix(text, "\n") {
			return // line ends, of which a record has none
		}
		got, state := etl.SplitRecord([]byte(text))
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord = -1
		want, err := reader.Read()
		if _, more := reader.Read(); err == nil && more != io.EOF {
			return // the standard library sees several records
		}
		if (err == nil) != (state == etl.Balanced) {
			t.Fatalf("split(%q) = %q, state %d; encoding/csv: %q, %v", text, got, state, want, err)
		}
		if err == nil && !slices.Equal(got, want) {
			t.Fatalf("split(%q) = %q, want %q", text, got, want)
		}
	})
}

// However the bytes come in chunks, the inspection finds the same.
func TestInspectionAtChunkBoundaries(t *testing.T) {
	const tail = "x\r\ny,ä€😀\r\n"
	for shift := range 40 {
		text := strings.Repeat("abcdefg\r\n", (chunk-shift)/9) + tail
		text = strings.Repeat("a", chunk-len(text)+len(tail)-shift%len(tail)) + text
		for _, test := range []struct {
			text   string
			simple bool
		}{
			{text, true}, {text + "\r\n", false}, {strings.Replace(text, "y,", "\ry,", 1), false}, {strings.Replace(text, "x\r\n", "x\n", 1), false}, {strings.Replace(text, "y", "\r\n", 1), false},
		} {
			f := inspection{key: "k"}
			if err := f.read(strings.NewReader(test.text), io.Discard); err != nil {
				t.Fatal(err)
			}
			if got := f.text("").simple; got != test.simple {
				t.Errorf("shift %d: simple = %t, want %t for ...%q", shift, got, test.simple, test.text[len(test.text)-40:])
			}
		}
		f := inspection{key: "k"}
		if err := f.read(strings.NewReader(strings.Replace(text, "€", "\xe2\x82", 1)), io.Discard); err == nil {
			t.Errorf("shift %d: a cut character was not found", shift)
		} else if want := fmt.Sprintf("k:%d:", strings.Count(text, "\n")); !strings.HasPrefix(err.Error(), want) {
			t.Errorf("shift %d: error %q, want it to begin with %q", shift, err, want)
		}
	}
}

func readAll(in io.Reader) ([]record, error) {
	r := newRecordReader(in, "key", etl.Flights.Format())
	var all []record
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, rec)
	}
}
