package infra

import (
	"slices"

	"airline/problem"
)

// mayBeSecret are the settings that stay secret all the way. Every other one AWS shows in names, tags, definitions or
// policies, where Pulumi could not keep it.
var mayBeSecret = []string{"emails", "queues", "webhooks"}

// passwords are settings whose values are secrets by themselves, whatever the stack declares. So are webhooks, but for their hosts.
var passwords = []string{"accessKey", "secretKey", "token", "assumeRoleWithWebIdentity"}

// shown is as much of a value as messages may tell: nothing of a secret, and of an address its host.
func (r *reader) shown(key, value string) string {
	const secret = "[secret]"
	shown, address := problem.HideAddresses(value)
	switch {
	case value == "":
		return ""
	case r.isSecret(key), slices.Contains(passwords, key), key == "webhooks" && !address:
		return secret
	}
	return shown
}

// isSecret says whether the stack declares the key to be a secret.
func (r *reader) isSecret(key string) bool { return r.secret != nil && r.secret(key) }

// refuseSecrets refuses to write a secret where everybody may read it. The value is not told.
func (r *reader) refuseSecrets() {
	for _, key := range r.asked {
		if r.isSecret(key) && !slices.Contains(mayBeSecret, key) {
			r.problem(key, "[secret]", "AWS shows it in names, tags or definitions, where it would not stay a secret",
				"set it in clear: pulumi config set --plaintext "+key)
		}
	}
}
