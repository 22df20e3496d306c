package sfn_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/sfn"
)

// The child's output comes back as JSON.
func Example() {
	child := sfn.Sync[struct{ Rows int }](sfn.StartExecution{
		StateMachineARN: asl.Text("arn:aws:states:eu-central-1:111122223333:stateMachine:report"),
		Input:           asl.Object{"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": asl.Context.Execution.ID},
	}, "Report")
	d, err := asl.Machine(child.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Report",
	//   "States": {
	//     "Report": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::states:startExecution.sync:2",
	//       "Parameters": {
	//         "StateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:report",
	//         "Input": {
	//           "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"
	//         }
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
