package sim

import (
	"fmt"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// place puts a result into the state's input, as ResultPath says, and leaves the
// state through OutputPath.
func (th *thread) place(result any) *fault {
	s := th.state
	output := result
	switch {
	case s.discardResult:
		output = th.input
	case s.resultPath != nil:
		var err error
		if output, err = s.resultPath.Set(th.input, result); err != nil {
			return th.resultPathFault(s.resultPath, th.input)
		}
	}
	th.inspect("afterResultPath", output)
	output, f := s.outputPath.choose(th, output)
	if f != nil {
		return f
	}
	return th.exit(output, s.next)
}

// takeInput applies the state's InputPath.
func (th *thread) takeInput() (any, *fault) {
	input, f := th.state.input.choose(th, th.input)
	if f == nil {
		th.inspectPath("afterInputPath", input)
	}
	return input, f
}

// pass runs a Pass state.
func (th *thread) pass() *fault {
	s := th.state
	if s.jsonata {
		if f := th.assign(s.assign, nil); f != nil {
			return f
		}
		output := th.input
		if s.output != nil {
			var f *fault
			if output, f = s.output.eval(th, nil); f != nil {
				return f
			}
		}
		return th.exit(output, s.next)
	}
	result, f := s.input.choose(th, th.input)
	if f != nil {
		return f
	}
	if s.result != nil {
		result = s.result.value
		th.inspect("result", result)
	} else {
		th.inspect("afterInputPath", result)
		if s.parameters != nil {
			if result, f = s.parameters.eval(th, result); f != nil {
				return f
			}
		}
		th.inspect("afterParameters", result)
	}
	th.inspect("afterResultSelector", result)
	if f := th.assign(s.assign, result); f != nil {
		return f
	}
	return th.place(result)
}

// succeed runs a Succeed state, which ends the thread.
func (th *thread) succeed() *fault {
	s := th.state
	if s.jsonata {
		output := th.input
		if s.output != nil {
			var f *fault
			if output, f = s.output.eval(th, nil); f != nil {
				return f
			}
		}
		return th.exit(output, nil)
	}
	output, f := th.takeInput()
	if f != nil {
		return f
	}
	if output, f = s.outputPath.choose(th, output); f != nil {
		return f
	}
	return th.exit(output, nil)
}

// failSpec holds the error and cause of a Fail state; nil: absent.
type failSpec struct{ name, cause *template }

func (c *compiler) failure(s *state, d *ast.State) {
	part := func(field string, literal, path ast.Field) *template {
		if text, ok := path.Text(); ok && !s.jsonata {
			return c.reference(text, s.location+"/"+field+"Path", field+"Path")
		}
		if !literal.IsSet() {
			return nil
		}
		return c.template(literal.Value(), s.jsonata, s.location, field)
	}
	s.fail = &failSpec{part("Error", d.Error, d.ErrorPath), part("Cause", d.Cause, d.CausePath)}
}

// failState runs a Fail state: its own error is the fault.
func (th *thread) failState() *fault {
	own := &fault{nulls: true}
	th.inspectPath("afterInputPath", th.input)
	part := func(t *template, text *string, has *bool) *fault {
		if t == nil {
			return nil
		}
		value, f := t.eval(th, th.input)
		if f != nil {
			return f
		}
		switch v := value.(type) {
		case string:
			*text = v
		case nil:
			return nil
		default:
			if t.expr != nil {
				return th.typeFault(t, "string", value)
			}
			return th.runtimeFault(fmt.Sprintf("The value of the field '%s' is not a string: %s", t.field, jsonvalue.String(value)))
		}
		*has = true
		return nil
	}
	if f := part(th.state.fail.name, &own.name, &own.hasName); f != nil {
		return f
	}
	if f := part(th.state.fail.cause, &own.cause, &own.hasCause); f != nil {
		return f
	}
	return own
}

// complete leads the result of a Task, Map or Parallel, whose size has been
// checked, out of the state.
func (th *thread) complete(result any) *fault {
	s := th.state
	th.result, th.hasResult = result, true
	if f := th.assign(s.assign, result); f != nil {
		return f
	}
	if s.jsonata {
		if s.output != nil {
			var f *fault
			if result, f = s.output.eval(th, nil); f != nil {
				return f
			}
		}
		return th.exit(result, s.next)
	}
	if s.selector != nil {
		var f *fault
		if result, f = s.selector.eval(th, result); f != nil {
			return f
		}
	}
	th.inspect("afterResultSelector", result)
	return th.place(result)
}
