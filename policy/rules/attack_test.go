package rules

import (
	"strings"
	"testing"
)

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
		{"iam-no-admin", statement(`{Effect: Allow, Action: "?*:*", Resource: "arn:aws:s3:::raw"}`)},
		{"iam-no-star-resource", statement(`{Effect: Allow, Action: "s3:GetObject", Resource: "?*"}`)},
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
		{"sg-no-open-ingress", `aws:ec2/securityGroupRule:SecurityGroupRule r: {type: ingress, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/1"]}`},
		{"glue-job-no-secret", `aws:glue/job:Job load: {defaultArguments: {--url: "jdbc:redshift://u:p@host/db"}}`},
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

// What stands in a secret policy or definition is not quoted.
func TestSecretDocumentsAreNotQuoted(t *testing.T) {
	for _, stack := range []string{
		`aws:iam/rolePolicy:RolePolicy r: {policy: !secret '{"Statement": [{"Effect": "hunter2"}]}'}`,
		`aws:iam/rolePolicy:RolePolicy r: {policy: !secret '{"Statement": [{"Sid": "hunter2", "Effect": "Allow", "Action": "*", "Resource": "*"}]}'}`,
		`aws:sfn/stateMachine:StateMachine m: {definition: !secret '{"StartAt": "hunter2", "States": {"A": {"Type": "Pass", "Next": "hunter2"}}}'}`,
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
