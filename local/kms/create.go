package kms

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
)

// defaultPolicy is AWS's key policy for a key without one.
func defaultPolicy(arn string) string {
	part := strings.Split(arn, ":")
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:%s:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, part[1], part[4])
}

func notFound(what, name string) error {
	return &types.NotFoundException{Message: aws.String(what + " " + name + " is not found.")}
}

// govern gives a key its policy. Without bypass one is refused that would not let the caller change it again, as KMS does.
func (s *Service) govern(ctx context.Context, arn, text string, bypass bool) error {
	p, err := iam.Read(policies.KeyPolicy, text)
	if err != nil {
		return &types.MalformedPolicyDocumentException{Message: aws.String(err.Error())}
	}
	before := s.keys.directory.ResourcePolicy(arn)
	s.keys.directory.SetResourcePolicy(arn, policies.Named{Name: "policy of the key " + arn, Policy: p})
	who, _ := door.Caller(ctx)
	if bypass || s.keys.directory.Authorize(who, door.Request{Action: "kms:PutKeyPolicy", Resource: arn}) == nil {
		return nil
	}
	s.keys.directory.ClearResourcePolicy(arn)
	if before != nil {
		s.keys.directory.SetResourcePolicy(arn, *before)
	}
	return &types.MalformedPolicyDocumentException{Message: aws.String("The new key policy will not allow you to update the key policy in the future.")}
}

// CreateKey makes an enabled symmetric key for encryption.
func (s *Service) CreateKey(ctx context.Context, in *kms.CreateKeyInput, _ ...func(*kms.Options)) (*kms.CreateKeyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.CreateKeyInput, kms.CreateKeyOutput]{
		Service: "kms", Action: "CreateKey", Takes: []string{"Description", "KeyUsage", "KeySpec", "Policy", "BypassPolicyLockoutSafetyCheck", "Origin"},
		Needs: []door.Request{{Action: "kms:CreateKey", Resource: "*"}}, Usage: usage(),
		Do: func(ctx context.Context, in *kms.CreateKeyInput) (*kms.CreateKeyOutput, error) {
			if in.KeyUsage != "" && in.KeyUsage != types.KeyUsageTypeEncryptDecrypt || in.KeySpec != "" && in.KeySpec != types.KeySpecSymmetricDefault || in.Origin != "" && in.Origin != types.OriginTypeAwsKms {
				return nil, &smithy.GenericAPIError{Code: "NotImplemented", Message: "the local world models symmetric keys for encryption with material of AWS KMS only", Fault: smithy.FaultServer}
			}
			if len([]rune(aws.ToString(in.Description))) > 8192 {
				return nil, invalid("1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 8192")
			}
			id := s.keys.door.UUID()
			arn := s.arn("kms", "key/"+id)
			text := aws.ToString(in.Policy)
			if text == "" {
				text = defaultPolicy(arn)
			}
			if err := s.govern(ctx, arn, text, in.BypassPolicyLockoutSafetyCheck); err != nil {
				return nil, err
			}
			s.keys.keys[id] = key{arn: arn, policy: text, description: aws.ToString(in.Description), created: s.keys.door.Now()}
			return &kms.CreateKeyOutput{KeyMetadata: s.keys.metadata(arn)}, nil
		},
	}, in)
}

// metadata is what DescribeKey tells of a key.
func (k *Keys) metadata(arn string) *types.KeyMetadata {
	id, part := arn[strings.LastIndexByte(arn, '/')+1:], strings.Split(arn, ":")
	m := &types.KeyMetadata{Arn: &arn, KeyId: &id, AWSAccountId: &part[4], Enabled: true, Description: aws.String(k.keys[id].description),
		KeyManager: types.KeyManagerTypeCustomer, KeySpec: types.KeySpecSymmetricDefault, KeyState: types.KeyStateEnabled, KeyUsage: types.KeyUsageTypeEncryptDecrypt,
		Origin: types.OriginTypeAwsKms, EncryptionAlgorithms: []types.EncryptionAlgorithmSpec{types.EncryptionAlgorithmSpecSymmetricDefault}}
	if created := k.keys[id].created; !created.IsZero() {
		m.CreationDate = &created
	}
	return m
}

// GetKeyPolicy tells a key's policy.
func (s *Service) GetKeyPolicy(ctx context.Context, in *kms.GetKeyPolicyInput, _ ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.GetKeyPolicyInput, kms.GetKeyPolicyOutput]{
		Service: "kms", Action: "GetKeyPolicy", Needs: s.needs("GetKeyPolicy", in.KeyId, nil), Usage: usage(),
		Do: func(_ context.Context, in *kms.GetKeyPolicyInput) (*kms.GetKeyPolicyOutput, error) {
			id, err := s.policyOf(in.KeyId, in.PolicyName)
			if err != nil {
				return nil, err
			}
			return &kms.GetKeyPolicyOutput{Policy: aws.String(s.keys.keys[id].policy), PolicyName: aws.String("default")}, nil
		},
	}, in)
}

// PutKeyPolicy replaces a key's policy.
func (s *Service) PutKeyPolicy(ctx context.Context, in *kms.PutKeyPolicyInput, _ ...func(*kms.Options)) (*kms.PutKeyPolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.PutKeyPolicyInput, kms.PutKeyPolicyOutput]{
		Service: "kms", Action: "PutKeyPolicy", Needs: s.needs("PutKeyPolicy", in.KeyId, nil), Usage: usage(),
		Do: func(ctx context.Context, in *kms.PutKeyPolicyInput) (*kms.PutKeyPolicyOutput, error) {
			id, err := s.policyOf(in.KeyId, in.PolicyName)
			if err != nil {
				return nil, err
			}
			changed := s.keys.keys[id]
			changed.policy = aws.ToString(in.Policy)
			if err := s.govern(ctx, changed.arn, changed.policy, in.BypassPolicyLockoutSafetyCheck); err != nil {
				return nil, err
			}
			s.keys.keys[id] = changed
			return &kms.PutKeyPolicyOutput{}, nil
		},
	}, in)
}

// policyOf is the id of a key whose policy is named; each has one, "default".
func (s *Service) policyOf(key, name *string) (string, error) {
	arn, err := s.keys.ARN(aws.ToString(key))
	if err != nil {
		return "", err
	}
	if n := aws.ToString(name); n != "" && n != "default" {
		return "", notFound("Policy", n)
	}
	return arn[strings.LastIndexByte(arn, '/')+1:], nil
}

// aliasName is what an alias may be called; alias/aws/ is AWS's.
var aliasName = regexp.MustCompile(`^alias/[A-Za-z0-9/_-]{1,250}$`)

// CreateAlias gives a key another name.
func (s *Service) CreateAlias(ctx context.Context, in *kms.CreateAliasInput, _ ...func(*kms.Options)) (*kms.CreateAliasOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.AliasName)
	needs := append(s.needs("CreateAlias", in.TargetKeyId, nil), door.Request{Action: "kms:CreateAlias", Resource: s.arn("kms", name)})
	return door.Call(ctx, s.keys.door, door.Op[kms.CreateAliasInput, kms.CreateAliasOutput]{
		Service: "kms", Action: "CreateAlias", Needs: needs, Usage: usage(),
		Do: func(_ context.Context, in *kms.CreateAliasInput) (*kms.CreateAliasOutput, error) {
			target := aws.ToString(in.TargetKeyId)
			switch {
			case !aliasName.MatchString(name) || strings.HasPrefix(name, "alias/aws/"):
				return nil, &types.InvalidAliasNameException{Message: aws.String("Alias names begin with alias/, and not with alias/aws/")}
			case strings.Contains(target, "alias/"):
				return nil, invalid("Aliases must refer to keys. Not aliases")
			case s.keys.aliases[name] != "":
				return nil, &types.AlreadyExistsException{Message: aws.String("An alias with the name " + s.arn("kms", name) + " already exists")}
			}
			arn, err := s.keys.ARN(target)
			if err != nil {
				return nil, err
			}
			s.keys.aliases[name] = arn[strings.LastIndexByte(arn, '/')+1:]
			return &kms.CreateAliasOutput{}, nil
		},
	}, in)
}

// DeleteAlias takes a key's other name away.
func (s *Service) DeleteAlias(ctx context.Context, in *kms.DeleteAliasInput, _ ...func(*kms.Options)) (*kms.DeleteAliasOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.AliasName)
	needs := append(s.needs("DeleteAlias", in.AliasName, nil), door.Request{Action: "kms:DeleteAlias", Resource: s.arn("kms", name)})
	return door.Call(ctx, s.keys.door, door.Op[kms.DeleteAliasInput, kms.DeleteAliasOutput]{
		Service: "kms", Action: "DeleteAlias", Needs: needs, Usage: usage(),
		Do: func(context.Context, *kms.DeleteAliasInput) (*kms.DeleteAliasOutput, error) {
			if _, ok := s.keys.aliases[name]; !ok {
				return nil, notFound("Alias", s.arn("kms", name))
			}
			delete(s.keys.aliases, name)
			return &kms.DeleteAliasOutput{}, nil
		},
	}, in)
}
