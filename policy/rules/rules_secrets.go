package rules

func secretRules() []*Rule {
	return []*Rule{
		{
			ID: "secrets-cmk", Title: "A secret is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "Only a key of one's own can be taken away from a reader. The password that Redshift manages is a secret, too.",
			Fix:      "set kmsKeyId, masterPasswordSecretKmsKeyId or adminPasswordSecretKmsKeyId",
			Controls: []string{"CKV_AWS_149"},
			Types:    []string{typeSecret, typeCluster, typeNamespace},
			resource: func(j *judge, r *Resource) {
				switch r.Type {
				case typeSecret:
					j.encrypted(r, "kmsKeyId")
				case typeCluster:
					j.managedPassword(r, "manageMasterPassword", "masterPasswordSecretKmsKeyId")
				case typeNamespace:
					j.managedPassword(r, "manageAdminPassword", "adminPasswordSecretKmsKeyId")
				}
			},
			Good: `aws:secretsmanager/secret:Secret loader: {kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad:  `aws:secretsmanager/secret:Secret loader: {}`,
		},
		{
			ID: "secrets-rotation", Title: "A secret rotates", Level: Mandatory,
			Why:      "A password that never changes is known to everybody who has ever seen it.",
			Fix:      "add a SecretRotation for the secret, or let the service manage the password",
			Controls: []string{"SecretsManager.1", "CKV2_AWS_57"},
			Types:    []string{typeSecret, typeRotation},
			stack: func(j *judge) {
				for _, s := range j.OfType(typeSecret) {
					answer := truthOr(len(j.Referring(nil, typeRotation, "secretId", typeSecret)) > 0)
					if len(j.Referring(s, typeRotation, "secretId", typeSecret)) > 0 {
						answer = Yes
					}
					j.answer(answer, s, "", "the secret never changes")
				}
			},
			Good: `aws:secretsmanager/secret:Secret loader: {name: loader}
aws:secretsmanager/secretRotation:SecretRotation loader: {secretId: loader}`,
			Bad: `aws:secretsmanager/secret:Secret loader: {name: loader}`,
		},
	}
}

// managedPassword asks for a customer-managed key of a password that the service keeps as a secret.
func (j *judge) managedPassword(r *Resource, managed, key string) {
	switch v := r.Get(managed); {
	case v.Unknown():
		j.answer(CannotTell, r, managed, "")
	case v.Is(true):
		j.encrypted(r, key)
	}
}
