package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"airline/etl"
)

// knownRows is what the tables of the joined datasets were made of, and what there was to say about it.
type knownRows struct {
	files    []joinedStamp
	queries  []string
	limit    float64 // of faulty rows; more than 1: none
	warnings []string
}

func (k *knownRows) equal(o *knownRows) bool {
	return slices.Equal(k.files, o.files) && slices.Equal(k.queries, o.queries) && k.limit == o.limit
}

// joinedStamp tells one state of a joined file from another.
type joinedStamp struct {
	file     JoinedFile
	size     int64
	modified time.Time // of the local file
}

// knownOf says what the joined datasets of these arguments are made of.
func knownOf(args Args) (*knownRows, error) {
	k := &knownRows{limit: 2, queries: []string{args.SQL["counts.sql"]}}
	for _, d := range args.Dataset.Joined() {
		k.queries = append(k.queries, args.SQL[d.CheckedQuery()], args.SQL[d.NewestQuery()])
	}
	if args.MaxJoinedRejectRatio != nil {
		k.limit = *args.MaxJoinedRejectRatio
	}
	for _, file := range args.Joined {
		info, err := os.Stat(file.Path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Key, err)
		}
		k.files = append(k.files, joinedStamp{file, info.Size(), info.ModTime()})
	}
	return k, nil
}

// joined makes a table of each dataset that the rows are joined with, of its name, unless the engine has them from an earlier load.
func (j *job) joined(ctx context.Context) (warnings []string, err error) {
	if len(j.args.Dataset.Joined()) == 0 {
		return nil, nil
	}
	wanted, err := knownOf(j.args)
	if err != nil {
		return nil, err
	}
	if j.known != nil && j.known.equal(wanted) {
		return j.known.warnings, nil
	}
	j.known = nil
	if err := j.exec(ctx, "DROP SCHEMA known CASCADE; CREATE SCHEMA known"); err != nil {
		return nil, err
	}
	for _, d := range j.args.Dataset.Joined() {
		more, err := j.readJoined(ctx, d)
		if err != nil {
			return nil, err
		}
		wanted.warnings = append(wanted.warnings, more...)
	}
	j.known = wanted
	return wanted.warnings, j.exec(ctx, dropSchema+"; "+makeSchema)
}

// readJoined reads all files of a joined dataset. One that the contract refuses takes no part and is warned of: its own load has
// failed, and that of what is joined with it need not.
func (j *job) readJoined(ctx context.Context, d etl.Dataset) (warnings []string, err error) {
	columns := etl.Table{Columns: d.JoinColumns()}
	var types []string
	for _, c := range columns.Columns {
		types = append(types, c.Name+" "+c.SQL())
	}
	create := fmt.Sprintf("CREATE TABLE %s_files (%s, modified TIMESTAMP, source_key VARCHAR)", d, strings.Join(types, ", "))
	if err := j.exec(ctx, create); err != nil {
		return nil, err
	}
	files := slices.DeleteFunc(slices.Clone(j.args.Joined), func(f JoinedFile) bool { return etl.DatasetOf(f.Key) != d })
	slices.SortFunc(files, func(a, b JoinedFile) int { return strings.Compare(a.Key, b.Key) })
	insert := fmt.Sprintf("INSERT INTO %s_files SELECT %s, CAST($1 AS TIMESTAMP), CAST($2 AS VARCHAR) FROM checked WHERE reason IS NULL", d, strings.Join(columns.ColumnNames(), ", "))
	for _, file := range files {
		var refused *etl.RefusedError
		_, err := j.checked(ctx, d, file.Key, file.Path)
		if err == nil {
			refused, err = j.overLimit(ctx, file)
		}
		if refused != nil || errors.As(err, &refused) {
			warnings = append(warnings, string(d)+" without those of "+refused.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := j.exec(ctx, insert, file.Modified.UTC(), file.Key); err != nil {
			return nil, fmt.Errorf("load %s: %s of %s: %w", j.args.Source.Key, d, file.Key, err)
		}
	}
	if err := j.exec(ctx, "CREATE TABLE known."+string(d)+" AS "+j.args.SQL[d.NewestQuery()]); err != nil {
		return nil, j.failed(d.NewestQuery(), err)
	}
	return warnings, j.enumerate(ctx, d)
}

// overLimit refuses a joined file, which has just been checked, of which too many rows have a fault.
func (j *job) overLimit(ctx context.Context, file JoinedFile) (*etl.RefusedError, error) {
	if j.args.MaxJoinedRejectRatio == nil {
		return nil, nil
	}
	m := etl.Manifest{Source: etl.Source{Key: file.Key}, Reasons: map[string]int64{}}
	if err := j.count(ctx, &m); err != nil {
		return nil, err
	}
	return etl.TooManyRejects(m, *j.args.MaxJoinedRejectRatio), nil
}

// enumerate turns the texts of a joined dataset into enumerations. Their values are the same and so is the
// Parquet, but every row that is joined carries several of them, and a number is copied, joined and written to a
// dictionary page in a fraction of the time that a text takes.
func (j *job) enumerate(ctx context.Context, d etl.Dataset) error {
	for _, c := range d.RowColumns() {
		if declared, _ := d.Declared(); c.Type != etl.Varchar || c.Name == declared.Key {
			continue
		}
		table, values := "known."+string(d), fmt.Sprintf("known.%s_%s_values", d, c.Name)
		for _, statement := range []string{
			"CREATE TYPE " + values + " AS ENUM (SELECT DISTINCT " + c.Name + " FROM " + table + " WHERE " + c.Name + " IS NOT NULL)",
			"ALTER TABLE " + table + " ALTER " + c.Name + " TYPE " + values,
		} {
			if err := j.exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", d, err)
			}
		}
	}
	return nil
}

// withoutCodes warns of rows with codes when no file of a dataset that they are joined with has codes.
func (j *job) withoutCodes(ctx context.Context) ([]string, error) {
	for _, d := range j.args.Dataset.Joined() {
		if d.CodeColumn() == "" {
			continue
		}
		var codes int64
		query := fmt.Sprintf("SELECT COUNT(*) FROM %[1]s WHERE %[2]s <> ''", d, d.CodeColumn())
		if err := j.conn.QueryRowContext(ctx, query).Scan(&codes); err != nil {
			return nil, err
		}
		if codes == 0 {
			return []string{d.WithoutCodes()}, nil
		}
	}
	return nil, nil
}
