package asl

// Grant is one allow statement of an IAM policy.
type Grant struct {
	Actions   []string // "glue:StartJobRun", sorted
	Resources []string // ARNs or ARN patterns; "*" only where the action has no resource type
	// Conditions of the statement: operator, key, values.
	Conditions []Condition
}

// Condition restricts a grant: {"StringEquals", "iam:PassedToService",
// ["ecs-tasks.amazonaws.com"]}.
type Condition struct {
	Operator string
	Key      string
	Values   []string
}
