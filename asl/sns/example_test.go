package sns_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/sns"
)

// A message is a document; Step Functions makes a text of it.
func Example() {
	publish := sns.Publish{
		TopicARN: asl.Text("arn:aws:sns:eu-central-1:111122223333:loads"),
		Message:  asl.Object{"machine": asl.Context.StateMachine.Name, "input": asl.Input[any]()},
	}.Task("Notify")
	d, err := asl.Machine(publish.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Notify",
	//   "States": {
	//     "Notify": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::sns:publish",
	//       "Parameters": {
	//         "TopicArn": "arn:aws:sns:eu-central-1:111122223333:loads",
	//         "Message": {
	//           "input.$": "$",
	//           "machine.$": "$$.StateMachine.Name"
	//         }
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
