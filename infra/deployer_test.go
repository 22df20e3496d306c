package infra

import (
	"maps"
	"slices"
	"strings"
	"testing"
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
	if size := len(n.deployerPolicy().JSON()); size > 10_240 {
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
	for _, s := range testNames.deployerPolicy().Statements {
		if s.Deny && slices.Contains(s.Actions, "iam:PutRolePolicy") && slices.Equal(s.Resources, []string{testNames.RoleARN(deployerThing)}) {
			return
		}
	}
	t.Error("no statement keeps the deployer from changing its own policy")
}

// The stack's tag gives rights: put on another stack's warehouse or network it would take them over. What is the stack's
// already may be tagged again.
func TestDeployerTagsNothingThatIsAnothers(t *testing.T) {
	found := 0
	for _, s := range testNames.deployerPolicy().Statements {
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
