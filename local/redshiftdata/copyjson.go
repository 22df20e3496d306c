package redshiftdata

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// copyJSON inserts the objects of JSON files by the names of the table's columns, as FORMAT JSON 'auto' does: one row each, blanks between them,
// NULL for what an object does not have, nothing for what the table does not have ("COPY from JSON format", Database Developer
// Guide). A list of objects is no such file.
func (s *session) copyJSON(ctx context.Context, c *copyStatement, objects []object) (outcome, error) {
	all, err := s.columns(ctx, c.table)
	if err != nil {
		return outcome{}, err
	}
	target, err := selectColumns(all, c)
	if err != nil || len(objects) == 0 {
		return outcome{}, err
	}
	lines := objects[0].file + ".lines" // in the directory that DuckDB may read
	if err := writeLines(lines, c, target, objects); err != nil {
		return outcome{}, err
	}
	defer os.Remove(lines)
	var names, values, types []string
	for _, col := range target {
		quoted := name{Table: col.name}.Quoted()
		names = append(names, quoted)
		values = append(values, "CAST("+quoted+" AS "+col.typ+")")
		types = append(types, quoted+": 'VARCHAR'")
	}
	done, err := s.tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM read_json('%s', format = 'newline_delimited', maximum_object_size = %d, columns = {%s})",
		c.table.Quoted(), strings.Join(names, ", "), strings.Join(values, ", "), strings.ReplaceAll(lines, "'", "''"), maxJSONBytes, strings.Join(types, ", ")))
	if err != nil {
		return outcome{}, jsonError(c, objects[0], "%v", err)
	}
	n, err := done.RowsAffected()
	return outcome{rows: n}, err
}

// maxJSONBytes is the longest object that COPY takes: 4 MB ("COPY from JSON format").
const maxJSONBytes = 4 << 20

// writeLines brings the objects of all files into one, an object a line, with the table's columns as texts.
func writeLines(path string, c *copyStatement, target []column, objects []object) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriter(f)
	for _, o := range objects {
		if err := eachObject(o.file, func(members map[string]json.RawMessage) error {
			row := map[string]any{}
			for _, col := range target {
				if row[col.name], err = textOf(members[col.name]); err != nil {
					return err
				}
			}
			line, err := json.Marshal(row)
			if err != nil {
				return err
			}
			_, err = out.Write(append(line, '\n'))
			return err
		}); err != nil {
			return jsonError(c, o, "%v", err)
		}
	}
	return out.Flush()
}

// eachObject reads the JSON objects of a file one after the other.
func eachObject(path string, f func(map[string]json.RawMessage) error) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	for d := json.NewDecoder(in); ; {
		var members map[string]json.RawMessage
		switch err := d.Decode(&members); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("Invalid JSONPath format or JSON: %w", err)
		case members == nil:
			return errors.New("Invalid value: a row has to be a JSON object")
		}
		if err := f(members); err != nil {
			return err
		}
	}
}

// textOf is a member as COPY takes it: texts as they are, null as NULL, anything else as it is written.
func textOf(raw json.RawMessage) (any, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	if raw[0] != '"' {
		return string(raw), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

func jsonError(c *copyStatement, o object, format string, args ...any) error {
	return fmt.Errorf("ERROR: Load into table '%s' failed. Check 'sys_load_error_detail' system table for details.\n  Detail: s3://%s/%s: %s",
		c.table.Table, o.bucket, o.key, fmt.Sprintf(format, args...))
}
