package recorder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// monitor answers the resource monitor's protocol and keeps what it was told.
type monitor struct {
	pulumirpc.UnimplementedResourceMonitorServer

	settings *settings
	world    surroundings
	preview  bool

	mu        sync.Mutex
	resources map[string]*Resource
	providers map[string]string               // URN of a component -> the AWS provider of its children
	outputs   map[string]resource.PropertyMap // by URN, as they went to the program
	invokes   []Invoke
	stack     map[string]any // the stack's outputs
	refused   []error
}

func newMonitor(s *settings, w surroundings, preview bool) *monitor {
	return &monitor{
		settings:  s,
		world:     w,
		preview:   preview,
		resources: map[string]*Resource{},
		providers: map[string]string{},
		outputs:   map[string]resource.PropertyMap{},
		stack:     map[string]any{},
	}
}

// keep is how values are read from and written to the protocol: nothing is dropped.
var keep = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true, KeepOutputValues: true}

func (m *monitor) GetDeploymentInfo(context.Context, *emptypb.Empty) (*pulumirpc.DeploymentInfo, error) {
	return &pulumirpc.DeploymentInfo{
		Project: m.settings.project,
		Stack:   m.settings.stack,
		SupportedFeatures: []pulumirpc.ResourceMonitorFeature{
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_SECRETS,
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_DELETED_WITH,
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
			pulumirpc.ResourceMonitorFeature_RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
		},
	}, nil
}

func (m *monitor) RegisterPackage(
	_ context.Context, in *pulumirpc.RegisterPackageRequest,
) (*pulumirpc.RegisterPackageResponse, error) {
	return &pulumirpc.RegisterPackageResponse{Ref: in.GetName() + "@" + in.GetVersion()}, nil
}

// RegisterErrorHook accepts a hook; nothing is refused here, so none is ever called.
func (m *monitor) RegisterErrorHook(context.Context, *pulumirpc.RegisterErrorHookRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// RegisterResourceHook accepts a hook; nothing is deleted here, so those of deletions are never called.
func (m *monitor) RegisterResourceHook(context.Context, *pulumirpc.RegisterResourceHookRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (m *monitor) SignalAndWaitForShutdown(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// RegisterResource records the resource and answers as the provider would after creating or previewing it.
func (m *monitor) RegisterResource(
	_ context.Context, in *pulumirpc.RegisterResourceRequest,
) (*pulumirpc.RegisterResourceResponse, error) {
	inputs, err := plugin.UnmarshalProperties(in.GetObject(), keep)
	if err != nil {
		return nil, m.refuse(fmt.Errorf("%s %q: %w", in.GetType(), in.GetName(), err))
	}
	r := &Resource{
		URN:          m.newURN(in.GetParent(), in.GetType(), in.GetName()),
		Type:         in.GetType(),
		Name:         in.GetName(),
		Component:    !in.GetCustom(),
		Inputs:       fromProperties(inputs),
		Parent:       in.GetParent(),
		Dependencies: slices.Sorted(slices.Values(in.GetDependencies())),
		Provider:     providerURN(in.GetProvider()),

		PropertyDependencies: propertyDependencies(in.GetPropertyDependencies()),
		Protect:              in.GetProtect(),
		RetainOnDelete:       in.GetRetainOnDelete(),
		IgnoreChanges:        slices.Sorted(slices.Values(in.GetIgnoreChanges())),
		ReplacementTrigger:   in.GetReplacementTrigger().GetStringValue(),
		ErrorHooks:           in.GetHooks().GetOnError(),
		DeleteHooks:          in.GetHooks().GetBeforeDelete(),
		Aliases:              m.aliases(in),
		Source:               position(in.GetSourcePosition()),
	}
	if r.Type == string(resource.RootStackType) {
		return &pulumirpc.RegisterResourceResponse{Urn: r.URN}, nil
	}

	m.mu.Lock()
	defer m.mu.Unlock()
	m.inheritLocked(r, in.GetProviders())
	if earlier := m.resources[r.URN]; earlier != nil {
		return nil, m.refuseLocked(fmt.Errorf("%s: the resource %s is already registered at %s", r.Source, r.URN, earlier.Source))
	}

	outputs := inputs.Copy()
	switch {
	case in.GetRemote():
		made, err := m.expandLocked(r)
		if err != nil {
			return nil, m.refuseLocked(fmt.Errorf("%s: %w", r.Source, err))
		}
		outputs = made
	case in.GetCustom():
		id, added, err := m.world.create(r)
		if err != nil {
			return nil, m.refuseLocked(fmt.Errorf("%s: %w", r.Source, err))
		}
		if !m.preview {
			r.ID = id
		}
		if !m.preview || r.Type == stashType {
			for k, v := range added {
				if _, given := outputs[resource.PropertyKey(k)]; !given {
					outputs[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
				}
			}
		}
	}
	r.Outputs = fromProperties(outputs)
	m.resources[r.URN] = r
	m.outputs[r.URN] = outputs

	object, err := plugin.MarshalProperties(outputs, keep)
	if err != nil {
		return nil, m.refuseLocked(fmt.Errorf("%s %q: %w", r.Type, r.Name, err))
	}
	return &pulumirpc.RegisterResourceResponse{Urn: r.URN, Id: r.ID, Object: object}, nil
}

// inheritLocked notes the AWS provider that a component hands to its children: its own or its parent's. The children that
// a remote component makes learn of it in no other way.
func (m *monitor) inheritLocked(r *Resource, own map[string]string) {
	if !r.Component {
		return
	}
	provider := providerURN(own["aws"])
	if provider == "" {
		provider = m.providers[r.Parent]
	}
	m.providers[r.URN] = provider
	if r.Provider == "" {
		r.Provider = provider
	}
}

// RegisterResourceOutputs keeps the outputs of components and of the stack.
func (m *monitor) RegisterResourceOutputs(
	_ context.Context, in *pulumirpc.RegisterResourceOutputsRequest,
) (*emptypb.Empty, error) {
	outputs, err := plugin.UnmarshalProperties(in.GetOutputs(), keep)
	if err != nil {
		return nil, m.refuse(fmt.Errorf("outputs of %s: %w", in.GetUrn(), err))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.resources[in.GetUrn()]; r != nil {
		r.Outputs = fromProperties(outputs)
	} else {
		m.stack = fromProperties(outputs)
	}
	return &emptypb.Empty{}, nil
}

// Invoke answers a provider function.
func (m *monitor) Invoke(
	_ context.Context, in *pulumirpc.ResourceInvokeRequest,
) (*pulumirpc.ResourceInvokeResponse, error) {
	args, err := plugin.UnmarshalProperties(in.GetArgs(), keep)
	if err != nil {
		return nil, m.refuse(fmt.Errorf("function %s: %w", in.GetTok(), err))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var result resource.PropertyMap
	if in.GetTok() == "pulumi:pulumi:getResource" {
		result, err = m.getResourceLocked(args["urn"].StringValue())
	} else {
		var answer map[string]any
		answer, err = m.world.call(in.GetTok(), fromProperties(args))
		result = resource.NewPropertyMapFromMap(answer)
		m.invokes = append(m.invokes, Invoke{Token: in.GetTok(), Args: fromProperties(args), Result: answer})
	}
	if err != nil {
		return nil, m.refuseLocked(err)
	}
	object, err := plugin.MarshalProperties(result, keep)
	if err != nil {
		return nil, m.refuseLocked(fmt.Errorf("function %s: %w", in.GetTok(), err))
	}
	return &pulumirpc.ResourceInvokeResponse{Return: object}, nil
}

// getResourceLocked gives the state of a resource that a remote component made, so that the SDK can follow a reference.
func (m *monitor) getResourceLocked(urn string) (resource.PropertyMap, error) {
	r := m.resources[urn]
	if r == nil {
		return nil, fmt.Errorf("the program refers to %s, which is not registered", urn)
	}
	return resource.PropertyMap{
		"urn":   resource.NewStringProperty(urn),
		"id":    resource.NewStringProperty(r.ID),
		"state": resource.NewObjectProperty(m.outputs[urn]),
	}, nil
}

func (m *monitor) newURN(parent, kind, name string) string {
	var parentType tokens.Type
	if p := resource.URN(parent); p != "" && p.QualifiedType() != resource.RootStackType {
		parentType = p.QualifiedType()
	}
	return string(resource.NewURN(tokens.QName(m.settings.stack), tokens.PackageName(m.settings.project), parentType,
		tokens.Type(kind), name))
}

// aliases are the URNs that a resource had before, by whole URN or by what was different in it.
func (m *monitor) aliases(in *pulumirpc.RegisterResourceRequest) []string {
	urns := slices.Clone(in.GetAliasURNs())
	for _, a := range in.GetAliases() {
		if urn := a.GetUrn(); urn != "" {
			urns = append(urns, urn)
			continue
		}
		spec := a.GetSpec()
		parent := cmp.Or(spec.GetParentUrn(), in.GetParent())
		if spec.GetNoParent() {
			parent = ""
		}
		urns = append(urns, m.newURN(parent, cmp.Or(spec.GetType(), in.GetType()), cmp.Or(spec.GetName(), in.GetName())))
	}
	slices.Sort(urns)
	return slices.Compact(urns)
}

// graph is what was recorded, in a fixed order.
func (m *monitor) graph() *Graph {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.SortFunc(m.invokes, func(a, b Invoke) int {
		if c := cmp.Compare(a.Token, b.Token); c != 0 {
			return c
		}
		return cmp.Compare(fmt.Sprint(a.Args), fmt.Sprint(b.Args))
	})
	return &Graph{
		Project:    m.settings.project,
		Stack:      m.settings.stack,
		Account:    m.world.account,
		Region:     m.world.region,
		Partition:  m.world.partition.ID,
		Preview:    m.preview,
		Config:     m.settings.values,
		SecretKeys: m.settings.secretKeys,
		Resources:  order(m.resources),
		Invokes:    m.invokes,
		Outputs:    m.stack,
		byURN:      m.resources,
	}
}

// refuse keeps the error for Record and gives it the form of the protocol.
func (m *monitor) refuse(err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refuseLocked(err)
}

func (m *monitor) refuseLocked(err error) error {
	m.refused = append(m.refused, err)
	return status.Error(codes.InvalidArgument, err.Error())
}

func (m *monitor) refusals() []error {
	m.mu.Lock()
	defer m.mu.Unlock()
	sort.SliceStable(m.refused, func(i, j int) bool { return m.refused[i].Error() < m.refused[j].Error() })
	return m.refused
}

func propertyDependencies(in map[string]*pulumirpc.RegisterResourceRequest_PropertyDependencies) map[string][]string {
	out := make(map[string][]string, len(in))
	for property, d := range in {
		if urns := slices.Sorted(slices.Values(d.GetUrns())); len(urns) > 0 {
			out[property] = urns
		}
	}
	return out
}

func providerURN(reference string) string {
	urn, _, _ := cutLast(reference, "::")
	return urn
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// position reads the SDK's "file:///" URI with escaped path elements.
func position(p *pulumirpc.SourcePosition) Position {
	if p == nil {
		return Position{}
	}
	file, err := url.PathUnescape(strings.TrimPrefix(p.GetUri(), "file:///"))
	if err != nil {
		return Position{}
	}
	if !strings.HasPrefix(file, "/") && !strings.Contains(file, ":") {
		file = "/" + file
	}
	return Position{File: file, Line: int(p.GetLine())}
}

// engine answers the engine's protocol: it remembers the root resource and turns error messages into refusals.
type engine struct {
	pulumirpc.UnimplementedEngineServer

	monitor *monitor
	mu      sync.Mutex
	root    string
}

func (e *engine) Log(_ context.Context, in *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	if in.GetSeverity() == pulumirpc.LogSeverity_ERROR && !in.GetEphemeral() {
		// A failed registration is logged by the SDK as well; the refusal that caused it says it better.
		if len(e.monitor.refusals()) == 0 {
			_ = e.monitor.refuse(errors.New(strings.TrimSpace(in.GetMessage())))
		}
	}
	return &emptypb.Empty{}, nil
}

func (e *engine) GetRootResource(
	context.Context, *pulumirpc.GetRootResourceRequest,
) (*pulumirpc.GetRootResourceResponse, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &pulumirpc.GetRootResourceResponse{Urn: e.root}, nil
}

func (e *engine) SetRootResource(
	_ context.Context, in *pulumirpc.SetRootResourceRequest,
) (*pulumirpc.SetRootResourceResponse, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.root = in.GetUrn()
	return &pulumirpc.SetRootResourceResponse{}, nil
}

func (e *engine) RequirePulumiVersion(
	context.Context, *pulumirpc.RequirePulumiVersionRequest,
) (*pulumirpc.RequirePulumiVersionResponse, error) {
	return &pulumirpc.RequirePulumiVersionResponse{}, nil
}
