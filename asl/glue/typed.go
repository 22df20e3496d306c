package glue

import (
	"airline/asl"
	"airline/asl/internal/typed"
)

// How code that is generated writes the tasks.
func init() {
	typed.Register[StartJobRun](map[string]string{
		"arn:aws:states:::glue:startJobRun":      ".Task",
		"arn:aws:states:::glue:startJobRun.sync": ".Sync",
	})
	typed.Register[StartCrawler](map[string]string{
		asl.SDK("glue", "startCrawler"): ".Task",
	})
	typed.Register[GetCrawler](map[string]string{
		asl.SDK("glue", "getCrawler"): ".Task",
	})
	typed.Register[StopCrawler](map[string]string{
		asl.SDK("glue", "stopCrawler"): ".Task",
	})
	typed.Register[GetTable](map[string]string{
		asl.SDK("glue", "getTable"): ".Task",
	})
	typed.Register[BatchGetPartition](map[string]string{
		asl.SDK("glue", "batchGetPartition"): ".Task",
	})
	typed.Register[BatchCreatePartition](map[string]string{
		asl.SDK("glue", "batchCreatePartition"): ".Task",
	})
	typed.Register[GetJobRun](map[string]string{
		asl.SDK("glue", "getJobRun"): ".Task",
	})
}
