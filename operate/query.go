package operate

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
)

// Answer is a page of what a query of the warehouse gives.
type Answer struct {
	Columns []string
	// Rows have nil, bool, int64, float64 and string; decimals, dates and times are strings, as the Data API gives them.
	Rows [][]any
	// Total is the number of rows of all pages; -1 of a statement that gives none.
	Total int64
}

// Query asks the warehouse, and gives the answer page by page.
func (s *Session) Query(ctx context.Context, sql string) iter.Seq2[Answer, error] {
	return func(yield func(Answer, error) bool) {
		for page, err := range s.pages(ctx, sql, nil) {
			a := Answer{Total: page.Total}
			for _, c := range page.Columns {
				a.Columns = append(a.Columns, aws.ToString(c.Name))
			}
			for _, row := range page.Rows {
				values := make([]any, len(row))
				for i, f := range row {
					values[i] = valueOf(f)
				}
				a.Rows = append(a.Rows, values)
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// valueOf is a field's value; nil for null.
func valueOf(f types.Field) any {
	switch v := f.(type) {
	case *types.FieldMemberStringValue:
		return v.Value
	case *types.FieldMemberLongValue:
		return v.Value
	case *types.FieldMemberDoubleValue:
		return v.Value
	case *types.FieldMemberBooleanValue:
		return v.Value
	}
	return nil
}
