// Package recorder runs a Pulumi program in this process and writes down what it registers.
//
// Nothing is deployed. The program talks to a resource monitor of its own, over Pulumi's protocol, as it
// would talk to the engine; the monitor answers with the ids, ARNs and names that AWS would give. What comes
// out is a [Graph]: every resource with its resolved inputs and outputs, what it depends on, and the line of
// Go that registered it. The local world is built from that graph, and tests assert on it.
//
//	graph, err := recorder.Record(ctx, recorder.Options{Dir: ".", Stack: "dev"}, infra.Program)
//	for _, machine := range graph.OfType("aws:sfn/stateMachine:StateMachine") {
//		fmt.Println(machine.Name, machine.String("definition"), machine.Source)
//	}
//
// With Options.Preview the monitor answers as a first `pulumi preview` does: whatever AWS only knows after
// creation is [Unknown]. So a test can prove that a definition or a policy is complete before anything exists.
//
// A resource type or a function that the recorder has no model of is an error that names it, never a guess.
package recorder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// DefaultAccount is the AWS account that a recorded program finds itself in unless told otherwise.
const DefaultAccount = "123456789012"

// Options say which stack is recorded and how.
type Options struct {
	// Dir is the folder of Pulumi.yaml and Pulumi.<stack>.yaml.
	Dir string
	// Stack is the stack's name, such as "dev".
	Stack string
	// Overrides win over the stack file. A key without a namespace is the project's own:
	// "trigger" means "airline:trigger".
	Overrides map[string]string
	// Secrets are the keys among Overrides whose values are secrets, as `pulumi config set --secret` makes them.
	Secrets []string
	// Preview leaves unknown what AWS only knows after creation, as `pulumi preview` of a new stack does.
	Preview bool
	// Existing is what is in AWS before the program runs.
	Existing Existing
	// Account is the AWS account id; DefaultAccount when empty.
	Account string
}

// recording serialises programs of one process: the Pulumi SDK keeps its engine connection per context, but
// reads defaults from the process environment while a context is made.
var recording sync.Mutex

// Record runs the program against a recording monitor and returns what it registered.
//
// The error is the program's own, or the monitor's when a resource type, a function or a configuration value
// is not one it knows.
func Record(ctx context.Context, o Options, program pulumi.RunFunc) (*Graph, error) {
	return record(ctx, o, func(info pulumi.RunInfo) error {
		return pulumi.RunErr(program, func(i *pulumi.RunInfo) { *i = info })
	})
}

// RecordBinary is Record of a compiled program, which is run as Pulumi's language host runs one. So the programs of other
// revisions are recorded, too.
func RecordBinary(ctx context.Context, o Options, binary string) (*Graph, error) {
	return record(ctx, o, func(info pulumi.RunInfo) error {
		config, err := json.Marshal(info.Config)
		if err != nil {
			return err
		}
		secrets, err := json.Marshal(info.ConfigSecretKeys)
		if err != nil {
			return err
		}
		var said bytes.Buffer
		cmd := exec.CommandContext(ctx, binary)
		cmd.Dir, cmd.Stdout, cmd.Stderr = info.RootDirectory, &said, &said
		cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PULUMI_") })
		for name, value := range map[string]string{
			pulumi.EnvProject: info.Project, pulumi.EnvStack: info.Stack, pulumi.EnvOrganization: info.Organization,
			pulumi.EnvPulumiRootDirectory: info.RootDirectory, pulumi.EnvConfig: string(config), pulumi.EnvConfigSecretKeys: string(secrets),
			pulumi.EnvParallel: strconv.Itoa(int(info.Parallel)), pulumi.EnvDryRun: strconv.FormatBool(info.DryRun),
			pulumi.EnvMonitor: info.MonitorAddr, pulumi.EnvEngine: info.EngineAddr,
		} {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%w\n%s", err, strings.TrimSpace(said.String()))
		}
		return nil
	})
}

// record opens a monitor, has run run a program against it, and returns what the program registered.
func record(ctx context.Context, o Options, run func(pulumi.RunInfo) error) (*Graph, error) {
	settings, err := readSettings(o.Dir, o.Stack, o.Overrides, o.Secrets)
	if err != nil {
		return nil, err
	}
	if o.Account == "" {
		o.Account = DefaultAccount
	}
	world, err := newSurroundings(o.Account, settings.values["aws:region"])
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", o.Stack, err)
	}

	world.existing = o.Existing

	recording.Lock()
	defer recording.Unlock()

	leave, err := settings.enter()
	if err != nil {
		return nil, err
	}
	defer leave()

	m := newMonitor(settings, world, o.Preview)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the recording monitor: %w", err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))
	pulumirpc.RegisterResourceMonitorServer(server, m)
	pulumirpc.RegisterEngineServer(server, &engine{monitor: m})
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		server.Stop()
		<-served
	}()

	err = run(pulumi.RunInfo{
		Project:          settings.project,
		RootDirectory:    o.Dir,
		Stack:            o.Stack,
		Config:           settings.values,
		ConfigSecretKeys: settings.secretKeys,
		Parallel:         1,
		DryRun:           o.Preview,
		MonitorAddr:      listener.Addr().String(),
		EngineAddr:       listener.Addr().String(),
		Organization:     "organization",
	})
	// The SDK wraps a failed registration in several layers and repeats it for every resource that
	// depended on it; the monitor's own first refusals say it once.
	if refusals := m.refusals(); len(refusals) > 0 {
		return nil, errors.Join(refusals...)
	}
	if err != nil {
		return nil, fmt.Errorf("running the program of stack %s: %w", o.Stack, alone(err))
	}
	return m.graph(), nil
}

// alone is the one error in a list of errors, which the SDK makes of what a program returns.
func alone(err error) error {
	if list, ok := errors.AsType[interface {
		error
		WrappedErrors() []error
	}](err); ok {
		if errs := list.WrappedErrors(); len(errs) == 1 {
			return errs[0]
		}
	}
	return err
}

// maxMessage bounds one protocol message; the SDK's own bound is the same. Scripts travel inside messages.
const maxMessage = 400 << 20
