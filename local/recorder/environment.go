package recorder

import (
	"encoding/json"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// enter puts the configuration into the environment, where the engine puts it: the SDK answers only for keys that one
// knows, so a program that refuses unknown ones looks there. What it returns restores the environment.
func (s *settings) enter() (leave func(), err error) {
	values, err := json.Marshal(s.values)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(s.secretKeys)
	if err != nil {
		return nil, err
	}
	before := map[string]*string{}
	leave = func() {
		for name, value := range before {
			if value == nil {
				_ = os.Unsetenv(name)
			} else {
				_ = os.Setenv(name, *value)
			}
		}
	}
	for name, value := range map[string]string{pulumi.EnvConfig: string(values), pulumi.EnvConfigSecretKeys: string(secrets)} {
		before[name] = nil
		if old, set := os.LookupEnv(name); set {
			before[name] = &old
		}
		if err := os.Setenv(name, value); err != nil {
			leave()
			return nil, err
		}
	}
	return leave, nil
}
