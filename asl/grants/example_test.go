package grants_test

import (
	"fmt"

	"airline/asl"
	"airline/asl/glue"
	"airline/asl/grants"
)

// What the machine's role must be allowed follows from its tasks.
func ExampleOf() {
	d, err := asl.Machine(glue.StartJobRun{JobName: asl.Text("load")}.Sync("Run").End())
	if err != nil {
		fmt.Println(err)
		return
	}
	allowed, err := grants.Of(d, grants.Scope{Region: "eu-central-1", Account: "111122223333", StateMachine: "ingest"})
	fmt.Println(allowed, err)
	// Output:
	// [{[glue:BatchStopJobRun glue:GetJobRun glue:GetJobRuns glue:StartJobRun] [arn:aws:glue:eu-central-1:111122223333:job/load] []}] <nil>
}
