// Package events has typed tasks for Amazon EventBridge.
//
//	tell := events.PutEvents{Entries: []events.Entry{{
//		Source: asl.Text("airline"), DetailType: asl.Text("LoadDone"), Detail: asl.Object{"key": key},
//	}}}.Task("Tell")
package events

import "airline/asl"

// PutEvents sends events to event buses.
type PutEvents struct {
	Entries []Entry `asl:"required"` // required, at most 10
}

// Entry is one event.
type Entry struct {
	Source       asl.Value[string] `asl:"required"` // required; not "aws.*"
	DetailType   asl.Value[string] `asl:"required"` // required
	Detail       any               `asl:"required"` // required: a document
	EventBusName asl.Value[string] // name or ARN; the account's default bus when nil
	Resources    []asl.Value[string]
	Time         asl.Value[string] // RFC 3339; now when nil
}

// Errors of PutEvents. An entry that the bus refuses fails the task with
// EntryFailed.
const (
	EntryFailed   asl.Err[PutEvents] = "EventBridge.FailedEntry"
	InternalError asl.Err[PutEvents] = "EventBridge.InternalException"
	ServiceError  asl.Err[PutEvents] = "EventBridge.AmazonCloudWatchEventsException"
)

// PutEventsOutput tells what became of each entry.
type PutEventsOutput struct {
	Entries          []Result
	FailedEntryCount int
}

// Result is what became of an entry.
type Result struct {
	EventID      string `json:"EventId"`
	ErrorCode    string
	ErrorMessage string
}

const putEvents = "arn:aws:states:::events:putEvents"

// Task sends the events and goes on.
func (p PutEvents) Task(name string) asl.Task[PutEvents, PutEventsOutput] {
	return asl.NewTask[PutEvents, PutEventsOutput](name, putEvents, p)
}

// WaitForTaskToken sends the events, one of which hands on Context.Task.Token,
// and waits until somebody answers with the token; the answer is a Reply.
func WaitForTaskToken[Reply any](p PutEvents, name string) asl.Task[PutEvents, Reply] {
	return asl.NewTask[PutEvents, Reply](name, putEvents+".waitForTaskToken", p)
}
