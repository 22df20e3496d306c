package athena

import "airline/asl/internal/typed"

// How code that is generated writes the tasks.
func init() {
	typed.Register[StartQueryExecution](map[string]string{
		"arn:aws:states:::athena:startQueryExecution":      ".Task",
		"arn:aws:states:::athena:startQueryExecution.sync": ".Sync",
	})
	typed.Register[GetQueryResults](map[string]string{
		"arn:aws:states:::athena:getQueryResults": ".Task",
	})
}
