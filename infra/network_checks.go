package infra

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/region"
)

// subnets is how many a workgroup needs at least, in as many zones where the region has them.
const subnets = 3

// redshiftPort is where Redshift listens.
const redshiftPort = 5439

// zones are the first availability zones of the region. Local and Wavelength Zones, which an account may have opted into,
// are listed with them and have longer names.
func (n Names) zones(ctx *pulumi.Context, opts ...pulumi.InvokeOption) ([]string, error) {
	all, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{State: pulumi.StringRef("available")}, opts...)
	if err != nil {
		return nil, fmt.Errorf("finding out the zones of %s: %w", n.Region, err)
	}
	form := regexp.MustCompile("^" + regexp.QuoteMeta(n.Region) + "[a-z]$")
	zones := slices.DeleteFunc(slices.Sorted(slices.Values(all.Names)), func(z string) bool { return !form.MatchString(z) })
	if least := region.ZonesForAccount(n.Region); len(zones) < least {
		return nil, fmt.Errorf("region %s has the zones %s for this account, and Redshift needs %d: use another region, or network existing",
			n.Region, strings.Join(zones, ", "), least)
	}
	return zones[:min(subnets, len(zones))], nil
}

// admit lets the given sources open connections to Redshift.
func (args *NetworkArgs) admit(ctx *pulumi.Context, name string, group *ec2.SecurityGroup, child pulumi.ResourceOption) error {
	for _, source := range args.Config.BISources {
		rule := &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: group.ID(), Description: pulumi.String("Tools that ask the airline warehouse"),
			IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(redshiftPort), ToPort: pulumi.Int(redshiftPort),
		}
		switch {
		case strings.HasPrefix(source, "sg-"):
			rule.ReferencedSecurityGroupId = pulumi.String(source)
		case strings.HasPrefix(source, "pl-"):
			rule.PrefixListId = pulumi.String(source)
		case strings.Contains(source, ":"):
			rule.CidrIpv6 = pulumi.String(source)
		default:
			rule.CidrIpv4 = pulumi.String(source)
		}
		if _, err := vpc.NewSecurityGroupIngressRule(ctx, name+"-from-"+strings.ReplaceAll(source, "/", "-"), rule, child); err != nil {
			return err
		}
	}
	return nil
}

// checkSubnets refuses given subnets that Redshift could not live in: of another VPC, in too few zones, or without a way to
// S3. Redshift reaches S3 through the VPC (enhanced VPC routing), and the security group lets it go nowhere else.
func (args *NetworkArgs) checkSubnets(ctx *pulumi.Context, opts ...pulumi.InvokeOption) error {
	n := args.Names
	var problems []string
	zones := map[string]bool{}
	ways := map[string]bool{}
	service := n.s3Service()
	endpoint, err := ec2.LookupVpcEndpoint(ctx, &ec2.LookupVpcEndpointArgs{
		VpcId: &args.Config.VpcID, ServiceName: &service, State: pulumi.StringRef("available"),
		Filters: []ec2.GetVpcEndpointFilter{{Name: "vpc-endpoint-type", Values: []string{"Gateway"}}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("VPC %s has no gateway endpoint of %s (%w): without it COPY reaches no file, make one", args.Config.VpcID, service, err)
	}
	for _, table := range endpoint.RouteTableIds {
		ways[table] = true
	}
	for _, id := range args.Config.SubnetIDs {
		subnet, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id}, opts...)
		if err != nil {
			return fmt.Errorf("subnet %s: %w", id, err)
		}
		if subnet.VpcId != args.Config.VpcID {
			problems = append(problems, fmt.Sprintf("subnet %s is in %s, not in vpcId %s", id, subnet.VpcId, args.Config.VpcID))
			continue
		}
		zones[subnet.AvailabilityZone] = true
		table, err := ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{SubnetId: &id}, opts...)
		if err != nil { // a subnet without a table of its own has the VPC's main one
			table, err = ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{
				VpcId: &args.Config.VpcID, Filters: []ec2.GetRouteTableFilter{{Name: "association.main", Values: []string{"true"}}},
			}, opts...)
		}
		if err != nil {
			return fmt.Errorf("route table of subnet %s: %w", id, err)
		}
		if !ways[table.RouteTableId] {
			problems = append(problems, fmt.Sprintf("subnet %s has the route table %s, which leads to no S3 endpoint: add the table to %s", id, table.RouteTableId, endpoint.Id))
		}
	}
	if least := region.ZonesForAccount(n.Region); len(problems) == 0 && len(zones) < least {
		problems = append(problems, fmt.Sprintf("the subnets are in %d zones, Redshift needs %d", len(zones), least))
	}
	if len(problems) > 0 {
		return fmt.Errorf("subnetIds: %s", strings.Join(problems, "; "))
	}
	return nil
}
