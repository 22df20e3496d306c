package athena_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/athena"
)

// A query runs to its end.
func Example() {
	count := athena.StartQueryExecution{
		QueryString: asl.Text("select count(*) from flights"),
		WorkGroup:   asl.Text("reports"),
	}.Sync("Count")
	d, err := asl.Machine(count.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Count",
	//   "States": {
	//     "Count": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
	//       "Parameters": {
	//         "QueryString": "select count(*) from flights",
	//         "WorkGroup": "reports"
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
