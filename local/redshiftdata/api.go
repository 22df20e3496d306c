package redshiftdata

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/local/door"
	"airline/local/redshift"
	"airline/region"
)

// Limits of the API (Amazon Redshift Management Guide, "Considerations when calling the Data API", and the API reference).
const (
	maxStatementBytes = 100 << 10
	maxStatements     = 40
	maxActive         = 500
	tokenLife         = 8 * time.Hour
	resultLife        = 24 * time.Hour
)

var parameterName = regexp.MustCompile(`^[0-9a-zA-Z_]+$`)

// ExecuteStatement runs one statement as the caller's database user.
func (s *Service) ExecuteStatement(ctx context.Context, in *redshiftdata.ExecuteStatementInput, _ ...func(*redshiftdata.Options)) (*redshiftdata.ExecuteStatementOutput, error) {
	in = door.Given(in)
	r := request{
		action: "ExecuteStatement", sqls: []string{aws.ToString(in.Sql)}, token: in.ClientToken, cluster: in.ClusterIdentifier,
		database: in.Database, user: in.DbUser, parameters: in.Parameters, format: in.ResultFormat, secret: in.SecretArn,
		session: in.SessionId, keepAlive: in.SessionKeepAliveSeconds, name: in.StatementName, event: in.WithEvent, workgroup: in.WorkgroupName,
	}
	return door.Call(ctx, s.door, door.Op[redshiftdata.ExecuteStatementInput, redshiftdata.ExecuteStatementOutput]{
		Service: "redshiftdata", Action: r.action, Needs: s.needs(r),
		Do: func(ctx context.Context, in *redshiftdata.ExecuteStatementInput) (*redshiftdata.ExecuteStatementOutput, error) {
			x, err := s.accept(ctx, r)
			if err != nil {
				return nil, err
			}
			return &redshiftdata.ExecuteStatementOutput{
				Id: &x.id, CreatedAt: aws.Time(x.created), Database: in.Database, DbUser: aws.String(x.user),
				SecretArn: in.SecretArn, WorkgroupName: in.WorkgroupName, ClusterIdentifier: in.ClusterIdentifier,
			}, nil
		},
	}, in)
}

// BatchExecuteStatement runs statements one after the other in one transaction.
func (s *Service) BatchExecuteStatement(ctx context.Context, in *redshiftdata.BatchExecuteStatementInput, _ ...func(*redshiftdata.Options)) (*redshiftdata.BatchExecuteStatementOutput, error) {
	in = door.Given(in)
	r := request{
		action: "BatchExecuteStatement", batch: true, sqls: in.Sqls, token: in.ClientToken, cluster: in.ClusterIdentifier,
		database: in.Database, user: in.DbUser, parameters: in.Parameters, format: in.ResultFormat, secret: in.SecretArn,
		session: in.SessionId, keepAlive: in.SessionKeepAliveSeconds, name: in.StatementName, event: in.WithEvent, workgroup: in.WorkgroupName,
	}
	return door.Call(ctx, s.door, door.Op[redshiftdata.BatchExecuteStatementInput, redshiftdata.BatchExecuteStatementOutput]{
		Service: "redshiftdata", Action: r.action, Needs: s.needs(r),
		Do: func(ctx context.Context, in *redshiftdata.BatchExecuteStatementInput) (*redshiftdata.BatchExecuteStatementOutput, error) {
			x, err := s.accept(ctx, r)
			if err != nil {
				return nil, err
			}
			return &redshiftdata.BatchExecuteStatementOutput{
				Id: &x.id, CreatedAt: aws.Time(x.created), Database: in.Database, DbUser: aws.String(x.user),
				SecretArn: in.SecretArn, WorkgroupName: in.WorkgroupName, ClusterIdentifier: in.ClusterIdentifier,
			}, nil
		},
	}, in)
}

// request is what both ways to execute have in common.
type request struct {
	action                                                  string
	batch                                                   bool
	sqls                                                    []string
	token, cluster, workgroup, database, user, secret, name *string
	session                                                 *string
	keepAlive                                               *int32
	parameters                                              []types.SqlParameter
	format                                                  types.ResultFormatString
	event                                                   *bool
}

// needs are the permissions of the call itself and of the way it logs in ("Authorizing access to the Data API").
func (s *Service) needs(r request) []door.Request {
	e := s.endpoint
	if e == nil || !e.is(r) {
		return nil // refused by accept: there is nothing to be authorised for
	}
	tags := map[string][]string{}
	for k, v := range e.tags {
		tags["aws:ResourceTag/"+k] = []string{v}
	}
	needs := []door.Request{{Action: "redshift-data:" + r.action, Resource: e.arn, Keys: tags}}
	part := strings.SplitN(e.arn, ":", 7)
	switch {
	case aws.ToString(r.secret) != "":
		needs = append(needs, door.Request{Action: "secretsmanager:GetSecretValue", Resource: *r.secret})
		if strings.HasPrefix(e.secretKey, "arn:") && *r.secret == e.secret {
			needs = append(needs, door.Request{Action: "kms:Decrypt", Resource: e.secretKey,
				Keys: map[string][]string{"kms:ViaService": {"secretsmanager." + part[3] + "." + region.Domain(part[3])}}})
		}
	case e.serverless:
		needs = append(needs, door.Request{Action: "redshift-serverless:GetCredentials", Resource: e.arn, Keys: tags})
	case aws.ToString(r.user) != "":
		needs = append(needs,
			door.Request{Action: "redshift:GetClusterCredentials", Resource: e.of("dbuser", *r.user)},
			door.Request{Action: "redshift:GetClusterCredentials", Resource: e.of("dbname", aws.ToString(r.database))})
	default:
		needs = append(needs, door.Request{Action: "redshift:GetClusterCredentialsWithIAM", Resource: e.of("dbname", aws.ToString(r.database))})
	}
	return needs
}

// is reports whether a request names the endpoint; a workgroup also goes by its ARN.
func (e *endpoint) is(r request) bool {
	if e.serverless {
		w := aws.ToString(r.workgroup)
		return (w == e.name || w == e.arn) && r.cluster == nil
	}
	return aws.ToString(r.cluster) == e.name && r.workgroup == nil
}

// accept checks a request and submits it, unless its token says that it was submitted before.
func (s *Service) accept(ctx context.Context, r request) (*execution, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	e := s.endpoint
	if e == nil || !e.is(r) {
		return nil, invalid("Redshift endpoint doesn't exist in this region.")
	}
	caller, _ := door.Caller(ctx)
	x := &execution{
		batch: r.batch, sqls: r.sqls, params: r.parameters, values: map[string]string{}, owner: caller,
		database: *r.database, secret: aws.ToString(r.secret), name: aws.ToString(r.name),
		status: types.StatusStringSubmitted, created: s.door.Now(), updated: s.door.Now(),
	}
	for _, p := range r.parameters {
		x.values[*p.Name] = *p.Value
	}
	if err := s.login(x, r, caller); err != nil {
		return nil, err
	}
	x.fingerprint = fmt.Sprintf("%q %q %q %s %s %s %s", x.sqls, x.values, x.user, x.database, x.secret, x.name, e.arn)
	token := aws.ToString(r.token)
	if before := s.tokens[token]; token != "" && before != nil && s.door.Now().Sub(before.created) < tokenLife {
		if before.fingerprint != x.fingerprint || before.owner.Role != x.owner.Role {
			return nil, invalid("The client token was used before with other parameters: " + token)
		}
		return before, nil
	}
	if err := s.checkParameters(x); err != nil {
		return nil, err
	}
	if s.active >= maxActive {
		return nil, &types.ActiveStatementsExceededException{Message: aws.String("Active statements exceeded the allowed quota (500).")}
	}
	x.id = s.door.UUID()
	if token != "" {
		s.tokens[token] = x
	}
	s.submit(x)
	return x, nil
}

func (r request) validate() error {
	switch {
	case r.session != nil, r.keepAlive != nil:
		return fmt.Errorf("redshiftdata: %s with a session (SessionId, SessionKeepAliveSeconds) is not modelled by the local world", r.action)
	case aws.ToBool(r.event):
		return fmt.Errorf("redshiftdata: %s with WithEvent is not modelled by the local world", r.action)
	case r.format != "" && r.format != types.ResultFormatStringJson:
		return fmt.Errorf("redshiftdata: %s with ResultFormat %s is not modelled by the local world", r.action, r.format)
	case len(r.sqls) == 0, len(r.sqls) > maxStatements:
		return invalid(fmt.Sprintf("Sqls must have from 1 to %d members.", maxStatements))
	case aws.ToString(r.database) == "":
		return invalid("Database name is required.")
	case r.token != nil && (len(*r.token) < 1 || len(*r.token) > 64):
		return invalid("ClientToken must have from 1 to 64 characters.")
	case r.name != nil && len(*r.name) > 500:
		return invalid("StatementName must have at most 500 characters.")
	case r.user != nil && *r.user == "", r.secret != nil && *r.secret == "", r.cluster != nil && *r.cluster == "", r.workgroup != nil && *r.workgroup == "":
		return invalid("DbUser, SecretArn, ClusterIdentifier and WorkgroupName must not be empty strings: leave out what does not apply.")
	case r.workgroup != nil && r.user != nil:
		return invalid("DbUser is not allowed together with WorkgroupName.")
	case r.cluster != nil && r.workgroup != nil:
		return invalid("ClusterIdentifier and WorkgroupName exclude each other.")
	}
	for _, q := range r.sqls {
		if strings.TrimSpace(q) == "" || len(q) > maxStatementBytes {
			return invalid(fmt.Sprintf("A SQL statement must have from 1 to %d bytes.", maxStatementBytes))
		}
	}
	seen := map[string]bool{}
	for _, p := range r.parameters {
		n := aws.ToString(p.Name)
		switch {
		case !parameterName.MatchString(n):
			return invalid(fmt.Sprintf("Parameter name %q must match %s.", n, parameterName))
		case seen[n]:
			return invalid(fmt.Sprintf("Parameter %s is given twice.", n))
		case aws.ToString(p.Value) == "":
			return invalid(fmt.Sprintf("Parameter %s has no value: an empty string cannot be passed.", n))
		case strings.ContainsRune(*p.Value, 0):
			return invalid(fmt.Sprintf("Parameter %s has a NUL character.", n))
		}
		seen[n] = true
	}
	return nil
}

// login finds the database's user for the credentials that were chosen.
func (s *Service) login(x *execution, r request, caller door.Principal) error {
	switch secret := aws.ToString(r.secret); {
	case secret != "" && secret != s.endpoint.secret:
		return invalid("Secrets Manager can't find the specified secret: " + secret)
	case secret != "":
		x.user = s.endpoint.admin
	case r.user != nil:
		x.user = *r.user
	default:
		var err error
		x.user, err = userOf(caller)
		return err
	}
	return nil
}

// userOf is the database's user that stands for an IAM user or role.
func userOf(caller door.Principal) (string, error) {
	if caller.Role == "" {
		return "", invalid("Temporary credentials need a caller with an IAM identity.")
	}
	name := caller.Role[strings.LastIndexByte(caller.Role, '/')+1:]
	if strings.Contains(caller.Role, ":role/") {
		return "IAMR:" + name, nil
	}
	return "IAM:" + name, nil
}

// checkParameters holds the named parameters against the statements: each needed, each used somewhere.
func (s *Service) checkParameters(x *execution) error {
	used := map[string]bool{}
	for _, q := range x.sqls {
		tokens, err := redshift.Tokens(q)
		if err != nil {
			return nil // a statement that cannot be read fails when it runs
		}
		for _, t := range tokens {
			if t.Kind == param {
				used[t.Value] = true
			}
		}
	}
	var unused, missing []string
	for n := range x.values {
		if !used[n] {
			unused = append(unused, n)
		}
	}
	for n := range used {
		if _, ok := x.values[n]; !ok {
			missing = append(missing, n)
		}
	}
	slices.Sort(unused)
	slices.Sort(missing)
	switch {
	case len(missing) > 0:
		return invalid(fmt.Sprintf("Parameters list is missing parameters. Missing parameters: %v", missing))
	case len(unused) > 0:
		return invalid(fmt.Sprintf("Parameters list contains unused parameters. Unused parameters: %v", unused))
	}
	return nil
}

func invalid(message string) error {
	return &types.ValidationException{Message: aws.String(message)}
}
