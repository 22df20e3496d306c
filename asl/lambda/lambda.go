// Package lambda has typed tasks for AWS Lambda.
//
//	price := lambda.Invoke[Quote](lambda.Call{
//		FunctionName: asl.Text("price"),
//		Payload:      asl.Object{"flight": flight},
//	}, "Price")
//
// A function's own errors are caught by their names: the exception's class in
// Python and Java, the error type in Go, error.name in Node:
//
//	price.Catch("SoldOut", offerAnother)
package lambda

import "airline/asl"

// Call invokes a function.
type Call struct {
	FunctionName asl.Value[string] `asl:"required"` // required: name or ARN
	// Payload is the function's event: any document. At most 256 KiB.
	Payload        any
	Qualifier      asl.Value[string] // version or alias
	InvocationType asl.Value[string] // "RequestResponse" (default), "Event", "DryRun"
	ClientContext  asl.Value[string]
}

// Errors of a call, beside those that the function raises.
const (
	// ServiceException, SdkClientException and AWSLambdaException pass by
	// themselves: retry them, and TooManyRequests, with a back-off.
	ServiceException   asl.Err[Call] = "Lambda.ServiceException"
	AWSLambdaException asl.Err[Call] = "Lambda.AWSLambdaException"
	SdkClientException asl.Err[Call] = "Lambda.SdkClientException"
	TooManyRequests    asl.Err[Call] = "Lambda.TooManyRequestsException"
	ClientExecution    asl.Err[Call] = "Lambda.ClientExecutionTimeoutException"
	ResourceNotFound   asl.Err[Call] = "Lambda.ResourceNotFoundException"
	// Unknown is a function that ran out of memory or died without a word.
	Unknown asl.Err[Call] = "Lambda.Unknown"
)

// Output is the answer of a call; Payload is what the function returned.
type Output[Reply any] struct {
	Payload         Reply
	StatusCode      int
	ExecutedVersion string
}

const invoke = "arn:aws:states:::lambda:invoke"

// Invoke calls the function and takes its answer, a Reply.
func Invoke[Reply any](p Call, name string) asl.Task[Call, Output[Reply]] {
	return asl.NewTask[Call, Output[Reply]](name, invoke, p)
}

// WaitForTaskToken calls the function with Context.Task.Token in its payload,
// and waits until somebody answers with the token; the answer is a Reply.
func WaitForTaskToken[Reply any](p Call, name string) asl.Task[Call, Reply] {
	return asl.NewTask[Call, Reply](name, invoke+".waitForTaskToken", p)
}

// Transient are the errors that pass by themselves, as AWS advises to retry
// them:
//
//	price.Retry(asl.Retrier{Interval: 2 * time.Second, MaxAttempts: 6, BackoffRate: 2}, lambda.Transient()...)
func Transient() []asl.Err[Call] {
	return []asl.Err[Call]{ServiceException, AWSLambdaException, SdkClientException, TooManyRequests}
}
