package redshiftdata

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"

	"airline/local/door"
	"airline/region"
)

// Serverless is what clients ask of Amazon Redshift Serverless before they log in: where the workgroup is, what is behind it, and a
// password. A stack with a cluster has none of it.
type Serverless struct{ service *Service }

// Serverless is the workgroup's side of the warehouse.
func (s *Service) Serverless() *Serverless { return &Serverless{s} }

// Address says where clients of PostgreSQL's protocol reach the warehouse.
func (s *Service) Address(host string, port int32) { s.host, s.port = host, port }

// workgroupFacts are what is told of a workgroup beside what statements need.
type workgroupFacts struct {
	namespace       string
	maximum         int32
	public, routing bool
	groups, subnets []string
	parameters      []types.ConfigParameter
	created         time.Time
}

// find is the workgroup of a name.
func (s *Serverless) find(name *string) (*endpoint, error) {
	if e := s.service.endpoint; e != nil && e.serverless && e.name == aws.ToString(name) {
		return e, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("The workgroup " + aws.ToString(name) + " was not found.")}
}

// needs is the permission of a call on a workgroup; one that is not there is refused by the model.
func (s *Serverless) needs(action string, name *string) []door.Request {
	e, err := s.find(name)
	if err != nil {
		return nil
	}
	tags := map[string][]string{}
	for k, v := range e.tags {
		tags["aws:ResourceTag/"+k] = []string{v}
	}
	return []door.Request{{Action: "redshift-serverless:" + action, Resource: e.arn, Keys: tags}}
}

// describe is a workgroup as the API shows it.
func (s *Serverless) describe(e *endpoint) *types.Workgroup {
	w := &types.Workgroup{
		WorkgroupName: &e.name, WorkgroupArn: &e.arn, WorkgroupId: &e.id, NamespaceName: &e.workgroup.namespace, Status: types.WorkgroupStatusAvailable,
		BaseCapacity: aws.Int32(int32(e.capacity)), CreationDate: aws.Time(e.workgroup.created), PubliclyAccessible: &e.workgroup.public, EnhancedVpcRouting: &e.workgroup.routing,
		SecurityGroupIds: e.workgroup.groups, SubnetIds: e.workgroup.subnets, ConfigParameters: e.workgroup.parameters,
		Endpoint: &types.Endpoint{Address: aws.String(s.service.host), Port: aws.Int32(s.service.port)}, Port: aws.Int32(s.service.port),
	}
	if e.workgroup.maximum > 0 {
		w.MaxCapacity = &e.workgroup.maximum
	}
	if s.service.host == "" { // nobody listens here: as on AWS
		part := strings.SplitN(e.arn, ":", 6)
		w.Endpoint = &types.Endpoint{Address: aws.String(e.name + "." + part[4] + "." + part[3] + ".redshift-serverless." + region.Domain(part[3])), Port: aws.Int32(5439)}
		w.Port = aws.Int32(5439)
	}
	return w
}

// GetWorkgroup tells where a workgroup is.
func (s *Serverless) GetWorkgroup(ctx context.Context, in *redshiftserverless.GetWorkgroupInput, _ ...func(*redshiftserverless.Options)) (*redshiftserverless.GetWorkgroupOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.service.door, door.Op[redshiftserverless.GetWorkgroupInput, redshiftserverless.GetWorkgroupOutput]{
		Service: "redshiftserverless", Action: "GetWorkgroup", Needs: s.needs("GetWorkgroup", in.WorkgroupName),
		Do: func(_ context.Context, in *redshiftserverless.GetWorkgroupInput) (*redshiftserverless.GetWorkgroupOutput, error) {
			e, err := s.find(in.WorkgroupName)
			if err != nil {
				return nil, err
			}
			return &redshiftserverless.GetWorkgroupOutput{Workgroup: s.describe(e)}, nil
		},
	}, in)
}

// ListWorkgroups lists the one workgroup there is, or none.
func (s *Serverless) ListWorkgroups(ctx context.Context, in *redshiftserverless.ListWorkgroupsInput, _ ...func(*redshiftserverless.Options)) (*redshiftserverless.ListWorkgroupsOutput, error) {
	return door.Call(ctx, s.service.door, door.Op[redshiftserverless.ListWorkgroupsInput, redshiftserverless.ListWorkgroupsOutput]{
		Service: "redshiftserverless", Action: "ListWorkgroups", Takes: []string{"MaxResults", "NextToken"},
		Needs: []door.Request{{Action: "redshift-serverless:ListWorkgroups", Resource: "*"}},
		Do: func(context.Context, *redshiftserverless.ListWorkgroupsInput) (*redshiftserverless.ListWorkgroupsOutput, error) {
			out := &redshiftserverless.ListWorkgroupsOutput{}
			if e := s.service.endpoint; e != nil && e.serverless {
				out.Workgroups = []types.Workgroup{*s.describe(e)}
			}
			return out, nil
		},
	}, in)
}

// GetNamespace tells what is behind a workgroup.
func (s *Serverless) GetNamespace(ctx context.Context, in *redshiftserverless.GetNamespaceInput, _ ...func(*redshiftserverless.Options)) (*redshiftserverless.GetNamespaceOutput, error) {
	in = door.Given(in)
	ns := s.service.namespaces[aws.ToString(in.NamespaceName)]
	var needs []door.Request
	if ns != nil {
		needs = []door.Request{{Action: "redshift-serverless:GetNamespace", Resource: ns.arn}}
	}
	return door.Call(ctx, s.service.door, door.Op[redshiftserverless.GetNamespaceInput, redshiftserverless.GetNamespaceOutput]{
		Service: "redshiftserverless", Action: "GetNamespace", Needs: needs,
		Do: func(_ context.Context, in *redshiftserverless.GetNamespaceInput) (*redshiftserverless.GetNamespaceOutput, error) {
			if ns == nil {
				return nil, &types.ResourceNotFoundException{Message: aws.String("The namespace " + aws.ToString(in.NamespaceName) + " was not found.")}
			}
			out := &types.Namespace{NamespaceName: in.NamespaceName, DbName: &ns.database, AdminUsername: &ns.admin, IamRoles: ns.roles, Status: types.NamespaceStatusAvailable}
			if ns.arn != "" {
				out.NamespaceArn, out.NamespaceId = &ns.arn, aws.String(ns.arn[strings.LastIndexByte(ns.arn, '/')+1:])
			}
			if ns.secret != "" {
				out.AdminPasswordSecretArn = &ns.secret
			}
			return &redshiftserverless.GetNamespaceOutput{Namespace: out}, nil
		},
	}, in)
}

// GetCredentials makes a password that is valid for 15 minutes to an hour, of the database's user that stands for the caller
// (Redshift Serverless API reference). It is gone with the process.
func (s *Serverless) GetCredentials(ctx context.Context, in *redshiftserverless.GetCredentialsInput, _ ...func(*redshiftserverless.Options)) (*redshiftserverless.GetCredentialsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.service.door, door.Op[redshiftserverless.GetCredentialsInput, redshiftserverless.GetCredentialsOutput]{
		Service: "redshiftserverless", Action: "GetCredentials", Needs: s.needs("GetCredentials", in.WorkgroupName), Takes: []string{"WorkgroupName", "DbName", "DurationSeconds"},
		Do: func(ctx context.Context, in *redshiftserverless.GetCredentialsInput) (*redshiftserverless.GetCredentialsOutput, error) {
			e, err := s.find(in.WorkgroupName)
			if err != nil {
				return nil, err
			}
			life := 900 * time.Second
			if n := in.DurationSeconds; n != nil {
				if life = time.Duration(*n) * time.Second; *n < 900 || *n > 3600 {
					return nil, invalid("The durationSeconds must be from 900 to 3600.")
				}
			}
			caller, _ := door.Caller(ctx)
			user, err := userOf(caller)
			if err != nil {
				return nil, err
			}
			if name := aws.ToString(in.DbName); name != "" && name != e.database {
				return nil, &types.ResourceNotFoundException{Message: aws.String("The database " + name + " was not found.")}
			}
			made := s.service.credentials.issue(user, user, aws.ToString(in.DbName), life)
			return &redshiftserverless.GetCredentialsOutput{DbUser: &user, DbPassword: &made.password, Expiration: &made.expires, NextRefreshTime: &made.expires}, nil
		},
	}, in)
}
