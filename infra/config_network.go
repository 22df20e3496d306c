package infra

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// NetworkConfig says where Redshift lives: in a VPC of its own (CIDR), or in given subnets.
type NetworkConfig struct {
	Create    bool
	CIDR      string
	VpcID     string
	SubnetIDs []string
	// BISources may open connections to Redshift: address ranges, security groups, prefix lists.
	BISources []string
}

func (r *reader) network() NetworkConfig {
	n := NetworkConfig{
		Create:    r.oneOf("network", "create", "existing") == "create",
		CIDR:      r.text("vpcCidr"),
		VpcID:     r.text("vpcId"),
		BISources: r.list("biSources", isSource, "use a range of addresses such as 10.1.0.0/16 but not all, or the id of a security group or prefix list"),
		SubnetIDs: r.list("subnetIds", subnetID.MatchString, "use the id of a subnet, such as subnet-0123456789abcdef0"),
	}
	if !r.sound("network") {
		return n
	}
	if n.Create {
		p, err := netip.ParsePrefix(n.CIDR)
		if err != nil || !p.Addr().Is4() || !p.Addr().IsPrivate() || p.Masked() != p || p.Bits() < 16 || p.Bits() > 22 {
			r.problem("vpcCidr", n.CIDR, "it is not a private IPv4 range of suitable size", "use /16 to /22, such as 10.40.0.0/20")
		}
		for key, given := range map[string]string{"vpcId": n.VpcID, "subnetIds": strings.Join(n.SubnetIDs, ",")} {
			if given != "" {
				r.problem(key, given, "network is create, so a VPC is made and this one is not used", "set network to existing, or leave it empty")
			}
		}
		return n
	}
	if !vpcID.MatchString(n.VpcID) {
		r.problem("vpcId", n.VpcID, "network is existing and this names no VPC", "use the id of the subnets' VPC, such as vpc-0123456789abcdef0")
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(n.SubnetIDs))); len(distinct) < 3 {
		r.problem("subnetIds", strings.Join(n.SubnetIDs, ","), "Redshift Serverless wants subnets in three zones", "give at least three different subnets")
	}
	return n
}

// sourceID is the id of a security group or a prefix list.
var sourceID = regexp.MustCompile(`^(sg-[0-9a-f]{8,17}|pl-[0-9a-f]{8,17})$`)

// isSource says whether a text names who may connect: not everybody.
func isSource(s string) bool {
	if sourceID.MatchString(s) {
		return true
	}
	p, err := netip.ParsePrefix(s)
	return err == nil && p.Masked() == p && p.Bits() >= 8
}
