// Package sts is AWS Security Token Service in the local world: it tells callers who they are, and gives sessions of deployed
// roles to whom their trust policies let in.
package sts

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// Issue makes the credentials of a session that holds a role.
type Issue func(p door.Principal, valid time.Duration) types.Credentials

// Service is STS. Its methods go through the door.
type Service struct {
	door  *door.Door
	issue Issue
}

// New makes an STS whose sessions get their credentials from issue.
func New(d *door.Door, issue Issue) *Service { return &Service{door: d, issue: issue} }

// GetCallerIdentity tells who calls. It needs no permission (STS API reference).
func (s *Service) GetCallerIdentity(ctx context.Context, in *sts.GetCallerIdentityInput, _ ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	return door.Call(ctx, s.door, door.Op[sts.GetCallerIdentityInput, sts.GetCallerIdentityOutput]{
		Service: "sts", Action: "GetCallerIdentity",
		Do: func(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
			p, _ := door.Caller(ctx)
			return &sts.GetCallerIdentityOutput{Account: &p.Account, Arn: aws.String(p.String()), UserId: aws.String(idOf(p))}, nil
		},
	}, in)
}

// idOf is a principal's unique id: of a user "AIDA...", of a session "AROA...:<session name>".
func idOf(p door.Principal) string {
	kind, session := "AIDA", ""
	if _, name, ok := strings.Cut(p.ARN, ":assumed-role/"); ok {
		kind, session = "AROA", ":"+name[strings.LastIndexByte(name, '/')+1:]
	}
	return door.UniqueID(kind, p.Role) + session
}

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// AssumeRole starts a session of a role, for 15 minutes to 12 hours (an hour without DurationSeconds).
func (s *Service) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, _ ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	in = door.Given(in)
	need := door.Request{Action: "sts:AssumeRole", Resource: aws.ToString(in.RoleArn), Keys: map[string][]string{"sts:RoleSessionName": {aws.ToString(in.RoleSessionName)}}}
	if in.ExternalId != nil {
		need.Keys["sts:ExternalId"] = []string{*in.ExternalId}
	}
	return door.Call(ctx, s.door, door.Op[sts.AssumeRoleInput, sts.AssumeRoleOutput]{
		Service: "sts", Action: "AssumeRole", Needs: []door.Request{need},
		Takes: []string{"RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"},
		Do: func(_ context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
			part := strings.SplitN(aws.ToString(in.RoleArn), ":", 6)
			if len(part) != 6 || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
				return nil, invalid("%s is invalid", aws.ToString(in.RoleArn))
			}
			session := aws.ToString(in.RoleSessionName)
			if !sessionName.MatchString(session) {
				return nil, invalid("1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*, with a length of 2 to 64", session)
			}
			valid := time.Hour
			if in.DurationSeconds != nil {
				valid = time.Duration(*in.DurationSeconds) * time.Second
			}
			if valid < 15*time.Minute || valid > 12*time.Hour {
				return nil, invalid("1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must be from 900 to 43200", *in.DurationSeconds)
			}
			name := part[5][strings.LastIndexByte(part[5], '/')+1:]
			p := door.Principal{ARN: fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", part[1], part[4], name, session), Role: *in.RoleArn, Account: part[4]}
			credentials := s.issue(p, valid)
			return &sts.AssumeRoleOutput{
				Credentials:     &credentials,
				AssumedRoleUser: &types.AssumedRoleUser{Arn: &p.ARN, AssumedRoleId: aws.String(idOf(p))},
			}, nil
		},
	}, in)
}

func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationError", Message: fmt.Sprintf(format, args...), Fault: smithy.FaultClient}
}
