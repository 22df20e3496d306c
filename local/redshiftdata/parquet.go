package redshiftdata

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"airline/local/redshift"
)

// copyParquet checks the objects against the table, as Redshift does, one of those of a schema, and inserts their rows. Columns go by
// position; number and types have to match ("COPY from columnar data formats" in the Developer Guide).
func (s *session) copyParquet(ctx context.Context, c *copyStatement, into []redshift.Column, objects []object) (outcome, error) {
	all, err := s.columns(ctx, c.table)
	if err != nil {
		return outcome{}, err
	}
	target := selectColumns(all, into)
	names := make([]string, len(target))
	for i, col := range target {
		names[i] = name{Table: col.name}.Quoted()
	}
	var out outcome
	for _, alike := range s.alike(ctx, objects) {
		found, err := s.describe(ctx, "SELECT * FROM "+readParquet(alike[0]))
		if err != nil {
			return outcome{}, mismatch(alike[0].bucket, alike[0].key, "is not a Parquet file or is damaged: %v", err)
		}
		if err := c.fits(alike[0], found, target); err != nil {
			return outcome{}, err
		}
		done, err := s.tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM %s", c.table.Quoted(), strings.Join(names, ", "), readParquet(alike...)))
		if err != nil {
			return outcome{}, s.copyError(ctx, err, alike, found, target)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return outcome{}, err
		}
		out.rows += n
	}
	return out, nil
}

// readParquet is a table of the rows of objects, whose columns have the same names and types.
func readParquet(objects ...object) string {
	return "read_parquet(" + files(objects) + ", hive_partitioning = false)"
}

// files are those of objects, as a list in SQL.
func files(objects []object) string {
	list := make([]string, len(objects))
	for i, o := range objects {
		list[i] = "'" + escaped(o.file) + "'"
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// alike are the objects in their order, those together that follow each other, have one schema and are no more than [maxAlike] bytes: what a statement
// takes, it takes for them once. It asks past the transaction, which an error would end: if one cannot be read, each stands alone, and the one is found that is at fault.
func (s *session) alike(ctx context.Context, objects []object) [][]object {
	schemas := map[string]string{} // by file
	if len(objects) > 1 {
		rows, err := s.db.QueryContext(ctx, "SELECT file_name, string_agg(CAST(s AS VARCHAR), ' ' ORDER BY column_id) FROM (SELECT file_name, column_id, struct_pack(name, type, num_children, converted_type, scale, precision, logical_type) AS s FROM parquet_schema("+
			files(objects)+")) GROUP BY file_name")
		if err == nil {
			defer rows.Close()
			for rows.Next() {
				var file, schema string
				if rows.Scan(&file, &schema) == nil {
					schemas[file] = schema
				}
			}
		}
	}
	var alike [][]object
	var bytes int64
	for i, o := range objects {
		size := int64(maxAlike) // of one that cannot be asked
		if info, err := os.Stat(o.file); err == nil {
			size = info.Size()
		}
		schema, known := schemas[o.file]
		if i > 0 && known && schema == schemas[objects[i-1].file] && bytes+size <= maxAlike {
			alike[len(alike)-1] = append(alike[len(alike)-1], o)
			bytes += size
		} else {
			alike = append(alike, []object{o})
			bytes = size
		}
	}
	return alike
}

// maxAlike is how many bytes of objects go into one statement: for more, memory grows and little is gained.
const maxAlike = 1 << 20

// fits refuses an object whose columns are not those to load.
func (c *copyStatement) fits(o object, found, target []column) error {
	if len(found) != len(target) {
		return mismatch(o.bucket, o.key, "has %d columns, the table %s has %d: the numbers must match", len(found), c.table, len(target))
	}
	for i, col := range target {
		if !loads(found[i].typ, col.typ) {
			return mismatch(o.bucket, o.key, "has an incompatible Parquet schema for column 's3://%s/%s.%s'. Column type: %s, Parquet schema: %s",
				o.bucket, o.key, col.name, redshiftType(col.typ), strings.ToLower(found[i].typ))
		}
	}
	return nil
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

// copyError words what went wrong while the rows of objects were inserted, and finds the first whose row it was.
func (s *session) copyError(ctx context.Context, err error, objects []object, found, target []column) error {
	long, limit, ok := redshift.LengthCheck(err.Error())
	if !ok {
		return redshift.DuckError(err)
	}
	at := objects[0]
	if i := slices.IndexFunc(target, func(c column) bool { return c.name == long }); i >= 0 {
		for _, o := range objects {
			var longer int64
			query := fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE strlen(%s) > %d", readParquet(o), name{Table: found[i].name}.Quoted(), limit)
			if s.db.QueryRowContext(ctx, query).Scan(&longer) == nil && longer > 0 {
				at = o
				break
			}
		}
	}
	return mismatch(at.bucket, at.key, "the length of the data column %s is longer than the length defined in the table. Table: %d", long, limit)
}
