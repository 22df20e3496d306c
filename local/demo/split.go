package demo

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
)

// The reasons of rows that could not be given to a day: they have none, or a quote makes one record of their lines. What has no lines of its own is
// counted by its lines.
const (
	ReasonNoDay     = "no readable day"
	ReasonOpenQuote = "open quote"
)

// split parts a CSV file by the day of its rows: each day becomes a file of its own below scratch, with the file's header
// and its records as they stood. name is the file's as people know it. The error says why it cannot be split; rows whose
// day cannot be read are an upload with a problem of their own, so that none is lost.
func (r *reader) split(path, name string) error {
	if err := checkFile(path, name); err != nil {
		return err
	}
	_, err := duckdb.ReadHead(etl.Flights, name, path, etl.Days{})
	var refused *etl.RefusedError
	if errors.As(err, &refused) && slices.Contains(unreadable, refused.Code) || err != nil && refused == nil {
		return err
	}
	in, err := openText(path)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer in.Close()
	records := &recordSplitter{in: bufio.NewReaderSize(in, 1<<16), name: name, format: etl.Flights.Format()}
	first, err := records.next()
	if errors.As(err, &refused) {
		return err
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", name, err)
	}
	header := bytes.TrimPrefix(first.text, []byte("\xef\xbb\xbf"))
	names := fields(header)
	column, ok := dayColumn(names)
	if !ok && refused != nil {
		return refused
	}
	if !ok {
		return fmt.Errorf("%s lies outside of %sdate=YYYY-MM-DD/, and none of its columns gives the day of a flight (FlightDate, FL_DATE, date, or Year, Month and DayofMonth); put it at %[2]sdate=2008-05-01/%[3]s with the right day, or give it such a column",
			name, etl.Flights.Prefix(), fileBase(name))
	}
	r.progress.Phase("splitting %s by %s", name, column)
	folder, err := os.MkdirTemp(r.scratch, "split-")
	if err != nil {
		return err
	}
	s := &splitter{folder: folder, header: header, days: map[string]*bytes.Buffer{}, rows: map[string]int64{}}
	for {
		record, err := records.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.As(err, &refused) {
			return err
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if record.swallows(len(names), column) {
			if s.swallowed == 0 {
				s.firstSwallow = fmt.Sprintf("a quote that opens in line %d is closed in line %d only", record.line, record.line+record.lines-1)
			}
			s.swallowed += record.lines
			continue
		}
		day, ok := column.day(record.text)
		if slashed := column.slashed(record.text); slashed != "" {
			s.monthFirst = s.monthFirst || ok && day[8:] > "12"
			if !ok && s.dayFirst == "" && dayFirst.MatchString(slashed) {
				s.dayFirst = fmt.Sprintf("line %d has %s", record.line, slashed)
			}
		}
		if !ok {
			day = ""
			if s.rows[day] == 0 {
				s.firstWrong = record.line
			}
		}
		if err := s.add(day, record.text); err != nil {
			return err
		}
	}
	if err := s.flush(); err != nil {
		return err
	}
	if s.dayFirst != "" && !s.monthFirst { // the others would go to days that nobody meant
		return fmt.Errorf("the days of %s stand before their months: %s; write them as YYYY-MM-DD", name, s.dayFirst)
	}
	wrong := s.rows[""]
	delete(s.rows, "")
	total := int64(0)
	for _, n := range s.rows {
		total += n
	}
	r.progress.Phase("%s: %s of %s", name, count(total, "row"), count(int64(len(s.rows)), "day"))
	for _, day := range slices.Sorted(maps.Keys(s.rows)) {
		r.add(etl.Flights, upload{key: etl.Flights.Prefix() + "date=" + day + "/" + fileBase(name), path: s.path(day), name: day + " of " + name})
	}
	if wrong > 0 {
		r.add(etl.Flights, upload{key: name, path: path, problem: &notSplitError{ReasonNoDay, wrong, fmt.Sprintf("%s of %s have no day in %s, the first in line %d; write it as YYYY-MM-DD", count(wrong, "row"), name, column, s.firstWrong)}})
	}
	if s.swallowed > 0 {
		r.add(etl.Flights, upload{key: name, path: path, problem: &notSplitError{ReasonOpenQuote, s.swallowed, fmt.Sprintf(
			"%s of %s are no rows of their own: %s; close it, or double it if it is meant", count(s.swallowed, "line"), name, s.firstSwallow)}})
	}
	if len(s.rows) == 0 && wrong == 0 && s.swallowed == 0 {
		return fmt.Errorf("%s has no rows", name)
	}
	return nil
}

// notSplitError tells of rows that could not be given to a day.
type notSplitError struct {
	reason string
	rows   int64
	what   string
}

func (e *notSplitError) Error() string { return e.what }

// unreadable are the refusals of files that nobody can split.
var unreadable = []etl.RefusalCode{etl.RefusedEmpty, etl.RefusedKind, etl.RefusedNotText, etl.RefusedGzip, etl.RefusedQuote, etl.RefusedLongRecord}

// fileBase is the name that the parts of a file get: its own, unpacked, with the ending that rules wait for and without what
// would hide it from them.
func fileBase(name string) string {
	return strings.TrimLeft(csvFile.ReplaceAllString(name, ""), "_.") + ".csv"
}

// openText opens a file, unpacked when it is gzip by its first bytes.
func openText(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	if begin, _ := in.Peek(2); !bytes.Equal(begin, []byte{0x1f, 0x8b}) {
		return readCloser{in, f}, nil
	}
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return readCloser{unpacked, f}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// splitter collects the records of each day and writes them in pieces, so that a year of days needs few open files and
// little memory.
type splitter struct {
	folder     string
	header     []byte
	days       map[string]*bytes.Buffer
	rows       map[string]int64
	firstWrong int64
	// swallowed are the lines of records that a stray quote has made of several, and firstSwallow is where the first is.
	swallowed    int64
	firstSwallow string
	// dayFirst is where the first day is that is one only as DD/MM/YYYY, and monthFirst says that there is one that is one only as MM/DD/YYYY.
	dayFirst   string
	monthFirst bool
}

// piece is how much of a day is kept in memory.
const piece = 64 << 10

func (s *splitter) path(day string) string { return filepath.Join(s.folder, day+".csv") }

func (s *splitter) add(day string, record []byte) error {
	s.rows[day]++
	if day == "" {
		return nil
	}
	b := s.days[day]
	if b == nil {
		b = &bytes.Buffer{}
		b.Write(s.header)
		b.WriteByte('\n')
		s.days[day] = b
	}
	b.Write(record)
	b.WriteByte('\n')
	if b.Len() < piece {
		return nil
	}
	return s.write(day, b)
}

func (s *splitter) write(day string, b *bytes.Buffer) error {
	f, err := os.OpenFile(s.path(day), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = b.WriteTo(f)
	return errors.Join(err, f.Close())
}

func (s *splitter) flush() error {
	for _, day := range slices.Sorted(maps.Keys(s.days)) {
		if err := s.write(day, s.days[day]); err != nil {
			return err
		}
	}
	return nil
}

// fields splits a record at its commas. Quotes are taken off; a comma inside of them separates nothing.
func fields(record []byte) []string {
	var out []string
	for n := 0; ; n++ {
		text, ok := field(record, n)
		if !ok {
			return out
		}
		out = append(out, text)
	}
}

// field is the n-th field of a record, from 0, without its quotes.
func field(record []byte, n int) (string, bool) {
	begin, quoted := 0, false
	for i := 0; i <= len(record); i++ {
		switch {
		case i == len(record), record[i] == ',' && !quoted:
			if n == 0 {
				return strings.ReplaceAll(string(record[begin:i]), `"`, ""), true
			}
			n--
			begin = i + 1
		case record[i] == '"':
			quoted = !quoted
		}
	}
	return "", false
}

// days are the columns that give the day of a flight: one with a date, or three with its parts.
type days struct {
	names []string
	at    []int
}

func (d days) String() string { return strings.Join(d.names, ", ") }

// dayColumn finds the columns of the day. Names are compared without case, blanks and underscores; flights have a column
// that begins with Origin, so that another table with a date is not taken for them.
func dayColumn(header []string) (days, bool) {
	at := map[string]int{}
	flights := false
	for i, name := range header {
		plain := plainName(name)
		if _, twice := at[plain]; !twice {
			at[plain] = i
		}
		flights = flights || strings.HasPrefix(plain, "origin")
	}
	if !flights {
		return days{}, false
	}
	for _, names := range [][]string{{"flightdate"}, {"fldate"}, {"date"}, {"year", "month", "dayofmonth"}, {"year", "month", "day"}} {
		d := days{}
		for _, name := range names {
			if i, ok := at[name]; ok {
				d.names, d.at = append(d.names, strings.TrimSpace(header[i])), append(d.at, i)
			}
		}
		if len(d.at) == len(names) {
			return d, true
		}
	}
	return days{}, false
}

func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", " ", "", "\t", "").Replace(strings.TrimPrefix(name, "\ufeff")))
}

// dayForms are how days are written: ISO 8601 and as BTS, pandas and Excel write it; a time after it is midnight's or
// another's of the same day.
var dayForms = []struct {
	written *regexp.Regexp
	order   [3]int // of year, month and day among the groups
}{
	{regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ].*)?$`), [3]int{1, 2, 3}},
	{regexp.MustCompile(`^(\d{4})/(\d{2})/(\d{2})(?:[Tt ].*)?$`), [3]int{1, 2, 3}},
	{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:[Tt ].*)?$`), [3]int{1, 2, 3}},
	{regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:[Tt ].*)?$`), [3]int{3, 1, 2}},
}

// dayFirst is a day that is none as MM/DD/YYYY.
var dayFirst = regexp.MustCompile(`^(1[3-9]|2[0-9]|3[01])/(0?[1-9]|1[0-2])/`)

// slashed is the text of a record's day where it is written with slashes and the year last, else "".
func (d days) slashed(record []byte) string {
	if len(d.at) != 1 {
		return ""
	}
	text, _ := field(record, d.at[0])
	text = strings.TrimSpace(text)
	if i := strings.IndexByte(text, '/'); i != 1 && i != 2 {
		return ""
	}
	return text
}

// day reads the day of a record as YYYY-MM-DD.
func (d days) day(record []byte) (string, bool) {
	parts := make([]string, len(d.at))
	for i, at := range d.at {
		text, ok := field(record, at)
		if !ok {
			return "", false
		}
		parts[i] = strings.TrimSpace(text)
	}
	if len(parts) == 1 {
		text := parts[0]
		for _, form := range dayForms {
			if m := form.written.FindStringSubmatch(text); m != nil {
				parts = []string{m[form.order[0]], m[form.order[1]], m[form.order[2]]}
			}
		}
		if len(parts) == 1 {
			return "", false
		}
	}
	var n [3]int
	for i, part := range parts {
		var err error
		whole := strings.TrimSuffix(strings.TrimSuffix(part, ".00"), ".0") // as floats are written
		if n[i], err = strconv.Atoi(whole); err != nil {
			return "", false
		}
	}
	if len(parts[0]) == 2 { // as POSIX says: 69 to 99 are of the last century
		if n[0] += 1900; n[0] < 1969 {
			n[0] += 100
		}
	}
	day := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if day.Year() != n[0] || int(day.Month()) != n[1] || day.Day() != n[2] || n[0] < 1 || n[0] > 9999 {
		return "", false
	}
	return day.Format(time.DateOnly), true
}
