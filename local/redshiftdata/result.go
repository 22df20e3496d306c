package redshiftdata

import (
	"database/sql"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	duckdb "github.com/duckdb/duckdb-go/v2"
)

// resultSet holds the rows that a query returned. A value is nil, bool, int64, float64 or string; decimals,
// dates and times are strings, as in the Data API.
type resultSet struct {
	Columns []ResultColumn
	Rows    [][]any
}

// ResultColumn is a column of a query's result.
type ResultColumn struct {
	Name string
	Type string // Redshift's name: int8, varchar, float8, numeric, date, timestamp ...
}

func readAll(rows *sql.Rows) (*resultSet, error) {
	defer rows.Close()
	kinds, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	r := &resultSet{}
	for _, k := range kinds {
		r.Columns = append(r.Columns, ResultColumn{label(k.Name()), apiType(k.DatabaseTypeName())})
	}
	cells := make([]any, len(kinds))
	into := make([]any, len(kinds))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = plain(c, r.Columns[i].Type)
		}
		r.Rows = append(r.Rows, row)
	}
	return r, rows.Err()
}

var callLabel = regexp.MustCompile(`(?i)^"?([a-z_][a-z0-9_]*)"?\(.*\)$`)

// label is a column's name as Redshift gives it: in lower case, and for a call without an alias the function's name.
func label(duck string) string {
	if duck == "count_star()" {
		return "count"
	}
	if m := callLabel.FindStringSubmatch(duck); m != nil {
		return strings.ToLower(m[1])
	}
	return strings.ToLower(duck)
}

// plain makes a value of the driver one of a resultSet.
func plain(v any, typ string) any {
	switch v := v.(type) {
	case nil, bool, int64, float64, string:
		return v
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case uint64:
		return strconv.FormatUint(v, 10)
	case float32:
		return float64(v)
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		return v.String()
	case duckdb.Decimal:
		return decimal(v)
	case []byte:
		return string(v)
	case time.Time:
		switch typ {
		case "date":
			return v.UTC().Format("2006-01-02")
		case "timestamptz":
			return v.UTC().Format("2006-01-02 15:04:05.999999+00")
		}
		return v.UTC().Format("2006-01-02 15:04:05.999999")
	}
	return fmt.Sprint(v)
}

// decimal writes a decimal with all the digits of its scale, as Redshift does: 1.50.
func decimal(d duckdb.Decimal) string {
	if d.Scale == 0 {
		return d.Value.String()
	}
	digits := new(big.Int).Abs(d.Value).String()
	if pad := int(d.Scale) + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	sign := ""
	if d.Value.Sign() < 0 {
		sign = "-"
	}
	point := len(digits) - int(d.Scale)
	return sign + digits[:point] + "." + digits[point:]
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
