package http_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/http"
)

// The connection holds the secrets.
func Example() {
	charge := http.Invoke[struct{ ID string }](http.Request{
		Endpoint:   asl.Text("https://api.example.com/charges"),
		Method:     asl.Text("POST"),
		Connection: asl.Text("arn:aws:events:eu-central-1:111122223333:connection/example/0"),
		Body:       asl.Object{"amount": 100},
	}, "Charge").Retry(asl.Retrier{}, http.StatusTooManyRequests)
	d, err := asl.Machine(charge.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Charge",
	//   "States": {
	//     "Charge": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::http:invoke",
	//       "Parameters": {
	//         "ApiEndpoint": "https://api.example.com/charges",
	//         "Method": "POST",
	//         "RequestBody": {
	//           "amount": 100
	//         },
	//         "Authentication": {
	//           "ConnectionArn": "arn:aws:events:eu-central-1:111122223333:connection/example/0"
	//         }
	//       },
	//       "Retry": [
	//         {
	//           "ErrorEquals": [
	//             "States.Http.StatusCode.429"
	//           ]
	//         }
	//       ],
	//       "End": true
	//     }
	//   }
	// }
}
