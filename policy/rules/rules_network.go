package rules

import (
	"net/netip"
	"slices"
)

func networkRules() []*Rule {
	return []*Rule{
		{
			ID: "vpc-no-public-ip", Title: "A subnet gives out no public addresses", Level: Mandatory,
			Why:      "What is started in it would be on the internet without anybody having asked for that.",
			Fix:      "leave mapPublicIpOnLaunch out, or set it to false",
			Controls: []string{"EC2.15", "CKV_AWS_130"},
			Types:    []string{typeSubnet},
			resource: mayHave("mapPublicIpOnLaunch", is(false), "machines in the subnet get public addresses"),
			Good:     `aws:ec2/subnet:Subnet a: {mapPublicIpOnLaunch: false}`,
			Bad:      `aws:ec2/subnet:Subnet a: {mapPublicIpOnLaunch: true}`,
		},
		{
			ID: "vpc-flow-logs", Title: "A VPC has a flow log", Level: Mandatory,
			Why:      "Who talked to the warehouse is otherwise not known afterwards.",
			Fix:      "add a FlowLog for the VPC",
			Controls: []string{"EC2.6", "CKV2_AWS_11"},
			Types:    []string{typeVpc, typeFlowLog},
			stack: func(j *judge) {
				for _, v := range j.OfType(typeVpc) {
					answer := truthOr(len(j.Referring(nil, typeFlowLog, "vpcId", typeVpc)) > 0)
					for _, l := range j.Referring(v, typeFlowLog, "vpcId", typeVpc) {
						answer = max(answer, isText("ALL", "REJECT")(l.Get("trafficType")))
					}
					j.answer(answer, v, "", "the VPC has no flow log")
				}
			},
			Good: `aws:ec2/vpc:Vpc main: {id: vpc-1}
aws:ec2/flowLog:FlowLog main: {vpcId: vpc-1, trafficType: ALL}`,
			Bad: `aws:ec2/vpc:Vpc main: {id: vpc-1}`,
		},
		{
			ID: "vpc-default-group-closed", Title: "A VPC's default security group lets nothing through", Level: Mandatory,
			Why:      "Whatever is made without a group of its own gets the default one, which lets its members talk to each other and to everybody.",
			Fix:      "add a DefaultSecurityGroup for the VPC without ingress and egress",
			Controls: []string{"EC2.2", "CKV2_AWS_12"},
			Types:    []string{typeVpc, typeDefaultGroup},
			stack: func(j *judge) {
				for _, v := range j.OfType(typeVpc) {
					groups := j.Referring(v, typeDefaultGroup, "vpcId", typeVpc)
					for _, g := range groups {
						for _, way := range []string{"ingress", "egress"} {
							if rules := g.Get(way); rules.Unknown() {
								j.answer(CannotTell, g, way, "")
							} else if len(rules.Items()) > 0 {
								j.refuse(g, way, "the default security group lets something through")
							}
						}
					}
					if len(groups) == 0 {
						j.answer(truthOr(len(j.Referring(nil, typeDefaultGroup, "vpcId", typeVpc)) > 0), v, "", "the default security group is open")
					}
				}
			},
			Good: `aws:ec2/vpc:Vpc main: {id: vpc-1}
aws:ec2/defaultSecurityGroup:DefaultSecurityGroup main: {vpcId: vpc-1}`,
			Bad: `aws:ec2/vpc:Vpc main: {id: vpc-1}`,
		},
		{
			ID: "sg-no-open-ingress", Title: "No security group lets everybody in", Level: Mandatory,
			Why:      "The internet tries every address within minutes.",
			Fix:      "name the addresses, the prefix list or the security group that may come in",
			Controls: []string{"EC2.18", "EC2.19", "CKV_AWS_24", "CKV_AWS_260"},
			Types:    []string{typeGroup, typeGroupRule, typeIngress},
			resource: closed("ingress", typeIngress),
			Good:     `aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule in: {cidrIpv4: 10.0.0.0/16, cidrIpv6: "fd00::/8"}`,
			Bad:      `aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule in: {cidrIpv4: 0.0.0.0/0}`,
		},
		{
			ID: "sg-no-open-egress", Title: "No security group lets everything out", Level: Mandatory,
			Why:      "Data leaves by the way that was left open.",
			Fix:      "name the addresses, the prefix list or the security group that may be reached",
			Controls: []string{"CKV_AWS_382"},
			Types:    []string{typeGroup, typeGroupRule, typeEgress},
			resource: closed("egress", typeEgress),
			Good:     `aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule out: {prefixListId: pl-1234}`,
			Bad:      `aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule out: {cidrIpv6: "::/0"}`,
		},
	}
}

// closed refuses rules of a security group, in each of the three forms, that are for the whole internet.
func closed(way, kind string) func(*judge, *Resource) {
	return func(j *judge, r *Resource) {
		check := func(v Value) {
			switch {
			case v.Unknown():
				j.unsure(r, v.path, "%s is not known before it is created", v.path)
			case internet(v.Text()):
				j.refuse(r, v.path, "%s is the whole internet, or most of it", v.Shown())
			}
		}
		all := func(v Value) {
			for _, path := range []string{"cidrBlocks", "ipv6CidrBlocks"} {
				list := v.Field(path)
				if list.Unknown() {
					check(list)
				}
				for _, c := range list.Items() {
					check(c)
				}
			}
		}
		switch r.Type {
		case kind:
			check(r.Get("cidrIpv4"))
			check(r.Get("cidrIpv6"))
		case typeGroupRule:
			if r.Get("type").Text() == way || r.Get("type").Unknown() {
				all(r.Get(""))
			}
		case typeGroup:
			if v := r.Get(way); v.Unknown() {
				check(v)
			}
			for _, rule := range r.Get(way).Items() {
				all(rule)
			}
		}
	}
}

// widest is the shortest prefix that is still somebody's network.
var widest = map[bool]int{true: 8, false: 16} // by whether it is IPv4

// unique are addresses of sites, which the internet does not route (RFC 4193).
var unique = netip.MustParsePrefix("fc00::/7")

func internet(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	if err == nil && p.Bits() >= unique.Bits() && unique.Contains(p.Addr()) {
		return false
	}
	return err == nil && p.Bits() < widest[p.Addr().Is4()] || slices.Contains([]string{"0.0.0.0/0", "::/0"}, cidr)
}
