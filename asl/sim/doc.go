// Package sim executes state machines of the Amazon States Language on a virtual
// clock: any definition, built with package asl or written by hand, in both query
// languages, as AWS Step Functions does - outputs, error names, causes and the
// event history compared with what AWS recorded.
//
//	definition, err := ast.Parse(data)
//	machine, err := sim.Compile(definition)
//	clock := sim.NewClock(time.Now())
//	x := machine.Start(clock, input, sim.Options{Tasks: services})
//	clock.Run(ctx)
//	fmt.Println(x.Status(), x.Output(), x.Elapsed())
//
// # Time
//
// Nothing sleeps. A [Clock] holds what is to be done, each thing at its moment,
// and jumps from one to the next: waits, retry delays, timeouts, heartbeats and
// the durations of tasks cost no real time. Any number of executions, and whatever
// else a simulation needs, share one clock and interleave the same way every
// time. There is no goroutine but the caller's.
//
// # Tasks
//
// A [TaskHandler] stands for the services. It gets a [Task] and answers at once
// or from a later call of the clock: Succeed, Fail, Submitted, SendHeartbeat.
// [Mocks] play recorded answers, [Machines] runs nested executions.
//
// Package simtest runs a machine with typed mocks and asserts on its route, the
// inputs it sent, virtual time and output; [Coverage] shows what no test has
// reached.
//
// # Agreement with AWS
//
// Package cases beside this one runs recorded executions again and compares them
// event by event. Where AWS has changed its behaviour between recordings,
// Options.AsOf asks for that of a certain day; the default is the latest.
//
//   - The context object has Execution.RedriveCount from November 2023 on.
//   - MapStateExited of a distributed Map follows MapRunStarted from late 2024 on,
//     MapRunSucceeded before.
//   - EvaluationFailed follows the Entered event from December 2024 on, the event
//     before that one earlier.
//   - Map states take objects for items, and the context object has
//     Map.Item.Source, from September 2025 on.
//   - ExecutionTimedOut has an error and follows no event from 2026 on.
//
// AWS's quotas hold: 262,144 bytes of payload (States.DataLimitExceeded), 25,000
// events. Options can replace them.
//
// # Cost
//
// A definition is compiled once: names to pointers, paths and expressions to
// programs, constant parts of payloads to shared values. Running allocates what
// the payloads need, an Execution, and a Task for each task. The cost of a state
// does not grow with the number of states, executions or Map items; the
// benchmarks of this package show it.
package sim
