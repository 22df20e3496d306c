package wire

import (
	"testing"

	"airline/local/wire/shape"
)

// AWS answers empty lists where its model requires a list, and where it lists in pages; clients read them without asking.
func TestEmptyLists(t *testing.T) {
	table := shape.NewObject()
	table.Set("Name", "t")
	tables := shape.NewObject()
	tables.Set("TableList", []any{table})
	for _, c := range []struct {
		service, operation string
		answer             any
		want               string
	}{
		{"sfn", "ListExecutions", shape.NewObject(), `{"executions":[]}`},
		{"sfn", "ListStateMachineVersions", shape.NewObject(), `{"stateMachineVersions":[]}`},
		{"glue", "GetDatabases", shape.NewObject(), `{"DatabaseList":[]}`},
		{"glue", "GetTables", tables, `{"TableList":[{"Name":"t"}]}`},
		{"redshiftdata", "GetStatementResult", shape.NewObject(), `{"Records":[],"ColumnMetadata":[]}`},
		{"sqs", "ListQueues", shape.NewObject(), `{}`},
		{"sqs", "ReceiveMessage", shape.NewObject(), `{}`},
		{"sfn", "DescribeExecution", shape.NewObject(), `{}`},
	} {
		if got := string(shape.AppendJSON(nil, complete(c.answer, c.service, c.operation))); got != c.want {
			t.Errorf("%s:%s answers %s, want %s", c.service, c.operation, got, c.want)
		}
	}
}
