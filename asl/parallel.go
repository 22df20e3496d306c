package asl

import (
	"slices"

	"airline/asl/ast"
)

// ParallelState runs branches at the same time; not yet wired. Its result is
// the list of the branches' outputs, in the order of the branches.
type ParallelState struct {
	described[ParallelState]
	leading
	failing[ParallelState, Guarded]
	keeping[ParallelState]
	branching[ParallelState]
	pathData[ParallelState]
	pathResult[ParallelState]
	pathSelector[ParallelState]
	pathParameters[ParallelState]
}

// Parallel makes a Parallel state of the branches' first states. A branch's
// states lead only to states of the same branch.
func Parallel(name string, branches ...Wired) ParallelState {
	c := newCore(name, ast.TypeParallel)
	c.branches = slices.Clone(branches)
	return parallelOf(c)
}

func parallelOf(c *core) ParallelState {
	m := part[ParallelState]{c, parallelOf}
	return ParallelState{described[ParallelState]{m}, leading{c}, failing[ParallelState, Guarded]{m, guardedOf}, keeping[ParallelState]{m},
		branching[ParallelState]{m}, pathData[ParallelState]{m}, pathResult[ParallelState]{m}, pathSelector[ParallelState]{m}, pathParameters[ParallelState]{m}}
}

// JSONata turns the state to JSONata; its branches keep their languages.
func (p ParallelState) JSONata() JSONataParallel { return jsonataParallelOf(p.leading.c.jsonata()) }

func (p ParallelState) guarded(to CatchTarget) Step { return guardedOf(p.leading.c.guarded(to)) }

// JSONataParallel is a ParallelState in JSONata.
type JSONataParallel struct {
	described[JSONataParallel]
	leading
	failing[JSONataParallel, Guarded]
	keeping[JSONataParallel]
	branching[JSONataParallel]
	jsonataData[JSONataParallel]
}

func jsonataParallelOf(c *core) JSONataParallel {
	m := part[JSONataParallel]{c, jsonataParallelOf}
	return JSONataParallel{described[JSONataParallel]{m}, leading{c}, failing[JSONataParallel, Guarded]{m, guardedOf}, keeping[JSONataParallel]{m},
		branching[JSONataParallel]{m}, jsonataData[JSONataParallel]{m}}
}

// Arguments is the document that each branch gets.
func (p JSONataParallel) Arguments(document any) JSONataParallel {
	return jsonataParallelOf(p.leading.c.parameters(document))
}

func (p JSONataParallel) guarded(to CatchTarget) Step { return guardedOf(p.leading.c.guarded(to)) }

// branching is what a Parallel has in both languages.
type branching[S any] struct{ part[S] }

// Branch adds a branch.
func (b branching[S]) Branch(start Wired) S {
	return b.as(b.c.edited(func(c *core) { c.branches = append(slices.Clip(c.branches), start) }))
}

// Guarded is a Parallel or Map state after CatchAll: all that is left is where
// it leads.
type Guarded struct{ leading }

func guardedOf(c *core) Guarded { return Guarded{leading{c}} }

func (g Guarded) guarded(CatchTarget) Step { return g }
