package infra

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
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
		if near := nearest(key, r.asked); near != "" {
			remedy = "did you mean " + near + "?"
		}
		r.problem(key, value, "there is no such setting", remedy)
	}
}

// nearest is the known name that needs the fewest changes; "" when it needs too many to be meant.
func nearest(name string, known []string) string {
	best, fewest := "", len(name)/3+2
	for _, k := range known {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(k), nil); d < fewest {
			best, fewest = k, d
		}
	}
	return best
}
