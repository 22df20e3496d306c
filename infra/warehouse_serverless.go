package infra

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshiftserverless"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func newServerless(
	ctx *pulumi.Context, name string, args *WarehouseArgs, child pulumi.ResourceOption,
) (*connection, error) {
	n := args.Names
	key := args.KeyARN.ToStringOutput().ToStringPtrOutput()
	namespace, err := redshiftserverless.NewNamespace(ctx, name, &redshiftserverless.NamespaceArgs{
		NamespaceName:               pulumi.String(n.warehouse()),
		DbName:                      pulumi.String(args.Config.Database),
		AdminUsername:               pulumi.String(adminUser),
		ManageAdminPassword:         pulumi.Bool(true),
		AdminPasswordSecretKmsKeyId: key,
		KmsKeyId:                    key,
		IamRoles:                    pulumi.StringArray{args.Copy.ARN},
		LogExports:                  pulumi.ToStringArray(logExports),
	}, append(keepData(args.Protect), child, args.renewed(), pulumi.DependsOn([]pulumi.Resource{args.Copy.Ready}))...)
	if err != nil {
		return nil, err
	}
	// The parameters are left to AWS, whose defaults require TLS and log users' activity. Those that are written must be all
	// that there are: when AWS adds one, every update tries to take it away, which AWS refuses.
	workgroup, err := redshiftserverless.NewWorkgroup(ctx, name, &redshiftserverless.WorkgroupArgs{
		WorkgroupName:      pulumi.String(n.warehouse()),
		NamespaceName:      namespace.NamespaceName,
		BaseCapacity:       pulumi.Int(args.Config.BaseCapacity),
		MaxCapacity:        pulumi.Int(args.Config.MaxCapacity),
		EnhancedVpcRouting: pulumi.Bool(true),
		PubliclyAccessible: pulumi.Bool(false),
		Port:               pulumi.Int(5439),
		SubnetIds:          args.Network.SubnetIDs,
		SecurityGroupIds:   pulumi.StringArray{args.Network.SecurityGroupID},
	}, child, args.renewed(), pulumi.Protect(args.Protect), args.leaveSnapshot())
	if err != nil {
		return nil, err
	}
	if _, err := redshiftserverless.NewUsageLimit(ctx, name, &redshiftserverless.UsageLimitArgs{
		ResourceArn:  workgroup.Arn,
		UsageType:    pulumi.String("serverless-compute"),
		Period:       pulumi.String("daily"),
		Amount:       pulumi.Int(args.Config.DailyComputeHours),
		BreachAction: pulumi.String("deactivate"),
	}, child); err != nil {
		return nil, err
	}
	return &connection{
		workgroup: workgroup.WorkgroupName.ToStringPtrOutput(),
		secret:    namespace.AdminPasswordSecretArn.ToStringPtrOutput(),
		holder:    namespace.NamespaceId,
		arn:       workgroup.Arn, endpoint: workgroupEndpoint(workgroup),
	}, nil
}

// workgroupEndpoint is where connections to a workgroup are opened, host:port.
func workgroupEndpoint(w *redshiftserverless.Workgroup) pulumi.StringPtrOutput {
	return w.Endpoints.ApplyT(func(all []redshiftserverless.WorkgroupEndpoint) *string {
		for _, e := range all {
			if e.Address != nil && e.Port != nil {
				return pulumi.StringRef(fmt.Sprintf("%s:%d", *e.Address, *e.Port))
			}
		}
		return nil
	}).(pulumi.StringPtrOutput)
}
