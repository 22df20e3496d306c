package ast

// Grant is one allow statement of an IAM policy.
type Grant struct {
	Actions   []string // "glue:StartJobRun", sorted
	Resources []string // ARNs or ARN patterns; "*" only where the action has no resource type
	// Conditions of the statement, all of which must hold.
	Conditions []GrantCondition
}

// GrantCondition restricts a grant: {"StringEquals", "iam:PassedToService",
// ["ecs-tasks.amazonaws.com"]}.
type GrantCondition struct {
	Operator string
	Key      string
	Values   []string
}
