package redshiftdata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"airline/local/redshift"
	"airline/local/redshift/copyfile"
)

// jsonPaths is how COPY finds a column's value in an object: by the column's name, or by the paths of a JSONPaths file.
type jsonPaths struct {
	ignoreCase  bool
	bucket, key string     // of the file; "" without one
	paths       [][]string // of the columns, in order
}

// readPaths reads a JSONPaths file ("COPY from JSON format", Database Developer Guide): {"jsonpaths": ["$.name", "$['a']['b'][0]"]}.
func (j *jsonPaths) readPaths(text []byte) error {
	var file struct {
		Paths []string `json:"jsonpaths"`
	}
	if err := json.Unmarshal(text, &file); err != nil || len(file.Paths) == 0 {
		return fmt.Errorf("ERROR: Invalid JSONPath format: s3://%s/%s is no object with a list \"jsonpaths\"", j.bucket, j.key)
	}
	j.paths = nil
	for _, path := range file.Paths {
		steps, ok := pathSteps(path)
		if !ok {
			return fmt.Errorf("ERROR: Invalid JSONPath format: %q in s3://%s/%s: a path is $ with .name, ['name'] and [number] behind it", path, j.bucket, j.key)
		}
		j.paths = append(j.paths, steps)
	}
	return nil
}

// pathSteps are the names and numbers of a path; numbers begin with "[".
func pathSteps(path string) (steps []string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(path), "$")
	if !ok {
		return nil, false
	}
	for rest != "" {
		var step string
		switch {
		case strings.HasPrefix(rest, "['"):
			if step, rest, ok = strings.Cut(rest[2:], "']"); !ok {
				return nil, false
			}
		case rest[0] == '[':
			if step, rest, ok = strings.Cut(rest[1:], "]"); !ok || step == "" || strings.Trim(step, "0123456789") != "" {
				return nil, false
			}
			step = "[" + step
		case rest[0] == '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			if step, rest = rest[1:1+end], rest[1+end:]; step == "" {
				return nil, false
			}
		default:
			return nil, false
		}
		steps = append(steps, step)
	}
	return steps, true
}

// eachObject reads JSON objects, one row each, with blanks or nothing between them, by the names of the columns: NULL for what an object does
// not have, nothing for what the table does not have. A list of objects is no such file. Behind what is no JSON nothing is read.
func (c *copyStatement) eachObject(in io.Reader, target []redshift.Column, each func(copyRow) error) error {
	if c.paths.key != "" && len(c.paths.paths) != len(target) {
		return fmt.Errorf("ERROR: Number of jsonpaths and the number of columns should match. JSONPath size: %d, Number of columns in table or column list: %d", len(c.paths.paths), len(target))
	}
	lines := &lineCounter{in: in}
	for d := json.NewDecoder(lines); ; {
		var raw json.RawMessage
		err := d.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return nil
		}
		row := copyRow{raw: string(raw)}
		row.line = lines.at(d.InputOffset() - int64(len(raw)))
		var members map[string]json.RawMessage
		switch {
		case err != nil:
			row.err = &redshift.LoadError{Code: 1224, Reason: "Invalid JSONPath format or JSON: " + err.Error()}
		case len(raw) > copyfile.MaxRow:
			row.err = &redshift.LoadError{Code: 1216, Reason: copyfile.ErrLong.Error()}
		case c.paths.key == "" && (json.Unmarshal(raw, &members) != nil || members == nil):
			row.err = &redshift.LoadError{Code: 1224, Reason: "Invalid value: a row has to be a JSON object"}
		default:
			row.cells, row.err = c.cells(raw, members, target)
		}
		if failed := each(row); failed != nil || err != nil {
			return errors.Join(failed, errAfterJSON(err, failed))
		}
	}
}

// errAfterJSON ends a load at what is no JSON, however many errors there may be.
func errAfterJSON(err, failed error) error {
	if err != nil && failed == nil {
		return errEnough
	}
	return nil
}

// cells are the texts for the columns.
func (c *copyStatement) cells(raw json.RawMessage, members map[string]json.RawMessage, target []redshift.Column) ([]cell, *redshift.LoadError) {
	if c.paths.ignoreCase {
		folded := make(map[string]json.RawMessage, len(members))
		for name, value := range members {
			folded[strings.ToLower(name)] = value
		}
		members = folded
	}
	var cells []cell
	for i, col := range target {
		value := members[col.Name]
		if c.paths.key != "" {
			value = valueAt(raw, c.paths.paths[i])
		}
		x, err := c.cellOf(value, col)
		if err != nil {
			return nil, err
		}
		cells = append(cells, x)
	}
	return cells, nil
}

// valueAt is what a path leads to, or nil.
func valueAt(raw json.RawMessage, steps []string) json.RawMessage {
	for _, step := range steps {
		if index, ok := strings.CutPrefix(step, "["); ok {
			var list []json.RawMessage
			var i int
			if _, err := fmt.Sscan(index, &i); err != nil || json.Unmarshal(raw, &list) != nil || i >= len(list) {
				return nil
			}
			raw = list[i]
			continue
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return nil
		}
		raw = members[step]
	}
	return raw
}

// cellOf is a member as COPY takes it: texts as they are, null as NULL, anything else as it is written.
func (c *copyStatement) cellOf(raw json.RawMessage, col redshift.Column) (cell, *redshift.LoadError) {
	switch {
	case raw == nil || string(raw) == "null":
		return cell{null: true}, nil
	case raw[0] != '"' || col.Type.Kind == redshift.Super:
		return cell{text: string(raw), written: string(raw)}, nil
	}
	if !utf8.Valid(raw) { // the decoder would replace them silently
		if c.conversion.Invalid == 0 {
			return cell{}, &redshift.LoadError{Code: 1220, Reason: "String contains invalid or unsupported UTF8 codepoints"}
		}
		var valid []byte
		for rest := []byte(raw); len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size == 1 {
				valid = append(valid, c.conversion.Invalid)
			} else {
				valid = append(valid, rest[:size]...)
			}
			rest = rest[size:]
		}
		raw = valid
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return cell{}, &redshift.LoadError{Code: 1224, Reason: err.Error()}
	}
	return cell{text: text, written: text}, nil
}

// lineCounter tells the lines of what is read through it.
type lineCounter struct {
	in     io.Reader
	offset int64
	breaks []int64 // places of line breaks that no place asked for was behind
	before int64   // line breaks before those
}

func (l *lineCounter) Read(to []byte) (int, error) {
	n, err := l.in.Read(to)
	for at := 0; ; {
		i := bytes.IndexByte(to[at:n], '\n')
		if i < 0 {
			break
		}
		l.breaks = append(l.breaks, l.offset+int64(at+i))
		at += i + 1
	}
	l.offset += int64(n)
	return n, err
}

// at is the line of a place, from 1; places come in order.
func (l *lineCounter) at(offset int64) int64 {
	n := 0
	for n < len(l.breaks) && l.breaks[n] < offset {
		n++
	}
	l.breaks, l.before = l.breaks[n:], l.before+int64(n)
	return l.before + 1
}
