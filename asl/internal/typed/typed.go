// Package typed knows the operations that have typed tasks: a service package
// registers its own, and generated code is written with them. What reads them
// does so without a word of the task types, which the compiler would generate
// for it once more, with all their methods.
package typed

import "reflect"

// Task is how a typed task is written in Go.
type Task struct {
	// Parameters is the struct of the operation's parameters.
	Parameters reflect.Type
	// Make is the method of the parameters that returns the task, with a leading
	// dot, or the function that does: ".Sync", "lambda.Invoke[any]".
	Make string
}

var tasks = map[string]Task{}

// Register adds the typed tasks of the parameters P: by resource, how each is
// written. It is called by init functions only.
func Register[P any](makers map[string]string) { register(reflect.TypeFor[P](), makers) }

func register(parameters reflect.Type, makers map[string]string) {
	for resource, maker := range makers {
		tasks[resource] = Task{parameters, maker}
	}
}

// Tasks are the typed tasks of the service packages that the program imports, by
// resource.
func Tasks() map[string]Task { return tasks }
