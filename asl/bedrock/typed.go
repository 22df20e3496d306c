package bedrock

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[InvokeModel](map[string]string{
		"arn:aws:states:::bedrock:invokeModel": "bedrock.Invoke[any]",
	})
}
