package iam

import (
	"unicode"

	"airline/local/recorder"
	"airline/local/resource"
)

// Document is a policy document of a deployed stack.
type Document struct {
	Name  string // what carries it: "aws:iam/rolePolicy:RolePolicy airline-dev-glue"
	Owner string // ARN of the role or resource whose access it governs
	Trust bool   // a role's trust policy
	// Resource tells a policy of a bucket, key, topic or queue from one of a role.
	Resource bool
}

// Edit lets a scenario change a policy before the world is built; nil leaves all as deployed. A policy without
// statements left is as good as none.
type Edit func(Document, *Policy) *Policy

// Types gives the functions that take roles and policies of a deployed stack into the directory.
func (d *Directory) Types(edit Edit) map[string]func(*recorder.Resource) error {
	b := builder{Directory: d, edit: edit}
	return map[string]func(*recorder.Resource) error{
		"aws:iam/role:Role":                                                     b.role,
		"aws:iam/rolePolicy:RolePolicy":                                         b.rolePolicy,
		"aws:iam/policy:Policy":                                                 b.policy,
		"aws:iam/rolePolicyAttachment:RolePolicyAttachment":                     b.attachment,
		"aws:iam/rolePoliciesExclusive:RolePoliciesExclusive":                   b.exclusive,
		"aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": b.exclusive,
	}
}

type builder struct {
	*Directory
	edit Edit
}

// parse reads a document and applies the scenario's edit.
func (b builder) parse(r *recorder.Resource, doc Document, text string) (Named, error) {
	p, err := Parse([]byte(text))
	if err != nil {
		return Named{}, resource.Problem(r, "%v", err)
	}
	if n, limit := size(text), quota(doc, r.Type); n > limit {
		return Named{}, resource.Problem(r, "the policy has %d characters without white space, IAM takes %d", n, limit)
	}
	if b.edit != nil {
		p = b.edit(doc, p)
	}
	return Named{Name: doc.Name, Policy: p}, nil
}

// size counts the characters that IAM counts: all but white space.
func size(text string) int {
	n := 0
	for _, c := range text {
		if !unicode.IsSpace(c) {
			n++
		}
	}
	return n
}

// quota is the largest size of a policy (IAM quotas): a role's trust policy, all its inline policies, a managed one.
func quota(doc Document, typ string) int {
	switch {
	case doc.Trust:
		return 2_048
	case typ == "aws:iam/policy:Policy":
		return 6_144
	default:
		return 10_240
	}
}

func (b builder) role(r *recorder.Resource) error {
	var in struct {
		Name        string            `prop:"name"`
		Trust       string            `prop:"assumeRolePolicy"`
		ARN         string            `prop:"arn,output"`
		Tags        map[string]string `prop:"tags"`
		Description any               `prop:"description,ignore"`
		Path        any               `prop:"path,ignore"`
		Force       any               `prop:"forceDetachPolicies,ignore"`
		MaxSession  any               `prop:"maxSessionDuration,ignore"`
		Inline      []struct {
			Name   string `prop:"name"`
			Policy string `prop:"policy"`
		} `prop:"inlinePolicies"`
		Managed []string `prop:"managedPolicyArns"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	b.AddRole(in.ARN, in.Name, in.Tags)
	trust, err := b.parse(r, Document{Name: r.Type + " " + in.Name, Owner: in.ARN, Trust: true}, in.Trust)
	if err != nil {
		return err
	}
	b.SetResourcePolicy(in.ARN, trust)
	for _, p := range in.Inline {
		if err := b.inline(r, in.ARN, in.Name+"/"+p.Name, p.Policy); err != nil {
			return err
		}
	}
	for _, arn := range in.Managed {
		if err := b.Attach(in.ARN, arn); err != nil {
			return resource.Problem(r, "%v", err)
		}
	}
	return nil
}

func (b builder) inline(r *recorder.Resource, arn, name, text string) error {
	p, err := b.parse(r, Document{Name: r.Type + " " + name, Owner: arn}, text)
	if err != nil {
		return err
	}
	return b.AddIdentityPolicy(arn, p)
}

func (b builder) rolePolicy(r *recorder.Resource) error {
	var in struct {
		Name   string `prop:"name,output"`
		Role   string `prop:"role"`
		Policy string `prop:"policy"`
		Given  any    `prop:"name,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	arn, ok := b.RoleARN(in.Role)
	if !ok {
		return resource.Problem(r, "is for the role %q, which is not deployed", in.Role)
	}
	return b.inline(r, arn, in.Role+"/"+in.Name, in.Policy)
}

func (b builder) policy(r *recorder.Resource) error {
	var in struct {
		Name        string `prop:"name,output"`
		ARN         string `prop:"arn,output"`
		Policy      string `prop:"policy"`
		Given       any    `prop:"name,ignore"`
		Description any    `prop:"description,ignore"`
		Path        any    `prop:"path,ignore"`
		Tags        any    `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	p, err := b.parse(r, Document{Name: r.Type + " " + in.Name, Owner: in.ARN}, in.Policy)
	if err != nil {
		return err
	}
	b.AddManagedPolicy(in.ARN, p)
	return nil
}

func (b builder) attachment(r *recorder.Resource) error {
	var in struct {
		Role   string `prop:"role"`
		Policy string `prop:"policyArn"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	arn, ok := b.RoleARN(in.Role)
	if !ok {
		return resource.Problem(r, "is for the role %q, which is not deployed", in.Role)
	}
	if err := b.Attach(arn, in.Policy); err != nil {
		return resource.Problem(r, "%v", err)
	}
	return nil
}

// exclusive resources remove what others added by hand; a fresh world has nothing of the kind.
func (b builder) exclusive(*recorder.Resource) error { return nil }
