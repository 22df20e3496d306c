package rules

func watchRules() []*Rule {
	return []*Rule{
		{
			ID: "logs-retention", Title: "A log group says how long it keeps its log, and keeps it long enough", Level: Mandatory,
			Why:      "Left out, the log is kept and paid for for ever; too short, it is gone before anybody asks.",
			Fix:      "set retentionInDays to at least the configured retention.logDays, or productionLogDays",
			Controls: []string{"CloudWatch.16", "CKV_AWS_66", "CKV_AWS_338"},
			Types:    []string{typeLogGroup},
			resource: func(j *judge, r *Resource) {
				days := j.settings.Retention.LogDays
				if j.settings.production(j.Stack.Name) {
					days = j.settings.Retention.ProductionLogDays
				}
				j.must(r, "retentionInDays", atLeast(float64(days)), "the log is not kept for a time that was decided and is long enough")
			},
			Good: `aws:cloudwatch/logGroup:LogGroup ingest: {retentionInDays: 30}`,
			Bad:  `aws:cloudwatch/logGroup:LogGroup ingest: {}`,
		},
		{
			ID: "logs-cmk", Title: "A log group is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "Logs hold the data of executions; only a key of one's own can be taken away from a reader.",
			Fix:      "set kmsKeyId",
			Controls: []string{"CKV_AWS_158"},
			Types:    []string{typeLogGroup},
			resource: encryptedWith("kmsKeyId"),
			Good:     `aws:cloudwatch/logGroup:LogGroup ingest: {kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad:      `aws:cloudwatch/logGroup:LogGroup ingest: {}`,
		},
		{
			ID: "alarm-actions", Title: "An alarm tells somebody", Level: Mandatory,
			Why:      "An alarm without an action is a colour in a console.",
			Fix:      "set alarmActions, and leave actionsEnabled true",
			Controls: []string{"CloudWatch.15", "CloudWatch.17", "CKV_AWS_319"},
			Types:    []string{typeAlarm},
			resource: func(j *judge, r *Resource) {
				j.may(r, "actionsEnabled", is(true), "the alarm's actions are switched off")
				j.set(r, "alarmActions", "the alarm tells nobody")
			},
			Good: `aws:cloudwatch/metricAlarm:MetricAlarm late: {alarmActions: ["arn:aws:sns:eu-west-1:111122223333:news"]}`,
			Bad:  `aws:cloudwatch/metricAlarm:MetricAlarm late: {actionsEnabled: false, alarmActions: ["arn:aws:sns:eu-west-1:111122223333:news"]}`,
		},
	}
}
