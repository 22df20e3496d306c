package provider

import (
	"context"
	"net"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host is a language host of one program: the engine asks it to run, and it runs the program in this process. With it the
// ordinary command line deploys a Go program without building it, and without Go's own language plugin.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	program pulumi.RunFunc
}

// serve starts a host and returns its address.
func serve(t *testing.T, program pulumi.RunFunc) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(server, &host{program: program})
	go server.Serve(listener) //nolint:errcheck // it ends with Stop
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func (h *host) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

func (h *host) Run(ctx context.Context, in *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	info := pulumi.RunInfo{
		MonitorAddr:      in.GetMonitorAddress(),
		Config:           in.GetConfig(),
		ConfigSecretKeys: in.GetConfigSecretKeys(),
		Project:          in.GetProject(),
		Stack:            in.GetStack(),
		Parallel:         in.GetParallel(),
		DryRun:           in.GetDryRun(),
		Organization:     in.GetOrganization(),
	}
	if len(in.GetArgs()) > 0 {
		info.EngineAddr = in.GetArgs()[0]
	}
	pctx, err := pulumi.NewContext(ctx, info)
	if err != nil {
		return nil, err
	}
	defer pctx.Close() //nolint:errcheck // the connection is gone with the run
	if err := pulumi.RunWithContext(pctx, h.program); err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return &pulumirpc.RunResponse{}, stay(ctx, in.GetMonitorAddress())
}

// stay waits until the engine has deleted what is to go, as pulumi.Run does: before a deletion it asks the program's hooks.
func stay(ctx context.Context, monitor string) error {
	connection, err := grpc.NewClient(monitor, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close() //nolint:errcheck // the run is over
	_, err = pulumirpc.NewResourceMonitorClient(connection).SignalAndWaitForShutdown(ctx, &emptypb.Empty{})
	return err
}
