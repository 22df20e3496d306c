package redshiftdata

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/asl/sim"
	"airline/local/redshift"
)

// resultSet is what a query returned: its rows are in a spill, in the pages in which they are asked for.
type resultSet struct {
	Columns []ResultColumn
	rows    int
	bytes   int64 // roughly what the rows take as JSON
	spill   *sim.Spill
	pages   []keptPage
}

// keptPage is where rowsPerPage rows are in the spill; the last page may have fewer.
type keptPage struct {
	at     int64
	length int
}

// ResultColumn is a column of a query's result.
type ResultColumn struct {
	Name string
	Type string // Redshift's name: int8, varchar, float8, numeric, date, timestamp ...
	typ  redshift.Type
}

// columnsOf are the columns of a result.
func columnsOf(columns []redshift.Column) []ResultColumn {
	list := make([]ResultColumn, len(columns))
	for i, c := range columns {
		list[i] = ResultColumn{c.Name, c.Type.Internal(), c.Type}
	}
	return list
}

// readRows reads the rows of a query whose columns are those. f gets each row, which is its own only until it returns. A value is nil,
// bool, int64, float64 or string; decimals, dates, times, intervals and bytes are strings, as in the Data API.
func readRows(rows *sql.Rows, columns []redshift.Column, f func(row []any)) error {
	defer rows.Close()
	cells, row := make([]any, len(columns)), make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, c := range cells {
			row[i] = redshift.Value(c, columns[i].Type)
		}
		f(row)
	}
	return rows.Err()
}

// readAll reads all rows of a query into memory.
func readAll(rows *sql.Rows, columns []redshift.Column) (list [][]any, err error) {
	err = readRows(rows, columns, func(row []any) { list = append(list, slices.Clone(row)) })
	return list, err
}

// keep reads the rows of a query into a spill.
func keep(rows *sql.Rows, columns []redshift.Column, spill *sim.Spill) (*resultSet, error) {
	r := &resultSet{Columns: columnsOf(columns), spill: spill}
	var page []byte
	cut := func() {
		r.pages = append(r.pages, keptPage{spill.Add(page), len(page)})
		page = page[:0]
	}
	err := readRows(rows, columns, func(row []any) {
		for _, v := range row {
			page = appendCell(page, v)
			r.bytes += 24
			if text, ok := v.(string); ok {
				r.bytes += int64(len(text)) - 4
			}
		}
		if r.rows++; r.rows%rowsPerPage == 0 {
			cut()
		}
	})
	if len(page) > 0 {
		cut()
	}
	return r, err
}

// page gives the rows of a page, from 0.
func (r *resultSet) page(i int) ([][]any, error) {
	if i == len(r.pages) { // of a result without rows
		return nil, nil
	}
	data, err := r.spill.Read(r.pages[i].at, r.pages[i].length, nil)
	if err != nil {
		return nil, fmt.Errorf("reading a result that was kept: %w", err)
	}
	rest := string(data) // of which the texts are parts
	list := make([][]any, 0, min(rowsPerPage, r.rows-i*rowsPerPage))
	for range cap(list) {
		row := make([]any, len(r.Columns))
		for c := range row {
			row[c], rest = cutCell(rest)
		}
		list = append(list, row)
	}
	return list, nil
}

// all gives all rows.
func (r *resultSet) all() ([][]any, error) {
	list := make([][]any, 0, r.rows)
	for i := range r.pages {
		rows, err := r.page(i)
		if err != nil {
			return nil, err
		}
		list = append(list, rows...)
	}
	return list, nil
}

// The kinds of values in a spill. Texts follow with their length, numbers as varints, and others as eight bytes.
const (
	cellNull = iota
	cellFalse
	cellTrue
	cellInt
	cellFloat
	cellText
)

func appendCell(to []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(to, cellNull)
	case bool:
		if v {
			return append(to, cellTrue)
		}
		return append(to, cellFalse)
	case int64:
		return binary.AppendVarint(append(to, cellInt), v)
	case float64:
		return binary.LittleEndian.AppendUint64(append(to, cellFloat), math.Float64bits(v))
	case string:
		return append(binary.AppendUvarint(append(to, cellText), uint64(len(v))), v...)
	}
	panic(fmt.Sprintf("a result has no %T", v))
}

// cutCell takes a value off the beginning of what appendCell has written.
func cutCell(s string) (v any, rest string) {
	kind, s := s[0], s[1:]
	switch kind {
	case cellFalse, cellTrue:
		return kind == cellTrue, s
	case cellInt:
		n, size := binary.Varint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
		return n, s[size:]
	case cellFloat:
		return math.Float64frombits(binary.LittleEndian.Uint64([]byte(s[:8]))), s[8:]
	case cellText:
		n, size := binary.Uvarint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
		s = s[size:]
		return s[:n], s[n:]
	}
	return nil, s
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
