package recorder

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"airline/problem"
	"airline/spelling"
)

// settings are a stack's configuration as the engine would hand it to the program.
type settings struct {
	project, stack string
	values         map[string]string // full key -> text; lists and maps as JSON
	secretKeys     []string          // full keys, sorted
}

// readSettings reads Pulumi.yaml and Pulumi.<stack>.yaml with the engine's own code, and refuses what the engine
// refuses: a declaration that is not in order, a value of another type than the declared one, a missing value, a
// secret in clear. An own key that Pulumi.yaml does not declare is refused, too, as the program does. All problems of
// the stack are reported together.
//
// secrets are the keys whose override is a secret, as if it had been encrypted in the stack file.
func readSettings(dir, stack string, overrides map[string]string, secrets []string) (*settings, error) {
	r, err := openSettings(dir, stack)
	if err != nil {
		return nil, err
	}
	r.override(overrides, secrets)
	if err := r.merge(); err != nil {
		return nil, err
	}
	project := r.project
	s := &settings{project: project.Name.String(), stack: stack, values: r.text}
	s.secretKeys = append(s.secretKeys, r.encrypted...)
	for _, key := range secrets {
		s.secretKeys = append(s.secretKeys, r.full(key))
	}
	for key, declared := range project.Config {
		if _, given := r.text[r.full(key)]; declared.Secret && given {
			s.secretKeys = append(s.secretKeys, r.full(key))
		}
	}
	slices.Sort(s.secretKeys)
	s.secretKeys = slices.Compact(s.secretKeys)
	return s, nil
}

// openSettings loads the project's and the stack's file.
func openSettings(dir, stack string) (*settingsReader, error) {
	project, err := workspace.LoadProject(filepath.Join(dir, "Pulumi.yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading the stack: %w", err)
	}
	file := filepath.Join(dir, "Pulumi."+stack+".yaml")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no stack %s: %s has no %s; its stacks are %s", stack, dir, filepath.Base(file), strings.Join(Stacks(dir), ", "))
	}
	own, err := workspace.LoadProjectStack(nil, project, file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Base(file), err)
	}
	r := &settingsReader{project: project, stack: stack, file: filepath.Base(file), values: own.Config, text: map[string]string{}}
	if r.values == nil {
		r.values = config.Map{}
	}
	return r, nil
}

// merge adds what the stack does not say, and checks everything. The error has every problem.
func (r *settingsReader) merge() error {
	r.applyProject()
	r.validate()
	r.decrypt(r.file)
	r.refuseUndeclared()
	if len(r.problems) > 0 {
		slices.Sort(r.problems)
		return fmt.Errorf("configuration of stack %s:\n%s", r.stack, strings.Join(slices.Compact(r.problems), "\n"))
	}
	return nil
}

// Settings are a stack's settings for those who look at a stack without running its program.
type Settings struct {
	Project string
	// Encrypted are the keys, with their namespace, whose values only the engine can open: the project's defaults stand
	// for them.
	Encrypted []string
	text      map[string]string
}

// Get gives the text of a key with its namespace, lists and maps as JSON, and whether there is one.
func (s *Settings) Get(key string) (string, bool) {
	text, ok := s.text[key]
	return text, ok
}

// ReadSettings reads Pulumi.yaml and Pulumi.<stack>.yaml, and refuses what the engine refuses.
func ReadSettings(dir, stack string, overrides map[string]string) (*Settings, error) {
	r, err := openSettings(dir, stack)
	if err != nil {
		return nil, err
	}
	r.override(overrides, nil)
	s := &Settings{Project: r.project.Name.String()}
	for _, key := range r.values.SecureKeys() {
		s.Encrypted = append(s.Encrypted, key.String())
		delete(r.values, key)
	}
	slices.Sort(s.Encrypted)
	if err := r.merge(); err != nil {
		return nil, err
	}
	s.text = r.text
	return s, nil
}

// settingsReader goes through the engine's steps of merging and checking a stack's configuration.
type settingsReader struct {
	project    *workspace.Project
	stack      string
	file       string // of the stack, without its folder
	values     config.Map
	overridden []string // full keys
	encrypted  []string // full keys that the stack file encrypts
	text       map[string]string
	problems   []string
}

func (r *settingsReader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// full is the key with its namespace; a key without one is the project's own.
func (r *settingsReader) full(key string) string {
	if strings.Contains(key, ":") {
		return key
	}
	return r.project.Name.String() + ":" + key
}

// override puts the overrides in the place of the stack's values. A text that is a JSON list or map stands for it where
// Pulumi.yaml declares one, or the key is a provider's.
func (r *settingsReader) override(overrides map[string]string, secrets []string) {
	for _, key := range r.values.SecureKeys() {
		r.encrypted = append(r.encrypted, key.String())
	}
	for name, text := range overrides {
		full := r.full(name)
		key, err := config.ParseKey(full)
		if err != nil {
			r.problem("%s: %v", full, err)
			continue
		}
		value := config.NewValue(text)
		var structure any
		if json.Unmarshal([]byte(text), &structure) == nil && r.structured(full, structure) {
			value = config.NewObjectValue(text)
		}
		r.values[key] = value
		r.overridden = append(r.overridden, full)
	}
	for _, name := range secrets {
		if _, given := overrides[name]; !given {
			r.problem("%s is said to be a secret and has no override", name)
		}
	}
}

func (r *settingsReader) structured(full string, value any) bool {
	declared, known := r.declaration(full)
	switch value.(type) {
	case []any:
		return !known || declared.TypeName() == "array"
	case map[string]any:
		return !known || declared.TypeName() == "object"
	}
	return false
}

func (r *settingsReader) declaration(full string) (workspace.ProjectConfigType, bool) {
	for key, d := range r.project.Config {
		if r.full(key) == full {
			return d, true
		}
	}
	return workspace.ProjectConfigType{}, false
}

// applyProject adds the project's values and defaults for what the stack does not say.
func (r *settingsReader) applyProject() {
	for name, declared := range r.project.Config {
		key, err := config.ParseKey(r.full(name))
		if err != nil {
			r.problem("Pulumi.yaml: %s: %v", name, err)
			continue
		}
		if _, given := r.values[key]; given {
			continue
		}
		value := declared.Value
		if declared.Default != nil {
			value = declared.Default
		}
		if value == nil {
			if key.Namespace() == r.project.Name.String() {
				r.problem("%s has no value: set it in Pulumi.%s.yaml", key, r.stack)
			}
			continue
		}
		switch value.(type) {
		case []any, map[string]any:
			simple, err := workspace.SimplifyMarshalledValue(value)
			if err != nil {
				r.problem("Pulumi.yaml: %s: %v", name, err)
				continue
			}
			text, err := json.Marshal(simple)
			if err != nil {
				r.problem("Pulumi.yaml: %s: %v", name, err)
				continue
			}
			r.values[key] = config.NewObjectValue(string(text))
		default:
			r.values[key] = config.NewValue(fmt.Sprint(value))
		}
	}
}

// validate holds the values to their declarations. What is encrypted cannot be looked into.
func (r *settingsReader) validate() {
	for name, declared := range r.project.Config {
		key, err := config.ParseKey(r.full(name))
		if err != nil || !declared.IsExplicitlyTyped() {
			continue // told already, or there is nothing to hold it to
		}
		value, given := r.values[key]
		if !given || value.Secure() {
			continue
		}
		if declared.Secret && !slices.Contains(r.overridden, key.String()) {
			r.problem("%s must be encrypted, as Pulumi.yaml declares it a secret: pulumi config set --secret %s", key, name)
		}
		text, err := value.Value(config.NopDecrypter)
		if err != nil {
			r.problem("%s: %v", key, err)
			continue
		}
		var content any = text
		if value.Object() {
			if err := json.Unmarshal([]byte(text), &content); err != nil {
				r.problem("%s: %v", key, err)
				continue
			}
		}
		if !workspace.ValidateConfigValue(declared.TypeName(), declared.Items, content) {
			if text, _ = problem.HideAddresses(text); declared.Secret {
				text = "[secret]"
			}
			r.problem("%s = %q: Pulumi.yaml declares it as %s", key, text, workspace.InferFullTypeName(declared.TypeName(), declared.Items))
		}
	}
}

// decrypt makes texts of the values. Only the engine can open what is encrypted.
func (r *settingsReader) decrypt(file string) {
	for key, value := range r.values {
		if value.Secure() {
			r.problem("%s: %s is encrypted: give its value as an override", file, key)
			continue
		}
		text, err := value.Value(config.NopDecrypter)
		if err != nil {
			r.problem("%s: %s: %v", file, key, err)
			continue
		}
		r.text[key.String()] = text
	}
}

func (r *settingsReader) refuseUndeclared() {
	for key := range r.values {
		if key.Namespace() != r.project.Name.String() {
			continue
		}
		if _, known := r.declaration(key.String()); known {
			continue
		}
		remedy := "remove it or correct its name"
		if near := spelling.Nearest(key.Name(), slices.Sorted(maps.Keys(r.project.Config))); near != "" {
			remedy = "did you mean " + near + "?"
		}
		r.problem("%s is not declared in Pulumi.yaml: %s", key, remedy)
	}
}

// Stacks are those that have a stack file in the project's folder.
func Stacks(dir string) []string {
	files, _ := filepath.Glob(filepath.Join(dir, "Pulumi.*.yaml")) // at worst none is named
	names := []string{}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml")
		if !strings.HasSuffix(name, ".deploy") { // Pulumi Deployments' settings of a stack
			names = append(names, name)
		}
	}
	return names
}
