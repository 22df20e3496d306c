package infra

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshift"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshiftserverless"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// What is given is read, not made: the engine finds out that it is there, and the program whether it is of use. It is as
// known in a preview as in an update.

// known waits for the value of something that was read.
func known[T any](ctx *pulumi.Context, output pulumi.Output) (T, error) {
	var none T
	got, err := internals.UnsafeAwaitOutput(ctx.Context(), output)
	if err != nil {
		return none, err
	}
	switch v := got.Value.(type) {
	case T:
		return v, nil
	case *T:
		if v != nil {
			return *v, nil
		}
	}
	return none, nil
}

// giveBucket reads a bucket that somebody else keeps. It must be in the stack's region.
func giveBucket(ctx *pulumi.Context, name, bucket string, n Names, opts ...pulumi.ResourceOption) (*Bucket, error) {
	b := &Bucket{Name: bucket}
	child, err := register(ctx, "Bucket", name, b, opts)
	if err != nil {
		return nil, err
	}
	b.Bucket, err = s3.GetBucketV2(ctx, name, pulumi.ID(bucket), nil, child)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", bucket, err)
	}
	place, err := known[string](ctx, b.Bucket.Region)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", bucket, err)
	}
	if place != n.Region {
		return nil, fmt.Errorf("bucket %s is in %s and the stack in %s: use one of that region", bucket, place, n.Region)
	}
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{"bucket": pulumi.String(bucket)})
}

// giveRawBucket reads the bucket that gets the files. A load's identity has the object's version, so the bucket must be
// versioned. Where S3 tells of new files, it is made to tell EventBridge, too: S3 takes a bucket's notifications only as a
// whole, so those that are there are said again, and stay when the stack goes.
func giveRawBucket(ctx *pulumi.Context, args *StorageArgs, opts ...pulumi.ResourceOption) (*Bucket, error) {
	bucket := args.Names.Given.RawBucket
	b, err := giveBucket(ctx, "raw", bucket, args.Names, opts...)
	if err != nil {
		return nil, err
	}
	versioning, err := s3.GetBucketVersioningV2(ctx, "raw", pulumi.ID(bucket), nil, pulumi.Parent(b))
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", bucket, err)
	}
	status, err := known[string](ctx, versioning.VersioningConfiguration.Status())
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", bucket, err)
	}
	if status != "Enabled" {
		return nil, fmt.Errorf("bucket %s is not versioned, and loads are told apart by version: aws s3api put-bucket-versioning --bucket %s "+
			"--versioning-configuration Status=Enabled", bucket, bucket)
	}
	if args.Trigger != TriggerS3 {
		return b, nil
	}
	before, err := s3.GetBucketNotification(ctx, "raw-before", pulumi.ID(bucket), nil, pulumi.Parent(b))
	if err != nil {
		return nil, fmt.Errorf("notifications of bucket %s: %w", bucket, err)
	}
	_, err = s3.NewBucketNotification(ctx, "raw", &s3.BucketNotificationArgs{
		Bucket: pulumi.String(bucket), Eventbridge: pulumi.Bool(true),
		LambdaFunctions: before.LambdaFunctions, Queues: before.Queues, Topics: before.Topics,
	}, pulumi.Parent(b), pulumi.RetainOnDelete(true))
	return b, err
}

// giveKey reads a KMS key that somebody else keeps.
func giveKey(ctx *pulumi.Context, name, arn string, opts ...pulumi.ResourceOption) (*Key, error) {
	k := &Key{Name: pulumi.String(arn), ARN: pulumi.String(arn).ToStringOutput()}
	child, err := register(ctx, "Key", name, k, opts)
	if err != nil {
		return nil, err
	}
	key, err := kms.GetKey(ctx, name, pulumi.ID(arn), nil, child)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", arn, err)
	}
	if enabled, err := known[bool](ctx, key.IsEnabled); err != nil || !enabled {
		return nil, fmt.Errorf("key %s is not enabled (%v): enable it, or use another", arn, err)
	}
	return k, ctx.RegisterResourceOutputs(k, pulumi.Map{"arn": k.ARN})
}

// giveTopic reads a topic that somebody else keeps. What encrypts it must be the key that the machines may use.
func giveTopic(ctx *pulumi.Context, name string, n Names, opts ...pulumi.ResourceOption) (*sns.Topic, error) {
	arn := n.Given.TopicARN
	topic, err := sns.GetTopic(ctx, name, pulumi.ID(arn), nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("topic %s: %w", arn, err)
	}
	key, err := known[string](ctx, topic.KmsMasterKeyId)
	if err != nil {
		return nil, fmt.Errorf("topic %s: %w", arn, err)
	}
	given := n.Given.MessagesKeyARN
	if key != "" && (given == "" || key != given && key != given[len(n.ARN("kms", "key/")):]) {
		return nil, fmt.Errorf("topic %s is encrypted with %s, which the stack's roles may not use: set messagesKeyArn to that key's ARN", arn, key)
	}
	return topic, nil
}

// give reads a Redshift that somebody else keeps. Its database is the one of the settings; its administrator makes
// the tables, by way of the secret.
func (w *Warehouse) give(ctx *pulumi.Context, name string, args *WarehouseArgs, child pulumi.ResourceOption) (*connection, error) {
	n := args.Names
	secret := pulumi.String(n.Given.AdminSecretARN)
	if identifier := n.Given.Cluster; identifier != "" {
		cluster, err := redshift.GetCluster(ctx, name, pulumi.ID(identifier), nil, child)
		if err != nil {
			return nil, fmt.Errorf("cluster %s: %w", identifier, err)
		}
		return &connection{
			cluster: pulumi.String(identifier), secret: secret, holder: cluster.ClusterNamespaceArn, arn: cluster.Arn, endpoint: cluster.Endpoint.ToStringPtrOutput(),
		}, nil
	}
	group := n.Given.Workgroup
	workgroup, err := redshiftserverless.GetWorkgroup(ctx, name, pulumi.ID(group), nil, child)
	if err != nil {
		return nil, fmt.Errorf("workgroup %s: %w", group, err)
	}
	if w.WorkgroupARN, err = known[string](ctx, workgroup.Arn); err != nil {
		return nil, fmt.Errorf("workgroup %s: %w", group, err)
	}
	namespace, err := known[string](ctx, workgroup.NamespaceName)
	if err != nil {
		return nil, fmt.Errorf("workgroup %s: %w", group, err)
	}
	holder, err := redshiftserverless.GetNamespace(ctx, name, pulumi.ID(namespace), nil, child)
	if err != nil {
		return nil, fmt.Errorf("namespace %s: %w", namespace, err)
	}
	return &connection{
		workgroup: pulumi.String(group), secret: secret, holder: holder.NamespaceId, arn: workgroup.Arn, endpoint: workgroupEndpoint(workgroup),
	}, nil
}

// giveDatabase reads a database of the Glue catalog that somebody else keeps.
func giveDatabase(ctx *pulumi.Context, name string, n Names, opts ...pulumi.ResourceOption) (*glue.CatalogDatabase, error) {
	database, err := glue.GetCatalogDatabase(ctx, name, pulumi.ID(n.Account+":"+n.Given.GlueDatabase), nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("Glue database %s: %w", n.Given.GlueDatabase, err)
	}
	return database, nil
}
