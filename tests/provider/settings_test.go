package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// unset stands for a setting's absence.
const unset = "\x00"

// setting is the type that Pulumi.yaml gives a setting.
type setting struct {
	Type string `yaml:"type"`
}

// settingsOfTheProject are those that Pulumi.yaml declares.
func settingsOfTheProject(t *testing.T) map[string]setting {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var project struct {
		Config map[string]setting `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &project); err != nil {
		t.Fatal(err)
	}
	delete(project.Config, "aws:region")
	return project.Config
}

// secret sets an item of a list that the stack's file and the state hold encrypted.
func (d *deployment) secret(key, value string) {
	d.t.Helper()
	if d.secrets == nil {
		d.secrets = map[string]string{}
	}
	name, _, _ := strings.Cut(key, "[")
	d.secrets[name] = fmt.Sprintf("[%q]", value)
	d.pulumi("config", "set", "--secret", "--path", "airline:"+key, value)
}

func (d *deployment) set(key, value string) {
	d.t.Helper()
	d.change(map[string]string{key: value})
}

// change writes settings into the stack's file, and returns what sets them back. A key is "emails[0]" for an item of a list
// and "tags.team" for a field; one without a namespace is the project's own.
func (d *deployment) change(settings map[string]string) (back func()) {
	d.t.Helper()
	file := filepath.Join(d.dir, "Pulumi."+d.stack+".yaml")
	before, err := os.ReadFile(file)
	if err != nil {
		d.t.Fatal(err)
	}
	var stack map[string]any
	if err := yaml.Unmarshal(before, &stack); err != nil {
		d.t.Fatal(err)
	}
	config, _ := stack["config"].(map[string]any)
	declared := settingsOfTheProject(d.t)
	for path, text := range settings {
		if !strings.Contains(path, ":") {
			path = "airline:" + path
		}
		m := settingPath.FindStringSubmatch(path)
		if m == nil {
			d.t.Fatalf("%q is no path of a setting", path)
		}
		key, item, field := m[1], m[2], m[3]
		value := settingValue(declared[strings.TrimPrefix(key, "airline:")].Type, text)
		switch {
		case text == unset:
			delete(config, key)
		case item != "":
			list, _ := config[key].([]any)
			at, _ := strconv.Atoi(item)
			for len(list) <= at {
				list = append(list, "")
			}
			list[at] = value
			config[key] = list
		case field != "":
			fields, _ := config[key].(map[string]any)
			if fields == nil {
				fields = map[string]any{}
			}
			fields[field] = value
			config[key] = fields
		default:
			config[key] = value
		}
	}
	after, err := yaml.Marshal(stack)
	if err != nil {
		d.t.Fatal(err)
	}
	write := func(text []byte) {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			d.t.Fatal(err)
		}
	}
	write(after)
	return func() { write(before) }
}

var settingPath = regexp.MustCompile(`^([^\[.]+)(?:\[(\d+)\]|\.(\w+))?$`)

// settingValue is a text as a value of a declared type: the engine refuses values of others.
func settingValue(kind, text string) any {
	switch kind {
	case "integer":
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	case "boolean":
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	}
	return text
}

// one changes a setting.
func one(key, value string) change {
	return change{name: fmt.Sprintf("%s = %s", key, value), settings: map[string]string{key: value}}
}
