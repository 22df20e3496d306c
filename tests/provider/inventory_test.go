package provider

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// inventory lists, by kind, the names of what the account has.
func (d *deployment) inventory() map[string][]string {
	d.t.Helper()
	ctx := d.t.Context()
	config := d.sdk()
	all := map[string][]string{}
	note := func(kind string, err error, names ...string) {
		if err != nil {
			d.t.Errorf("listing the %s: %v", kind, err)
		}
		slices.Sort(names)
		all[kind] = append([]string{}, names...)
	}

	buckets, err := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }).ListBuckets(ctx, &s3.ListBucketsInput{})
	note("buckets", err, names(buckets, err, func(o *s3.ListBucketsOutput) (list []*string) {
		for _, b := range o.Buckets {
			list = append(list, b.Name)
		}
		return list
	})...)
	machines, err := sfn.NewFromConfig(config).ListStateMachines(ctx, &sfn.ListStateMachinesInput{})
	note("state machines", err, names(machines, err, func(o *sfn.ListStateMachinesOutput) (list []*string) {
		for _, m := range o.StateMachines {
			list = append(list, m.Name)
		}
		return list
	})...)
	rules, err := eventbridge.NewFromConfig(config).ListRules(ctx, &eventbridge.ListRulesInput{})
	note("rules", err, names(rules, err, func(o *eventbridge.ListRulesOutput) (list []*string) {
		for _, r := range o.Rules {
			list = append(list, r.Name)
		}
		return list
	})...)
	d.glueInventory(ctx, glue.NewFromConfig(config), note)
	topics, err := sns.NewFromConfig(config).ListTopics(ctx, &sns.ListTopicsInput{})
	note("topics", err, names(topics, err, func(o *sns.ListTopicsOutput) (list []*string) {
		for _, t := range o.Topics {
			list = append(list, t.TopicArn)
		}
		return list
	})...)
	queues, err := sqs.NewFromConfig(config).ListQueues(ctx, &sqs.ListQueuesInput{})
	note("queues", err, names(queues, err, func(o *sqs.ListQueuesOutput) []*string { return aws.StringSlice(o.QueueUrls) })...)
	groups, err := cloudwatchlogs.NewFromConfig(config).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	note("log groups", err, names(groups, err, func(o *cloudwatchlogs.DescribeLogGroupsOutput) (list []*string) {
		for _, g := range o.LogGroups {
			list = append(list, g.LogGroupName)
		}
		return list
	})...)
	// Services of which the emulator does not speak the client's protocol, or whose clients this project does not have.
	note("alarms", nil, element(d.query("monitoring", "2010-08-01", "DescribeAlarms", map[string]string{"MaxRecords": "100"}), "AlarmName")...)
	note("roles", nil, element(d.query("iam", "2010-05-08", "ListRoles", nil), "RoleName")...)
	note("VPCs", nil, element(d.query("ec2", "2016-11-15", "DescribeVpcs", nil), "vpcId")...)
	note("security groups", nil, element(d.query("ec2", "2016-11-15", "DescribeSecurityGroups", nil), "groupName")...)
	note("clusters", nil, element(d.query("redshift", "2012-12-01", "DescribeClusters", nil), "ClusterIdentifier")...)
	// The emulator of Redshift Serverless cannot list.
	note("workgroups", nil, d.ask("redshift-serverless", "RedshiftServerless.GetWorkgroup", "workgroupName", "airline-"+d.stack)...)
	note("namespaces", nil, d.ask("redshift-serverless", "RedshiftServerless.GetNamespace", "namespaceName", "airline-"+d.stack)...)
	note("trails", nil, texts(d.call("cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails"), "trailList", "Name")...)
	note("key aliases", nil, texts(d.call("kms", "TrentService.ListAliases"), "Aliases", "AliasName")...)
	return all
}

func (d *deployment) glueInventory(ctx context.Context, client *glue.Client, note func(kind string, err error, names ...string)) {
	crawlers, err := client.ListCrawlers(ctx, &glue.ListCrawlersInput{})
	note("crawlers", err, names(crawlers, err, func(o *glue.ListCrawlersOutput) []*string { return aws.StringSlice(o.CrawlerNames) })...)
	jobs, err := client.ListJobs(ctx, &glue.ListJobsInput{})
	note("jobs", err, names(jobs, err, func(o *glue.ListJobsOutput) []*string { return aws.StringSlice(o.JobNames) })...)
	databases, err := client.GetDatabases(ctx, &glue.GetDatabasesInput{})
	note("databases", err, names(databases, err, func(o *glue.GetDatabasesOutput) (list []*string) {
		for _, b := range o.DatabaseList {
			list = append(list, b.Name)
		}
		return list
	})...)
}

// names are those in an answer, if there is one.
func names[Out any](answer *Out, err error, list func(*Out) []*string) []string {
	if err != nil {
		return nil
	}
	return aws.ToStringSlice(list(answer))
}

// texts are the values of a field of the entries of a list.
func texts(answer map[string]any, list, field string) []string {
	var found []string
	entries, _ := answer[list].([]any)
	for _, e := range entries {
		if entry, ok := e.(map[string]any); ok {
			if text, ok := entry[field].(string); ok {
				found = append(found, text)
			}
		}
	}
	return found
}
