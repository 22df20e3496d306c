package rules

func kmsRules() []*Rule {
	return []*Rule{
		{
			ID: "kms-rotation", Title: "A KMS key rotates", Level: Mandatory,
			Why:      "A key that never changes protects everything that was ever encrypted with it, or nothing.",
			Fix:      "set enableKeyRotation to true",
			Controls: []string{"KMS.4", "CKV_AWS_7"},
			Types:    []string{typeKey},
			resource: func(j *judge, r *Resource) {
				// Asymmetric and HMAC keys cannot rotate by themselves.
				if spec := r.Get("customerMasterKeySpec"); spec.Known() && spec.Text() != "SYMMETRIC_DEFAULT" {
					return
				}
				j.must(r, "enableKeyRotation", is(true), "the key does not rotate")
			},
			Good: `aws:kms/key:Key data: {enableKeyRotation: true}`,
			Bad:  `aws:kms/key:Key data: {}`,
		},
		{
			ID: "kms-policy", Title: "A KMS key has a policy of its own", Level: Mandatory,
			Why:      "Without one the key is open to whatever the account's identity policies allow, and no AWS service is let in.",
			Fix:      "set policy, or add a KeyPolicy",
			Controls: []string{"CKV2_AWS_64"},
			Types:    []string{typeKey, typeKeyPolicy},
			stack: func(j *judge) {
				for _, k := range j.OfType(typeKey) {
					answer := max(j.isSet(k, "policy"), truthOr(len(j.Referring(nil, typeKeyPolicy, "keyId", typeKey)) > 0))
					for _, p := range j.Referring(k, typeKeyPolicy, "keyId", typeKey) {
						answer = max(answer, j.isSet(p, "policy"))
					}
					j.answer(answer, k, "policy", "the key has no policy")
				}
			},
			Good: `aws:kms/key:Key data: {policy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}]}}`,
			Bad:  `aws:kms/key:Key data: {description: no policy}`,
		},
		{
			ID: "kms-no-star-principal", Title: "A key's policy allows nothing to everybody", Level: Mandatory,
			Why:      "A key that everybody may use protects nothing.",
			Fix:      "name principals, or add a condition such as kms:CallerAccount",
			Controls: []string{"CKV_AWS_33"},
			Types:    []string{typeKey, typeKeyPolicy},
			resource: nothingToEverybody,
			Good:     `aws:kms/key:Key data: {policy: {Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "kms:Decrypt", Resource: "*", Condition: {StringEquals: {"kms:CallerAccount": "111122223333"}}}]}}`,
			Bad:      `aws:kms/key:Key data: {policy: {Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "kms:Decrypt", Resource: "*"}]}}`,
		},
		{
			ID: "kms-deletion-window", Title: "A production key waits long before it is deleted", Level: Mandatory,
			Why:   "What a deleted key has encrypted is lost; the waiting time is when somebody notices.",
			Fix:   "set deletionWindowInDays to the configured retention.keyDeletionDays, or leave it out for KMS's 30",
			Types: []string{typeKey},
			resource: func(j *judge, r *Resource) {
				if j.settings.production(j.Stack.Name) {
					j.may(r, "deletionWindowInDays", atLeast(float64(j.settings.Retention.KeyDeletionDays)), "the key is deleted too soon")
				}
			},
			Good: `# of a stack named prod
aws:kms/key:Key data: {deletionWindowInDays: 30}`,
			Bad: `# of a stack named prod
aws:kms/key:Key data: {deletionWindowInDays: 7}`,
		},
	}
}
