package redshiftdata_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/redshiftdata"
)

// A statement is submitted, then asked about until it is finished.
func Example() {
	id := asl.Var[string]("statement")
	submit := redshiftdata.ExecuteStatement{
		Target: redshiftdata.Target{WorkgroupName: asl.Text("airline"), Database: asl.Text("dev")},
		SQL:    asl.Text("CALL refresh()"),
	}.Task("Submit").
		KeepInput().
		Save(asl.Into(id, func(o *redshiftdata.StatementOutput) *string { return &o.ID }))
	finished := asl.Poll(redshiftdata.DescribeStatement{ID: id}.Task("Describe"), asl.PollSpec{
		Every: 5 * time.Second, Within: time.Hour,
		Until:   asl.Eq(asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *redshiftdata.Status { return &o.Status }), redshiftdata.Finished),
		Expired: asl.Fail("TookTooLong", asl.FailSpec{}),
	})
	d, err := asl.Machine(asl.Chain(submit, finished).End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Submit",
	//   "States": {
	//     "Submit": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement",
	//       "Parameters": {
	//         "WorkgroupName": "airline",
	//         "Database": "dev",
	//         "Sql": "CALL refresh()"
	//       },
	//       "ResultPath": null,
	//       "Assign": {
	//         "statement.$": "$.Id"
	//       },
	//       "Next": "DescribeBegin"
	//     },
	//     "DescribeBegin": {
	//       "Type": "Pass",
	//       "Assign": {
	//         "Describe_polls": 0
	//       },
	//       "Next": "DescribeWait"
	//     },
	//     "DescribeWait": {
	//       "Type": "Wait",
	//       "Seconds": 5,
	//       "Next": "Describe"
	//     },
	//     "Describe": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::aws-sdk:redshiftdata:describeStatement",
	//       "Parameters": {
	//         "Id.$": "$statement"
	//       },
	//       "ResultPath": null,
	//       "Assign": {
	//         "Describe_polls.$": "States.MathAdd($Describe_polls, 1)",
	//         "Describe.$": "$"
	//       },
	//       "Next": "DescribeCheck"
	//     },
	//     "DescribeCheck": {
	//       "Type": "Choice",
	//       "Choices": [
	//         {
	//           "Variable": "$Describe.Status",
	//           "StringEquals": "FINISHED",
	//           "Next": "DescribeDone"
	//         },
	//         {
	//           "Variable": "$Describe_polls",
	//           "NumericGreaterThanEquals": 720,
	//           "Next": "TookTooLong"
	//         }
	//       ],
	//       "Default": "DescribeWait"
	//     },
	//     "DescribeDone": {
	//       "Type": "Succeed"
	//     },
	//     "TookTooLong": {
	//       "Type": "Fail"
	//     }
	//   }
	// }
}
