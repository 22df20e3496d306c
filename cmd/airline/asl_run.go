package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"airline/asl/jsonvalue"
	"airline/asl/report"
	"airline/asl/sim"
)

// aslRun holds the flags of "airline asl run".
type aslRun struct {
	stackFlags
	input, mocks  string
	machine, test string
	objects       string
	start         string
	seed          uint64
	history       bool
	state         stateRun
	page          string // file to write the report to
}

func newASLRunCmd() *cobra.Command {
	var r aslRun
	cmd := &cobra.Command{
		Use:   "run [FILE | MACHINE --stack STACK]",
		Short: "Execute a definition on a virtual clock",
		Long: `Execute a definition on a virtual clock, and print one JSON object:
{"status", "output" or "error" and "cause", "elapsed" (virtual seconds), "transitions"}.

Tasks are answered from --mocks, a file of one of two forms: the configuration of
AWS Step Functions Local (StateMachines, MockedResponses), or
{"State": [{"return": ...}, {"throw": {"error", "cause"}}, {"timeout": true}, ...]},
in the order in which the state's task is scheduled. FILE and --input may be "-".
With --stack one of the project's own machines is executed.

--state NAME runs one state alone, once, as AWS's TestState does, also one in a Map or Parallel.
It prints {"status", "output", "error", "cause", "nextState", "variables", "errorDetails"}, and
with --inspect "inspectionData", the data at each stage. The status is SUCCEEDED; CAUGHT_ERROR
when a catcher takes the error; RETRIABLE when a retrier would try again; or FAILED. A mock may
answer a Map or Parallel too; without one its inner states run.

The exit code is 0 when the execution has succeeded, or the state has been left; 1 when it has not, which is
printed all the same, or when "airline asl validate" refuses the definition, whose
problems are then printed instead; 2 when there is nothing to execute.`,
		Args: atMostOneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd, args) },
	}
	r.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&r.input, "input", "", "file with the input (default {})")
	flags.StringVar(&r.mocks, "mocks", "", "file with the answers of the tasks")
	flags.StringVar(&r.machine, "machine", "", "state machine in the mocks (default the first)")
	flags.StringVar(&r.test, "test", "", "test case in the mocks (default the first)")
	flags.StringVar(&r.objects, "objects", "", "directory with a folder per bucket, for distributed Maps (default none)")
	flags.StringVar(&r.start, "start", "", "moment of the start, such as 2026-01-01T00:00:00Z (default now)")
	flags.Uint64Var(&r.seed, "seed", 0, "seed of jitter, random numbers and ids")
	r.state.register(cmd)
	flags.BoolVar(&r.history, "history", false, "add the execution's events")
	flags.StringVar(&r.page, "report", "", "write a page about the execution to this file: the coloured graph, what each state got and gave, the history")
	return cmd
}

func (r *aslRun) run(cmd *cobra.Command, args []string) error {
	from, err := r.one(cmd, args)
	if err != nil {
		return err
	}
	if problems := diagnose(from); problems.HasErrors() {
		from.print(cmd.ErrOrStderr(), problems)
		return badNews{}
	}
	definition := from.definition
	if err := r.state.check(); err != nil {
		return err
	}
	if r.state.name != "" {
		if definition, err = r.state.alone(definition); err != nil {
			return err
		}
	}
	machine, err := sim.Compile(definition)
	if err != nil {
		return fmt.Errorf("%s: %w", from.name, err)
	}
	var input any = jsonvalue.NewObject(0)
	if r.input != "" {
		data, err := readFile(cmd, r.input)
		if err != nil {
			return err
		}
		if input, err = jsonvalue.Decode(data); err != nil {
			return fmt.Errorf("%s: %w", r.input, err)
		}
	}
	mocks := sim.Mocks{}
	if r.mocks != "" {
		data, err := readFile(cmd, r.mocks)
		if err != nil {
			return err
		}
		if mocks, err = sim.ParseMocks(data, r.machine, r.test); err != nil {
			return fmt.Errorf("%s: %w", r.mocks, err)
		}
	}
	var test sim.StateTest
	if r.state.name != "" {
		if test, err = r.state.test(cmd, definition.States[0], mocks); err != nil {
			return err
		}
	}
	if err := mocks.Check(machine); err != nil {
		return fmt.Errorf("%s: %w", r.mocks, err)
	}
	start := time.Now()
	if r.start != "" {
		if start, err = time.Parse(time.RFC3339, r.start); err != nil {
			return fmt.Errorf("--start %s: give a moment such as 2026-01-01T00:00:00Z", r.start)
		}
	}
	var objects sim.ObjectStore
	if r.objects != "" {
		if info, err := os.Stat(r.objects); err != nil || !info.IsDir() {
			return fmt.Errorf("--objects: %s is no directory", r.objects)
		}
		objects = sim.DirStore(r.objects)
	}
	clock := sim.NewClock(start)
	options := sim.Options{Tasks: mocks.Player(), Objects: objects, Seed: r.seed, History: r.history || r.page != ""}
	var x *sim.Execution
	if r.state.name == "" {
		x = machine.Start(clock, input, options)
	} else if x, err = machine.StartState(clock, input, test, options); err != nil {
		return err
	}
	if err := clock.Run(cmd.Context()); err != nil {
		return err
	}
	if x.Status() == sim.Running {
		return errors.New("the execution waits for something that never comes")
	}
	if r.page != "" {
		if err := writeFile(r.page, func(w io.Writer) error {
			return report.Write(w, report.Execution{Name: x.Name(), Machine: from.name, Definition: definition, History: x.History()})
		}); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	out := append(jsonvalue.Append(nil, r.report(x)), '\n')
	if _, err = cmd.OutOrStdout().Write(out); err == nil && x.Status() != sim.Succeeded {
		switch {
		case r.mocks == "" && x.Error() == sim.ErrUnmocked:
			return badNews{"tasks are answered from a file: give it with --mocks FILE"}
		case x.Error() == sim.ErrNoObjects:
			return badNews{"objects are in the folders of a directory, one for each bucket: give it with --objects DIRECTORY"}
		}
		return badNews{}
	}
	return err
}

func (r *aslRun) report(x *sim.Execution) *jsonvalue.Object {
	o := jsonvalue.NewObject(6)
	switch {
	case r.state.name != "":
		o = r.state.report(x)
	case x.Status() == sim.Succeeded:
		o.Set("status", string(x.Status()))
		o.Set("output", x.Output())
	default:
		o.Set("status", string(x.Status()))
		o.Set("error", x.Error())
		o.Set("cause", x.Cause())
	}
	o.Set("elapsed", x.Elapsed().Seconds())
	o.Set("transitions", float64(x.Transitions()))
	if r.history {
		events := []any{}
		for _, e := range x.History() {
			event := jsonvalue.NewObject(5)
			event.Set("id", float64(e.ID))
			event.Set("previousEventId", float64(e.PreviousID))
			event.Set("timestamp", e.Time.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
			event.Set("type", e.Type.String())
			event.Set("details", e.Details())
			events = append(events, event)
		}
		o.Set("events", events)
	}
	return o
}

// writeFile writes a file once all of it is there: an error of write leaves the file as it was.
func writeFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}

// readFile reads a file, or standard input for "-".
func readFile(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	return os.ReadFile(name)
}
