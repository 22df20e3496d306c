package local_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	policies "airline/iam"
	"airline/infra"
	"airline/local"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/recorder"
)

// chronicle is everything that happened in a world, as text.
func chronicle(w *local.World) []string {
	var lines []string
	for _, x := range w.SFN().Executions() {
		for _, e := range x.History() {
			lines = append(lines, fmt.Sprintf("%s %s", x.Name(), jsonvalue.String(e.JSON())))
		}
	}
	for _, n := range w.SNS().Notifications() {
		lines = append(lines, fmt.Sprint(n.Time, n.Subject, n.Message))
	}
	for _, l := range w.Door.Bill().Lines() {
		lines = append(lines, fmt.Sprint(l))
	}
	for _, group := range w.Logs().Groups() {
		out, err := w.Logs().FilterLogEvents(context.Background(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group})
		if err != nil {
			lines = append(lines, err.Error())
			continue
		}
		for _, e := range out.Events {
			lines = append(lines, fmt.Sprint(group, *e.LogStreamName, *e.Timestamp, *e.Message))
		}
	}
	return append(lines, w.Now().String())
}

func TestSameSeedSameWorld(t *testing.T) {
	g := record(t, "dev", "cloudtrail")
	run := func(seed uint64, kept int) []string {
		w, wrong := ingest(t.Context(), local.Options{Graph: g, Seed: seed, KeptBytes: kept})
		if wrong != nil {
			t.Fatal(wrong)
		}
		defer w.Close()
		return chronicle(w)
	}
	first := run(1, 0)
	if diff := cmp.Diff(first, run(1, 1)); diff != "" {
		t.Errorf("two runs of one seed, of which the second keeps its histories and logs in a file, differ:\n%s", diff)
	}
	if cmp.Equal(first, run(2, 0)) {
		t.Error("another seed makes the same world")
	}
}

func TestStacks(t *testing.T) {
	for _, stack := range []string{"dev", "prod"} {
		for _, trigger := range []string{"s3", "cloudtrail"} {
			t.Run(stack+" "+trigger, func(t *testing.T) {
				w, wrong := ingest(t.Context(), local.Options{Graph: record(t, stack, trigger)})
				if wrong != nil {
					t.Fatal(strings.Join(wrong, "\n"))
				}
				defer w.Close()
				rows, err := w.RedshiftData().Query(t.Context(), "SELECT count(*) FROM airlines.daily_flights_fact")
				if err != nil || fmt.Sprint(rows.Rows) != "[[2]]" {
					t.Errorf("facts: %v, %v", rows, err)
				}
			})
		}
	}
}

func throttled() error {
	return &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded", Fault: smithy.FaultClient}
}

func TestDeliveryIsRetried(t *testing.T) {
	w, wrong := ingest(t.Context(), local.Options{Graph: record(t, "dev", "s3"), Faults: []door.Fault{
		{Service: "sfn", Action: "StartExecution", Times: 3, Err: throttled()},
	}})
	if wrong != nil {
		t.Fatal(wrong)
	}
	defer w.Close()
}

func TestUndeliveredEventsAreKept(t *testing.T) {
	queue := func(w *local.World) []map[string]string {
		url, err := w.SQS().GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(w.Name("undelivered"))})
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.SQS().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: url.QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		var list []map[string]string
		for _, m := range out.Messages {
			attributes := map[string]string{"body": aws.ToString(m.Body)}
			for name, value := range m.MessageAttributes {
				attributes[name] = aws.ToString(value.StringValue)
			}
			list = append(list, attributes)
		}
		return list
	}
	g := record(t, "dev", "s3")
	t.Run("permissions are final", func(t *testing.T) {
		w, _ := ingest(t.Context(), local.Options{Graph: g, EditPolicy: func(d iam.Document, p *policies.Policy) *policies.Policy {
			if strings.HasSuffix(d.Owner, "/airline-dev-events") && d.Kind != policies.Trust {
				return &policies.Policy{Version: p.Version}
			}
			return p
		}})
		defer w.Close()
		got := queue(w)
		if len(got) != 2 || got[0]["ERROR_CODE"] != "NO_PERMISSIONS" || got[0]["RETRY_ATTEMPTS"] != "0" || !strings.Contains(got[0]["ERROR_MESSAGE"], "states:StartExecution") ||
			!strings.Contains(got[0]["body"], `"detail-type":"Object Created"`) || got[0]["RULE_ARN"] == "" || got[0]["TARGET_ARN"] == "" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a day of throttling", func(t *testing.T) {
		w, err := local.Deploy(t.Context(), local.Options{Graph: g, Faults: []door.Fault{{Service: "sfn", Action: "StartExecution", Err: throttled()}}})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if err := put(t.Context(), w, "airports/airports.csv", airportsFile); err != nil {
			t.Fatal(err)
		}
		if err := w.RunFor(t.Context(), 23*time.Hour); err != nil {
			t.Fatal(err)
		}
		if got := queue(w); len(got) != 0 {
			t.Errorf("within 23 hours: got %v", got)
		}
		if err := w.RunFor(t.Context(), 2*time.Hour); err != nil {
			t.Fatal(err)
		}
		got := queue(w)
		if len(got) != 1 || got[0]["EXHAUSTED_RETRY_CONDITION"] != "MaximumEventAge" || !strings.HasSuffix(got[0]["RULE_ARN"], "/"+w.Name("load-airports")) {
			t.Errorf("within 25 hours: got %v", got)
		}
	})
}

// TestFaultsReachTheMachine lets Glue refuse twice: the machine sees Step Functions' name of the error and tries again.
func TestFaultsReachTheMachine(t *testing.T) {
	g := record(t, "dev", "s3")
	for _, code := range []string{"ConcurrentRunsExceededException", "InternalServiceException"} {
		t.Run(code, func(t *testing.T) {
			w, err := local.Deploy(t.Context(), local.Options{Graph: g, Faults: []door.Fault{
				{Service: "glue", Action: "StartJobRun", Times: 2, Err: &smithy.GenericAPIError{Code: code, Message: "not now"}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			var seen []string
			w.SFN().Observe(func(_ *sim.Execution, e sim.Event) {
				if e.Type == sim.TaskFailed && e.State == "RunJob" {
					name, _ := e.Details().Get("error")
					seen = append(seen, fmt.Sprint(name))
				}
			})
			if err := put(t.Context(), w, "airports/airports.csv", airportsFile); err != nil {
				t.Fatal(err)
			}
			if err := w.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if want := []string{"Glue." + code, "Glue." + code}; !slices.Equal(seen, want) {
				t.Errorf("the machine saw %q, want %q", seen, want)
			}
			if x := w.SFN().Executions()[0]; x.Status() != sim.Succeeded {
				t.Errorf("%s: %s: %s", x.Status(), x.Error(), x.Cause())
			}
		})
	}
}

func TestWhatIsNotModelledIsRefused(t *testing.T) {
	g := record(t, "dev", "s3")
	changed := *g
	changed.Resources = nil
	for _, r := range g.Resources {
		c := *r
		switch r.Type {
		case "aws:cloudwatch/eventRule:EventRule":
			c.Inputs = with(r.Inputs, "roleArn", "arn:aws:iam::1:role/r")
		case "aws:sfn/stateMachine:StateMachine":
			c.Inputs = with(r.Inputs, "definition", `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Nmae": "x"}, "Next": "B"},
				"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {}, "End": true}}}`)
		}
		changed.Resources = append(changed.Resources, &c)
	}
	changed.Resources = append(changed.Resources, &recorder.Resource{Type: "aws:lambda/function:Function", Name: "f", Source: recorder.Position{File: "x.go", Line: 7}})
	_, err := local.Deploy(t.Context(), local.Options{Graph: &changed})
	for _, want := range []string{
		`aws:lambda/function:Function "f" (x.go:7): the local world does not model this type of resource`,
		"property roleArn is not modelled by the local world",
		`state "A": glue:GetCrawler: parameter Nmae is not supported by the API, which has Name`,
		`state "B": the local world does not model the service "dynamodb"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q:\n%v", want, err)
		}
	}
}

func with(m map[string]any, key string, value any) map[string]any {
	out := map[string]any{key: value}
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}

func TestOperatorOutsideOnly(t *testing.T) {
	w, wrong := ingest(t.Context(), local.Options{Graph: record(t, "dev", "s3")})
	if wrong != nil {
		t.Fatal(wrong)
	}
	defer w.Close()
	before := w.Now()
	if err := put(t.Context(), w, "notes.txt", "x"); err != nil {
		t.Fatal(err)
	}
	if !w.Now().After(before) {
		t.Error("a call takes no time")
	}
	var inside error
	w.Clock.After(0, func() { inside = put(t.Context(), w, "notes.txt", "y") })
	if err := w.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if inside == nil || !strings.Contains(inside.Error(), "called by nobody") {
		t.Errorf("a call from inside that says not who calls: %v", inside)
	}
}

// The role of deployments does nothing in the local world, but the stack that has it runs.
func TestStackWithADeployer(t *testing.T) {
	g, err := recorder.Record(t.Context(), recorder.Options{Dir: "..", Stack: "dev", Overrides: map[string]string{"deployerOrganization": "example"}}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	w, wrong := ingest(t.Context(), local.Options{Graph: g})
	if wrong != nil {
		t.Fatal(strings.Join(wrong, "\n"))
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}
