package recorder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest is the same for two graphs of which the same world is made: it leaves out where in the program, and where on the machine,
// a thing comes from.
func (g *Graph) Digest() (string, error) {
	same := *g
	same.Resources = make([]*Resource, len(g.Resources))
	for i, r := range g.Resources {
		one := *r
		one.Source = Position{}
		one.Inputs, _ = withoutPaths(r.Inputs).(map[string]any)
		one.Outputs, _ = withoutPaths(r.Outputs).(map[string]any)
		same.Resources[i] = &one
	}
	text, err := json.Marshal(same)
	if err != nil {
		return "", fmt.Errorf("the stack %s: %w", g.Stack, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// withoutPaths is a recorded value in which files are their contents alone.
func withoutPaths(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[k] = withoutPaths(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = withoutPaths(item)
		}
		return out
	case Secret:
		return Secret{withoutPaths(v.Value)}
	case *Asset:
		return &Asset{Text: v.Text, Hash: v.Hash}
	}
	return v
}
