package sdk_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"

	"airline/asl"
	"airline/asl/sdk"
)

type event struct {
	Name string `json:"name"`
}

// A snapshot of a namespace, whose name comes with the event; its status is kept.
func Example() {
	type create = redshiftserverless.CreateSnapshotInput
	type created = redshiftserverless.CreateSnapshotOutput
	status := asl.Var[types.SnapshotStatus]("status")
	snapshot := sdk.Task[create, created]("Snapshot", create{NamespaceName: aws.String("airline"), RetentionPeriod: aws.Int32(7)},
		sdk.Set(func(in *create) *string { return in.SnapshotName }, asl.At(func(e *event) *string { return &e.Name })),
	).
		Assign(asl.Let(status, sdk.ResultAt(func(out *created) *types.SnapshotStatus { return &out.Snapshot.Status }))).
		Retry(asl.Retrier{Interval: time.Minute, Jitter: true}, sdk.Error[create, types.ConflictException]()).
		Catch(sdk.Error[create, types.ServiceQuotaExceededException](), asl.Fail("Full", asl.FailSpec{Error: asl.Text("Full")}))
	d, err := asl.Machine(asl.Chain(snapshot).End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Snapshot",
	//   "States": {
	//     "Snapshot": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::aws-sdk:redshiftserverless:createSnapshot",
	//       "Parameters": {
	//         "NamespaceName": "airline",
	//         "RetentionPeriod": 7,
	//         "SnapshotName.$": "$.name"
	//       },
	//       "Assign": {
	//         "status.$": "$.Snapshot.Status"
	//       },
	//       "Retry": [
	//         {
	//           "ErrorEquals": [
	//             "RedshiftServerless.ConflictException"
	//           ],
	//           "IntervalSeconds": 60,
	//           "JitterStrategy": "FULL"
	//         }
	//       ],
	//       "Catch": [
	//         {
	//           "ErrorEquals": [
	//             "RedshiftServerless.ServiceQuotaExceededException"
	//           ],
	//           "Next": "Full"
	//         }
	//       ],
	//       "End": true
	//     },
	//     "Full": {
	//       "Type": "Fail",
	//       "Error": "Full"
	//     }
	//   }
	// }
}
