package bedrock_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/bedrock"
)

// A model answers.
func Example() {
	ask := bedrock.Invoke[any](bedrock.InvokeModel{
		ModelID: asl.Text("anthropic.claude-3-haiku-20240307-v1:0"),
		Body:    asl.Object{"prompt": "Say when."},
	}, "Ask").Retry(asl.Retrier{Jitter: true}, bedrock.Throttling)
	d, err := asl.Machine(ask.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Ask",
	//   "States": {
	//     "Ask": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::bedrock:invokeModel",
	//       "Parameters": {
	//         "ModelId": "anthropic.claude-3-haiku-20240307-v1:0",
	//         "Body": {
	//           "prompt": "Say when."
	//         }
	//       },
	//       "Retry": [
	//         {
	//           "ErrorEquals": [
	//             "Bedrock.ThrottlingException"
	//           ],
	//           "JitterStrategy": "FULL"
	//         }
	//       ],
	//       "End": true
	//     }
	//   }
	// }
}
