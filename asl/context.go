package asl

import "time"

// Context is the context object: what Step Functions tells a state about its
// execution. Every member is a typed path: asl.Context.Execution.Name is
// $$.Execution.Name in JSONPath, $states.context.Execution.Name in JSONata.
var Context = contextObject()

// ContextObject is the type of Context.
type ContextObject struct {
	Execution struct {
		ID           Path[string] // the execution's ARN
		Input        Path[any]
		Name         Path[string]
		RoleARN      Path[string]
		StartTime    Path[time.Time]
		RedriveCount Path[int]
		RedriveTime  Path[time.Time]
	}
	State struct {
		EnteredTime Path[time.Time]
		Name        Path[string]
		RetryCount  Path[int]
	}
	StateMachine struct {
		ID   Path[string] // the machine's ARN
		Name Path[string]
	}
	Task struct {
		// Token is what a .waitForTaskToken task hands on for its callback.
		Token Path[string]
	}
	Map struct {
		Item struct {
			Index Path[int]
			Key   Path[string] // when the items are the members of an object
			Value Path[any]
			// Source is where the item comes from: "STATE_DATA", or the URI of the
			// object that held it; of the bucket when the item is a listed object.
			Source Path[string]
		}
	}
}

func contextObject() (c ContextObject) {
	c.Execution.ID = contextPath[string]("Execution", "Id")
	c.Execution.Input = contextPath[any]("Execution", "Input")
	c.Execution.Name = contextPath[string]("Execution", "Name")
	c.Execution.RoleARN = contextPath[string]("Execution", "RoleArn")
	c.Execution.StartTime = contextPath[time.Time]("Execution", "StartTime")
	c.Execution.RedriveCount = contextPath[int]("Execution", "RedriveCount")
	c.Execution.RedriveTime = contextPath[time.Time]("Execution", "RedriveTime")
	c.State.EnteredTime = contextPath[time.Time]("State", "EnteredTime")
	c.State.Name = contextPath[string]("State", "Name")
	c.State.RetryCount = contextPath[int]("State", "RetryCount")
	c.StateMachine.ID = contextPath[string]("StateMachine", "Id")
	c.StateMachine.Name = contextPath[string]("StateMachine", "Name")
	c.Task.Token = contextPath[string]("Task", "Token")
	c.Map.Item.Index = contextPath[int]("Map", "Item", "Index")
	c.Map.Item.Key = contextPath[string]("Map", "Item", "Key")
	c.Map.Item.Source = contextPath[string]("Map", "Item", "Source")
	c.Map.Item.Value = contextPath[any]("Map", "Item", "Value")
	return c
}

// Caught is the error that a catcher caught, for the Assign and Output of a
// Catcher.
var Caught = struct {
	Error Path[string]
	Cause Path[string]
}{
	Error: Path[string]{ref{root: rootError, steps: []step{{name: "Error"}}}},
	Cause: Path[string]{ref{root: rootError, steps: []step{{name: "Cause"}}}},
}

func contextPath[T any](names ...string) Path[T] {
	r := ref{root: rootContext}
	for _, name := range names {
		r.steps = append(r.steps, step{name: name})
	}
	return Path[T]{r}
}
