package infra

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/region"
	"airline/workflow"
)

// The outputs are what other stacks read by a StackReference and what people operate the stack with. Names are in camel case;
// those of ARNs end in Arn, of ids in Id, of addresses in Url. docs/deploy.md lists them, and a test compares the list.

// exportFiles tells where files come in, and where they lie afterwards.
func (s *stack) exportFiles() {
	n := s.names
	s.ctx.Export("rawBucket", pulumi.String(n.Bucket("raw")))
	for _, d := range n.Datasets() {
		s.ctx.Export(string(d)+"Prefix", pulumi.String(d.Prefix()))
	}
	s.ctx.Export("stagingBucket", pulumi.String(n.Bucket("staging")))
	s.ctx.Export("glueDatabase", pulumi.String(n.Database()))
}

// exportKeys tells which keys readers of the data and receivers of notifications need.
func (s *stack) exportKeys(data, messages *Key) {
	s.ctx.Export("dataKeyArn", data.ARN)
	s.ctx.Export("messagesKeyArn", messages.ARN)
}

// exportWarehouse tells how the warehouse is reached: through the Data API by its name, or from its network. A warehouse that
// is given has a network of its own, which the stack does not know.
func (s *stack) exportWarehouse(w *Warehouse, network *Network, copies *Role) {
	s.ctx.Export("warehouse", pulumi.String(s.names.warehouse()))
	s.ctx.Export("database", pulumi.String(s.config.Warehouse.Database))
	s.ctx.Export("copyRoleArn", copies.ARN)
	arn := "workgroupArn"
	if s.config.Warehouse.Kind == Provisioned {
		arn = "clusterArn"
	}
	s.ctx.Export(arn, w.ARN)
	s.ctx.Export("warehouseEndpoint", w.Endpoint)
	s.ctx.Export("adminSecretArn", w.AdminSecretARN)
	if network != nil {
		s.ctx.Export("vpcId", network.VpcID)
		s.ctx.Export("subnetIds", network.SubnetIDs)
		s.ctx.Export("securityGroupId", network.SecurityGroupID)
	}
}

// exportOperations tells what starts a load by hand, what tells of loads, and where to look when one fails.
func (s *stack) exportOperations(notifications *Notifications, machines map[string]*Machine) {
	n := s.names
	for thing, m := range machines {
		s.ctx.Export(workflow.Output(thing), m.Live)
	}
	s.ctx.Export("topicArn", notifications.Topic.Arn)
	if url := n.dashboardURL(); url != "" {
		s.ctx.Export("dashboardUrl", pulumi.String(url))
	}
	s.ctx.Export("undeliveredQueueUrl", pulumi.String(n.queueURL(undeliveredThing)))
}

// dashboardURL is the page of the stack's dashboard in the management console; empty in partitions whose console's address AWS
// does not publish.
func (n Names) dashboardURL() string {
	p, _ := region.PartitionOf(n.Region) // readProvider refuses other regions
	if p.Console == "" {
		return ""
	}
	return "https://" + n.Region + "." + p.Console + "/cloudwatch/home?region=" + n.Region + "#dashboards/dashboard/" + n.dashboardName("pipeline")
}

// queueURL is the address of one of the stack's queues.
func (n Names) queueURL(thing string) string {
	return "https://sqs." + n.Region + "." + n.domain() + "/" + n.Account + "/" + n.Name(thing)
}
