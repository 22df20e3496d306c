package events_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/events"
)

// An event for whoever wants to know.
func Example() {
	tell := events.PutEvents{Entries: []events.Entry{{
		Source:     asl.Text("airline"),
		DetailType: asl.Text("LoadDone"),
		Detail:     asl.Object{"execution": asl.Context.Execution.Name},
	}}}.Task("Tell")
	d, err := asl.Machine(tell.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Tell",
	//   "States": {
	//     "Tell": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::events:putEvents",
	//       "Parameters": {
	//         "Entries": [
	//           {
	//             "Source": "airline",
	//             "DetailType": "LoadDone",
	//             "Detail": {
	//               "execution.$": "$$.Execution.Name"
	//             }
	//           }
	//         ]
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
