package sqs_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/sqs"
)

// A person answers with the token within a day.
func Example() {
	ask := sqs.WaitForTaskToken[struct{ Approved bool }](sqs.SendMessage{
		QueueURL:    asl.Text("https://sqs.eu-central-1.amazonaws.com/111122223333/approvals"),
		MessageBody: asl.Object{"token": asl.Context.Task.Token},
	}, "Ask").Timeout(24 * time.Hour)
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
	//       "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
	//       "Parameters": {
	//         "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/approvals",
	//         "MessageBody": {
	//           "token.$": "$$.Task.Token"
	//         }
	//       },
	//       "TimeoutSeconds": 86400,
	//       "End": true
	//     }
	//   }
	// }
}
