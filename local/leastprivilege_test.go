package local_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	policies "airline/iam"
	"airline/infra"
	"airline/local"
	"airline/local/iam"
	"airline/local/recorder"
)

const (
	airportsFile = "airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n"
	flightsFile  = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,5,-3\nAF,2,1,,NA\n"
)

func record(t *testing.T, stack, trigger string) *recorder.Graph {
	t.Helper()
	return recordWith(t, stack, map[string]string{"trigger": trigger})
}

func recordWith(t *testing.T, stack string, overrides map[string]string) *recorder.Graph {
	t.Helper()
	g, err := recorder.Record(t.Context(), recorder.Options{Dir: "..", Stack: stack, Overrides: overrides}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// put uploads a text to the raw bucket as the operator.
func put(ctx context.Context, w *local.World, key, text string) error {
	_, err := w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: &key, Body: strings.NewReader(text)})
	return err
}

// ingest makes a world, loads airports and a day of flights, and tells everything that went wrong anywhere.
func ingest(ctx context.Context, o local.Options) (w *local.World, wrong []string) {
	w, err := local.Deploy(ctx, o)
	if err != nil {
		return nil, []string{err.Error()}
	}
	for _, file := range [][2]string{{"airports/airports.csv", airportsFile}, {"daily-flights/date=2024-01-01/flights.csv", flightsFile}} {
		if err := put(ctx, w, file[0], file[1]); err != nil {
			wrong = append(wrong, err.Error())
		}
		if err := w.Run(ctx); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	if n := len(w.SFN().Executions()); n != 2 {
		wrong = append(wrong, fmt.Sprintf("%d executions, want 2", n))
	}
	return w, append(wrong, failures(w)...)
}

// failures tells which executions and events failed.
func failures(w *local.World) (wrong []string) {
	for _, x := range w.SFN().Executions() {
		if x.Status() != "SUCCEEDED" {
			wrong = append(wrong, fmt.Sprintf("%s: %s %s: %s", x.Name(), x.Status(), x.Error(), x.Cause()))
		}
	}
	for _, f := range w.Events().Failures() {
		wrong = append(wrong, f.Err.Error())
	}
	return wrong
}

// operate does what ingest does, and then puts a file whose event is lost and waits until it is found after midnight, and another one, which a
// backfill finds.
func operate(ctx context.Context, o local.Options) (w *local.World, wrong []string) {
	w, wrong = ingest(ctx, o)
	if w == nil || wrong != nil {
		return w, wrong
	}
	rule := aws.String(w.Name("ingest-flights"))
	lose := func(name string) error {
		_, off := w.Events().DisableRule(ctx, &eventbridge.DisableRuleInput{Name: rule})
		lost := put(ctx, w, "daily-flights/date=2024-01-01/"+name, flightsFile)
		ran := w.Run(ctx)
		_, on := w.Events().EnableRule(ctx, &eventbridge.EnableRuleInput{Name: rule})
		return errors.Join(off, lost, ran, on)
	}
	if err := errors.Join(lose("lost.csv"), w.RunFor(ctx, 25*time.Hour)); err != nil {
		wrong = append(wrong, err.Error())
	}
	if n := len(w.SFN().Executions()); n != 5 { // the comparison of either dataset with the ledger, and the lost file
		wrong = append(wrong, fmt.Sprintf("%d executions, want 5", n))
	}
	lost := lose("lost-too.csv")
	_, started := w.SFN().StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: aws.String(w.Graph.Outputs["backfillArn"].(string)),
		Input:           aws.String(`{"dataset": "flights", "prefix": "daily-flights/", "from": "2024-01-01", "to": "2024-01-01", "workers": 1}`),
	})
	if err := errors.Join(lost, started, w.Run(ctx)); err != nil {
		wrong = append(wrong, err.Error())
	}
	if n := len(w.SFN().Executions()); n != 7 { // the backfill and the load
		wrong = append(wrong, fmt.Sprintf("%d executions, want 7", n))
	}
	return w, append(wrong, failures(w)...)
}

// statement is one statement of a deployed policy.
type statement struct {
	iam.Document
	index int
	sid   string
}

// ofResource tells a policy of a bucket, key, topic or queue from one of a role.
func (s statement) ofResource() bool {
	return s.Kind == policies.Resource || s.Kind == policies.KeyPolicy
}

// statements lists those that allow something, in every policy of the stack.
func statements(t *testing.T, g *recorder.Graph) (all []statement, used map[policies.Match]int) {
	t.Helper()
	var documents []iam.Document
	read := map[string]*policies.Policy{}
	w, wrong := operate(t.Context(), local.Options{Graph: g, EditPolicy: func(d iam.Document, p *policies.Policy) *policies.Policy {
		documents = append(documents, d)
		read[d.Name] = p
		return p
	}})
	if wrong != nil {
		t.Fatalf("nothing was changed, and yet: %s", strings.Join(wrong, "\n"))
	}
	defer w.Close()
	for _, d := range documents {
		for i, s := range read[d.Name].Statements {
			if !s.Deny {
				all = append(all, statement{d, i, s.Sid})
			}
		}
	}
	return all, w.IAM().Used()
}

// TestEveryStatementIsNeeded takes every statement out of every role's policies, one at a time, and expects the
// pipeline to fail with a refusal that names principal, action and resource.
func TestEveryStatementIsNeeded(t *testing.T) {
	g := record(t, "dev", "s3")
	all, _ := statements(t, g)
	for _, s := range all {
		if !s.ofResource() {
			t.Run(s.String(), func(t *testing.T) { without(t, g, s) })
		}
	}
}

// TestResourceStatementsAreNeeded does the same with those statements of bucket and key policies that the
// pipeline uses when CloudTrail is the trigger.
func TestResourceStatementsAreNeeded(t *testing.T) {
	g := record(t, "dev", "cloudtrail")
	all, used := statements(t, g)
	tested := 0
	for _, s := range all {
		if s.ofResource() && used[policies.Match{Policy: s.Name, Statement: s.index}] > 0 {
			tested++
			t.Run(s.String(), func(t *testing.T) { without(t, g, s) })
		}
	}
	if tested < 4 { // the trail's bucket and key, and the account's rights on both keys
		t.Errorf("only %d statements of resource policies are used", tested)
	}
}

// TestStatementsOfGatheringAreNeeded does the same with the statements that gathering brings: of the pipes' roles, of the role of the
// rules, of the queues, and of their key.
func TestStatementsOfGatheringAreNeeded(t *testing.T) {
	g := recordWith(t, "dev", map[string]string{"batchSeconds": "60"})
	all, used := statements(t, g)
	tested := map[string]int{}
	for _, s := range all {
		of, _, _ := strings.Cut(strings.TrimPrefix(s.Name[strings.LastIndexByte(s.Name, ' ')+1:], "airline-dev-"), "/")
		key := s.Kind == policies.KeyPolicy && s.sid == "EventsEncrypt"
		if !strings.HasPrefix(of, "gather-") && of != "events" && !key || s.ofResource() && used[policies.Match{Policy: s.Name, Statement: s.index}] == 0 {
			continue
		}
		tested[of]++
		t.Run(s.String(), func(t *testing.T) { without(t, g, s) })
	}
	// Three statements and the trust of each pipe's role, and one of its queue; one and the trust of the rules' role; one of the key.
	if tested["gather-flights"] != 5 || tested["gather-airports"] != 5 || tested["events"] != 2 || tested["messages"] != 1 {
		t.Errorf("statements of %v were taken out", tested)
	}
}

// without runs the pipeline without a statement.
func without(t *testing.T, g *recorder.Graph, s statement) {
	w, wrong := operate(t.Context(), local.Options{Graph: g, EditPolicy: func(d iam.Document, p *policies.Policy) *policies.Policy {
		if d != s.Document {
			return p
		}
		less := *p
		less.Statements = slices.Delete(slices.Clone(p.Statements), s.index, s.index+1)
		return &less
	}})
	refusals := slices.Clone(wrong)
	if w != nil {
		defer w.Close()
		refusals = nil
		for _, r := range w.Refused() {
			refusals = append(refusals, r.Error())
		}
	}
	if len(wrong) == 0 || !slices.ContainsFunc(refusals, names) {
		t.Errorf("without statement %d (%s) of %s:\nrefused: %q\nwrong: %q", s.index, s.sid, s.Name, refusals, wrong)
	}
}

// names reports whether a refusal names principal, action and resource.
func names(text string) bool {
	return regexp.MustCompile(`(AccessDenied|Authorization)\w*: User: \S+ is not authorized to perform: \w[\w-]*:\w+ on resource: \S+ because`).MatchString(text)
}

func (s statement) String() string {
	kind := "policy"
	if s.Kind == policies.Trust {
		kind = "trust"
	}
	return fmt.Sprintf("%s/%s/%d-%s", s.Name[strings.LastIndexByte(s.Name, ' ')+1:], kind, s.index, s.sid)
}
