// Package sfn is AWS Step Functions in the local world: the deployed definitions, executed by asl/sim on the
// world's clock. A task goes through the door as the machine's role, to the very methods that Go code calls;
// its errors get the names that Step Functions gives them.
package sfn

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
	"airline/local/s3"
)

// Logs takes what executions log. *cloudwatchlogs.Service is one.
type Logs interface {
	// Deliver writes a vended log event to a log group on behalf of a service.
	Deliver(group, stream string, at time.Time, message []byte) error
}

// Service holds the state machines and their executions.
type Service struct {
	door        *door.Door
	clock       *sim.Clock
	registry    *door.Registry
	place       s3.Place
	logs        Logs
	objects     Objects
	keys        Keys
	machines    map[string]*machine   // by ARN
	aliases     map[string]*alias     // by ARN
	executions  map[string]*execution // by ARN
	order       []*execution          // as they were started
	mapRunOrder []*mapRun
	mapRuns     map[string]*mapRun // by ARN
	tokens      map[string]*sim.Task
	versions    map[string]*version  // by ARN, of machines that were made or published by an API call
	activities  map[string]*activity // by ARN
	rehearse    func(machine, test string) (*Rehearsal, error)
	functions   func(FunctionCall, func(FunctionAnswer)) // nil: none can be called
	calls       int                                      // of functions that have not answered
	onRole      func(arn string) error
	onEvent     []func(*sim.Execution, sim.Event)
	spill       *sim.Spill // of histories; nil to keep them in memory
	line        []byte     // of a log, reused
}

// UseSpill sets where the events of executions that start from now on are kept.
func (s *Service) UseSpill(spill *sim.Spill) { s.spill = spill }

// New makes Step Functions without machines. Tasks find their services in the registry.
func New(d *door.Door, clock *sim.Clock, registry *door.Registry, place s3.Place, logs Logs, objects Objects) *Service {
	return &Service{
		door: d, clock: clock, registry: registry, place: place, logs: logs, objects: objects,
		machines: map[string]*machine{}, aliases: map[string]*alias{}, executions: map[string]*execution{}, tokens: map[string]*sim.Task{},
		versions: map[string]*version{}, activities: map[string]*activity{}, mapRuns: map[string]*mapRun{},
	}
}

type machine struct {
	name, arn, role string
	definition      string
	program         *sim.Machine
	created         time.Time
	logGroup        string // empty without logging
	logLevel        types.LogLevel
	logData         bool
	tracing         bool
	key             string // empty for a key of AWS's own
	published       bool   // has a version
	kind            types.StateMachineType
	revision        string // of the definition and role; empty for a machine of the stack
	versions        int    // number of the newest
	tags            map[string]string
}

// kindOf is the machine's type; those of a stack are standard.
func (m *machine) kindOf() types.StateMachineType {
	if m.kind == "" {
		return types.StateMachineTypeStandard
	}
	return m.kind
}

// execution is a run of a machine, and what the API tells about it besides.
type execution struct {
	*sim.Execution
	machine      *machine
	input        string
	waiting      []func() // called when it ends
	version      *string  // ARN of the version that was started
	alias        *string  // ARN of the alias that was started
	redriveToken string   // of the client that last redrove it
}

// Observe calls f for every event of every execution, when it happens.
func (s *Service) Observe(f func(*sim.Execution, sim.Event)) { s.onEvent = append(s.onEvent, f) }

// Executions lists all executions in the order of their start.
func (s *Service) Executions() []*sim.Execution {
	list := make([]*sim.Execution, len(s.order))
	for i, x := range s.order {
		list[i] = x.Execution
	}
	return list
}

// Execution finds an execution by its ARN: one that was started, or a child of a distributed Map; nil when there is none.
func (s *Service) Execution(arn string) *sim.Execution {
	if x, ok := s.executions[arn]; ok {
		return x.Execution
	}
	return nil
}

// machine finds a machine by its ARN or an alias's.
func (s *Service) machine(arn *string) (*machine, error) {
	m, ok := s.machines[aws.ToString(arn)]
	if a := s.aliases[aws.ToString(arn)]; a != nil {
		return a.machine, nil
	}
	if !ok {
		return nil, &types.StateMachineDoesNotExist{Message: aws.String(fmt.Sprintf("State Machine Does Not Exist: '%s'", aws.ToString(arn)))}
	}
	return m, nil
}

func (s *Service) execution(arn *string) (*execution, error) {
	if strings.Contains(aws.ToString(arn), ":express:") {
		return nil, &types.InvalidArn{Message: aws.String("Invalid Arn: 'Resource type not valid in this context: express'")}
	}
	x, ok := s.executions[aws.ToString(arn)]
	if !ok {
		return nil, &types.ExecutionDoesNotExist{Message: aws.String(fmt.Sprintf("Execution Does Not Exist: '%s'", aws.ToString(arn)))}
	}
	return x, nil
}

// executionARN is the ARN of an execution of a machine.
func executionARN(machine, name string) string {
	return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + name
}

var validName = regexp.MustCompile(`^[^\x00-\x1f\x7f-\x9f\s<>{}\[\]?*"#%\\^|~` + "`" + `$&,;:/]{1,80}$`)

func checkName(name string) error {
	if !validName.MatchString(name) {
		return &types.InvalidName{Message: aws.String(fmt.Sprintf("Invalid Name: '%s'", name))}
	}
	return nil
}

// parseInput reads an execution's input as JSON.
func parseInput(text string) (any, error) {
	if len(text) > ast.MaxPayload {
		return nil, &types.InvalidExecutionInput{Message: aws.String(fmt.Sprintf("Invalid State Machine Execution Input: the input has %d bytes, the limit is %d", len(text), ast.MaxPayload))}
	}
	v, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		return nil, &types.InvalidExecutionInput{Message: aws.String(fmt.Sprintf("Invalid State Machine Execution Input: '%v'", err))}
	}
	return v, nil
}

func validation(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...), Fault: smithy.FaultClient}
}
