package wire_test

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	policies "airline/iam"
)

// The roles of the stack are listed with their documents, and simulated by the evaluator that every call passes.
func TestIAM(t *testing.T) {
	s := devStack(t)
	ctx, client := t.Context(), iam.NewFromConfig(s.as("operator"))
	var names []string
	for pages := iam.NewListRolesPaginator(client, &iam.ListRolesInput{MaxItems: aws.Int32(3)}); pages.HasMorePages(); {
		for _, r := range must[*iam.ListRolesOutput](t)(pages.NextPage(ctx)).Roles {
			names = append(names, *r.RoleName)
		}
	}
	if len(names) < 5 {
		t.Fatalf("got the roles %v", names)
	}
	var role string
	for _, name := range names {
		if strings.Contains(name, "ingest") && len(must[*iam.ListRolePoliciesOutput](t)(client.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &name})).PolicyNames) > 0 {
			role = name
		}
	}
	if role == "" {
		t.Fatalf("no role of a machine among %v", names)
	}
	got := must[*iam.GetRoleOutput](t)(client.GetRole(ctx, &iam.GetRoleInput{RoleName: &role})).Role
	session := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(s.as(role)).GetCallerIdentity(ctx, nil))
	if !regexp.MustCompile(`^AROA[A-Z2-7]{17}$`).MatchString(*got.RoleId) || *session.UserId != *got.RoleId+":serve" {
		t.Errorf("the role's id is %s, its session's %s", *got.RoleId, *session.UserId)
	}
	if trust, err := url.QueryUnescape(*got.AssumeRolePolicyDocument); err != nil || !strings.Contains(trust, "sts:AssumeRole") {
		t.Errorf("got %s, %v", trust, err)
	}
	inline := must[*iam.ListRolePoliciesOutput](t)(client.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &role})).PolicyNames
	document := must[*iam.GetRolePolicyOutput](t)(client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &inline[0]})).PolicyDocument
	text, err := url.QueryUnescape(*document)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policies.Parse(policies.Identity, []byte(text))
	if err != nil || len(p.Statements) == 0 {
		t.Fatalf("the inline policy %s: %v", text, err)
	}
	topic := s.world.Graph.Outputs["topicArn"].(string)
	simulated := must[*iam.SimulatePrincipalPolicyOutput](t)(client.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{PolicySourceArn: got.Arn,
		ActionNames: []string{"sns:Publish", "iam:CreateUser"}, ResourceArns: []string{topic}}))
	for _, r := range simulated.EvaluationResults {
		want := iamtypes.PolicyEvaluationDecisionTypeImplicitDeny
		if *r.EvalActionName == "sns:Publish" {
			want = iamtypes.PolicyEvaluationDecisionTypeAllowed
		}
		if r.EvalDecision != want || *r.EvalResourceName != topic {
			t.Errorf("%s on %s is %s, want %s", *r.EvalActionName, *r.EvalResourceName, r.EvalDecision, want)
		}
	}
	denied := must[*iam.SimulatePrincipalPolicyOutput](t)(client.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{PolicySourceArn: got.Arn, ActionNames: []string{"sns:Publish"},
		ResourceArns: []string{topic}, PolicyInputList: []string{`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sns:*","Resource":"*"}}`}}))
	if d := denied.EvaluationResults[0].EvalDecision; d != iamtypes.PolicyEvaluationDecisionTypeExplicitDeny {
		t.Errorf("with a deny: %s", d)
	}
	var none *iamtypes.NoSuchEntityException
	if _, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("none")}); !errors.As(err, &none) {
		t.Errorf("a role that is not there: %v", err)
	}
	if _, err := iam.NewFromConfig(s.as(role)).ListRoles(ctx, nil); code(err) != "AccessDenied 403" {
		t.Errorf("without permission: %v", err)
	}
}

// What a key has enciphered, it deciphers under the same context alone.
func TestKMS(t *testing.T) {
	s := devStack(t)
	ctx, client := t.Context(), kms.NewFromConfig(s.as("operator"))
	keys := must[*kms.ListKeysOutput](t)(client.ListKeys(ctx, nil)).Keys
	aliases := must[*kms.ListAliasesOutput](t)(client.ListAliases(ctx, nil)).Aliases
	if len(keys) == 0 || len(aliases) == 0 {
		t.Fatalf("got %d keys and %d aliases", len(keys), len(aliases))
	}
	alias, bound := aliases[0].AliasName, map[string]string{"for": "test"}
	key := must[*kms.DescribeKeyOutput](t)(client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: alias})).KeyMetadata
	sealed := must[*kms.EncryptOutput](t)(client.Encrypt(ctx, &kms.EncryptInput{KeyId: alias, Plaintext: []byte("secret"), EncryptionContext: bound}))
	opened := must[*kms.DecryptOutput](t)(client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: bound}))
	if string(opened.Plaintext) != "secret" || *opened.KeyId != *key.Arn || *key.KeyId != *aliases[0].TargetKeyId {
		t.Errorf("got %s under %s", opened.Plaintext, *opened.KeyId)
	}
	var invalid *kmstypes.InvalidCiphertextException
	if _, err := client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob}); !errors.As(err, &invalid) {
		t.Errorf("without the context: %v", err)
	}
	if _, err := client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob[:5]}); !errors.As(err, &invalid) {
		t.Errorf("a piece of it: %v", err)
	}
	data := must[*kms.GenerateDataKeyOutput](t)(client.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: key.KeyId, KeySpec: kmstypes.DataKeySpecAes256}))
	again := must[*kms.DecryptOutput](t)(client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: data.CiphertextBlob, KeyId: key.Arn}))
	if len(data.Plaintext) != 32 || string(again.Plaintext) != string(data.Plaintext) {
		t.Errorf("a data key of %d bytes", len(data.Plaintext))
	}
	if _, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/none")}); code(err) != "NotFoundException 400" {
		t.Errorf("a key that is not there: %v", err)
	}
}
