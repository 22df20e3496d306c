package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"airline/asl/ast"
)

// parseDefinition reads a definition in JSON, or in YAML as the file's name says (.yaml, .yml).
func parseDefinition(file string, data []byte) (*ast.Definition, error) {
	if ext := strings.ToLower(filepath.Ext(file)); ext != ".yaml" && ext != ".yml" {
		return ast.Parse(data)
	}
	w, err := jsonOfYAML(data)
	if err != nil {
		return nil, err
	}
	return ast.ParseAt(w.json.Bytes(), w.position)
}

// yamlWriter writes YAML as JSON, and knows where in the YAML each value stands.
type yamlWriter struct {
	json    bytes.Buffer
	offsets []int // in the JSON, ascending
	places  []ast.Position
	nodes   int
	inside  []*yaml.Node // the aliases that are being written
}

// maxYAMLNodes bounds what aliases make of a text: a definition has 1 MiB at most.
const maxYAMLNodes = 1 << 20

func jsonOfYAML(data []byte) (*yamlWriter, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is nothing in it")
	} else if err != nil {
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is more than one YAML document in it")
	}
	w := &yamlWriter{}
	return w, w.value(document.Content[0])
}

// position is where the value at an offset of the JSON stands in the YAML.
func (w *yamlWriter) position(offset int) ast.Position {
	return w.places[max(0, sort.SearchInts(w.offsets, offset+1)-1)]
}

func (w *yamlWriter) value(n *yaml.Node) error {
	w.offsets = append(w.offsets, w.json.Len())
	w.places = append(w.places, ast.Position{Line: n.Line, Column: n.Column})
	if w.nodes++; w.nodes > maxYAMLNodes {
		return fmt.Errorf("line %d: more than %d values, with what the aliases repeat", n.Line, maxYAMLNodes)
	}
	if function, ok := cloudFormationTag(n); ok {
		return w.function(function, n)
	}
	switch n.Kind {
	case yaml.AliasNode:
		if slices.Contains(w.inside, n.Alias) {
			return fmt.Errorf("line %d: the alias *%s contains itself", n.Line, n.Value)
		}
		w.inside = append(w.inside, n.Alias)
		defer func() { w.inside = w.inside[:len(w.inside)-1] }()
		return w.value(n.Alias)
	case yaml.MappingNode:
		return w.object(n)
	case yaml.SequenceNode:
		return w.array(n.Content)
	}
	return w.scalar(n)
}

func (w *yamlWriter) object(n *yaml.Node) error {
	w.json.WriteByte('{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: a name must be a text", key.Line)
		}
		if key.Tag == "!!merge" {
			return fmt.Errorf("line %d: merging with << is no part of JSON; write the members out", key.Line)
		}
		if i > 0 {
			w.json.WriteByte(',')
		}
		w.offsets = append(w.offsets, w.json.Len())
		w.places = append(w.places, ast.Position{Line: key.Line, Column: key.Column})
		if err := w.put(key.Value); err != nil {
			return err
		}
		w.json.WriteByte(':')
		if err := w.value(n.Content[i+1]); err != nil {
			return err
		}
	}
	w.json.WriteByte('}')
	return nil
}

func (w *yamlWriter) array(items []*yaml.Node) error {
	w.json.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			w.json.WriteByte(',')
		}
		if err := w.value(item); err != nil {
			return err
		}
	}
	w.json.WriteByte(']')
	return nil
}

// scalar writes a text, number, boolean or null. A timestamp is a text.
func (w *yamlWriter) scalar(n *yaml.Node) error {
	switch n.Tag {
	case "!!str", "!!timestamp":
		return w.put(n.Value)
	case "!!int", "!!float", "!!bool", "!!null":
		if json.Valid([]byte(n.Value)) {
			w.json.WriteString(n.Value)
			return nil
		}
		var v any
		if err := n.Decode(&v); err != nil {
			return fmt.Errorf("line %d: %w", n.Line, err)
		}
		if err := w.put(v); err != nil {
			return fmt.Errorf("line %d: %s is no number of JSON", n.Line, n.Value)
		}
		return nil
	}
	return fmt.Errorf("line %d: %s: the tag %s has no meaning in a definition", n.Line, n.Value, n.Tag)
}

func (w *yamlWriter) put(v any) error {
	text, err := json.Marshal(v)
	w.json.Write(text)
	return err
}

// cloudFormationTag is the intrinsic function that a short form such as !Sub stands for.
func cloudFormationTag(n *yaml.Node) (string, bool) {
	if !strings.HasPrefix(n.Tag, "!") || strings.HasPrefix(n.Tag, "!!") {
		return "", false
	}
	if name := n.Tag[1:]; name != "Ref" {
		return "Fn::" + name, true
	}
	return "Ref", true
}

// function writes the long form of an intrinsic function of CloudFormation.
func (w *yamlWriter) function(name string, n *yaml.Node) error {
	argument := *n
	argument.Tag = ""
	if n.Kind == yaml.ScalarNode {
		argument.Tag = "!!str"
	}
	fmt.Fprintf(&w.json, "{%q:", name)
	if name == "Fn::GetAtt" && n.Kind == yaml.ScalarNode {
		resource, attribute, _ := strings.Cut(n.Value, ".")
		if err := w.put([]string{resource, attribute}); err != nil {
			return err
		}
	} else if err := w.value(&argument); err != nil {
		return err
	}
	w.json.WriteByte('}')
	return nil
}
