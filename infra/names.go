package infra

import "fmt"

// Names computes the physical names and ARNs of one stack: <project>-<stack>-<thing>. Buckets, whose names are
// global, end in the account id. All of it is known before anything is created.
type Names struct {
	Project, Stack             string
	Partition, Region, Account string
}

// Name is the physical name of a thing of this stack, such as "airline-dev-flights".
func (n Names) Name(thing string) string { return n.Project + "-" + n.Stack + "-" + thing }

// Bucket is the name of one of the stack's buckets.
func (n Names) Bucket(thing string) string { return n.Name(thing) + "-" + n.Account }

// BucketARN is the ARN of a bucket given by its name.
func (n Names) BucketARN(bucket string) string { return "arn:" + n.Partition + ":s3:::" + bucket }

// ObjectsARN covers the objects of a bucket under a prefix, such as "loads/".
func (n Names) ObjectsARN(bucket, prefix string) string {
	return n.BucketARN(bucket) + "/" + prefix + "*"
}

// ARN is the ARN of a regional resource.
func (n Names) ARN(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", n.Partition, service, n.Region, n.Account, resource)
}

// RoleARN is the ARN of the stack's role for a thing.
func (n Names) RoleARN(thing string) string {
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", n.Partition, n.Account, n.Name(thing))
}

// RuleARN is the ARN of a rule on the default event bus.
func (n Names) RuleARN(thing string) string { return n.ARN("events", "rule/"+n.Name(thing)) }

// MachineARN is the ARN of a state machine.
func (n Names) MachineARN(thing string) string { return n.ARN("states", "stateMachine:"+n.Name(thing)) }

// LiveARN is the alias of a state machine that leads to the version in use. What starts the machine names the alias; what
// may start it is said of the machine.
func (n Names) LiveARN(thing string) string { return n.MachineARN(thing) + ":" + liveAlias }

// KeyAlias is the alias of one of the stack's KMS keys. AWS chooses a key's id, so policies recognise a key by its
// alias (condition key kms:ResourceAliases) and everything else refers to the alias.
func (n Names) KeyAlias(thing string) string { return "alias/" + n.Name(thing) }

// keyARN stands for a key until its policy statement is written: the ARN of its alias.
func (n Names) keyARN(thing string) string { return n.ARN("kms", n.KeyAlias(thing)) }

// workgroupsARN covers the account's workgroups, whose ARNs end in an id; statements recognise ours by its tag.
func (n Names) workgroupsARN() string { return n.ARN("redshift-serverless", "workgroup/*") }

// KeysARN covers the account's keys; statements that use it name the key by its alias.
func (n Names) KeysARN() string { return n.ARN("kms", "key/*") }

// MachineLogGroup is the log group of a state machine. The prefix keeps the log group's resource policy,
// which AWS shares between all such groups, below its size limit.
func (n Names) MachineLogGroup(thing string) string { return "/aws/vendedlogs/states/" + n.Name(thing) }

// Database is the Glue catalog database; Glue and Athena want underscores.
func (n Names) Database() string { return n.Project + "_" + n.Stack }

// metricNamespace holds what the state machines measure.
func (n Names) metricNamespace() string { return n.Project + "/" + n.Stack }
