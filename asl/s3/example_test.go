package s3_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/s3"
)

// The rows of a CSV object, a hundred at a time.
func Example() {
	each := asl.DistributedMap("EachRow", asl.DistributedSpec{
		ItemReader:   s3.CSV(s3.Where{Bucket: asl.Text("raw"), Key: asl.Text("airports.csv")}),
		ResultWriter: s3.Results(s3.Where{Bucket: asl.Text("out"), Prefix: asl.Text("airports")}),
		ItemBatcher:  &asl.ItemBatcher{MaxItemsPerBatch: asl.Int(100)},
	}, asl.Pass("Row").End())
	d, err := asl.Machine(each.End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "EachRow",
	//   "States": {
	//     "EachRow": {
	//       "Type": "Map",
	//       "ItemReader": {
	//         "Resource": "arn:aws:states:::s3:getObject",
	//         "ReaderConfig": {
	//           "InputType": "CSV",
	//           "CSVHeaderLocation": "FIRST_ROW"
	//         },
	//         "Parameters": {
	//           "Bucket": "raw",
	//           "Key": "airports.csv"
	//         }
	//       },
	//       "ItemBatcher": {
	//         "MaxItemsPerBatch": 100
	//       },
	//       "ItemProcessor": {
	//         "ProcessorConfig": {
	//           "Mode": "DISTRIBUTED",
	//           "ExecutionType": "STANDARD"
	//         },
	//         "StartAt": "Row",
	//         "States": {
	//           "Row": {
	//             "Type": "Pass",
	//             "End": true
	//           }
	//         }
	//       },
	//       "ResultWriter": {
	//         "Resource": "arn:aws:states:::s3:putObject",
	//         "Parameters": {
	//           "Bucket": "out",
	//           "Prefix": "airports"
	//         }
	//       },
	//       "End": true
	//     }
	//   }
	// }
}
