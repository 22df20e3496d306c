package lambda_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/lambda"
)

// A function's own error is caught by its name.
func Example() {
	price := lambda.Invoke[struct{ Cents int }](lambda.Call{
		FunctionName: asl.Text("price"),
		Payload:      asl.Object{"flight": asl.Member[string](asl.Input[any](), "flight")},
	}, "Price").
		Retry(asl.Retrier{Interval: 2 * time.Second, MaxAttempts: 6}, lambda.Transient()...).
		Catch("SoldOut", asl.Succeed("NoOffer"))
	d, err := asl.Machine(price.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Price",
	//   "States": {
	//     "Price": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::lambda:invoke",
	//       "Parameters": {
	//         "FunctionName": "price",
	//         "Payload": {
	//           "flight.$": "$.flight"
	//         }
	//       },
	//       "Retry": [
	//         {
	//           "ErrorEquals": [
	//             "Lambda.ServiceException",
	//             "Lambda.AWSLambdaException",
	//             "Lambda.SdkClientException",
	//             "Lambda.TooManyRequestsException"
	//           ],
	//           "IntervalSeconds": 2,
	//           "MaxAttempts": 6
	//         }
	//       ],
	//       "Catch": [
	//         {
	//           "ErrorEquals": [
	//             "SoldOut"
	//           ],
	//           "Next": "NoOffer"
	//         }
	//       ],
	//       "End": true
	//     },
	//     "NoOffer": {
	//       "Type": "Succeed"
	//     }
	//   }
	// }
}
