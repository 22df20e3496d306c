package infra

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strconv"
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
			remedy = "did you mean " + near + "?"
		}
		r.problem(key, value, "there is no such setting", remedy)
	}
}

// providerKeys are the settings of namespace aws that the stack's provider gets.
var providerKeys = []string{"region", "profile", "maxRetries", "allowedAccountIds"}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)

// checkProvider refuses settings that would not reach the provider: with a role to assume, say, the stack would be made in
// another account than was meant.
func checkProvider(stack, region, maxRetries string, given []string) error {
	r := &reader{asked: providerKeys, get: func(string) (string, bool) { return "", false }}
	r.refuseUnknown(given)
	for i, p := range r.problems {
		r.problems[i].Wrong = "the stack's provider does not take it"
		if p.Remedy == "remove it" {
			r.problems[i].Remedy = "remove it, and set it in the environment or in an AWS profile"
		}
	}
	if !regionName.MatchString(region) {
		r.problem("region", region, "it is not an AWS region", "use one such as eu-west-1")
	}
	if n, err := strconv.Atoi(maxRetries); maxRetries != "" && (err != nil || n < 0) {
		r.problem("maxRetries", maxRetries, "it is not a whole number", "use 0 or more, or remove it")
	}
	if len(r.problems) == 0 {
		return nil
	}
	for i := range r.problems {
		r.problems[i].Key = "aws:" + r.problems[i].Key
	}
	return &ConfigError{Stack: stack, Problems: r.problems}
}
