package asl

import (
	"slices"

	"airline/asl/ast"
	"airline/asl/states"
)

// ParallelState runs branches at the same time; not yet wired. Its result is
// the list of the branches' outputs, in the order of the branches.
type ParallelState struct {
	c        core
	branches []Wired
}

// Parallel makes a Parallel state of the branches' first states. A branch's
// states lead only to states of the same branch.
func Parallel(name string, branches ...Wired) ParallelState {
	return ParallelState{newCore(name, ast.TypeParallel), branches}
}

// Branch adds a branch.
func (p ParallelState) Branch(start Wired) ParallelState {
	p.branches = append(slices.Clip(p.branches), start)
	return p
}

// Comment is for the readers of the definition.
func (p ParallelState) Comment(text string) ParallelState {
	p.c.state.Comment = text
	return p
}

// InputPath takes a part of the input.
func (p ParallelState) InputPath(path Reference) ParallelState {
	p.c = p.c.inputPath(path)
	return p
}

// Parameters is a document made of the input, which each branch gets.
func (p ParallelState) Parameters(document any) ParallelState {
	p.c = p.c.parameters(document)
	return p
}

// ResultSelector replaces the result by a document made of it.
func (p ParallelState) ResultSelector(document any) ParallelState {
	p.c = p.c.resultSelector(document)
	return p
}

// ResultPath puts the result into the input.
func (p ParallelState) ResultPath(path Reference) ParallelState {
	p.c = p.c.resultPath(path)
	return p
}

// KeepInput hands the input on and drops the result.
func (p ParallelState) KeepInput() ParallelState {
	p.c.state.ResultPath = ast.NewField(nil)
	return p
}

// OutputPath hands only a part on.
func (p ParallelState) OutputPath(path Reference) ParallelState {
	p.c = p.c.outputPath(path)
	return p
}

// Assign sets variables; $ is the list of results.
func (p ParallelState) Assign(list ...Assignment) ParallelState {
	p.c = p.c.assigning(list...)
	return p
}

// Retry runs all branches again after one of the errors.
func (p ParallelState) Retry(b Retrier, errors ...string) ParallelState {
	p.c = p.c.retrying(b, errors)
	return p
}

// RetryAll runs all branches again after any error.
func (p ParallelState) RetryAll(b Retrier) ParallelState {
	p.c = p.c.retrying(b, []string{states.ALL})
	return p
}

// Catch leads to the target when a branch failed with the error.
func (p ParallelState) Catch(err string, to CatchTarget) ParallelState {
	p.c = p.c.catching(to, err)
	return p
}

// CatchAll leads to the target when a branch failed with any other error.
func (p ParallelState) CatchAll(to CatchTarget) Guarded {
	return Guarded{p.c.catching(to, states.ALL), p.finish}
}

// JSONata turns the state to JSONata; its branches keep their languages.
func (p ParallelState) JSONata() JSONataParallel { return JSONataParallel{p.c.jsonata(), p.branches} }

// Then leads on to the target.
func (p ParallelState) Then(to Target) Wired { return p.wire(to) }

// End ends the machine, or the branch, after the state.
func (p ParallelState) End() Wired { return p.wire(nil) }

func (p ParallelState) wire(to Target) Wired { w := p.c.wire(to); p.finish(w.n); return w }
func (p ParallelState) finish(n *node)       { n.branches = p.branches }
func (p ParallelState) guarded(to CatchTarget) Step {
	return Guarded{p.c.guarded(to), p.finish}
}

// Guarded is a Parallel or Map state after CatchAll: all that is left is where
// it leads.
type Guarded struct {
	c      core
	finish func(*node)
}

// Then leads on to the target.
func (g Guarded) Then(to Target) Wired { return g.wire(to) }

// End ends the machine, or the branch, after the state.
func (g Guarded) End() Wired { return g.wire(nil) }

func (g Guarded) wire(to Target) Wired     { w := g.c.wire(to); g.finish(w.n); return w }
func (g Guarded) guarded(CatchTarget) Step { return g }

// JSONataParallel is a ParallelState in JSONata.
type JSONataParallel struct {
	c        core
	branches []Wired
}

// Arguments is the document that each branch gets.
func (p JSONataParallel) Arguments(document any) JSONataParallel {
	p.c = p.c.parameters(document)
	return p
}

// Output is what the state hands on.
func (p JSONataParallel) Output(document any) JSONataParallel {
	p.c = p.c.output(document)
	return p
}

// Assign sets variables; see Let.
func (p JSONataParallel) Assign(list ...Assignment) JSONataParallel {
	p.c = p.c.assigning(list...)
	return p
}

// Retry runs all branches again after one of the errors.
func (p JSONataParallel) Retry(b Retrier, errors ...string) JSONataParallel {
	p.c = p.c.retrying(b, errors)
	return p
}

// Catch leads to the target when a branch failed with the error.
func (p JSONataParallel) Catch(err string, to CatchTarget) JSONataParallel {
	p.c = p.c.catching(to, err)
	return p
}

// CatchAll leads to the target when a branch failed with any other error.
func (p JSONataParallel) CatchAll(to CatchTarget) Guarded {
	return Guarded{p.c.catching(to, states.ALL), p.finish}
}

// Then leads on to the target.
func (p JSONataParallel) Then(to Target) Wired { return p.wire(to) }

// End ends the machine, or the branch, after the state.
func (p JSONataParallel) End() Wired { return p.wire(nil) }

func (p JSONataParallel) wire(to Target) Wired { w := p.c.wire(to); p.finish(w.n); return w }
func (p JSONataParallel) finish(n *node)       { n.branches = p.branches }
func (p JSONataParallel) guarded(to CatchTarget) Step {
	return Guarded{p.c.guarded(to), p.finish}
}
