package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Where things lie in the buckets, besides the raw files: see Names.prefixes.
const (
	loadsPrefix   = loadsFolder + "/" // staging bucket: what the job writes for a load
	loadsFolder   = "loads"           // Spark also asks for the folder itself, and marks it
	scriptsPrefix = "job/"            // scripts bucket
	sqlPrefix     = "sql/"            // scripts bucket
)

// bucketThings are the buckets that a stack may have.
var bucketThings = []string{"raw", "staging", "scripts", "logs", "trail"}

// abortUploadDays is after how many days an unfinished multipart upload is given up.
const abortUploadDays = 7

// Bucket is one S3 bucket with everything that makes it safe: TLS only, public access blocked, owner enforced,
// encrypted, versioned, and with a lifecycle.
type Bucket struct {
	pulumi.ResourceState

	Name   string
	Bucket *s3.BucketV2
	// Settled are the bucket's settings. What puts objects into the bucket depends on them: an object keeps the
	// encryption and has the version that the bucket had when it came.
	Settled []pulumi.Resource
}

// BucketArgs describe a bucket.
type BucketArgs struct {
	Names Names
	Thing string // names the bucket, such as "raw"
	// KeyARN is the KMS key of the bucket. Without one S3 encrypts with its own keys, which is all that the
	// target of server access logs may have.
	KeyARN pulumi.StringInput
	// AccessLogs is the bucket that gets the server access logs; nil for that bucket itself.
	AccessLogs *Bucket
	// Statements are added to the bucket policy.
	Statements []Statement
	// Expire are days after which objects under a prefix expire.
	Expire []Expiry
	// NoncurrentDays is after how many days replaced versions expire.
	NoncurrentDays int
	// Notify makes S3 report events to EventBridge.
	Notify  bool
	Protect bool
}

// Expiry lets objects under a prefix expire.
type Expiry struct {
	Prefix string
	Days   int
}

// NewBucket makes a bucket and its settings.
func NewBucket(ctx *pulumi.Context, name string, args *BucketArgs, opts ...pulumi.ResourceOption) (*Bucket, error) {
	b := &Bucket{Name: args.Names.Bucket(args.Thing)}
	child, err := register(ctx, "Bucket", name, b, opts)
	if err != nil {
		return nil, err
	}
	b.Bucket, err = s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		Bucket:       pulumi.String(b.Name),
		ForceDestroy: pulumi.Bool(!args.Protect),
	}, append(keepData(args.Protect), child)...)
	if err != nil {
		return nil, err
	}
	id := b.Bucket.ID()
	part := keepPart(args.Protect, child)

	owner, err := s3.NewBucketOwnershipControls(ctx, name, &s3.BucketOwnershipControlsArgs{
		Bucket: id,
		Rule:   &s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, part)
	if err != nil {
		return nil, err
	}
	block, err := s3.NewBucketPublicAccessBlock(ctx, name, &s3.BucketPublicAccessBlockArgs{
		Bucket:                id,
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, part, pulumi.DependsOn([]pulumi.Resource{owner}))
	if err != nil {
		return nil, err
	}
	encryption, err := args.encrypt(ctx, name, id, part)
	if err != nil {
		return nil, err
	}
	versioning, err := s3.NewBucketVersioningV2(ctx, name, &s3.BucketVersioningV2Args{
		Bucket:                  id,
		VersioningConfiguration: &s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, part)
	if err != nil {
		return nil, err
	}
	if err := args.expire(ctx, name, id, part, pulumi.DependsOn([]pulumi.Resource{versioning})); err != nil {
		return nil, err
	}
	if args.AccessLogs != nil {
		if _, err := s3.NewBucketLoggingV2(ctx, name, &s3.BucketLoggingV2Args{
			Bucket:       id,
			TargetBucket: args.AccessLogs.Bucket.ID(),
			TargetPrefix: pulumi.String(args.Names.logsPrefix() + "s3/" + args.Thing + "/"),
		}, part, pulumi.DependsOn(args.AccessLogs.Settled)); err != nil {
			return nil, err
		}
	}
	if args.Notify {
		if _, err := s3.NewBucketNotification(ctx, name, &s3.BucketNotificationArgs{
			Bucket: id, Eventbridge: pulumi.Bool(true),
		}, part); err != nil {
			return nil, err
		}
	}
	// S3 answers changes of the policy and of the public access block at the same time with a conflict.
	policy, err := s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{
		Bucket: id,
		Policy: pulumi.String(args.Names.bucketPolicy(b.Name, args.Statements...).JSON()),
	}, part, pulumi.DependsOn([]pulumi.Resource{block}))
	if err != nil {
		return nil, err
	}
	b.Settled = []pulumi.Resource{encryption, versioning, policy}
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{"bucket": pulumi.String(b.Name)})
}

func (args *BucketArgs) encrypt(
	ctx *pulumi.Context, name string, id pulumi.IDOutput, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	rule := &s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
		ApplyServerSideEncryptionByDefault: &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
			SseAlgorithm: pulumi.String("AES256"),
		},
	}
	if args.KeyARN != nil {
		rule = &s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			// One data key for many objects: fewer calls to KMS.
			BucketKeyEnabled: pulumi.Bool(true),
			ApplyServerSideEncryptionByDefault: &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
				SseAlgorithm:   pulumi.String("aws:kms"),
				KmsMasterKeyId: args.KeyARN.ToStringOutput().ToStringPtrOutput(),
			},
		}
	}
	return s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name, &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: id,
		Rules:  s3.BucketServerSideEncryptionConfigurationV2RuleArray{rule},
	}, opts...)
}

func (args *BucketArgs) expire(
	ctx *pulumi.Context, name string, id pulumi.IDOutput, opts ...pulumi.ResourceOption,
) error {
	rules := s3.BucketLifecycleConfigurationV2RuleArray{
		&s3.BucketLifecycleConfigurationV2RuleArgs{
			Id:     pulumi.String("leftovers"),
			Status: pulumi.String("Enabled"),
			Filter: &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			AbortIncompleteMultipartUpload: &s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
				DaysAfterInitiation: pulumi.Int(abortUploadDays),
			},
			NoncurrentVersionExpiration: &s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
				NoncurrentDays: pulumi.Int(args.NoncurrentDays),
			},
		},
	}
	for _, e := range args.Expire {
		id := "expire"
		if e.Prefix != "" {
			id += "-" + e.Prefix[:len(e.Prefix)-1]
		}
		rules = append(rules, &s3.BucketLifecycleConfigurationV2RuleArgs{
			Id:         pulumi.String(id),
			Status:     pulumi.String("Enabled"),
			Filter:     &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String(e.Prefix)},
			Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(e.Days)},
		})
	}
	_, err := s3.NewBucketLifecycleConfigurationV2(ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: id,
		Rules:  rules,
	}, opts...)
	return err
}

// Storage is the pipeline's buckets.
type Storage struct {
	pulumi.ResourceState

	Raw, Staging, Scripts, Logs *Bucket
	// Trail receives the CloudTrail log; nil unless CloudTrail is the trigger.
	Trail *Bucket
}

// StorageArgs describe the buckets.
type StorageArgs struct {
	Names     Names
	KeyARN    pulumi.StringInput // key of all buckets but the access logs'
	Trigger   Trigger
	Producers []string // who else may upload
	Retention RetentionConfig
	Protect   bool
}

// NewStorage makes the buckets.
func NewStorage(ctx *pulumi.Context, name string, args *StorageArgs, opts ...pulumi.ResourceOption) (*Storage, error) {
	s := &Storage{}
	child, err := register(ctx, "Storage", name, s, opts)
	if err != nil {
		return nil, err
	}
	n := args.Names
	if n.Given.LogBucket != "" {
		s.Logs, err = giveBucket(ctx, "logs", n.Given.LogBucket, n, child)
	} else {
		s.Logs, err = NewBucket(ctx, "logs", &BucketArgs{
			Names: n, Thing: "logs", Protect: args.Protect,
			Statements:     append(n.flowLogStatements(), n.accessLogStatement()),
			Expire:         []Expiry{{Days: args.Retention.LogDays}},
			NoncurrentDays: args.Retention.NoncurrentDays,
		}, child)
	}
	if err != nil {
		return nil, err
	}
	bucket := func(thing string, more BucketArgs) (*Bucket, error) {
		more.Names, more.Thing, more.KeyARN, more.AccessLogs = n, thing, args.KeyARN, s.Logs
		more.Protect, more.NoncurrentDays = args.Protect, args.Retention.NoncurrentDays
		return NewBucket(ctx, thing, &more, child)
	}
	if n.Given.RawBucket != "" {
		s.Raw, err = giveRawBucket(ctx, args, child)
	} else {
		s.Raw, err = bucket("raw", BucketArgs{Notify: args.Trigger == TriggerS3, Statements: n.producerStatements(args.Producers)})
	}
	if err != nil {
		return nil, err
	}
	if s.Staging, err = bucket("staging", BucketArgs{
		Expire: []Expiry{{Prefix: loadsPrefix, Days: args.Retention.StagingDays}},
	}); err != nil {
		return nil, err
	}
	if s.Scripts, err = bucket("scripts", BucketArgs{}); err != nil {
		return nil, err
	}
	if args.Trigger == TriggerCloudTrail {
		if s.Trail, err = bucket("trail", BucketArgs{
			Statements: n.trailBucketStatements(),
			Expire:     []Expiry{{Days: args.Retention.LogDays}},
		}); err != nil {
			return nil, err
		}
	}
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{"raw": pulumi.String(s.Raw.Name)})
}
