package sqs

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/door"
)

// ListQueues lists the URLs of the queues whose names begin with the prefix, at most 1000 a page.
func (s *Service) ListQueues(ctx context.Context, in *sqs.ListQueuesInput, _ ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error) {
	return door.Call(ctx, s.door, door.Op[sqs.ListQueuesInput, sqs.ListQueuesOutput]{
		Service: "sqs", Action: "ListQueues", Needs: []door.Request{{Action: "sqs:ListQueues", Resource: "*"}}, Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.ListQueuesInput) (*sqs.ListQueuesOutput, error) {
			var urls []string
			for _, q := range s.queues {
				if strings.HasPrefix(q.name, aws.ToString(in.QueueNamePrefix)) {
					urls = append(urls, q.url)
				}
			}
			page, next, err := pageOf(urls, in.MaxResults, in.NextToken)
			return &sqs.ListQueuesOutput{QueueUrls: page, NextToken: next}, err
		},
	}, door.Given(in))
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
