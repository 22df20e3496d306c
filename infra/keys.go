package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The stack's KMS keys.
const (
	// dataKey encrypts buckets, the warehouse and logs.
	dataKey = "data"
	// messagesKey encrypts the topic and the queue. EventBridge and CloudWatch must be let into it, which an
	// AWS-managed key does not allow: they would drop messages without a word.
	messagesKey = "messages"
)

// Key is a customer-managed KMS key with its alias.
type Key struct {
	pulumi.ResourceState

	ARN   pulumi.StringOutput
	Alias *kms.Alias
}

// KeyArgs describe a key.
type KeyArgs struct {
	Names       Names
	Thing       string // names the alias: dataKey or messagesKey
	Description string
	Policy      Policy
	Protect     bool
}

// NewKey makes a key that rotates every year, and its alias.
func NewKey(ctx *pulumi.Context, name string, args *KeyArgs, opts ...pulumi.ResourceOption) (*Key, error) {
	k := &Key{}
	child, err := register(ctx, "Key", name, k, opts)
	if err != nil {
		return nil, err
	}
	window := 7
	if args.Protect {
		window = 30
	}
	key, err := kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:          pulumi.String(args.Description),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(window),
		Policy:               pulumi.String(args.Policy.JSON()),
	}, append(keepData(args.Protect), child)...)
	if err != nil {
		return nil, err
	}
	k.Alias, err = kms.NewAlias(ctx, name, &kms.AliasArgs{
		Name:        pulumi.String(args.Names.KeyAlias(args.Thing)),
		TargetKeyId: key.KeyId,
	}, child)
	if err != nil {
		return nil, err
	}
	k.ARN = key.Arn
	return k, ctx.RegisterResourceOutputs(k, pulumi.Map{"arn": k.ARN})
}
