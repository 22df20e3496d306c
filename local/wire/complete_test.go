package wire

import (
	"testing"

	"airline/asl/jsonvalue"
	"airline/local/wire/shape"
)

// AWS answers empty lists where its model requires a list, and where it lists in pages; clients read them without asking.
func TestEmptyLists(t *testing.T) {
	table := jsonvalue.NewObject(0)
	table.Set("Name", "t")
	tables := jsonvalue.NewObject(0)
	tables.Set("TableList", []any{table})
	for _, c := range []struct {
		service, operation string
		answer             any
		want               string
	}{
		{"sfn", "ListExecutions", jsonvalue.NewObject(0), `{"executions":[]}`},
		{"sfn", "ListStateMachineVersions", jsonvalue.NewObject(0), `{"stateMachineVersions":[]}`},
		{"glue", "GetDatabases", jsonvalue.NewObject(0), `{"DatabaseList":[]}`},
		{"glue", "GetTables", tables, `{"TableList":[{"Name":"t"}]}`},
		{"redshiftdata", "GetStatementResult", jsonvalue.NewObject(0), `{"Records":[],"ColumnMetadata":[]}`},
		{"sqs", "ListQueues", jsonvalue.NewObject(0), `{}`},
		{"sqs", "ReceiveMessage", jsonvalue.NewObject(0), `{}`},
		{"sfn", "DescribeExecution", jsonvalue.NewObject(0), `{}`},
	} {
		if got := string(shape.AppendJSON(nil, complete(c.answer, c.service, c.operation))); got != c.want {
			t.Errorf("%s:%s answers %s, want %s", c.service, c.operation, got, c.want)
		}
	}
}
