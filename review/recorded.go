package review

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"airline/local/recorder"
)

// Recorded is what a program registers. Files below root are named from there. An asset that cannot be read is an error.
func Recorded(g *recorder.Graph, root, origin string) (*Stack, error) {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	s := &Stack{Project: g.Project, Name: g.Stack, Origin: origin, Account: g.Account}
	for _, key := range g.SecretKeys {
		value := g.Config[key]
		s.Secrets = append(s.Secrets, value)
		if v, ok := document(value); ok {
			s.Secrets = append(s.Secrets, texts(v)...)
		}
	}
	var err error
	if s.Outputs, err = s.recordedObject(g.Outputs); err != nil {
		return nil, fmt.Errorf("the outputs of stack %s: %w", g.Stack, err)
	}
	defaults := map[string]map[string]any{} // by provider
	for _, r := range g.Resources {
		out := &Resource{
			URN: r.URN, Type: r.Type, Name: r.Name, ID: r.ID, Protect: r.Protect, Retain: r.RetainOnDelete,
			Source: below(root, r.Source), Component: r.Component, Partial: r.Modelled,
			Ignore: r.IgnoreChanges, Aliases: r.Aliases,
		}
		if out.Inputs, err = s.recordedObject(r.Inputs); err == nil {
			out.Outputs, err = s.recordedObject(r.Outputs)
		}
		if err != nil {
			return nil, fmt.Errorf("%s %q (%s): %w", r.Type, r.Name, r.Source, err)
		}
		if isProvider(r.Type) {
			out.Inputs = providerInputs(out.Inputs)
			defaults[r.URN] = defaultTags(out.Inputs["defaultTags"])
		}
		out.DefaultTags = defaults[r.Provider]
		s.Resources = append(s.Resources, out)
	}
	return s, nil
}

// defaultTags reads a provider's setting, which Pulumi's protocol has as JSON.
func defaultTags(setting any) map[string]any {
	if text, ok := setting.(string); ok {
		setting, _ = document(text)
	}
	whole, _ := setting.(map[string]any)
	tags, _ := whole["tags"].(map[string]any)
	return tags
}

// below is the place seen from the root; empty where the file is elsewhere.
func below(root string, p recorder.Position) string {
	rel, err := filepath.Rel(root, p.File)
	if p.File == "" || err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(rel), p.Line)
}

func (s *Stack) recordedObject(m map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(m))
	for k, v := range m {
		value, err := s.recordedValue(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		out[k] = value
	}
	return out, nil
}

func (s *Stack) recordedValue(v any) (any, error) {
	switch v := v.(type) {
	case recorder.Unknown:
		return unknown{}, nil
	case recorder.Secret:
		value, err := s.recordedValue(v.Value)
		s.Secrets = append(s.Secrets, texts(value)...)
		return secret{value: value}, err
	case recorder.Ref:
		return v.ID, nil
	case *recorder.Asset:
		content, err := v.Bytes()
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		return file{hash: hex.EncodeToString(sum[:]), text: string(content)}, nil
	case *recorder.Archive:
		members, err := s.recordedObject(v.Assets)
		if err != nil {
			return nil, err
		}
		return map[string]any{"path": v.Path, "members": members}, nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			value, err := s.recordedValue(e)
			if err != nil {
				return nil, err
			}
			out[i] = value
		}
		return out, nil
	case map[string]any:
		return s.recordedObject(v)
	}
	return v, nil
}
