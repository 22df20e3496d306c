package redshiftdata

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
	"airline/region"
)

// Provisioned is what clients ask of Amazon Redshift before they log in to a cluster: where it is, and a password. A stack with a
// workgroup has none of it.
type Provisioned struct{ service *Service }

// Provisioned is the cluster's side of the warehouse.
func (s *Service) Provisioned() *Provisioned { return &Provisioned{s} }

// clusterFacts are what is told of a cluster beside what statements need.
type clusterFacts struct {
	nodeType        string
	nodes           int32
	encrypted       bool
	key             string
	groups          []string
	subnetGroup     string
	public, routing bool
	created         time.Time
}

// find is the cluster of an identifier.
func (p *Provisioned) find(identifier *string) (*endpoint, error) {
	if e := p.service.endpoint; e != nil && !e.serverless && e.name == aws.ToString(identifier) {
		return e, nil
	}
	return nil, &types.ClusterNotFoundFault{Message: aws.String("Cluster " + aws.ToString(identifier) + " not found.")}
}

// of is the ARN of something of a cluster: "dbuser", "dbname".
func (e *endpoint) of(kind, name string) string {
	part := strings.SplitN(e.arn, ":", 7)
	return strings.Join(part[:5], ":") + ":" + kind + ":" + e.name + "/" + name
}

// describe is a cluster as the API shows it.
func (p *Provisioned) describe(e *endpoint) types.Cluster {
	s, f := p.service, e.cluster
	c := types.Cluster{
		ClusterIdentifier: &e.name, ClusterNamespaceArn: &e.namespace.arn, ClusterStatus: aws.String("available"), ClusterAvailabilityStatus: aws.String("Available"),
		ClusterCreateTime: aws.Time(f.created), DBName: &e.database, MasterUsername: &e.admin, NodeType: &f.nodeType, NumberOfNodes: &f.nodes, Encrypted: &f.encrypted,
		PubliclyAccessible: &f.public, EnhancedVpcRouting: &f.routing, Endpoint: &types.Endpoint{Address: &s.host, Port: &s.port},
	}
	for text, member := range map[string]**string{f.key: &c.KmsKeyId, f.subnetGroup: &c.ClusterSubnetGroupName, e.secret: &c.MasterPasswordSecretArn} {
		if text != "" {
			*member = &text
		}
	}
	for _, role := range e.roles {
		c.IamRoles = append(c.IamRoles, types.ClusterIamRole{IamRoleArn: &role, ApplyStatus: aws.String("in-sync")})
	}
	for _, group := range f.groups {
		c.VpcSecurityGroups = append(c.VpcSecurityGroups, types.VpcSecurityGroupMembership{VpcSecurityGroupId: &group, Status: aws.String("active")})
	}
	if s.host == "" { // nobody listens here: as on AWS
		part := strings.SplitN(e.arn, ":", 6)
		c.Endpoint = &types.Endpoint{Address: aws.String(e.name + "." + part[4] + "." + part[3] + ".redshift." + region.Domain(part[3])), Port: aws.Int32(5439)}
	}
	return c
}

// DescribeClusters tells where the one cluster is that there may be.
func (p *Provisioned) DescribeClusters(ctx context.Context, in *redshift.DescribeClustersInput, _ ...func(*redshift.Options)) (*redshift.DescribeClustersOutput, error) {
	in = door.Given(in)
	need := door.Request{Action: "redshift:DescribeClusters", Resource: "*"}
	if e, err := p.find(in.ClusterIdentifier); err == nil {
		need.Resource = e.arn
	}
	return door.Call(ctx, p.service.door, door.Op[redshift.DescribeClustersInput, redshift.DescribeClustersOutput]{
		Service: "redshift", Action: "DescribeClusters", Needs: []door.Request{need}, Takes: []string{"ClusterIdentifier", "MaxRecords", "Marker"},
		Do: func(_ context.Context, in *redshift.DescribeClustersInput) (*redshift.DescribeClustersOutput, error) {
			if in.ClusterIdentifier != nil {
				e, err := p.find(in.ClusterIdentifier)
				if err != nil {
					return nil, err
				}
				return &redshift.DescribeClustersOutput{Clusters: []types.Cluster{p.describe(e)}}, nil
			}
			out := &redshift.DescribeClustersOutput{Clusters: []types.Cluster{}}
			if e := p.service.endpoint; e != nil && !e.serverless {
				out.Clusters = append(out.Clusters, p.describe(e))
			}
			return out, nil
		},
	}, in)
}

// databaseUser are the names that GetClusterCredentials takes (Redshift API reference).
var databaseUser = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+.@-]{0,63}$`)

// GetClusterCredentials makes a password of a user of the database: one logs in with it as "IAM:" and the user's name. The user is not
// made here (AutoCreate).
func (p *Provisioned) GetClusterCredentials(ctx context.Context, in *redshift.GetClusterCredentialsInput, _ ...func(*redshift.Options)) (*redshift.GetClusterCredentialsOutput, error) {
	in = door.Given(in)
	var needs []door.Request
	if e, err := p.find(in.ClusterIdentifier); err == nil {
		needs = e.credentialNeeds("GetClusterCredentials", in.DbUser, in.DbName, in.DurationSeconds)
	}
	return door.Call(ctx, p.service.door, door.Op[redshift.GetClusterCredentialsInput, redshift.GetClusterCredentialsOutput]{
		Service: "redshift", Action: "GetClusterCredentials", Needs: needs, Takes: []string{"ClusterIdentifier", "DbUser", "DbName", "DurationSeconds"},
		Do: func(_ context.Context, in *redshift.GetClusterCredentialsInput) (*redshift.GetClusterCredentialsOutput, error) {
			if _, err := p.find(in.ClusterIdentifier); err != nil {
				return nil, err
			}
			user := aws.ToString(in.DbUser)
			if !databaseUser.MatchString(user) || strings.EqualFold(user, "public") {
				return nil, badParameter("DbUser must be a letter and at most 63 letters, digits, underscores, plus signs, dots, at signs and hyphens, and not PUBLIC.")
			}
			login := "IAM:" + user
			made, err := p.issue(login, user, in.DbName, in.DurationSeconds)
			if err != nil {
				return nil, err
			}
			return &redshift.GetClusterCredentialsOutput{DbUser: &login, DbPassword: &made.password, Expiration: &made.expires}, nil
		},
	}, in)
}

// GetClusterCredentialsWithIAM makes a password of the database's user that stands for the caller.
func (p *Provisioned) GetClusterCredentialsWithIAM(ctx context.Context, in *redshift.GetClusterCredentialsWithIAMInput, _ ...func(*redshift.Options)) (*redshift.GetClusterCredentialsWithIAMOutput, error) {
	in = door.Given(in)
	var needs []door.Request
	if e, err := p.find(in.ClusterIdentifier); err == nil {
		needs = e.credentialNeeds("GetClusterCredentialsWithIAM", nil, in.DbName, in.DurationSeconds)
	}
	return door.Call(ctx, p.service.door, door.Op[redshift.GetClusterCredentialsWithIAMInput, redshift.GetClusterCredentialsWithIAMOutput]{
		Service: "redshift", Action: "GetClusterCredentialsWithIAM", Needs: needs, Takes: []string{"ClusterIdentifier", "DbName", "DurationSeconds"},
		Do: func(ctx context.Context, in *redshift.GetClusterCredentialsWithIAMInput) (*redshift.GetClusterCredentialsWithIAMOutput, error) {
			if _, err := p.find(in.ClusterIdentifier); err != nil {
				return nil, err
			}
			caller, _ := door.Caller(ctx)
			user, err := userOf(caller)
			if err != nil {
				return nil, err
			}
			made, err := p.issue(user, user, in.DbName, in.DurationSeconds)
			if err != nil {
				return nil, err
			}
			return &redshift.GetClusterCredentialsWithIAMOutput{DbUser: &user, DbPassword: &made.password, Expiration: &made.expires, NextRefreshTime: &made.expires}, nil
		},
	}, in)
}

// credentialNeeds are the permissions to get a password: for the user, and for the database where one is named ("Resource policies
// for GetClusterCredentials", Redshift Management Guide).
func (e *endpoint) credentialNeeds(action string, user, database *string, seconds *int32) []door.Request {
	keys := map[string][]string{}
	if database != nil {
		keys["redshift:DbName"] = []string{*database}
	}
	if seconds != nil {
		keys["redshift:DurationSeconds"] = []string{strconv.Itoa(int(*seconds))}
	}
	name := "*"
	if database != nil {
		name = *database
	}
	if user == nil {
		return []door.Request{{Action: "redshift:" + action, Resource: e.of("dbname", name), Keys: keys}}
	}
	keys["redshift:DbUser"] = []string{*user}
	needs := []door.Request{{Action: "redshift:" + action, Resource: e.of("dbuser", *user), Keys: keys}}
	if database != nil {
		needs = append(needs, door.Request{Action: "redshift:" + action, Resource: e.of("dbname", name), Keys: keys})
	}
	return needs
}

// issue makes a password that is valid for 15 minutes to an hour. It is gone with the process.
func (p *Provisioned) issue(login, user string, database *string, seconds *int32) (credential, error) {
	life := 900 * time.Second
	if seconds != nil {
		if life = time.Duration(*seconds) * time.Second; *seconds < 900 || *seconds > 3600 {
			return credential{}, badParameter("DurationSeconds must be from 900 to 3600.")
		}
	}
	return p.service.credentials.issue(login, user, aws.ToString(database), life), nil
}

func badParameter(message string) error {
	return &smithy.GenericAPIError{Code: "InvalidParameterValue", Message: message, Fault: smithy.FaultClient}
}
