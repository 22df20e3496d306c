package rules

import (
	"regexp"
	"slices"
	"strings"

	"airline/iam"
)

var identityTypes = []string{typeRolePolicy, typeManaged, typeUserPolicy, typeGroupPol, typeRole}

func documentTypes() []string { return sortedKeys(documentPaths) }

// allowed is the start of the examples' documents.
const allowed = `aws:iam/rolePolicy:RolePolicy load: {role: load, policy: {Statement: [`

func iamRules() []*Rule {
	return []*Rule{
		{
			ID: "iam-document-valid", Title: "A policy document is one that IAM takes", Level: Mandatory,
			Why:      "IAM refuses the rest at the deployment; and what cannot be read, no rule can judge.",
			Fix:      "correct the document",
			Types:    documentTypes(),
			resource: validDocuments,
			Good:     allowed + `{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*"}]}}`,
			Bad:      allowed + `{Effect: Allow, Actions: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*"}]}}`,
		},
		{
			ID: "iam-no-admin", Title: "No policy allows every action", Level: Mandatory,
			Why:      "Whoever gets hold of the role gets hold of the account.",
			Fix:      "name the actions",
			Controls: []string{"IAM.1", "CKV_AWS_62", "CKV_AWS_63"},
			Types:    identityTypes,
			resource: eachIdentityStatement(func(j *judge, r *Resource, d document, s iam.Statement, name string) {
				if slices.ContainsFunc(s.Actions, func(a string) bool { return strings.Trim(a, "*?:") == "" }) {
					j.refuse(r, d.at.path, "%s allows every action", name)
				}
			}),
			Good: allowed + `{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*"}]}}`,
			Bad:  allowed + `{Effect: Allow, Action: "*", Resource: "arn:aws:s3:::raw-files/*"}]}}`,
		},
		{
			ID: "iam-no-star-resource", Title: "No policy allows an action on everything where the action has a resource", Level: Mandatory,
			Why:      "A role for one bucket, job or topic would be a role for all of them.",
			Fix:      "name the resources; only actions without a resource type (Service Authorization Reference) take *",
			Controls: []string{"CKV_AWS_355", "CKV_AWS_356"},
			Types:    identityTypes,
			resource: eachIdentityStatement(starResource),
			Good:     allowed + `{Effect: Allow, Action: ["xray:PutTraceSegments", "ec2:DescribeVpcs"], Resource: "*"}]}}`,
			Bad:      allowed + `{Effect: Allow, Action: "glue:StartJobRun", Resource: "*"}]}}`,
		},
		{
			ID: "iam-no-exceptions", Title: "No statement allows all but what it names", Level: Mandatory,
			Why:      "NotAction, NotResource and NotPrincipal with Allow also allow what does not exist yet.",
			Fix:      "name what is allowed; use a Deny for exceptions",
			Types:    documentTypes(),
			resource: noExceptions,
			Good:     allowed + `{Effect: Deny, NotAction: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*"}]}}`,
			Bad:      allowed + `{Effect: Allow, NotAction: "iam:*", Resource: "arn:aws:s3:::raw-files/*"}]}}`,
		},
		{
			ID: "iam-passrole-limited", Title: "Roles are handed on by name and to a named service", Level: Mandatory,
			Why:      "Who may pass any role to any service has the rights of the strongest role there is.",
			Fix:      "name the role, and add a condition on iam:PassedToService",
			Types:    identityTypes,
			resource: eachIdentityStatement(passRole),
			Good:     allowed + `{Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/load", Condition: {StringEquals: {"iam:PassedToService": glue.amazonaws.com}}}]}}`,
			Bad:      allowed + `{Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/*", Condition: {StringEquals: {"iam:PassedToService": glue.amazonaws.com}}}]}}`,
		},
		{
			ID: "iam-trust-conditioned", Title: "A role that a service may take says on whose behalf", Level: Mandatory,
			Why:      "Otherwise another customer of the service can make it act on our resources (the confused deputy).",
			Fix:      "add a condition on aws:SourceAccount or aws:SourceArn to the trust policy; for Redshift, on sts:ExternalId",
			Types:    []string{typeRole},
			resource: trustConditioned,
			Good:     `aws:iam/role:Role load: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: "sts:AssumeRole", Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}}}]}}`,
			Bad:      `aws:iam/role:Role load: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: "sts:AssumeRole"}]}}`,
		},
		{
			ID: "iam-oidc-claims", Title: "A role that an identity provider's tokens may take says for whom", Level: Mandatory,
			Why:      "The provider gives tokens to all its customers: without audience and subject each of them may take the role.",
			Fix:      "add conditions on the provider's aud and sub claims, the latter with at least the organization and repository or project",
			Controls: []string{"CKV_AWS_358", "CKV_AWS_393"},
			Types:    []string{typeRole},
			resource: oidcClaims,
			Good:     `aws:iam/role:Role deploy: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, Action: "sts:AssumeRoleWithWebIdentity", Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}, StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/pipeline:*"}}}]}}`,
			Bad:      `aws:iam/role:Role deploy: {assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, Action: "sts:AssumeRoleWithWebIdentity", Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}, StringLike: {"token.actions.githubusercontent.com:sub": "repo:*"}}}]}}`,
		},
		previewRole(),
	}
}

func validDocuments(j *judge, r *Resource) {
	for _, place := range documentPlaces(r) {
		switch d := readDocument(r, place); {
		case d.err != nil:
			j.refuse(r, place, "%v", d.err)
		case d.at.Unknown():
			j.unsure(r, place, "the policy is not known before it is created")
		}
	}
}

// eachIdentityStatement judges the statements that allow something in documents that say what somebody may do.
func eachIdentityStatement(check func(*judge, *Resource, document, iam.Statement, string)) func(*judge, *Resource) {
	return func(j *judge, r *Resource) {
		for _, place := range documentPlaces(r) {
			if !identity(r, place) {
				continue
			}
			j.withDocument(r, place, func(d document) {
				for i, s := range d.policy.Statements {
					if !s.Deny {
						check(j, r, d, s, statementName(s, i))
					}
				}
			})
		}
	}
}

// withoutResource are actions that know no resource type, of the services that pipelines are made of (Service Authorization
// Reference). A pattern stands for actions that all have none.
var withoutResource = []string{
	"cloudwatch:PutMetricData", "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics",
	"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
	"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups", "logs:DescribeQueries", "logs:StopQuery",
	"logs:GetQueryResults",
	"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:GetTraceSummaries",
	"redshift-data:DescribeStatement", "redshift-data:CancelStatement", "redshift-data:GetStatementResult", "redshift-data:ListStatements",
	"s3:ListAllMyBuckets", "s3:GetAccountPublicAccessBlock", "sts:GetCallerIdentity", "sts:GetSessionToken",
	"ec2:Describe*", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "kms:ListKeys", "kms:ListAliases", "kms:GenerateRandom",
	"iam:ListRoles", "iam:ListPolicies", "iam:GetAccountSummary", "sns:ListTopics", "sqs:ListQueues", "states:ListStateMachines",
	"states:ListActivities", "glue:ListJobs", "glue:ListCrawlers", "events:ListEventBuses", "lambda:ListFunctions",
	"secretsmanager:ListSecrets", "secretsmanager:GetRandomPassword", "ecr:GetAuthorizationToken", "batch:DescribeJobs", "batch:ListJobs",
	"batch:TerminateJob", "tag:GetResources", "ssm:DescribeParameters", "lakeformation:GetDataAccess", "lakeformation:GrantPermissions", "lakeformation:ListPermissions",
	"lakeformation:RevokePermissions", "kms:CreateKey",
	"cloudtrail:DescribeTrails", "states:ValidateStateMachineDefinition", "glue:CreateClassifier", "glue:GetClassifier", "glue:UpdateClassifier",
	"glue:DeleteClassifier", "glue:CreateSecurityConfiguration", "glue:GetSecurityConfiguration", "glue:DeleteSecurityConfiguration",
	"glue:GetDataCatalogEncryptionSettings", "glue:PutDataCatalogEncryptionSettings", "redshift-serverless:GetUsageLimit",
	"redshift-serverless:UpdateUsageLimit", "redshift-serverless:DeleteUsageLimit", "redshift:DescribeClusters", "redshift:DescribeClusterSubnetGroups",
	"redshift:DescribeClusterParameterGroups", "redshift:DescribeTags", "cloudtrail:LookupEvents", "cloudtrail:ListTrails", "dynamodb:ListTables", "kinesis:ListStreams", "firehose:ListDeliveryStreams",
}

func starResource(j *judge, r *Resource, d document, s iam.Statement, name string) {
	if !slices.ContainsFunc(s.Resources, everything) || slices.ContainsFunc(s.Conditions, byTag) {
		return
	}
	for _, action := range s.Actions {
		if strings.Trim(action, "*?:") == "" {
			continue // iam-no-admin
		}
		if !slices.ContainsFunc(withoutResource, func(w string) bool { return iam.CoversAction(w, action) }) {
			j.refuse(r, d.at.path, "%s allows %s on everything", name, action)
			return
		}
	}
}

// byTag tells whether a condition names resources by a tag that they have, or get when they are made: where AWS chooses a
// resource's id, its ARN cannot be named.
func byTag(c iam.Condition) bool {
	key := strings.ToLower(c.Key)
	return requires(c) && (strings.HasPrefix(key, "aws:resourcetag/") || strings.HasPrefix(key, "aws:requesttag/")) &&
		!slices.ContainsFunc(c.Values, func(v string) bool { return strings.Trim(v, "*?") == "" })
}

// everything tells whether a resource pattern means all there is: "*", or an ARN that names nothing.
func everything(resource string) bool {
	a := parseARN(resource)
	if a.Service == "" { // a wildcard may also stand for the colons: "arn:aws:s3:*"
		return strings.Trim(resource, "*?") == "" || strings.HasPrefix(resource, "arn:") && strings.HasSuffix(resource, "*")
	}
	return strings.Trim(a.Service, "*?") == "" || strings.Trim(a.Resource, "*?/:") == ""
}

func noExceptions(j *judge, r *Resource) {
	j.eachDocument(r, func(d document) {
		for i, s := range d.policy.Statements {
			switch {
			case s.Deny:
			case s.NotActions != nil:
				j.refuse(r, d.at.path, "%s allows all actions but some", statementName(s, i))
			case s.NotResources != nil:
				j.refuse(r, d.at.path, "%s allows all resources but some", statementName(s, i))
			case s.NotPrincipal != nil:
				j.refuse(r, d.at.path, "%s allows everybody but some", statementName(s, i))
			}
		}
	})
}

func passRole(j *judge, r *Resource, d document, s iam.Statement, name string) {
	// A pattern that means every action is the business of iam-no-admin.
	passes := slices.ContainsFunc(s.Actions, func(a string) bool { return strings.Trim(a, "*?:") != "" && iam.CoversAction(a, "iam:PassRole") })
	if !passes {
		return
	}
	for _, resource := range s.Resources {
		role := parseARN(resource).Resource
		if _, after, ok := strings.Cut(role, "role/"); !ok || strings.Trim(after, "*?/") == "" {
			j.refuse(r, d.at.path, "%s hands on any role", name)
			return
		}
	}
	if !limited(s, "iam:passedtoservice") {
		j.refuse(r, d.at.path, "%s hands roles on to any service", name)
	}
}

// withoutSource are services that do not say on whose behalf they take a role: it is that of the machine or function itself.
var withoutSource = []string{"ec2.amazonaws.com", "lambda.amazonaws.com", "edgelambda.amazonaws.com"}

func trustConditioned(j *judge, r *Resource) {
	j.withDocument(r, "assumeRolePolicy", func(d document) {
		for i, s := range d.policy.Statements {
			switch {
			case s.Deny || s.Principal == nil:
				continue
			case anyone(s) && !limited(s, callerKeys...):
				j.refuse(r, "assumeRolePolicy", "%s lets everybody take the role", statementName(s, i))
				continue
			case len(s.Principal.Services) == 0:
				continue
			}
			known := !slices.ContainsFunc(s.Principal.Services, func(p string) bool { return !slices.Contains(withoutSource, p) })
			if !known && !limited(s, "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths") && !forDatabaseUsers(s) {
				j.refuse(r, "assumeRolePolicy", "%s lets %s take the role for anybody", statementName(s, i), strings.Join(s.Principal.Services, ", "))
			}
		}
	})
}

// forDatabaseUsers tells that the statement lets in Redshift alone, for users of named warehouses: Redshift says for whom it
// acts in the external id ("Restricting access to IAM roles", Redshift Management Guide).
func forDatabaseUsers(s iam.Statement) bool {
	redshift := []string{"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}
	return !slices.ContainsFunc(s.Principal.Services, func(p string) bool { return !slices.Contains(redshift, p) }) && limited(s, "sts:externalid")
}

// vagueSubject is the beginning of a subject that names kinds and no organization.
var vagueSubject = regexp.MustCompile(`^((repo|project_path|project|organization|org|pulumi|deploy|user|sub):?)*$|^repo:[^/]*$`)

func oidcClaims(j *judge, r *Resource) {
	j.withDocument(r, "assumeRolePolicy", func(d document) {
		for i, s := range d.policy.Statements {
			if s.Deny || s.Principal == nil || len(s.Principal.Federated) == 0 || !allowsAction(s, "sts:AssumeRoleWithWebIdentity") {
				continue
			}
			audience, subject := false, false
			for _, c := range s.Conditions {
				key := strings.ToLower(c.Key)
				switch {
				case !requires(c):
				case strings.HasSuffix(key, ":aud"):
					audience = audience || !slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") })
				case strings.HasSuffix(key, ":sub"):
					subject = subject || !slices.ContainsFunc(c.Values, func(v string) bool {
						before, _, wild := strings.Cut(strings.ReplaceAll(v, "?", "*"), "*")
						return wild && vagueSubject.MatchString(before)
					})
				}
			}
			if !audience {
				j.refuse(r, "assumeRolePolicy", "%s takes tokens for any audience", statementName(s, i))
			}
			if !subject {
				j.refuse(r, "assumeRolePolicy", "%s takes tokens of any subject, or of any organization", statementName(s, i))
			}
		}
	})
}
