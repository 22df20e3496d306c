// Package redshiftdata has typed tasks for the Amazon Redshift Data API: SQL
// without a connection, a password or a path into the cluster's network.
//
//	load := redshiftdata.BatchExecuteStatement{
//		Target: redshiftdata.Target{WorkgroupName: asl.Text("airline"), Database: asl.Text("dev")},
//		Sqls:   []asl.Value[string]{asl.Text("DELETE ..."), asl.Text("INSERT ...")},
//	}.Task("Load")
package redshiftdata

import "airline/asl"

// Status is the state of a statement.
type Status string

// The states of a statement.
const (
	Submitted Status = "SUBMITTED"
	Picked    Status = "PICKED"
	Started   Status = "STARTED"
	Finished  Status = "FINISHED"
	Aborted   Status = "ABORTED"
	Failed    Status = "FAILED"
)

// Target is the database that runs the SQL, and how to get in: a serverless
// workgroup or a cluster; with a secret, else with the role's own temporary
// credentials.
type Target struct {
	WorkgroupName     asl.Value[string] `json:",omitempty"`
	ClusterIdentifier asl.Value[string] `json:",omitempty"`
	Database          asl.Value[string]
	DbUser            asl.Value[string] // clusters only, without a secret
	SecretARN         asl.Value[string] `json:"SecretArn"`

	// WorkgroupARN narrows the grants on a workgroup, whose ARN ends in an id that
	// its name does not tell.
	WorkgroupARN string `json:"-"`
}

// Parameter is a named parameter, :name in the SQL. Values are texts, which
// Redshift casts.
type Parameter struct {
	Name  string
	Value asl.Value[string]
}

// BatchExecuteStatement runs statements one after the other in one transaction:
// all or none. It answers at once; poll DescribeStatement for the end.
type BatchExecuteStatement struct {
	Target
	Sqls       []asl.Value[string] `asl:"required"` // required, at most 40
	Parameters []Parameter
	// ClientToken makes a repetition within 8 hours the same batch.
	ClientToken   asl.Value[string]
	StatementName asl.Value[string] // for the lists of people
	WithEvent     asl.Value[bool]   // send an event to EventBridge at the end
}

// Errors of BatchExecuteStatement.
const (
	BatchFailed           asl.Err[BatchExecuteStatement] = "RedshiftData.BatchExecuteStatementException"
	BatchTooManyActive    asl.Err[BatchExecuteStatement] = "RedshiftData.ActiveStatementsExceededException"
	BatchTooManySessions  asl.Err[BatchExecuteStatement] = "RedshiftData.ActiveSessionsExceededException"
	BatchInvalid          asl.Err[BatchExecuteStatement] = "RedshiftData.ValidationException"
	BatchInternalServer   asl.Err[BatchExecuteStatement] = "RedshiftData.InternalServerException"
	BatchConnectionFailed asl.Err[BatchExecuteStatement] = "RedshiftData.DatabaseConnectionException"
)

// StatementOutput names a submitted statement.
type StatementOutput struct {
	ID                string `json:"Id"`
	ClusterIdentifier string
	WorkgroupName     string
	Database          string
	DbUser            string
	CreatedAt         string // ISO 8601
}

// Task submits the batch and goes on at once.
func (p BatchExecuteStatement) Task(name string) asl.Task[BatchExecuteStatement, StatementOutput] {
	return asl.NewTask[BatchExecuteStatement, StatementOutput](name, asl.SDK("redshiftdata", "batchExecuteStatement"), p).
		Narrow(p.WorkgroupARN)
}

// ExecuteStatement runs one statement. It answers at once; poll
// DescribeStatement for the end.
type ExecuteStatement struct {
	Target
	SQL           asl.Value[string] `json:"Sql" asl:"required"` // required
	Parameters    []Parameter
	ClientToken   asl.Value[string]
	StatementName asl.Value[string]
	WithEvent     asl.Value[bool]
}

// Errors of ExecuteStatement.
const (
	ExecuteFailed         asl.Err[ExecuteStatement] = "RedshiftData.ExecuteStatementException"
	ExecuteTooManyActive  asl.Err[ExecuteStatement] = "RedshiftData.ActiveStatementsExceededException"
	ExecuteInvalid        asl.Err[ExecuteStatement] = "RedshiftData.ValidationException"
	ExecuteInternalServer asl.Err[ExecuteStatement] = "RedshiftData.InternalServerException"
)

// Task submits the statement and goes on at once.
func (p ExecuteStatement) Task(name string) asl.Task[ExecuteStatement, StatementOutput] {
	return asl.NewTask[ExecuteStatement, StatementOutput](name, asl.SDK("redshiftdata", "executeStatement"), p).
		Narrow(p.WorkgroupARN)
}

// DescribeStatement asks how a statement or batch is doing.
type DescribeStatement struct {
	ID asl.Value[string] `json:"Id" asl:"required"` // required
}

// Errors of DescribeStatement.
const (
	StatementNotFound      asl.Err[DescribeStatement] = "RedshiftData.ResourceNotFoundException"
	DescribeInvalid        asl.Err[DescribeStatement] = "RedshiftData.ValidationException"
	DescribeInternalServer asl.Err[DescribeStatement] = "RedshiftData.InternalServerException"
)

// DescribeStatementOutput is the state of a statement.
type DescribeStatementOutput struct {
	ID                string `json:"Id"`
	Status            Status
	Error             string // of a failed statement
	Duration          int    // nanoseconds
	ResultRows        int
	ResultSize        int
	HasResultSet      bool
	QueryString       string
	RedshiftQueryID   int `json:"RedshiftQueryId"`
	ClusterIdentifier string
	WorkgroupName     string
	Database          string
	DbUser            string
	SubStatements     []SubStatement
}

// SubStatement is one statement of a batch.
type SubStatement struct {
	ID           string `json:"Id"`
	Status       Status
	Error        string
	QueryString  string
	ResultRows   int
	HasResultSet bool
}

// Task asks once.
func (p DescribeStatement) Task(name string) asl.Task[DescribeStatement, DescribeStatementOutput] {
	return asl.NewTask[DescribeStatement, DescribeStatementOutput](name, asl.SDK("redshiftdata", "describeStatement"), p)
}

// GetStatementResult reads a page of a statement's rows.
type GetStatementResult struct {
	ID        asl.Value[string] `json:"Id" asl:"required"` // required
	NextToken asl.Value[string]
}

// Errors of GetStatementResult.
const (
	ResultNotFound asl.Err[GetStatementResult] = "RedshiftData.ResourceNotFoundException"
)

// GetStatementResultOutput is a page of rows.
type GetStatementResultOutput struct {
	Records      [][]Value
	TotalNumRows int
	NextToken    string
}

// Value is one value of a row: one of the fields is present.
type Value struct {
	StringValue  string
	LongValue    int
	DoubleValue  float64
	BooleanValue bool
	IsNull       bool
}

// Task reads the page.
func (p GetStatementResult) Task(name string) asl.Task[GetStatementResult, GetStatementResultOutput] {
	return asl.NewTask[GetStatementResult, GetStatementResultOutput](name, asl.SDK("redshiftdata", "getStatementResult"), p)
}

// CancelStatement cancels a running statement.
type CancelStatement struct {
	ID asl.Value[string] `json:"Id" asl:"required"` // required
}

// Errors of CancelStatement.
const (
	CancelNotFound asl.Err[CancelStatement] = "RedshiftData.ResourceNotFoundException"
)

// CancelStatementOutput tells whether it was cancelled.
type CancelStatementOutput struct{ Status bool }

// Task cancels.
func (p CancelStatement) Task(name string) asl.Task[CancelStatement, CancelStatementOutput] {
	return asl.NewTask[CancelStatement, CancelStatementOutput](name, asl.SDK("redshiftdata", "cancelStatement"), p)
}
