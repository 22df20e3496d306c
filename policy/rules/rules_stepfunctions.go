package rules

func stepFunctionsRules() []*Rule {
	return []*Rule{
		{
			ID: "sfn-logging", Title: "A state machine logs its executions with their data", Level: Mandatory,
			Why:      "The console forgets executions after 90 days, and without data nobody can tell what failed.",
			Fix:      "set loggingConfiguration with level ALL, includeExecutionData true and a logDestination",
			Controls: []string{"StepFunctions.1", "CKV_AWS_285"},
			Types:    []string{typeMachine},
			resource: func(j *judge, r *Resource) {
				j.must(r, "loggingConfiguration.level", isText("ALL", "ERROR", "FATAL"), "executions are not logged")
				j.must(r, "loggingConfiguration.includeExecutionData", is(true), "the log has no data")
				j.set(r, "loggingConfiguration.logDestination", "the log has no destination")
			},
			Good: `aws:sfn/stateMachine:StateMachine ingest:
  loggingConfiguration: {level: ALL, includeExecutionData: true, logDestination: "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/ingest:*"}`,
			Bad: `aws:sfn/stateMachine:StateMachine ingest:
  loggingConfiguration: {level: "OFF", includeExecutionData: true, logDestination: "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/ingest:*"}`,
		},
		{
			ID: "sfn-tracing", Title: "A state machine is traced with X-Ray", Level: Mandatory,
			Why:      "A trace shows which service was slow.",
			Fix:      "set tracingConfiguration.enabled to true",
			Controls: []string{"CKV_AWS_284"},
			Types:    []string{typeMachine},
			resource: mustHave("tracingConfiguration.enabled", is(true), "executions are not traced"),
			Good:     `aws:sfn/stateMachine:StateMachine ingest: {tracingConfiguration: {enabled: true}}`,
			Bad:      `aws:sfn/stateMachine:StateMachine ingest: {}`,
		},
	}
}
