package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A StateTest runs one state of a machine alone, once, as the TestState API does: a retrier that takes the error ends the
// test instead of trying again. What the API answers was recorded on AWS; the tests have it.
type StateTest struct {
	State     string            // name of the state, which may be in a Map or Parallel
	Variables *jsonvalue.Object // that are set, or nil
	Context   *jsonvalue.Object // the whole context object, or nil for the execution's own

	// Mock answers the state, a Task, Map or Parallel; nil lets it do its work.
	Mock *Answer
	// RetryCount is how often the retrier that takes the error has tried before.
	RetryCount int
	// FailedIterations is how many iterations of a mocked Map have failed.
	FailedIterations int
	// ItemReaderData replaces the object that a mocked Map's ItemReader reads; nil: nothing is read.
	ItemReaderData []byte
}

// StateStatus is the status of a StateTest, as the TestState API spells it.
type StateStatus string

// The statuses of a StateTest.
const (
	StateSucceeded   StateStatus = "SUCCEEDED"
	StateFailed      StateStatus = "FAILED"
	StateRetriable   StateStatus = "RETRIABLE"
	StateCaughtError StateStatus = "CAUGHT_ERROR"
)

// A StateResult is what a StateTest gives.
type StateResult struct {
	Status       StateStatus
	Output       any // when the state was left
	Error, Cause string
	Next         string // the state that follows, or ""
	// Inspection holds the data at each stage that the state has passed, by the names of the API's InspectionData, as
	// values; errorDetails is an object.
	Inspection *jsonvalue.Object
}

// stateTest is a StateTest under way.
type stateTest struct {
	StateTest
	result StateResult
}

// StartState begins a test of one state. StateResult has its result when the execution has ended.
func (m *Machine) StartState(clock *Clock, input any, test StateTest, options Options) (*Execution, error) {
	i := slices.IndexFunc(m.states, func(s *state) bool { return s.name == test.State })
	if i < 0 {
		return nil, fmt.Errorf("sim: there is no state %q", test.State)
	}
	s := m.states[i]
	if test.Mock != nil && s.kind != kindTask && s.kind != kindMap && s.kind != kindParallel {
		return nil, fmt.Errorf("sim: state %q is no Task, Map or Parallel: there is nothing to mock", test.State)
	}
	x := m.Start(clock, input, options)
	x.specially().test = &stateTest{StateTest: test, result: StateResult{Status: StateFailed, Inspection: jsonvalue.NewObject(8)}}
	x.program = &program{start: s}
	return x, nil
}

// StateResult is the result of a test that StartState began.
func (x *Execution) StateResult() StateResult {
	r := x.test().result
	r.Error, r.Cause = x.Error(), x.Cause()
	switch {
	case x.status == Succeeded && r.Status == StateCaughtError:
		r.Error, r.Cause, r.Output = x.test().result.Error, x.test().result.Cause, x.output
	case x.status == Succeeded:
		r.Status, r.Output = StateSucceeded, x.output
	case r.Status == StateCaughtError:
		r.Status, r.Next = StateFailed, "" // leaving through the catcher failed
	}
	return r
}

// testing is the test of the thread's own state, or nil.
func (th *thread) testing() *stateTest {
	if t := th.exec.test(); t != nil && th.owner == nil {
		return t
	}
	return nil
}

// inspect notes the data at a stage of the state under test. Without a test it costs a comparison: the compiler inlines it.
func (th *thread) inspect(stage string, value any) {
	if th.exec.special != nil {
		th.inspected(stage, value)
	}
}

// inspectPath is inspect for a stage that JSONata does not have.
func (th *thread) inspectPath(stage string, value any) {
	if th.exec.special != nil && !th.state.jsonata {
		th.inspected(stage, value)
	}
}

func (th *thread) inspected(stage string, value any) {
	if t := th.testing(); t != nil {
		t.result.Inspection.Set(stage, value)
	}
}

// begin sets the variables of the state under test.
func (t *stateTest) begin(th *thread) {
	if t.Variables == nil || t.Variables.Len() == 0 {
		return
	}
	th.scope = &scope{}
	for name, value := range t.Variables.All() {
		th.exec.variables += th.scope.set(name, value)
	}
}

// leave notes where the state under test leads; the test ends there.
func (t *stateTest) leave(th *thread, next *state) {
	if next != nil {
		t.result.Next = next.name
	}
	if th.scope != nil && len(th.scope.names) > 0 {
		variables := jsonvalue.NewObject(len(th.scope.names))
		for i, name := range th.scope.names {
			variables.Set(name, th.scope.values[i])
		}
		t.result.Inspection.Set("variables", variables)
	}
}

// retry decides whether the error of the state under test would be retried, which ends the test.
func (t *stateTest) retry(th *thread, f *fault) bool {
	for i, r := range th.state.retries {
		if !f.matches(r.errors) {
			continue
		}
		details := t.details()
		details.Set("retryIndex", jsonvalue.Box(float64(i)))
		if t.RetryCount >= r.attempts {
			return false
		}
		details.Set("retryBackoffIntervalSeconds", jsonvalue.Box(math.Floor(r.delay(t.RetryCount, th.exec).Seconds())))
		t.result.Status = StateRetriable
		th.exec.transitions++
		th.trace("Retry", i)
		th.exec.finish(Failed, ExecutionFailed, th.prev, f)
		return true
	}
	return false
}

// caught notes the catcher that takes the error.
func (t *stateTest) caught(i int, f *fault) {
	t.details().Set("catchIndex", jsonvalue.Box(float64(i)))
	t.result.Status, t.result.Error, t.result.Cause = StateCaughtError, f.name, f.cause
}

func (t *stateTest) details() *jsonvalue.Object {
	details := jsonvalue.NewObject(2)
	t.result.Inspection.Set("errorDetails", details)
	return details
}

// mocked answers a Map or Parallel under test; it reports whether there is an answer.
func (th *thread) mocked() (f *fault, answered bool) {
	t := th.testing()
	if t == nil || t.Mock == nil {
		return nil, false
	}
	a := t.Mock
	switch {
	case a.Timeout || a.HeartbeatTimeout:
		return &fault{name: states.Timeout, hasName: true}, true
	case a.Fails:
		f := &fault{nulls: a.Error == nil || a.Cause == nil}
		if a.Error != nil {
			f.name, f.hasName = *a.Error, true
		}
		if a.Cause != nil {
			f.cause, f.hasCause = *a.Cause, true
		}
		return f, true
	}
	return th.complete(a.Output), true
}

// mockedMap answers a Map under test after its items are known. Its tolerance counts only where the definition gives one.
func (th *thread) mockedMap(source *items, limit int, tolerated tolerance) (f *fault, answered bool) {
	t := th.testing()
	if t == nil {
		return nil, false
	}
	th.inspect("maxConcurrency", jsonvalue.Box(float64(limit)))
	if tolerated.count >= 0 {
		th.inspect("toleratedFailureCount", jsonvalue.Box(float64(tolerated.count)))
	}
	if tolerated.percentage >= 0 {
		th.inspect("toleratedFailurePercentage", jsonvalue.Box(tolerated.percentage))
	}
	if t.Mock == nil {
		return nil, false
	}
	if r := th.state.fork.reader; r != nil && t.ItemReaderData != nil {
		if source, f = t.readItems(th, r); f != nil {
			return f, true
		}
	}
	if f := th.inspectItems(source); f != nil {
		return f, true
	}
	if given := tolerated.count >= 0 || tolerated.percentage >= 0; given && !t.Mock.Fails && tolerated.exceeded(t.FailedIterations, t.iterations(source)) {
		return thresholdFault(), true
	}
	return th.mocked()
}

// readItems makes items of the given data as the reader makes them of an object, or of the answer of ListObjectsV2.
func (t *stateTest) readItems(th *thread, r *reader) (*items, *fault) {
	source, f := r.prepare(th, th.effective)
	if f != nil {
		return nil, f
	}
	var read *items
	if r.list {
		value, err := jsonvalue.Decode(t.ItemReaderData)
		if err != nil {
			return nil, readerFault(fmt.Sprintf("The item reader data is not JSON: %v", err))
		}
		if answer, ok := value.(*jsonvalue.Object); ok {
			value, _ = answer.Get("Contents")
		}
		list, ok := value.([]any)
		if !ok {
			return nil, readerFault("The item reader data is neither a list nor the answer of ListObjectsV2.")
		}
		read = &items{list: list}
	} else if read, f = source.parse(source.text("Key"), t.ItemReaderData, ast.MaxItems, false); f != nil {
		return nil, f
	}
	if source.max > 0 {
		read.list = read.list[:min(len(read.list), source.max)]
	}
	if r.pointer != "" {
		th.inspect("afterItemsPointer", read.all())
	}
	return read, nil
}

// iterations is how many iterations the mocked Map has: as many as its answer holds, where that is a list.
func (t *stateTest) iterations(source *items) int {
	if list, ok := t.Mock.Output.([]any); ok {
		return len(list)
	}
	return source.len()
}

// inspectItems notes what a mocked Map makes of its items.
func (th *thread) inspectItems(source *items) *fault {
	m := th.state.fork
	if m.selector == nil && m.batcher == nil {
		return nil
	}
	selected := make([]any, source.len())
	for i := range selected {
		var f *fault
		if selected[i], f = th.selectItem(source.at(i)); f != nil {
			return f
		}
	}
	if m.selector != nil {
		th.inspect("afterItemSelector", selected)
	}
	if m.batcher == nil {
		return nil
	}
	batches, f := m.batcher.batches(th, selected)
	if f == nil {
		th.inspect("afterItemBatcher", batches)
	}
	return f
}

// CheckForkMock reports a mocked result that a Map or Parallel cannot have, in the words of the TestState API.
func CheckForkMock(s *ast.State, a *Answer) error {
	if a.Fails || a.Timeout || a.HeartbeatTimeout {
		return nil
	}
	list, isList := a.Output.([]any)
	_, isObject := a.Output.(*jsonvalue.Object)
	switch {
	case s.Type == ast.TypeMap && s.ResultWriter != nil && !isObject:
		return errors.New("Mocked result must be a JSON object.")
	case !isList && (s.Type != ast.TypeMap || s.ResultWriter == nil):
		return errors.New("Mocked result must be an array.")
	case s.Type == ast.TypeParallel && len(list) != len(s.Branches):
		return errors.New("Mocked result must contain the same number of items as number of Parallel branches.")
	}
	return nil
}

// HasInner tells whether a Map or Parallel contains a state of the name.
func HasInner(s *ast.State, name string) bool {
	inner := &ast.Definition{States: []*ast.State{s}}
	found, _, _ := findState(inner, name, ast.JSONPath)
	return found != nil && found != s
}

// Alone is the definition of one state of d, wherever in it, for StartState: with the states that it can lead to, which
// do nothing. A state that leads nowhere ends. It is nil when there is no such state; known are then the names that there are.
func Alone(d *ast.Definition, name string) (alone *ast.Definition, known []string) {
	state, language, known := findState(d, name, ast.JSONPath)
	if state == nil {
		return nil, known
	}
	if given := *state; given.Next == "" && !given.End && leads(given.Type) {
		given.End = true
		state = &given
	}
	alone = &ast.Definition{QueryLanguage: language, StartAt: name, States: []*ast.State{state}}
	for _, target := range state.Targets() {
		if target != name && !slices.ContainsFunc(alone.States, func(s *ast.State) bool { return s.Name == target }) {
			alone.States = append(alone.States, &ast.State{Name: target, Type: ast.TypeSucceed})
		}
	}
	return alone, nil
}

// leads reports whether a state of a type leads to another or ends, by its Next or End; the others have neither.
func leads(t ast.StateType) bool {
	return t != ast.TypeChoice && t != ast.TypeSucceed && t != ast.TypeFail
}

// findState is the state of a name and the language of the scope that it is in, or the names that there are.
func findState(d *ast.Definition, name string, language ast.QueryLanguage) (found *ast.State, scope ast.QueryLanguage, known []string) {
	language = d.Language(language)
	for _, s := range d.States {
		if s.Name == name {
			return s, language, nil
		}
		known = append(known, s.Name)
		inner := s.Branches
		if p := s.Processor(); p != nil {
			inner = append(slices.Clip(inner), p)
		}
		for _, b := range inner {
			found, scope, names := findState(b, name, language)
			if found != nil {
				return found, scope, nil
			}
			known = append(known, names...)
		}
	}
	return nil, "", known
}
