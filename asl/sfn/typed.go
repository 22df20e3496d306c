package sfn

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[StartExecution](map[string]string{
		"arn:aws:states:::states:startExecution":                  ".Task",
		"arn:aws:states:::states:startExecution.sync:2":           "sfn.Sync[any]",
		"arn:aws:states:::states:startExecution.sync":             "sfn.SyncText",
		"arn:aws:states:::states:startExecution.waitForTaskToken": "sfn.WaitForTaskToken[any]",
	})
}
