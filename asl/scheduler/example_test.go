package scheduler_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/scheduler"
)

// A reminder for later.
func Example() {
	remind := scheduler.CreateSchedule{
		Name:               asl.Text("reminder"),
		ScheduleExpression: asl.Text("at(2026-01-31T12:00:00)"),
		FlexibleTimeWindow: scheduler.FlexibleTimeWindow{Mode: asl.Text("OFF")},
		Target: scheduler.Target{
			ARN:     asl.Text("arn:aws:sqs:eu-central-1:111122223333:reminders"),
			RoleARN: asl.Text("arn:aws:iam::111122223333:role/scheduler"),
		},
	}.Task("Remind")
	d, err := asl.Machine(remind.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Remind",
	//   "States": {
	//     "Remind": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::aws-sdk:scheduler:createSchedule",
	//       "Parameters": {
	//         "Name": "reminder",
	//         "ScheduleExpression": "at(2026-01-31T12:00:00)",
	//         "FlexibleTimeWindow": {
	//           "Mode": "OFF"
	//         },
	//         "Target": {
	//           "Arn": "arn:aws:sqs:eu-central-1:111122223333:reminders",
	//           "RoleArn": "arn:aws:iam::111122223333:role/scheduler"
	//         }
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
