package events

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[PutEvents](map[string]string{
		"arn:aws:states:::events:putEvents":                  ".Task",
		"arn:aws:states:::events:putEvents.waitForTaskToken": "events.WaitForTaskToken[any]",
	})
}
