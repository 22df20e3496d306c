package infra

import "strings"

// deployerThing names the role that Pulumi Deployments takes to deploy the stack.
const deployerThing = "deployer"

// previewerThing names the role that previews take.
const previewerThing = "previewer"

// pulumiTokens is who issues the tokens of Pulumi Deployments; IAM knows it as an OpenID Connect provider, of which an
// account has one.
const pulumiTokens = "api.pulumi.com/oidc"

// buildDeployer makes the role, when an organization is configured. Who deploys the stack for the first time must have
// rights of their own.
func (s *stack) buildDeployer() error {
	organization := s.config.DeployerOrganization
	if organization == "" {
		return nil
	}
	role, err := s.role(deployerThing, "Deploys this stack for Pulumi Deployments",
		s.names.deployerTrust(organization), s.names.DeploymentPolicy())
	if err != nil {
		return err
	}
	s.ctx.Export("deployerRoleArn", role.ARN)
	looks, err := s.role(previewerThing, "Previews this stack for Pulumi Deployments: reads, and changes nothing",
		s.names.previewerTrust(organization), s.names.previewerPolicy())
	if err != nil {
		return err
	}
	s.ctx.Export("previewerRoleArn", looks.ARN)
	return nil
}

// deployerTrust lets deployments of this stack, and of no other, take the role, but not previews: a pull request's preview runs
// the pull request's code. The audience is the organization, the subject names organization, project, stack and operation
// (Pulumi Deployments, "Configuring OpenID Connect").
func (n Names) deployerTrust(organization string) Policy {
	return n.deploymentTrust(organization, Conditions{
		"StringLike":    {pulumiTokens + ":sub": {n.deploymentSubject(organization, "*")}},
		"StringNotLike": {pulumiTokens + ":sub": {n.deploymentSubject(organization, "operation:preview:*")}},
	})
}

// previewerTrust lets previews of this stack take the role.
func (n Names) previewerTrust(organization string) Policy {
	return n.deploymentTrust(organization, Conditions{
		"StringLike": {pulumiTokens + ":sub": {n.deploymentSubject(organization, "operation:preview:*")}},
	})
}

// deploymentSubject is what a token of a deployment says it is for; what follows the stack is a pattern.
func (n Names) deploymentSubject(organization, operation string) string {
	return "pulumi:deploy:org:" + organization + ":project:" + n.Project + ":stack:" + n.Stack + ":" + operation
}

func (n Names) deploymentTrust(organization string, subject Conditions) Policy {
	return Policy{Statements: []Statement{{
		Sid:        "DeploymentsAssumeRole",
		Principals: map[string][]string{"Federated": {"arn:" + n.Partition + ":iam::" + n.Account + ":oidc-provider/" + pulumiTokens}},
		Actions:    []string{"sts:AssumeRoleWithWebIdentity"},
		Conditions: subject.with(Conditions{"StringEquals": {pulumiTokens + ":aud": {"aws:" + organization}}}),
	}}}
}

// DeploymentPolicy is everything that deploying (`pulumi up`) the stack takes, whatever its configuration: a deployment may change it.
func (n Names) DeploymentPolicy() Policy {
	p := Policy{}
	for _, d := range n.deployments() {
		p.Statements = append(p.Statements, d.statements...)
	}
	return p
}

// reads are how the names of actions begin that change nothing.
var reads = []string{"Get", "List", "Describe"}

// previewerPolicy is what of the deployer's rights only looks at the stack's resources: enough for a preview and for a
// comparison with what is there. It opens no secret and gives no credentials.
func (n Names) previewerPolicy() Policy {
	p := Policy{}
	for _, s := range n.DeploymentPolicy().Statements {
		if s.Deny {
			continue
		}
		var actions []string
		for _, action := range s.Actions {
			actions = append(actions, reading(action)...)
		}
		if s.Actions = actions; len(actions) > 0 {
			p.Statements = append(p.Statements, s)
		}
	}
	return p
}

// reading are the actions among those of a pattern that only look: "sqs:*Queue*" has sqs:Get*Queue*, sqs:List*Queue* and
// sqs:Describe*Queue*.
func reading(action string) []string {
	service, name, _ := strings.Cut(action, ":")
	var out []string
	for _, verb := range reads {
		switch {
		case service == "secretsmanager", service == "redshift" && verb != "Describe": // a secret's value, credentials of the database
		case strings.HasPrefix(name, "*"):
			out = append(out, service+":"+verb+name)
		case strings.HasPrefix(name, verb):
			out = append(out, action)
		}
	}
	return out
}
