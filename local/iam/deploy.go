package iam

import (
	"airline/asl/awsapi"
	"airline/iam"
	"airline/local/recorder"
	"airline/local/resource"
)

// Document is a policy document of a deployed stack.
type Document struct {
	Name  string // what carries it: "aws:iam/rolePolicy:RolePolicy airline-dev-glue"
	Owner string // ARN of the role or resource whose access it governs
	Kind  iam.Kind
}

// Edit lets a scenario change a policy before the world is built; nil leaves all as deployed. A policy without
// statements left is as good as none.
type Edit func(Document, *iam.Policy) *iam.Policy

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

// read parses a document and applies the scenario's edit.
func read(r *recorder.Resource, doc Document, text string, edit Edit) (iam.Named, error) {
	p, err := Read(doc.Kind, text)
	if err != nil {
		return iam.Named{}, resource.Problem(r, "%v", err)
	}
	if edit != nil {
		p = edit(doc, p)
		p.Compile()
	}
	return iam.Named{Name: doc.Name, Policy: p}, nil
}

// Read parses a policy document as AWS takes it: condition keys that AWS does not have are refused.
func Read(kind iam.Kind, text string) (*iam.Policy, error) {
	return iam.Parser{Kind: kind, Keys: awsapi.ConditionKeys}.Parse([]byte(text))
}

// TakePolicy reads the policy of a bucket, key, topic or queue, or the trust policy of a role, and makes it the owner's.
func (d *Directory) TakePolicy(r *recorder.Resource, doc Document, text string, edit Edit) error {
	p, err := read(r, doc, text, edit)
	if err != nil {
		return err
	}
	d.SetResourcePolicy(doc.Owner, p)
	return nil
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
		Managed  []string `prop:"managedPolicyArns"`
		Boundary string   `prop:"permissionsBoundary"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	b.AddRole(in.ARN, in.Name, in.Tags)
	b.roles[in.ARN].trust = in.Trust
	if err := b.TakePolicy(r, Document{Name: r.Type + " " + in.Name, Owner: in.ARN, Kind: iam.Trust}, in.Trust, b.edit); err != nil {
		return err
	}
	for _, p := range in.Inline {
		if err := b.inline(r, in.ARN, in.Name, p.Name, p.Policy); err != nil {
			return err
		}
	}
	if in.Boundary != "" {
		if err := b.Bound(in.ARN, in.Boundary); err != nil {
			return resource.Problem(r, "%v", err)
		}
	}
	for _, arn := range in.Managed {
		if err := b.Attach(in.ARN, arn); err != nil {
			return resource.Problem(r, "%v", err)
		}
	}
	return nil
}

func (b builder) inline(r *recorder.Resource, arn, role, name, text string) error {
	b.roles[arn].inline[name] = text
	p, err := read(r, Document{Name: r.Type + " " + role + "/" + name, Owner: arn, Kind: iam.Identity}, text, b.edit)
	if err != nil {
		return err
	}
	if err := b.AddIdentityPolicy(arn, p); err != nil {
		return resource.Problem(r, "%v", err)
	}
	return nil
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
	return b.inline(r, arn, in.Role, in.Name, in.Policy)
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
	p, err := read(r, Document{Name: r.Type + " " + in.Name, Owner: in.ARN, Kind: iam.Managed}, in.Policy, b.edit)
	if err != nil {
		return err
	}
	b.AddManagedPolicy(in.ARN, p)
	b.documents[in.ARN] = in.Policy
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
