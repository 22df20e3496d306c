package recorder

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// Setting is one setting of the project in a stack, as its file, or else Pulumi.yaml, has it. The rest of the stack's
// configuration is not looked at, so that a stack with encrypted values can be asked.
func Setting(dir, stack, key string) (string, error) {
	project, err := workspace.LoadProject(filepath.Join(dir, "Pulumi.yaml"))
	if err != nil {
		return "", err
	}
	own, err := workspace.LoadProjectStack(nil, project, filepath.Join(dir, "Pulumi."+stack+".yaml"))
	if err != nil {
		return "", err
	}
	full, err := config.ParseKey(project.Name.String() + ":" + key)
	if err != nil {
		return "", err
	}
	if value, given := own.Config[full]; given {
		if value.Secure() {
			return "", errors.New(key + " is encrypted")
		}
		return value.Value(config.NopDecrypter)
	}
	declared, known := project.Config[key]
	if !known {
		if declared, known = project.Config[full.String()]; !known {
			return "", fmt.Errorf("%s is not declared in Pulumi.yaml", key)
		}
	}
	value := declared.Value
	if value == nil {
		value = declared.Default
	}
	switch value := value.(type) {
	case nil:
		return "", nil
	case []any, map[string]any:
		text, err := json.Marshal(value)
		return string(text), err
	default:
		return fmt.Sprint(value), nil
	}
}
