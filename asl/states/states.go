// Package states names the errors that the States Language itself raises, for
// Retry and Catch, mocks and tests:
//
//	charge.Retry(asl.Retrier{MaxAttempts: 5}, states.TaskFailed).Catch(states.Timeout, refund)
package states

// The error names that the States Language reserves. They are untyped, so they
// fit every task. TaskFailed matches every error but Timeout. ALL, which is what
// CatchAll and RetryAll write, matches everything but DataLimitExceeded and
// Runtime.
const (
	Timeout                         = "States.Timeout"
	TaskFailed                      = "States.TaskFailed"
	HeartbeatTimeout                = "States.HeartbeatTimeout"
	Permissions                     = "States.Permissions"
	DataLimitExceeded               = "States.DataLimitExceeded"
	Runtime                         = "States.Runtime"
	BranchFailed                    = "States.BranchFailed"
	NoChoiceMatched                 = "States.NoChoiceMatched"
	IntrinsicFailure                = "States.IntrinsicFailure"
	ParameterPathFailure            = "States.ParameterPathFailure"
	ResultPathMatchFailure          = "States.ResultPathMatchFailure"
	ExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold"
	ItemReaderFailed                = "States.ItemReaderFailed"
	ResultWriterFailed              = "States.ResultWriterFailed"
	QueryEvaluationError            = "States.QueryEvaluationError"
	ALL                             = "States.ALL"
)
