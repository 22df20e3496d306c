package redshiftdata

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"

	"airline/local/recorder"
	"airline/local/resource"
)

// Types says which deployed resources the service takes in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:redshiftserverless/namespace:Namespace":   s.addNamespace,
		"aws:redshiftserverless/workgroup:Workgroup":   s.addWorkgroup,
		"aws:redshift/cluster:Cluster":                 s.addCluster,
		"aws:redshift/clusterIamRoles:ClusterIamRoles": s.addClusterRoles,
		"aws:redshift/subnetGroup:SubnetGroup":         ignore,
		"aws:redshift/parameterGroup:ParameterGroup":   ignore,
		"aws:redshift/logging:Logging":                 ignore,
		"aws:redshiftserverless/usageLimit:UsageLimit": ignore,
		"aws:redshiftdata/statement:Statement":         s.runDeployed,
	}
}

// ignore is for resources without effect on this machine: networks, parameters, audit logs, cost limits.
func ignore(*recorder.Resource) error { return nil }

func (s *Service) addNamespace(r *recorder.Resource) error {
	var in struct {
		Name       string   `prop:"namespaceName"`
		Database   string   `prop:"dbName"`
		Admin      string   `prop:"adminUsername"`
		Password   any      `prop:"adminUserPassword,ignore"`
		PasswordWO any      `prop:"adminUserPasswordWo,ignore"`
		WOVersion  any      `prop:"adminUserPasswordWoVersion,ignore"`
		Managed    any      `prop:"manageAdminPassword,ignore"`
		SecretKey  string   `prop:"adminPasswordSecretKmsKeyId"`
		Secret     string   `prop:"adminPasswordSecretArn,output"`
		Default    any      `prop:"defaultIamRoleArn,ignore"`
		Roles      []string `prop:"iamRoles"`
		Key        any      `prop:"kmsKeyId,ignore"`
		Logs       any      `prop:"logExports,ignore"`
		Tags       any      `prop:"tags,ignore"`
		ARN        string   `prop:"arn,output"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	s.namespaces[in.Name] = &namespace{
		theirs: r.External, arn: in.ARN, database: or(in.Database, "dev"), admin: or(in.Admin, "admin"),
		secret: in.Secret, secretKey: in.SecretKey, roles: in.Roles,
	}
	return nil
}

func (s *Service) addWorkgroup(r *recorder.Resource) error {
	var in struct {
		Name       string  `prop:"workgroupName"`
		Namespace  string  `prop:"namespaceName"`
		Capacity   float64 `prop:"baseCapacity"`
		Max        float64 `prop:"maxCapacity"`
		Parameters []struct {
			Key   string `prop:"parameterKey"`
			Value string `prop:"parameterValue"`
		} `prop:"configParameters"`
		Routing bool              `prop:"enhancedVpcRouting"`
		Port    any               `prop:"port,ignore"`
		Price   any               `prop:"pricePerformanceTarget,ignore"`
		Public  bool              `prop:"publiclyAccessible"`
		Groups  []string          `prop:"securityGroupIds"`
		Subnets []string          `prop:"subnetIds"`
		Track   any               `prop:"trackName,ignore"`
		Tags    map[string]string `prop:"tags"`
		ARN     string            `prop:"arn,output"`
		ID      string            `prop:"workgroupId,output"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	ns := s.namespaces[in.Namespace]
	if ns == nil {
		return resource.Problem(r, "namespace %q is not deployed", in.Namespace)
	}
	if in.Capacity == 0 {
		in.Capacity = 128
	}
	shown := workgroupFacts{
		namespace: in.Namespace, maximum: int32(in.Max), public: in.Public, routing: in.Routing, groups: in.Groups, subnets: in.Subnets, created: s.clock.Now(),
	}
	for _, p := range in.Parameters {
		shown.parameters = append(shown.parameters, types.ConfigParameter{ParameterKey: &p.Key, ParameterValue: &p.Value})
	}
	return s.addEndpoint(r, &endpoint{serverless: true, name: in.Name, arn: in.ARN, id: in.ID, namespace: *ns, capacity: in.Capacity, workgroup: shown, tags: in.Tags})
}

func (s *Service) addCluster(r *recorder.Resource) error {
	var in struct {
		Name      string            `prop:"clusterIdentifier"`
		Database  string            `prop:"databaseName"`
		Admin     string            `prop:"masterUsername"`
		Password  any               `prop:"masterPassword,ignore"`
		Managed   any               `prop:"manageMasterPassword,ignore"`
		SecretKey string            `prop:"masterPasswordSecretKmsKeyId"`
		Secret    string            `prop:"masterPasswordSecretArn,output"`
		Roles     []string          `prop:"iamRoles"`
		Default   any               `prop:"defaultIamRoleArn,ignore"`
		NodeType  string            `prop:"nodeType"`
		Nodes     float64           `prop:"numberOfNodes"`
		Kind      any               `prop:"clusterType,ignore"`
		Encrypted bool              `prop:"encrypted"`
		Key       string            `prop:"kmsKeyId"`
		Groups    []string          `prop:"vpcSecurityGroupIds"`
		Subnets   string            `prop:"clusterSubnetGroupName"`
		Settings  any               `prop:"clusterParameterGroupName,ignore"`
		Public    bool              `prop:"publiclyAccessible"`
		Routing   bool              `prop:"enhancedVpcRouting"`
		Skip      any               `prop:"skipFinalSnapshot,ignore"`
		Final     any               `prop:"finalSnapshotIdentifier,ignore"`
		Retention any               `prop:"automatedSnapshotRetentionPeriod,ignore"`
		Manual    any               `prop:"manualSnapshotRetentionPeriod,ignore"`
		Window    any               `prop:"preferredMaintenanceWindow,ignore"`
		Upgrade   any               `prop:"allowVersionUpgrade,ignore"`
		Now       any               `prop:"applyImmediately,ignore"`
		Zone      any               `prop:"availabilityZone,ignore"`
		Relocate  any               `prop:"availabilityZoneRelocationEnabled,ignore"`
		MultiAZ   any               `prop:"multiAz,ignore"`
		Port      any               `prop:"port,ignore"`
		Track     any               `prop:"maintenanceTrackName,ignore"`
		Version   any               `prop:"clusterVersion,ignore"`
		Tags      map[string]string `prop:"tags"`
		ARN       string            `prop:"arn,output"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	// IAM and the Data API know a cluster as arn:...:cluster:name, while the resource's own arn is the namespace's.
	arn := clusterARN(in.ARN, in.Name)
	shown := clusterFacts{
		nodeType: in.NodeType, nodes: int32(max(in.Nodes, 1)), encrypted: in.Encrypted, key: in.Key, groups: in.Groups, subnetGroup: in.Subnets,
		public: in.Public, routing: in.Routing, created: s.clock.Now(),
	}
	return s.addEndpoint(r, &endpoint{name: in.Name, arn: arn, tags: in.Tags, cluster: shown, namespace: namespace{
		theirs: r.External, arn: in.ARN, database: or(in.Database, "dev"), admin: in.Admin, secret: in.Secret, secretKey: in.SecretKey, roles: in.Roles,
	}})
}

func (s *Service) addClusterRoles(r *recorder.Resource) error {
	var in struct {
		Cluster string   `prop:"clusterIdentifier"`
		Roles   []string `prop:"iamRoleArns"`
		Default any      `prop:"defaultIamRoleArn,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if s.endpoint == nil || s.endpoint.serverless || s.endpoint.name != in.Cluster {
		return resource.Problem(r, "cluster %q is not deployed", in.Cluster)
	}
	s.endpoint.roles = append(s.endpoint.roles, in.Roles...)
	return nil
}

func (s *Service) addEndpoint(r *recorder.Resource, e *endpoint) error {
	if s.endpoint != nil {
		return resource.Problem(r, "the local world has one warehouse file, and %s is behind it already", s.endpoint.name)
	}
	w, err := openWarehouse(s.file, s.clock.Now)
	if err != nil {
		return resource.Problem(r, "%v", err)
	}
	if s.results != nil {
		w.results = s.results
	}
	s.endpoint, s.warehouse, s.access = e, w, newAccess(e.admin, s.credentials)
	if s.repeatable {
		return w.oneThread()
	}
	return nil
}

// runDeployed executes a statement that is deployed as a resource, as the provider does on creation: with
// the Data API, as the user that the resource's credentials name. It takes no virtual time.
func (s *Service) runDeployed(r *recorder.Resource) error {
	var in struct {
		SQL        string `prop:"sql"`
		Database   string `prop:"database"`
		Workgroup  string `prop:"workgroupName"`
		Cluster    string `prop:"clusterIdentifier"`
		User       string `prop:"dbUser"`
		Secret     string `prop:"secretArn"`
		Parameters []struct {
			Name  string `prop:"name"`
			Value string `prop:"value"`
		} `prop:"parameters"`
		Label any `prop:"statementName,ignore"`
		Event any `prop:"withEvent,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	e := s.endpoint
	switch {
	case e == nil, e.name != in.Workgroup+in.Cluster, e.serverless != (in.Workgroup != ""):
		return resource.Problem(r, "no workgroup or cluster %q is deployed", in.Workgroup+in.Cluster)
	case in.Database != e.database && !e.theirs:
		return resource.Problem(r, "FATAL: database %q does not exist", in.Database)
	case in.Secret != "" && in.Secret != e.secret && !e.theirs:
		return resource.Problem(r, "secret %s is not that of %s's administrator", in.Secret, e.name)
	}
	if e.theirs && in.Secret != "" {
		e.secret = in.Secret // the owner's, which the stack was given
	}
	x := &execution{sqls: []string{in.SQL}, user: or(in.User, e.admin), values: map[string]string{}}
	for _, p := range in.Parameters {
		x.values[p.Name] = p.Value
	}
	if err := s.execute(context.Background(), x); err != nil {
		return resource.Problem(r, "%v", err)
	}
	return nil
}

func (s *Service) execute(ctx context.Context, x *execution) error {
	if err := s.perform(ctx, x); err != nil {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(x.sqls[x.at]))
	}
	return x.session.commit()
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func clusterARN(arn, name string) string {
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 {
		return arn
	}
	return strings.Join(part[:5], ":") + ":cluster:" + name
}
