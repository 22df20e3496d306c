package awsapi

import (
	"path"
	"strings"

	"airline/iam"
)

// ConditionKeys knows the condition keys of actions, with those of their resource types, from the service authorization data.
// It is the Keys of an iam.Parser. Types of values are not in the data.
var ConditionKeys iam.Index = conditionKeys{}

type conditionKeys struct{}

func (conditionKeys) Key(action, name string) (k iam.Key, found, known bool) {
	service, pattern, ok := strings.Cut(strings.ToLower(action), ":")
	if !ok { // "*": all services
		prefix, _, _ := strings.Cut(strings.ToLower(name), ":")
		service, pattern = prefix, "*"
	}
	// Keys of identity providers and of SAML stand in trust policies; the data have those of the best known only.
	if prefix, _, _ := strings.Cut(name, ":"); service == "sts" && (strings.Contains(prefix, ".") || strings.Contains(prefix, "/") || prefix == "saml") {
		return iam.Key{}, true, true
	}
	p, ok := IAM(service)
	if !ok {
		return iam.Key{}, false, false
	}
	name = strings.ToLower(name)
	for n, a := range p.Actions {
		if fits, err := path.Match(pattern, strings.ToLower(n)); err != nil || !fits {
			continue
		}
		known = true
		for _, key := range a.ConditionKeys {
			if sameKey(strings.ToLower(key), name) {
				return iam.Key{}, true, true
			}
		}
	}
	return iam.Key{}, false, known
}

// sameKey compares a name with a key of the data, whose end may stand for any: "s3:ExistingObjectTag/<key>",
// "kms:EncryptionContext:${EncryptionContextKey}", "secretsmanager:ResourceTag/tag-key".
func sameKey(key, name string) bool {
	for _, open := range []string{"<", "${", "tag-key"} {
		if before, _, ok := strings.Cut(key, open); ok {
			return len(name) > len(before) && strings.HasPrefix(name, before)
		}
	}
	return key == name
}
