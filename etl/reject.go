package etl

import (
	"encoding/json"
	"errors"
	"io"
	"iter"
)

// Reject is a record that a load did not take: a line of the manifest's RejectFiles.
type Reject struct {
	Line   int64  `json:"line"` // of the raw file, where the record begins, from 1
	Reason string `json:"reason"`
	Record string `json:"record"` // as it stood
}

// ReadRejects reads one of the manifest's RejectFiles in its order, and closes it.
func ReadRejects(file io.ReadCloser) iter.Seq2[Reject, error] {
	return func(yield func(Reject, error) bool) {
		defer file.Close()
		for lines := json.NewDecoder(file); ; {
			var one Reject
			err := lines.Decode(&one)
			if errors.Is(err, io.EOF) || !yield(one, err) || err != nil {
				return
			}
		}
	}
}
