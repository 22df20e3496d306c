package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"airline/asl/jsonvalue"
	"airline/operate"
)

// askStack asks the warehouse of a deployed stack, and prints the answer page by page.
func (a *stackArgs) askStack(cmd *cobra.Command, sql string, asCSV bool) error {
	s, err := a.open(cmd.Context(), "query")
	if err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	write, end := answerTable(w)
	switch {
	case asCSV:
		write, end = answerCSV(w)
	case a.asJSON:
		write, end = answerJSON(w)
	}
	tell := progressOfRows(cmd)
	var rows int64
	first := true
	for page, err := range s.Query(cmd.Context(), sql) {
		if err != nil {
			return err
		}
		if page.Total < 0 {
			_, err := fmt.Fprintln(cmd.ErrOrStderr(), "done; the statement gives no rows")
			return err
		}
		if err := write(page, first); err != nil {
			return err
		}
		first = false
		rows += int64(len(page.Rows))
		tell(rows, page.Total)
	}
	return end(rows)
}

// progressOfRows tells on a terminal how many rows are there, unless the rows themselves go there.
func progressOfRows(cmd *cobra.Command) func(rows, total int64) {
	out := terminal(cmd.ErrOrStderr())
	if out == nil || terminal(cmd.OutOrStdout()) != nil {
		return func(int64, int64) {}
	}
	return func(rows, total int64) {
		fmt.Fprintf(out, "\r%d of %d rows", rows, total)
		if rows >= total {
			fmt.Fprintln(out)
		}
	}
}

// answerCSV writes CSV with a header; null is an empty field.
func answerCSV(w io.Writer) (write func(operate.Answer, bool) error, end func(int64) error) {
	out := csv.NewWriter(w)
	write = func(page operate.Answer, first bool) error {
		if first {
			if err := out.Write(page.Columns); err != nil {
				return err
			}
		}
		for _, row := range page.Rows {
			if err := out.Write(plain(row, "")); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
	return write, func(int64) error { return nil }
}

// answerJSON writes an array of one object a row.
func answerJSON(w io.Writer) (write func(operate.Answer, bool) error, end func(int64) error) {
	separator := "["
	write = func(page operate.Answer, first bool) error {
		if first {
			if err := once(page.Columns); err != nil {
				return err
			}
		}
		for _, row := range page.Rows {
			if _, err := fmt.Fprintf(w, "%s%s", separator, rowJSON(page.Columns, row)); err != nil {
				return err
			}
			separator = ",\n"
		}
		return nil
	}
	return write, func(rows int64) error {
		if rows == 0 {
			_, err := fmt.Fprintln(w, "[]")
			return err
		}
		_, err := fmt.Fprintln(w, "]")
		return err
	}
}

// once refuses columns of the same name, which no object can have.
func once(columns []string) error {
	var twice []error
	for i, name := range columns {
		if slices.Contains(columns[:i], name) {
			twice = append(twice, fmt.Errorf("--json: more than one column is named %q; give it another name with AS", name))
		}
	}
	return errors.Join(twice...)
}

// rowJSON is a row as an object.
func rowJSON(columns []string, row []any) []byte {
	o := jsonvalue.NewObject(len(row))
	for i, v := range row {
		if n, ok := v.(int64); ok {
			v = json.Number(fmt.Sprint(n))
		}
		o.Set(columns[i], v)
	}
	return jsonvalue.Append(nil, o)
}

// answerTable writes a table for people.
func answerTable(w io.Writer) (write func(operate.Answer, bool) error, end func(int64) error) {
	t := newTable(w)
	write = func(page operate.Answer, first bool) error {
		if first {
			var rule []string
			for _, name := range page.Columns {
				rule = append(rule, strings.Repeat("-", len([]rune(name))))
			}
			t.row(append([]string{}, page.Columns...)...)
			t.row(rule...)
		}
		for _, row := range page.Rows {
			t.row(plain(row, "null")...)
		}
		return nil
	}
	return write, func(rows int64) error {
		t.flush()
		return writeCount(w, rows)
	}
}

// writeCount prints how many rows a table has, as psql does.
func writeCount(w io.Writer, rows int64) error {
	noun := "rows"
	if rows == 1 {
		noun = "row"
	}
	_, err := fmt.Fprintf(w, "(%d %s)\n", rows, noun)
	return err
}

// plain are a row's values as the Data API gives them.
func plain(row []any, null string) []string {
	list := make([]string, len(row))
	for i, v := range row {
		if list[i] = null; v != nil {
			list[i] = fmt.Sprint(v)
		}
	}
	return list
}
