package console

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"airline/asl/report"
	"airline/etl"
	"airline/local"
)

const rejectsShown = 50

// rejectsView is the page of rejected rows.
type rejectsView struct {
	File    *File // the one whose rows are shown; nil for the list of files
	Files   []*File
	List    report.List
	Reasons []reason
	Query   query
	Columns []string
	Rows    []reject
	CSV     string
	Problem string
}

// reject is a rejected row with its fields.
type reject struct {
	etl.Reject
	Fields []field
}

type field struct {
	Text   string
	Faulty bool
}

func rejectsPage(_ context.Context, x *Index, q query) (*page, error) {
	v := rejectsView{Query: q}
	if key := q.Get("key"); key != "" {
		f := x.find(key, q.Get("version"))
		if f == nil || f.Manifest == nil {
			return nil, notFound("no load of %s has been written", key)
		}
		c := *f
		v.File, v.Reasons = &c, reasons(f.Manifest.Reasons)
		v.CSV = Prefix + "rejects.csv" + q.with("from", "")
		if err := x.readRejects(f, q, &v); err != nil {
			v.Problem = err.Error()
		}
		return &page{Name: "rejects", Title: "Rejects of " + key, Data: v}, nil
	}
	total := map[string]int64{}
	var matching []*File
	for _, f := range slices.Backward(x.files) {
		if f.Manifest == nil || f.Manifest.RowsRejected == 0 {
			continue
		}
		for name, n := range f.Manifest.Reasons {
			total[name] += n
		}
		if q.Get("reason") == "" || f.Manifest.Reasons[q.Get("reason")] > 0 {
			matching = append(matching, f)
		}
	}
	v.Reasons = reasons(total)
	shown, list := cut(matching, rejectsShown, q, "from")
	v.Files, v.List = copies(shown), list
	return &page{Name: "rejects", Title: "Rejects", Data: v, Live: true}, nil
}

// readRejects reads a page of a file's rejected rows, of one reason or of all, and marks what is wrong with them.
func (x *Index) readRejects(f *File, q query, v *rejectsView) error {
	layout := x.layout(f)
	v.Columns = layout.Names
	from, want := q.number("from"), q.Get("reason")
	total := 0
	err := x.eachReject(f, func(r etl.Reject) bool {
		if want != "" && r.Reason != want {
			return true
		}
		if total >= from && total < from+rejectsShown {
			v.Rows = append(v.Rows, marked(f.dataset(), layout, r))
		}
		total++
		return true
	})
	numbers := make([]struct{}, total)
	_, v.List = cut(numbers, rejectsShown, q, "from")
	return err
}

// eachReject reads all rejected rows of a load, until use returns false.
func (x *Index) eachReject(f *File, use func(etl.Reject) bool) error {
	for _, name := range f.Manifest.RejectFiles {
		file, err := x.world.S3().Open(x.staging, path.Join(path.Dir(f.ManifestKey), name), "")
		if err != nil {
			return err
		}
		for r, err := range etl.ReadRejects(file) {
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if !use(r) {
				return nil
			}
		}
	}
	return nil
}

// layout reads the header of a raw file. A file that is gone has none.
func (x *Index) layout(f *File) (layout etl.Layout) {
	file, err := x.world.S3().Open(x.raw, f.Key, f.Version)
	if err != nil {
		return layout
	}
	defer file.Close()
	text, zipped, err := head(file)
	if err != nil {
		return layout
	}
	days, _ := f.dataset().Days(f.Key)
	layout, err = f.dataset().ReadHead(f.Key, text, zipped, days)
	if err != nil {
		return etl.Layout{}
	}
	return layout
}

// head is the beginning of a file, out of its compression.
func head(file io.Reader) (text []byte, zipped bool, err error) {
	b := bufio.NewReader(file)
	var r io.Reader = b
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		zipped = true
		if r, err = gzip.NewReader(b); err != nil {
			return nil, true, err
		}
	}
	text, err = io.ReadAll(io.LimitReader(r, 64<<10))
	if len(text) > 0 { // a stream that is cut off has a header all the same
		err = nil
	}
	return text, zipped, err
}

// marked splits a record and marks the fields that its reason is about.
func marked(dataset etl.Dataset, layout etl.Layout, rejected etl.Reject) reject {
	r := reject{Reject: rejected}
	fields, quoting := dataset.Format().Split([]byte(r.Record))
	if len(fields) != layout.Fields || quoting != etl.Balanced {
		r.Fields = []field{{Text: r.Record, Faulty: true}}
		return r
	}
	for _, text := range fields {
		r.Fields = append(r.Fields, field{Text: text})
	}
	for _, i := range dataset.Concerned(r.Reason, layout) {
		r.Fields[i].Faulty = true
	}
	return r
}

// rejectsCSV answers with a load's rejected rows as CSV, for a spreadsheet: cells that would be formulas are text.
func (c *Console) rejectsCSV(w http.ResponseWriter, r *http.Request) {
	q := query{Values: r.URL.Query()}
	var rows [][]string
	err := c.do(func(*local.World) error {
		f := c.index.find(q.Get("key"), q.Get("version"))
		if f == nil || f.Manifest == nil {
			return notFound("no load of %s has been written", q.Get("key"))
		}
		return c.index.eachReject(f, func(r etl.Reject) bool {
			if want := q.Get("reason"); want == "" || r.Reason == want {
				rows = append(rows, []string{strconv.FormatInt(r.Line, 10), r.Reason, plainCell(r.Record)})
			}
			return len(rows) < maxCSV
		})
	})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="rejects.csv"`)
	out := csv.NewWriter(w)
	// Who has gone does not matter.
	_ = out.Write([]string{"line", "reason", "record"})
	_ = out.WriteAll(rows)
}

// maxCSV bounds the rows of a download.
const maxCSV = 1_000_000

// plainCell keeps spreadsheets from taking a text for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
