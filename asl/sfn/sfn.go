// Package sfn has typed tasks that start other state machines.
//
//	child := sfn.Sync[Report](sfn.StartExecution{StateMachineARN: asl.Text(arn), Input: asl.Object{"day": day}}, "Report")
package sfn

import "airline/asl"

// StartExecution starts an execution of another state machine.
type StartExecution struct {
	StateMachineARN asl.Value[string] `json:"StateMachineArn" asl:"required"` // required
	// Input is any document. Name the parent in it, and the console links the two:
	// "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": asl.Context.Execution.ID.
	Input any
	// Name makes the start idempotent: the same name and input start once.
	Name asl.Value[string]
}

// Errors of StartExecution. An execution that fails ends Sync with
// States.TaskFailed, whose cause is the execution as JSON text.
const (
	ExecutionAlreadyExists    asl.Err[StartExecution] = "StepFunctions.ExecutionAlreadyExistsException"
	ExecutionLimitExceeded    asl.Err[StartExecution] = "StepFunctions.ExecutionLimitExceededException"
	InvalidARN                asl.Err[StartExecution] = "StepFunctions.InvalidArnException"
	InvalidExecutionInput     asl.Err[StartExecution] = "StepFunctions.InvalidExecutionInputException"
	InvalidName               asl.Err[StartExecution] = "StepFunctions.InvalidNameException"
	StateMachineDoesNotExist  asl.Err[StartExecution] = "StepFunctions.StateMachineDoesNotExistException"
	StateMachineDeleting      asl.Err[StartExecution] = "StepFunctions.StateMachineDeletingException"
	ServiceError              asl.Err[StartExecution] = "StepFunctions.AWSStepFunctionsException"
	StartExecutionThrottled   asl.Err[StartExecution] = "StepFunctions.ThrottlingException"
	StartExecutionSdkProblems asl.Err[StartExecution] = "StepFunctions.SdkClientException"
)

// StartExecutionOutput names the execution.
type StartExecutionOutput struct {
	ExecutionARN string `json:"ExecutionArn"`
	StartDate    string // ISO 8601
}

// Execution is an execution that is over; Output is what it handed on.
type Execution[Result any] struct {
	ExecutionARN    string `json:"ExecutionArn"`
	Input           any
	Name            string
	Output          Result
	StartDate       int // milliseconds since 1970
	StopDate        int
	StateMachineARN string `json:"StateMachineArn"`
	Status          string
}

const start = "arn:aws:states:::states:startExecution"

// Task starts the execution and goes on at once.
func (p StartExecution) Task(name string) asl.Task[StartExecution, StartExecutionOutput] {
	return asl.NewTask[StartExecution, StartExecutionOutput](name, start, p)
}

// Sync starts the execution and waits until it is over; its output is read as
// JSON (.sync:2).
func Sync[Result any](p StartExecution, name string) asl.Task[StartExecution, Execution[Result]] {
	return asl.NewTask[StartExecution, Execution[Result]](name, start+".sync:2", p)
}

// SyncText is Sync with the execution's output as text (.sync).
func SyncText(p StartExecution, name string) asl.Task[StartExecution, Execution[string]] {
	return asl.NewTask[StartExecution, Execution[string]](name, start+".sync", p)
}

// WaitForTaskToken starts the execution with Context.Task.Token in its input,
// and waits until somebody answers with the token; the answer is a Reply.
func WaitForTaskToken[Reply any](p StartExecution, name string) asl.Task[StartExecution, Reply] {
	return asl.NewTask[StartExecution, Reply](name, start+".waitForTaskToken", p)
}

// SendTaskSuccess answers a task that waits for its token.
type SendTaskSuccess struct {
	TaskToken asl.Value[string] `asl:"required"` // required
	Output    any               // a document, or JSON text
}

// Errors of SendTaskSuccess.
const (
	SuccessTaskTimedOut     asl.Err[SendTaskSuccess] = "Sfn.TaskTimedOutException"
	SuccessTaskDoesNotExist asl.Err[SendTaskSuccess] = "Sfn.TaskDoesNotExistException"
	SuccessInvalidToken     asl.Err[SendTaskSuccess] = "Sfn.InvalidTokenException"
	SuccessInvalidOutput    asl.Err[SendTaskSuccess] = "Sfn.InvalidOutputException"
)

// Task answers. waiting is the ARN of the machine whose task waits, for the
// grants; "" leaves it open.
func (p SendTaskSuccess) Task(name, waiting string) asl.Task[SendTaskSuccess, struct{}] {
	return asl.NewTask[SendTaskSuccess, struct{}](name, asl.SDK("sfn", "sendTaskSuccess"), p).Narrow(waiting)
}

// SendTaskFailure lets a task that waits for its token fail.
type SendTaskFailure struct {
	TaskToken asl.Value[string] `asl:"required"` // required
	Error     asl.Value[string]
	Cause     asl.Value[string]
}

// Errors of SendTaskFailure.
const (
	FailureTaskTimedOut     asl.Err[SendTaskFailure] = "Sfn.TaskTimedOutException"
	FailureTaskDoesNotExist asl.Err[SendTaskFailure] = "Sfn.TaskDoesNotExistException"
)

// Task answers. waiting is the ARN of the machine whose task waits, for the
// grants; "" leaves it open.
func (p SendTaskFailure) Task(name, waiting string) asl.Task[SendTaskFailure, struct{}] {
	return asl.NewTask[SendTaskFailure, struct{}](name, asl.SDK("sfn", "sendTaskFailure"), p).Narrow(waiting)
}
