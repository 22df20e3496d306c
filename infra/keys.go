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

	ARN pulumi.StringOutput
	// Name is what services call the key by: its alias, or the ARN of a key that is given.
	Name pulumi.StringInput
}

// KeyArgs describe a key.
type KeyArgs struct {
	Names       Names
	Thing       string // names the alias: dataKey or messagesKey
	Description string
	Policy      Policy
	Protect     bool
	Keep        bool // others need it: it stays when the stack goes
}

// NewKey makes a key that rotates every year, and its alias; or it takes the one that is given.
func NewKey(ctx *pulumi.Context, name string, args *KeyArgs, opts ...pulumi.ResourceOption) (*Key, error) {
	if given := args.Names.Given.key(args.Thing); given != "" {
		return giveKey(ctx, name, given, opts...)
	}
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
	}, append(keepData(args.Protect), child, pulumi.RetainOnDelete(args.Protect || args.Keep))...)
	if err != nil {
		return nil, err
	}
	alias, err := kms.NewAlias(ctx, name, &kms.AliasArgs{
		Name:        pulumi.String(args.Names.KeyAlias(args.Thing)),
		TargetKeyId: key.KeyId,
	}, keepPart(args.Protect || args.Keep, child))
	if err != nil {
		return nil, err
	}
	k.ARN, k.Name = key.Arn, alias.Name
	return k, ctx.RegisterResourceOutputs(k, pulumi.Map{"arn": k.ARN})
}
