package glue_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/glue"
)

// A crawl that runs already is waited for; a job that finds no place is tried
// again later.
func Example() {
	start := glue.StartCrawler{Name: asl.Text("flights")}.Task("StartCrawler").
		KeepInput().
		Catch(glue.CrawlerRunning, asl.Continue)
	run := glue.StartJobRun{JobName: asl.Text("load")}.Sync("RunJob").
		Retry(asl.Retrier{Interval: time.Minute, Jitter: true}, glue.ConcurrentRuns)
	d, err := asl.Machine(asl.Chain(start, run).End())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d)
	// Output:
	// {
	//   "StartAt": "StartCrawler",
	//   "States": {
	//     "StartCrawler": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler",
	//       "Parameters": {
	//         "Name": "flights"
	//       },
	//       "ResultPath": null,
	//       "Catch": [
	//         {
	//           "ErrorEquals": [
	//             "Glue.CrawlerRunningException"
	//           ],
	//           "ResultPath": null,
	//           "Next": "RunJob"
	//         }
	//       ],
	//       "Next": "RunJob"
	//     },
	//     "RunJob": {
	//       "Type": "Task",
	//       "Resource": "arn:aws:states:::glue:startJobRun.sync",
	//       "Parameters": {
	//         "JobName": "load"
	//       },
	//       "Retry": [
	//         {
	//           "ErrorEquals": [
	//             "Glue.ConcurrentRunsExceededException"
	//           ],
	//           "IntervalSeconds": 60,
	//           "JitterStrategy": "FULL"
	//         }
	//       ],
	//       "End": true
	//     }
	//   }
	// }
}
