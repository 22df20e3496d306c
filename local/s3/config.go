package s3

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
)

// configuration is a bucket's settings that have no effect in the local world, or one that other fields have too, as S3 tells them.
type configuration struct {
	tags      map[string]string
	block     *types.PublicAccessBlockConfiguration
	policy    string // JSON
	lifecycle []types.LifecycleRule
	logging   *types.LoggingEnabled
}

// configure is an action on the configuration of a bucket. takes are the members that it honours beside Bucket.
func configure[In, Out any](ctx context.Context, s *Service, action, permission string, in *In, name string, takes []string, do func(*bucket) (*Out, error)) (*Out, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[In, Out]{
		Service: "s3", Action: action, Takes: append([]string{"Bucket"}, takes...),
		Needs: []door.Request{{Action: "s3:" + permission, Resource: s.bucketARN(&name)}},
		Do: func(context.Context, *In) (*Out, error) {
			b, err := s.bucket(&name)
			if err != nil {
				return nil, err
			}
			return do(b)
		},
	}, in)
}

// PutBucketVersioning has a bucket keep versions, or keep no more of them.
func (s *Service) PutBucketVersioning(ctx context.Context, in *s3.PutBucketVersioningInput, _ ...func(*s3.Options)) (*s3.PutBucketVersioningOutput, error) {
	in = door.Given(in)
	return configure(ctx, s, "PutBucketVersioning", "PutBucketVersioning", in, aws.ToString(in.Bucket), []string{"VersioningConfiguration"}, func(b *bucket) (*s3.PutBucketVersioningOutput, error) {
		c := in.VersioningConfiguration
		switch {
		case c == nil || c.Status != types.BucketVersioningStatusEnabled && c.Status != types.BucketVersioningStatusSuspended:
			return nil, malformed()
		case c.MFADelete == types.MFADeleteEnabled:
			return nil, notImplemented("MFA delete")
		}
		b.versioned, b.suspended = true, c.Status == types.BucketVersioningStatusSuspended
		return &s3.PutBucketVersioningOutput{}, nil
	})
}

// GetBucketEncryption tells what objects are encrypted under unless they say otherwise.
func (s *Service) GetBucketEncryption(ctx context.Context, in *s3.GetBucketEncryptionInput, _ ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error) {
	return configure(ctx, s, "GetBucketEncryption", "GetEncryptionConfiguration", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketEncryptionOutput, error) {
		byDefault := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}
		if b.kmsKey != "" {
			byDefault = &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &b.kmsKey}
		}
		return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: &b.bucketKey}},
		}}, nil
	})
}

// GetBucketNotificationConfiguration tells whether a bucket sends its events to EventBridge. Other destinations are not modelled.
func (s *Service) GetBucketNotificationConfiguration(ctx context.Context, in *s3.GetBucketNotificationConfigurationInput, _ ...func(*s3.Options)) (*s3.GetBucketNotificationConfigurationOutput, error) {
	return configure(ctx, s, "GetBucketNotificationConfiguration", "GetBucketNotification", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketNotificationConfigurationOutput, error) {
		out := &s3.GetBucketNotificationConfigurationOutput{}
		if b.toEventBridge {
			out.EventBridgeConfiguration = &types.EventBridgeConfiguration{}
		}
		return out, nil
	})
}

// PutBucketNotificationConfiguration has a bucket send its events to EventBridge, or not.
func (s *Service) PutBucketNotificationConfiguration(ctx context.Context, in *s3.PutBucketNotificationConfigurationInput, _ ...func(*s3.Options)) (*s3.PutBucketNotificationConfigurationOutput, error) {
	in = door.Given(in)
	return configure(ctx, s, "PutBucketNotificationConfiguration", "PutBucketNotification", in, aws.ToString(in.Bucket), []string{"NotificationConfiguration"}, func(b *bucket) (*s3.PutBucketNotificationConfigurationOutput, error) {
		c := in.NotificationConfiguration
		switch {
		case c == nil:
			return nil, malformed()
		case len(c.LambdaFunctionConfigurations)+len(c.QueueConfigurations)+len(c.TopicConfigurations) > 0:
			return nil, notImplemented("notifications to anything but EventBridge")
		}
		b.toEventBridge = c.EventBridgeConfiguration != nil
		return &s3.PutBucketNotificationConfigurationOutput{}, nil
	})
}

// GetBucketOwnershipControls tells that a bucket has no access control lists.
func (s *Service) GetBucketOwnershipControls(ctx context.Context, in *s3.GetBucketOwnershipControlsInput, _ ...func(*s3.Options)) (*s3.GetBucketOwnershipControlsOutput, error) {
	return configure(ctx, s, "GetBucketOwnershipControls", "GetBucketOwnershipControls", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketOwnershipControlsOutput, error) {
		return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: &types.OwnershipControls{
			Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}},
		}}, nil
	})
}

// GetPublicAccessBlock tells what keeps the public out. It has no other effect here, where every caller is known.
func (s *Service) GetPublicAccessBlock(ctx context.Context, in *s3.GetPublicAccessBlockInput, _ ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error) {
	return configure(ctx, s, "GetPublicAccessBlock", "GetBucketPublicAccessBlock", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetPublicAccessBlockOutput, error) {
		if b.block == nil {
			return nil, apiError("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
		}
		return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: b.block}, nil
	})
}

// PutPublicAccessBlock keeps what shall keep the public out.
func (s *Service) PutPublicAccessBlock(ctx context.Context, in *s3.PutPublicAccessBlockInput, _ ...func(*s3.Options)) (*s3.PutPublicAccessBlockOutput, error) {
	in = door.Given(in)
	return configure(ctx, s, "PutPublicAccessBlock", "PutBucketPublicAccessBlock", in, aws.ToString(in.Bucket), []string{"PublicAccessBlockConfiguration"}, func(b *bucket) (*s3.PutPublicAccessBlockOutput, error) {
		c := in.PublicAccessBlockConfiguration
		if c == nil {
			return nil, malformed()
		}
		b.block = &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(aws.ToBool(c.BlockPublicAcls)), BlockPublicPolicy: aws.Bool(aws.ToBool(c.BlockPublicPolicy)),
			IgnorePublicAcls: aws.Bool(aws.ToBool(c.IgnorePublicAcls)), RestrictPublicBuckets: aws.Bool(aws.ToBool(c.RestrictPublicBuckets)),
		}
		return &s3.PutPublicAccessBlockOutput{}, nil
	})
}

// DeletePublicAccessBlock removes what keeps the public out.
func (s *Service) DeletePublicAccessBlock(ctx context.Context, in *s3.DeletePublicAccessBlockInput, _ ...func(*s3.Options)) (*s3.DeletePublicAccessBlockOutput, error) {
	return configure(ctx, s, "DeletePublicAccessBlock", "PutBucketPublicAccessBlock", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.DeletePublicAccessBlockOutput, error) {
		b.block = nil
		return &s3.DeletePublicAccessBlockOutput{}, nil
	})
}

// GetBucketTagging gives the tags of a bucket by their keys.
func (s *Service) GetBucketTagging(ctx context.Context, in *s3.GetBucketTaggingInput, _ ...func(*s3.Options)) (*s3.GetBucketTaggingOutput, error) {
	return configure(ctx, s, "GetBucketTagging", "GetBucketTagging", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketTaggingOutput, error) {
		if len(b.tags) == 0 {
			return nil, apiError("NoSuchTagSet", "The TagSet does not exist")
		}
		return &s3.GetBucketTaggingOutput{TagSet: tagSet(b.tags)}, nil
	})
}

// PutBucketTagging replaces the tags of a bucket.
func (s *Service) PutBucketTagging(ctx context.Context, in *s3.PutBucketTaggingInput, _ ...func(*s3.Options)) (*s3.PutBucketTaggingOutput, error) {
	in = door.Given(in)
	return configure(ctx, s, "PutBucketTagging", "PutBucketTagging", in, aws.ToString(in.Bucket), []string{"Tagging"}, func(b *bucket) (*s3.PutBucketTaggingOutput, error) {
		tags, err := tagsIn(in.Tagging, 50)
		if err != nil {
			return nil, err
		}
		b.tags = tags
		return &s3.PutBucketTaggingOutput{}, nil
	})
}

// DeleteBucketTagging removes the tags of a bucket.
func (s *Service) DeleteBucketTagging(ctx context.Context, in *s3.DeleteBucketTaggingInput, _ ...func(*s3.Options)) (*s3.DeleteBucketTaggingOutput, error) {
	return configure(ctx, s, "DeleteBucketTagging", "PutBucketTagging", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.DeleteBucketTaggingOutput, error) {
		b.tags = nil
		return &s3.DeleteBucketTaggingOutput{}, nil
	})
}

// GetBucketPolicy gives the policy of a bucket.
func (s *Service) GetBucketPolicy(ctx context.Context, in *s3.GetBucketPolicyInput, _ ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error) {
	return configure(ctx, s, "GetBucketPolicy", "GetBucketPolicy", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketPolicyOutput, error) {
		if b.policy == "" {
			return nil, noBucketPolicy()
		}
		return &s3.GetBucketPolicyOutput{Policy: &b.policy}, nil
	})
}

// PutBucketPolicy replaces the policy of a bucket, which holds from now on.
func (s *Service) PutBucketPolicy(ctx context.Context, in *s3.PutBucketPolicyInput, _ ...func(*s3.Options)) (*s3.PutBucketPolicyOutput, error) {
	in = door.Given(in)
	return configure(ctx, s, "PutBucketPolicy", "PutBucketPolicy", in, aws.ToString(in.Bucket), []string{"Policy"}, func(b *bucket) (*s3.PutBucketPolicyOutput, error) {
		text := aws.ToString(in.Policy)
		p, err := iam.Read(policies.Resource, text)
		if err != nil {
			return nil, apiError("MalformedPolicy", "%v", err)
		}
		s.directory.SetResourcePolicy(b.arn, policies.Named{Name: "policy of the bucket " + b.name, Policy: p})
		b.policy = text
		return &s3.PutBucketPolicyOutput{}, nil
	})
}

// DeleteBucketPolicy removes the policy of a bucket.
func (s *Service) DeleteBucketPolicy(ctx context.Context, in *s3.DeleteBucketPolicyInput, _ ...func(*s3.Options)) (*s3.DeleteBucketPolicyOutput, error) {
	return configure(ctx, s, "DeleteBucketPolicy", "DeleteBucketPolicy", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.DeleteBucketPolicyOutput, error) {
		b.policy = ""
		s.directory.ClearResourcePolicy(b.arn)
		return &s3.DeleteBucketPolicyOutput{}, nil
	})
}

func noBucketPolicy() error {
	return apiError("NoSuchBucketPolicy", "The bucket policy does not exist")
}

// GetBucketLifecycleConfiguration gives the rules by which objects expire, of a bucket of a deployed stack. Nothing expires here.
func (s *Service) GetBucketLifecycleConfiguration(ctx context.Context, in *s3.GetBucketLifecycleConfigurationInput, _ ...func(*s3.Options)) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	return configure(ctx, s, "GetBucketLifecycleConfiguration", "GetLifecycleConfiguration", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketLifecycleConfigurationOutput, error) {
		if len(b.lifecycle) == 0 {
			return nil, apiError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
		}
		return &s3.GetBucketLifecycleConfigurationOutput{Rules: b.lifecycle}, nil
	})
}

// GetBucketLogging tells where the access logs of a bucket of a deployed stack go. None are written here.
func (s *Service) GetBucketLogging(ctx context.Context, in *s3.GetBucketLoggingInput, _ ...func(*s3.Options)) (*s3.GetBucketLoggingOutput, error) {
	return configure(ctx, s, "GetBucketLogging", "GetBucketLogging", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketLoggingOutput, error) {
		return &s3.GetBucketLoggingOutput{LoggingEnabled: b.logging}, nil
	})
}

// GetBucketPolicyStatus tells that a bucket's policy, if it has one, does not make it public.
func (s *Service) GetBucketPolicyStatus(ctx context.Context, in *s3.GetBucketPolicyStatusInput, _ ...func(*s3.Options)) (*s3.GetBucketPolicyStatusOutput, error) {
	return configure(ctx, s, "GetBucketPolicyStatus", "GetBucketPolicyStatus", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.GetBucketPolicyStatusOutput, error) {
		switch {
		case b.policy == "":
			return nil, noBucketPolicy()
		case b.block == nil:
			return nil, notImplemented("whether the policy of a bucket without a public access block is public")
		}
		return &s3.GetBucketPolicyStatusOutput{PolicyStatus: &types.PolicyStatus{IsPublic: aws.Bool(false)}}, nil
	})
}

// GetBucketRequestPayment tells that the owner of a bucket pays.
func (s *Service) GetBucketRequestPayment(ctx context.Context, in *s3.GetBucketRequestPaymentInput, _ ...func(*s3.Options)) (*s3.GetBucketRequestPaymentOutput, error) {
	return configure(ctx, s, "GetBucketRequestPayment", "GetBucketRequestPayment", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketRequestPaymentOutput, error) {
		return &s3.GetBucketRequestPaymentOutput{Payer: types.PayerBucketOwner}, nil
	})
}

// GetBucketAccelerateConfiguration tells that a bucket has no accelerated endpoint.
func (s *Service) GetBucketAccelerateConfiguration(ctx context.Context, in *s3.GetBucketAccelerateConfigurationInput, _ ...func(*s3.Options)) (*s3.GetBucketAccelerateConfigurationOutput, error) {
	return configure(ctx, s, "GetBucketAccelerateConfiguration", "GetAccelerateConfiguration", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketAccelerateConfigurationOutput, error) {
		return &s3.GetBucketAccelerateConfigurationOutput{}, nil
	})
}

// GetBucketCors tells that a bucket has no rules for other origins.
func (s *Service) GetBucketCors(ctx context.Context, in *s3.GetBucketCorsInput, _ ...func(*s3.Options)) (*s3.GetBucketCorsOutput, error) {
	return configure(ctx, s, "GetBucketCors", "GetBucketCORS", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketCorsOutput, error) {
		return nil, apiError("NoSuchCORSConfiguration", "The CORS configuration does not exist")
	})
}

// GetBucketWebsite tells that a bucket is no website.
func (s *Service) GetBucketWebsite(ctx context.Context, in *s3.GetBucketWebsiteInput, _ ...func(*s3.Options)) (*s3.GetBucketWebsiteOutput, error) {
	return configure(ctx, s, "GetBucketWebsite", "GetBucketWebsite", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketWebsiteOutput, error) {
		return nil, apiError("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
	})
}

// GetBucketReplication tells that a bucket is not replicated.
func (s *Service) GetBucketReplication(ctx context.Context, in *s3.GetBucketReplicationInput, _ ...func(*s3.Options)) (*s3.GetBucketReplicationOutput, error) {
	return configure(ctx, s, "GetBucketReplication", "GetReplicationConfiguration", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketReplicationOutput, error) {
		return nil, apiError("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
	})
}

// GetObjectLockConfiguration tells that a bucket has no object lock.
func (s *Service) GetObjectLockConfiguration(ctx context.Context, in *s3.GetObjectLockConfigurationInput, _ ...func(*s3.Options)) (*s3.GetObjectLockConfigurationOutput, error) {
	return configure(ctx, s, "GetObjectLockConfiguration", "GetBucketObjectLockConfiguration", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetObjectLockConfigurationOutput, error) {
		return nil, apiError("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
	})
}

// GetBucketAcl tells that the owner, and nobody else, has everything by the access control list.
func (s *Service) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput, _ ...func(*s3.Options)) (*s3.GetBucketAclOutput, error) {
	return configure(ctx, s, "GetBucketAcl", "GetBucketAcl", in, aws.ToString(door.Given(in).Bucket), nil, func(*bucket) (*s3.GetBucketAclOutput, error) {
		owner, grants := s.ownersList()
		return &s3.GetBucketAclOutput{Owner: owner, Grants: grants}, nil
	})
}

// GetObjectAcl tells the same of an object.
func (s *Service) GetObjectAcl(ctx context.Context, in *s3.GetObjectAclInput, _ ...func(*s3.Options)) (*s3.GetObjectAclOutput, error) {
	in = door.Given(in)
	need := door.Request{Action: "s3:GetObjectAcl", Resource: s.objectARN(in.Bucket, in.Key)}
	if in.VersionId != nil {
		need.Action = "s3:GetObjectVersionAcl"
	}
	return door.Call(ctx, s.door, door.Op[s3.GetObjectAclInput, s3.GetObjectAclOutput]{
		Service: "s3", Action: "GetObjectAcl", Takes: []string{"Bucket", "Key", "VersionId"}, Needs: []door.Request{need},
		Latency: 15 * time.Millisecond, Usage: []door.Usage{{Item: "s3.read", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.GetObjectAclInput) (*s3.GetObjectAclOutput, error) {
			if _, _, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId); err != nil {
				return nil, err
			}
			owner, grants := s.ownersList()
			return &s3.GetObjectAclOutput{Owner: owner, Grants: grants}, nil
		},
	}, in)
}

func (s *Service) ownersList() (*types.Owner, []types.Grant) {
	return &types.Owner{ID: &s.account}, []types.Grant{{Grantee: &types.Grantee{Type: types.TypeCanonicalUser, ID: &s.account}, Permission: types.PermissionFullControl}}
}

// tagsIn reads a set of tags, of which there may be so many.
func tagsIn(set *types.Tagging, most int) (map[string]string, error) {
	if set == nil {
		return nil, malformed()
	}
	tags := map[string]string{}
	for _, t := range set.TagSet {
		if _, twice := tags[aws.ToString(t.Key)]; twice {
			return nil, apiError("InvalidTag", "Cannot provide multiple Tags with the same key")
		}
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return tags, checkTags(tags, most)
}

func tagSet(tags map[string]string) []types.Tag {
	set := []types.Tag{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		set = append(set, types.Tag{Key: &key, Value: aws.String(tags[key])})
	}
	return set
}

func malformed() error {
	return apiError("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}
