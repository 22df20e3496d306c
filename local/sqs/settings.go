package sqs

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	policies "airline/iam"
)

// settings are the attributes of a queue that can be set.
type settings struct {
	key         string
	reuse       time.Duration // of a data key
	unencrypted bool          // without a key and without SQS's own encryption
	visibility  time.Duration
	delay       time.Duration
	retention   time.Duration
	wait        time.Duration // of a receive that does not say
	maxBytes    int
	deadLetters string // ARN
	maxReceives int
	allow       string // RedriveAllowPolicy
	policy      string

	fifo         bool
	contentBased bool   // a message without a deduplication id has the hash of its body for one
	scope        string // of deduplication ids: "queue" or "messageGroup"
	limit        string // FifoThroughputLimit, which nothing here comes near to
}

// standard are the defaults (API reference, CreateQueue).
func standard() settings {
	return settings{visibility: 30 * time.Second, retention: 345_600 * time.Second, maxBytes: 1 << 20, reuse: 300 * time.Second}
}

// managedKey is AWS's own key of SQS, whose policy lets every principal of the account in, but no service.
const managedKey = "alias/aws/sqs"

// attributes are the settings as GetQueueAttributes tells them.
func (q settings) attributes() map[string]string {
	whole := func(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }
	a := map[string]string{
		"VisibilityTimeout": whole(q.visibility), "DelaySeconds": whole(q.delay), "MessageRetentionPeriod": whole(q.retention),
		"MaximumMessageSize": strconv.Itoa(q.maxBytes), "ReceiveMessageWaitTimeSeconds": whole(q.wait),
		"SqsManagedSseEnabled": strconv.FormatBool(q.key == "" && !q.unencrypted),
	}
	if q.fifo {
		maps.Copy(a, q.attributesOfFIFO())
	}
	if q.key != "" {
		a["KmsMasterKeyId"], a["KmsDataKeyReusePeriodSeconds"] = q.key, whole(q.reuse)
	}
	if q.policy != "" {
		a["Policy"] = q.policy
	}
	if q.allow != "" {
		a["RedriveAllowPolicy"] = q.allow
	}
	if q.deadLetters != "" {
		redrive, _ := json.Marshal(map[string]any{"deadLetterTargetArn": q.deadLetters, "maxReceiveCount": q.maxReceives})
		a["RedrivePolicy"] = string(redrive)
	}
	return a
}

// change gives the settings of the queue of that ARN after a change of attributes, with the policy among them. Nothing is changed when
// one of them is wrong.
func (s *Service) change(q settings, arn string, attributes map[string]string) (settings, *policies.Policy, error) {
	if attributes["KmsMasterKeyId"] != "" && attributes["SqsManagedSseEnabled"] == "true" {
		return q, nil, &types.InvalidAttributeName{Message: aws.String("You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")}
	}
	var policy *policies.Policy
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value := attributes[name]
		var err error
		switch name {
		case "VisibilityTimeout":
			err = wholeSeconds(name, value, 0, 43_200, &q.visibility)
		case "MessageRetentionPeriod":
			err = wholeSeconds(name, value, 60, 1_209_600, &q.retention)
		case "DelaySeconds":
			err = wholeSeconds(name, value, 0, 900, &q.delay)
		case "ReceiveMessageWaitTimeSeconds":
			err = wholeSeconds(name, value, 0, 20, &q.wait)
		case "KmsDataKeyReusePeriodSeconds":
			err = wholeSeconds(name, value, 60, 86_400, &q.reuse)
		case "MaximumMessageSize":
			var n int64
			if n, err = between(name, value, 1024, 1<<20); err == nil {
				q.maxBytes = int(n)
			}
		case "KmsMasterKeyId":
			q.key, q.unencrypted = value, value == ""
		case "SqsManagedSseEnabled":
			if value != "true" && value != "false" {
				err = badValue(name)
			} else if q.unencrypted = value == "false"; !q.unencrypted {
				q.key = ""
			}
		case "Policy":
			if q.policy = value; value != "" {
				policy, err = readPolicy(value)
			}
		case "RedriveAllowPolicy":
			if q.allow = value; value != "" {
				_, err = readAllow(value)
			}
		case "RedrivePolicy":
			err = s.changeRedrive(&q, arn, value)
		case "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit":
			err = q.changeFIFO(name, value)
		default: // also those that can only be read
			err = &types.InvalidAttributeName{Message: aws.String("Unknown Attribute " + name + ".")}
		}
		if err != nil {
			return q, nil, err
		}
	}
	return q, policy, q.checkFIFO()
}

func badValue(name string) error {
	return &types.InvalidAttributeValue{Message: aws.String("Invalid value for the parameter " + name + ".")}
}

// between reads an integer from low to high.
func between(name, value string, low, high int64) (int64, error) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < low || n > high {
		return 0, badValue(name)
	}
	return n, nil
}

func wholeSeconds(name, value string, low, high int64, into *time.Duration) error {
	n, err := between(name, value, low, high)
	if err == nil {
		*into = time.Duration(n) * time.Second
	}
	return err
}

// changeRedrive sets the dead-letter queue, which must be there and must allow it.
func (s *Service) changeRedrive(q *settings, arn, text string) error {
	if text == "" {
		q.deadLetters, q.maxReceives = "", 0
		return nil
	}
	target, n, err := readRedrive(text)
	refuse := func(reason string) error {
		return invalid("InvalidParameterValue", fmt.Sprintf("Value %s for parameter RedrivePolicy is invalid. Reason: %s", text, reason))
	}
	if err != nil {
		return refuse(err.Error())
	}
	dead := s.byARN(&target)
	if dead == nil {
		return refuse("Dead letter target does not exist.")
	}
	if dead.fifo != q.fifo {
		return refuse("Dead-letter target must be same type of queue as the source.")
	}
	if allowed, _ := readAllow(dead.allow); !allowed(arn) { // it was read when it was set
		return refuse("The redrive permission of the dead letter target does not allow the queue " + arn + ".")
	}
	q.deadLetters, q.maxReceives = target, n
	return nil
}

// readRedrive reads a redrive policy. Its count is 10 where it is left out (API reference, CreateQueue).
func readRedrive(text string) (target string, count int, err error) {
	policy := struct {
		Target string      `json:"deadLetterTargetArn"`
		Count  json.Number `json:"maxReceiveCount"`
	}{Count: "10"}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return "", 0, fmt.Errorf("Redrive policy is not a valid JSON map.")
	}
	if policy.Target == "" {
		return "", 0, fmt.Errorf("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	}
	n, err := policy.Count.Int64()
	if err != nil || n < 1 || n > 1000 {
		return "", 0, fmt.Errorf("Invalid value for maxReceiveCount: %s, valid values are from 1 to 1000 both inclusive.", policy.Count)
	}
	return policy.Target, int(n), nil
}

// readAllow reads which queues a queue takes dead letters of; without a policy it takes those of all.
func readAllow(text string) (allows func(arn string) bool, err error) {
	var policy struct {
		Permission string   `json:"redrivePermission"`
		Sources    []string `json:"sourceQueueArns"`
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &policy); err != nil {
			return nil, badValue("RedriveAllowPolicy")
		}
	}
	by := policy.Permission == "byQueue"
	switch {
	case text != "" && policy.Permission != "allowAll" && policy.Permission != "denyAll" && !by, by != (len(policy.Sources) > 0), len(policy.Sources) > 10:
		return nil, badValue("RedriveAllowPolicy")
	}
	return func(arn string) bool {
		return policy.Permission != "denyAll" && (!by || slices.Contains(policy.Sources, arn))
	}, nil
}
