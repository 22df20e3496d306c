package etl

import (
	"encoding/json"
	"fmt"
	"strings"
)

// RefusalCode says why a raw file was refused whole. Act upon the code; the message is for people.
type RefusalCode string

// Why a file is refused whole: what is wrong with it cannot be put down to single rows.
const (
	RefusedKey        RefusalCode = "key without a date"
	RefusedEmpty      RefusalCode = "empty object"
	RefusedNotText    RefusalCode = "not text"
	RefusedGzip       RefusalCode = "damaged gzip"
	RefusedNoHeader   RefusalCode = "no header"
	RefusedColumns    RefusalCode = "missing columns"
	RefusedRepeated   RefusalCode = "repeated columns"
	RefusedQuote      RefusalCode = "unclosed quote"
	RefusedLongRecord RefusalCode = "record too long"
	RefusedRejects    RefusalCode = "too many rejects"
)

// RefusedError is a raw file that breaks the contract as a whole; none of its rows load.
type RefusedError struct {
	Key  string // the object
	Line int64  // where, from 1; 0 when it is the whole object
	Code RefusalCode
	What string // what is wrong, naming the columns
	Mend string // what to do
}

func (e *RefusedError) Error() string {
	where := e.Key
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", e.Key, e.Line)
	}
	return where + ": " + e.What + "; " + e.Mend
}

// TooManyRejects is the refusal of a file that more rows of have a fault than the limit (a share, 0
// to 1) allows; nil when it is within.
func TooManyRejects(m Manifest, limit float64) *RefusedError {
	if m.FaultRatio() <= limit {
		return nil
	}
	reasons, err := json.Marshal(m.Reasons)
	if err != nil {
		reasons = []byte(err.Error()) // never: texts and numbers
	}
	return &RefusedError{Key: m.Source.Key, Code: RefusedRejects,
		What: fmt.Sprintf("%d of %d rows have a fault, more than the limit of %v allows: %s", m.faults(), m.RowsRead, limit, reasons),
		Mend: "see the rejects of its load, mend the file and upload it again"}
}

// MaxRecordBytes is the longest record a raw file may have, its line breaks included. No row of the
// contract comes near it; what does is a quote that is never closed, or no text at all.
const MaxRecordBytes = 1 << 20

// Layout says where in a record of one file the contract's columns are.
type Layout struct {
	// Positions of Dataset.RawColumns, in their order, from 0.
	Positions []int
	// Fields is how many fields the header has, and with it every record.
	Fields int
}

// ReadHeader finds the dataset's required columns in the fields of a header row. Names are matched
// without regard to ASCII case and to blanks around them. The error is a *RefusedError that
// names everything that is missing.
func (d Dataset) ReadHeader(key string, line int64, header []string) (Layout, error) {
	layout := Layout{Fields: len(header)}
	var missing, repeated []string
	for _, want := range d.RawColumns() {
		at := -1
		for i, name := range header {
			if !sameName(name, want) {
				continue
			}
			if at >= 0 {
				repeated = append(repeated, want)
				break
			}
			at = i
		}
		if at < 0 {
			missing = append(missing, want)
		}
		layout.Positions = append(layout.Positions, at)
	}
	refused := &RefusedError{Key: key, Line: line}
	switch {
	case len(missing) > 0 && len(missing) == len(d.RawColumns()):
		refused.Code = RefusedNoHeader
		refused.What = fmt.Sprintf("there is no header row: the file starts with %s and has none of the columns %s", excerpt(strings.Join(header, ",")), strings.Join(missing, ", "))
		refused.Mend = "put " + strings.Join(d.RawColumns(), ",") + " above the rows"
	case len(missing) > 0:
		refused.Code = RefusedColumns
		refused.What = fmt.Sprintf("the header lacks %s %s; it has %s", plural(len(missing), "the required column", "the required columns"), strings.Join(missing, ", "), excerpt(strings.Join(header, ",")))
		refused.Mend = "add " + plural(len(missing), "it", "them") + " to the header and to the rows"
	case len(repeated) > 0:
		refused.Code = RefusedRepeated
		refused.What = fmt.Sprintf("the header has %s %s more than once", plural(len(repeated), "the column", "the columns"), strings.Join(repeated, ", "))
		refused.Mend = "leave one of each"
	default:
		return layout, nil
	}
	return Layout{}, refused
}

// sameName compares column names: ASCII letters without case, blanks around them ignored.
func sameName(got, want string) bool {
	got = strings.Trim(got, " \t")
	if len(got) != len(want) {
		return false
	}
	for i := range len(got) {
		if lower(got[i]) != lower(want[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// excerpt quotes the beginning of a text for a message.
func excerpt(text string) string {
	const longest = 120
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "..."
	}
	return fmt.Sprintf("%q", text)
}
