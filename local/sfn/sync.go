package sfn

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

// job is how Step Functions follows what a .sync task set going.
type job interface {
	// follow reports the outcome to the task some time; out is the answer of the first call.
	follow(m *machine, t *sim.Task, out any)
}

// jobOf gives the way of following an integration's jobs.
func (s *Service) jobOf(in door.Integration) (job, bool) {
	switch in.Service + ":" + in.API {
	case "glue:StartJobRun":
		return glueJob{s}, in.Pattern == "sync"
	case "sfn:StartExecution":
		return childExecution{s, in.Pattern == "sync:2"}, true
	}
	return nil, false
}

// pollEvery is the time between two looks at a job. AWS does not say; a run takes minutes.
const pollEvery = 10 * time.Second

// glueJob polls a Glue job run: "glue:startJobRun.sync needs StartJobRun, GetJobRun, GetJobRuns, BatchStopJobRun".
type glueJob struct{ *Service }

func (g glueJob) follow(m *machine, t *sim.Task, out any) {
	name, id := member(t.Parameters, "JobName"), member(out, "JobRunId")
	t.OnStop(func() {
		if _, _, err := g.call(m, "BatchStopJobRun", object("JobName", name, "JobRunIds", []any{id})); err != nil {
			g.door.Report(fmt.Errorf("stopping the job run %v of %v: %w", id, name, err))
		}
	})
	var poll func()
	poll = func() {
		if t.Done() {
			return
		}
		answer, latency, err := g.call(m, "GetJobRun", object("JobName", name, "RunId", id))
		g.clock.After(latency, func() {
			if t.Done() {
				return
			}
			if err != nil {
				g.fail(t, door.Integration{Service: "glue", API: "GetJobRun", Optimized: true}, err)
				return
			}
			run, _ := member(answer, "JobRun").(*jsonvalue.Object)
			switch state := member(run, "JobRunState"); state {
			case "SUCCEEDED":
				t.Succeed(millis(run))
			case "FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED":
				t.Fail("States.TaskFailed", jsonvalue.String(millis(run)))
			default:
				g.clock.After(pollEvery, poll)
			}
		})
	}
	g.clock.After(pollEvery, poll)
}

func (g glueJob) call(m *machine, api string, parameters any) (any, time.Duration, error) {
	method, err := g.registry.Method(door.Integration{Service: "glue", API: api})
	if err != nil {
		return nil, 0, err
	}
	ctx, err := g.assume(m)
	if err != nil {
		return nil, 0, err
	}
	out, err := method.Invoke(ctx, parameters)
	return out, door.Elapsed(ctx), err
}

// millis gives the times of a job run the form that the optimised integration shows: milliseconds since 1970.
func millis(run *jsonvalue.Object) *jsonvalue.Object {
	out := run.Clone()
	for name, value := range run.All() {
		text, ok := value.(string)
		if !ok || !strings.HasSuffix(name, "On") {
			continue
		}
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			out.Set(name, float64(at.UnixMilli()))
		}
	}
	return out
}

// childExecution waits for an execution started by another. Version 2 answers its output as JSON, version 1 as text.
type childExecution struct {
	*Service
	json bool
}

func (c childExecution) follow(m *machine, t *sim.Task, out any) {
	arn, _ := member(out, "ExecutionArn").(string)
	child, ok := c.executions[arn]
	if !ok {
		t.Fail("States.Runtime", fmt.Sprintf("the execution %q was not started", arn))
		return
	}
	t.OnStop(func() { child.Stop("", "the execution that started it gave it up") })
	done := func() {
		c.clock.After(0, func() {
			ctx, err := c.assume(m)
			if err == nil {
				err = c.describe(ctx, t, arn, child)
			}
			if err != nil {
				c.fail(t, door.Integration{Service: "sfn", API: "DescribeExecution", Optimized: true}, err)
			}
		})
	}
	if child.Status() != sim.Running {
		done()
		return
	}
	child.waiting = append(child.waiting, done)
}

// describe answers with the execution as DescribeExecution gives it.
func (c childExecution) describe(ctx context.Context, t *sim.Task, arn string, child *execution) error {
	if _, err := c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn}); err != nil {
		return err
	}
	o := object("ExecutionArn", arn, "Input", child.input, "InputDetails", object("Included", true), "Name", child.Name())
	if child.Status() == sim.Succeeded {
		o.Set("Output", jsonvalue.String(child.Output()))
		o.Set("OutputDetails", object("Included", true))
	} else {
		o.Set("Error", child.Error())
		o.Set("Cause", child.Cause())
	}
	if c.json {
		o.Set("Input", child.Input())
		if child.Status() == sim.Succeeded {
			o.Set("Output", child.Output())
		}
	}
	o.Set("StartDate", float64(child.StartTime().UnixMilli()))
	o.Set("StateMachineArn", child.machine.arn)
	o.Set("Status", string(child.Status()))
	o.Set("StopDate", float64(child.StopTime().UnixMilli()))
	if child.Status() != sim.Succeeded {
		t.Fail("States.TaskFailed", jsonvalue.String(o))
		return nil
	}
	t.Succeed(o)
	return nil
}

// member is a member of an object, nil where there is none.
func member(v any, name string) any {
	o, _ := v.(*jsonvalue.Object)
	value, _ := o.Get(name)
	return value
}

func object(pairs ...any) *jsonvalue.Object {
	o := jsonvalue.NewObject(len(pairs) / 2)
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}
