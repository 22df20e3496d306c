package review

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// ReadState reads what `pulumi stack export` writes. origin names it in messages. Secrets that the export shows
// (--show-secrets) are compared and not shown; encrypted ones are only counted.
func ReadState(r io.Reader, origin string) (*Stack, error) {
	var export apitype.UntypedDeployment
	if err := json.NewDecoder(r).Decode(&export); err != nil {
		return nil, fmt.Errorf("%s is not what `pulumi stack export` writes: %w", origin, err)
	}
	if len(export.Deployment) == 0 {
		return nil, fmt.Errorf("%s has no deployment: it is not what `pulumi stack export` writes", origin)
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(export.Deployment, &deployment); err != nil {
		return nil, fmt.Errorf("%s: the deployment (version %d) is not in the form that this command knows: %w", origin, export.Version, err)
	}
	s := &Stack{Origin: origin}
	for _, r := range deployment.Resources {
		if s.Name == "" && r.URN.IsValid() {
			s.Project, s.Name = string(r.URN.Project()), string(r.URN.Stack())
		}
		if r.Type == resource.RootStackType {
			s.Outputs = s.object(r.Outputs)
			continue
		}
		// What is marked for deletion has its successor in the list; what was only read is not the stack's.
		if r.Delete || r.External || defaultProvider(r) {
			continue
		}
		inputs := s.object(withoutDefaults(r.Inputs))
		if isProvider(string(r.Type)) {
			inputs = providerInputs(inputs)
		}
		s.Resources = append(s.Resources, &Resource{
			URN: string(r.URN), Type: string(r.Type), Name: r.URN.Name(), ID: string(r.ID), Inputs: inputs, Outputs: s.object(r.Outputs),
			Protect: r.Protect, Retain: r.RetainOnDelete, Component: !r.Custom,
		})
	}
	if s.Name == "" {
		return nil, fmt.Errorf("%s has no resources: nothing of the stack is deployed", origin)
	}
	s.Account = account(s.Resources)
	return s, nil
}

func isProvider(typ string) bool { return strings.HasPrefix(typ, "pulumi:providers:") }

// defaultProvider tells of a provider that the engine has made by itself.
func defaultProvider(r apitype.ResourceV3) bool {
	return isProvider(string(r.Type)) && strings.HasPrefix(r.URN.Name(), "default")
}

// providerInputs leaves out what the engine and the provider add to a provider's settings: the version, and the checks that
// it skips or does not, which have no mark of a default.
func providerInputs(inputs map[string]any) map[string]any {
	for name := range inputs {
		if name == "version" || name == "pluginDownloadURL" || strings.HasPrefix(name, "__") || strings.HasPrefix(name, "skip") {
			delete(inputs, name)
			continue
		}
		switch v := inputs[name].(type) {
		case bool, float64: // in a state they are texts
			inputs[name] = fmt.Sprint(v)
		}
	}
	return inputs
}

// withoutDefaults leaves out what the provider filled in: the names are listed beside it, under __defaults.
func withoutDefaults(inputs map[string]any) map[string]any {
	out := map[string]any{}
	listed, _ := inputs["__defaults"].([]any)
	for name, v := range inputs {
		if name == "__defaults" || slices.Contains(listed, any(name)) {
			continue
		}
		out[name] = innerDefaults(v)
	}
	return out
}

func innerDefaults(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return withoutDefaults(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = innerDefaults(e)
		}
		return out
	}
	return v
}

func (s *Stack) object(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = s.stateValue(v)
	}
	return out
}

// stateValue reads a value of a state: objects with Pulumi's signature are secrets, assets and references.
func (s *Stack) stateValue(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = s.stateValue(e)
		}
		return out
	case map[string]any:
		switch v[sig.Key] {
		case sig.Secret:
			return s.stateSecret(v)
		case sig.AssetSig, sig.ArchiveSig:
			hash, _ := v["hash"].(string)
			text, _ := v["text"].(string)
			return file{hash, text}
		case sig.ResourceReference:
			return v["id"]
		}
		return s.object(v)
	}
	return v
}

func (s *Stack) stateSecret(v map[string]any) any {
	text, ok := v["plaintext"].(string)
	if !ok {
		return secret{encrypted: true}
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return secret{encrypted: true}
	}
	s.Secrets = append(s.Secrets, texts(value)...)
	return secret{value: s.stateValue(value)}
}

// texts are all texts inside of a value.
func texts(v any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		out = []string{v}
		if inner, ok := document(v); ok {
			out = append(out, texts(inner)...)
		}
	case []any:
		for _, e := range v {
			out = append(out, texts(e)...)
		}
	case map[string]any:
		for _, e := range v {
			out = append(out, texts(e)...)
		}
	}
	return out
}

var accountInARN = regexp.MustCompile(`^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):`)

// account is the AWS account of the roles, which no resource policy of others is taken for.
func account(resources []*Resource) string {
	for _, typ := range []string{"aws:iam/role:Role", ""} {
		for _, r := range resources {
			if typ != "" && r.Type != typ {
				continue
			}
			arn, _ := r.Outputs["arn"].(string)
			if m := accountInARN.FindStringSubmatch(arn); m != nil {
				return m[1]
			}
		}
	}
	return ""
}
