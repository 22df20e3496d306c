package operate

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/google/go-cmp/cmp"

	"airline/etl"
)

// A row of the ledger has the members that its columns are called, each from its own column.
func TestLedgerRowHasTheColumns(t *testing.T) {
	var fields []types.Field
	want := map[string]any{}
	if !slices.Equal(slices.Sorted(slices.Values(fully)), slices.Sorted(slices.Values(etl.LoadLedger().ColumnNames()))) {
		t.Fatalf("asked for are %v", fully)
	}
	for i, name := range fully {
		c, _ := etl.LoadLedger().Column(name)
		switch c.Type {
		case etl.BigInt:
			fields = append(fields, &types.FieldMemberLongValue{Value: int64(i)})
			want[c.Name] = float64(i)
		case etl.Timestamp:
			fields = append(fields, &types.FieldMemberStringValue{Value: fmt.Sprintf("2026-01-02 03:04:%02d", i)})
			want[c.Name] = fmt.Sprintf("2026-01-02T03:04:%02dZ", i)
		default:
			fields = append(fields, &types.FieldMemberStringValue{Value: c.Name})
			want[c.Name] = c.Name
		}
	}
	text, err := json.Marshal(ledgerRow(fields))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a row as JSON (-want +got):\n%s", diff)
	}
}
