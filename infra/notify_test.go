package infra

import (
	"slices"
	"strings"
	"testing"

	"airline/local/recorder"
)

// What a queue or webhook does not take waits in the queue of undelivered events, which lets the topic, and its key SNS, in; mail
// addresses have no such queue, and where there are no others nobody is let in.
func TestUndeliveredNotificationsAreKept(t *testing.T) {
	const queue = "arn:aws:sqs:eu-west-1:123456789012:told"
	for name, test := range map[string]struct {
		overrides map[string]string
		kept      []string // protocols
	}{
		"nobody":   {nil, nil},
		"people":   {map[string]string{"emails": `["team@example.com"]`}, nil},
		"a queue":  {map[string]string{"queues": `["` + queue + `"]`}, []string{"sqs"}},
		"everyone": {map[string]string{"emails": `["team@example.com"]`, "queues": `["` + queue + `"]`, "webhooks": `["https://example.com/hook"]`}, []string{"https", "sqs"}},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := recordWith(t, recorder.Options{Overrides: test.overrides})
			if err != nil {
				t.Fatal(err)
			}
			dead := g.OfType("aws:sqs/queue:Queue")[0].String("arn")
			policy := g.OfType("aws:sqs/queuePolicy:QueuePolicy")[0]
			var kept []string
			for _, s := range g.OfType("aws:sns/topicSubscription:TopicSubscription") {
				if redrive := s.String("redrivePolicy"); redrive != "" {
					kept = append(kept, s.String("protocol"))
					if redrive != `{"deadLetterTargetArn":"`+dead+`"}` || !slices.Contains(s.Dependencies, policy.URN) {
						t.Errorf("%s has %s, and depends on %v", s.Name, redrive, s.Dependencies)
					}
				}
			}
			slices.Sort(kept)
			if !slices.Equal(kept, test.kept) {
				t.Errorf("kept are notifications of %v, want %v", kept, test.kept)
			}
			admits := func(text, source string) bool {
				for _, s := range parsePolicy(t, text).Statement {
					if slices.Contains(s.Principal["Service"], "sns.amazonaws.com") && (source == "" || slices.Contains(s.Condition["ArnEquals"]["aws:SourceArn"], source)) {
						return true
					}
				}
				return false
			}
			topic := g.OfType("aws:sns/topic:Topic")[0].String("arn")
			if got := admits(policy.String("policy"), topic); got != (len(test.kept) > 0) {
				t.Errorf("the queue lets the topic in: %t", got)
			}
			for _, key := range g.OfType("aws:kms/key:Key") {
				if got := admits(key.String("policy"), ""); got != (len(test.kept) > 0 && key.Name == messagesKey) {
					t.Errorf("the key of %s lets SNS in: %t", key.Name, got)
				}
			}
			for _, a := range g.OfType("aws:cloudwatch/metricAlarm:MetricAlarm") {
				if a.Name == "undelivered-events" && !strings.HasSuffix(dead, ":"+a.String("dimensions.QueueName")) {
					t.Errorf("the alarm watches %s", a.String("dimensions.QueueName"))
				}
			}
		})
	}
}
