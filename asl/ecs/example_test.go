package ecs_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/ecs"
)

// A container runs to its end.
func Example() {
	run := ecs.RunTask{
		Cluster:        asl.Text("jobs"),
		TaskDefinition: asl.Text("load:3"),
		LaunchType:     asl.Text("FARGATE"),
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
	//       "Resource": "arn:aws:states:::ecs:runTask.sync",
	//       "Parameters": {
	//         "Cluster": "jobs",
	//         "TaskDefinition": "load:3",
	//         "LaunchType": "FARGATE"
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
