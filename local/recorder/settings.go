package recorder

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"airline/spelling"
)

// settings are a stack's configuration as the engine would hand it to the program.
type settings struct {
	project, stack string
	values         map[string]string // full key -> text; lists and maps as JSON
	secretKeys     []string
}

type projectFile struct {
	Name   string               `yaml:"name"`
	Config map[string]yaml.Node `yaml:"config"`
}

type stackFile struct {
	Config map[string]any `yaml:"config"`
}

// declaration is one entry of Pulumi.yaml's `config`: a type with an optional default, or a value for all stacks.
type declaration struct {
	Type    string `yaml:"type"`
	Default any    `yaml:"default"`
	Value   any    `yaml:"value"`
	Secret  bool   `yaml:"secret"`
}

// readSettings reads Pulumi.yaml and Pulumi.<stack>.yaml as the engine does: the project's values and defaults,
// then the stack's own, then the overrides. A value of the wrong type, a missing one and an own key that
// Pulumi.yaml does not declare are all reported together.
func readSettings(dir, stack string, overrides map[string]string) (*settings, error) {
	var project projectFile
	if err := readYAML(filepath.Join(dir, "Pulumi.yaml"), &project); err != nil {
		return nil, err
	}
	var own stackFile
	if err := readYAML(filepath.Join(dir, "Pulumi."+stack+".yaml"), &own); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no stack %s: %s has no Pulumi.%s.yaml; its stacks are %s", stack, dir, stack, strings.Join(Stacks(dir), ", "))
	} else if err != nil {
		return nil, err
	}
	full := func(key string) string {
		if strings.Contains(key, ":") {
			return key
		}
		return project.Name + ":" + key
	}

	s := &settings{project: project.Name, stack: stack, values: map[string]string{}}
	var problems []error
	set := func(where, key string, value any) {
		if m, ok := value.(map[string]any); ok && len(m) == 1 && m["secure"] != nil {
			s.secretKeys = append(s.secretKeys, key)
			if _, given := overrides[strings.TrimPrefix(key, project.Name+":")]; !given && overrides[key] == "" {
				problems = append(problems, fmt.Errorf("%s: %s is encrypted: give its value as an override", where, key))
			}
			return
		}
		text, err := configText(value)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", where, key, err))
			return
		}
		s.values[key] = text
	}

	declared := map[string]declaration{}
	for key, node := range project.Config {
		var d declaration
		if node.Kind == yaml.MappingNode {
			if err := node.Decode(&d); err != nil {
				problems = append(problems, fmt.Errorf("Pulumi.yaml: config %s: %w", key, err))
				continue
			}
		} else if err := node.Decode(&d.Default); err != nil {
			problems = append(problems, fmt.Errorf("Pulumi.yaml: config %s: %w", key, err))
			continue
		}
		declared[full(key)] = d
		if d.Secret {
			s.secretKeys = append(s.secretKeys, full(key))
		}
		switch {
		case d.Value != nil:
			set("Pulumi.yaml", full(key), d.Value)
		case d.Default != nil:
			set("Pulumi.yaml", full(key), d.Default)
		}
	}
	for key, value := range own.Config {
		set("Pulumi."+stack+".yaml", full(key), value)
	}
	for key, value := range overrides {
		s.values[full(key)] = value
	}

	for key, d := range declared {
		value, given := s.values[key]
		switch {
		case given && d.Type != "":
			if err := checkType(d.Type, value); err != nil {
				problems = append(problems, fmt.Errorf("%s = %q: %w", key, value, err))
			}
		case !given && d.Type != "":
			problems = append(problems, fmt.Errorf("%s has no value: set it in Pulumi.%s.yaml", key, stack))
		}
	}
	for key := range s.values {
		if _, ok := declared[key]; !ok && strings.HasPrefix(key, project.Name+":") {
			remedy := "remove it or correct its name"
			if near := spelling.Nearest(strings.TrimPrefix(key, project.Name+":"), slices.Sorted(maps.Keys(project.Config))); near != "" {
				remedy = "did you mean " + near + "?"
			}
			problems = append(problems, fmt.Errorf("%s is not declared in Pulumi.yaml: %s", key, remedy))
		}
	}
	if len(problems) > 0 {
		sort.Slice(problems, func(i, j int) bool { return problems[i].Error() < problems[j].Error() })
		return nil, fmt.Errorf("configuration of stack %s:\n%w", stack, errors.Join(problems...))
	}
	sort.Strings(s.secretKeys)
	s.secretKeys = slices.Compact(s.secretKeys)
	return s, nil
}

// Setting is one setting of the project in a stack, as its file, or else Pulumi.yaml, has it. The rest of the stack's
// configuration is not looked at, so that a stack with encrypted values can be asked.
func Setting(dir, stack, key string) (string, error) {
	var project projectFile
	if err := readYAML(filepath.Join(dir, "Pulumi.yaml"), &project); err != nil {
		return "", err
	}
	var own stackFile
	if err := readYAML(filepath.Join(dir, "Pulumi."+stack+".yaml"), &own); err != nil {
		return "", err
	}
	for _, name := range []string{project.Name + ":" + key, key} {
		if value, given := own.Config[name]; given {
			return configText(value)
		}
	}
	node, declared := project.Config[key]
	if !declared {
		return "", fmt.Errorf("%s is not declared in Pulumi.yaml", key)
	}
	var d declaration
	if node.Kind != yaml.MappingNode {
		return node.Value, nil
	}
	if err := node.Decode(&d); err != nil {
		return "", fmt.Errorf("Pulumi.yaml: config %s: %w", key, err)
	}
	if d.Value != nil {
		return configText(d.Value)
	}
	return configText(d.Default)
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

func readYAML(path string, target any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the stack: %w", err)
	}
	if err := yaml.Unmarshal(data, target); err != nil {
		return fmt.Errorf("reading %s: %w", filepath.Base(path), err)
	}
	return nil
}

// configText gives a configuration value the text form in which programs receive it.
func configText(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case nil:
		return "", nil
	default:
		data, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		return string(data), nil
	}
}

func checkType(kind, text string) error {
	var v any
	parsed := json.Unmarshal([]byte(text), &v) == nil
	ok := false
	switch kind {
	case "string":
		ok = true
	case "integer":
		n, isNumber := v.(float64)
		ok = parsed && isNumber && n == float64(int64(n))
	case "boolean":
		_, isBool := v.(bool)
		ok = parsed && isBool
	case "array":
		_, isList := v.([]any)
		ok = parsed && isList
	case "object":
		_, isMap := v.(map[string]any)
		ok = parsed && isMap
	default:
		return fmt.Errorf("Pulumi.yaml declares the unknown type %q", kind)
	}
	if !ok {
		return fmt.Errorf("Pulumi.yaml declares it as %s", kind)
	}
	return nil
}
