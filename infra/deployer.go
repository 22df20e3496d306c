package infra

// deployerThing names the role that Pulumi Deployments takes to deploy the stack.
const deployerThing = "deployer"

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
		s.names.deployerTrust(organization), s.names.deployerPolicy())
	if err != nil {
		return err
	}
	s.ctx.Export("deployerRoleArn", role.ARN)
	return nil
}

// deployerTrust lets deployments of this stack, and of no other, take the role: the audience is the organization, the
// subject names organization, project and stack.
func (n Names) deployerTrust(organization string) Policy {
	return Policy{Statements: []Statement{{
		Sid:        "DeploymentsAssumeRole",
		Principals: map[string][]string{"Federated": {"arn:" + n.Partition + ":iam::" + n.Account + ":oidc-provider/" + pulumiTokens}},
		Actions:    []string{"sts:AssumeRoleWithWebIdentity"},
		Conditions: Conditions{
			"StringEquals": {pulumiTokens + ":aud": {"aws:" + organization}},
			"StringLike": {pulumiTokens + ":sub": {
				"pulumi:deploy:org:" + organization + ":project:" + n.Project + ":stack:" + n.Stack + ":*",
			}},
		},
	}}}
}

// deployerPolicy is everything that deploying the stack takes, whatever its configuration: a deployment may change it.
func (n Names) deployerPolicy() Policy {
	p := Policy{}
	for _, d := range n.deployments() {
		p.Statements = append(p.Statements, d.statements...)
	}
	return p
}
