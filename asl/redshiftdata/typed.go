package redshiftdata

import (
	"airline/asl"
	"airline/asl/internal/typed"
)

// How code that is generated writes the tasks.
func init() {
	typed.Register[BatchExecuteStatement](map[string]string{
		asl.SDK("redshiftdata", "batchExecuteStatement"): ".Task",
	})
	typed.Register[ExecuteStatement](map[string]string{
		asl.SDK("redshiftdata", "executeStatement"): ".Task",
	})
	typed.Register[DescribeStatement](map[string]string{
		asl.SDK("redshiftdata", "describeStatement"): ".Task",
	})
	typed.Register[GetStatementResult](map[string]string{
		asl.SDK("redshiftdata", "getStatementResult"): ".Task",
	})
	typed.Register[CancelStatement](map[string]string{
		asl.SDK("redshiftdata", "cancelStatement"): ".Task",
	})
}
