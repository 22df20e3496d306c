package redshiftdata

import (
	"bufio"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"airline/local/redshift"
)

// unloadedFile is a file that was written here and is to be an object.
type unloadedFile struct {
	folder string // "year=2008/month=05/", or ""
	path   string
	rows   int64
	size   int64
}

// writeUnload writes a query's rows into files, one for each combination of the partition's values.
func (s *session) writeUnload(ctx context.Context, u *unload, t *redshift.Translation) (files []unloadedFile, err error) {
	columns := t.Columns
	if err := u.checkColumns(columns); err != nil {
		return nil, err
	}
	if len(u.partition) == 0 {
		f, err := s.unloadFile(ctx, u, "SELECT * FROM ("+t.SQL+")", columns, "", 0)
		return []unloadedFile{f}, err
	}
	const rows = `temp."airline unload"`
	if _, err := s.tx.ExecContext(ctx, "CREATE TEMP TABLE "+rows[5:]+" AS "+t.SQL); err != nil {
		return nil, redshift.DuckError(err)
	}
	defer func() {
		_, dropErr := s.tx.ExecContext(ctx, "DROP TABLE "+rows)
		err = errors.Join(err, dropErr)
	}()
	var keys, order, kept []string
	var inFiles []redshift.Column
	for _, p := range u.partition {
		keys = append(keys, quotedName(p))
	}
	for i, c := range columns {
		if u.include || !slices.Contains(u.partition, c.Name) {
			kept, inFiles = append(kept, quotedName(c.Name)), append(inFiles, columns[i])
		}
	}
	for i := range keys {
		order = append(order, fmt.Sprint(i+1))
	}
	values, err := s.rows(ctx, "SELECT DISTINCT "+strings.Join(keys, ", ")+" FROM "+rows+" ORDER BY "+strings.Join(order, ", "), partitionColumns(u, columns))
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		folder, where, err := u.place(v, partitionColumns(u, columns))
		if err != nil {
			return files, err
		}
		f, err := s.unloadFile(ctx, u, "SELECT "+strings.Join(kept, ", ")+" FROM "+rows+" WHERE "+where, inFiles, folder, i)
		if files = append(files, f); err != nil {
			return files, err
		}
	}
	return files, nil
}

func quotedName(s string) string { return name{Table: s}.Quoted() }

// checkColumns refuses what cannot be unloaded so.
func (u *unload) checkColumns(columns []redshift.Column) error {
	seen := map[string]bool{}
	for _, c := range columns {
		if u.format == "parquet" && (c.Type.Kind == redshift.Varbyte || c.Type.Kind == redshift.Interval || c.Type.Kind == redshift.TimeTZ) {
			return fmt.Errorf("ERROR: column %q of type %s cannot be unloaded to Parquet", c.Name, c.Type)
		}
		if seen[c.Name] && (u.format == "parquet" || len(u.partition) > 0) {
			return fmt.Errorf("ERROR: column name %q is there twice: give it another by AS", c.Name)
		}
		seen[c.Name] = true
	}
	for _, p := range u.partition {
		if !seen[p] {
			return fmt.Errorf("ERROR: column %q of PARTITION BY is not in the query's result", p)
		}
	}
	for _, c := range partitionColumns(u, columns) {
		if !slices.Contains(partitionKinds, c.Type.Kind) {
			return fmt.Errorf("ERROR: PARTITION BY a column of type %s is not modelled here: %s", c.Type, c.Name)
		}
	}
	if len(u.partition) > 0 && len(u.partition) >= len(columns) {
		return errors.New("ERROR: UNLOAD with PARTITION BY needs a column that is not one of the partition")
	}
	return nil
}

// partitionKinds are the types that folders are named after.
var partitionKinds = []redshift.Kind{redshift.Int2, redshift.Int4, redshift.Int8, redshift.Numeric, redshift.Char, redshift.Varchar, redshift.Date, redshift.Timestamp}

func partitionColumns(u *unload, columns []redshift.Column) []redshift.Column {
	var all []redshift.Column
	for _, p := range u.partition {
		all = append(all, columns[slices.IndexFunc(columns, func(c redshift.Column) bool { return c.Name == p })])
	}
	return all
}

// rows are the rows of a query, as texts; NULL is nil.
func (s *session) rows(ctx context.Context, query string, columns []redshift.Column) ([][]any, error) {
	rows, err := s.tx.QueryContext(ctx, query)
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	list, err := readAll(rows, columns)
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	return list, nil
}

// place is the folder of a partition, after Hive's convention, and the condition of its rows.
func (u *unload) place(values []any, columns []redshift.Column) (folder, where string, err error) {
	var conditions []string
	for i, v := range values {
		if v == nil {
			folder += u.partition[i] + "=__HIVE_DEFAULT_PARTITION__/"
			conditions = append(conditions, quotedName(u.partition[i])+" IS NULL")
			continue
		}
		said := redshift.Text(v, columns[i].Type)
		if columns[i].Type.Kind == redshift.Char {
			said = strings.TrimRight(said, " ")
		}
		if strings.Contains(said, "/") {
			return "", "", fmt.Errorf("ERROR: PARTITION BY of a value with a slash is not modelled here: %s = %s", u.partition[i], said)
		}
		folder += u.partition[i] + "=" + said + "/"
		conditions = append(conditions, "CAST('"+escaped(said)+"' AS "+columns[i].Type.Duck()+") = "+quotedName(u.partition[i]))
	}
	return folder, strings.Join(conditions, " AND "), nil
}

// unloadFile writes the rows of a query of DuckDB's into a file.
func (s *session) unloadFile(ctx context.Context, u *unload, query string, columns []redshift.Column, folder string, i int) (unloadedFile, error) {
	f := unloadedFile{folder: folder, path: filepath.Join(s.staging, fmt.Sprintf("%d.unload", i))}
	write := s.writeText
	if u.format == "parquet" {
		write = s.writeParquet
	}
	var err error
	if f.rows, err = write(ctx, u, f.path, query, columns); err != nil {
		return f, err
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return f, err
	}
	f.size = info.Size()
	return f, nil
}

// writeParquet has DuckDB write the file. Of TIMESTAMPTZ only the timestamp is unloaded.
func (s *session) writeParquet(ctx context.Context, _ *unload, path, query string, columns []redshift.Column) (int64, error) {
	var list []string
	for _, c := range columns {
		item := quotedName(c.Name)
		if c.Type.Kind == redshift.TimestampTZ {
			item = "CAST(" + item + " AS TIMESTAMP) AS " + item
		}
		list = append(list, item)
	}
	done, err := s.tx.ExecContext(ctx, "COPY (SELECT "+strings.Join(list, ", ")+" FROM ("+query+")) TO '"+escaped(path)+"' (FORMAT parquet, COMPRESSION snappy)")
	if err != nil {
		return 0, redshift.DuckError(err)
	}
	return done.RowsAffected()
}

// writeText writes the file as CSV or as delimited text, row by row.
func (s *session) writeText(ctx context.Context, u *unload, path, query string, columns []redshift.Column) (n int64, err error) {
	rows, err := s.tx.QueryContext(ctx, query)
	if err != nil {
		return 0, redshift.DuckError(err)
	}
	defer rows.Close()
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var to io.Writer = file
	if u.gzip {
		z := gzip.NewWriter(file)
		defer func() { err = errors.Join(err, z.Close()) }()
		to = z
	}
	out := bufio.NewWriter(to)
	if u.header {
		names := make([]string, len(columns))
		for i, c := range columns {
			names[i] = u.field(c.Name, true)
		}
		n++
		if _, err := out.WriteString(strings.Join(names, string(rune(u.delimiter))) + "\n"); err != nil {
			return n, err
		}
	}
	written, err := u.writeRows(out, rows, columns)
	if err != nil {
		return n, err
	}
	return n + written, out.Flush()
}

func (u *unload) writeRows(out *bufio.Writer, rows *sql.Rows, columns []redshift.Column) (n int64, err error) {
	cells, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, redshift.DuckError(err)
		}
		for i, c := range columns {
			if i > 0 {
				out.WriteByte(u.delimiter) // its errors come with Flush
			}
			if cells[i] == nil {
				out.WriteString(u.null)
				continue
			}
			out.WriteString(u.field(redshift.Text(redshift.Value(cells[i], c.Type), c.Type), c.Type.Kind == redshift.Char || c.Type.Kind == redshift.Varchar))
		}
		out.WriteByte('\n')
		n++
	}
	return n, redshift.DuckError(rows.Err())
}

// field is a value as the format has it; text tells that it is of a CHAR or VARCHAR.
func (u *unload) field(value string, text bool) string {
	switch {
	case u.format == "csv":
		if strings.ContainsAny(value, "\"\r\n"+string(rune(u.delimiter))) {
			return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
		}
		return value
	case u.escape && text:
		special := "\\\r\n" + string(rune(u.delimiter))
		if u.quotes {
			special += `"'`
		}
		var b strings.Builder
		for i := range len(value) {
			if strings.IndexByte(special, value[i]) >= 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(value[i])
		}
		value = b.String()
	}
	if u.quotes {
		return `"` + value + `"`
	}
	return value
}
