package rules

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Resource is one registered resource as the rules see it.
type Resource struct {
	Type string // type token, such as "aws:s3/bucketV2:BucketV2"
	Name string // logical name
	URN  string
	// Inputs are the properties that the program set, as the provider gets them.
	Inputs property.Map
	// Outputs are the properties that AWS gives, as far as they are known; they may repeat the inputs.
	Outputs property.Map
	Parent  string // URN
	// Dependencies are the URNs of what the resource depends on, and of what each property was computed from.
	Dependencies         []string
	PropertyDependencies map[string][]string
	// Provider is the URN of the explicit provider, or empty.
	Provider string
	Protect  bool
	// IgnoreChanges are the input properties whose changes do not count.
	IgnoreChanges []string
	// RetainOnDelete is nil where it cannot be seen: the engine does not show it to policies.
	RetainOnDelete *bool
	// File and Line are the call that registered the resource; empty where that is not known.
	File string
	Line int

	order int
	cache map[string]any // parsed documents
}

// Get is the input at the path.
func (r *Resource) Get(path string) Value {
	return valueOf("", property.New(r.Inputs), false).At(path)
}

// given is the output at the path, or else the input: what AWS knows of the resource.
func (r *Resource) given(path string) Value {
	if v := valueOf("", property.New(r.Outputs), false).At(path); v.Known() {
		return v
	}
	return r.Get(path)
}

// secretDocument tells whether a policy or definition of the resource is secret: findings would quote it.
func (r *Resource) secretDocument() bool {
	return remember(r, "secret", func() bool {
		for _, p := range append([]string{"inlinePolicies"}, documentProperties...) {
			if v := r.Get(p); v.secret || v.inner.HasSecrets() {
				return true
			}
		}
		return false
	})
}

// remember keeps what make gives, under the name: documents are parsed once for all rules.
func remember[T any](r *Resource, name string, make func() T) T {
	if v, ok := r.cache[name].(T); ok {
		return v
	}
	v := make()
	if r.cache == nil {
		r.cache = map[string]any{}
	}
	r.cache[name] = v
	return v
}

// Title names the resource for people: the last part of its type, and its name.
func (r *Resource) Title() string {
	return r.Type[strings.LastIndexByte(r.Type, ':')+1:] + " " + r.Name
}

// handle is how exemptions name a resource: type and logical name as its URN ends in.
func (r *Resource) handle() string { return r.Type + "::" + r.Name }
