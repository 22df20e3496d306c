package infra

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"airline/local/recorder"
	"airline/workflow"
)

// named is the resource with that logical name.
func named(g *recorder.Graph, kind, name string) *recorder.Resource {
	for _, r := range g.OfType(kind) {
		if r.Name == name {
			return r
		}
	}
	return &recorder.Resource{Type: kind, Name: name + ", which is not there"}
}

// gatherQueue is the ARN of the queue in which the files for a machine wait; empty when they are not gathered.
func gatherQueue(g *recorder.Graph, machine string) string {
	for _, d := range withMore(g).Datasets() {
		if d.Machine() == machine {
			return named(g, "aws:sqs/queue:Queue", gatherThing(d)).String("arn")
		}
	}
	return ""
}

// With batchSeconds above 0 the rule's files wait in a queue, and a pipe starts the machine with them; with 0 the rule starts the machine.
func TestFilesAreGathered(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, d := range withMore(g).Datasets() {
			machine, thing := d.Machine(), "gather-"+string(d)
			target := named(g, "aws:cloudwatch/eventTarget:EventTarget", machine)
			arn := func(service, kind string) string {
				return "arn:aws:" + service + ":" + g.Region + ":" + g.Account + ":" + kind + "airline-" + g.Stack + "-"
			}
			live := arn("states", "stateMachine:") + machine + ":live"
			if g.Config["airline:batchSeconds"] == "0" {
				expect(t, target, "arn", live)
				expect(t, target, "roleArn", named(g, "aws:iam/role:Role", eventsThing).String("arn"))
				if pipe := named(g, "aws:pipes/pipe:Pipe", thing); pipe.Inputs != nil || gatherQueue(g, machine) != "" {
					t.Errorf("files are gathered for %s, which its rule starts", machine)
				}
				continue
			}
			queue, pipe := named(g, "aws:sqs/queue:Queue", thing), named(g, "aws:pipes/pipe:Pipe", thing)
			expect(t, target, "arn", queue.String("arn"))
			if target.Inputs["roleArn"] != nil {
				t.Errorf("target %s has a role, and sends to a queue", target.Name)
			}
			expect(t, queue, "name", "airline-"+g.Stack+"-"+thing)
			expect(t, queue, "visibilityTimeoutSeconds", 60.0+6*60)
			expect(t, queue, "maxMessageSize", float64(workflow.GatheredBytes))
			var redrive struct {
				DeadLetterTargetArn string
				MaxReceiveCount     int
			}
			if err := json.Unmarshal([]byte(queue.String("redrivePolicy")), &redrive); err != nil || redrive.MaxReceiveCount != 5 ||
				redrive.DeadLetterTargetArn != named(g, "aws:sqs/queue:Queue", undeliveredThing).String("arn") {
				t.Errorf("the redrive policy of %s is %+v, %v", queue.Name, redrive, err)
			}
			admitted := 0
			for _, s := range parsePolicy(t, named(g, "aws:sqs/queuePolicy:QueuePolicy", thing).String("policy")).Statement {
				if s.Effect == "Deny" {
					if got := s.Condition["Bool"]["aws:SecureTransport"]; !slices.Equal(got, []string{"false"}) || s.Principal["AWS"][0] != "*" {
						t.Errorf("%s denies %+v", queue.Name, s)
					}
					continue
				}
				admitted++
				sources := s.Condition["ArnLike"]["aws:SourceArn"]
				if !slices.Equal(sources, []string{arn("events", "rule/") + machine}) || !slices.Equal(s.Action, []string{"sqs:SendMessage"}) || !slices.Equal(s.Resource, []string{queue.String("arn")}) {
					t.Errorf("%s admits %v of %v on %v", queue.Name, s.Action, sources, s.Resource)
				}
			}
			if admitted != 1 {
				t.Errorf("%d statements admit somebody to %s, want that of its rule", admitted, queue.Name)
			}
			expect(t, pipe, "source", queue.String("arn"))
			expect(t, pipe, "target", live)
			expect(t, pipe, "desiredState", "RUNNING")
			expect(t, pipe, "sourceParameters.sqsQueueParameters.batchSize", float64(workflow.GatheredFiles))
			expect(t, pipe, "sourceParameters.sqsQueueParameters.maximumBatchingWindowInSeconds", 60.0)
			expect(t, pipe, "targetParameters.stepFunctionStateMachineParameters.invocationType", "FIRE_AND_FORGET")
			role := named(g, "aws:iam/role:Role", thing)
			expect(t, pipe, "roleArn", role.String("arn"))
			trust := parsePolicy(t, role.String("assumeRolePolicy")).Statement[0]
			if !slices.Equal(trust.Principal["Service"], []string{"pipes.amazonaws.com"}) || !slices.Equal(trust.Condition["ArnLike"]["aws:SourceArn"], []string{arn("pipes", "pipe/") + thing}) {
				t.Errorf("the role of pipe %s trusts %+v", pipe.Name, trust)
			}
			if policy := named(g, "aws:iam/rolePolicy:RolePolicy", thing).String("policy"); strings.Contains(policy, "undelivered") || !strings.Contains(policy, machine+`"`) {
				t.Errorf("the role of pipe %s may do %s", pipe.Name, policy)
			}
			// The rules start reconcile alone, and their role nothing else.
			if policy := named(g, "aws:iam/rolePolicy:RolePolicy", eventsThing).String("policy"); strings.Contains(policy, machine) {
				t.Errorf("the rules' role may still start %s: %s", machine, policy)
			}
		}
	})
}
