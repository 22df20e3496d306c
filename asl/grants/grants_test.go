package grants_test

import (
	"slices"
	"strings"
	"testing"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/grants"
	"airline/asl/internal/conformance"
	"airline/asl/redshiftdata"
	"airline/asl/sns"
)

var here = grants.Scope{Region: "eu-central-1", Account: "111122223333", StateMachine: "ingest"}

// TestGrantsOfOperations checks the statements of one task each.
func TestGrantsOfOperations(t *testing.T) {
	for _, test := range []struct {
		name, task string
		want       []string // "actions resources [condition]"
	}{
		{"sync job", `"Resource":"arn:aws:states:::glue:startJobRun.sync","Parameters":{"JobName":"load"}`,
			[]string{"glue:BatchStopJobRun,glue:GetJobRun,glue:GetJobRuns,glue:StartJobRun arn:aws:glue:eu-central-1:111122223333:job/load"}},
		{"job, request response", `"Resource":"arn:aws:states:::glue:startJobRun","Parameters":{"JobName.$":"$.job"}`,
			[]string{"glue:StartJobRun arn:aws:glue:eu-central-1:111122223333:job/*"}},
		{"Redshift Data has another prefix", `"Resource":"arn:aws:states:::aws-sdk:redshiftdata:executeStatement","Parameters":{"WorkgroupName":"w","Database":"d","Sql":"select 1"}`,
			[]string{"redshift-data:ExecuteStatement,redshift-serverless:GetCredentials arn:aws:redshift-serverless:eu-central-1:111122223333:workgroup/*"}},
		{"cluster with a secret", `"Resource":"arn:aws:states:::aws-sdk:redshiftdata:executeStatement","Parameters":{"ClusterIdentifier":"c","Database":"d","SecretArn":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-abcdef","Sql":"select 1"}`,
			[]string{
				"redshift-data:ExecuteStatement arn:aws:redshift:eu-central-1:111122223333:cluster:c",
				"secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-abcdef",
			}},
		{"nested execution", `"Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"arn:aws:states:eu-central-1:111122223333:stateMachine:child"}`,
			[]string{
				"events:DescribeRule,events:PutRule,events:PutTargets arn:aws:events:eu-central-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
				"states:DescribeExecution,states:StopExecution arn:aws:states:eu-central-1:111122223333:execution:child:*",
				"states:StartExecution arn:aws:states:eu-central-1:111122223333:stateMachine:child",
			}},
		{"key made of a template", `"Resource":"arn:aws:states:::aws-sdk:s3:getObject","Parameters":{"Bucket":"b","Key.$":"States.Format('loads/{}/m.json', $.id)"}`,
			[]string{"s3:GetObject arn:aws:s3:::b/loads/*/m.json"}},
		{"version of an object", `"Resource":"arn:aws:states:::aws-sdk:s3:getObject","Parameters":{"Bucket":"b","Key":"k","VersionId.$":"$.v"}`,
			[]string{"s3:GetObjectVersion arn:aws:s3:::b/k"}},
		{"versions of some objects", `"Resource":"arn:aws:states:::aws-sdk:s3:deleteObjects","Parameters":{"Bucket":"b","Delete":{"Objects":[{"Key":"a","VersionId":"1"},{"Key":"b"}]}}`,
			[]string{"s3:DeleteObject,s3:DeleteObjectVersion arn:aws:s3:::b/*"}},
		{"versions of all objects", `"Resource":"arn:aws:states:::aws-sdk:s3:deleteObjects","Parameters":{"Bucket":"b","Delete":{"Objects":[{"Key.$":"$.k","VersionId.$":"$.v"}]}}`,
			[]string{"s3:DeleteObjectVersion arn:aws:s3:::b/*"}},
		{"objects without versions", `"Resource":"arn:aws:states:::aws-sdk:s3:deleteObjects","Parameters":{"Bucket":"b","Delete":{"Objects.$":"$.objects"}}`,
			[]string{"s3:DeleteObject arn:aws:s3:::b/*"}},
		{"function by its ARN", `"Resource":"arn:aws:lambda:eu-central-1:111122223333:function:f"`,
			[]string{"lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:f"}},
		{"function with a qualifier", `"Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Qualifier":"live"}`,
			[]string{"lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:f:live"}},
		{"queue by its URL", `"Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/222/q"}`,
			[]string{"sqs:SendMessage arn:aws:sqs:us-east-1:222:q"}},
		{"role of another account", `"Resource":"arn:aws:states:::aws-sdk:s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"Credentials":{"RoleArn":"arn:aws:iam::222:role/r"}`,
			[]string{"sts:AssumeRole arn:aws:iam::222:role/r"}},
		{"role handed on", `"Resource":"arn:aws:states:::emr-serverless:startJobRun","Parameters":{"ApplicationId":"app","ExecutionRoleArn":"arn:aws:iam::222:role/r"}`,
			[]string{
				"emr-serverless:StartJobRun arn:aws:emr-serverless:eu-central-1:111122223333:/applications/app",
				"iam:PassRole arn:aws:iam::222:role/r StringEquals iam:PassedToService emr-serverless.amazonaws.com;",
			}},
		{"events to two buses, one of them the default", `"Resource":"arn:aws:states:::events:putEvents","Parameters":{"Entries":[{"EventBusName":"b","Source":"s"},{"Source":"s"}]}`,
			[]string{"events:PutEvents arn:aws:events:eu-central-1:111122223333:event-bus/b,arn:aws:events:eu-central-1:111122223333:event-bus/default"}},
		{"events to one bus", `"Resource":"arn:aws:states:::events:putEvents","Parameters":{"Entries":[{"EventBusName":"b","Source":"s"},{"EventBusName":"b","Source":"t"}]}`,
			[]string{"events:PutEvents arn:aws:events:eu-central-1:111122223333:event-bus/b"}},
		{"activity", `"Resource":"arn:aws:states:eu-central-1:111122223333:activity:a"`, nil},
		{"unsigned HTTP call", `"Resource":"arn:aws:states:::apigateway:invoke","Parameters":{"ApiEndpoint":"x.execute-api.eu-central-1.amazonaws.com","Method":"GET"}`, nil},
		{"a whole family of operations", `"Resource":"arn:aws:states:::aws-sdk:ec2:describeInstanceTypes","Parameters":{}`,
			[]string{"ec2:DescribeInstanceTypes *"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := ast.ParseString(`{"StartAt":"T","States":{"T":{"Type":"Task",` + test.task + `,"End":true}}}`)
			if err != nil {
				t.Fatal(err)
			}
			grants, err := grants.Of(d, here)
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(grants); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func lines(grants []ast.Grant) []string {
	var out []string
	for _, g := range grants {
		line := strings.Join(g.Actions, ",") + " " + strings.Join(g.Resources, ",")
		for _, c := range g.Conditions {
			line += " " + c.Operator + " " + c.Key + " " + strings.Join(c.Values, ",") + ";"
		}
		out = append(out, line)
	}
	return out
}

// TestGrantsUnknown: an operation that is not known is an error that names it,
// never a wildcard.
func TestGrantsUnknown(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:groundstation:reserveStation","End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	grants, err := grants.Of(d, here)
	if err == nil || !strings.Contains(err.Error(), "groundstation:reserveStation") || !strings.Contains(err.Error(), "/States/T/Resource") {
		t.Errorf("got %v, %v; want an error that names groundstation:reserveStation and /States/T/Resource", grants, err)
	}
}

// TestGrantsDistributedMap: a distributed map runs its own machine.
func TestGrantsDistributedMap(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
		"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"in","Prefix":"a/"}},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"r"}},
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	grants, err := grants.Of(d, here)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"s3:AbortMultipartUpload,s3:GetObject,s3:ListMultipartUploadParts,s3:PutObject arn:aws:s3:::out/r/*",
		"s3:ListBucket arn:aws:s3:::in",
		"states:DescribeExecution,states:StopExecution arn:aws:states:eu-central-1:111122223333:execution:ingest/*",
		"states:StartExecution arn:aws:states:eu-central-1:111122223333:stateMachine:ingest",
	}
	if got := lines(grants); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestGrantsPublished: every published definition gives its grants, or an error
// that names the operation.
func TestGrantsPublished(t *testing.T) {
	for id, text := range conformance.Files(t, "workflows/*.json") {
		d, err := ast.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		grants, err := grants.Of(d, grants.Scope{})
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for _, g := range grants {
			for _, r := range g.Resources {
				if r == "" || strings.Contains(r, "{a}") || strings.Contains(r, "{r}") {
					t.Errorf("%s: %v has the resource %q", id, g.Actions, r)
				}
			}
		}
	}
}

// TestGrantsOfTypedTasks: what parameters do not show, typed tasks add, and what
// is known better narrows the patterns.
func TestGrantsOfTypedTasks(t *testing.T) {
	notify := sns.Publish{
		TopicARN:    asl.Text("arn:aws:sns:eu-central-1:111122223333:loads"),
		TopicKeyARN: "arn:aws:kms:eu-central-1:111122223333:key/k",
		Message:     asl.Text("done"),
	}.Task("Notify")
	load := redshiftdata.ExecuteStatement{
		Target: redshiftdata.Target{
			WorkgroupName: asl.Text("w"), Database: asl.Text("d"),
			WorkgroupARN: "arn:aws:redshift-serverless:eu-central-1:111122223333:workgroup/0a1b",
		},
		SQL: asl.Text("select 1"),
	}.Task("Load")
	other := asl.NewTask[any, any]("Other", asl.SDK("groundstation", "reserveContact"), nil).
		Grant(ast.Grant{Actions: []string{"groundstation:ReserveContact"}, Resources: []string{"*"}})
	d, err := asl.Machine(asl.Chain(load, notify, other).End())
	if err != nil {
		t.Fatal(err)
	}
	grants, err := grants.Of(d, here)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"groundstation:ReserveContact *",
		"kms:Decrypt,kms:GenerateDataKey arn:aws:kms:eu-central-1:111122223333:key/k",
		"redshift-data:ExecuteStatement,redshift-serverless:GetCredentials arn:aws:redshift-serverless:eu-central-1:111122223333:workgroup/0a1b",
		"sns:Publish arn:aws:sns:eu-central-1:111122223333:loads",
	}
	if got := lines(grants); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
