package sim

// EventType is the type of an event, as GetExecutionHistory spells it.
type EventType uint8

// The types of events that the interpreter records.
const (
	ExecutionStarted EventType = iota
	ExecutionSucceeded
	ExecutionFailed
	ExecutionAborted
	ExecutionTimedOut
	PassStateEntered
	PassStateExited
	TaskStateEntered
	TaskStateExited
	TaskStateAborted
	ChoiceStateEntered
	ChoiceStateExited
	WaitStateEntered
	WaitStateExited
	WaitStateAborted
	SucceedStateEntered
	SucceedStateExited
	FailStateEntered
	ParallelStateEntered
	ParallelStateStarted
	ParallelStateSucceeded
	ParallelStateFailed
	ParallelStateAborted
	ParallelStateExited
	MapStateEntered
	MapStateStarted
	MapStateSucceeded
	MapStateFailed
	MapStateAborted
	MapStateExited
	MapIterationStarted
	MapIterationSucceeded
	MapIterationFailed
	MapIterationAborted
	MapRunStarted
	MapRunSucceeded
	MapRunFailed
	MapRunAborted
	TaskScheduled
	TaskStarted
	TaskSubmitted
	TaskSucceeded
	TaskFailed
	TaskTimedOut
	LambdaFunctionScheduled
	LambdaFunctionStarted
	LambdaFunctionSucceeded
	LambdaFunctionFailed
	LambdaFunctionTimedOut
	ActivityScheduled
	ActivityStarted
	ActivitySucceeded
	ActivityFailed
	ActivityTimedOut
	EvaluationFailed
	ExecutionRedriven
)

var eventNames = [...]string{
	"ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut",
	"PassStateEntered", "PassStateExited", "TaskStateEntered", "TaskStateExited", "TaskStateAborted",
	"ChoiceStateEntered", "ChoiceStateExited", "WaitStateEntered", "WaitStateExited", "WaitStateAborted",
	"SucceedStateEntered", "SucceedStateExited", "FailStateEntered",
	"ParallelStateEntered", "ParallelStateStarted", "ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateAborted", "ParallelStateExited",
	"MapStateEntered", "MapStateStarted", "MapStateSucceeded", "MapStateFailed", "MapStateAborted", "MapStateExited",
	"MapIterationStarted", "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted",
	"MapRunStarted", "MapRunSucceeded", "MapRunFailed", "MapRunAborted",
	"TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskFailed", "TaskTimedOut",
	"LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "LambdaFunctionFailed", "LambdaFunctionTimedOut",
	"ActivityScheduled", "ActivityStarted", "ActivitySucceeded", "ActivityFailed", "ActivityTimedOut",
	"EvaluationFailed", "ExecutionRedriven",
}

func (t EventType) String() string { return eventNames[t] }

// detailsName is the member of an API HistoryEvent that holds the details.
func (t EventType) detailsName() string {
	switch t {
	case PassStateEntered, TaskStateEntered, ChoiceStateEntered, WaitStateEntered, SucceedStateEntered,
		FailStateEntered, ParallelStateEntered, MapStateEntered:
		return "stateEnteredEventDetails"
	case PassStateExited, TaskStateExited, ChoiceStateExited, WaitStateExited, SucceedStateExited,
		ParallelStateExited, MapStateExited:
		return "stateExitedEventDetails"
	}
	name := t.String()
	return string(name[0]|0x20) + name[1:] + "EventDetails"
}
