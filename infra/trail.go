package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const trailThing = "uploads"

// changingCalls are the three ways an object comes to be in a bucket, and the one it goes: of DeleteObjects CloudTrail
// records a DeleteObject for every object besides, since June 2025.
var changingCalls = []string{"PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject"}

// Trail reports writes under the raw prefixes to EventBridge, by way of CloudTrail.
type Trail struct {
	pulumi.ResourceState
}

// TrailArgs describe the trail.
type TrailArgs struct {
	Names   Names
	Raw     *Bucket // watched
	Logs    *Bucket // gets the log; watching it too would make the trail log itself
	KeyARN  pulumi.StringInput
	Protect bool
}

// NewTrail makes a trail of data events only: writes below the two prefixes of the raw bucket. Management events
// would be a second copy of what the account's own trail has.
func NewTrail(ctx *pulumi.Context, name string, args *TrailArgs, opts ...pulumi.ResourceOption) (*Trail, error) {
	t := &Trail{}
	child, err := register(ctx, "Trail", name, t, opts)
	if err != nil {
		return nil, err
	}
	field := func(name string, f cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs) cloudtrail.TrailAdvancedEventSelectorFieldSelectorInput {
		f.Field = pulumi.String(name)
		return &f
	}
	n := args.Names
	var prefixes []string
	for _, prefix := range n.prefixes() {
		prefixes = append(prefixes, n.BucketARN(args.Raw.Name)+"/"+prefix)
	}
	_, err = cloudtrail.NewTrail(ctx, name, &cloudtrail.TrailArgs{
		Name:                       pulumi.String(n.Name(trailThing)),
		S3BucketName:               args.Logs.Bucket.ID(),
		KmsKeyId:                   args.KeyARN.ToStringOutput().ToStringPtrOutput(),
		EnableLogging:              pulumi.Bool(true),
		EnableLogFileValidation:    pulumi.Bool(true),
		IncludeGlobalServiceEvents: pulumi.Bool(false),
		IsMultiRegionTrail:         pulumi.Bool(false),
		AdvancedEventSelectors: cloudtrail.TrailAdvancedEventSelectorArray{
			&cloudtrail.TrailAdvancedEventSelectorArgs{
				Name: pulumi.String("changes of the raw prefixes"),
				FieldSelectors: cloudtrail.TrailAdvancedEventSelectorFieldSelectorArray{
					field("eventCategory", cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Equals: pulumi.ToStringArray([]string{"Data"})}),
					field("resources.type", cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Equals: pulumi.ToStringArray([]string{"AWS::S3::Object"})}),
					field("readOnly", cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Equals: pulumi.ToStringArray([]string{"false"})}),
					field("eventName", cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Equals: pulumi.ToStringArray(changingCalls)}),
					field("resources.ARN", cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{StartsWiths: pulumi.ToStringArray(prefixes)}),
				},
			},
		},
	}, child, pulumi.Protect(args.Protect), pulumi.DependsOn(args.Logs.Settled))
	if err != nil {
		return nil, err
	}
	return t, ctx.RegisterResourceOutputs(t, pulumi.Map{"name": pulumi.String(n.Name(trailThing))})
}
