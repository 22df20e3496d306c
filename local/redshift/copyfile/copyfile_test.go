package copyfile_test

import (
	"fmt"
	"strings"
	"testing"

	"airline/local/redshift/copyfile"
)

// rows are a file's rows: the number of the line, and the fields or what is wrong.
func rows(text string, f copyfile.Format) string {
	var all []string
	r := copyfile.NewReader(strings.NewReader(text), f)
	for r.Next() {
		var fields []string
		for _, x := range r.Fields {
			fields = append(fields, x.Text)
		}
		if r.Err != nil {
			fields = []string{"!" + r.Err.Error()}
		}
		all = append(all, fmt.Sprintf("%d:%s", r.Line, strings.Join(fields, "~")))
	}
	if err := r.Close(); err != nil {
		all = append(all, err.Error())
	}
	return strings.Join(all, "/")
}

func TestReader(t *testing.T) {
	csv := copyfile.Format{CSV: true, Delimiter: ",", Quote: '"'}
	pipe := copyfile.Format{Delimiter: "|"}
	with := func(f copyfile.Format, change func(*copyfile.Format)) copyfile.Format { change(&f); return f }
	header := with(csv, func(f *copyfile.Format) { f.Header = 2 })
	removes := with(pipe, func(f *copyfile.Format) { f.RemoveQuotes = true })
	escapes := with(pipe, func(f *copyfile.Format) { f.Escape = true })
	for _, c := range []struct {
		name, text string
		format     copyfile.Format
		want       string
	}{
		{"csv", "a,b\n1,\"x, \"\"y\"\"\"\n", csv, `1:a~b/2:1~x, "y"`},
		{"line breaks in quotes", "\"a\nb\",c\r\nd,e", csv, "1:a\nb~c/3:d~e"},
		{"empty fields and lines", ",\n\n\"\",x", csv, "1:~/2:/3:~x"},
		{"blank lines passed over", "a\n\n\nb\n", with(csv, func(f *copyfile.Format) { f.NoBlankLines = true }), "1:a/4:b"},
		{"a quote in a field", "a\"b,c\nd,e", csv, "1:!Invalid quote formatting for CSV/2:d~e"},
		{"behind a quote", "\"a\"b,c\nd,e", csv, "1:!Invalid quote formatting for CSV/2:d~e"},
		{"not closed", "a,\"b\nc", csv, "1:!Invalid quote formatting for CSV"},
		{"another quote", "'a,b',\"c\n", with(csv, func(f *copyfile.Format) { f.Quote = '\'' }), "1:a,b~\"c"},
		{"a header", "x\"\ny\n1,2\n", header, "3:1~2"},
		{"no rows but a header", "x\n", header, ""},
		{"nothing", "", csv, ""},
		{"pipes", "a|\"b|c\"|\\N\n", pipe, `1:a~"b~c"~\N`},
		{"several characters", "a|~b|c\n", with(pipe, func(f *copyfile.Format) { f.Delimiter = "|~" }), "1:a~b|c"},
		// The guide's table of REMOVEQUOTES.
		{"quotes removed", "\"The delimiter is a pipe (|) character\"|'Black'|\"White\"|Blue'|''|' ' 'Black' ' '\n", removes, "1:The delimiter is a pipe (|) character~Black~White~Blue'~~ ' 'Black' ' "},
		{"quotes that are not closed", "'Blue\n", removes, "1:!Delimiter not found: a quotation mark is not closed"},
		{"escapes", "a\\|b|c\\\\d|e\\\nf|\\'g\n", escapes, "1:a|b~c\\d~e\nf~'g"},
		{"quotes and escapes", "\"a\\\"|b\"|c\n", with(removes, func(f *copyfile.Format) { f.Escape = true }), "1:a\"|b~c"},
		{"an escape at the end", "a\\", escapes, "1:a"},
		{"too long", strings.Repeat("x", copyfile.MaxRow+9) + "\ny", csv, "1:!Row too long: a row has at most 4 MB/2:y"},
	} {
		if got := rows(c.text, c.format); got != c.want {
			t.Errorf("%s:\n got %.300s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("a,\"b\nc\",d\\\n|'e'|f\n", true, true, true)
	f.Fuzz(func(t *testing.T, text string, csv, escape, quotes bool) {
		r := copyfile.NewReader(strings.NewReader(text), copyfile.Format{Delimiter: ",", CSV: csv, Quote: '"', Escape: escape && !csv, RemoveQuotes: quotes && !csv})
		last := int64(0)
		for r.Next() {
			if r.Line <= last {
				t.Fatalf("line %d after %d", r.Line, last)
			}
			last = r.Line
			if !csv && !escape && !quotes && r.Err == nil && len(r.Fields) != strings.Count(r.Raw, ",")+1 {
				t.Fatalf("%q has %d fields", r.Raw, len(r.Fields))
			}
		}
	})
}
