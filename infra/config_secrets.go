package infra

import "slices"

// mayBeSecret are the settings that stay secret all the way. Every other one AWS shows in names, tags, definitions or
// policies, where Pulumi could not keep it.
var mayBeSecret = []string{"emails", "queues", "webhooks"}

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
