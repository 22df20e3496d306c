package emrserverless_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/emrserverless"
)

// A Spark job runs to its end.
func Example() {
	run := emrserverless.StartJobRun{
		ApplicationID:    asl.Text("00abc"),
		ExecutionRoleARN: asl.Text("arn:aws:iam::111122223333:role/job"),
		JobDriver: emrserverless.JobDriver{SparkSubmit: &emrserverless.SparkSubmit{
			EntryPoint: asl.Text("s3://scripts/load.py"),
		}},
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
	//       "Resource": "arn:aws:states:::emr-serverless:startJobRun.sync",
	//       "Parameters": {
	//         "ApplicationId": "00abc",
	//         "ExecutionRoleArn": "arn:aws:iam::111122223333:role/job",
	//         "JobDriver": {
	//           "SparkSubmit": {
	//             "EntryPoint": "s3://scripts/load.py"
	//           }
	//         }
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
