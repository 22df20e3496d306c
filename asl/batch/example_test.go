package batch_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/batch"
)

// A job runs to its end.
func Example() {
	run := batch.SubmitJob{
		JobName:       asl.Text("load"),
		JobQueue:      asl.Text("night"),
		JobDefinition: asl.Text("load:3"),
		RetryStrategy: &batch.RetryStrategy{Attempts: asl.Int(2)},
	}.Sync("Run")
	d, err := asl.Machine(run.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Run",
	//   "States": {
	//     "Run": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::batch:submitJob.sync",
	//       "Parameters": {
	//         "JobName": "load",
	//         "JobQueue": "night",
	//         "JobDefinition": "load:3",
	//         "RetryStrategy": {
	//           "Attempts": 2
	//         }
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
