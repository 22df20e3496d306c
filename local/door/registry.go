package door

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Registry finds a service's method by the resource ARN of a Task state, so that Step Functions calls the
// very methods that Go code calls.
type Registry struct {
	services map[string]reflect.Value
	methods  sync.Map // service + "." + API to *Method, as they were asked for
}

// Add registers a service under the SDK's package name ("glue", "s3", "redshiftdata", "cloudwatchlogs").
// Every exported method of the form of an SDK client's becomes callable:
//
//	func (s *Service) GetCrawler(context.Context, *glue.GetCrawlerInput, ...func(*glue.Options)) (*glue.GetCrawlerOutput, error)
func (r *Registry) Add(service string, implementation any) {
	if r.services == nil {
		r.services = map[string]reflect.Value{}
	}
	r.services[service] = reflect.ValueOf(implementation)
}

// Integration is how a Task state calls a service.
type Integration struct {
	Service   string // the SDK's package name, "glue"
	API       string // the API's name, "StartJobRun"
	Optimized bool   // arn:aws:states:::glue:startJobRun, not arn:aws:states:::aws-sdk:glue:startJobRun
	Pattern   string // "", "sync", "sync:2" or "waitForTaskToken"
}

// ParseIntegration takes a Task state's Resource apart.
func ParseIntegration(resource string) (Integration, error) {
	part := strings.SplitN(resource, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "states" || part[3] != "" || part[4] != "" {
		return Integration{}, fmt.Errorf("resource %q is not a service integration (arn:aws:states:::<service>:<action>)", resource)
	}
	rest, pattern, _ := strings.Cut(part[5], ".")
	sdk, isSDK := strings.CutPrefix(rest, "aws-sdk:")
	service, action, ok := strings.Cut(sdk, ":")
	if !ok || service == "" || action == "" {
		return Integration{}, fmt.Errorf("resource %q lacks a service or an action", resource)
	}
	switch pattern {
	case "", "sync", "sync:2", "waitForTaskToken":
	default:
		return Integration{}, fmt.Errorf("resource %q has the unknown pattern %q", resource, pattern)
	}
	in := Integration{API: strings.ToUpper(action[:1]) + action[1:], Optimized: !isSDK, Pattern: pattern}
	if in.Service, ok = sdkPackage[service]; !ok {
		in.Service = service
	}
	return in, nil
}

// sdkPackage maps names in resource ARNs to Go packages where they differ.
var sdkPackage = map[string]string{"states": "sfn", "events": "eventbridge"}

// Method is one API method of a registered service.
type Method struct {
	Integration Integration
	fn          reflect.Value
	in          reflect.Type
}

// Find gives the method that a Task state's Resource names. A service or action that the local world does
// not model is an error with its name.
func (r *Registry) Find(resource string) (*Method, error) {
	integration, err := ParseIntegration(resource)
	if err != nil {
		return nil, err
	}
	return r.Method(integration)
}

// Method is Find for a resource that was taken apart.
func (r *Registry) Method(integration Integration) (*Method, error) {
	name := integration.Service + "." + integration.API
	if found, ok := r.methods.Load(name); ok {
		m := *found.(*Method)
		m.Integration = integration
		return &m, nil
	}
	service, ok := r.services[integration.Service]
	if !ok {
		return nil, fmt.Errorf("the local world does not model the service %q (it has %s)", integration.Service, strings.Join(r.names(), ", "))
	}
	fn := service.MethodByName(integration.API)
	if !fn.IsValid() || !hasSDKShape(fn.Type()) {
		return nil, fmt.Errorf("the local world does not model the action %s of %q", integration.API, integration.Service)
	}
	m := &Method{Integration: integration, fn: fn, in: fn.Type().In(1).Elem()}
	r.methods.Store(name, m)
	return m, nil
}

func (r *Registry) names() []string {
	var names []string
	for name := range r.services {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

func hasSDKShape(t reflect.Type) bool {
	return t.NumIn() == 3 && t.IsVariadic() && t.In(0) == contextType && isStructPointer(t.In(1)) &&
		t.NumOut() == 2 && isStructPointer(t.Out(0)) && t.Out(1) == errorType
}

func isStructPointer(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// Check reports parameters that the API does not have, or that have the wrong type, in a Task's Parameters
// as far as they are known without running: names whose value comes from a path (Name.$) and strings that
// are a JSONata expression are checked by name only.
func (m *Method) Check(parameters any) error {
	_, err := decode(parameters, m.in, true)
	return m.name(err)
}

// Invoke decodes the parameters of a Task into the SDK's input, calls the method, and encodes its output as
// Step Functions does. An error in the parameters is a *ParameterError; others are the service's.
func (m *Method) Invoke(ctx context.Context, parameters any) (any, error) {
	in, err := decode(parameters, m.in, false)
	if err != nil {
		return nil, m.name(err)
	}
	out := m.fn.Call([]reflect.Value{reflect.ValueOf(ctx), in})
	if err, _ := out[1].Interface().(error); err != nil {
		return nil, err
	}
	return encode(out[0])
}

func (m *Method) name(err error) error {
	if p, ok := err.(*ParameterError); ok {
		p.Method = m.Integration.Service + ":" + m.Integration.API
	}
	return err
}

// ParameterError is a parameter that the API does not have or cannot take.
type ParameterError struct {
	Method string // "glue:StartJobRun"
	Path   string // "Arguments.--key"
	Reason string
}

func (e *ParameterError) Error() string {
	return fmt.Sprintf("%s: parameter %s %s", e.Method, e.Path, e.Reason)
}

// Input is the type of the SDK's input, a struct.
func (m *Method) Input() reflect.Type { return m.in }

// Call calls the method with a pointer to an input, and gives a pointer to the output.
func (m *Method) Call(ctx context.Context, in reflect.Value) (reflect.Value, error) {
	out := m.fn.Call([]reflect.Value{reflect.ValueOf(ctx), in})
	err, _ := out[1].Interface().(error)
	return out[0], err
}

// Actions lists the API methods of a registered service, sorted.
func (r *Registry) Actions(service string) []string {
	v, ok := r.services[service]
	if !ok {
		return nil
	}
	var names []string
	for i := range v.NumMethod() {
		if hasSDKShape(v.Method(i).Type()) {
			names = append(names, v.Type().Method(i).Name)
		}
	}
	return names
}
