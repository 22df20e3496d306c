package iam

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	policies "airline/iam"
	"airline/local/door"
)

// Service is the part of IAM's API that reads roles and policies, and simulates what they allow. Its methods go through the
// door.
type Service struct {
	door      *door.Door
	directory *Directory
	made      time.Time
	arn       func(resource string) string
}

// API is IAM's API over the directory of an account.
func API(d *door.Door, directory *Directory, partition, account string) *Service {
	return &Service{door: d, directory: directory, made: directory.now(), arn: func(resource string) string {
		return "arn:" + partition + ":iam::" + account + ":" + resource
	}}
}

func noSuch(what, name string) error {
	return &types.NoSuchEntityException{Message: aws.String(fmt.Sprintf("The %s with name %s cannot be found.", what, name))}
}

// role finds a role by its name; users are none.
func (s *Service) role(name *string) (arn string, r *role, err error) {
	for arn, r := range s.directory.roles {
		if r.name == aws.ToString(name) && strings.Contains(arn, ":role/") {
			return arn, r, nil
		}
	}
	return "", nil, noSuch("role", aws.ToString(name))
}

// need is the permission for an action on a role; one that is not there has the name's ARN without a path.
func (s *Service) need(action string, name *string) []door.Request {
	arn, _, err := s.role(name)
	if err != nil {
		arn = s.arn("role/" + aws.ToString(name))
	}
	return []door.Request{{Action: "iam:" + action, Resource: arn}}
}

// shown is a role as the API tells of it; its trust policy is encoded as a URL is (RFC 3986).
func (s *Service) shown(arn string, r *role) types.Role {
	path := arn[strings.Index(arn, ":role/")+len(":role"):]
	out := types.Role{Arn: &arn, RoleName: &r.name, Path: aws.String(path[:strings.LastIndexByte(path, '/')+1]), RoleId: aws.String(door.UniqueID("AROA", arn)), CreateDate: &s.made,
		AssumeRolePolicyDocument: encoded(r.trust), MaxSessionDuration: aws.Int32(3600)}
	if r.boundary != "" {
		out.PermissionsBoundary = &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: &r.boundary, PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy}
	}
	for _, key := range slices.Sorted(maps.Keys(r.tags)) {
		out.Tags = append(out.Tags, types.Tag{Key: &key, Value: aws.String(r.tags[key])})
	}
	return out
}

func encoded(document string) *string {
	return aws.String(strings.ReplaceAll(url.QueryEscape(document), "+", "%20"))
}

// GetRole tells of a role with its trust policy.
func (s *Service) GetRole(ctx context.Context, in *iam.GetRoleInput, _ ...func(*iam.Options)) (*iam.GetRoleOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.GetRoleInput, iam.GetRoleOutput]{
		Service: "iam", Action: "GetRole", Needs: s.need("GetRole", in.RoleName),
		Do: func(_ context.Context, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
			arn, r, err := s.role(in.RoleName)
			if err != nil {
				return nil, err
			}
			shown := s.shown(arn, r)
			return &iam.GetRoleOutput{Role: &shown}, nil
		},
	}, in)
}

// rolesQuota is how many roles an account may have ("IAM and AWS STS quotas"); nobody has raised it.
const rolesQuota = 1000

// GetAccountSummary counts roles, and tells how many there may be. The other entries of AWS's map are not modelled.
func (s *Service) GetAccountSummary(ctx context.Context, in *iam.GetAccountSummaryInput, _ ...func(*iam.Options)) (*iam.GetAccountSummaryOutput, error) {
	return door.Call(ctx, s.door, door.Op[iam.GetAccountSummaryInput, iam.GetAccountSummaryOutput]{
		Service: "iam", Action: "GetAccountSummary", Needs: []door.Request{{Action: "iam:GetAccountSummary", Resource: "*"}},
		Do: func(context.Context, *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
			n := int32(0)
			for arn := range s.directory.roles {
				if strings.Contains(arn, ":role/") {
					n++
				}
			}
			return &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{"Roles": n, "RolesQuota": rolesQuota}}, nil
		},
	}, in)
}

// ListRoles lists the roles below a path by their names, without tags.
func (s *Service) ListRoles(ctx context.Context, in *iam.ListRolesInput, _ ...func(*iam.Options)) (*iam.ListRolesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.ListRolesInput, iam.ListRolesOutput]{
		Service: "iam", Action: "ListRoles", Needs: []door.Request{{Action: "iam:ListRoles", Resource: "*"}},
		Do: func(_ context.Context, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
			list := []types.Role{}
			for arn, r := range s.directory.roles {
				if !strings.Contains(arn, ":role/") {
					continue
				}
				shown := s.shown(arn, r)
				shown.Tags, shown.PermissionsBoundary = nil, nil
				if strings.HasPrefix(*shown.Path, aws.ToString(in.PathPrefix)) {
					list = append(list, shown)
				}
			}
			slices.SortFunc(list, func(a, b types.Role) int { return strings.Compare(*a.RoleName, *b.RoleName) })
			page, marker, err := pageOf(list, in.MaxItems, in.Marker)
			return &iam.ListRolesOutput{Roles: page, Marker: marker, IsTruncated: marker != nil}, err
		},
	}, in)
}

// ListRolePolicies lists the names of a role's inline policies.
func (s *Service) ListRolePolicies(ctx context.Context, in *iam.ListRolePoliciesInput, _ ...func(*iam.Options)) (*iam.ListRolePoliciesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.ListRolePoliciesInput, iam.ListRolePoliciesOutput]{
		Service: "iam", Action: "ListRolePolicies", Needs: s.need("ListRolePolicies", in.RoleName),
		Do: func(_ context.Context, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
			_, r, err := s.role(in.RoleName)
			if err != nil {
				return nil, err
			}
			page, marker, err := pageOf(slices.Sorted(maps.Keys(r.inline)), in.MaxItems, in.Marker)
			return &iam.ListRolePoliciesOutput{PolicyNames: page, Marker: marker, IsTruncated: marker != nil}, err
		},
	}, in)
}

// GetRolePolicy gives an inline policy of a role.
func (s *Service) GetRolePolicy(ctx context.Context, in *iam.GetRolePolicyInput, _ ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.GetRolePolicyInput, iam.GetRolePolicyOutput]{
		Service: "iam", Action: "GetRolePolicy", Needs: s.need("GetRolePolicy", in.RoleName),
		Do: func(_ context.Context, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
			_, r, err := s.role(in.RoleName)
			if err != nil {
				return nil, err
			}
			document, ok := r.inline[aws.ToString(in.PolicyName)]
			if !ok {
				return nil, noSuch("role policy", aws.ToString(in.PolicyName))
			}
			return &iam.GetRolePolicyOutput{RoleName: in.RoleName, PolicyName: in.PolicyName, PolicyDocument: encoded(document)}, nil
		},
	}, in)
}

// ListAttachedRolePolicies lists the managed policies of a role.
func (s *Service) ListAttachedRolePolicies(ctx context.Context, in *iam.ListAttachedRolePoliciesInput, _ ...func(*iam.Options)) (*iam.ListAttachedRolePoliciesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.ListAttachedRolePoliciesInput, iam.ListAttachedRolePoliciesOutput]{
		Service: "iam", Action: "ListAttachedRolePolicies", Takes: []string{"RoleName", "MaxItems", "Marker"}, Needs: s.need("ListAttachedRolePolicies", in.RoleName),
		Do: func(_ context.Context, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
			_, r, err := s.role(in.RoleName)
			if err != nil {
				return nil, err
			}
			list := []types.AttachedPolicy{}
			for _, arn := range slices.Sorted(slices.Values(r.attached)) {
				list = append(list, types.AttachedPolicy{PolicyArn: &arn, PolicyName: aws.String(arn[strings.LastIndexByte(arn, '/')+1:])})
			}
			page, marker, err := pageOf(list, in.MaxItems, in.Marker)
			return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: page, Marker: marker, IsTruncated: marker != nil}, err
		},
	}, in)
}

// GetPolicy tells of a managed policy.
func (s *Service) GetPolicy(ctx context.Context, in *iam.GetPolicyInput, _ ...func(*iam.Options)) (*iam.GetPolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.GetPolicyInput, iam.GetPolicyOutput]{
		Service: "iam", Action: "GetPolicy", Needs: []door.Request{{Action: "iam:GetPolicy", Resource: aws.ToString(in.PolicyArn)}},
		Do: func(_ context.Context, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
			arn := aws.ToString(in.PolicyArn)
			if _, ok := s.directory.managed[arn]; !ok {
				return nil, noSuch("policy", arn)
			}
			attached := int32(0)
			for _, r := range s.directory.roles {
				if slices.Contains(r.attached, arn) {
					attached++
				}
			}
			return &iam.GetPolicyOutput{Policy: &types.Policy{Arn: &arn, PolicyName: aws.String(arn[strings.LastIndexByte(arn, '/')+1:]), PolicyId: aws.String(door.UniqueID("ANPA", arn)),
				DefaultVersionId: aws.String("v1"), IsAttachable: true, AttachmentCount: &attached, CreateDate: &s.made, UpdateDate: &s.made}}, nil
		},
	}, in)
}

// GetPolicyVersion gives the document of a managed policy, which has one version here.
func (s *Service) GetPolicyVersion(ctx context.Context, in *iam.GetPolicyVersionInput, _ ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.GetPolicyVersionInput, iam.GetPolicyVersionOutput]{
		Service: "iam", Action: "GetPolicyVersion", Needs: []door.Request{{Action: "iam:GetPolicyVersion", Resource: aws.ToString(in.PolicyArn)}},
		Do: func(_ context.Context, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
			document, ok := s.directory.documents[aws.ToString(in.PolicyArn)]
			if !ok || aws.ToString(in.VersionId) != "v1" {
				return nil, noSuch("policy version", aws.ToString(in.PolicyArn)+" "+aws.ToString(in.VersionId))
			}
			return &iam.GetPolicyVersionOutput{PolicyVersion: &types.PolicyVersion{VersionId: in.VersionId, IsDefaultVersion: true, CreateDate: &s.made, Document: encoded(document)}}, nil
		},
	}, in)
}

// SimulatePrincipalPolicy tells what the policies of a role or user allow, each action on each resource. As on AWS, a policy of
// the resource counts only when it is given, and condition keys only have the values of ContextEntries.
func (s *Service) SimulatePrincipalPolicy(ctx context.Context, in *iam.SimulatePrincipalPolicyInput, _ ...func(*iam.Options)) (*iam.SimulatePrincipalPolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[iam.SimulatePrincipalPolicyInput, iam.SimulatePrincipalPolicyOutput]{
		Service: "iam", Action: "SimulatePrincipalPolicy", Takes: []string{"PolicySourceArn", "ActionNames", "ResourceArns", "ContextEntries", "PolicyInputList", "ResourcePolicy", "CallerArn", "MaxItems", "Marker"},
		Needs: []door.Request{{Action: "iam:SimulatePrincipalPolicy", Resource: aws.ToString(in.PolicySourceArn)}},
		Do: func(_ context.Context, in *iam.SimulatePrincipalPolicyInput) (*iam.SimulatePrincipalPolicyOutput, error) {
			arn := aws.ToString(in.PolicySourceArn)
			if _, ok := s.directory.roles[arn]; !ok {
				return nil, noSuch("role or user", arn)
			}
			if len(in.ActionNames) == 0 {
				return nil, &types.InvalidInputException{Message: aws.String("ActionNames must have at least one action.")}
			}
			more, own, err := inputs(in)
			if err != nil {
				return nil, err
			}
			keys := policies.Keys{}
			for _, e := range in.ContextEntries {
				keys[aws.ToString(e.ContextKeyName)] = e.ContextKeyValues
			}
			resources := in.ResourceArns
			if len(resources) == 0 {
				resources = []string{"*"}
			}
			list := []types.EvaluationResult{}
			for _, action := range in.ActionNames {
				if prefix, name, ok := strings.Cut(action, ":"); !ok || prefix == "" || name == "" {
					return nil, &types.InvalidInputException{Message: aws.String("Invalid Action " + action)}
				}
				for _, resource := range resources {
					c := s.directory.Case(door.Principal{ARN: arn, Role: arn, Account: strings.Split(arn, ":")[4]}, door.Request{Action: action, Resource: resource})
					c.Identity, c.Own, c.Guarded, c.Keys = append(c.Identity, more...), own, false, keys
					list = append(list, result(policies.Evaluate(c), action, resource))
				}
			}
			page, marker, err := pageOf(list, in.MaxItems, in.Marker)
			return &iam.SimulatePrincipalPolicyOutput{EvaluationResults: page, Marker: marker, IsTruncated: marker != nil}, err
		},
	}, in)
}

// inputs are the policies that a simulation adds.
func inputs(in *iam.SimulatePrincipalPolicyInput) (more []policies.Named, own *policies.Named, err error) {
	malformed := func(err error) error {
		return &types.InvalidInputException{Message: aws.String(err.Error())}
	}
	for i, text := range in.PolicyInputList {
		p, err := policies.Parse(policies.Identity, []byte(text))
		if err != nil {
			return nil, nil, malformed(err)
		}
		more = append(more, policies.Named{Name: "PolicyInputList." + strconv.Itoa(i+1), Policy: p})
	}
	if in.ResourcePolicy != nil {
		p, err := policies.Parse(policies.Resource, []byte(*in.ResourcePolicy))
		if err != nil {
			return nil, nil, malformed(err)
		}
		own = &policies.Named{Name: "ResourcePolicy", Policy: p}
	}
	return more, own, nil
}

func result(d policies.Decision, action, resource string) types.EvaluationResult {
	r := types.EvaluationResult{EvalActionName: &action, EvalResourceName: &resource, EvalDecision: types.PolicyEvaluationDecisionTypeImplicitDeny,
		MatchedStatements: []types.Statement{}, MissingContextValues: []string{}}
	switch {
	case d.Allowed:
		r.EvalDecision = types.PolicyEvaluationDecisionTypeAllowed
	case strings.Contains(d.Reason, "explicit deny"):
		r.EvalDecision = types.PolicyEvaluationDecisionTypeExplicitDeny
	}
	for _, m := range d.By {
		name := m.Policy[strings.LastIndexAny(m.Policy, "/ ")+1:]
		r.MatchedStatements = append(r.MatchedStatements, types.Statement{SourcePolicyId: &name, SourcePolicyType: types.PolicySourceTypeRole})
	}
	return r
}

// pageOf cuts a list into pages of at most 1,000 (100 without MaxItems); the marker is the number of the first item.
func pageOf[T any](list []T, asked *int32, marker *string) ([]T, *string, error) {
	n := 100
	if asked != nil {
		if n = int(*asked); n < 1 || n > 1000 {
			return nil, nil, &types.InvalidInputException{Message: aws.String("MaxItems must be from 1 to 1000.")}
		}
	}
	page, next, ok := door.Page(list, marker, n)
	if !ok {
		return nil, nil, &types.InvalidInputException{Message: aws.String("Invalid Marker.")}
	}
	return page, next, nil
}
