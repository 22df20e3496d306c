package redshiftdata

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/local/redshift"
)

// resultSet holds the rows that a query returned. A value is nil, bool, int64, float64 or string; decimals,
// dates, times, intervals and bytes are strings, as in the Data API.
type resultSet struct {
	Columns []ResultColumn
	Rows    [][]any
}

// ResultColumn is a column of a query's result.
type ResultColumn struct {
	Name string
	Type string // Redshift's name: int8, varchar, float8, numeric, date, timestamp ...
	typ  redshift.Type
}

// readAll reads the rows of a query whose columns are those.
func readAll(rows *sql.Rows, columns []redshift.Column) (*resultSet, error) {
	defer rows.Close()
	r := &resultSet{Columns: make([]ResultColumn, len(columns))}
	for i, c := range columns {
		r.Columns[i] = ResultColumn{c.Name, c.Type.Internal(), c.Type}
	}
	cells := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = redshift.Value(c, columns[i].Type)
		}
		r.Rows = append(r.Rows, row)
	}
	return r, rows.Err()
}

// size is roughly what the rows take as JSON, in bytes.
func (r *resultSet) size() int64 {
	var n int64
	for _, row := range r.Rows {
		for _, v := range row {
			if s, ok := v.(string); ok {
				n += int64(len(s)) + 20
			} else {
				n += 24
			}
		}
	}
	return n
}

func (r *resultSet) metadata() []types.ColumnMetadata {
	cols := make([]types.ColumnMetadata, len(r.Columns))
	for i, c := range r.Columns {
		signed := c.Type != "varchar" && c.Type != "date" && c.Type != "bool" && !strings.HasPrefix(c.Type, "timestamp")
		cols[i] = types.ColumnMetadata{
			Name: aws.String(c.Name), Label: aws.String(c.Name), TypeName: aws.String(c.Type),
			Nullable: 1, IsSigned: signed, IsCaseSensitive: c.Type == "varchar",
		}
	}
	return cols
}

// field is a value in the API's form; numerics are strings there, whatever their size.
func field(v any, typ string) types.Field {
	if typ == "numeric" && v != nil {
		return &types.FieldMemberStringValue{Value: fmt.Sprint(v)}
	}
	switch v := v.(type) {
	case nil:
		return &types.FieldMemberIsNull{Value: true}
	case bool:
		return &types.FieldMemberBooleanValue{Value: v}
	case int64:
		return &types.FieldMemberLongValue{Value: v}
	case float64:
		return &types.FieldMemberDoubleValue{Value: v}
	}
	return &types.FieldMemberStringValue{Value: fmt.Sprint(v)}
}
