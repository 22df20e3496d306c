package dynamodb_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/dynamodb"
)

// Only one execution gets the lock.
func Example() {
	lock := dynamodb.PutItem{
		TableName:           asl.Text("locks"),
		Item:                dynamodb.Item{"id": dynamodb.S(asl.Context.Execution.Name)},
		ConditionExpression: asl.Text("attribute_not_exists(id)"),
	}.Task("Lock").
		Catch(dynamodb.PutConditionFailed, asl.Fail("Busy", asl.FailSpec{}))
	d, err := asl.Machine(lock.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "Lock",
	//   "States": {
	//     "Lock": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::dynamodb:putItem",
	//       "Parameters": {
	//         "TableName": "locks",
	//         "Item": {
	//           "id": {
	//             "S.$": "$$.Execution.Name"
	//           }
	//         },
	//         "ConditionExpression": "attribute_not_exists(id)"
	//       },
	//       "Catch": [
	//         {
	//           "ErrorEquals": [
	//             "DynamoDB.ConditionalCheckFailedException"
	//           ],
	//           "Next": "Busy"
	//         }
	//       ],
	//       "End": true
	//     },
	//     "Busy": {
	//       "Type": "Fail"
	//     }
	//   }
	// }
}
