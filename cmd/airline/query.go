package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"airline/asl/jsonvalue"
	"airline/local/redshiftdata"
)

func newQueryCmd() *cobra.Command {
	var (
		workdir        string
		asCSV, asJSON  bool
		warehouseQuery = func(cmd *cobra.Command, sql string) error {
			result, err := redshiftdata.Query(cmd.Context(), filepath.Join(workdir, "warehouse.duckdb"), sql, time.Now())
			if err != nil {
				return err
			}
			switch {
			case asCSV:
				return writeCSV(cmd.OutOrStdout(), result)
			case asJSON:
				return writeJSON(cmd.OutOrStdout(), result)
			}
			return writeTable(cmd.OutOrStdout(), result)
		}
	)
	cmd := &cobra.Command{
		Use:     `query "SELECT ..."`,
		Short:   "Ask the warehouse that a demo has kept in its --workdir",
		Example: `  airline query --workdir kept "select carrier, count(*) from airlines.daily_flights_fact group by 1 order by 2 desc"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asCSV && asJSON {
				return errors.New("--csv and --json exclude each other")
			}
			return warehouseQuery(cmd, args[0])
		},
	}
	cmd.Flags().StringVar(&workdir, "workdir", "", "the folder that a demo was given with --workdir")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV with a header; null is an empty field")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of one object a row")
	if err := cmd.MarkFlagRequired("workdir"); err != nil {
		panic(err) // the flag is defined two lines above
	}
	return cmd
}

func writeCSV(w io.Writer, r *redshiftdata.Result) error {
	out := csv.NewWriter(w)
	header := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		header[i] = c.Name
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if err := out.Write(texts(row, "")); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeJSON(w io.Writer, r *redshiftdata.Result) error {
	rows := make([]json.RawMessage, len(r.Rows))
	for i, row := range r.Rows {
		o := jsonvalue.NewObject(len(row))
		for j, v := range row {
			if n, ok := v.(int64); ok {
				v = json.Number(fmt.Sprint(n))
			}
			o.Set(r.Columns[j].Name, v)
		}
		rows[i] = jsonvalue.Append(nil, o)
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}

func writeTable(w io.Writer, r *redshiftdata.Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var header, rule []string
	for _, c := range r.Columns {
		header = append(header, c.Name)
		rule = append(rule, strings.Repeat("-", len([]rune(c.Name))))
	}
	fmt.Fprintln(t, strings.Join(header, "\t"))
	fmt.Fprintln(t, strings.Join(rule, "\t"))
	for _, row := range r.Rows {
		fmt.Fprintln(t, strings.Join(texts(row, "null"), "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	noun := "rows"
	if len(r.Rows) == 1 {
		noun = "row"
	}
	_, err := fmt.Fprintf(w, "(%d %s)\n", len(r.Rows), noun)
	return err
}

func texts(row []any, null string) []string {
	list := make([]string, len(row))
	for i, v := range row {
		if v == nil {
			list[i] = null
		} else {
			list[i] = strings.NewReplacer("\t", " ").Replace(fmt.Sprint(v))
		}
	}
	return list
}
