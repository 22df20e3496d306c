package recorded_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshift"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/local/recorder"
	"airline/policy/recorded"
	"airline/policy/rules"
)

// bucketProgram has nothing but a bucket, with a policy that publishes it.
func bucketProgram(ctx *pulumi.Context) error {
	b, err := s3.NewBucketV2(ctx, "uploads", nil)
	if err != nil {
		return err
	}
	_, err = s3.NewBucketPolicy(ctx, "uploads", &s3.BucketPolicyArgs{
		Bucket: b.ID(),
		Policy: pulumi.Sprintf(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "%s/*"}}`, b.Arn),
	})
	return err
}

// queueProgram sends events of CloudTrail to a queue.
func queueProgram(ctx *pulumi.Context) error {
	q, err := sqs.NewQueue(ctx, "jobs", &sqs.QueueArgs{KmsMasterKeyId: pulumi.String("alias/aws/sqs")})
	if err != nil {
		return err
	}
	rule, err := cloudwatch.NewEventRule(ctx, "calls", &cloudwatch.EventRuleArgs{
		EventPattern: pulumi.String(`{"detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventName": ["PutObject"]}}`),
	})
	if err != nil {
		return err
	}
	dead, err := sqs.NewQueue(ctx, "dead", nil)
	if err != nil {
		return err
	}
	_, err = cloudwatch.NewEventTarget(ctx, "jobs", &cloudwatch.EventTargetArgs{
		Rule: rule.Name, Arn: q.Arn,
		DeadLetterConfig: &cloudwatch.EventTargetDeadLetterConfigArgs{Arn: dead.Arn.ToStringPtrOutput()},
	})
	return err
}

// machineProgram has a hand-written state machine in a string, and a role that may do the wrong things.
func machineProgram(ctx *pulumi.Context) error {
	role, err := iam.NewRole(ctx, "worker", &iam.RoleArgs{
		AssumeRolePolicy: pulumi.String(`{"Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`),
		InlinePolicies: iam.RoleInlinePolicyArray{&iam.RoleInlinePolicyArgs{
			Name: pulumi.String("all"), Policy: pulumi.String(`{"Statement": [{"Sid": "Crawl", "Effect": "Allow", "Action": "glue:*", "Resource": "*"}]}`),
		}},
	})
	if err != nil {
		return err
	}
	_, err = sfn.NewStateMachine(ctx, "nightly", &sfn.StateMachineArgs{
		RoleArn: role.Arn,
		Definition: pulumi.String(`{
  "StartAt": "Crawl",
  "States": {
    "Crawl": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler", "Parameters": {"Name": "orders"},
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Look"}], "Next": "Look"},
    "Look": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Name": "orders"}, "Next": "Ready"},
    "Ready": {"Type": "Choice", "Choices": [{"Variable": "$.Crawler.State", "StringEquals": "READY", "Next": "Done"}], "Default": "Pause"},
    "Pause": {"Type": "Wait", "Seconds": 10, "Next": "Look"},
    "Done": {"Type": "Succeed"}
  }
}`),
	})
	return err
}

// clusterProgram is a warehouse as it is in many a tutorial.
func clusterProgram(ctx *pulumi.Context) error {
	_, err := redshift.NewCluster(ctx, "reports", &redshift.ClusterArgs{
		ClusterIdentifier: pulumi.String("reports"), NodeType: pulumi.String("ra3.large"),
		MasterUsername: pulumi.String("awsuser"), MasterPassword: pulumi.String("Hunter2-Hunter2"),
		DatabaseName: pulumi.String("dev"), PubliclyAccessible: pulumi.Bool(true),
	})
	return err
}

// The rules say the right things of programs that were written without them in mind.
func TestForeignStacks(t *testing.T) {
	for name, c := range map[string]struct {
		program pulumi.RunFunc
		want    []string // rules that fire, without the tags
		say     []string // parts of what they say
	}{
		"bucket": {bucketProgram, []string{
			"s3-abort-multipart", "s3-access-log", "s3-cmk", "s3-lifecycle", "s3-no-acls", "s3-no-public-policy", "s3-public-access-block",
			"s3-tls-only", "s3-versioning", "stack-development-lets-go",
		}, []string{"BucketPolicy uploads: policy: Statement[0] allows everybody", "BucketV2 uploads: versions are not kept: the bucket has no BucketVersioningV2"}},
		"queue": {queueProgram, []string{
			"events-dlq-alarms", "events-dlq-policy", "events-key-admits", "events-no-failed-calls", "events-target-retry", "sqs-cmk", "sqs-tls-only",
		}, []string{
			"Queue jobs: kmsMasterKeyId: AWS's own key keeps events.amazonaws.com out", "EventRule calls: eventPattern: calls that failed match, too",
			"Queue dead: its policy does not let rule calls send", "EventRule calls: no alarm tells",
		}},
		"machine": {machineProgram, []string{
			"iam-no-star-resource", "iam-trust-conditioned", "machine-failures-told", "machine-grants-excess", "machine-loops-bounded",
			"machine-names-exist", "machine-retries", "machine-timeout", "sfn-logging", "sfn-tracing",
		}, []string{
			"StateMachine nightly: /States/Crawl/Catch/0: every error may end as a success", "StateMachine nightly: /States/Look/Catch: its errors end the execution",
			"StateMachine nightly: /States/Look: the loop Look -> Ready -> Pause has no end of its own",
			`StateMachine nightly: /States/Crawl/Parameters/Name: the stack has no Crawler "orders"`,
			"Role worker: inlinePolicies[0].policy: Crawl allows glue:* on everything",
		}},
		"cluster": {clusterProgram, []string{
			"redshift-audit-log", "redshift-cmk", "redshift-default-database", "redshift-default-user", "redshift-enhanced-routing", "redshift-final-snapshot-name",
			"redshift-in-vpc", "redshift-private", "redshift-snapshots", "redshift-tls", "stack-development-lets-go",
		}, []string{"Cluster reports: publiclyAccessible: the cluster may be reached from the internet: it is true"}},
	} {
		for _, preview := range []bool{false, true} {
			g, err := recorder.Record(t.Context(), recorder.Options{Dir: "testdata/foreign", Stack: "test", Preview: preview}, c.program)
			if err != nil {
				t.Fatal(err)
			}
			var fired, undecided []string
			var said strings.Builder
			for _, f := range rules.Judge(recorded.Stack(g, "../.."), rules.DefaultSettings(), today).Findings {
				said.WriteString(f.Rule.ID + ": " + f.String() + "\n")
				if f.Rule.ID == "stack-tags" {
					continue
				}
				if f.Verdict == rules.Undecided {
					undecided = append(undecided, f.Rule.ID)
				} else {
					fired = append(fired, f.Rule.ID)
				}
				if f.Resource.File == "" || !strings.HasSuffix(f.Resource.File, "foreign_test.go") {
					t.Errorf("%s: %s is said to be registered in %q", name, f.Resource.Title(), f.Resource.File)
				}
			}
			slices.Sort(fired)
			fired = slices.Compact(fired)
			if !preview && !slices.Equal(fired, c.want) {
				t.Errorf("%s: got  %v\nwant %v\n%s", name, fired, c.want, said.String())
			}
			for _, rule := range c.want {
				if preview && !slices.Contains(fired, rule) && !slices.Contains(undecided, rule) {
					t.Errorf("%s: in a preview %s passes\n%s", name, rule, said.String())
				}
			}
			for _, part := range c.say {
				if !preview && !strings.Contains(said.String(), part) {
					t.Errorf("%s: nobody says %q:\n%s", name, part, said.String())
				}
			}
			if strings.Contains(said.String(), "Hunter2") {
				t.Errorf("%s: a password is shown:\n%s", name, said.String())
			}
		}
	}
}
