package asl

// Grant is one allow statement of an IAM policy.
type Grant struct {
	Actions   []string // "glue:StartJobRun", sorted
	Resources []string // ARNs or ARN patterns; "*" only where the action has no resource type
	// Conditions of the statement: operator, key, values.
	Conditions []GrantCondition
}

// GrantCondition restricts a grant: {"StringEquals", "iam:PassedToService",
// ["ecs-tasks.amazonaws.com"]}.
type GrantCondition struct {
	Operator string
	Key      string
	Values   []string
}

// GrantKey allows the actions on a KMS key; nothing without a key.
func GrantKey(keyARN string, actions ...string) []Grant {
	if keyARN == "" {
		return nil
	}
	return []Grant{{Actions: actions, Resources: []string{keyARN}}}
}
