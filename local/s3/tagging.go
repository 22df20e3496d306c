package s3

import (
	"context"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local/door"
)

// taggingNeed is the permission for an action on the tags of an object, or of one of its versions.
func (s *Service) taggingNeed(verb string, bucket, key, id *string) []door.Request {
	action := "s3:" + verb + "ObjectTagging"
	if id != nil {
		action = "s3:" + verb + "ObjectVersionTagging"
	}
	return []door.Request{{Action: action, Resource: s.objectARN(bucket, key)}}
}

// checkTags holds tags to S3's limits: so many, keys of at most 128 characters and values of at most 256.
func checkTags(tags map[string]string, most int) error {
	if len(tags) > most {
		return apiError("BadRequest", "Object tags cannot be greater than %d", most)
	}
	for key, value := range tags {
		if n := utf8.RuneCountInString(key); n == 0 || n > 128 {
			return apiError("InvalidTag", "The TagKey you have provided is invalid")
		}
		if utf8.RuneCountInString(value) > 256 {
			return apiError("InvalidTag", "The TagValue you have provided is invalid")
		}
	}
	return nil
}

// GetObjectTagging gives the tags of an object by their keys.
func (s *Service) GetObjectTagging(ctx context.Context, in *s3.GetObjectTaggingInput, _ ...func(*s3.Options)) (*s3.GetObjectTaggingOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.GetObjectTaggingInput, s3.GetObjectTaggingOutput]{
		Service: "s3", Action: "GetObjectTagging", Takes: []string{"Bucket", "Key", "VersionId"}, Needs: s.taggingNeed("Get", in.Bucket, in.Key, in.VersionId),
		Usage: []door.Usage{{Item: "s3.read", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.GetObjectTaggingInput) (*s3.GetObjectTaggingOutput, error) {
			b, v, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId)
			if err != nil {
				return nil, err
			}
			return &s3.GetObjectTaggingOutput{VersionId: b.shown(v), TagSet: tagSet(v.header.tags)}, nil
		},
	}, in)
}

// PutObjectTagging replaces the tags of an object: at most ten.
func (s *Service) PutObjectTagging(ctx context.Context, in *s3.PutObjectTaggingInput, _ ...func(*s3.Options)) (*s3.PutObjectTaggingOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.PutObjectTaggingInput, s3.PutObjectTaggingOutput]{
		Service: "s3", Action: "PutObjectTagging", Takes: []string{"Bucket", "Key", "VersionId", "Tagging"}, Needs: s.taggingNeed("Put", in.Bucket, in.Key, in.VersionId),
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.PutObjectTaggingInput) (*s3.PutObjectTaggingOutput, error) {
			b, v, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId)
			if err != nil {
				return nil, err
			}
			tags, err := tagsIn(in.Tagging, 10)
			if err != nil {
				return nil, err
			}
			v.header.tags = tags
			return &s3.PutObjectTaggingOutput{VersionId: b.shown(v)}, nil
		},
	}, in)
}

// DeleteObjectTagging removes the tags of an object.
func (s *Service) DeleteObjectTagging(ctx context.Context, in *s3.DeleteObjectTaggingInput, _ ...func(*s3.Options)) (*s3.DeleteObjectTaggingOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.DeleteObjectTaggingInput, s3.DeleteObjectTaggingOutput]{
		Service: "s3", Action: "DeleteObjectTagging", Takes: []string{"Bucket", "Key", "VersionId"}, Needs: s.taggingNeed("Delete", in.Bucket, in.Key, in.VersionId),
		Do: func(ctx context.Context, in *s3.DeleteObjectTaggingInput) (*s3.DeleteObjectTaggingOutput, error) {
			b, v, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId)
			if err != nil {
				return nil, err
			}
			v.header.tags = nil
			return &s3.DeleteObjectTaggingOutput{VersionId: b.shown(v)}, nil
		},
	}, in)
}
