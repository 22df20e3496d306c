package sqs

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/door"
)

// withTags are the tags of a queue after more of them are put.
func withTags(has, more map[string]string) (map[string]string, error) {
	pair := func(key string) (*string, *string) { return &key, aws.String(more[key]) }
	return door.Tagged(has, slices.Collect(maps.Keys(more)), pair,
		invalid("InvalidParameterValue", "Tag keys must be between 1 and 128 characters in length, and tag values at most 256."),
		invalid("InvalidParameterValue", "Too many tags added for queue."))
}

// TagQueue gives a queue tags; one with a key that is there replaces it.
func (s *Service) TagQueue(ctx context.Context, in *sqs.TagQueueInput, _ ...func(*sqs.Options)) (*sqs.TagQueueOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.TagQueueInput, sqs.TagQueueOutput]{
		Service: "sqs", Action: "TagQueue", Needs: s.needs("TagQueue", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.TagQueueInput) (*sqs.TagQueueOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			if len(in.Tags) == 0 {
				return nil, invalid("MissingParameter", "The request must contain the parameter Tags.")
			}
			tags, err := withTags(q.tags, in.Tags)
			if err != nil {
				return nil, err
			}
			q.tags = tags
			return &sqs.TagQueueOutput{}, nil
		},
	}, in)
}

// UntagQueue takes tags away; keys that are not there are no error.
func (s *Service) UntagQueue(ctx context.Context, in *sqs.UntagQueueInput, _ ...func(*sqs.Options)) (*sqs.UntagQueueOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.UntagQueueInput, sqs.UntagQueueOutput]{
		Service: "sqs", Action: "UntagQueue", Needs: s.needs("UntagQueue", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.UntagQueueInput) (*sqs.UntagQueueOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			if len(in.TagKeys) == 0 {
				return nil, invalid("InvalidParameterValue", "Tag keys can't be empty.")
			}
			for _, key := range in.TagKeys {
				delete(q.tags, key)
			}
			return &sqs.UntagQueueOutput{}, nil
		},
	}, in)
}

// ListQueueTags tells a queue's tags.
func (s *Service) ListQueueTags(ctx context.Context, in *sqs.ListQueueTagsInput, _ ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ListQueueTagsInput, sqs.ListQueueTagsOutput]{
		Service: "sqs", Action: "ListQueueTags", Needs: s.needs("ListQueueTags", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.ListQueueTagsInput) (*sqs.ListQueueTagsOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			return &sqs.ListQueueTagsOutput{Tags: maps.Clone(q.tags)}, nil
		},
	}, in)
}
