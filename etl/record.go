package etl

import "bytes"

// Quoting says how a record's quotes ended.
type Quoting int

// How quotes end.
const (
	Balanced Quoting = iota
	OpenQuote
	MalformedQuotes
)

// SplitRecord takes a record apart at its commas and removes its quotes, as RFC 4180 has it: a quote opens a field only at the
// field's start, is doubled inside, and must be followed by a comma or the record's end. [Format.Split] does so at other delimiters.
func SplitRecord(text []byte) ([]string, Quoting) { return splitRecord(text, ',') }

func splitRecord(text []byte, delimiter byte) ([]string, Quoting) {
	fields := make([]string, 0, 8)
	for {
		if len(text) == 0 || text[0] != '"' {
			end := bytes.IndexByte(text, delimiter)
			field := text
			if end >= 0 {
				field = text[:end]
			}
			if bytes.IndexByte(field, '"') >= 0 {
				return nil, MalformedQuotes
			}
			fields = append(fields, string(field))
			if end < 0 {
				return fields, Balanced
			}
			text = text[end+1:]
			continue
		}
		field, rest, state := unquote(text[1:])
		if state != Balanced {
			return nil, state
		}
		fields = append(fields, field)
		if len(rest) == 0 {
			return fields, Balanced
		}
		if rest[0] != delimiter {
			return nil, MalformedQuotes
		}
		text = rest[1:]
	}
}

// unquote reads a quoted field after its opening quote; rest begins after the closing one.
func unquote(text []byte) (field string, rest []byte, state Quoting) {
	var value []byte
	for {
		quote := bytes.IndexByte(text, '"')
		if quote < 0 {
			return "", nil, OpenQuote
		}
		value = append(value, text[:quote]...)
		text = text[quote+1:]
		if len(text) == 0 || text[0] != '"' {
			return string(value), text, Balanced
		}
		value = append(value, '"')
		text = text[1:]
	}
}
