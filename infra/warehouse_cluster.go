package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshift"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// snapshotDays is how long a cluster's automatic snapshots are kept.
const snapshotDays = 14

func newCluster(
	ctx *pulumi.Context, name string, args *WarehouseArgs, child pulumi.ResourceOption,
) (*connection, error) {
	n := args.Names
	key := args.KeyARN.ToStringOutput().ToStringPtrOutput()
	subnets, err := redshift.NewSubnetGroup(ctx, name, &redshift.SubnetGroupArgs{
		Name:        pulumi.String(n.warehouse()),
		Description: pulumi.String("Subnets of the airline warehouse"),
		SubnetIds:   args.Network.SubnetIDs,
	}, child)
	if err != nil {
		return nil, err
	}
	parameters, err := redshift.NewParameterGroup(ctx, name, &redshift.ParameterGroupArgs{
		Name:        pulumi.String(n.warehouse()),
		Description: pulumi.String("Parameters of the airline warehouse"),
		Family:      pulumi.String("redshift-1.0"),
		Parameters: redshift.ParameterGroupParameterArray{
			&redshift.ParameterGroupParameterArgs{Name: pulumi.String("enable_user_activity_logging"), Value: pulumi.String("true")},
			&redshift.ParameterGroupParameterArgs{Name: pulumi.String("require_ssl"), Value: pulumi.String("true")},
		},
	}, child)
	if err != nil {
		return nil, err
	}
	kind := "single-node"
	if args.Config.Nodes > 1 {
		kind = "multi-node"
	}
	cluster, err := redshift.NewCluster(ctx, name, &redshift.ClusterArgs{
		ClusterIdentifier:                 pulumi.String(n.warehouse()),
		ClusterType:                       pulumi.String(kind),
		NodeType:                          pulumi.String(args.Config.NodeType),
		NumberOfNodes:                     pulumi.Int(args.Config.Nodes),
		DatabaseName:                      pulumi.String(args.Config.Database),
		MasterUsername:                    pulumi.String(adminUser),
		ManageMasterPassword:              pulumi.Bool(true),
		MasterPasswordSecretKmsKeyId:      key,
		Encrypted:                         pulumi.Bool(true),
		KmsKeyId:                          key,
		IamRoles:                          pulumi.StringArray{args.Copy.ARN},
		ClusterSubnetGroupName:            subnets.Name.ToStringPtrOutput(),
		ClusterParameterGroupName:         parameters.Name.ToStringPtrOutput(),
		VpcSecurityGroupIds:               pulumi.StringArray{args.Network.SecurityGroupID},
		EnhancedVpcRouting:                pulumi.Bool(true),
		PubliclyAccessible:                pulumi.Bool(false),
		AvailabilityZoneRelocationEnabled: pulumi.Bool(true),
		AllowVersionUpgrade:               pulumi.Bool(true),
		PreferredMaintenanceWindow:        pulumi.String(args.Config.MaintenanceWindow),
		AutomatedSnapshotRetentionPeriod:  pulumi.Int(snapshotDays),
		SkipFinalSnapshot:                 pulumi.Bool(!args.Protect),
		FinalSnapshotIdentifier:           pulumi.String(n.Name("final")),
	}, append(keepData(args.Protect), child, pulumi.DependsOn([]pulumi.Resource{args.Copy.Ready}))...)
	if err != nil {
		return nil, err
	}
	if _, err := redshift.NewLogging(ctx, name, &redshift.LoggingArgs{
		ClusterIdentifier:  cluster.ClusterIdentifier,
		LogDestinationType: pulumi.String("cloudwatch"),
		LogExports:         pulumi.ToStringArray([]string{"connectionlog", "useractivitylog", "userlog"}),
	}, child); err != nil {
		return nil, err
	}
	return &connection{
		cluster: cluster.ClusterIdentifier.ToStringPtrOutput(),
		secret:  cluster.MasterPasswordSecretArn.ToStringPtrOutput(),
		holder:  cluster.ClusterNamespaceArn,
	}, nil
}
