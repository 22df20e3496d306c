package redshiftdata

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"airline/local/redshift"
)

// copyParquet checks every object against the table, as Redshift does, and inserts its rows. Columns go by
// position; number and types have to match ("COPY from columnar data formats" in the Developer Guide).
func (s *session) copyParquet(ctx context.Context, c *copyStatement, into []redshift.Column, objects []object) (outcome, error) {
	all, err := s.columns(ctx, c.table)
	if err != nil {
		return outcome{}, err
	}
	target := selectColumns(all, into)
	out := outcome{}
	for _, o := range objects {
		from := "read_parquet('" + escaped(o.file) + "', hive_partitioning = false)"
		found, err := s.describe(ctx, "SELECT * FROM "+from)
		if err != nil {
			return outcome{}, mismatch(o.bucket, o.key, "is not a Parquet file or is damaged: %v", err)
		}
		if len(found) != len(target) {
			return outcome{}, mismatch(o.bucket, o.key, "has %d columns, the table %s has %d: the numbers must match", len(found), c.table, len(target))
		}
		names := make([]string, len(target))
		for i, col := range target {
			if !loads(found[i].typ, col.typ) {
				return outcome{}, mismatch(o.bucket, o.key, "has an incompatible Parquet schema for column 's3://%s/%s.%s'. Column type: %s, Parquet schema: %s",
					o.bucket, o.key, col.name, redshiftType(col.typ), strings.ToLower(found[i].typ))
			}
			names[i] = name{Table: col.name}.Quoted()
		}
		done, err := s.tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM %s", c.table.Quoted(), strings.Join(names, ", "), from))
		if err != nil {
			return outcome{}, s.copyError(err, o)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return outcome{}, err
		}
		out.rows += n
	}
	return out, nil
}

// selectColumns are DuckDB's columns of some of the table's.
func selectColumns(all []column, into []redshift.Column) []column {
	var selected []column
	for _, want := range into {
		if i := slices.IndexFunc(all, func(c column) bool { return c.name == want.Name }); i >= 0 {
			selected = append(selected, all[i])
		}
	}
	return selected
}

// loads reports whether COPY takes a Parquet column of one DuckDB type into a table's column of another.
// Redshift reads each physical type into its own kind and no other.
func loads(parquet, column string) bool {
	if family(parquet) != family(column) {
		return false
	}
	if size, ok := integerSize[parquet]; ok {
		return size <= integerSize[column]
	}
	return true
}

var integerSize = map[string]int{"TINYINT": 1, "SMALLINT": 2, "INTEGER": 4, "BIGINT": 8}

func family(typ string) string {
	switch {
	case integerSize[typ] > 0:
		return "integer"
	case strings.HasPrefix(typ, "DECIMAL"):
		return typ
	case strings.HasPrefix(typ, "TIMESTAMP"):
		return "timestamp"
	case typ == "BLOB", strings.HasPrefix(typ, "ENUM"):
		return "VARCHAR"
	}
	return typ
}

func redshiftType(duck string) string {
	t, err := redshift.TypeOf(duck)
	if err != nil {
		return duck
	}
	return strings.ToUpper(t.Internal())
}

// copyError words what went wrong while the rows of an object were inserted.
func (s *session) copyError(err error, o object) error {
	if column, limit, ok := redshift.LengthCheck(err.Error()); ok {
		return mismatch(o.bucket, o.key, "the length of the data column %s is longer than the length defined in the table. Table: %d", column, limit)
	}
	return redshift.DuckError(err)
}
