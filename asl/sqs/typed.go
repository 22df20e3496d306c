package sqs

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[SendMessage](map[string]string{
		"arn:aws:states:::sqs:sendMessage":                  ".Task",
		"arn:aws:states:::sqs:sendMessage.waitForTaskToken": "sqs.WaitForTaskToken[any]",
	})
}
