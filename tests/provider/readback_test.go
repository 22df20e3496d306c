package provider

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/google/go-cmp/cmp"

	"airline/infra"
	"airline/local/recorder"
)

// graph is the stack as the local world has it.
func (d *deployment) graph() *recorder.Graph {
	d.t.Helper()
	graph, err := recorder.Record(d.t.Context(), recorder.Options{Dir: d.dir, Stack: d.stack, Overrides: d.secrets}, infra.Program)
	if err != nil {
		d.t.Fatal(err)
	}
	return graph
}

// sameAsLocal reads back what was deployed and compares it with what the local world runs.
func (d *deployment) sameAsLocal() {
	d.t.Helper()
	ctx := d.t.Context()
	graph := d.graph()
	seen := map[string]int{}
	defer func() {
		for kind, least := range map[string]int{"definition": 3, "pattern": 2, "configuration": 2, "policy": 7} {
			if seen[kind] < least {
				d.t.Errorf("%d times a %s was compared, want at least %d", seen[kind], kind, least)
			}
		}
	}()
	same := func(what, got, want string) {
		d.t.Helper()
		kind, _, _ := strings.Cut(what, " ")
		seen[kind]++
		if !sameJSON(got, want) {
			d.t.Errorf("%s differs (-local +deployed):\n%s", what, cmp.Diff(want, got))
		}
	}

	machines := sfn.NewFromConfig(d.sdk())
	for _, r := range graph.OfType("aws:sfn/stateMachine:StateMachine") {
		got, err := machines.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(r.String("arn"))})
		if err != nil {
			d.t.Error(err)
			continue
		}
		same("definition of "+r.Name, aws.ToString(got.Definition), r.String("definition"))
		equal(d.t, "role of "+r.Name, aws.ToString(got.RoleArn), r.String("roleArn"))
		equal(d.t, "log level of "+r.Name, string(got.LoggingConfiguration.Level), r.String("loggingConfiguration.level"))
		equal(d.t, "log of "+r.Name, aws.ToString(got.LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn), r.String("loggingConfiguration.logDestination"))
	}

	bus := eventbridge.NewFromConfig(d.sdk())
	for _, r := range graph.OfType("aws:cloudwatch/eventRule:EventRule") {
		got, err := bus.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: aws.String(r.String("name"))})
		if err != nil {
			d.t.Error(err)
			continue
		}
		if schedule := r.String("scheduleExpression"); schedule != "" {
			equal(d.t, "schedule of "+r.Name, aws.ToString(got.ScheduleExpression), schedule)
			continue
		}
		same("pattern of "+r.Name, aws.ToString(got.EventPattern), r.String("eventPattern"))
	}
	for _, r := range graph.OfType("aws:cloudwatch/eventTarget:EventTarget") {
		got, err := bus.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: aws.String(r.String("rule"))})
		if err != nil {
			d.t.Errorf("targets of %s: %v", r.Name, err)
			continue
		}
		at := slices.IndexFunc(got.Targets, func(t types.Target) bool { return aws.ToString(t.Id) == r.String("targetId") })
		if at < 0 {
			d.t.Errorf("target %s is not in AWS: %v", r.Name, got.Targets)
			continue
		}
		target := got.Targets[at]
		equal(d.t, "target of "+r.Name, aws.ToString(target.Arn), r.String("arn"))
		equal(d.t, "role of target "+r.Name, aws.ToString(target.RoleArn), r.String("roleArn"))
		equal(d.t, "queue of "+r.Name, aws.ToString(target.DeadLetterConfig.Arn), r.String("deadLetterConfig.arn"))
		equal(d.t, "input of "+r.Name, aws.ToString(target.Input), r.String("input"))
		if target.InputTransformer != nil || r.String("inputTransformer.inputTemplate") != "" {
			equal(d.t, "template of "+r.Name, aws.ToString(target.InputTransformer.InputTemplate), r.String("inputTransformer.inputTemplate"))
		}
	}

	catalog := glue.NewFromConfig(d.sdk())
	for _, r := range graph.OfType("aws:glue/crawler:Crawler") {
		got, err := catalog.GetCrawler(ctx, &glue.GetCrawlerInput{Name: aws.String(r.String("name"))})
		if err != nil {
			d.t.Error(err)
			continue
		}
		same("configuration of crawler "+r.Name, aws.ToString(got.Crawler.Configuration), r.String("configuration"))
		equal(d.t, "path of crawler "+r.Name, aws.ToString(got.Crawler.Targets.S3Targets[0].Path), r.String("s3Targets[0].path"))
	}
	for _, r := range graph.OfType("aws:glue/job:Job") {
		got, err := catalog.GetJob(ctx, &glue.GetJobInput{JobName: aws.String(r.String("name"))})
		if err != nil {
			d.t.Error(err)
			continue
		}
		equal(d.t, "script of the job", aws.ToString(got.Job.Command.ScriptLocation), r.String("command.scriptLocation"))
		arguments, _ := r.Get("defaultArguments")
		for name, value := range arguments.(map[string]any) {
			equal(d.t, "argument "+name+" of the job", got.Job.DefaultArguments[name], value.(string))
		}
	}

	for _, r := range graph.OfType("aws:iam/rolePolicy:RolePolicy") {
		answer := d.query("iam", "2010-05-08", "GetRolePolicy", map[string]string{"RoleName": r.String("role"), "PolicyName": r.String("name")})
		text := element(answer, "PolicyDocument")
		if len(text) != 1 {
			d.t.Errorf("policy of role %s: %s", r.Name, answer)
			continue
		}
		document, err := url.QueryUnescape(text[0])
		if err != nil {
			d.t.Error(err)
		}
		same("policy of role "+r.Name, document, r.String("policy"))
	}
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q in AWS and %q locally", what, got, want)
	}
}
