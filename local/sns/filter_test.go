package sns

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"airline/local/recorder"
)

// The examples of the SNS Developer Guide, "Filter policy constraints", "String value matching", "Numeric value matching", "Key matching".
func TestFilters(t *testing.T) {
	attribute := func(kind, value string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: aws.String(kind), StringValue: aws.String(value)}
	}
	n := Notification{Attributes: map[string]types.MessageAttributeValue{
		"customer_interests": attribute("String.Array", `["rugby", "football", 5, true]`), "price": attribute("Number", "301.50"), "event": attribute("String", "order_cancelled"),
		"source_ip": attribute("String", "10.0.0.7"), "raw": {DataType: aws.String("Binary"), BinaryValue: []byte("x")},
	}}
	for policy, want := range map[string]bool{
		``:   true,
		`{}`: true,
		`{"customer_interests": ["rugby", "tennis"]}`:                                              true,
		`{"customer_interests": ["tennis"]}`:                                                       false,
		`{"customer_interests": [5]}`:                                                              true,
		`{"price": [301.5]}`:                                                                       true,
		`{"price": [{"numeric": [">", 0, "<=", 301.5]}]}`:                                          true,
		`{"price": ["301.50"]}`:                                                                    false,
		`{"event": [{"prefix": "order"}], "price": [{"numeric": ["<", 1]}]}`:                       false,
		`{"event": [{"suffix": "_cancelled"}]}`:                                                    true,
		`{"event": [{"anything-but": ["order_placed"]}]}`:                                          true,
		`{"event": [{"anything-but": {"prefix": "order"}}]}`:                                       false,
		`{"event": [{"equals-ignore-case": "ORDER_cancelled"}]}`:                                   true,
		`{"store": [{"exists": false}]}`:                                                           true,
		`{"event": [{"exists": false}]}`:                                                           false,
		`{"raw": [{"exists": true}]}`:                                                              false,
		`{"source_ip": [{"cidr": "10.0.0.0/24"}]}`:                                                 true,
		`{"$or": [{"event": ["x"]}, {"price": [{"numeric": [">", 300]}]}]}`:                        true,
		`{"price": [{"exists": true}], "$or": [{"event": ["x"]}, {"customer_interests": ["y"]}]}`:  false,
		`{"customer_interests": [{"wildcard": "*ball"}], "event": [{"wildcard": "order_*elled"}]}`: true,
	} {
		f, err := parseFilter(policy, false)
		if err != nil {
			t.Errorf("%s: %v", policy, err)
		} else if f.takes(n, "") != want {
			t.Errorf("%s takes it: %t", policy, !want)
		}
	}
	many := `"` + strings.Join(strings.Split(strings.Repeat("a", 151), ""), `", "`) + `"`
	for policy, want := range map[string]string{
		`[]`:                  "must be a JSON object",
		`{"a": {"b": ["c"]}}`: "does not support nested",
		`{"a": "b"}`:          "array",
		`{"a": []}`:           "empty",
		`{"a": [1], "b": [1], "c": [1], "$or": [{"d": [1]}, {"e": [1]}, {"f": [1]}]}`: "more than 5 keys",
		`{"a": [` + many + `]}`:  "too complex",
		`{"a": [{"less": [1]}]}`: "less",
	} {
		if _, err := parseFilter(policy, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", policy, err, want)
		}
	}
	deep, err := parseFilter(`{"a": {"b": {"c": ["x"]}}}`, true)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{`{"a": {"b": {"c": "x"}}}`: true, `{"a": {"b": {"c": ["y", "x"]}}}`: true, `{"a": {"b": "c"}}`: false, `["x"]`: false, `x`: false} {
		if deep.takes(n, body) != want {
			t.Errorf("the body %s is taken: %t", body, !want)
		}
	}
}

// A deployed subscription's filter holds, and a wrong one is no stack.
func TestDeployedFilter(t *testing.T) {
	w := newWorld(t, key)
	subscribe := func(policy string) error {
		return w.Types(nil)["aws:sns/topicSubscription:TopicSubscription"](&recorder.Resource{
			Type: "aws:sns/topicSubscription:TopicSubscription", Name: "test",
			Inputs: map[string]any{"topic": topicARN, "protocol": "sqs", "endpoint": queueARN, "filterPolicy": policy, "filterPolicyScope": "MessageBody"},
		})
	}
	if err := subscribe(`{"a": "b"}`); err == nil || !strings.Contains(err.Error(), "filterPolicy") {
		t.Errorf("a wrong filter: %v", err)
	}
	w.topics[topicARN].subscriptions = nil
	if err := subscribe(`{"a": ["b"]}`); err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{`{"a": "b"}`, `{"a": "c"}`} {
		if _, err := w.Publish(w.ctx, &sns.PublishInput{TopicArn: aws.String(topicARN), Message: &message}); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.queues.Bodies("q"); len(got) != 1 {
		t.Errorf("the queue has %q", got)
	}
}
