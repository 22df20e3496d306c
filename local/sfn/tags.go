package sfn

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/local/door"
)

// tagged are tags after more of them are put on a resource.
func tagged(arn string, has map[string]string, more []types.Tag) (map[string]string, error) {
	return door.Tagged(has, more, func(t types.Tag) (key, value *string) { return t.Key, t.Value },
		validation("a tag's key has 1 to 128 characters and its value at most 256"),
		&types.TooManyTags{Message: aws.String("The resource has too many tags"), ResourceName: &arn})
}

// withTags are the permissions of a call that makes something with tags.
func withTags(tags []types.Tag, arn string, needs ...door.Request) []door.Request {
	if len(tags) > 0 {
		needs = append(needs, door.Request{Action: "states:TagResource", Resource: arn})
	}
	return needs
}

// tagsOf are the tags of a machine or activity.
func (s *Service) tagsOf(arn *string) (*map[string]string, error) {
	if m, ok := s.machines[aws.ToString(arn)]; ok {
		return &m.tags, nil
	}
	if a, ok := s.activities[aws.ToString(arn)]; ok {
		return &a.tags, nil
	}
	return nil, &types.ResourceNotFound{Message: aws.String("Resource not found: '" + aws.ToString(arn) + "'"), ResourceName: arn}
}

// TagResource gives a machine or activity tags; one with a key that is there replaces it.
func (s *Service) TagResource(ctx context.Context, in *sfn.TagResourceInput, _ ...func(*sfn.Options)) (*sfn.TagResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.TagResourceInput, sfn.TagResourceOutput]{
		Service: "sfn", Action: "TagResource", Needs: []door.Request{{Action: "states:TagResource", Resource: aws.ToString(in.ResourceArn)}},
		Do: func(_ context.Context, in *sfn.TagResourceInput) (*sfn.TagResourceOutput, error) {
			tags, err := s.tagsOf(in.ResourceArn)
			if err != nil {
				return nil, err
			}
			all, err := tagged(*in.ResourceArn, *tags, in.Tags)
			if err != nil {
				return nil, err
			}
			*tags = all
			return &sfn.TagResourceOutput{}, nil
		},
	}, in)
}

// UntagResource takes tags away; keys that are not there are no error.
func (s *Service) UntagResource(ctx context.Context, in *sfn.UntagResourceInput, _ ...func(*sfn.Options)) (*sfn.UntagResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.UntagResourceInput, sfn.UntagResourceOutput]{
		Service: "sfn", Action: "UntagResource", Needs: []door.Request{{Action: "states:UntagResource", Resource: aws.ToString(in.ResourceArn)}},
		Do: func(_ context.Context, in *sfn.UntagResourceInput) (*sfn.UntagResourceOutput, error) {
			tags, err := s.tagsOf(in.ResourceArn)
			if err != nil {
				return nil, err
			}
			for _, key := range in.TagKeys {
				delete(*tags, key)
			}
			return &sfn.UntagResourceOutput{}, nil
		},
	}, in)
}

// ListTagsForResource tells the tags of a machine or activity, by key.
func (s *Service) ListTagsForResource(ctx context.Context, in *sfn.ListTagsForResourceInput, _ ...func(*sfn.Options)) (*sfn.ListTagsForResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.ListTagsForResourceInput, sfn.ListTagsForResourceOutput]{
		Service: "sfn", Action: "ListTagsForResource", Needs: []door.Request{{Action: "states:ListTagsForResource", Resource: aws.ToString(in.ResourceArn)}},
		Do: func(_ context.Context, in *sfn.ListTagsForResourceInput) (*sfn.ListTagsForResourceOutput, error) {
			tags, err := s.tagsOf(in.ResourceArn)
			if err != nil {
				return nil, err
			}
			out := &sfn.ListTagsForResourceOutput{Tags: []types.Tag{}}
			for _, key := range slices.Sorted(maps.Keys(*tags)) {
				out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String((*tags)[key])})
			}
			return out, nil
		},
	}, in)
}
