package infra

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"airline/iam"
)

// The deployer may make every type of resource that any configuration of the stack has, and none that no stack has.
func TestDeployerCoversTheStack(t *testing.T) {
	used := map[string]bool{}
	for name := range variants {
		for _, r := range record(t, name, false).Resources {
			if !r.Component && !strings.HasPrefix(r.Type, "pulumi:") {
				used[r.Type] = true
			}
		}
	}
	covered := map[string]bool{}
	for _, d := range testNames.deployments() {
		for _, token := range d.types {
			if covered[token] {
				t.Errorf("%s is listed twice", token)
			}
			covered[token] = true
		}
	}
	for _, token := range slices.Sorted(maps.Keys(used)) {
		if !covered[token] {
			t.Errorf("the stack has resources of type %s, and nothing says what deploying them takes", token)
		}
	}
	for _, token := range slices.Sorted(maps.Keys(covered)) {
		if !used[token] {
			t.Errorf("the deployer may make resources of type %s, which no stack has", token)
		}
	}
}

// All inline policies of a role together hold at most 10,240 characters (IAM quotas); the longest stack name must fit.
func TestDeployerPolicyFits(t *testing.T) {
	n := testNames
	n.Stack, n.Partition, n.Region = "abcdefghijklmnop", "aws-us-gov", "ap-northeast-1"
	n.Given.PermissionsBoundary = "arn:aws-us-gov:iam::123456789012:policy/" + strings.Repeat("b", 128)
	if size := len(n.DeploymentPolicy().JSON()); size > 10_240 {
		t.Errorf("the policy has %d characters, at most 10240 are allowed", size)
	} else {
		t.Logf("%d characters", size)
	}
}

func TestDeployerIsOptionalAndTakenByItsOwnStackOnly(t *testing.T) {
	for name := range variants {
		g := record(t, name, false)
		found := 0
		for _, r := range g.OfType("aws:iam/role:Role") {
			if r.Name != deployerThing {
				continue
			}
			found++
			s := parsePolicy(t, r.String("assumeRolePolicy")).Statement[0]
			if got := s.Condition["StringEquals"]["api.pulumi.com/oidc:aud"]; !slices.Equal(got, []string{"aws:example"}) {
				t.Errorf("%s: the audience is %v", name, got)
			}
			want := []string{"pulumi:deploy:org:example:project:airline:stack:" + g.Stack + ":*"}
			if got := s.Condition["StringLike"]["api.pulumi.com/oidc:sub"]; !slices.Equal(got, want) {
				t.Errorf("%s: the subject is %v, want %v", name, got, want)
			}
			// A preview runs a pull request's own code.
			preview := []string{"pulumi:deploy:org:example:project:airline:stack:" + g.Stack + ":operation:preview:*"}
			if got := s.Condition["StringNotLike"]["api.pulumi.com/oidc:sub"]; !slices.Equal(got, preview) {
				t.Errorf("%s: the subject is not %v, want %v", name, got, preview)
			}
			if got := s.Principal["Federated"]; !slices.Equal(got, []string{"arn:aws:iam::" + g.Account + ":oidc-provider/api.pulumi.com/oidc"}) {
				t.Errorf("%s: the principal is %v", name, got)
			}
			if g.Outputs["deployerRoleArn"] != r.String("arn") {
				t.Errorf("%s: the output deployerRoleArn is %v", name, g.Outputs["deployerRoleArn"])
			}
		}
		if want := map[bool]int{true: 1}[g.Config["airline:deployerOrganization"] != ""]; found != want {
			t.Errorf("%s: %d deployer roles, want %d", name, found, want)
		}
	}
}

// Whoever may write roles could give rights to themselves.
func TestDeployerCannotWidenItsOwnRights(t *testing.T) {
	for _, s := range testNames.DeploymentPolicy().Statements {
		if s.Deny && slices.Contains(s.Actions, "iam:PutRolePolicy") && slices.Contains(s.Resources, testNames.RoleARN(deployerThing)) {
			return
		}
	}
	t.Error("no statement keeps the deployer from changing its own policy")
}

// The stack's tag gives rights: put on another stack's warehouse or network it would take them over. What is the stack's
// already may be tagged again.
func TestDeployerTagsNothingThatIsAnothers(t *testing.T) {
	found := 0
	for _, s := range testNames.DeploymentPolicy().Statements {
		for _, action := range []string{"ec2:CreateTags", "redshift-serverless:TagResource"} {
			if !slices.Contains(s.Actions, action) {
				continue
			}
			found++
			own := slices.Equal(s.Conditions["StringEquals"]["aws:ResourceTag/stack"], []string{"airline-dev"})
			fresh := slices.Equal(s.Conditions["Null"]["aws:ResourceTag/stack"], []string{"true"})
			if !own && !fresh {
				t.Errorf("statement %s lets the deployer tag what is another stack's: %v", s.Sid, s.Conditions)
			}
		}
	}
	if found == 0 {
		t.Error("the deployer tags nothing it makes")
	}
}

// The role of previews is taken by previews only, and reads: no action of it writes, opens a secret or gives credentials.
func TestPreviewerOnlyReads(t *testing.T) {
	g := record(t, "deployer", false)
	for _, r := range g.OfType("aws:iam/role:Role") {
		if r.Name != previewerThing {
			continue
		}
		s := parsePolicy(t, r.String("assumeRolePolicy")).Statement[0]
		want := []string{"pulumi:deploy:org:example:project:airline:stack:prod:operation:preview:*"}
		if got := s.Condition["StringLike"]["api.pulumi.com/oidc:sub"]; !slices.Equal(got, want) {
			t.Errorf("the subject is %v, want %v", got, want)
		}
		if g.Outputs["previewerRoleArn"] != r.String("arn") {
			t.Errorf("the output previewerRoleArn is %v", g.Outputs["previewerRoleArn"])
		}
	}
	policy := testNames.previewerPolicy()
	services := map[string]bool{}
	for _, s := range policy.Statements {
		for _, action := range s.Actions {
			service, name, _ := strings.Cut(action, ":")
			services[service] = true
			reads := strings.HasPrefix(name, "Get") || strings.HasPrefix(name, "List") || strings.HasPrefix(name, "Describe")
			if !reads || service == "secretsmanager" || service == "redshift" && !strings.HasPrefix(name, "Describe") {
				t.Errorf("statement %s allows %s", s.Sid, action)
			}
		}
	}
	for _, service := range []string{"s3", "kms", "iam", "events", "logs", "cloudwatch", "sqs", "sns", "states", "glue", "redshift", "redshift-serverless", "ec2"} {
		if !services[service] {
			t.Errorf("a preview may look at nothing of %s", service)
		}
	}
	if size := len(policy.JSON()); size > 10_240 {
		t.Errorf("the policy has %d characters, at most 10240 are allowed", size)
	}
}

// With a boundary the deployer gives rights to roles within it only, and takes it off none.
func TestDeployerKeepsTheBoundary(t *testing.T) {
	n := testNames
	n.Given.PermissionsBoundary = "arn:aws:iam::123456789012:policy/boundary"
	found := 0
	for _, s := range n.DeploymentPolicy().Statements {
		for _, action := range s.Actions {
			if s.Deny {
				continue
			}
			switch action {
			case "iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary":
				found++
				if got := s.Conditions["StringEquals"]["iam:PermissionsBoundary"]; !slices.Equal(got, []string{n.Given.PermissionsBoundary}) {
					t.Errorf("%s is allowed where the boundary is %v", action, got)
				}
			case "iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy", "iam:*":
				t.Errorf("%s is allowed", action)
			}
		}
	}
	if found != 4 {
		t.Errorf("%d actions that give rights, want 4", found)
	}
}

// What somebody else keeps the deployer neither changes nor deletes.
func TestDeployerLeavesWhatIsGiven(t *testing.T) {
	n := testNames
	n.Given = Given{TopicARN: "arn:aws:sns:eu-west-1:123456789012:alerts", GlueDatabase: "lake", Cluster: "shared"}
	given := []string{n.Given.TopicARN, n.ARN("glue", "database/lake"), n.ARN("redshift", "cluster:shared")}
	found := map[string]bool{}
	for _, s := range n.DeploymentPolicy().Statements {
		for _, resource := range s.Resources {
			if s.Deny || !slices.Contains(given, resource) {
				continue
			}
			found[resource] = true
			for _, destroys := range []string{"sns:DeleteTopic", "sns:SetTopicAttributes", "glue:DeleteDatabase", "glue:UpdateDatabase", "redshift:DeleteCluster", "redshift:ModifyCluster"} {
				if slices.ContainsFunc(s.Actions, func(a string) bool { return iam.CoversAction(a, destroys) }) {
					t.Errorf("%s allows %s on %s", s.Sid, destroys, resource)
				}
			}
		}
	}
	if len(found) != len(given) {
		t.Errorf("the deployer knows %v of %v", found, given)
	}
}

// awsx makes an internet gateway with every VPC, also where no subnet leads to it; the recorder does not know it.
func TestDeployerMakesWhatAwsxMakes(t *testing.T) {
	allowed := map[string]bool{}
	for _, s := range testNames.DeploymentPolicy().Statements {
		for _, a := range s.Actions {
			allowed[a] = allowed[a] || !s.Deny
		}
	}
	for _, verb := range []string{"Create%s", "Attach%s", "Detach%s", "Delete%s", "Describe%ss"} {
		if a := "ec2:" + strings.ReplaceAll(verb, "%s", "InternetGateway"); !allowed[a] {
			t.Errorf("the deployer may not do %s", a)
		}
	}
}
