package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"airline/asl/sim"
	"airline/etl"
	"airline/infra"
	"airline/local"
	"airline/local/console"
	"airline/local/door"
	"airline/local/recorder"
	"airline/local/wire"
)

// serveArgs are the flags of airline serve.
type serveArgs struct {
	project, stack, pace, workdir, mocks, functions string
	settings                                        []string
	noStack, asJSON                                 bool
	port, warehousePort                             int
	seed                                            uint64
}

func newServeCmd() *cobra.Command {
	a := serveArgs{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer AWS's protocols for the stack on this machine",
		Long: `Deploys the stack into a local world and answers the protocols of AWS on
127.0.0.1, so that the aws command line, boto3 and the SDKs work with it. All
services are at one address. Every request must be signed with one of the access
keys that are printed: the operator's, or a deployed role's, whose policies hold.

With --time fast the virtual clock jumps whenever nothing can run, but not while
a task waits for its token, a worker or a Lambda function; with --time real it goes with the
clock on the wall. With --no-stack the world is empty: state machines, queues,
topics and rules are created in it.

What the world holds is gone when the command ends, unless --workdir names a folder:
there it is kept, and the next airline serve with it goes on, also after a crash.`,
		Example: `  airline serve
  airline serve --no-stack --port 8083 --mocks MockConfigFile.json
  airline serve --json --time real
  airline serve --workdir kept`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.run(cmd) },
	}
	flags := cmd.Flags()
	addProject(flags, &a.project)
	flags.StringVar(&a.stack, "stack", "dev", "the stack to deploy")
	addSettings(flags, &a.settings)
	flags.BoolVar(&a.noStack, "no-stack", false, "serve an empty world")
	flags.IntVar(&a.port, "port", 4566, "the port on 127.0.0.1; 0 takes a free one")
	flags.IntVar(&a.warehousePort, "warehouse-port", warehousePort, "the port on 127.0.0.1 where Redshift's clients connect to the warehouse; 0 takes a free one")
	flags.StringVar(&a.pace, "time", "fast", "fast or real: how the world's clock goes")
	flags.StringVar(&a.mocks, "mocks", "", "a MockConfigFile.json of Step Functions Local, for executions of <state machine>#<test case>")
	flags.StringVar(&a.functions, "lambda-endpoint", "", "where the functions are that tasks of AWS Lambda call, such as http://127.0.0.1:3001 of `sam local start-lambda`; empty fails these tasks")
	flags.StringVar(&a.workdir, "workdir", "", "keep what the world holds in this folder, and go on with it; empty keeps nothing")
	flags.Uint64Var(&a.seed, "seed", 1, "decides everything random in the world: ids, delays")
	flags.BoolVar(&a.asJSON, "json", false, "print JSON: one object about the endpoint, then one for every execution that ends")
	return cmd
}

// check reports every flag that cannot be meant.
func (a *serveArgs) check(cmd *cobra.Command) error {
	var problems []error
	if a.pace != "fast" && a.pace != "real" {
		problems = append(problems, fmt.Errorf("--time %s: give fast or real", a.pace))
	}
	if a.port < 0 || a.port > 65535 {
		problems = append(problems, fmt.Errorf("--port %d: give 1 to 65535, or 0 for a free one", a.port))
	}
	if cmd.Flags().Changed("workdir") && a.workdir == "" {
		problems = append(problems, errors.New("--workdir is empty: name a folder, or leave the flag out to keep nothing"))
	}
	if a.functions != "" {
		if u, err := url.Parse(a.functions); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			problems = append(problems, fmt.Errorf("--lambda-endpoint %s: give an address such as http://127.0.0.1:3001", a.functions))
		}
		if a.workdir != "" {
			problems = append(problems, errors.New("--lambda-endpoint and --workdir exclude each other: what functions answer is not kept, and a kept world is made again from its calls"))
		}
	}
	if a.noStack && cmd.Flags().Changed("stack") {
		problems = append(problems, errors.New("--stack and --no-stack exclude each other"))
	}
	if a.noStack && len(a.settings) > 0 {
		problems = append(problems, errors.New("--config is for a stack, and --no-stack has none"))
	}
	return errors.Join(problems...)
}

func (a *serveArgs) run(cmd *cobra.Command) (err error) {
	if err := a.check(cmd); err != nil {
		return err
	}
	o, err := a.options(cmd)
	if err != nil {
		return err
	}
	settings := wire.Options{Time: wire.Fast, Functions: a.functions}
	if a.pace == "real" {
		settings.Time = wire.Real
	}
	if a.mocks != "" {
		if settings.Mocks, err = readFile(cmd, a.mocks); err != nil {
			return err
		}
	}
	listener, err := listen("port", a.port)
	if err != nil {
		return err
	}
	defer listener.Close()
	ctx := cmd.Context()
	if a.workdir != "" {
		folder, failed := a.keep(cmd, &o, &settings)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, folder.Close()) }()
	}
	world, err := local.Deploy(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Close()) }()
	if a.noStack {
		world.OpenRoles()
	}
	index := console.Watch(world)
	server, err := wire.New(world, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if again := server.Again(); again.Calls > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "went on with what %s holds: %d calls in %s, %d executions under way\n", a.workdir, again.Calls, again.Took.Round(time.Millisecond), again.UnderWay)
	}
	out := &announcer{w: cmd.OutOrStdout(), json: a.asJSON}
	world.SFN().Observe(out.event)
	var door *warehouseDoor
	if world.RedshiftData().Database() != "" {
		if door, err = a.warehouse(world, server, cmd.ErrOrStderr()); err != nil {
			return err
		}
	}
	if err := out.ready(world, server, "http://"+listener.Addr().String(), door); err != nil {
		return err
	}
	headroom := make([]byte, 128<<20) // never touched: the garbage collector waits until as much was made, which costs requests the less
	defer runtime.KeepAlive(headroom)
	if err := serveBoth(ctx, listener, server, console.New(index, server).Beside(server), door); err != nil {
		return err
	}
	return out.closing(server.Summary())
}

// warehouse makes the server of the world's warehouse.
func (a *serveArgs) warehouse(world *local.World, server *wire.Server, problems io.Writer) (*warehouseDoor, error) {
	listener, err := listen("warehouse-port", a.warehousePort)
	if err != nil {
		return nil, err
	}
	if at, ok := listener.Addr().(*net.TCPAddr); ok {
		world.RedshiftData().Address(at.IP.String(), int32(at.Port))
	}
	clients := world.RedshiftData().Clients(func(f func() error) error {
		return server.Do(func(*local.World) error { return f() })
	})
	return newWarehouseDoor(listener, world.RedshiftData(), clients, world.Dir(), problems)
}

// serveBoth answers HTTP and, where there is a warehouse, its clients, until the context is done.
func serveBoth(ctx context.Context, listener net.Listener, server *wire.Server, handler http.Handler, door *warehouseDoor) error {
	if door == nil {
		return serveHTTP(ctx, listener, server, handler)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		defer cancel()
		failed <- door.serve(ctx)
	}()
	err := serveHTTP(ctx, listener, server, handler)
	cancel()
	return errors.Join(err, <-failed)
}

// options say which world is made. Its clock begins with the wall's.
func (a *serveArgs) options(cmd *cobra.Command) (local.Options, error) {
	o := local.Options{Stack: a.stack, Seed: a.seed, Start: time.Now().UTC().Truncate(time.Millisecond)}
	if a.noStack {
		// Step Functions Local, in whose place such a world is, has no rates.
		o.Rates = door.Rates{"sfn:StartExecution": {Burst: math.MaxInt32, PerSecond: math.MaxInt32}}
		o.Graph = &recorder.Graph{Project: "airline", Stack: "none", Account: recorder.DefaultAccount, Region: "us-east-1", Partition: "aws"}
		return o, nil
	}
	dir, err := projectDir(a.project)
	if err != nil {
		return o, err
	}
	o.Dir, o.Program = dir, infra.Program
	if o.Overrides, err = overrides("config", a.settings); err != nil {
		return o, err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "deploying the %s stack\n", a.stack)
	return o, nil
}

// serveHTTP answers until the context is done, and then lets the requests under way come to their end.
func serveHTTP(ctx context.Context, listener net.Listener, server *wire.Server, handler http.Handler) error {
	h := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	clock := make(chan struct{})
	go func() {
		defer close(clock)
		server.Run(ctx)
	}()
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Shutdown(patience); err != nil {
		h.Close() // what has not come to its end by now is cut off
	}
	<-clock
	return nil
}

// announcer prints what a server is and what happens in it. It is called by one goroutine at a time.
type announcer struct {
	w    io.Writer
	json bool
}

func (a *announcer) object(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = a.w.Write(append(text, '\n'))
	return err
}

// ready prints how to use the server.
func (a *announcer) ready(w *local.World, server *wire.Server, endpoint string, door *warehouseDoor) error {
	output := func(name string) string {
		text, _ := w.Graph.Outputs[name].(string)
		return text
	}
	profiles := server.Profiles()
	if a.json {
		return a.object(struct {
			Endpoint  string                  `json:"endpoint"`
			Console   string                  `json:"console"`
			Region    string                  `json:"region"`
			Account   string                  `json:"account"`
			RawBucket string                  `json:"rawBucket"`
			Workgroup string                  `json:"workgroup"`
			Database  string                  `json:"database"`
			Profiles  map[string]wire.Profile `json:"profiles"`
			Warehouse *connection             `json:"warehouse,omitempty"`
		}{endpoint, endpoint + console.Prefix, w.Graph.Region, w.Graph.Account, output("rawBucket"), output("warehouse"), output("database"), profiles, door.connection()})
	}
	var b strings.Builder
	operator := profiles["operator"]
	fmt.Fprintf(&b, "Serving at %s, account %s; look at it in a browser: %[1]s%[3]s. Use it with:\n\n", endpoint, w.Graph.Account, console.Prefix)
	fmt.Fprintf(&b, "export AWS_ENDPOINT_URL=%s AWS_REGION=%s AWS_DEFAULT_REGION=%[2]s AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s\n\n", endpoint, w.Graph.Region, operator.ID, operator.Secret)
	b.WriteString("Profiles, for ~/.aws/credentials:\n\n")
	for _, name := range slices.Sorted(maps.Keys(profiles)) {
		fmt.Fprintf(&b, "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n\n", name, profiles[name].ID, profiles[name].Secret)
	}
	if bucket := output("rawBucket"); bucket != "" {
		fmt.Fprintf(&b, "Raw bucket %s, warehouse %s, database %s.\n", bucket, output("warehouse"), output("database"))
	}
	if c := door.connection(); c != nil {
		b.WriteString(c.text())
	}
	_, err := io.WriteString(a.w, b.String())
	return err
}

// event prints the executions that end.
func (a *announcer) event(x *sim.Execution, e sim.Event) {
	switch e.Type {
	case sim.ExecutionSucceeded, sim.ExecutionFailed, sim.ExecutionAborted, sim.ExecutionTimedOut:
	default:
		return
	}
	if a.json {
		// A reader that has gone misses the rest.
		_ = a.object(struct {
			Event     string `json:"event"`
			Execution string `json:"executionArn"`
			Machine   string `json:"stateMachineArn"`
			Status    string `json:"status"`
			Start     string `json:"startDate"`
			Stop      string `json:"stopDate"`
			Error     string `json:"error,omitempty"`
			Cause     string `json:"cause,omitempty"`
		}{"ExecutionEnded", x.ARN(), x.StateMachineARN(), string(x.Status()), x.StartTime().Format(time.RFC3339Nano), e.Time.Format(time.RFC3339Nano), x.Error(), x.Cause()})
		return
	}
	text := fmt.Sprintf("%-9s %s, after %s", x.Status(), x.ARN(), e.Time.Sub(x.StartTime()).Round(time.Millisecond))
	if x.Error() != "" {
		text += fmt.Sprintf("\n          %s: %s", x.Error(), etl.Visible(x.Cause()))
	}
	fmt.Fprintln(a.w, text)
}

// closing prints what was done, what was asked for in vain, and what went wrong without anybody to tell.
func (a *announcer) closing(s wire.Summary) error {
	if a.json {
		return a.object(struct {
			Event string `json:"event"`
			wire.Summary
		}{"Closed", s})
	}
	fmt.Fprintf(a.w, "Answered %d requests.\n", s.Requests)
	for _, name := range slices.Sorted(maps.Keys(s.Refused)) {
		fmt.Fprintf(a.w, "Not modelled: %s (%d)\n", name, s.Refused[name])
	}
	for _, p := range s.Problems {
		fmt.Fprintf(a.w, "Problem: %s\n", etl.Visible(p))
	}
	return nil
}
