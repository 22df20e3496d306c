package asl

import "airline/asl/ast"

// Task is a state that calls a service, not yet wired. Op is the operation: it
// decides which errors can be caught. Out is the operation's output: it decides
// what can be saved and, in package simtest, what a mock answers.
//
// The service packages make Tasks; NewTask makes one of any resource.
type Task[Op, Out any] struct {
	described[Task[Op, Out]]
	leading
	failing[Task[Op, Out], GuardedTask[Op, Out], Err[Op]]
	keeping[Task[Op, Out]]
	calling[Task[Op, Out], Op, Out, Ref[int]]
	pathData[Task[Op, Out]]
	pathResult[Task[Op, Out]]
	pathSelector[Task[Op, Out]]
}

// NewTask makes a task of a resource ARN and its parameters: any Go value that
// JSON takes, with operands in it. Op is any type; it stands for the operation.
//
//	asl.NewTask[Snapshot, SnapshotOutput]("Snapshot", asl.SDK("ec2", "createSnapshot"), asl.Object{"VolumeId": volume})
func NewTask[Op, Out any](name, resource string, parameters any) Task[Op, Out] {
	c := newCore(name, ast.TypeTask).with(func(_ renderer, s *ast.State) { s.Resource = resource })
	if parameters != nil {
		c = c.parameters(parameters)
	}
	return taskOf[Op, Out](c)
}

// SDK is the resource ARN of an AWS SDK integration: the service's name in
// lower case, the action in camel case.
func SDK(service, action string) string { return "arn:aws:states:::aws-sdk:" + service + ":" + action }

func taskOf[Op, Out any](c *core) Task[Op, Out] {
	type task = Task[Op, Out]
	m := made[task]{c, taskOf[Op, Out]}
	return task{described[task]{m}, leading{c}, failing[task, GuardedTask[Op, Out], Err[Op]]{m, guardedTaskOf[Op, Out]}, keeping[task]{m},
		calling[task, Op, Out, Ref[int]]{m}, pathData[task]{m}, pathResult[task]{m}, pathSelector[task]{m}}
}

// JSONata turns the state to JSONata. Call it before anything that only one of
// the languages has.
func (t Task[Op, Out]) JSONata() JSONataTask[Op, Out] {
	return jsonataTaskOf[Op, Out](t.leading.c.jsonata())
}

func (t Task[Op, Out]) guarded(to CatchTarget) Step {
	return guardedTaskOf[Op, Out](t.leading.c.guarded(to))
}

// JSONataTask is a Task in JSONata: its parameters are its Arguments, and
// Output takes the place of ResultSelector, ResultPath and OutputPath.
type JSONataTask[Op, Out any] struct {
	described[JSONataTask[Op, Out]]
	leading
	failing[JSONataTask[Op, Out], GuardedTask[Op, Out], Err[Op]]
	keeping[JSONataTask[Op, Out]]
	calling[JSONataTask[Op, Out], Op, Out, Value[int]]
	jsonataData[JSONataTask[Op, Out]]
}

func jsonataTaskOf[Op, Out any](c *core) JSONataTask[Op, Out] {
	type task = JSONataTask[Op, Out]
	m := made[task]{c, jsonataTaskOf[Op, Out]}
	return task{described[task]{m}, leading{c}, failing[task, GuardedTask[Op, Out], Err[Op]]{m, guardedTaskOf[Op, Out]}, keeping[task]{m},
		calling[task, Op, Out, Value[int]]{m}, jsonataData[task]{m}}
}

func (t JSONataTask[Op, Out]) guarded(to CatchTarget) Step {
	return guardedTaskOf[Op, Out](t.leading.c.guarded(to))
}

// GuardedTask is a Task after CatchAll: all that is left is where it leads.
type GuardedTask[Op, Out any] struct {
	leading
	running[Op, Out]
}

func guardedTaskOf[Op, Out any](c *core) GuardedTask[Op, Out] {
	return GuardedTask[Op, Out]{leading{c}, running[Op, Out]{c.name}}
}

func (t GuardedTask[Op, Out]) guarded(CatchTarget) Step { return t }

// Runs is a task state with operation Op and output Out, wired or not: what a
// mock binds to.
type Runs[Op, Out any] interface {
	StateName() string
	runs(Op) Out
}

// running is the name of a task state.
type running[Op, Out any] struct{ name string }

func (t running[Op, Out]) runs(Op) (out Out) { return out }

// StateName is the name of the state.
func (t running[Op, Out]) StateName() string { return t.name }
