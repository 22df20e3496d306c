package infra

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/spelling"
)

// givenKeys are the keys of the project that the stack has values for, without the project's name. The SDK answers only
// for keys that one knows, so they are read where the engine puts them.
func givenKeys(project string) []string {
	var values map[string]json.RawMessage
	if json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &values) != nil {
		return nil // not started by the engine
	}
	var keys []string
	for key := range values {
		if own, ok := strings.CutPrefix(key, project+":"); ok {
			keys = append(keys, own)
		}
	}
	slices.Sort(keys)
	return keys
}

// refuseUnknown finds keys that nothing reads: a misspelt setting would have no effect, and nobody would know.
func (r *reader) refuseUnknown(given []string) {
	for _, key := range given {
		if slices.Contains(r.asked, key) {
			continue
		}
		value, _ := r.get(key)
		remedy := "remove it"
		if near := spelling.Nearest(key, r.asked); near != "" {
			value, remedy = r.shown(near, value), "did you mean "+near+"?"
		}
		r.problem(key, value, "there is no such setting", remedy)
	}
}
