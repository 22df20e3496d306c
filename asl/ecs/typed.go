package ecs

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[RunTask](map[string]string{
		"arn:aws:states:::ecs:runTask":                  ".Task",
		"arn:aws:states:::ecs:runTask.sync":             ".Sync",
		"arn:aws:states:::ecs:runTask.waitForTaskToken": "ecs.WaitForTaskToken[any]",
	})
}
