package etl

import (
	"encoding/json"
	"fmt"
	"strings"

	"airline/problem"
)

// RefusalCode says why a raw file was refused whole. Act upon the code; the message is for people.
type RefusalCode string

// Why a file is refused whole: what is wrong with it cannot be put down to single rows.
const (
	RefusedHidden     RefusalCode = "hidden key"
	RefusedKey        RefusalCode = "key without a date"
	RefusedEmpty      RefusalCode = "empty object"
	RefusedKind       RefusalCode = "not CSV"
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
	Fix  string // what to do
	// Columns are the names in the file's header, where it was read: see Layout.Names.
	Columns []string
}

func (e *RefusedError) Error() string {
	where := e.Key
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", e.Key, e.Line)
	}
	return problem.Problem{Where: where, What: e.What, Fix: e.Fix}.String()
}

// refusedFile is how the job's message of a refused file begins, so that whoever gets the message can tell the code.
const refusedFile = "file refused [{code}]: "

// Announced is a message about the refusal as the job ends with it: the code, then the message.
func (e *RefusedError) Announced(message string) string {
	return strings.Replace(refusedFile, "{code}", string(e.Code), 1) + message
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
	values := []string{"faults", fmt.Sprint(m.faults()), "read", fmt.Sprint(m.RowsRead), "limit", fmt.Sprint(limit), "reasons", string(reasons)}
	if lacked := m.lacked(); lacked != "" {
		return Refuse("unmatched rows", m.Source.Key, 0, append(values, "dataset", string(lacked), "file", lacked.Raw().Words["file"])...)
	}
	return Refuse("too many rejects", m.Source.Key, 0, values...)
}

// MaxRecordBytes is the longest record a raw file may have, its line breaks included. No row of the
// contract comes near it; what does is a quote that is never closed, or no text at all.
const MaxRecordBytes = 1 << 20
