// Package athena has typed tasks for Amazon Athena.
//
//	query := athena.StartQueryExecution{
//		QueryString: asl.Text("select count(*) from flights"), WorkGroup: asl.Text("reports"),
//	}.Sync("Count")
package athena

import "airline/asl"

// StartQueryExecution runs a query.
type StartQueryExecution struct {
	QueryString           asl.Value[string] `asl:"required"` // required
	WorkGroup             asl.Value[string] // "primary" when nil
	QueryExecutionContext *Context
	ResultConfiguration   *ResultConfiguration
	ExecutionParameters   []asl.Value[string] // for each ? in the query
	ClientRequestToken    asl.Value[string]
}

// Context is where unqualified names are looked up.
type Context struct {
	Database asl.Value[string]
	Catalog  asl.Value[string]
}

// ResultConfiguration is where the result goes, unless the workgroup says it.
type ResultConfiguration struct {
	OutputLocation asl.Value[string] // s3://bucket/prefix
}

// Errors of StartQueryExecution. A query that fails ends Sync with
// States.TaskFailed.
const (
	InvalidRequest  asl.Err[StartQueryExecution] = "Athena.InvalidRequestException"
	TooManyRequests asl.Err[StartQueryExecution] = "Athena.TooManyRequestsException"
	InternalServer  asl.Err[StartQueryExecution] = "Athena.InternalServerException"
	ServiceError    asl.Err[StartQueryExecution] = "Athena.AmazonAthenaException"
)

// StartQueryExecutionOutput names the query's execution.
type StartQueryExecutionOutput struct {
	QueryExecutionID string `json:"QueryExecutionId"`
}

// QueryExecutionOutput is a query that is over.
type QueryExecutionOutput struct{ QueryExecution QueryExecution }

// QueryExecution is an execution of a query.
type QueryExecution struct {
	QueryExecutionID    string `json:"QueryExecutionId"`
	Query               string
	WorkGroup           string
	Status              Status
	Statistics          Statistics
	ResultConfiguration struct{ OutputLocation string }
}

// Status is the state of a query.
type Status struct {
	State             string // QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED
	StateChangeReason string
}

// Statistics tell what a query took.
type Statistics struct {
	DataScannedInBytes            int
	EngineExecutionTimeInMillis   int
	TotalExecutionTimeInMillis    int
	QueryQueueTimeInMillis        int
	ServiceProcessingTimeInMillis int
}

const startQueryExecution = "arn:aws:states:::athena:startQueryExecution"

// Task starts the query and goes on at once.
func (p StartQueryExecution) Task(name string) asl.Task[StartQueryExecution, StartQueryExecutionOutput] {
	return asl.NewTask[StartQueryExecution, StartQueryExecutionOutput](name, startQueryExecution, p)
}

// Sync starts the query and waits until it is over.
func (p StartQueryExecution) Sync(name string) asl.Task[StartQueryExecution, QueryExecutionOutput] {
	return asl.NewTask[StartQueryExecution, QueryExecutionOutput](name, startQueryExecution+".sync", p)
}

// GetQueryResults reads a page of a query's rows.
type GetQueryResults struct {
	QueryExecutionID asl.Value[string] `json:"QueryExecutionId" asl:"required"` // required
	NextToken        asl.Value[string]
	MaxResults       asl.Value[int] // at most 1,000
}

// Errors of GetQueryResults.
const (
	ResultsInvalidRequest asl.Err[GetQueryResults] = "Athena.InvalidRequestException"
	ResultsInternalServer asl.Err[GetQueryResults] = "Athena.InternalServerException"
)

// GetQueryResultsOutput is a page of rows, the first of which holds the names
// of the columns.
type GetQueryResultsOutput struct {
	ResultSet struct {
		Rows []Row
	}
	NextToken string
}

// Row is a row of a result.
type Row struct {
	Data []struct{ VarCharValue string }
}

// Task reads the page.
func (p GetQueryResults) Task(name string) asl.Task[GetQueryResults, GetQueryResultsOutput] {
	return asl.NewTask[GetQueryResults, GetQueryResultsOutput](name, "arn:aws:states:::athena:getQueryResults", p)
}
