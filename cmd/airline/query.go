package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"airline/etl"
	"airline/local"
	"airline/local/demo"
	"airline/local/redshiftdata"
)

func newQueryCmd() *cobra.Command {
	var (
		deployed       stackArgs
		workdir        string
		asCSV, asJSON  bool
		warehouseQuery = func(cmd *cobra.Command, sql string) error {
			file, err := warehouseIn(workdir)
			if err != nil {
				return err
			}
			now, err := demo.WorldTime(workdir)
			if errors.Is(err, local.ErrNoState) { // the run has not come to its end: the world's time is not known
				now, err = time.Now(), nil
			}
			if err != nil {
				return err
			}
			result, err := redshiftdata.Query(cmd.Context(), file, sql, now)
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
		Use:   `query "SELECT ..."`,
		Short: "Ask the warehouse that a demo has kept in its --workdir, or that of a deployed --stack",
		Example: `  airline query --stack prod --csv "select * from airlines.daily_flights_fact" > flights.csv
  airline query --workdir kept "select carrier, count(*) from airlines.daily_flights_fact group by 1 order by 2 desc"`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf(`query takes one SELECT in quotes, not %d arguments: airline query --workdir DIR "select ..."`, len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if asCSV && asJSON {
				return errors.New("--csv and --json exclude each other")
			}
			switch {
			case workdir != "" && deployed.stack != "":
				return errors.New("--workdir and --stack exclude each other")
			case deployed.stack != "":
				deployed.asJSON = asJSON
				return deployed.askStack(cmd, args[0], asCSV)
			case workdir == "":
				return errors.New("--workdir is missing: name the folder that a demo was given with --workdir, or a deployed stack with --stack")
			}
			if _, err := os.Stat(filepath.Join(workdir, demo.Unfinished)); err == nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "airline: the demo that fills %s is at work or was interrupted: the answer is of an incomplete warehouse\n", workdir)
			}
			return warehouseQuery(cmd, args[0])
		},
	}
	deployed.addStack(cmd.Flags())
	cmd.Flags().StringVar(&deployed.stack, "stack", "", "a stack that is deployed: see docs/operate.md")
	cmd.Flags().StringVar(&workdir, "workdir", "", "the folder that a demo was given with --workdir")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV with a header; null is an empty field")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of one object a row")
	return cmd
}

// columnNames are the names of an answer's columns, in order.
func columnNames(r *redshiftdata.Result) []string {
	names := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		names[i] = c.Name
	}
	return names
}

func writeCSV(w io.Writer, r *redshiftdata.Result) error {
	out := csv.NewWriter(w)
	if err := out.Write(columnNames(r)); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if err := out.Write(texts(r, row, "")); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeJSON(w io.Writer, r *redshiftdata.Result) error {
	columns := columnNames(r)
	if err := once(columns); err != nil {
		return err
	}
	rows := make([]json.RawMessage, len(r.Rows))
	for i, row := range r.Rows {
		rows[i] = rowJSON(columns, row)
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
		name := etl.Visible(c.Name)
		header = append(header, name)
		rule = append(rule, strings.Repeat("-", len([]rune(name))))
	}
	fmt.Fprintln(t, strings.Join(header, "\t"))
	fmt.Fprintln(t, strings.Join(rule, "\t"))
	for _, row := range r.Rows {
		fields := texts(r, row, "null")
		for i := range fields {
			fields[i] = etl.Visible(fields[i])
		}
		fmt.Fprintln(t, strings.Join(fields, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return writeCount(w, int64(len(r.Rows)))
}

// texts are a row's values as psql shows them.
func texts(r *redshiftdata.Result, row []any, null string) []string {
	list := make([]string, len(row))
	for i, v := range row {
		if list[i] = null; v != nil {
			list[i] = r.Text(row, i)
		}
	}
	return list
}
