package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// ListBuckets lists the stack's buckets by name.
func (s *Service) ListBuckets(ctx context.Context, in *s3.ListBucketsInput, _ ...func(*s3.Options)) (*s3.ListBucketsOutput, error) {
	return door.Call(ctx, s.door, door.Op[s3.ListBucketsInput, s3.ListBucketsOutput]{
		Service: "s3", Action: "ListBuckets", Takes: []string{},
		Needs: []door.Request{{Action: "s3:ListAllMyBuckets", Resource: "*"}},
		Do: func(context.Context, *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
			out := &s3.ListBucketsOutput{Owner: &types.Owner{ID: aws.String(s.account)}, Buckets: []types.Bucket{}}
			for _, name := range s.Buckets() {
				out.Buckets = append(out.Buckets, types.Bucket{Name: aws.String(name), CreationDate: aws.Time(s.buckets[name].created)})
			}
			return out, nil
		},
	}, in)
}

// HeadBucket tells whether a bucket is there and may be listed.
func (s *Service) HeadBucket(ctx context.Context, in *s3.HeadBucketInput, _ ...func(*s3.Options)) (*s3.HeadBucketOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.HeadBucketInput, s3.HeadBucketOutput]{
		Service: "s3", Action: "HeadBucket", Takes: []string{"Bucket"},
		Needs: []door.Request{{Action: "s3:ListBucket", Resource: s.bucketARN(in.Bucket)}},
		Do: func(_ context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, &types.NotFound{Message: aws.String("Not Found")}
			}
			return &s3.HeadBucketOutput{BucketRegion: aws.String(s.region), BucketArn: aws.String(b.arn)}, nil
		},
	}, in)
}

// GetBucketLocation tells a bucket's region, which is empty for us-east-1.
func (s *Service) GetBucketLocation(ctx context.Context, in *s3.GetBucketLocationInput, _ ...func(*s3.Options)) (*s3.GetBucketLocationOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.GetBucketLocationInput, s3.GetBucketLocationOutput]{
		Service: "s3", Action: "GetBucketLocation", Takes: []string{"Bucket"},
		Needs: []door.Request{{Action: "s3:GetBucketLocation", Resource: s.bucketARN(in.Bucket)}},
		Do: func(_ context.Context, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
			if _, err := s.bucket(in.Bucket); err != nil {
				return nil, err
			}
			if s.region == "us-east-1" {
				return &s3.GetBucketLocationOutput{}, nil
			}
			return &s3.GetBucketLocationOutput{LocationConstraint: types.BucketLocationConstraint(s.region)}, nil
		},
	}, in)
}

// GetBucketVersioning tells whether a bucket keeps versions.
func (s *Service) GetBucketVersioning(ctx context.Context, in *s3.GetBucketVersioningInput, _ ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.GetBucketVersioningInput, s3.GetBucketVersioningOutput]{
		Service: "s3", Action: "GetBucketVersioning", Takes: []string{"Bucket"},
		Needs: []door.Request{{Action: "s3:GetBucketVersioning", Resource: s.bucketARN(in.Bucket)}},
		Do: func(_ context.Context, in *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			switch {
			case b.suspended:
				return &s3.GetBucketVersioningOutput{Status: types.BucketVersioningStatusSuspended}, nil
			case b.versioned:
				return &s3.GetBucketVersioningOutput{Status: types.BucketVersioningStatusEnabled}, nil
			}
			return &s3.GetBucketVersioningOutput{}, nil
		},
	}, in)
}
