package batch

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[SubmitJob](map[string]string{
		"arn:aws:states:::batch:submitJob":      ".Task",
		"arn:aws:states:::batch:submitJob.sync": ".Sync",
	})
}
