package rules

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"gopkg.in/yaml.v3"
)

var (
	exampleStack   = regexp.MustCompile(`(?m)^# of a stack named (\S+)$`)
	exampleRegions = regexp.MustCompile(`(?m)^# allowedRegions: (.+)$`)
)

// documentProperties hold JSON as a text; examples write it as YAML.
var documentProperties = []string{"policy", "assumeRolePolicy", "definition", "eventPattern", "configuration"}

// ParseExample reads a stack written in YAML: "type name: {property: value}" for each resource. "options: {protect: true, retainOnDelete: true, ignoreChanges: [sql]}" are
// Pulumi's options, the value !unknown is one that is not known yet, and !secret is a secret one. A comment names the stack,
// or the regions that are allowed.
func ParseExample(text string) (*Stack, *Settings, error) {
	stack, settings := "dev", DefaultSettings()
	if m := exampleStack.FindStringSubmatch(text); m != nil {
		stack = m[1]
	}
	if m := exampleRegions.FindStringSubmatch(text); m != nil {
		settings.AllowedRegions = strings.Fields(m[1])
	}
	var nodes map[string]yaml.Node
	if err := yaml.Unmarshal([]byte(text), &nodes); err != nil {
		return nil, nil, fmt.Errorf("example: %w", err)
	}
	var resources []*Resource
	for _, title := range sortedKeys(nodes) {
		kind, name, ok := strings.Cut(title, " ")
		if !ok {
			return nil, nil, fmt.Errorf("example: %q is not a type and a name", title)
		}
		node := nodes[title]
		v, err := exampleValue(&node)
		if err != nil {
			return nil, nil, fmt.Errorf("example: %s: %w", title, err)
		}
		if !v.IsMap() {
			return nil, nil, fmt.Errorf("example: %s has no properties", title)
		}
		r := &Resource{Type: kind, Name: name, URN: "urn:pulumi:" + stack + "::example::" + kind + "::" + name, Inputs: v.AsMap()}
		options := valueOf("", r.Inputs.Get("options"), false)
		r.Protect = options.Field("protect").Is(true)
		if retain := options.Field("retainOnDelete"); retain.Known() {
			kept := retain.Is(true)
			r.RetainOnDelete = &kept
		}
		for _, p := range options.Field("ignoreChanges").Items() {
			r.IgnoreChanges = append(r.IgnoreChanges, p.Text())
		}
		r.Inputs = r.Inputs.Delete("options")
		for _, p := range documentProperties {
			if d := r.Inputs.Get(p); d.IsMap() {
				document, err := json.Marshal(plain(d))
				if err != nil {
					return nil, nil, fmt.Errorf("example: %s: %w", title, err)
				}
				r.Inputs = r.Inputs.Set(p, property.New(string(document)))
			}
		}
		resources = append(resources, r)
	}
	return NewStack(resources), settings, nil
}

func exampleValue(n *yaml.Node) (property.Value, error) {
	switch {
	case n.Tag == "!unknown":
		return property.New(property.Computed), nil
	case n.Tag == "!secret":
		return property.New(n.Value).WithSecret(true), nil
	case n.Kind == yaml.MappingNode:
		m := map[string]property.Value{}
		for i := 0; i < len(n.Content); i += 2 {
			v, err := exampleValue(n.Content[i+1])
			if err != nil {
				return v, err
			}
			m[n.Content[i].Value] = v
		}
		return property.New(m), nil
	case n.Kind == yaml.SequenceNode:
		list := []property.Value{}
		for _, c := range n.Content {
			v, err := exampleValue(c)
			if err != nil {
				return v, err
			}
			list = append(list, v)
		}
		return property.New(list), nil
	}
	var scalar any
	if err := n.Decode(&scalar); err != nil {
		return property.Value{}, err
	}
	if i, ok := scalar.(int); ok {
		scalar = float64(i)
	}
	return property.Any(scalar)
}

// plain is the value as JSON takes it.
func plain(v property.Value) any {
	switch {
	case v.IsMap():
		m := map[string]any{}
		for k, e := range v.AsMap().All {
			m[k] = plain(e)
		}
		return m
	case v.IsArray():
		list := []any{}
		for _, e := range v.AsArray().All {
			list = append(list, plain(e))
		}
		return list
	case v.IsString():
		return v.AsString()
	case v.IsNumber():
		return v.AsNumber()
	case v.IsBool():
		return v.AsBool()
	}
	return nil
}
