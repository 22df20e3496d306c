package rules

import (
	"slices"
	"strings"

	"airline/iam"
)

// warehouseRole is the rule on the roles of warehouses of both kinds.
func warehouseRole() *Rule {
	return &Rule{
		ID: "redshift-role-trust", Title: "A role of a Redshift warehouse can be taken by that warehouse", Level: Mandatory,
		Why: "COPY and UNLOAD fail otherwise, and nothing else does. Redshift sends the ARN of the database user as the external id: of a cluster " +
			"dbuser:CLUSTER/USER, of Redshift Serverless dbuser:serverless-ACCOUNT-WORKGROUPID/USER, where the trust also names two services " +
			"(Redshift Management Guide, \"Restricting access to IAM roles\", \"Granting permissions to Amazon Redshift Serverless\").",
		Fix:   "let redshift.amazonaws.com take the role, and for a namespace redshift-serverless.amazonaws.com, too; a condition on sts:ExternalId has the form of the kind",
		Types: []string{typeRole, typeNamespace, typeWorkgroup, typeCluster},
		stack: warehousesTakeRoles,
		Good: `aws:redshiftserverless/namespace:Namespace dw: {iamRoles: ["arn:aws:iam::111122223333:role/load"]}
aws:iam/role:Role load: {arn: "arn:aws:iam::111122223333:role/load", assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: [redshift.amazonaws.com, redshift-serverless.amazonaws.com]}, Action: "sts:AssumeRole", Condition: {StringLike: {"sts:ExternalId": "arn:aws:redshift:eu-west-1:111122223333:dbuser:serverless-111122223333-*/loader"}}}]}}`,
		Bad: `aws:redshiftserverless/namespace:Namespace dw: {iamRoles: ["arn:aws:iam::111122223333:role/load"]}
aws:redshiftserverless/workgroup:Workgroup dw: {workgroupName: dw, namespaceName: dw}
aws:iam/role:Role load: {arn: "arn:aws:iam::111122223333:role/load", assumeRolePolicy: {Statement: [{Effect: Allow, Principal: {Service: redshift.amazonaws.com}, Action: "sts:AssumeRole", Condition: {StringLike: {"sts:ExternalId": "arn:aws:redshift:eu-west-1:111122223333:dbuser:dw/*"}}}]}}`,
	}
}

func warehousesTakeRoles(j *judge) {
	for _, w := range j.OfType(typeNamespace, typeCluster) {
		roles := w.Get("iamRoles")
		if roles.Unknown() {
			j.unsure(w, "iamRoles", "its roles are not known before they are created")
		}
		for _, v := range append(roles.Items(), w.Get("defaultIamRoleArn")) {
			found, sure := j.Targets(w, v, typeRole)
			if sure == CannotTell {
				j.unsure(w, v.path, "the role is not known before it is created")
			}
			for _, role := range found {
				j.withDocument(role, "assumeRolePolicy", func(d document) {
					for _, service := range warehouseServices(w) {
						j.answer(j.takenBy(d.policy, service, w), role, "assumeRolePolicy", "%s cannot take the role for a user of %s", service, w.Title())
					}
				})
			}
		}
	}
}

// warehouseServices are those that a role of the warehouse must let in.
func warehouseServices(w *Resource) []string {
	if w.Type == typeNamespace {
		return []string{"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}
	}
	return []string{"redshift.amazonaws.com"}
}

// takenBy tells whether the trust lets the service in for some user of the warehouse.
func (j *judge) takenBy(trust *iam.Policy, service string, w *Resource) Truth {
	answer := No
	for _, s := range trust.Statements {
		if s.Deny || s.Principal == nil || !slices.Contains(s.Principal.Services, service) || !allowsAction(s, "sts:AssumeRole") {
			continue
		}
		admitted := Yes
		for _, c := range s.Conditions {
			if !strings.EqualFold(c.Key, "sts:ExternalId") || !requires(c) {
				continue
			}
			one := No
			for _, id := range c.Values {
				one = max(one, j.userOf(w, id, strings.HasSuffix(strings.ToLower(c.Operator), "like")))
			}
			admitted = min(admitted, one)
		}
		answer = max(answer, admitted)
	}
	return answer
}

// userOf tells whether an external id, a pattern where wildcards count, may be that of a user of the warehouse.
func (j *judge) userOf(w *Resource, id string, wildcards bool) Truth {
	if !wildcards && strings.ContainsAny(id, "*?") {
		return No
	}
	_, rest, ok := strings.Cut(id, ":dbuser:")
	if !ok {
		return truth(wildcards && strings.HasSuffix(id, "*") && strings.HasPrefix("arn:aws:redshift:", strings.TrimRight(id, "*")))
	}
	warehouse, _, _ := strings.Cut(rest, "/")
	if w.Type == typeCluster {
		name := w.given("clusterIdentifier")
		if name.Text() == "" {
			return CannotTell
		}
		return truth(iam.Like(warehouse, name.Text()))
	}
	account := j.Account
	if account == "" {
		account = parseARN(id).Account
	}
	prefix := "serverless-" + account + "-"
	answer, named := No, false
	for _, g := range j.OfType(typeWorkgroup) {
		if workgroup := g.given("workgroupId").Text(); workgroup != "" {
			named = true
			answer = max(answer, truth(iam.Like(warehouse, prefix+workgroup)))
		}
	}
	if named {
		return answer
	}
	literal, _, wild := strings.Cut(warehouse, "*")
	switch {
	case wild:
		return truth(strings.HasPrefix(prefix, literal) || strings.HasPrefix(literal, prefix))
	case strings.HasPrefix(warehouse, prefix):
		return CannotTell
	}
	return No
}
