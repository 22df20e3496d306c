package sns

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[Publish](map[string]string{
		"arn:aws:states:::sns:publish":                  ".Task",
		"arn:aws:states:::sns:publish.waitForTaskToken": "sns.WaitForTaskToken[any]",
	})
}
