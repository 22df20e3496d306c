package infra

import (
	"fmt"
	"regexp"
	"strings"

	"airline/etl"
	"airline/region"
)

// Names computes the physical names and ARNs of one stack: <project>-<stack>-<thing>. Names that are not of one region only
// (buckets, roles, dashboards) end in the region when that is not the project's home, and those of buckets, which all of AWS
// shares, have the account id. All of it is known before anything is created.
type Names struct {
	Project, Stack             string
	Partition, Region, Account string
	// NamedAfter stands for the stack in names; empty means Stack. A renamed stack keeps its names with it.
	NamedAfter string
	// Home is the region whose names do not say so; empty means Region.
	Home string
	// More are the datasets that the stack loads besides those that every stack does.
	More []etl.Dataset
	// Given is what the stack uses and somebody else keeps.
	Given Given
}

// hyphen stands for "-" in the parts of names. A part without hyphens ends where the next begins: what belongs to stack dev
// begins with airline-dev-, and nothing of a stack dev-2 does, so a permission on airline-dev-* reaches no other stack.
// Nor can two stacks have one name, since parts that hold the letters themselves are refused.
const hyphen = "xq"

// part is a project's or a stack's name as it stands in physical names.
func part(name string) string { return strings.ReplaceAll(name, "-", hyphen) }

// ID is the part of all names that tells the stack from all others, such as airline-dev. It is the tag "stack", too.
func (n Names) ID() string { return part(n.Project) + "-" + part(n.named()) }

// named is the stack's name as texts that people read say it.
func (n Names) named() string {
	if n.NamedAfter != "" {
		return n.NamedAfter
	}
	return n.Stack
}

// partForm is the form of the names of projects and stacks.
var partForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Limits of AWS: S3 bucket names, and role names (IAM quotas).
const (
	maxBucketName = 63
	maxRoleName   = 64
)

// problems are what AWS would refuse of the names. They come as problems of the settings "project" and "stack".
func (n Names) problems() []Problem {
	var out []Problem
	check := func(key, name string) {
		switch {
		case !partForm.MatchString(name):
			out = append(out, Problem{
				key, name, "the name becomes part of the names of buckets, roles and databases",
				"use lower-case letters, digits and single hyphens between them, a letter first",
			})
		case strings.Contains(name, hyphen):
			out = append(out, Problem{key, name, "it holds " + hyphen + ", which stands for a hyphen in physical names", "use another name"})
		}
	}
	check("project", n.Project)
	if n.NamedAfter != "" {
		check("namedAfter", n.NamedAfter)
	} else {
		check("stack", n.Stack)
	}
	if len(out) > 0 {
		return out
	}
	var bucket, role string
	for _, thing := range bucketThings {
		if name := n.bucketName(thing); len(name) > len(bucket) {
			bucket = name
		}
	}
	for _, thing := range n.roleThings() {
		if name := n.roleName(thing); len(name) > len(role) {
			role = name
		}
	}
	for _, longest := range []struct {
		what, name string
		limit      int
	}{{"bucket", bucket, maxBucketName}, {"role", role, maxRoleName}} {
		if over := len(longest.name) - longest.limit; over > 0 {
			out = append(out, Problem{
				"stack", n.Stack, fmt.Sprintf("the %s %s would have %d characters, at most %d are allowed", longest.what, longest.name, len(longest.name), longest.limit),
				fmt.Sprintf("use a name of project or stack that is shorter by %d; a hyphen counts as %d", over, len(hyphen)),
			})
			break
		}
	}
	return out
}

// elsewhere ends names that regions share.
func (n Names) elsewhere() string {
	if n.Home == "" || n.Home == n.Region {
		return ""
	}
	return "-" + n.Region
}

// Name is the physical name of a thing of this stack, such as "airline-dev-flights".
func (n Names) Name(thing string) string { return n.ID() + "-" + thing }

// Bucket is the name of one of the stack's buckets, or of the bucket that is given in its place.
func (n Names) Bucket(thing string) string {
	if given := n.Given.bucket(thing); given != "" {
		return given
	}
	return n.bucketName(thing)
}

func (n Names) bucketName(thing string) string {
	return n.Name(thing) + "-" + n.Account + n.elsewhere()
}

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

// roleName is the name of the stack's role for a thing.
func (n Names) roleName(thing string) string { return n.Name(thing) + n.elsewhere() }

// RoleARN is the ARN of the stack's role for a thing.
func (n Names) RoleARN(thing string) string {
	return fmt.Sprintf("arn:%s:iam::%s:role%s%s", n.Partition, n.Account, n.rolePath(), n.roleName(thing))
}

func (n Names) rolePath() string {
	if n.Given.RolePath == "" {
		return "/"
	}
	return n.Given.RolePath
}

// dashboardName is the name of a dashboard, which regions share.
func (n Names) dashboardName(thing string) string { return n.Name(thing) + n.elsewhere() }

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

// keyARN stands for a key until its policy statement is written: the ARN of its alias, or of the key that is given.
func (n Names) keyARN(thing string) string {
	if given := n.Given.key(thing); given != "" {
		return given
	}
	return n.ARN("kms", n.KeyAlias(thing))
}

// workgroupARN is the workgroup in statements: that of a given one, or else all.
func (n Names) workgroupARN() string {
	if n.Given.workgroupARN != "" {
		return n.Given.workgroupARN
	}
	return n.workgroupsARN()
}

// workgroupsARN covers the account's workgroups, whose ARNs end in an id; statements recognise ours by its tag.
func (n Names) workgroupsARN() string { return n.ARN("redshift-serverless", "workgroup/*") }

// KeysARN covers the account's keys; statements that use it name the key by its alias.
func (n Names) KeysARN() string { return n.ARN("kms", "key/*") }

// MachineLogGroup is the log group of a state machine. The prefix keeps the log group's resource policy,
// which AWS shares between all such groups, below its size limit.
func (n Names) MachineLogGroup(thing string) string { return "/aws/vendedlogs/states/" + n.Name(thing) }

// Database is the Glue catalog database; Glue and Athena want underscores.
func (n Names) Database() string {
	if n.Given.GlueDatabase != "" {
		return n.Given.GlueDatabase
	}
	return strings.ReplaceAll(n.ID(), "-", "_")
}

// metricNamespace holds what the state machines measure.
func (n Names) metricNamespace() string { return strings.Replace(n.ID(), "-", "/", 1) }

// s3Service is the name of S3 among the services that a VPC reaches without the internet, and of the list of its addresses.
func (n Names) s3Service() string {
	p, _ := region.PartitionOf(n.Region) // connect refuses other regions
	return p.EndpointPrefix + "." + n.Region + ".s3"
}

// logsService is the principal of CloudWatch Logs, the one that names region and partition (AWS CDK, region-info).
func (n Names) logsService() string { return "logs." + n.Region + "." + n.domain() }

// domain ends the names of AWS's endpoints.
func (n Names) domain() string {
	p, _ := region.PartitionOf(n.Region) // connect refuses other regions
	return p.Domain
}
