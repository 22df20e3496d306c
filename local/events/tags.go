package events

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"airline/local/door"
)

// tagged are the tags of a rule after more of them are put.
func tagged(has map[string]string, more []types.Tag) (map[string]string, error) {
	return door.Tagged(has, more, func(t types.Tag) (key, value *string) { return t.Key, t.Value },
		validation("a tag's key has 1 to 128 characters and its value at most 256"), tooMany())
}

// ofARN is the rule of an ARN.
func (s *Service) ofARN(arn *string) (*rule, error) {
	name, ok := strings.CutPrefix(aws.ToString(arn), s.arn("rule/"))
	if !ok {
		if aws.ToString(arn) == s.arn("event-bus/default") {
			return nil, door.NotModelled("tags of an event bus")
		}
		return nil, validation("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", aws.ToString(arn))
	}
	return s.named(&name, nil)
}

// TagResource gives a rule tags; one with a key that is there replaces it.
func (s *Service) TagResource(ctx context.Context, in *eventbridge.TagResourceInput, _ ...func(*eventbridge.Options)) (*eventbridge.TagResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.TagResourceInput, eventbridge.TagResourceOutput]{
		Service: "eventbridge", Action: "TagResource", Needs: []door.Request{{Action: "events:TagResource", Resource: aws.ToString(in.ResourceARN)}},
		Do: func(_ context.Context, in *eventbridge.TagResourceInput) (*eventbridge.TagResourceOutput, error) {
			r, err := s.ofARN(in.ResourceARN)
			if err != nil {
				return nil, err
			}
			tags, err := tagged(r.tags, in.Tags)
			if err != nil {
				return nil, err
			}
			r.tags = tags
			return &eventbridge.TagResourceOutput{}, nil
		},
	}, in)
}

// UntagResource takes tags away; keys that are not there are no error.
func (s *Service) UntagResource(ctx context.Context, in *eventbridge.UntagResourceInput, _ ...func(*eventbridge.Options)) (*eventbridge.UntagResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.UntagResourceInput, eventbridge.UntagResourceOutput]{
		Service: "eventbridge", Action: "UntagResource", Needs: []door.Request{{Action: "events:UntagResource", Resource: aws.ToString(in.ResourceARN)}},
		Do: func(_ context.Context, in *eventbridge.UntagResourceInput) (*eventbridge.UntagResourceOutput, error) {
			r, err := s.ofARN(in.ResourceARN)
			if err != nil {
				return nil, err
			}
			for _, key := range in.TagKeys {
				delete(r.tags, key)
			}
			return &eventbridge.UntagResourceOutput{}, nil
		},
	}, in)
}

// ListTagsForResource tells a rule's tags, by key.
func (s *Service) ListTagsForResource(ctx context.Context, in *eventbridge.ListTagsForResourceInput, _ ...func(*eventbridge.Options)) (*eventbridge.ListTagsForResourceOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.ListTagsForResourceInput, eventbridge.ListTagsForResourceOutput]{
		Service: "eventbridge", Action: "ListTagsForResource", Needs: []door.Request{{Action: "events:ListTagsForResource", Resource: aws.ToString(in.ResourceARN)}},
		Do: func(_ context.Context, in *eventbridge.ListTagsForResourceInput) (*eventbridge.ListTagsForResourceOutput, error) {
			r, err := s.ofARN(in.ResourceARN)
			if err != nil {
				return nil, err
			}
			out := &eventbridge.ListTagsForResourceOutput{Tags: []types.Tag{}}
			for _, key := range slices.Sorted(maps.Keys(r.tags)) {
				out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String(r.tags[key])})
			}
			return out, nil
		},
	}, in)
}
