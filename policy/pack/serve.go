package pack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"airline/policy/rules"
)

// Serve answers the engine until it is done.
//
// policyx hands a policy its own configuration only, so a level for a rule that does not exist would be dropped without a word.
// Serve therefore stands between the engine and policyx, and refuses names that it does not know.
func Serve() error {
	port, failed, err := startPolicyx()
	if err != nil {
		return err
	}
	inner, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return fmt.Errorf("reaching the policies: %w", err)
	}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Init: func(s *grpc.Server) error {
		pulumirpc.RegisterAnalyzerServer(s, &guard{policies: pulumirpc.NewAnalyzerClient(inner)})
		return nil
	}})
	if err != nil {
		return fmt.Errorf("serving the policies: %w", err)
	}
	fmt.Println(handle.Port) // by which the engine finds the pack
	select {
	case err := <-handle.Done:
		return err
	case err := <-failed:
		return fmt.Errorf("the policies ended: %w", err)
	}
}

// startPolicyx serves the pack, and returns the port that policyx would tell the engine on the standard output.
func startPolicyx() (port string, failed <-chan error, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return "", nil, err
	}
	stdout := os.Stdout
	os.Stdout = write
	defer func() { os.Stdout = stdout }()
	ended := make(chan error, 1)
	go func() {
		err := policyx.Main(New)
		if err == nil {
			err = errors.New("without being told to")
		}
		write.Close() //nolint:errcheck // it makes the reader end
		ended <- err
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("starting the policies: %w", <-ended)
	}
	return strings.TrimSpace(line), ended, nil
}

// guard passes every question on, and looks at the names in the configuration.
type guard struct {
	pulumirpc.UnimplementedAnalyzerServer

	policies pulumirpc.AnalyzerClient

	mu      sync.Mutex
	unknown error // told with the first resource
}

func (g *guard) Configure(ctx context.Context, in *pulumirpc.ConfigureAnalyzerRequest) (*emptypb.Empty, error) {
	var names []string
	for name := range in.GetPolicyConfig() {
		names = append(names, name)
	}
	slices.Sort(names)
	g.mu.Lock()
	g.unknown = rules.CheckNames(names...)
	g.mu.Unlock()
	return g.policies.Configure(ctx, in)
}

func (g *guard) Analyze(ctx context.Context, in *pulumirpc.AnalyzeRequest) (*pulumirpc.AnalyzeResponse, error) {
	out, err := g.policies.Analyze(ctx, in)
	g.mu.Lock()
	defer g.mu.Unlock()
	if err == nil && g.unknown != nil {
		const title = "The pack's configuration names only rules that there are."
		out.Diagnostics = append(out.Diagnostics, &pulumirpc.AnalyzeDiagnostic{
			PolicyName: rules.SettingsID, PolicyPackName: Name, PolicyPackVersion: version.String(), Description: title,
			Message: title + "\n" + g.unknown.Error(), EnforcementLevel: pulumirpc.EnforcementLevel_MANDATORY, Urn: in.GetUrn(),
		})
		g.unknown = nil
	}
	return out, err
}

func (g *guard) Handshake(ctx context.Context, in *pulumirpc.AnalyzerHandshakeRequest) (*pulumirpc.AnalyzerHandshakeResponse, error) {
	return g.policies.Handshake(ctx, in)
}

func (g *guard) ConfigureStack(
	ctx context.Context, in *pulumirpc.AnalyzerStackConfigureRequest,
) (*pulumirpc.AnalyzerStackConfigureResponse, error) {
	return g.policies.ConfigureStack(ctx, in)
}

func (g *guard) GetAnalyzerInfo(ctx context.Context, in *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	return g.policies.GetAnalyzerInfo(ctx, in)
}

func (g *guard) GetPluginInfo(ctx context.Context, in *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return g.policies.GetPluginInfo(ctx, in)
}

func (g *guard) Remediate(ctx context.Context, in *pulumirpc.AnalyzeRequest) (*pulumirpc.RemediateResponse, error) {
	return g.policies.Remediate(ctx, in)
}

func (g *guard) AnalyzeStack(ctx context.Context, in *pulumirpc.AnalyzeStackRequest) (*pulumirpc.AnalyzeResponse, error) {
	return g.policies.AnalyzeStack(ctx, in)
}

func (g *guard) Cancel(ctx context.Context, in *emptypb.Empty) (*emptypb.Empty, error) {
	return g.policies.Cancel(ctx, in)
}
