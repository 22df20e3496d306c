package infra

import (
	"fmt"
	"regexp"
	"strings"

	"airline/iam"
)

// arnForm is what the ARNs of a setting look like. They are of the stack's partition, whatever they name.
type arnForm struct {
	service  string
	resource *regexp.Regexp // what stands behind the account
	example  string         // of resource
	where    arnRegion
	// managed lets AWS's own policies be named, whose account is "aws".
	managed bool
}

// arnRegion is where what an ARN names may be.
type arnRegion int

const (
	regionOfStack arnRegion = iota
	anyRegion
	noRegion // of services such as IAM, whose ARNs have none
)

// The settings' ARNs. A key's id is a UUID, or "mrk-" and hexadecimal digits for one of several regions.
var (
	boundaryForm = arnForm{service: "iam", resource: regexp.MustCompile(`^policy/[A-Za-z0-9_+=,.@/-]{1,512}$`), example: "policy/boundary", where: noRegion, managed: true}
	keyForm      = arnForm{service: "kms", resource: regexp.MustCompile(`^key/[A-Za-z0-9-]+$`), example: "key/1234abcd-12ab-34cd-56ef-1234567890ab"}
	topicForm    = arnForm{service: "sns", resource: regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`), example: "alerts"}
	secretForm   = arnForm{service: "secretsmanager", resource: regexp.MustCompile(`^secret:[A-Za-z0-9/_+=.@!-]+$`), example: "secret:admin-AbCdEf"}
	// SNS sends to queues of other accounts and regions, too.
	queueForm    = arnForm{service: "sqs", resource: regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`), example: "alerts", where: anyRegion}
	producerForm = arnForm{service: "iam", resource: regexp.MustCompile(`^(root|(role|user)/[A-Za-z0-9_+=,.@/-]{1,512})$`), example: "role/upload", where: noRegion}
)

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// exampleOf is an ARN of the form, where the stack is.
func (p stackPlace) exampleOf(f arnForm) string {
	partition, region := p.partition, p.region
	if partition == "" {
		partition, region = "aws", "eu-west-1"
	}
	if f.where == noRegion {
		region = ""
	}
	return fmt.Sprintf("arn:%s:%s:%s:123456789012:%s", partition, f.service, region, f.example)
}

// stackPlace is where the stack is; the zero value where that is not known, which everything suits.
type stackPlace struct{ partition, region string }

// wrong says all that is wrong with a text in the place of an ARN; empty when nothing is. Whose account it may be is asked when the
// stack's own is known: see [Config.foreign].
func (p stackPlace) wrong(text string, f arnForm) string {
	arn, ok := iam.ParseARN(text)
	if !ok {
		return "it is no ARN"
	}
	var wrong []string
	is := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	is(arn.Service != f.service, "it names something of %q, not of %s", arn.Service, f.service)
	is(p.partition != "" && arn.Partition != p.partition, "it is of partition %q, and the stack is in %s of %s", arn.Partition, p.region, p.partition)
	switch f.where {
	case noRegion:
		is(arn.Region != "", "ARNs of %s have no region", f.service)
	case anyRegion:
		is(arn.Region == "", "it has no region")
	case regionOfStack:
		is(p.region != "" && arn.Region != p.region, "it is of region %q, and the stack is in %s", arn.Region, p.region)
	}
	is(!accountID.MatchString(arn.Account) && !(f.managed && arn.Account == "aws"), "its account %q is no id of 12 digits", arn.Account)
	is(arn.Service == f.service && !f.resource.MatchString(arn.Resource), "its end %q is not of the form %s", arn.Resource, f.example)
	return strings.Join(wrong, ", and ")
}

// arn reads an ARN that may be left out.
func (r *reader) arn(key string, f arnForm) string {
	v := r.text(key)
	if v == "" {
		return ""
	}
	if wrong := r.place.wrong(v, f); wrong != "" {
		r.problem(key, v, wrong, "use an ARN such as "+r.place.exampleOf(f)+", or leave it empty")
	}
	return v
}

// arns reads a list of ARNs. Texts for which other is true stand for themselves; remedy says what else than an ARN is good.
func (r *reader) arns(key string, f arnForm, other func(string) bool, remedy string) []string {
	return r.checkedList(key, func(item string) (what, fix string) {
		if other(item) {
			return "", ""
		}
		return r.place.wrong(item, f), "use " + remedy + " such as " + r.place.exampleOf(f)
	})
}

// foreign are the settings that name something of another account than the stack's, which AWS would refuse half way: a role's boundary
// is a managed policy of its own account or of AWS (IAM User Guide, "Managed policies and inline policies").
func (c *Config) foreign(n Names) []Problem {
	var out []Problem
	if boundary, ok := iam.ParseARN(c.Given.PermissionsBoundary); ok && boundary.Account != "aws" && boundary.Account != n.Account {
		out = append(out, Problem{
			"permissionsBoundary", c.Given.PermissionsBoundary, "it is of another account, and the stack's is " + n.Account,
			"use a policy of that account, or one of AWS",
		})
	}
	return out
}
