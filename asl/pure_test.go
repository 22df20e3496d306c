package asl_test

import (
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/glue"
	"airline/asl/states"
)

// TestMachineChangesNothing: a graph gives the same definition, or the same
// problems, however often it is built, and whatever is done to what it gave.
func TestMachineChangesNothing(t *testing.T) {
	unbound, twice := asl.NewLabel("unbound"), asl.NewLabel("twice")
	twice.Bind(asl.Succeed("A"))
	twice.Bind(asl.Succeed("B"))
	failed := asl.Fail("Failed", asl.FailSpec{})
	again := asl.NewLabel("again")
	run := glue.StartJobRun{JobName: asl.Text("load"), Arguments: map[string]asl.Value[string]{"--a": asl.Text("b")}}.Sync("Run").
		Retry(asl.Retrier{MaxAttempts: 2}, glue.ConcurrentRuns).CatchAll(failed)
	each := asl.DistributedMap("Each", asl.DistributedSpec{Items: asl.Input[[]any]()}, asl.Pass("Item").End()).KeepInput()
	wait := asl.Poll(glue.GetCrawler{Name: asl.Text("c")}.Task("Get"), asl.PollSpec{
		Every: time.Minute, Within: time.Hour, Expired: failed, Until: asl.Eq(asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State }), glue.Ready)})
	for name, start := range map[string]asl.Wired{
		"unbound label":     asl.Pass("P").Then(unbound),
		"label bound twice": asl.Pass("P").Then(twice),
		"everything":        asl.Chain(again.Mark(run), each, wait, asl.Choice("More").When(asl.IsPresent(asl.RawPath[any]("$.more")), again)).Then(asl.Succeed("Done")),
	} {
		t.Run(name, func(t *testing.T) {
			first := built(start)
			d, _ := asl.Machine(start)
			if d != nil {
				spoil(d)
			}
			if second := built(start); second != first {
				t.Errorf("the second build differs: got\n%s\nwant\n%s", second, first)
			}
		})
	}
}

// built is the definition of a graph, or its problems.
func built(start asl.Wired) string {
	d, err := asl.Machine(start)
	if err != nil {
		return err.Error()
	}
	return d.String()
}

// spoil changes all parts of a definition.
func spoil(d *ast.Definition) {
	d.StartAt = "Spoilt"
	if d.ProcessorConfig != nil {
		d.ProcessorConfig.Mode = "SPOILT"
	}
	for _, s := range d.States {
		s.Name += "Spoilt"
		for _, r := range s.Retry {
			r.ErrorEquals[0], r.MaxAttempts = "Spoilt", ast.NewField(99)
		}
		for _, c := range s.Catch {
			c.ErrorEquals[0], c.Next = "Spoilt", "Spoilt"
		}
		for _, r := range s.Choices {
			r.Next = "Spoilt"
		}
		for i := range s.Grants {
			s.Grants[i].Actions[0] = "spoilt"
		}
		if o, ok := s.Parameters.Value().(interface{ Set(string, any) }); ok {
			o.Set("Spoilt", true)
		}
		if p := s.Processor(); p != nil {
			spoil(p)
		}
	}
}

// TestAdjustLeavesItsState: what Adjust gives is another state, and the one that
// it was called on stays as it was, wherever it is used.
func TestAdjustLeavesItsState(t *testing.T) {
	plain := asl.Pass("P").End()
	adjusted := plain.Adjust(func(s *ast.State) { s.Comment = "adjusted" })
	if text := built(plain); strings.Contains(text, "adjusted") {
		t.Errorf("Adjust has changed what it was called on: %s", text)
	}
	if text := built(adjusted); !strings.Contains(text, "adjusted") {
		t.Errorf("Adjust has no effect: %s", text)
	}
	loop := asl.NewLabel("loop")
	step := asl.Adjust(loop.Mark(asl.Wait("W", time.Minute)), func(s *ast.State) { s.Comment = "adjusted" })
	text := built(asl.Chain(step, asl.Choice("C").When(asl.IsPresent(asl.RawPath[any]("$.more")), loop)).Then(asl.Succeed("Done")))
	if strings.Count(text, "adjusted") != 1 || !strings.Contains(text, `"Next": "W"`) {
		t.Errorf("the label does not lead to the adjusted state: %s", text)
	}
}

// TestNever: a retrier that never tries again is written, and one without
// MaxAttempts is the language's default.
func TestNever(t *testing.T) {
	d, err := asl.Machine(glue.StartJobRun{JobName: asl.Text("load")}.Sync("Run").
		Retry(asl.Retrier{MaxAttempts: asl.Never}, glue.ConcurrentRuns).RetryAll(asl.Retrier{}).End())
	if err != nil {
		t.Fatal(err)
	}
	retry := d.States[0].Retry
	if n, ok := retry[0].MaxAttempts.Int(); !ok || n != 0 {
		t.Errorf("MaxAttempts: got %v, want 0", retry[0].MaxAttempts)
	}
	if retry[1].MaxAttempts.IsSet() {
		t.Errorf("MaxAttempts: got %v, want none", retry[1].MaxAttempts)
	}
	if _, err := asl.Machine(asl.Parallel("P", asl.Succeed("S")).RetryAll(asl.Retrier{MaxAttempts: -2}).End()); err == nil || !strings.Contains(err.Error(), "/Retry/0/MaxAttempts") {
		t.Errorf("MaxAttempts -2: got %v, want an error at MaxAttempts", err)
	}
}

// TestErrorHandler: one value handles the errors of a task, a Map and a
// Parallel, in both languages.
func TestErrorHandler(t *testing.T) {
	failed := asl.Fail("Failed", asl.FailSpec{})
	handler := asl.OnError().
		Retry(asl.Retrier{MaxAttempts: 5}, states.TaskFailed, states.Timeout).
		Catch(states.Permissions, asl.Catcher{Next: failed, KeepInput: true}).
		CatchAll(failed)
	task := glue.StartJobRun{JobName: asl.Text("load")}.Sync
	steps := []asl.Step{
		task("A").Handle(handler), task("B").JSONata().Handle(handler),
		asl.Map("C", nil, asl.Pass("Item").End()).Handle(handler), asl.Map("D", asl.Q[any]("[1]"), asl.Pass("Item2").End()).JSONata().Handle(handler),
		asl.Parallel("E", asl.Succeed("S")).Handle(handler), asl.Parallel("F", asl.Succeed("S2")).JSONata().Handle(handler),
	}
	d, err := asl.Machine(asl.Chain(steps[0], steps[1:]...).CatchAll(failed).End())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.States {
		if s.Name == "Failed" {
			continue
		}
		if len(s.Retry) != 1 || len(s.Retry[0].ErrorEquals) != 2 || len(s.Catch) != 2 || s.Catch[1].ErrorEquals[0] != states.ALL || s.Catch[1].Next != "Failed" {
			t.Errorf("%s: %d retriers and %d catchers, want 1 and 2 of the handler", s.Name, len(s.Retry), len(s.Catch))
		}
	}
}

// TestPathOnNoRoute: a path that exists on no route is an error of Machine, with
// the line of the builder; one that exists on some route is not.
func TestPathOnNoRoute(t *testing.T) {
	read := asl.Pass("Read").Parameters(asl.Object{"b": asl.RawPath[any]("$.b")}).End()
	start := asl.Pass("Start").Result(asl.Object{"a": 1}).Then(read)
	_, err := asl.Machine(start)
	problems, ok := err.(ast.Diagnostics)
	if !ok || len(problems) != 1 || problems[0].Location != "/States/Read/Parameters/b.$" || !strings.HasSuffix(problems[0].Pos.File, "pure_test.go") {
		t.Fatalf("got %v, want the path $.b reported", err)
	}
	either := asl.Choice("Either").
		When(asl.IsPresent(asl.RawPath[any]("$.x")), asl.Pass("WithB").Result(asl.Object{"b": 1}).Then(read)).
		Otherwise(asl.Pass("Without").Result(asl.Object{"a": 1}).Then(read))
	d, err := asl.Machine(either)
	if err != nil {
		t.Fatalf("a path that exists on one route is refused: %v", err)
	}
	if len(d.Validate()) == 0 {
		t.Error("Validate does not warn of the route without the path")
	}
}
