package sqs

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
	"airline/region"
)

// again is how long the name of a deleted queue is taken ("If you delete a queue, you must wait at least 60 seconds before creating a queue
// with the same name", API reference, CreateQueue).
const again = 60 * time.Second

// departed is what stays of a deleted queue: those who wait for messages of its ARN also wait for those of its successor.
type departed struct {
	at      time.Time
	waiting []func()
}

// queueName is what a standard queue may be called.
var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// CreateQueue makes a standard or FIFO queue. The queue that is there already is the answer when it has all the attributes of the call.
func (s *Service) CreateQueue(ctx context.Context, in *sqs.CreateQueueInput, _ ...func(*sqs.Options)) (*sqs.CreateQueueOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.QueueName)
	arn, ordered := s.arn("sqs", name), strings.EqualFold(in.Attributes["FifoQueue"], "true")
	needs := []door.Request{{Action: "sqs:CreateQueue", Resource: arn}}
	if len(in.Tags) > 0 {
		needs = append(needs, door.Request{Action: "sqs:TagQueue", Resource: arn})
	}
	return door.Call(ctx, s.door, door.Op[sqs.CreateQueueInput, sqs.CreateQueueOutput]{
		Service: "sqs", Action: "CreateQueue", Takes: []string{"QueueName", "Attributes", "Tags"}, Needs: needs, Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.CreateQueueInput) (*sqs.CreateQueueOutput, error) {
			switch {
			case name == "":
				return nil, invalid("MissingParameter", "The request must contain the parameter QueueName.")
			case ordered && !fifoName.MatchString(name):
				return nil, invalid("InvalidParameterValue", "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
			case !ordered && !queueName.MatchString(name):
				return nil, invalid("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
			}
			old := s.byARN(&arn)
			before := standard()
			if ordered {
				before = before.ordered()
			}
			if old != nil {
				before = old.settings
			}
			made, policy, err := s.change(before, arn, in.Attributes)
			if err != nil {
				return nil, err
			}
			if old != nil {
				is, asked := before.attributes(), made.attributes()
				for _, a := range slices.Sorted(maps.Keys(in.Attributes)) {
					if is[a] != asked[a] {
						return nil, &types.QueueNameExists{Message: aws.String("A queue already exists with the same name and a different value for attribute " + a)}
					}
				}
				return &sqs.CreateQueueOutput{QueueUrl: &old.url}, nil
			}
			tags, err := withTags(nil, in.Tags)
			if err != nil {
				return nil, err
			}
			gone, was := s.departed[arn]
			if was && s.door.Now().Before(gone.at.Add(again)) {
				return nil, &types.QueueDeletedRecently{Message: aws.String("You must wait 60 seconds after deleting a queue before you can create another with the same name.")}
			}
			delete(s.departed, arn)
			q := &queue{
				shelf: newShelf(), settings: made, name: name, arn: arn, url: urlOf(arn), created: s.door.Now(), modified: s.door.Now(),
				tags: tags, waiting: gone.waiting,
			}
			s.queues[q.url] = q
			s.govern(q, policy)
			return &sqs.CreateQueueOutput{QueueUrl: &q.url}, nil
		},
	}, in)
}

// urlOf is the URL that SQS gives to the queue of an ARN.
func urlOf(arn string) string {
	part := strings.SplitN(arn, ":", 6)
	return fmt.Sprintf("https://sqs.%s.%s/%s/%s", part[3], region.Domain(part[3]), part[4], part[5])
}

// govern gives a queue its policy; nil takes it away.
func (s *Service) govern(q *queue, policy *policies.Policy) {
	if policy == nil {
		s.directory.ClearResourcePolicy(q.arn)
		return
	}
	s.directory.SetResourcePolicy(q.arn, policies.Named{Name: "policy of the queue " + q.name, Policy: policy})
}

// DeleteQueue deletes a queue with its messages, at once. SQS takes up to 60 seconds.
func (s *Service) DeleteQueue(ctx context.Context, in *sqs.DeleteQueueInput, _ ...func(*sqs.Options)) (*sqs.DeleteQueueOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.DeleteQueueInput, sqs.DeleteQueueOutput]{
		Service: "sqs", Action: "DeleteQueue", Needs: s.needs("DeleteQueue", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.DeleteQueueInput) (*sqs.DeleteQueueOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			for _, m := range q.all() {
				q.take(m)
			}
			delete(s.queues, q.url)
			s.directory.ClearResourcePolicy(q.arn)
			s.departed[q.arn] = departed{s.door.Now(), q.waiting}
			return &sqs.DeleteQueueOutput{}, nil
		},
	}, in)
}

// SetQueueAttributes changes a queue's settings, at once. SQS takes up to 60 seconds, and 15 minutes for the retention.
func (s *Service) SetQueueAttributes(ctx context.Context, in *sqs.SetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.SetQueueAttributesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.SetQueueAttributesInput, sqs.SetQueueAttributesOutput]{
		Service: "sqs", Action: "SetQueueAttributes", Needs: s.needs("SetQueueAttributes", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.SetQueueAttributesInput) (*sqs.SetQueueAttributesOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			if len(in.Attributes) == 0 {
				return nil, invalid("MissingParameter", "The request must contain the parameter Attribute.Name.")
			}
			made, policy, err := s.change(q.settings, q.arn, in.Attributes)
			if err != nil {
				return nil, err
			}
			q.settings, q.modified = made, s.door.Now()
			if _, given := in.Attributes["Policy"]; given {
				s.govern(q, policy)
			}
			return &sqs.SetQueueAttributesOutput{}, nil
		},
	}, in)
}

// readPolicy reads the policy of a queue as AWS takes it.
func readPolicy(text string) (*policies.Policy, error) {
	p, err := iam.Read(policies.Resource, text)
	if err != nil {
		return nil, &types.InvalidAttributeValue{Message: aws.String("Invalid value for the parameter Policy. Reason: " + err.Error())}
	}
	return p, nil
}
