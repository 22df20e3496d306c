package cost

import (
	"airline/local/recorder"
)

// Source says where the prices are from.
const Source = "us-east-1 (N. Virginia), mid-2025, without free tiers; approximate and mostly unverified (docs/costs.md). Other regions differ by some per cent to a third"

// has is something that costs while nothing happens.
type has struct {
	what  string
	each  float64 // US dollars a month
	count func(*recorder.Graph) int
}

func of(types ...string) func(*recorder.Graph) int {
	return func(g *recorder.Graph) int { return len(g.OfType(types...)) }
}

// fixed are the things of a stack that cost while nothing happens.
var fixed = []has{
	{"KMS keys", 1.00, of("aws:kms/key:Key")},
	{"alarms", 0.10, of("aws:cloudwatch/metricAlarm:MetricAlarm")},
	{"dashboards", 3.00, of("aws:cloudwatch/dashboard:Dashboard")},
	{"polls of a pipe", 0.26, of("aws:pipes/pipe:Pipe")}, // five pollers, each 20 seconds a request of SQS
	{"the administrator's secret", 0.40, of("aws:redshift/cluster:Cluster", "aws:redshiftserverless/namespace:Namespace")},
	{"interface endpoints, each zone", 7.30, interfaceEndpoints},
	{"NAT gateways", 32.85, of("aws:ec2/natGateway:NatGateway")},
	{"nodes ra3.large", 396.39, nodes("ra3.large")},
	{"nodes ra3.xlplus", 792.78, nodes("ra3.xlplus")},
	{"nodes ra3.4xlarge", 2379.80, nodes("ra3.4xlarge")},
	{"nodes ra3.16xlarge", 9519.20, nodes("ra3.16xlarge")},
}

// Fixed is what a stack costs in a month while nothing happens, without what it does not have.
func Fixed(g *recorder.Graph) []Line {
	list := []Line{}
	for _, h := range fixed {
		if n := h.count(g); n > 0 {
			list = append(list, Line{What: h.what, Count: n, Each: h.each, USD: float64(n) * h.each})
		}
	}
	return list
}

// nodes counts the nodes of clusters of a type.
func nodes(kind string) func(*recorder.Graph) int {
	return func(g *recorder.Graph) int {
		n := 0
		for _, r := range g.OfType("aws:redshift/cluster:Cluster") {
			if r.String("nodeType") == kind {
				count, _ := r.Get("numberOfNodes")
				one, ok := count.(float64)
				if !ok {
					one = 1
				}
				n += int(one)
			}
		}
		return n
	}
}

// interfaceEndpoints counts the zones of endpoints that are billed by the hour; gateways are not.
func interfaceEndpoints(g *recorder.Graph) int {
	n := 0
	for _, r := range g.OfType("aws:ec2/vpcEndpoint:VpcEndpoint") {
		if r.String("vpcEndpointType") == "Interface" {
			subnets, _ := r.Get("subnetIds")
			list, _ := subnets.([]any)
			n += max(1, len(list))
		}
	}
	return n
}
