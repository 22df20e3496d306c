package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// stateRun holds the flags of "airline asl run --state", which have the names that the aws command line gives to those of
// "aws stepfunctions test-state".
type stateRun struct {
	name          string
	variables     string // file
	context       string // file
	configuration string // JSON
	validation    string // fieldValidationMode
	inspect       bool
}

func (r *stateRun) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&r.name, "state", "", "run this state alone, once")
	flags.StringVar(&r.variables, "variables", "", "file with the variables that --state starts with (default {})")
	flags.StringVar(&r.context, "context", "", "file with the context object of --state (default the execution's own)")
	flags.StringVar(&r.configuration, "state-configuration", "", `JSON for --state: {"retrierRetryCount", "mapIterationFailureCount", "errorCausedByState", "mapItemReaderData"}`)
	flags.StringVar(&r.validation, "field-validation-mode", "STRICT", "how --state holds a mocked result to the API: STRICT, PRESENT or NONE")
	flags.BoolVar(&r.inspect, "inspect", false, "add the data at each stage of --state")
}

// check refuses flags that need --state.
func (r *stateRun) check() error {
	if r.name != "" {
		return nil
	}
	for _, f := range []struct{ name, value string }{{"variables", r.variables}, {"context", r.context}, {"state-configuration", r.configuration}} {
		if f.value != "" {
			return fmt.Errorf("--%s: a machine starts without it; name a state with --state", f.name)
		}
	}
	if r.inspect {
		return errors.New("--inspect: name a state with --state")
	}
	return nil
}

// alone is the definition of the state.
func (r *stateRun) alone(d *ast.Definition) (*ast.Definition, error) {
	alone, known := sim.Alone(d, r.name)
	if alone == nil {
		return nil, fmt.Errorf("--state %s: there is no such state; there are %s", r.name, strings.Join(known, ", "))
	}
	return alone, nil
}

// test is the test of the state; the answer of a Map or Parallel leaves the mocks, which are for tasks.
func (r *stateRun) test(cmd *cobra.Command, state *ast.State, mocks sim.Mocks) (sim.StateTest, error) {
	test := sim.StateTest{State: r.name}
	var err error
	if test.Variables, err = readObject(cmd, "--variables", r.variables); err != nil {
		return test, err
	}
	if test.Context, err = readObject(cmd, "--context", r.context); err != nil {
		return test, err
	}
	answers := mocks[r.name]
	if fork := state.Type == ast.TypeMap || state.Type == ast.TypeParallel; fork && len(answers) > 0 {
		test.Mock = &answers[0]
		delete(mocks, r.name)
		if err := sim.CheckForkMock(state, test.Mock); err != nil {
			return test, fmt.Errorf("mocks: state %q: %w", r.name, err)
		}
	}
	if err := r.configure(&test, state); err != nil {
		return test, fmt.Errorf("--state-configuration: %w", err)
	}
	switch r.validation {
	case "NONE":
	case "STRICT", "PRESENT":
		var errs []error
		for _, a := range answers {
			if a.Fails || a.Timeout || a.HeartbeatTimeout {
				continue
			}
			for _, problem := range awsapi.CheckResult(state.Resource, a.Output, r.validation == "STRICT") {
				errs = append(errs, fmt.Errorf("mocks: state %q: %s; give what the API answers, or --field-validation-mode NONE", r.name, problem))
			}
		}
		return test, errors.Join(errs...)
	default:
		return test, fmt.Errorf("--field-validation-mode %s: expected STRICT, PRESENT or NONE", r.validation)
	}
	return test, nil
}

func (r *stateRun) configure(test *sim.StateTest, state *ast.State) error {
	if r.configuration == "" {
		return nil
	}
	value, err := jsonvalue.Decode([]byte(r.configuration))
	if err != nil {
		return err
	}
	o, ok := value.(*jsonvalue.Object)
	if !ok {
		return errors.New("expected an object")
	}
	var errs []error
	count := func(name string, v any, into *int) {
		n, whole := ast.NewField(v).Int()
		if !whole || n < 0 {
			errs = append(errs, fmt.Errorf("%s: expected a whole number from 0", name))
		}
		*into = n
	}
	for name, v := range o.All() {
		text, isText := v.(string)
		switch name {
		case "retrierRetryCount":
			count(name, v, &test.RetryCount)
		case "mapIterationFailureCount":
			count(name, v, &test.FailedIterations)
		case "errorCausedByState":
			if !isText || !sim.HasInner(state, text) {
				errs = append(errs, fmt.Errorf("%s: name a state in the Map or Parallel %q", name, state.Name))
			}
		case "mapItemReaderData":
			if !isText {
				errs = append(errs, fmt.Errorf("%s: expected the content of the object as a text", name))
			}
			test.ItemReaderData = []byte(text)
		default:
			errs = append(errs, fmt.Errorf("there is no %s; there are retrierRetryCount, mapIterationFailureCount, errorCausedByState and mapItemReaderData", name))
		}
	}
	return errors.Join(errs...)
}

// report is what the test of the state gives, as one JSON object.
func (r *stateRun) report(x *sim.Execution) *jsonvalue.Object {
	result := x.StateResult()
	o := jsonvalue.NewObject(8)
	o.Set("status", string(result.Status))
	if result.Status == sim.StateSucceeded || result.Status == sim.StateCaughtError {
		o.Set("output", result.Output)
	}
	if result.Status != sim.StateSucceeded {
		o.Set("error", result.Error)
		o.Set("cause", result.Cause)
	}
	if result.Next != "" {
		o.Set("nextState", result.Next)
	}
	if variables, ok := result.Inspection.Get("variables"); ok {
		o.Set("variables", variables)
	}
	if details, ok := result.Inspection.Get("errorDetails"); ok {
		o.Set("errorDetails", details)
	}
	if r.inspect {
		o.Set("inspectionData", result.Inspection)
	}
	return o
}

// readObject reads a file that holds a JSON object; nil without a file.
func readObject(cmd *cobra.Command, flag, file string) (*jsonvalue.Object, error) {
	if file == "" {
		return nil, nil
	}
	data, err := readFile(cmd, file)
	if err != nil {
		return nil, err
	}
	value, err := jsonvalue.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	o, ok := value.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("%s %s: expected an object, {\"name\": value}", flag, file)
	}
	return o, nil
}
