package recorder

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Graph is everything that one run of a program registered.
type Graph struct {
	Project, Stack             string
	Account, Region, Partition string
	// Preview tells that the graph was recorded as a preview, with unknown values.
	Preview bool
	// Config is the configuration the program read, by full key ("airline:trigger"), defaults included.
	Config map[string]string
	// SecretKeys are the keys of Config whose values are secret, sorted.
	SecretKeys []string
	// Resources come parents and dependencies first, otherwise by URN: the same order in every run.
	Resources []*Resource
	// Invokes are the provider functions called, in order of token and arguments.
	Invokes []Invoke
	// Outputs are the stack's outputs.
	Outputs map[string]any

	byURN map[string]*Resource
}

// Resource is one registered resource.
type Resource struct {
	URN  string
	Type string // type token, such as "aws:s3/bucketV2:BucketV2"
	Name string // logical name; the physical one is among the outputs
	ID   string // empty for components, and in a preview
	// Component tells that nothing in AWS corresponds to the resource itself, only to its children.
	Component bool
	// External tells that the program reads the resource and does not make it. Its inputs are its state.
	External bool
	// Inputs are the arguments as the provider would get them.
	Inputs map[string]any
	// Outputs are the inputs and what AWS adds to them: ARN, id and the like. Components have those they registered.
	Outputs map[string]any
	// Parent and Dependencies are URNs. Dependencies are sorted.
	Parent       string
	Dependencies []string
	// PropertyDependencies are the URNs of what each input was computed from, sorted.
	PropertyDependencies map[string][]string
	// Provider is the URN of the explicit provider, or empty for the default one.
	Provider       string
	Protect        bool
	RetainOnDelete bool
	// IgnoreChanges are the inputs whose changes the engine does not apply to a resource that exists.
	IgnoreChanges []string
	// ReplacementTrigger is a text: when it changes, the resource is replaced.
	ReplacementTrigger string
	// ErrorHooks are the names of the hooks that decide whether a refused change is tried again.
	ErrorHooks []string
	// DeleteHooks are the names of the hooks that run before the resource is deleted.
	DeleteHooks []string
	// Aliases are the URNs that the resource had before, sorted.
	Aliases []string
	// Modelled tells that the plugin of a remote component makes the resource: the inputs are only those that matter here.
	Modelled bool
	// Source is the call that registered the resource.
	Source Position
}

// Position is a line of Go.
type Position struct {
	File string
	Line int
}

func (p Position) String() string {
	if p.File == "" {
		return "unknown place"
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Invoke is one call of a provider function.
type Invoke struct {
	Token        string
	Args, Result map[string]any
}

// OfType returns the resources of the given type tokens, in the graph's order.
func (g *Graph) OfType(tokens ...string) []*Resource {
	var out []*Resource
	for _, r := range g.Resources {
		if slices.Contains(tokens, r.Type) {
			out = append(out, r)
		}
	}
	return out
}

// ByURN returns the resource with the URN, or nil.
func (g *Graph) ByURN(urn string) *Resource { return g.byURN[urn] }

// Types lists the type tokens of the resources, sorted, each once.
func (g *Graph) Types() []string {
	var out []string
	for _, r := range g.Resources {
		out = append(out, r.Type)
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// Get follows a path such as "rules[0].id" into the outputs, and into the inputs where the outputs have nothing.
// Secrets are opened. The value is Unknown when only AWS will know it.
func (r *Resource) Get(path string) (any, bool) {
	if v, ok := lookup(r.Outputs, path); ok {
		return v, true
	}
	return lookup(r.Inputs, path)
}

// String returns the text at the path, or "" where there is none or it is not known.
func (r *Resource) String(path string) string {
	v, _ := r.Get(path)
	switch v := v.(type) {
	case string:
		return v
	case *Asset:
		content, err := v.Bytes()
		if err != nil {
			return ""
		}
		return string(content)
	default:
		return ""
	}
}

// Decode fills target, a pointer to a struct whose json tags are Pulumi's property names, from the outputs.
// Secrets are opened and assets become their text. A value that is not known is an error that names it.
func (r *Resource) Decode(target any) error {
	if err := decode(r.Outputs, "", target); err != nil {
		return fmt.Errorf("%s %q (%s): %w", r.Type, r.Name, r.Source, err)
	}
	return nil
}

// UnknownInputs lists the places in the inputs whose value is not known, such as "policy" or "tags.owner".
func (r *Resource) UnknownInputs() []string { return unknowns(r.Inputs, "") }

// ShortType is the last part of the type token: "BucketV2" of "aws:s3/bucketV2:BucketV2".
func (r *Resource) ShortType() string { return r.Type[strings.LastIndexByte(r.Type, ':')+1:] }

// order sorts resources so that parents and dependencies come first, and by URN otherwise.
func order(resources map[string]*Resource) []*Resource {
	urns := make([]string, 0, len(resources))
	for urn := range resources {
		urns = append(urns, urn)
	}
	sort.Strings(urns)

	out := make([]*Resource, 0, len(urns))
	seen := make(map[string]bool, len(urns))
	var visit func(urn string)
	visit = func(urn string) {
		r := resources[urn]
		if r == nil || seen[urn] {
			return
		}
		seen[urn] = true
		visit(r.Parent)
		visit(r.Provider)
		for _, d := range r.Dependencies {
			visit(d)
		}
		out = append(out, r)
	}
	for _, urn := range urns {
		visit(urn)
	}
	return out
}
