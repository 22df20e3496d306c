package sim

import (
	"errors"
	"io"
	"strings"
)

// csvReader reads records as Step Functions does ("How Step Functions parses
// input CSV files", Step Functions Developer Guide). Text between double quotes
// may hold delimiters and newlines; a double quote is kept by repeating it,
// anywhere in a field. A backslash escapes a backslash, a double quote and the
// delimiter, and is dropped before anything else.
type csvReader struct {
	text      string
	pos       int
	delimiter rune
}

// read gives the next record. Empty lines are skipped; the error after the last
// record is io.EOF.
func (r *csvReader) read() ([]string, error) {
	for r.pos < len(r.text) && (r.text[r.pos] == '\n' || r.text[r.pos] == '\r') {
		r.pos++
	}
	if r.pos == len(r.text) {
		return nil, io.EOF
	}
	var record []string
	var field strings.Builder
	quoted, start := false, true // start: nothing of the field has been read
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		rest := r.text[r.pos+1:]
		switch {
		case c == '\\':
			r.pos++ // what follows stands for itself
			if r.pos < len(r.text) {
				field.WriteByte(r.text[r.pos])
				r.pos++
			}
			start = false
			continue
		case c == '"' && strings.HasPrefix(rest, `"`) && (quoted || !start):
			field.WriteByte('"')
			r.pos++
		case c == '"':
			quoted, start = !quoted, false
		case !quoted && strings.HasPrefix(r.text[r.pos:], string(r.delimiter)):
			record = append(record, field.String())
			field.Reset()
			r.pos += len(string(r.delimiter))
			start = true
			continue
		case !quoted && (c == '\n' || c == '\r' && (rest == "" || rest[0] == '\n')):
			return append(record, field.String()), nil
		default:
			field.WriteByte(c)
		}
		start = false
		r.pos++
	}
	if quoted {
		return nil, errors.New("a quoted field does not end")
	}
	return append(record, field.String()), nil
}
