package recorder

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
)

// A recorded value is one of nil, bool, float64, string, []any, map[string]any, and the types below.

// Unknown stands for a value that AWS gives only at creation. It occurs in previews.
type Unknown struct{}

// Secret is a value that Pulumi encrypts in its state.
type Secret struct{ Value any }

// Ref is a reference to another resource of the graph.
type Ref struct{ URN, ID string }

// Asset is a file that is uploaded with a resource.
type Asset struct {
	Path string // the file, when it was given by its path
	Text string // otherwise its content
	Hash string // SHA-256 of the content, as Pulumi keeps it
}

// Bytes returns the asset's content.
func (a *Asset) Bytes() ([]byte, error) {
	if a.Path != "" {
		return os.ReadFile(a.Path)
	}
	return []byte(a.Text), nil
}

// Archive is a set of files that is uploaded with a resource.
type Archive struct {
	Path   string         // the folder or archive file, when it was given by its path
	Assets map[string]any // otherwise its members: *Asset or *Archive
}

// fromProperty turns a value of Pulumi's protocol into a recorded value.
func fromProperty(v resource.PropertyValue) any {
	switch {
	case v.IsNull():
		return nil
	case v.IsComputed():
		return Unknown{}
	case v.IsOutput():
		o := v.OutputValue()
		var inner any = Unknown{}
		if o.Known {
			inner = fromProperty(o.Element)
		}
		if o.Secret {
			return Secret{inner}
		}
		return inner
	case v.IsSecret():
		return Secret{fromProperty(v.SecretValue().Element)}
	case v.IsArray():
		out := make([]any, 0, len(v.ArrayValue()))
		for _, e := range v.ArrayValue() {
			out = append(out, fromProperty(e))
		}
		return out
	case v.IsObject():
		return fromProperties(v.ObjectValue())
	case v.IsAsset():
		return fromAsset(v.AssetValue())
	case v.IsArchive():
		return fromArchive(v.ArchiveValue())
	case v.IsResourceReference():
		r := v.ResourceReferenceValue()
		id := ""
		if r.ID.IsString() {
			id = r.ID.StringValue()
		}
		return Ref{URN: string(r.URN), ID: id}
	case v.IsBool():
		return v.BoolValue()
	case v.IsNumber():
		return v.NumberValue()
	default:
		return v.StringValue()
	}
}

func fromProperties(m resource.PropertyMap) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[string(k)] = fromProperty(v)
	}
	return out
}

func fromAsset(a *asset.Asset) *Asset {
	return &Asset{Path: a.Path, Text: a.Text, Hash: a.Hash}
}

func fromArchive(a *archive.Archive) *Archive {
	out := &Archive{Path: a.Path}
	if len(a.Assets) > 0 {
		out.Assets = make(map[string]any, len(a.Assets))
	}
	for name, member := range a.Assets {
		switch member := member.(type) {
		case *asset.Asset:
			out.Assets[name] = fromAsset(member)
		case *archive.Archive:
			out.Assets[name] = fromArchive(member)
		}
	}
	return out
}

// plain opens secrets, reads assets and turns references into ids, so that what remains is JSON.
// It refuses unknown values, naming where they stand.
func plain(v any, at string) (any, error) {
	switch v := v.(type) {
	case Unknown:
		return nil, fmt.Errorf("%s is not known before it is created", at)
	case Secret:
		return plain(v.Value, at)
	case Ref:
		return v.ID, nil
	case *Asset:
		content, err := v.Bytes()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		return string(content), nil
	case *Archive:
		return nil, fmt.Errorf("%s is an archive, which has no plain form", at)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			p, err := plain(e, fmt.Sprintf("%s[%d]", at, i))
			if err != nil {
				return nil, err
			}
			out[i] = p
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			p, err := plain(e, join(at, k))
			if err != nil {
				return nil, err
			}
			out[k] = p
		}
		return out, nil
	default:
		return v, nil
	}
}

// unknowns lists the places inside v that are not known, in a fixed order.
func unknowns(v any, at string) []string {
	switch v := v.(type) {
	case Unknown:
		return []string{at}
	case Secret:
		return unknowns(v.Value, at)
	case []any:
		var out []string
		for i, e := range v {
			out = append(out, unknowns(e, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return out
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		var out []string
		for _, k := range keys {
			out = append(out, unknowns(v[k], join(at, k))...)
		}
		return out
	default:
		return nil
	}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// lookup follows a path such as "rules[0].id" into v. Secrets on the way are opened.
func lookup(v any, path string) (any, bool) {
	for path != "" {
		if s, ok := v.(Secret); ok {
			v = s.Value
		}
		switch {
		case path[0] == '[':
			end := strings.IndexByte(path, ']')
			list, ok := v.([]any)
			if end < 0 || !ok {
				return nil, false
			}
			i, err := strconv.Atoi(path[1:end])
			if err != nil || i < 0 || i >= len(list) {
				return nil, false
			}
			v, path = list[i], path[end+1:]
		case path[0] == '.':
			path = path[1:]
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			m, ok := v.(map[string]any)
			if !ok {
				return nil, false
			}
			next, ok := m[path[:end]]
			if !ok {
				return nil, false
			}
			v, path = next, path[end:]
		}
	}
	if s, ok := v.(Secret); ok {
		v = s.Value
	}
	return v, true
}

// decode fills target from a recorded value by way of JSON.
func decode(v any, at string, target any) error {
	p, err := plain(v, at)
	if err != nil {
		return err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if err := json.Unmarshal(data, target); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}
