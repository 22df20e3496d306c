package emrserverless

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[StartJobRun](map[string]string{
		"arn:aws:states:::emr-serverless:startJobRun":      ".Task",
		"arn:aws:states:::emr-serverless:startJobRun.sync": ".Sync",
	})
}
