package rules

import (
	"slices"
	"strings"

	"airline/iam"
)

// previewRole is the rule on roles that code takes which nobody has reviewed yet.
func previewRole() *Rule {
	const role = `aws:iam/role:Role deploy: {name: deploy, assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc"}, Action: "sts:AssumeRoleWithWebIdentity", Condition: {StringEquals: {"api.pulumi.com/oidc:aud": "aws:example"}, StringLike: {"api.pulumi.com/oidc:sub": "pulumi:deploy:org:example:project:airline:stack:dev:OPERATION"}}}]}}
aws:iam/rolePolicy:RolePolicy deploy: {role: deploy, policy: {Statement: [{Effect: Allow, Action: ["s3:GetBucketPolicy", "s3:PutBucketPolicy"], Resource: "arn:aws:s3:::raw-files"}]}}`
	return &Rule{
		ID: "iam-previews-read", Title: "A role that previews of pull requests may take only reads", Level: Mandatory,
		Why: "A preview runs the code of the pull request, before anybody has read it: with the right to write it changes the stack, and gives " +
			"itself what it likes.",
		Fix: "keep previews out of the role's trust (Pulumi Deployments: StringNotLike *:operation:preview:* on the subject; GitHub: a subject with branch " +
			"or environment), and give them a role whose actions begin with Get, List or Describe and open no secret",
		Types: []string{typeRole, typeRolePolicy, typeAttachment, typeManaged},
		stack: previewsRead,
		Good:  strings.ReplaceAll(role, "OPERATION", "operation:update:*"),
		Bad:   strings.ReplaceAll(role, "OPERATION", "*"),
	}
}

// issuers are whose tokens say that a pull request's code is run, and how a subject that a pattern admits says so.
var issuers = map[string]func(pattern string) (subject string, says bool){
	// pulumi:deploy:org:ORG:project:PROJECT:stack:STACK:operation:OPERATION:scope:SCOPE (Pulumi Deployments, "Configuring OpenID Connect")
	"api.pulumi.com/oidc": func(pattern string) (string, bool) {
		if strings.Contains(pattern, "operation:") {
			subject := plainSubject(pattern)
			return subject, strings.Contains(subject, "operation:preview")
		}
		return plainSubject(strings.TrimSuffix(strings.TrimSuffix(pattern, "*"), ":")) + ":operation:preview:scope:write", true
	},
	// repo:OWNER/NAME:pull_request (GitHub, "OpenID Connect reference")
	"token.actions.githubusercontent.com": func(pattern string) (string, bool) {
		before, wild := strings.CutSuffix(pattern, "*")
		repository := strings.Split(before, ":")
		switch {
		case len(repository) == 3 && wild && strings.HasPrefix("pull_request", repository[2]), len(repository) == 3 && repository[2] == "pull_request":
			return plainSubject(strings.Join(repository[:2], ":")) + ":pull_request", true
		case len(repository) == 2 && wild:
			return plainSubject(before) + ":pull_request", true
		}
		return "", false
	},
}

// plainSubject is a subject that the pattern admits.
func plainSubject(pattern string) string {
	return strings.NewReplacer("*", "x", "?", "x").Replace(pattern)
}

func previewsRead(j *judge) {
	for _, role := range j.OfType(typeRole) {
		j.withDocument(role, "assumeRolePolicy", func(d document) {
			if previewsTake(d.policy) {
				j.reads(role, j.rightsOf(role))
			}
		})
	}
}

// reads refuses what of a role's rights does more than look.
func (j *judge) reads(role *Resource, has rights) {
	for _, s := range has.statements {
		if s.Deny {
			continue
		}
		if s.NotActions != nil {
			j.refuse(s.from, s.place, "%s allows a preview more than reading", s.name)
		}
		for _, action := range s.Actions {
			if !onlyReads(action) {
				j.refuse(s.from, s.place, "%s allows a preview %s", s.name, action)
			}
		}
	}
	if has.opaque {
		j.unsure(role, "", "previews take the role, and what it may do is not known here")
	}
}

// previewsTake tells whether the token of a pull request's preview opens the role.
func previewsTake(trust *iam.Policy) bool {
	return slices.ContainsFunc(trust.Statements, func(s iam.Statement) bool {
		if s.Deny || s.Principal == nil || !allowsAction(s, "sts:AssumeRoleWithWebIdentity") {
			return false
		}
		for issuer, preview := range issuers {
			if !slices.ContainsFunc(s.Principal.Federated, func(p string) bool { return strings.HasSuffix(p, ":oidc-provider/"+issuer) }) {
				continue
			}
			for _, pattern := range subjects(s, issuer) {
				if subject, says := preview(pattern); says && letsIn(s, issuer, subject) {
					return true
				}
			}
		}
		return false
	})
}

// subjects are the patterns of subjects that a statement asks for.
func subjects(s iam.Statement, issuer string) []string {
	var all []string
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, issuer+":sub") && requires(c) {
			all = append(all, c.Values...)
		}
	}
	return all
}

// letsIn tells whether the conditions on the subject let it through.
func letsIn(s iam.Statement, issuer, subject string) bool {
	for _, c := range s.Conditions {
		if !strings.EqualFold(c.Key, issuer+":sub") {
			continue
		}
		operator := strings.ToLower(c.Operator)
		matched := slices.ContainsFunc(c.Values, func(v string) bool {
			return v == subject || strings.Contains(operator, "like") && iam.Like(v, subject)
		})
		if matched == strings.Contains(operator, "not") {
			return false
		}
	}
	return true
}

// opening are readers that give more than a look: secrets, and credentials of something else.
var opening = []string{
	"secretsmanager:Get*Value", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter*", "redshift:GetClusterCredentials*", "redshift-serverless:GetCredentials",
	"sts:Get*Token", "ecr:GetAuthorizationToken", "cognito-identity:Get*",
}

// onlyReads tells whether every action of a pattern looks at resources and changes nothing.
func onlyReads(action string) bool {
	_, name, _ := strings.Cut(action, ":")
	if slices.ContainsFunc(opening, func(o string) bool {
		return iam.CoversAction(o, action) || iam.CoversAction(action, strings.ReplaceAll(o, "*", "x"))
	}) {
		return false
	}
	return slices.ContainsFunc([]string{"get", "list", "describe", "batchget"}, func(verb string) bool {
		return strings.HasPrefix(strings.ToLower(name), verb)
	})
}
