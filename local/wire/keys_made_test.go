package wire_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/wire"
)

// A key that is made encrypts a queue, and its policy decides whether a topic may send there.
func TestKeysAreMade(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	ctx, keys, queues, topics := t.Context(), kms.NewFromConfig(s.as("operator")), sqs.NewFromConfig(s.as("operator")), sns.NewFromConfig(s.as("operator"))
	key := must[*kms.CreateKeyOutput](t)(keys.CreateKey(ctx, &kms.CreateKeyInput{Description: aws.String("mine")})).KeyMetadata
	if !strings.HasPrefix(*key.Arn, "arn:aws:kms:us-east-1:123456789012:key/") || *key.Description != "mine" || !key.Enabled || key.CreationDate == nil {
		t.Errorf("the key is %+v", key)
	}
	must[*kms.CreateAliasOutput](t)(keys.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: key.KeyId}))
	sealed := must[*kms.EncryptOutput](t)(keys.Encrypt(ctx, &kms.EncryptInput{KeyId: aws.String("alias/mine"), Plaintext: []byte("x")}))
	if out := must[*kms.DecryptOutput](t)(keys.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob})); string(out.Plaintext) != "x" || *out.KeyId != *key.Arn {
		t.Errorf("deciphered to %q with %s", out.Plaintext, *out.KeyId)
	}
	topic := must[*sns.CreateTopicOutput](t)(topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("t")})).TopicArn
	url, queue := newQueue(t, queues, "q", map[string]string{"KmsMasterKeyId": "alias/mine"})
	must[*sqs.SetQueueAttributesOutput](t)(queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: letting("sns.amazonaws.com", queue, *topic)}))
	must[*sns.SubscribeOutput](t)(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: &queue, Attributes: map[string]string{"RawMessageDelivery": "true"}}))
	publish := func(message string) {
		t.Helper()
		must[*sns.PublishOutput](t)(topics.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: &message}))
	}
	publish("before the key's policy lets SNS in")
	owner := *must[*kms.GetKeyPolicyOutput](t)(keys.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: key.KeyId})).Policy
	more := `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}`
	must[*kms.PutKeyPolicyOutput](t)(keys.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: key.KeyId, Policy: aws.String(strings.Replace(owner, `"Statement":[`, `"Statement":[`+more+",", 1))}))
	publish("after")
	if got := bodies(t, queues, url); !slices.Equal(got, []string{"after"}) {
		t.Errorf("the queue got %q", got)
	}
	onlySNS := `{"Version": "2012-10-17", "Statement": [` + more + `]}`
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a key for signatures":          {second(keys.CreateKey(ctx, &kms.CreateKeyInput{KeyUsage: types.KeyUsageTypeSignVerify, KeySpec: types.KeySpecEccNistP256})), "NotImplemented 501"},
		"a policy that is none":         {second(keys.CreateKey(ctx, &kms.CreateKeyInput{Policy: aws.String("{}")})), "MalformedPolicyDocumentException 400"},
		"a policy that locks out":       {second(keys.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: key.KeyId, Policy: &onlySNS})), "MalformedPolicyDocumentException 400"},
		"an alias of AWS":               {second(keys.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/aws/x"), TargetKeyId: key.KeyId})), "InvalidAliasNameException 400"},
		"an alias twice":                {second(keys.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: key.KeyId})), "AlreadyExistsException 400"},
		"an alias of an alias":          {second(keys.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/x"), TargetKeyId: aws.String("alias/mine")})), "ValidationException 400"},
		"an alias of nothing":           {second(keys.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/x"), TargetKeyId: aws.String("x")})), "NotFoundException 400"},
		"no alias":                      {second(keys.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: aws.String("alias/x")})), "NotFoundException 400"},
		"another policy's name":         {second(keys.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: key.KeyId, PolicyName: aws.String("x")})), "NotFoundException 400"},
		"the policy that is refused":    {second(keys.Encrypt(ctx, &kms.EncryptInput{KeyId: key.KeyId, Plaintext: []byte("x")})), "<nil>"},
		"the alias that is still there": {second(keys.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: aws.String("alias/mine")})), "<nil>"},
	} {
		if got := code(c.err); got != c.want {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
}
