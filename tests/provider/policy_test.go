package provider

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshiftserverless"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/infra"
	"airline/policy/rules"
)

// violation is what the engine tells of a policy.
type violation struct {
	Message string `json:"message"`
	URN     string `json:"resourceUrn"`
	Policy  string `json:"policyName"`
	Pack    string `json:"policyPackName"`
	Level   string `json:"enforcementLevel"`
}

// judge previews the stack with the pack, and returns what the engine told of it, and whether the preview passed.
func (d *deployment) judge(config string) (told []violation, out string, err error) {
	d.t.Helper()
	pack, err := filepath.Abs(filepath.Join(root, "policy"))
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Setenv("PULUMI_DEBUG_COMMANDS", "true") // which has the flag --event-log
	log := filepath.Join(d.t.TempDir(), "events")
	d.t.Setenv("PULUMI_OPTION_POLICY_PACK", pack) // the form in which the deployment settings have it
	args := []string{"preview", "--client", d.host, "--event-log", log}
	if config != "" {
		file := filepath.Join(d.t.TempDir(), "config.json")
		if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
			d.t.Fatal(err)
		}
		args = append(args, "--policy-pack-config", file)
	}
	out, err = d.try(args...)
	events, openErr := os.Open(log)
	if openErr != nil {
		return nil, out, err // refused before anything was registered
	}
	defer events.Close()
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var event struct {
			Policy *violation `json:"policyEvent"`
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			d.t.Fatalf("reading the events: %v", err)
		}
		if event.Policy != nil {
			told = append(told, *event.Policy)
		}
	}
	return told, out, err
}

// rulesOf are the policies that were broken, each once.
func rulesOf(told []violation) []string {
	var out []string
	for _, v := range told {
		out = append(out, v.Policy)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Our stack breaks no rule in the real engine, with either trigger, kind of warehouse and engine. All shapes are judged without one, by
// infra's TestNoShapeBreaksARule.
func TestPolicyOfOurStack(t *testing.T) {
	for name, shape := range map[string]struct {
		stack    string
		settings map[string]string
	}{
		"dev cloudtrail": {"dev", map[string]string{"trigger": "cloudtrail"}},
		"dev small":      {"dev", map[string]string{"engine": "auto", "batchSeconds": "60", "webhooks[0]": "https://example.com/hook"}},
		"prod":           {"prod", map[string]string{"warehouse": "provisioned", "lakeFormation": "location"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeployment(t, shape.stack, shape.settings)
			told, out, err := d.judge("")
			if err != nil {
				t.Fatalf("the preview fails: %v\n%s", err, out)
			}
			for _, v := range told {
				if v.Policy == rules.UndecidedID && v.Level == "advisory" {
					t.Logf("%s", v.Message)
					continue
				}
				t.Errorf("%s (%s) %s: %s", v.Policy, v.Level, v.URN, v.Message)
			}
			if !strings.Contains(out, "airline-policy") {
				t.Errorf("the preview does not mention the pack:\n%s", out)
			}
		})
	}
}

// broken is our program with one thing wrong for each of a dozen rules, of a single resource and of the whole stack.
func broken(ctx *pulumi.Context) error {
	if err := ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		switch p := args.Props.(type) {
		case *s3.BucketVersioningV2Args:
			p.VersioningConfiguration = &s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Suspended")}
		case *s3.BucketPublicAccessBlockArgs:
			p.RestrictPublicBuckets = pulumi.Bool(false)
		case *kms.KeyArgs:
			p.EnableKeyRotation = pulumi.Bool(false)
		case *glue.JobArgs:
			p.GlueVersion = pulumi.String("2.0")
			p.DefaultArguments = pulumi.StringMap{"--password": pulumi.ToSecret(pulumi.String("Hunter2-Hunter2")).(pulumi.StringOutput)}
		case *glue.CrawlerArgs:
			p.SchemaChangePolicy = nil
		case *sns.TopicArgs:
			p.KmsMasterKeyId = pulumi.String("alias/aws/sns")
		case *sqs.QueuePolicyArgs:
			p.Policy = pulumi.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}`)
		case *cloudwatch.EventTargetArgs:
			p.RetryPolicy = nil
		case *cloudwatch.LogGroupArgs:
			p.RetentionInDays = nil
		case *cloudwatch.MetricAlarmArgs:
			p.MetricName = pulumi.String("NumberOfMessagesSent")
		case *iam.RolePolicyArgs:
			if args.Name == "ingest-flights" {
				p.Policy = pulumi.String(`{"Version": "2012-10-17", "Statement": [{"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}]}`)
			}
		case *sfn.StateMachineArgs:
			if args.Name == "ingest-flights" {
				p.Definition = pulumi.String(`{"StartAt": "Run", "States": {"Run": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "gone"}, "End": true}}}`)
			}
		case *redshiftserverless.WorkgroupArgs:
			p.PubliclyAccessible = pulumi.Bool(true)
		case *redshiftserverless.UsageLimitArgs:
			p.UsageType = pulumi.String("cross-region-datasharing")
		default:
			return nil
		}
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	}); err != nil {
		return err
	}
	return infra.Program(ctx)
}

// wantBroken are the rules that the broken program breaks. The engine asks about the first before it makes the resource, and
// about the others at the end, with the whole stack.
var wantBroken = []string{
	"events-target-retry", "glue-crawler-deletes", "glue-job-no-secret", "glue-version", "iam-no-admin", "kms-rotation", "logs-retention",
	"machine-failures-told", "machine-retries", "machine-timeout", "serverless-private", "sns-cmk", "sqs-not-public", "sqs-tls-only",

	"events-dlq-alarms", "events-dlq-policy", "events-key-admits", "machine-grants-excess", "machine-names-exist", "s3-public-access-block",
	"s3-versioning", "serverless-usage-limit",
}

// The engine tells of every rule that a broken stack breaks, where and why, and the preview fails; a secret it does not tell.
func TestPolicyOfABrokenStack(t *testing.T) {
	d := newDeployment(t, "dev", nil)
	d.host = serve(t, broken)
	told, out, err := d.judge("")
	if err == nil {
		t.Errorf("the preview passes:\n%s", out)
	}
	want := slices.Sorted(slices.Values(wantBroken))
	got := slices.DeleteFunc(rulesOf(told), func(name string) bool { return name == rules.UndecidedID })
	if !slices.Equal(got, want) {
		t.Errorf("broken are %v\nwant       %v", got, want)
	}
	for _, v := range told {
		level := rules.Level("mandatory")
		if r := rules.Lookup(v.Policy); r != nil {
			level = r.Level
		} else if v.Policy == rules.UndecidedID {
			level = rules.Advisory
		}
		if v.Pack != "airline-policy" || v.Level != string(level) || v.URN == "" {
			t.Errorf("%+v: want the level %s and a resource", v, level)
		}
		if strings.Contains(v.Message, "Hunter2") {
			t.Errorf("a secret is told: %s", v.Message)
		}
	}
	if strings.Contains(out, "Hunter2") {
		t.Errorf("a secret is printed:\n%s", out)
	}
	for _, part := range []string{
		"StateMachine ingest-flights: /States/Run/Catch: its errors end the execution without a notification",
		`StateMachine ingest-flights: /States/Run/Parameters/JobName: the stack has no Job "gone"`,
		"RolePolicy ingest-flights: policy: Everything allows every action",
		`BucketVersioningV2 raw: versioningConfiguration.status: versions are not kept: it is "Suspended"`,
		"Queue undelivered: its policy does not let rule ingest-flights send",
	} {
		if !slices.ContainsFunc(told, func(v violation) bool { return strings.Contains(v.Message, part) }) {
			t.Errorf("nobody says %q", part)
		}
	}
}

// small has two keys that do not rotate and a queue that is open to everybody: enough for configurations to be tried on.
func small(ctx *pulumi.Context) error {
	tags := pulumi.StringMap{"project": pulumi.String("small"), "stack": pulumi.String("small-dev"), "owner": pulumi.String("nobody")}
	for _, name := range []string{"data", "messages"} {
		if _, err := kms.NewKey(ctx, name, &kms.KeyArgs{Tags: tags}); err != nil {
			return err
		}
	}
	_, err := sqs.NewQueue(ctx, "undelivered", &sqs.QueueArgs{
		Policy: pulumi.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}`),
		Tags:   tags,
	})
	return err
}

// Levels, exemptions and their expiry hold in the engine, and what the configuration cannot mean is refused.
func TestPolicyConfiguration(t *testing.T) {
	d := newDeployment(t, "dev", nil)
	d.host = serve(t, small)
	t.Run("levels and exemptions", func(t *testing.T) {
		told, out, err := d.judge(`{
			"all": "disabled", "settings": {"enforcementLevel": "mandatory", "exemptions": [
				{"rule": "kms-rotation", "resource": "aws:kms/key:Key::data", "reason": "until the keys are replaced", "expires": "` +
			time.Now().AddDate(0, 1, 0).Format(time.DateOnly) + `"},
				{"rule": "kms-rotation", "resource": "aws:kms/key:Key::messages", "reason": "forgotten", "expires": "2020-01-31"}]},
			"exemptions": "mandatory", "kms-rotation": "mandatory", "sqs-not-public": "advisory"}`)
		if err == nil {
			t.Errorf("the preview passes:\n%s", out)
		}
		var got []string
		for _, v := range told {
			got = append(got, v.Policy+" "+v.Level+" "+v.URN[strings.LastIndexByte(v.URN, ':')+1:])
		}
		slices.Sort(got)
		want := []string{"exemptions mandatory messages", "kms-rotation mandatory messages", "sqs-not-public advisory undelivered"}
		if !slices.Equal(slices.Compact(got), want) {
			t.Errorf("told is %v\nwant    %v\n%s", got, want, out)
		}
	})
	t.Run("what passes under its configuration", func(t *testing.T) {
		if told, out, err := d.judge(`{"all": "advisory"}`); err != nil || len(told) < 3 {
			t.Errorf("%d told: %v\n%s", len(told), err, out)
		}
	})
	t.Run("a wrong type", func(t *testing.T) {
		const want = "Expected: array, given: string"
		if _, out, err := d.judge(`{"settings": {"requiredTags": "owner"}}`); err == nil || !strings.Contains(out, want) {
			t.Errorf("%v, want %q\n%s", err, want, out)
		}
	})
	t.Run("unknown names and keys", func(t *testing.T) {
		_, out, err := d.judge(`{"all": "disabled", "sqs-cmkk": "mandatory", "settings": {"enforcementLevel": "mandatory", "requiredTag": ["owner"],
			"exemptions": [{"rule": "kms-rotate", "resource": "aws:kms/key:Key::data", "reason": "r", "expires": "2020-01-31"}]}}`)
		if err == nil {
			t.Errorf("the preview passes:\n%s", out)
		}
		for _, want := range []string{
			`"sqs-cmkk" is no rule; did you mean "sqs-cmk"?`, `unknown key "requiredTag"; did you mean "requiredTags"?`,
			`"kms-rotate" is no rule; did you mean "kms-rotation"?`,
		} {
			if !strings.Contains(out, want) {
				t.Errorf("nobody says %s:\n%s", want, out)
			}
		}
	})
}
