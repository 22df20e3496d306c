package sim

import (
	"fmt"
	"strings"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A TaskHandler performs the tasks of executions: it stands for the services.
type TaskHandler interface {
	// StartTask is called when a task is scheduled. It answers through the
	// Task's methods, at once or later from a call of the clock.
	StartTask(*Task)
}

// TaskFunc makes a function a TaskHandler.
type TaskFunc func(*Task)

// StartTask calls f.
func (f TaskFunc) StartTask(t *Task) { f(t) }

// A Task is one attempt at a Task state. Exactly one of Succeed, Fail and
// FailWithout ends it; whatever comes after that, or after the state has timed
// out or the execution has stopped, is ignored.
type Task struct {
	Execution *Execution
	State     string // name of the state
	Resource  string // as the definition has it
	Service   string // "glue", "aws-sdk:s3", "lambda"; "" for the ARN of a function or activity
	Action    string // "startJobRun", without ".sync" and the like; "" as above
	// Pattern is "" (request and response), "sync", "sync:2" or "waitForTaskToken".
	Pattern     string
	Parameters  any // evaluated Parameters or Arguments
	Credentials any // evaluated Credentials, or nil
	// Token of an activity or of waitForTaskToken; of .sync if the definition
	// refers to it.
	Token     string
	Timeout   time.Duration // 0: none was given
	Heartbeat time.Duration // 0: none was given
	Attempt   int           // 0 for the first try in this visit of the state
	Index     int           // of the Map iteration or branch it belongs to, or -1

	thread    *thread
	spec      *taskSpec
	started   bool // StartTask has returned
	done      bool
	output    any
	fault     *fault
	submitted bool
	taken     bool // by an activity's worker
	expiry    *Timer
	heart     *Timer
	onStop    []func()
}

// taskSpec is the compiled form of a Task state.
type taskSpec struct {
	resource     string
	form         taskForm
	resourceType string // "glue"
	resourceName string // "startJobRun.sync"
	action       string
	pattern      string
	timeout      *amount
	heartbeat    *amount
	credentials  *template
}

// taskForm is how AWS records a task.
type taskForm uint8

const (
	serviceForm taskForm = iota
	lambdaForm
	activityForm
)

// defaultTimeout is what AWS documents for a task that names none.
const defaultTimeout = ast.MaxSeconds * time.Second

func (c *compiler) task(s *state, d *ast.State) {
	t := &taskSpec{resource: d.Resource}
	s.task = t
	if d.Resource == "" {
		c.fail(s.location+"/Resource", "a Task state needs a Resource")
	}
	t.form, t.resourceType, t.resourceName = splitResource(d.Resource)
	t.action, t.pattern, _ = strings.Cut(t.resourceName, ".")
	t.timeout = c.amount(s, "TimeoutSeconds", d.TimeoutSeconds, d.TimeoutSecondsPath)
	t.heartbeat = c.amount(s, "HeartbeatSeconds", d.HeartbeatSeconds, d.HeartbeatSecondsPath)
	if d.Credentials.IsSet() {
		t.credentials = c.template(d.Credentials.Value(), s.jsonata, s.location, "Credentials")
	}
}

// splitResource takes the ARN of an integration apart:
// arn:aws:states:::aws-sdk:glue:getCrawler gives "aws-sdk:glue", "getCrawler".
func splitResource(resource string) (form taskForm, resourceType, name string) {
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 || parts[2] != "states" {
		return lambdaForm, "", ""
	}
	rest := parts[5]
	if strings.HasPrefix(rest, "activity:") {
		return activityForm, "", ""
	}
	if sdk, ok := strings.CutPrefix(rest, "aws-sdk:"); ok {
		service, name, _ := strings.Cut(sdk, ":")
		return serviceForm, "aws-sdk:" + service, name
	}
	resourceType, name, _ = strings.Cut(rest, ":")
	return serviceForm, resourceType, name
}

// taskEvents are the events of a form: scheduled, started, succeeded, failed, timed out.
var taskEvents = [...][5]EventType{
	serviceForm:  {TaskScheduled, TaskStarted, TaskSucceeded, TaskFailed, TaskTimedOut},
	lambdaForm:   {LambdaFunctionScheduled, LambdaFunctionStarted, LambdaFunctionSucceeded, LambdaFunctionFailed, LambdaFunctionTimedOut},
	activityForm: {ActivityScheduled, ActivityStarted, ActivitySucceeded, ActivityFailed, ActivityTimedOut},
}

// startTask schedules the current state's task.
func (th *thread) startTask() (blocked bool, f *fault) {
	s, x := th.state, th.exec
	spec := s.task
	t := &Task{Execution: x, State: s.name, Resource: spec.resource, Service: spec.resourceType, Action: spec.action,
		Pattern: spec.pattern, Attempt: th.retries(), Index: th.mapIndex(), thread: th, spec: spec}
	if spec.pattern == "waitForTaskToken" || spec.form == activityForm {
		th.rare().token = x.id()
	}
	input, f := th.takeInput()
	if f != nil {
		return false, f
	}
	if t.Timeout, t.Heartbeat, f = spec.limits(th, input); f != nil {
		return false, f
	}
	t.Parameters = input
	if s.parameters != nil {
		if t.Parameters, f = s.parameters.eval(th, input); f != nil {
			return false, f
		}
		if x.tooLarge(t.Parameters) {
			return false, inputLimitFault(s.name, "input")
		}
	}
	if !s.jsonata {
		th.inspect("afterParameters", t.Parameters)
	} else if s.parameters != nil {
		th.inspect("afterArguments", t.Parameters)
	}
	if spec.credentials != nil {
		if t.Credentials, f = spec.credentials.eval(th, input); f != nil {
			return false, f
		}
	}
	if what := parameterProblems(t); what != "" {
		return false, th.runtimeFault(fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]",
			jsonvalue.String(t.Parameters), what))
	}
	events := &taskEvents[spec.form]
	th.prev = x.record(events[0], th.prev, s, t.Parameters, t)
	if spec.form != activityForm {
		th.prev = x.record(events[1], th.prev, s, nil, t)
	}
	if th.visit != nil {
		t.Token = th.visit.token
	}
	th.task = t
	switch test := th.testing(); {
	case test != nil && test.Mock != nil:
		test.Mock.Give(t)
	case x.options.Tasks == nil:
		return false, th.runtimeFault("There is nobody to perform the task: give Options.Tasks a TaskHandler.")
	default:
		x.options.Tasks.StartTask(t)
	}
	t.started = true
	if x.status != Running || th.task != t {
		return true, nil // the handler has stopped the execution
	}
	if t.done {
		return th.endTask()
	}
	t.watch()
	return true, nil
}

// limits evaluates the timeout and the heartbeat; 0 stands for none.
func (spec *taskSpec) limits(th *thread, input any) (timeout, heartbeat time.Duration, f *fault) {
	seconds, f := spec.timeout.whole(th, input, 1, 0)
	if f != nil {
		return 0, 0, f
	}
	beat, f := spec.heartbeat.whole(th, input, 1, 0)
	return time.Duration(seconds) * time.Second, time.Duration(beat) * time.Second, f
}

// mapIndex is the index of the Map iteration around the thread, or -1.
func (th *thread) mapIndex() int {
	for t := th; t != nil; t = t.outer() {
		if t.owner != nil && t.owner.source != nil {
			return t.index
		}
	}
	if th.exec.parent != nil {
		return int(th.exec.index)
	}
	return -1
}

func (th *thread) outer() *thread {
	if th.owner == nil {
		return nil
	}
	return th.owner.parent
}

// watch starts the timers of a task that has not ended at once.
func (t *Task) watch() {
	clock := t.Execution.clock
	timeout := t.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	t.expiry = clock.After(timeout, func() { t.expire(false) })
	if t.Heartbeat > 0 && t.heart == nil {
		t.heart = clock.After(t.Heartbeat, func() { t.expire(true) })
	}
}

func (t *Task) expire(heartbeat bool) {
	t.settle(nil, &fault{name: states.Timeout, hasName: true, heartbeat: heartbeat})
	t.notifyStop()
}

// settle ends the task once.
func (t *Task) settle(output any, f *fault) {
	if t.done || t.thread.task != t {
		return
	}
	t.done, t.output, t.fault = true, output, f
	t.expiry.Stop()
	t.heart.Stop()
	if t.started {
		t.Execution.wake(t.thread, wakeTask)
	}
}

// stop ends the task because its state is no longer waited for.
func (t *Task) stop() {
	if t.done {
		return
	}
	t.done = true
	t.expiry.Stop()
	t.heart.Stop()
	t.notifyStop()
}

func (t *Task) notifyStop() {
	for _, f := range t.onStop {
		f()
	}
	t.onStop = nil
}

// Done reports whether the task has ended, or is no longer waited for.
func (t *Task) Done() bool { return t.done || t.thread.task != t || t.Execution.status != Running }

// Succeed ends the task with its output.
func (t *Task) Succeed(output any) { t.settle(jsonvalue.From(output), nil) }

// Fail ends the task with an error and a cause.
func (t *Task) Fail(err, cause string) {
	t.settle(nil, &fault{name: err, hasName: true, cause: cause, hasCause: true})
}

// FailWithout ends the task as SendTaskFailure does: err and cause may each be
// nil, and then are null in the error output.
func (t *Task) FailWithout(err, cause *string) {
	f := &fault{nulls: true}
	if err != nil {
		f.name, f.hasName = *err, true
	}
	if cause != nil {
		f.cause, f.hasCause = *cause, true
	}
	t.settle(nil, f)
}

// Expire ends the task as if its TimeoutSeconds had passed, or its
// HeartbeatSeconds when heartbeat is set.
func (t *Task) Expire(heartbeat bool) { t.expire(heartbeat) }

// Started says which worker has taken up an activity's task.
func (t *Task) Started(worker string) {
	if !t.Done() {
		t.take(worker)
	}
}

// take records that an activity's task is taken up, once.
func (t *Task) take(worker string) {
	if t.spec.form == activityForm && !t.taken {
		t.taken = true
		t.thread.prev = t.Execution.record(ActivityStarted, t.thread.prev, t.thread.state, worker, t)
	}
}

// Submitted records the service's answer to the first call of a .sync or
// .waitForTaskToken task, which goes on.
func (t *Task) Submitted(output any) {
	if t.Done() || t.submitted || t.spec.form != serviceForm {
		return
	}
	t.submitted = true
	t.thread.prev = t.Execution.record(TaskSubmitted, t.thread.prev, t.thread.state, jsonvalue.From(output), t)
}

// SendHeartbeat says that the task is alive: HeartbeatSeconds begin anew.
func (t *Task) SendHeartbeat() {
	if t.Done() || t.Heartbeat <= 0 {
		return
	}
	t.heart.Stop()
	t.heart = t.Execution.clock.After(t.Heartbeat, func() { t.expire(true) })
}

// OnStop registers what to do when the task is given up: its time is over, its
// branch has been aborted, or its execution has been stopped. A service cancels
// its work then.
func (t *Task) OnStop(f func()) { t.onStop = append(t.onStop, f) }

// endTask goes on with the state after its task has ended.
func (th *thread) endTask() (blocked bool, f *fault) {
	t, x := th.task, th.exec
	events := &taskEvents[t.spec.form]
	if t.fault == nil || t.fault.name != states.Timeout {
		t.take("")
	}
	if t.fault == nil && x.tooLarge(t.output) {
		t.fault = dataLimitFault(t.spec.describe())
		t.fault.answered = true
	}
	switch {
	case t.fault == nil:
		th.prev = x.record(events[2], th.prev, th.state, t.output, t)
		th.inspect("result", t.output)
		return false, th.complete(t.output)
	case t.fault.name == states.Timeout:
		th.prev = x.record(events[4], th.prev, th.state, t.fault, t)
	default:
		th.prev = x.record(events[3], th.prev, th.state, t.fault, t)
	}
	th.task = nil
	return false, t.fault
}

// describe names the task as the cause of States.DataLimitExceeded does.
func (spec *taskSpec) describe() string {
	if spec.form == serviceForm {
		return spec.resourceType
	}
	return spec.resource
}

// details adds what a task's events say about it.
func (t *Task) details(o *jsonvalue.Object, kind EventType) {
	scheduled := kind == TaskScheduled || kind == LambdaFunctionScheduled || kind == ActivityScheduled
	switch t.spec.form {
	case serviceForm:
		o.Set("resourceType", t.spec.resourceType)
		o.Set("resource", t.spec.resourceName)
	default:
		if scheduled {
			o.Set("resource", t.spec.resource)
		}
	}
	if !scheduled {
		return
	}
	if kind == TaskScheduled {
		o.Set("region", t.Execution.Region())
	}
	if t.Timeout > 0 {
		o.Set("timeoutInSeconds", jsonvalue.Box(t.Timeout.Seconds()))
	}
	if t.Heartbeat > 0 {
		o.Set("heartbeatInSeconds", jsonvalue.Box(t.Heartbeat.Seconds()))
	}
	if credentials, ok := t.Credentials.(*jsonvalue.Object); ok {
		if role, ok := credentials.Get("RoleArn"); ok {
			shown := jsonvalue.NewObject(1)
			shown.Set("roleArn", role)
			o.Set("taskCredentials", shown)
		}
	}
}
