package s3

import (
	"context"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// CreateBucket makes an empty bucket as S3 makes them today: without versions, encrypted under S3's keys, closed to the public, without
// access control lists.
func (s *Service) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, _ ...func(*s3.Options)) (*s3.CreateBucketOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.Bucket)
	needs := []door.Request{{Action: "s3:CreateBucket", Resource: s.bucketARN(in.Bucket)}}
	if c := in.CreateBucketConfiguration; c != nil && len(c.Tags) > 0 {
		needs = append(needs, door.Request{Action: "s3:TagResource", Resource: s.bucketARN(in.Bucket)})
	}
	return door.Call(ctx, s.door, door.Op[s3.CreateBucketInput, s3.CreateBucketOutput]{
		Service: "s3", Action: "CreateBucket", Takes: []string{"Bucket", "CreateBucketConfiguration", "ACL", "ObjectOwnership"}, Needs: needs,
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(_ context.Context, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
			if err := checkBucketName(name); err != nil {
				return nil, err
			}
			if in.ACL != "" && in.ACL != types.BucketCannedACLPrivate {
				return nil, apiError("InvalidBucketAclWithBlockPublicAccessError", "Bucket cannot have public ACLs set with BlockPublicAccess enabled")
			}
			if in.ObjectOwnership != "" && in.ObjectOwnership != types.ObjectOwnershipBucketOwnerEnforced {
				return nil, notImplemented("access control lists: use the ownership BucketOwnerEnforced")
			}
			c := in.CreateBucketConfiguration
			if c == nil {
				c = &types.CreateBucketConfiguration{}
			}
			if c.Bucket != nil || c.Location != nil {
				return nil, notImplemented("directory buckets")
			}
			if err := s.checkLocation(string(c.LocationConstraint)); err != nil {
				return nil, err
			}
			tags := map[string]string{}
			for _, t := range c.Tags {
				tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
			location := "/" + name
			if s.region != "us-east-1" {
				location = "http://" + name + ".s3.amazonaws.com/"
			}
			out := &s3.CreateBucketOutput{Location: &location, BucketArn: aws.String("arn:" + s.partition + ":s3:::" + name)}
			if _, there := s.buckets[name]; there {
				if s.region == "us-east-1" { // where S3 answers as it did once
					return out, nil
				}
				return nil, &types.BucketAlreadyOwnedByYou{Message: aws.String("Your previous request to create the named bucket succeeded and you already own it.")}
			}
			b, err := s.newBucket(name, *out.BucketArn)
			if err != nil {
				return nil, err
			}
			b.tags = tags
			return out, nil
		},
	}, in)
}

// newBucket adds a bucket with what an earlier world kept in it.
func (s *Service) newBucket(name, arn string) (*bucket, error) {
	objects, err := newStore(filepath.Join(s.dir, name))
	if err != nil {
		return nil, err
	}
	objects.spill = s.spill
	if err := objects.restore(s.kept[name]); err != nil {
		return nil, err
	}
	b := &bucket{store: objects, name: name, arn: arn, uploads: map[string]*upload{}, created: s.door.Now()}
	b.block = &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
	}
	s.buckets[name] = b
	return b, nil
}

// checkLocation holds the region that a new bucket is to be in to the one in which it is asked for.
func (s *Service) checkLocation(asked string) error {
	switch {
	case asked == "" && s.region != "us-east-1":
		return apiError("IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.")
	case asked == "us-east-1":
		return apiError("InvalidLocationConstraint", "The specified location-constraint is not valid")
	case asked != "" && asked != s.region:
		return apiError("IllegalLocationConstraintException", "The %s location constraint is incompatible for the region specific endpoint this request was sent to.", asked)
	}
	return nil
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// checkBucketName holds a name to the rules of the S3 User Guide, "General purpose bucket naming rules".
func checkBucketName(name string) error {
	_, notAddress := netip.ParseAddr(name)
	ok := bucketName.MatchString(name) && !strings.Contains(name, "..") && notAddress != nil
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		ok = ok && !strings.HasPrefix(name, prefix)
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		ok = ok && !strings.HasSuffix(name, suffix)
	}
	if !ok {
		return apiError("InvalidBucketName", "The specified bucket is not valid.")
	}
	return nil
}

// DeleteBucket removes a bucket in which there is no version of any object and no delete marker.
func (s *Service) DeleteBucket(ctx context.Context, in *s3.DeleteBucketInput, _ ...func(*s3.Options)) (*s3.DeleteBucketOutput, error) {
	return configure(ctx, s, "DeleteBucket", "DeleteBucket", in, aws.ToString(door.Given(in).Bucket), nil, func(b *bucket) (*s3.DeleteBucketOutput, error) {
		if len(b.keys) > 0 {
			return nil, apiError("BucketNotEmpty", "The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
		}
		for _, u := range b.uploads {
			u.discard()
		}
		delete(s.buckets, b.name)
		s.directory.ClearResourcePolicy(b.arn)
		return &s3.DeleteBucketOutput{}, nil
	})
}
