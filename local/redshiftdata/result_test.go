package redshiftdata

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"airline/asl/sim"
)

// A result comes in pages of a thousand rows, whose values are what the query gave, wherever they were kept.
func TestResults(t *testing.T) {
	for _, bound := range []int{math.MaxInt, 0} {
		w := newWorld(t)
		w.warehouse.results = sim.NewSpill(t.TempDir(), bound)
		w.open("CREATE TABLE airlines.digits (d BIGINT)")
		w.ddl("INSERT INTO airlines.digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
		for _, n := range []int{0, 1, 1000, 1001, 2500} {
			t.Run(fmt.Sprint(n, " rows, up to ", bound, " bytes in memory"), func(t *testing.T) {
				got := w.run([]string{fmt.Sprintf(`SELECT i, 'é' || i, i / 2.5::FLOAT8, i > 3, NULL::INT FROM
					(SELECT a.d * 1000 + b.d * 100 + c.d * 10 + d.d AS i FROM airlines.digits a, airlines.digits b, airlines.digits c, airlines.digits d) WHERE i < %d ORDER BY i`, n)})
				if got.Status != types.StatusStringFinished || got.SubStatements[0].ResultRows != int64(n) {
					t.Fatalf("status %s, error %s, %d rows", got.Status, aws.ToString(got.Error), got.SubStatements[0].ResultRows)
				}
				in := &redshiftdata.GetStatementResultInput{Id: got.SubStatements[0].Id}
				i := 0
				for {
					page, err := w.GetStatementResult(w.ctx, in)
					if err != nil {
						t.Fatal(err)
					}
					if want := min(n-i, rowsPerPage); len(page.Records) != want || page.TotalNumRows != int64(n) {
						t.Errorf("a page has %d of %d rows, want %d of %d", len(page.Records), page.TotalNumRows, want, n)
					}
					for _, row := range page.Records {
						want := []types.Field{
							&types.FieldMemberLongValue{Value: int64(i)}, &types.FieldMemberStringValue{Value: fmt.Sprint("é", i)},
							&types.FieldMemberDoubleValue{Value: float64(i) / 2.5}, &types.FieldMemberBooleanValue{Value: i > 3}, &types.FieldMemberIsNull{Value: true},
						}
						if diff := cmp.Diff(want, row, cmpopts.IgnoreUnexported(types.FieldMemberLongValue{}, types.FieldMemberStringValue{},
							types.FieldMemberDoubleValue{}, types.FieldMemberBooleanValue{}, types.FieldMemberIsNull{})); diff != "" {
							t.Fatalf("row %d: %s", i, diff)
						}
						i++
					}
					if in.NextToken = page.NextToken; in.NextToken == nil {
						break
					}
				}
				if i != n {
					t.Errorf("%d rows, want %d", i, n)
				}
				for _, token := range []string{"x", "1", "-1000", "3000"} {
					in.NextToken = &token
					if _, err := w.GetStatementResult(w.ctx, in); err == nil || !strings.Contains(err.Error(), "Invalid NextToken") {
						t.Errorf("the token %s: %v", token, err)
					}
				}
			})
		}
	}
}

// What is kept of a value is the value.
func TestCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(
			rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(v bool) any { return v }), rapid.Map(rapid.Int64(), func(v int64) any { return v }),
			rapid.Map(rapid.Float64(), func(v float64) any { return v }), rapid.Map(rapid.String(), func(v string) any { return v }))
		want := rapid.SliceOf(cell).Draw(t, "cells")
		var kept []byte
		for _, v := range want {
			kept = appendCell(kept, v)
		}
		rest := string(kept)
		for i, v := range want {
			var got any
			if got, rest = cutCell(rest); got != v {
				t.Fatalf("value %d is %v, want %v", i, got, v)
			}
		}
		if rest != "" {
			t.Errorf("%d bytes are left", len(rest))
		}
	})
}
