package lambda

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[Call](map[string]string{
		"arn:aws:states:::lambda:invoke":                  "lambda.Invoke[any]",
		"arn:aws:states:::lambda:invoke.waitForTaskToken": "lambda.WaitForTaskToken[any]",
	})
}
