package infra

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	awsx "github.com/pulumi/pulumi-awsx/sdk/v2/go/awsx/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Network is where Redshift lives: subnets without a way to the internet, and a security group without a way in.
// The pipeline reaches Redshift through the Data API, and Redshift reaches S3 through a gateway endpoint.
type Network struct {
	pulumi.ResourceState

	VpcID           pulumi.StringOutput
	SubnetIDs       pulumi.StringArrayOutput
	SecurityGroupID pulumi.StringOutput
}

// NetworkArgs describe the network.
type NetworkArgs struct {
	Names  Names
	Config NetworkConfig
	Logs   *Bucket // gets the flow logs of a created VPC
	Tags   map[string]string
	// Keep leaves the network when the stack goes: a cluster that is kept lives in it.
	Keep bool
}

// NewNetwork makes a VPC, or takes the given subnets.
func NewNetwork(ctx *pulumi.Context, name string, args *NetworkArgs, opts ...pulumi.ResourceOption) (*Network, error) {
	c := &Network{}
	// Children take it from the component, those that the awsx plugin makes, too.
	child, err := register(ctx, "Network", name, c, append(opts[:len(opts):len(opts)], pulumi.RetainOnDelete(args.Keep)))
	if err != nil {
		return nil, err
	}
	// Redshift opens connections to S3 only.
	way := &vpc.SecurityGroupEgressRuleArgs{
		IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(443), ToPort: pulumi.Int(443),
	}
	if args.Config.Create {
		endpoint, err := c.create(ctx, name, args, child)
		if err != nil {
			return nil, err
		}
		way.PrefixListId = endpoint.PrefixListId.ToStringPtrOutput()
	} else {
		if err := args.checkSubnets(ctx, pulumi.Parent(c)); err != nil {
			return nil, err
		}
		c.VpcID = pulumi.String(args.Config.VpcID).ToStringOutput()
		c.SubnetIDs = pulumi.ToStringArray(args.Config.SubnetIDs).ToStringArrayOutput()
		service := args.Names.s3Service()
		addresses, err := ec2.LookupManagedPrefixList(ctx, &ec2.LookupManagedPrefixListArgs{Name: &service}, pulumi.Parent(c))
		if err != nil {
			return nil, fmt.Errorf("looking up the addresses of S3: %w", err)
		}
		way.PrefixListId = pulumi.String(addresses.Id)
	}
	group, err := ec2.NewSecurityGroup(ctx, name, &ec2.SecurityGroupArgs{
		Name:        pulumi.String(args.Names.Name("warehouse")),
		Description: pulumi.String("Redshift of the airline pipeline: nothing in, S3 out"),
		VpcId:       c.VpcID.ToStringPtrOutput(),
	}, child)
	if err != nil {
		return nil, err
	}
	way.SecurityGroupId = group.ID()
	if _, err := vpc.NewSecurityGroupEgressRule(ctx, name, way, child); err != nil {
		return nil, err
	}
	if err := args.admit(ctx, name, group, child); err != nil {
		return nil, err
	}
	c.SecurityGroupID = group.ID().ToStringOutput()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"vpcId": c.VpcID, "subnetIds": c.SubnetIDs})
}

// create makes a VPC with isolated subnets in three zones, its flow log and the S3 endpoint.
func (c *Network) create(
	ctx *pulumi.Context, name string, args *NetworkArgs, child pulumi.ResourceOption,
) (*ec2.VpcEndpoint, error) {
	zones, err := args.Names.zones(ctx, pulumi.Parent(c))
	if err != nil {
		return nil, err
	}
	specs := []awsx.SubnetSpecArgs{{Type: awsx.SubnetTypeIsolated, Name: pulumi.StringRef("isolated")}}
	if len(zones) < subnets {
		// Redshift Serverless wants three subnets where there are two zones, too.
		specs = append(specs, awsx.SubnetSpecArgs{Type: awsx.SubnetTypeIsolated, Name: pulumi.StringRef("isolated-more")})
	}
	auto := awsx.SubnetAllocationStrategyAuto
	created, err := awsx.NewVpc(ctx, name, &awsx.VpcArgs{
		CidrBlock:             &args.Config.CIDR,
		AvailabilityZoneNames: zones,
		NatGateways:           &awsx.NatGatewayConfigurationArgs{Strategy: awsx.NatGatewayStrategyNone},
		SubnetStrategy:        &auto,
		SubnetSpecs:           specs,
		EnableDnsHostnames:    pulumi.Bool(true),
		EnableDnsSupport:      pulumi.Bool(true),
		Tags:                  pulumi.ToStringMap(args.Tags),
	}, child)
	if err != nil {
		return nil, err
	}
	c.VpcID, c.SubnetIDs = created.VpcId, created.IsolatedSubnetIds
	vpcID := created.VpcId

	if _, err := ec2.NewDefaultSecurityGroup(ctx, name, &ec2.DefaultSecurityGroupArgs{VpcId: vpcID.ToStringPtrOutput()}, child); err != nil {
		return nil, err
	}
	if _, err := ec2.NewFlowLog(ctx, name, &ec2.FlowLogArgs{
		VpcId:              vpcID.ToStringPtrOutput(),
		TrafficType:        pulumi.String("ALL"),
		LogDestinationType: pulumi.String("s3"),
		LogDestination:     pulumi.String(args.Names.flowLogs(args.Logs.Name)),
	}, child, pulumi.DependsOn(args.Logs.Settled)); err != nil {
		return nil, err
	}
	tables := created.RouteTables.ApplyT(func(tables []*ec2.RouteTable) pulumi.StringArrayOutput {
		ids := make(pulumi.StringArray, len(tables))
		for i, t := range tables {
			ids[i] = t.ID().ToStringOutput()
		}
		return ids.ToStringArrayOutput()
	}).(pulumi.StringArrayOutput)
	n := args.Names
	return ec2.NewVpcEndpoint(ctx, name, &ec2.VpcEndpointArgs{
		VpcId:           vpcID,
		ServiceName:     pulumi.String(n.s3Service()),
		VpcEndpointType: pulumi.String("Gateway"),
		RouteTableIds:   tables,
		Policy:          pulumi.String(n.endpointPolicy().JSON()),
	}, child)
}
