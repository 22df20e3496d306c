package cases

import (
	"errors"
	"fmt"
	"strings"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// IsReport tells whether a case is a report: {"id", "check": "validate" or "run", "definition", "input", "objects", "aws"}.
func IsReport(o *jsonvalue.Object) bool {
	c := recording{o}
	return c.text("check") != "" && c.object("aws") != nil
}

// Report runs a report and compares with what Step Functions does: "aws" has, of a definition to validate, valid, wanted
// (a warning) or no_warning; of one to run, output, or status, error and cause_has.
func Report(o *jsonvalue.Object) Result {
	c := recording{o}
	r := Result{ID: c.text("id"), Lang: "report"}
	var err error
	switch check := c.text("check"); check {
	case "validate":
		err = c.validated()
	case "run":
		err = c.ran()
	default:
		err = fmt.Errorf("there is no check %q", check)
	}
	if err != nil {
		r.Problem = err.Error()
	}
	return r
}

// problems are the diagnostics of the case's definition.
func (c *recording) problems() (*ast.Definition, ast.Diagnostics) {
	definition, _ := c.Get("definition")
	text, isText := definition.(string)
	if !isText {
		text = jsonvalue.String(definition)
	}
	d, err := ast.ParseString(text)
	var problems ast.Diagnostics
	if err != nil && !errors.As(err, &problems) {
		problems.Add(ast.SeverityError, ast.Position{}, "", "", "%v", err)
	}
	if d != nil {
		problems = append(append(problems, d.ValidateWith(awsapi.Result)...), awsapi.Check(d, awsapi.Options{})...)
	}
	return d, problems
}

func (c *recording) validated() error {
	aws := recording{c.object("aws")}
	_, problems := c.problems()
	valid, _ := aws.Get("valid")
	switch {
	case valid == problems.HasErrors():
		return fmt.Errorf("valid is %v, want %v: %v", !problems.HasErrors(), valid, problems)
	case aws.text("wanted") != "" && len(problems) == 0:
		return fmt.Errorf("nothing is said, want %s", aws.text("wanted"))
	case aws.is("no_warning") && len(problems) > 0:
		return fmt.Errorf("want no warning, got %v", problems)
	}
	return nil
}

func (c *recording) ran() error {
	d, problems := c.problems()
	if problems.HasErrors() {
		return fmt.Errorf("refused: %v", problems)
	}
	machine, err := sim.Compile(d)
	if err != nil {
		return err
	}
	objects := sim.MemoryStore{}
	if given := c.object("objects"); given != nil {
		for name, body := range given.All() {
			bucket, key, _ := strings.Cut(name, "/")
			text, _ := body.(string)
			if err := objects.PutObject(bucket, key, []byte(text)); err != nil {
				return err
			}
		}
	}
	mocks, err := sim.MocksOf(c.object("mocks"))
	if err != nil {
		return err
	}
	clock := sim.NewClock(Laid)
	input, _ := c.Get("input")
	x := machine.Start(clock, input, sim.Options{Objects: objects, Tasks: mocks.Player(), Seed: 1})
	for range maxSteps {
		if x.Status() != sim.Running || !clock.Step() {
			break
		}
	}
	aws := recording{c.object("aws")}
	wanted, hasOutput := aws.Get("output")
	status := aws.text("status")
	if status == "" {
		status = "FAILED"
		if hasOutput {
			status = "SUCCEEDED"
		}
	}
	got := failureText(Outcome{Error: x.Error(), Cause: x.Cause()})
	if x.Status() == sim.Succeeded {
		got = jsonvalue.String(x.Output())
	}
	switch {
	case string(x.Status()) != status:
		return fmt.Errorf("%s %s, want %s %s", x.Status(), got, status, jsonvalue.String(c.object("aws")))
	case hasOutput && !jsonvalue.Equal(x.Output(), wanted):
		return fmt.Errorf("output %s, want %s", got, jsonvalue.String(wanted))
	case aws.text("error") != "" && x.Error() != aws.text("error"):
		return fmt.Errorf("%s, want %s", got, aws.text("error"))
	case !strings.Contains(x.Cause(), aws.text("cause_has")):
		return fmt.Errorf("%s, want the cause %q", got, aws.text("cause_has"))
	}
	return nil
}
