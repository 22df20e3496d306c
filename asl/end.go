package asl

import "airline/asl/ast"

// Succeed ends the machine, or the branch, well; its output is its input.
func Succeed(name string) Wired { return SucceedWith(name, SucceedSpec{}) }

// SucceedSpec holds the fields of a Succeed state.
type SucceedSpec struct {
	Comment    string
	InputPath  Reference // JSONPath
	OutputPath Reference // JSONPath
	Output     any       // JSONata
}

// SucceedWith is Succeed with a choice of its output.
func SucceedWith(name string, spec SucceedSpec) Wired {
	c := newCore(name, ast.TypeSucceed)
	c.neutral = true
	c = c.with(func(_ renderer, s *ast.State) { s.Comment = spec.Comment })
	if spec.InputPath != nil {
		c = c.inputPath(spec.InputPath)
		c.neutral = false
	}
	if spec.OutputPath != nil {
		c = c.outputPath(spec.OutputPath)
		c.neutral = false
	}
	if spec.Output != nil {
		c = c.jsonata().output(spec.Output)
	}
	return c.wire(nil)
}

// FailSpec holds the fields of a Fail state. Error and Cause are texts, paths
// or calls of intrinsic functions.
type FailSpec struct {
	Comment string
	Error   Value[string]
	Cause   Value[string]
}

// Fail ends the machine, or the branch, as failed. A failure that nobody sees
// is none: end failing routes here, so that the execution's status and alarms
// tell.
func Fail(name string, spec FailSpec) Wired {
	c := newCore(name, ast.TypeFail)
	c.neutral = true
	return c.with(func(r renderer, s *ast.State) {
		s.Comment = spec.Comment
		if spec.Error != nil {
			r.at("/Error", placeInput).field(spec.Error, &s.Error, &s.ErrorPath)
		}
		if spec.Cause != nil {
			r.at("/Cause", placeInput).field(spec.Cause, &s.Cause, &s.CausePath)
		}
	}).wire(nil)
}
