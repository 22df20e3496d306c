package cloudwatch_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/cloudwatch"
)

// A machine counts what it refused.
func Example() {
	count := cloudwatch.PutMetricData{
		Namespace: asl.Text("orders"),
		MetricData: []cloudwatch.Datum{{
			MetricName: asl.Text("Refused"),
			Dimensions: []cloudwatch.Dimension{{Name: "Shop", Value: asl.Text("north")}},
			Value:      asl.Num(1),
		}},
	}.Task("CountRefused")
	d, err := asl.Machine(count.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "CountRefused",
	//   "States": {
	//     "CountRefused": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::aws-sdk:cloudwatch:putMetricData",
	//       "Parameters": {
	//         "Namespace": "orders",
	//         "MetricData": [
	//           {
	//             "MetricName": "Refused",
	//             "Dimensions": [
	//               {
	//                 "Name": "Shop",
	//                 "Value": "north"
	//               }
	//             ],
	//             "Value": 1
	//           }
	//         ]
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
