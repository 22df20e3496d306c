package rules

import (
	"strings"
	"testing"
)

// Which roles a pull request's code takes, and which of their rights are more than a look.
func TestPreviewsRead(t *testing.T) {
	rule := Lookup("iam-previews-read")
	const pulumi, github = "api.pulumi.com/oidc", "token.actions.githubusercontent.com"
	const stack = "pulumi:deploy:org:example:project:airline:stack:dev:"
	tests := []struct {
		name, issuer, condition, actions string
		refused                          bool
	}{
		{"every operation", pulumi, `StringLike: {SUB: "` + stack + `*"}`, `"s3:PutObject"`, true},
		{"every operation, and it reads", pulumi, `StringLike: {SUB: "` + stack + `*"}`, `"s3:GetObject", "sqs:List*Queue*"`, false},
		{"all but previews", pulumi, `StringLike: {SUB: "` + stack + `*"}, StringNotLike: {SUB: "` + stack + `operation:preview:*"}`, `"s3:PutObject"`, false},
		{"all but refreshes", pulumi, `StringLike: {SUB: "` + stack + `*"}, StringNotLike: {SUB: "` + stack + `operation:refresh:*"}`, `"s3:PutObject"`, true},
		{"previews", pulumi, `StringLike: {SUB: "` + stack + `operation:preview:*"}`, `"kms:Decrypt"`, true},
		{"one preview, literally", pulumi, `StringEquals: {SUB: "` + stack + `operation:preview:scope:write"}`, `"s3:Put*"`, true},
		{"updates", pulumi, `StringLike: {SUB: "` + stack + `operation:update:*"}`, `"s3:*"`, false},
		{"previews open secrets", pulumi, `StringLike: {SUB: "` + stack + `operation:preview:*"}`, `"secretsmanager:GetSecretValue"`, true},
		{"previews get credentials", pulumi, `StringLike: {SUB: "` + stack + `operation:preview:*"}`, `"redshift-serverless:Get*"`, true},
		{"everything", pulumi, `StringLike: {SUB: "` + stack + `operation:preview:*"}`, `"*"`, true},
		{"a repository", github, `StringLike: {SUB: "repo:example/pipeline:*"}`, `"s3:PutObject"`, true},
		{"pull requests", github, `StringEquals: {SUB: "repo:example/pipeline:pull_request"}`, `"s3:PutObject"`, true},
		{"a branch", github, `StringEquals: {SUB: "repo:example/pipeline:ref:refs/heads/main"}`, `"s3:PutObject"`, false},
		{"branches", github, `StringLike: {SUB: "repo:example/pipeline:ref:*"}`, `"s3:PutObject"`, false},
		{"another issuer", "example.com", `StringLike: {SUB: "` + stack + `*"}`, `"s3:PutObject"`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, settings, err := ParseExample(`aws:iam/role:Role deploy: {name: deploy, assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/` +
				test.issuer + `"}, Action: "sts:AssumeRoleWithWebIdentity", Condition: {` + strings.ReplaceAll(test.condition, "SUB", `"`+test.issuer+`:sub"`) + `}}]}}
aws:iam/rolePolicy:RolePolicy deploy: {role: deploy, policy: {Statement: [{Effect: Allow, Action: [` + test.actions + `], Resource: "*"}]}}`)
			if err != nil {
				t.Fatal(err)
			}
			if got := verdicts(ask(rule, s, settings), Violation); (len(got) > 0) != test.refused {
				t.Errorf("refused: %v, want %t", got, test.refused)
			}
		})
	}
}
