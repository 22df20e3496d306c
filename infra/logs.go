package infra

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// logExports are the audit logs that Redshift exports.
var logExports = []string{"connectionlog", "useractivitylog", "userlog"}

// crawlerLogGroup is the log group of all crawlers of a role that has a security configuration: Glue names it after both, the
// role with its path (docs/assumptions.md, "Names and logs").
func (n Names) crawlerLogGroup() string {
	_, role, _ := strings.Cut(n.RoleARN(crawlerThing), ":role/")
	return "/aws-glue/crawlers-role/" + role + "-" + n.Name(glueSecurity)
}

// clusterLogGroups is what the log groups of a cluster's exports lie below (docs/assumptions.md, "Names and logs").
func (n Names) clusterLogGroups() string { return "/aws/redshift/cluster/" + n.warehouse() }

// logGroup makes a log group that a service would otherwise make itself, to be kept for ever and without the stack's key.
func (s *stack) logGroup(name, group string, data *Key) (pulumi.Resource, error) {
	return cloudwatch.NewLogGroup(s.ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(group),
		RetentionInDays: pulumi.Int(s.config.Retention.LogDays),
		KmsKeyId:        data.ARN.ToStringPtrOutput(),
	}, append(s.opts[:len(s.opts):len(s.opts)], pulumi.RetainOnDelete(s.config.Protect))...)
}

// warehouseLogs makes the log groups of a cluster that the stack makes. Those of Redshift Serverless are not one stack's: where
// AWS names them, all namespaces of the account share them (the same page).
func (s *stack) warehouseLogs(data *Key) ([]pulumi.Resource, error) {
	if s.names.Given.warehouse() != "" || s.config.Warehouse.Kind != Provisioned {
		return nil, nil
	}
	var made []pulumi.Resource
	for _, export := range logExports {
		group, err := s.logGroup("warehouse-"+export, s.names.clusterLogGroups()+"/"+export, data)
		if err != nil {
			return nil, err
		}
		made = append(made, group)
	}
	return made, nil
}
