// Package cases runs recorded executions of state machines again and compares:
// the format of conformance files, a JSON list of
//
//	{"id", "def", "input", "expect": {"status", "output" | "error", "cause"},
//	 "lang", "mocks", "s3", "events", "opaque", "recorded", ...}
//
// of which only id, def and expect must be there.
//
//	results, err := cases.Run(data, cases.Options{})
//	for _, r := range results {
//		if r.Problem != "" {
//			fmt.Println(r.ID, r.Problem)
//		}
//	}
package cases

import (
	"fmt"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// A Result is the outcome of one case; an empty Problem is success.
type Result struct {
	ID      string
	Lang    string
	Problem string
}

// Options say how cases are run.
type Options struct {
	// Now is the moment at which every execution starts; zero is Laid.
	Now time.Time
}

// Laid is the day at which moments relative to "now" were written into the
// recordings.
var Laid = time.Date(2026, 11, 22, 23, 12, 0, 0, time.UTC)

// Run runs the cases of a file.
func Run(data []byte, o Options) ([]Result, error) {
	value, err := jsonvalue.Decode(data)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("expected a list of cases")
	}
	results := make([]Result, 0, len(list))
	for i, entry := range list {
		object, ok := entry.(*jsonvalue.Object)
		if !ok {
			return nil, fmt.Errorf("case %d: expected an object", i)
		}
		results = append(results, One(object, o))
	}
	return results, nil
}

// One runs a single case.
func One(object *jsonvalue.Object, o Options) Result {
	c := &recording{object}
	r := Result{ID: c.text("id"), Lang: c.text("lang")}
	if err := c.run(o); err != nil {
		r.Problem = err.Error()
	}
	return r
}

type recording struct{ *jsonvalue.Object }

func (c *recording) text(name string) string {
	value, _ := c.Get(name)
	s, _ := value.(string)
	return s
}

func (c *recording) object(name string) *jsonvalue.Object {
	value, _ := c.Get(name)
	o, _ := value.(*jsonvalue.Object)
	return o
}

func (c *recording) run(o Options) error {
	def, ok := c.Get("def")
	if !ok {
		return fmt.Errorf("the case has no def")
	}
	source, isText := def.(string)
	if !isText {
		source = jsonvalue.String(def)
	}
	definition, err := ast.Parse([]byte(source))
	if err != nil && definition == nil {
		return err
	}
	machine, err := sim.Compile(definition)
	if err != nil {
		return err
	}
	made := map[string]bool{}
	x, err := c.execute(machine, o, made)
	if err != nil {
		return err
	}
	outcome := Outcome{Status: string(x.Status()), Output: x.Output(), Error: x.Error(), Cause: x.Cause()}
	for _, e := range x.History() {
		outcome.Events = append(outcome.Events, plainEvent(e))
	}
	return c.compare(outcome, func(text string) bool { return made[text] })
}

// An Outcome is how an execution has ended, wherever it ran.
type Outcome struct {
	Status       string
	Output       any // of package jsonvalue; nil without
	Error, Cause string
	Events       []any // objects of id, previousEventId, type and details, as the recordings have them
}

// Compare holds the outcome of an execution that ran elsewhere against a case's. made tells the ids that the other engine has
// made up: what the recording has in their place is as good.
func Compare(object *jsonvalue.Object, got Outcome, made func(text string) bool) error {
	return (&recording{object}).compare(got, made)
}

func (c *recording) compare(got Outcome, made func(string) bool) error {
	m := &matcher{wild: c.wildcards(), made: made, stands: map[string]string{}}
	if err := compareOutcome(m, got, c.object("expect")); err != nil {
		return err
	}
	if events, ok := c.Get("events"); ok {
		list, _ := events.([]any)
		return c.compareEvents(m, got.Events, list)
	}
	return nil
}

// Mocks are the answers of a case's tasks, and AsOf is the day at which it was recorded.
func Mocks(object *jsonvalue.Object) (mocks sim.Mocks, asOf time.Time, err error) {
	c := &recording{object}
	mocks, err = sim.MocksOf(c.object("mocks"))
	return mocks, c.asOf(), err
}

func (c *recording) asOf() time.Time {
	if recorded, err := time.Parse(time.DateOnly, c.text("recorded")); err == nil {
		return recorded
	}
	return undated
}

// undated is the behaviour asked for where a case does not say when it was
// recorded: that of the time before Map states took objects for items.
var undated = time.Date(2025, 8, 31, 0, 0, 0, 0, time.UTC)

// maxSteps bounds a case that would go on for ever.
const maxSteps = 1_000_000

func (c *recording) execute(machine *sim.Machine, o Options, made map[string]bool) (*sim.Execution, error) {
	options := sim.Options{History: true, Account: "111111111111", Seed: 1, AsOf: c.asOf()}
	options.ID = func() string {
		id := fmt.Sprintf("made-%08d-id", len(made))
		made[id] = true
		return id
	}
	mocks, err := sim.MocksOf(c.object("mocks"))
	if err != nil {
		return nil, err
	}
	options.Tasks = mocks.Player()
	store := sim.MemoryStore{}
	value, _ := c.Get("s3")
	objects, _ := value.([]any)
	for _, entry := range objects {
		e, _ := entry.(*jsonvalue.Object)
		part := &recording{e}
		store.PutObject(part.text("Bucket"), part.text("Key"), []byte(part.text("Body")))
	}
	options.Objects = store
	now := o.Now
	if now.IsZero() {
		now = Laid
	}
	input, ok := c.Get("input")
	if !ok {
		input = jsonvalue.NewObject(0) // as StartExecution does
	}
	clock := sim.NewClock(now)
	x := machine.Start(clock, input, options)
	for n := 0; n < maxSteps && x.Status() == sim.Running; n++ {
		if !clock.Step() {
			return x, fmt.Errorf("the execution waits for something that never comes")
		}
	}
	return x, nil
}

func compareOutcome(m *matcher, got Outcome, expect *jsonvalue.Object) error {
	status, _ := expect.Get("status")
	if status != got.Status {
		return fmt.Errorf("got status %s, want %v%s", got.Status, status, failureText(got))
	}
	if output, ok := expect.Get("output"); ok && !m.equal(got.Output, output, "output") {
		return fmt.Errorf("got output %s, want %s", jsonvalue.String(got.Output), jsonvalue.String(output))
	}
	if want, ok := expect.Get("error"); ok {
		text, _ := want.(string)
		if got.Error != text {
			return fmt.Errorf("got error %q, want %q%s", got.Error, text, failureText(got))
		}
	}
	if cause, ok := expect.Get("cause"); ok && !m.equal(got.Cause, cause, "cause") {
		return fmt.Errorf("got cause %q, want %s", got.Cause, jsonvalue.String(cause))
	}
	return nil
}

func failureText(got Outcome) string {
	if got.Error == "" && got.Cause == "" {
		return ""
	}
	return fmt.Sprintf(" (%s: %s)", got.Error, got.Cause)
}

// wildcards are the placeholder texts that stand for anything.
func (c *recording) wildcards() []string {
	var wild []string
	value, _ := c.Get("opaque")
	list, _ := value.([]any)
	for _, entry := range list {
		if s, ok := entry.(string); ok && s != "" {
			wild = append(wild, s)
		}
	}
	return wild
}

func (c *recording) is(name string) bool {
	value, _ := c.Get(name)
	return value == true
}

// lost is how many events the recorder has swallowed.
func (c *recording) lost() int {
	value, _ := c.Get("lost")
	n, _ := jsonvalue.Float(value)
	return int(n)
}
