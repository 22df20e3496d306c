package infra

import (
	"crypto/sha256"
	"fmt"

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
	}, keepPart(args.Protect, child), args.renewed())
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
	}, keepPart(args.Protect, child))
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
		SkipFinalSnapshot:                 pulumi.Bool(!args.Config.FinalSnapshot),
		FinalSnapshotIdentifier:           args.finalSnapshot(),
	}, append(keepData(args.Protect), child, args.renewed(), pulumi.DependsOn([]pulumi.Resource{args.Copy.Ready}))...)
	if err != nil {
		return nil, err
	}
	if _, err := redshift.NewLogging(ctx, name, &redshift.LoggingArgs{
		ClusterIdentifier:  cluster.ClusterIdentifier,
		LogDestinationType: pulumi.String("cloudwatch"),
		LogExports:         pulumi.ToStringArray(logExports),
	}, keepPart(args.Protect, child), pulumi.DependsOn(args.Logs)); err != nil {
		return nil, err
	}
	return &connection{
		cluster: cluster.ClusterIdentifier.ToStringPtrOutput(),
		secret:  cluster.MasterPasswordSecretArn.ToStringPtrOutput(),
		holder:  cluster.ClusterNamespaceArn,
		arn:     cluster.Arn, endpoint: cluster.Endpoint.ToStringPtrOutput(),
	}, nil
}

// finalSnapshot is the name of the snapshot that a cluster leaves when it goes. It is new with every cluster, because AWS
// refuses a name that an earlier one has left: it has what a new cluster has new, its security group's id, and what replaces
// one, the setting renewal among it.
func (args *WarehouseArgs) finalSnapshot() pulumi.StringPtrOutput {
	return pulumi.All(args.Network.SecurityGroupID, args.KeyARN).ApplyT(func(of []any) *string {
		sum := sha256.Sum256([]byte(fmt.Sprint(of, args.Config.Database, args.Names.warehouse(), args.Config.Renewal)))
		name := fmt.Sprintf("%s-%.5x", args.Names.Name("final"), sum[:])
		return &name
	}).(pulumi.StringPtrOutput)
}
