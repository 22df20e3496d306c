package sns

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"airline/local/door"
)

// withTags are the tags of a topic after more of them are put. A list does not name a key twice.
func withTags(has map[string]string, more []types.Tag) (map[string]string, error) {
	seen := map[string]bool{}
	for _, tag := range more {
		key := aws.ToString(tag.Key)
		if seen[key] {
			return nil, invalid("Invalid parameter: Duplicated keys are not allowed.")
		}
		seen[key] = true
	}
	return door.Tagged(has, more, func(t types.Tag) (key, value *string) { return t.Key, t.Value },
		invalid("Invalid parameter: Tags Reason: a key has 1 to 128 characters and a value at most 256"),
		&types.TagLimitExceededException{Message: aws.String("Could not complete request: tag quota of per resource exceeded")})
}

func (s *Service) tagged(arn *string) (*topic, error) {
	t := s.topics[aws.ToString(arn)]
	if t == nil {
		return nil, &types.ResourceNotFoundException{Message: aws.String("Resource does not exist")}
	}
	return t, nil
}

// TagResource gives a topic tags; one with a key that is there replaces it.
func (s *Service) TagResource(ctx context.Context, in *sns.TagResourceInput, _ ...func(*sns.Options)) (*sns.TagResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.TagResourceInput, sns.TagResourceOutput]{
		Service: "sns", Action: "TagResource", Needs: []door.Request{{Action: "sns:TagResource", Resource: aws.ToString(in.ResourceArn)}},
		Do: func(_ context.Context, in *sns.TagResourceInput) (*sns.TagResourceOutput, error) {
			t, err := s.tagged(in.ResourceArn)
			if err != nil {
				return nil, err
			}
			tags, err := withTags(t.tags, in.Tags)
			if err != nil {
				return nil, err
			}
			t.tags = tags
			return &sns.TagResourceOutput{}, nil
		},
	}, in)
}

// UntagResource takes tags away; keys that are not there are no error.
func (s *Service) UntagResource(ctx context.Context, in *sns.UntagResourceInput, _ ...func(*sns.Options)) (*sns.UntagResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.UntagResourceInput, sns.UntagResourceOutput]{
		Service: "sns", Action: "UntagResource", Needs: []door.Request{{Action: "sns:UntagResource", Resource: aws.ToString(in.ResourceArn)}},
		Do: func(_ context.Context, in *sns.UntagResourceInput) (*sns.UntagResourceOutput, error) {
			t, err := s.tagged(in.ResourceArn)
			if err != nil {
				return nil, err
			}
			for _, key := range in.TagKeys {
				delete(t.tags, key)
			}
			return &sns.UntagResourceOutput{}, nil
		},
	}, in)
}

// ListTagsForResource tells a topic's tags, by key.
func (s *Service) ListTagsForResource(ctx context.Context, in *sns.ListTagsForResourceInput, _ ...func(*sns.Options)) (*sns.ListTagsForResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.ListTagsForResourceInput, sns.ListTagsForResourceOutput]{
		Service: "sns", Action: "ListTagsForResource", Needs: []door.Request{{Action: "sns:ListTagsForResource", Resource: aws.ToString(in.ResourceArn)}},
		Do: func(_ context.Context, in *sns.ListTagsForResourceInput) (*sns.ListTagsForResourceOutput, error) {
			t, err := s.tagged(in.ResourceArn)
			if err != nil {
				return nil, err
			}
			out := &sns.ListTagsForResourceOutput{}
			for _, key := range slices.Sorted(maps.Keys(t.tags)) {
				out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String(t.tags[key])})
			}
			return out, nil
		},
	}, in)
}
