package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Role is an IAM role with one inline policy.
type Role struct {
	pulumi.ResourceState

	ARN pulumi.StringOutput
	// Ready is the attached policy. What uses the role as soon as it is created depends on it.
	Ready pulumi.Resource
}

// RoleArgs describe a role.
type RoleArgs struct {
	Names       Names
	Thing       string
	Description string
	Trust       Policy
	Policy      Policy
	// After are what the role could make again: they are made before it has its rights, and go after it has lost them.
	After []pulumi.Resource
}

// NewRole makes the role and its policy.
func NewRole(ctx *pulumi.Context, name string, args *RoleArgs, opts ...pulumi.ResourceOption) (*Role, error) {
	r := &Role{}
	child, err := register(ctx, "Role", name, r, opts)
	if err != nil {
		return nil, err
	}
	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Name:             pulumi.String(args.Names.roleName(args.Thing)),
		Description:      pulumi.String(args.Description),
		AssumeRolePolicy: pulumi.String(args.Trust.JSON()),
		Path:             optional(args.Names.Given.RolePath, "/"),

		PermissionsBoundary: optional(args.Names.Given.PermissionsBoundary, ""),
	}, child)
	if err != nil {
		return nil, err
	}
	r.Ready, err = iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Name:   pulumi.String(args.Thing),
		Role:   role.Name,
		Policy: pulumi.String(args.Policy.JSON()),
	}, child, pulumi.DependsOn(args.After))
	if err != nil {
		return nil, err
	}
	r.ARN = role.Arn
	return r, ctx.RegisterResourceOutputs(r, pulumi.Map{"arn": r.ARN})
}
