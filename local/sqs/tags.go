package sqs

import (
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/door"
)

// maxTags is how many tags a queue may have (SQS Developer Guide, "Tag quotas").
const maxTags = 50

// checkTags refuses tags that cannot be added to those that a queue has.
func checkTags(has, more map[string]string) error {
	all := maps.Clone(has)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, more)
	if len(all) > maxTags {
		return invalid("InvalidParameterValue", "Too many tags added for queue.")
	}
	for key, value := range more {
		if n := utf8.RuneCountInString(key); n < 1 || n > 128 || utf8.RuneCountInString(value) > 256 {
			return invalid("InvalidParameterValue", "Tag keys must be between 1 and 128 characters in length, and tag values at most 256.")
		}
	}
	return nil
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
			if err := checkTags(q.tags, in.Tags); err != nil {
				return nil, err
			}
			if q.tags == nil {
				q.tags = map[string]string{}
			}
			maps.Copy(q.tags, in.Tags)
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

// ListDeadLetterSourceQueues lists the queues whose dead letters a queue takes, at most 1000 a page.
func (s *Service) ListDeadLetterSourceQueues(ctx context.Context, in *sqs.ListDeadLetterSourceQueuesInput, _ ...func(*sqs.Options)) (*sqs.ListDeadLetterSourceQueuesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ListDeadLetterSourceQueuesInput, sqs.ListDeadLetterSourceQueuesOutput]{
		Service: "sqs", Action: "ListDeadLetterSourceQueues", Needs: s.needs("ListDeadLetterSourceQueues", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.ListDeadLetterSourceQueuesInput) (*sqs.ListDeadLetterSourceQueuesOutput, error) {
			dead, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			urls := []string{}
			for _, q := range s.queues {
				if q.deadLetters == dead.arn {
					urls = append(urls, q.url)
				}
			}
			page, next, err := pageOf(urls, in.MaxResults, in.NextToken)
			return &sqs.ListDeadLetterSourceQueuesOutput{QueueUrls: page, NextToken: next}, err
		},
	}, in)
}

// pageOf is a page of URLs in order. The token is null without MaxResults in the request (API reference, ListQueues).
func pageOf(urls []string, most *int32, token *string) ([]string, *string, error) {
	slices.Sort(urls)
	n := 1000
	if most != nil {
		if n = int(*most); n < 1 || n > 1000 {
			return nil, nil, invalid("InvalidParameterValue", "MaxResults must be from 1 to 1000.")
		}
	}
	page, next, ok := door.Page(urls, token, n)
	if !ok {
		return nil, nil, invalid("InvalidParameterValue", "Invalid or expired next token.")
	}
	if most == nil {
		next = nil
	}
	return page, next, nil
}

// Wait is how long a receive from the queue at a URL waits that does not say, in seconds.
func (s *Service) Wait(url string) int32 {
	if q := s.queues[url]; q != nil {
		return int32(q.wait.Seconds())
	}
	return 0
}
