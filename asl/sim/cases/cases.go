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
	m := &matcher{wild: c.wildcards(), made: map[string]bool{}, stands: map[string]string{}}
	x, err := c.execute(machine, o, m)
	if err != nil {
		return err
	}
	expect := c.object("expect")
	if err := compareOutcome(m, x, expect); err != nil {
		return err
	}
	if events, ok := c.Get("events"); ok {
		list, _ := events.([]any)
		return c.compareEvents(m, x, list)
	}
	return nil
}

// undated is the behaviour asked for where a case does not say when it was
// recorded: that of the time before Map states took objects for items.
var undated = time.Date(2025, 8, 31, 0, 0, 0, 0, time.UTC)

// maxSteps bounds a case that would go on for ever.
const maxSteps = 1_000_000

func (c *recording) execute(machine *sim.Machine, o Options, m *matcher) (*sim.Execution, error) {
	options := sim.Options{History: true, Account: "111111111111", Seed: 1, AsOf: undated}
	if recorded, err := time.Parse(time.DateOnly, c.text("recorded")); err == nil {
		options.AsOf = recorded
	}
	options.ID = func() string {
		id := fmt.Sprintf("made-%08d-id", len(m.made))
		m.made[id] = true
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

func compareOutcome(m *matcher, x *sim.Execution, expect *jsonvalue.Object) error {
	status, _ := expect.Get("status")
	if status != string(x.Status()) {
		return fmt.Errorf("got status %s, want %v%s", x.Status(), status, failureText(x))
	}
	if output, ok := expect.Get("output"); ok && !m.equal(x.Output(), output, "output") {
		return fmt.Errorf("got output %s, want %s", jsonvalue.String(x.Output()), jsonvalue.String(output))
	}
	if want, ok := expect.Get("error"); ok {
		text, _ := want.(string)
		if x.Error() != text {
			return fmt.Errorf("got error %q, want %q%s", x.Error(), text, failureText(x))
		}
	}
	if cause, ok := expect.Get("cause"); ok && !m.equal(x.Cause(), cause, "cause") {
		return fmt.Errorf("got cause %q, want %s", x.Cause(), jsonvalue.String(cause))
	}
	return nil
}

func failureText(x *sim.Execution) string {
	if x.Error() == "" && x.Cause() == "" {
		return ""
	}
	return fmt.Sprintf(" (%s: %s)", x.Error(), x.Cause())
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
