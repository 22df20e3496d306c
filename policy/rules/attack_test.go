package rules

import (
	"strings"
	"testing"
)

// keyOfQueue is a dead-letter queue whose key lets EventBridge in under a condition.
func keyOfQueue(condition string) string {
	return `aws:cloudwatch/eventTarget:EventTarget t: {rule: files, arn: "arn:aws:states:eu-west-1:111122223333:stateMachine:m", deadLetterConfig: {arn: "arn:aws:sqs:eu-west-1:111122223333:failed"}}
aws:sqs/queue:Queue failed: {name: failed, kmsMasterKeyId: alias/messages}
aws:kms/alias:Alias messages: {name: alias/messages, targetKeyId: 12ab}
aws:kms/key:Key messages: {keyId: 12ab, policy: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: ["kms:GenerateDataKey*", "kms:Decrypt"], Resource: "*", Condition: ` + condition + `}]}}`
}

// What somebody who wants to get past a rule would try.
func TestWaysAround(t *testing.T) {
	statement := func(s string) string {
		return `aws:iam/rolePolicy:RolePolicy load: {role: load, policy: {Statement: [` + s + `]}}`
	}
	bucket := func(s string) string {
		return `aws:s3/bucketPolicy:BucketPolicy raw: {bucket: raw, policy: {Statement: [` + s + `]}}`
	}
	key := func(s string) string { return `aws:kms/key:Key data: {policy: {Statement: [` + s + `]}}` }
	for _, c := range []struct{ rule, stack string }{
		{"iam-document-valid", statement(`{Effect: Allow, Action: "?*:*", Resource: "arn:aws:s3:::raw"}`)},
		{"iam-document-valid", statement(`{Effect: Allow, Action: "s3:GetObject", Resource: "?*"}`)},
		{"iam-no-star-resource", statement(`{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::*"}`)},
		{"iam-no-star-resource", statement(`{Effect: Allow, Action: ["xray:PutTraceSegments", "xray:*"], Resource: "*"}`)},
		{"iam-passrole-limited", statement(`{Effect: Allow, Action: "iam:Pass*", Resource: "arn:aws:iam::111122223333:role/a", Condition: {StringLike: {"iam:PassedToService": "*"}}}`)},
		{"iam-trust-conditioned", `aws:iam/role:Role r: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: "sts:AssumeRole", Condition: {StringLike: {"aws:SourceArn": "arn:aws:glue:*:*:*"}}}]}}`},
		{"iam-trust-conditioned", `aws:iam/role:Role r: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: "sts:AssumeRole", Condition: {StringEqualsIfExists: {"aws:SourceAccount": "111122223333"}}}]}}`},
		{"s3-no-public-policy", bucket(`{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*", Condition: {StringNotEquals: {"aws:PrincipalOrgID": o-1}}}`)},
		{"s3-no-public-policy", bucket(`{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*", Condition: {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": o-1}}}`)},
		{"s3-no-public-policy", bucket(`{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*", Condition: {StringLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}}`)},
		{"kms-no-star-principal", key(`{Effect: Allow, Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition: {StringEquals: {"kms:ViaService": s3.eu-west-1.amazonaws.com}}}`)},
		{"events-dlq-policy", strings.ReplaceAll(Lookup("events-dlq-policy").Good, "rule/files", "rule/*")},
		{"s3-tls-only", strings.ReplaceAll(Lookup("s3-tls-only").Good, "raw-files/*", "raw-files/public/*")},
		{"s3-tls-only", strings.ReplaceAll(Lookup("s3-tls-only").Good, `{Bool: {"aws:SecureTransport": "false"}}`, `{Bool: {"aws:SecureTransport": "false"}, StringEquals: {"aws:username": nobody}}`)},
		{"s3-abort-multipart", strings.ReplaceAll(Lookup("s3-abort-multipart").Good, "id: leftovers,", "id: leftovers, filter: {prefix: tmp/},")},
		{"machine-grants-missing", strings.ReplaceAll(Lookup("machine-grants-missing").Good, `{role: ingest, policy: {Statement: [`, `{role: ingest, policy: {Statement: [{Effect: Deny, Action: "sns:*", Resource: "*"}, `)},
		{"machine-failures-told", strings.ReplaceAll(Lookup("machine-failures-told").Good, `"arn:aws:states:::sns:publish", Parameters: {TopicArn: "arn:aws:sns:eu-west-1:111122223333:news", Message: failed}`,
			`"arn:aws:states:::aws-sdk:cloudwatch:putMetricData", Parameters: {Namespace: n, MetricData: [{MetricName: failed}]}`)},
		{"sg-no-open-ingress", `aws:ec2/securityGroupRule:SecurityGroupRule r: {type: ingress, ipv6CidrBlocks: ["fd00::/8", "f000::/4"]}`},
		{"sg-no-open-ingress", `aws:ec2/securityGroupRule:SecurityGroupRule r: {type: ingress, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/1"]}`},
		{"glue-job-no-secret", `aws:glue/job:Job load: {defaultArguments: {--url: "jdbc:redshift://u:p@host/db"}}`},
		{"iam-trust-conditioned", `aws:iam/role:Role r: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {AWS: ["*"]}, Action: "sts:AssumeRole"}]}}`},
		{"iam-no-star-resource", statement(`{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::*/*"}`)},
		{"iam-no-star-resource", statement(`{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:*"}`)},
		{"iam-oidc-claims", strings.ReplaceAll(Lookup("iam-oidc-claims").Good, "repo:example/pipeline:*", "repo:exam*")},
		{"s3-no-public-policy", strings.Replace(bucket(`{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*", Condition: {StringEquals: {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}}`),
			"Statement:", `Version: "2012-10-17", Statement:`, 1)},
		{"s3-no-public-policy", `aws:s3/bucketV2:BucketV2 raw: {policy: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*"}]}}`},
		{"s3-cmk", `aws:s3/bucket:Bucket raw: {serverSideEncryptionConfiguration: {rule: {applyServerSideEncryptionByDefault: {sseAlgorithm: AES256}}}}`},
		{"s3-abort-multipart", `aws:s3/bucket:Bucket raw: {lifecycleRules: [{enabled: true, prefix: tmp/, abortIncompleteMultipartUploadDays: 7}]}`},
		{"s3-lifecycle", `aws:s3/bucket:Bucket raw: {lifecycleRules: [{enabled: false, expiration: {days: 7}}]}`},
		{"events-no-failed-calls", `aws:cloudwatch/eventRule:EventRule f: {eventPattern: {source: [aws.s3], detail: {eventName: [PutObject]}}}`},
		{"events-no-failed-calls", `aws:cloudwatch/eventRule:EventRule f: {eventPattern: {detail-type: [{prefix: AWS API}], detail: {eventName: [PutObject]}}}`},
		{"events-bus-policy", strings.ReplaceAll(Lookup("events-bus-policy").Good, `{AWS: "111122223333"}`, `"*"`)},
		{"events-bus-policy", Lookup("events-bus-policy").Good + "\naws:cloudwatch/eventPermission:EventPermission all: {eventBusName: files, principal: '*'}"},
		{"logs-retention", "# of a stack named prod\naws:cloudwatch/logGroup:LogGroup ingest: {retentionInDays: 30}"},
		{"machine-retries", strings.ReplaceAll(Lookup("machine-retries").Good, "[{ErrorEquals: [States.TaskFailed]}]", "[{ErrorEquals: [States.TaskFailed], MaxAttempts: 0}]")},
		{"cloudtrail-not-into-itself", strings.ReplaceAll(strings.ReplaceAll(Lookup("cloudtrail-not-into-itself").Good, "raw-files/incoming/", "raw"), "trail-log", "raw-log")},
		{"events-key-admits", keyOfQueue(`{StringEquals: {"aws:SourceAccount": "111122223333"}}`)},
		{"events-key-admits", keyOfQueue(`{ArnLike: {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/files"}}`)},
		{"redshift-role-trust", strings.ReplaceAll(Lookup("redshift-role-trust").Good, "[redshift.amazonaws.com, redshift-serverless.amazonaws.com]", "redshift.amazonaws.com")},
		{"redshift-role-trust", strings.ReplaceAll(Lookup("redshift-role-trust").Good, "StringLike", "StringEquals")},
		{"redshift-role-trust", strings.ReplaceAll(Lookup("redshift-role-trust").Good, "serverless-111122223333-*", "serverless-444455556666-*")},
		{"redshift-role-trust", `aws:redshift/cluster:Cluster dw: {clusterIdentifier: dw, iamRoles: ["arn:aws:iam::111122223333:role/load"]}
aws:iam/role:Role load: {name: load, assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: redshift.amazonaws.com}, Action: "sts:AssumeRole", Condition: {StringLike: {"sts:ExternalId": "arn:aws:redshift:eu-west-1:111122223333:dbuser:serverless-111122223333-*/*"}}}]}}`},
		{"redshift-statement-repeats", `aws:redshiftdata/statement:Statement s: {sql: "/* tables */ create  role loader"}`},
		{"redshift-statement-repeats", `aws:redshiftdata/statement:Statement s: {sql: "CREATE TABLE a.t (i INT)"}`},
		{"redshift-statement-repeats", `aws:redshiftdata/statement:Statement s: {sql: "create procedure a.p() as 'x' language plpgsql"}`},
		{"redshift-statement-repeats", `aws:redshiftdata/statement:Statement s: {sql: "-- once\nDROP TABLE a.t"}`},
		{"redshift-statement-forgotten", `aws:redshiftdata/statement:Statement s: {sql: "SELECT 1", clusterIdentifier: dw, secretArn: s, options: {ignoreChanges: [sql, clusterIdentifier]}}`},
		{"sqs-cmk", `aws:sqs/queue:Queue q: {kmsMasterKeyId: "arn:aws:kms:eu-west-1:111122223333:alias/aws/sqs"}`},
	} {
		s, settings, err := ParseExample(c.stack)
		if err != nil {
			t.Fatalf("%s: %v", c.rule, err)
		}
		if found := ask(Lookup(c.rule), s, settings); len(verdicts(found, Violation)) == 0 {
			t.Errorf("%s lets this through (%v):\n%s", c.rule, found, c.stack)
		}
	}
}

// Good stacks that are written in another style than ours.
func TestOtherStyles(t *testing.T) {
	const old = "aws:s3/bucket:Bucket raw: "
	bucket := func(s string) string {
		return `aws:s3/bucketPolicy:BucketPolicy raw: {bucket: raw, policy: {Statement: [` + s + `]}}`
	}
	tls := Lookup("s3-tls-only").Good
	for _, c := range []struct{ rule, stack string }{
		{"s3-tls-only", strings.ReplaceAll(tls, "Bool:", "BoolIfExists:")},
		{"s3-tls-only", strings.ReplaceAll(tls, `"false"`, `[false]`)},
		{"s3-tls-only", strings.ReplaceAll(tls, `Principal: "*", Action: "s3:*"`, `Principal: {AWS: ["*"]}, Action: ["S3:*"]`)},
		{"s3-cmk", old + `{serverSideEncryptionConfiguration: {rule: {applyServerSideEncryptionByDefault: {sseAlgorithm: "aws:kms", kmsMasterKeyId: alias/raw}}}}`},
		{"s3-cmk", `aws:s3/bucketV2:BucketV2 raw: {serverSideEncryptionConfigurations: [{rules: [{applyServerSideEncryptionByDefaults: [{sseAlgorithm: "aws:kms", kmsMasterKeyId: alias/raw}]}]}]}`},
		{"s3-versioning", old + `{versioning: {enabled: true}}`},
		{"s3-access-log", old + `{loggings: [{targetBucket: elsewhere}]}`},
		{"s3-lifecycle", old + `{lifecycleRules: [{enabled: true, noncurrentVersionExpiration: {days: 30}}]}`},
		{"s3-lifecycle", `aws:s3/bucketV2:BucketV2 raw: {lifecycleRules: [{enabled: true, expirations: [{days: 30}]}]}`},
		{"s3-abort-multipart", old + `{lifecycleRules: [{enabled: true, abortIncompleteMultipartUploadDays: 7}]}`},
		{"s3-no-public-policy", bucket(`{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*", Condition: {StringLike: {"aws:userid": "AROAEXAMPLE:*"}}}`)},
		{"iam-no-star-resource", `aws:iam/rolePolicy:RolePolicy r: {policy: {Statement: [{Effect: Allow, Action: "lakeformation:GetDataAccess", Resource: "*"}]}}`},
		{"events-no-failed-calls", `aws:cloudwatch/eventRule:EventRule f: {eventPattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [raw]}}}}`},
		{"events-dlq-alarms", strings.ReplaceAll(Lookup("events-dlq-alarms").Good, `{namespace: AWS/SQS, metricName: ApproximateNumberOfMessagesVisible, dimensions: {QueueName: undelivered}}`,
			`{metricQueries: [{id: e, expression: m}, {id: m, metric: {namespace: AWS/SQS, metricName: ApproximateNumberOfMessagesVisible, dimensions: {QueueName: undelivered}}}]}`)},
	} {
		s, settings, err := ParseExample(c.stack)
		if err != nil {
			t.Fatalf("%s: %v", c.rule, err)
		}
		if found := ask(Lookup(c.rule), s, settings); len(found) > 0 {
			t.Errorf("%s refuses %v:\n%s", c.rule, found, c.stack)
		}
	}
}

// Where regions are limited and nothing tells the region, that is said.
func TestRegionNotKnown(t *testing.T) {
	s, settings, err := ParseExample("# allowedRegions: eu-west-1\naws:sqs/queue:Queue q: {}")
	if err != nil {
		t.Fatal(err)
	}
	if found := ask(Lookup("stack-regions"), s, settings); len(verdicts(found, Undecided)) != 1 {
		t.Errorf("got %v, want one that cannot tell", found)
	}
}

// What stands in a secret policy or definition is not quoted.
func TestSecretDocumentsAreNotQuoted(t *testing.T) {
	for _, stack := range []string{
		`aws:iam/rolePolicy:RolePolicy r: {policy: !secret '{"Statement": [{"Effect": "hunter2"}]}'}`,
		`aws:iam/rolePolicy:RolePolicy r: {policy: !secret '{"Statement": [{"Sid": "hunter2", "Effect": "Allow", "Action": "*", "Resource": "*"}]}'}`,
		`aws:sfn/stateMachine:StateMachine m: {definition: !secret '{"StartAt": "hunter2", "States": {"hunter2": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "hunter2"}}}'}`,
	} {
		s, settings, err := ParseExample(stack)
		if err != nil {
			t.Fatal(err)
		}
		report := Judge(s, settings, today)
		if !report.Failed() {
			t.Errorf("nothing is wrong with %s", stack)
		}
		for _, line := range lines(report) {
			if strings.Contains(line, "hunter2") {
				t.Errorf("quoted: %s", line)
			}
		}
	}
}
