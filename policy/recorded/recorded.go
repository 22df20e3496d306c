// Package recorded shows the rules of package rules what package recorder has recorded: a stack is judged without an engine.
package recorded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"airline/local/recorder"
	"airline/policy/rules"
)

// Stack is the recorded graph for the rules. Files below root are named from there.
func Stack(g *recorder.Graph, root string) *rules.Stack {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	resources := make([]*rules.Resource, 0, len(g.Resources))
	for _, r := range g.Resources {
		if r.External {
			continue // somebody else's, as for the engine, which has a program's own resources judged
		}
		retain := r.RetainOnDelete
		out := &rules.Resource{
			Type: r.Type, Name: r.Name, URN: r.URN, Parent: r.Parent, Provider: r.Provider,
			Inputs: properties(r.Inputs), Outputs: properties(r.Outputs),
			Dependencies: r.Dependencies, PropertyDependencies: r.PropertyDependencies,
			Protect: r.Protect, IgnoreChanges: r.IgnoreChanges, RetainOnDelete: &retain,
			File: below(root, r.Source.File), Line: r.Source.Line,
		}
		if r.ID != "" {
			out.Outputs = out.Outputs.Set("id", property.New(r.ID))
		}
		resources = append(resources, out)
	}
	return rules.NewStack(resources)
}

// below is the file seen from the root, with slashes; the file itself when it is elsewhere.
func below(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	// A program that is built with -trimpath names its files from the module's path.
	if rel, ok := strings.CutPrefix(file, "/airline/"); ok {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(rel))); err == nil {
			return rel
		}
	}
	return file
}

func properties(m map[string]any) property.Map {
	out := make(map[string]property.Value, len(m))
	for k, v := range m {
		out[k] = value(v)
	}
	return property.NewMap(out)
}

func value(v any) property.Value {
	switch v := v.(type) {
	case nil:
		return property.Value{}
	case bool:
		return property.New(v)
	case float64:
		return property.New(v)
	case int:
		return property.New(float64(v))
	case string:
		return property.New(v)
	case []any:
		list := make([]property.Value, len(v))
		for i, e := range v {
			list[i] = value(e)
		}
		return property.New(list)
	case map[string]any:
		return property.New(properties(v))
	case recorder.Unknown:
		return property.New(property.Computed)
	case recorder.Secret:
		return value(v.Value).WithSecret(true)
	case recorder.Ref:
		ref := property.ResourceReference{URN: urn.URN(v.URN)}
		if v.ID != "" {
			ref.ID = property.New(v.ID)
		}
		return property.New(ref)
	case *recorder.Asset:
		return property.New(&asset.Asset{Path: v.Path, Text: v.Text, Hash: v.Hash})
	case *recorder.Archive:
		return property.New(&archive.Archive{Path: v.Path})
	default:
		// The recorder documents the types that a recorded value has.
		panic(fmt.Sprintf("recorded value of type %T", v))
	}
}
