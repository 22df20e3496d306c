package awsapi_test

import (
	"strings"
	"testing"

	"airline/asl/awsapi"
	"airline/iam"
)

// A key that the action does not have would silently never apply.
func TestConditionKeys(t *testing.T) {
	for _, c := range []struct {
		actions, key string
		want         string // of the problem; "" for none
	}{
		{`"s3:PutObject"`, "s3:x-amz-server-side-encryption", ""},
		{`"s3:PutObject"`, "s3:X-Amz-Server-Side-Encryption", ""},
		{`"s3:*"`, "s3:prefix", ""},
		{`"*"`, "s3:prefix", ""},
		{`"s3:GetObject"`, "s3:prefix", "is no condition key of s3:GetObject"},
		{`"s3:GetObject"`, "s3:ExistingObjectTag/team", ""},
		{`"s3:GetObject"`, "s3:ExistingObjectTags/team", "is no condition key"},
		{`"kms:Decrypt"`, "kms:ViaService", ""},
		{`"kms:Decrypt"`, "kms:EncryptionContext:aws:s3:arn", ""},
		{`"kms:Decrypt"`, "kms:ViaServices", "is no condition key of kms:Decrypt"},
		{`"iam:PassRole"`, "iam:PassedToService", ""},
		{`"glue:StartJobRun"`, "glue:JobName", "is no condition key of glue:StartJobRun"},
		{`["s3:ListBucket", "s3:GetObject"]`, "s3:prefix", ""},
		{`["s3:PutObject", "s3:GetObject"]`, "s3:prefix", "is no condition key of s3:PutObject, s3:GetObject"},
		{`"kms:Decrypt"`, "kms:ResourceAliases", ""},
		{`"sts:AssumeRoleWithWebIdentity"`, "token.actions.githubusercontent.com:sub", ""},
		{`"sts:AssumeRole"`, "sts:ExternalId", ""},
		{`"newservice:Do"`, "newservice:Key", ""}, // unknown to the data
		{`"dynamodb:GetItem"`, "dynamodb:LeadingKeys", ""},
	} {
		text := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":` + c.actions + `,"Resource":"*","Condition":{"StringEquals":{"` + c.key + `":"x"}}}}`
		_, err := iam.Parser{Kind: iam.Identity, Keys: awsapi.ConditionKeys}.Parse([]byte(text))
		if c.want == "" && err != nil && strings.Contains(err.Error(), "condition key of") || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s of %s: got %v, want %q", c.key, c.actions, err, c.want)
		}
	}
}
