package rules

import (
	"encoding/json"
	"slices"
	"strings"

	"airline/iam"
)

func eventRules() []*Rule {
	return []*Rule{
		{
			ID: "events-target-dlq", Title: "A rule's target has a dead-letter queue", Level: Mandatory,
			Why:      "An event that cannot be delivered is otherwise gone without a word, and so is its file.",
			Fix:      "set deadLetterConfig.arn to a queue",
			Types:    []string{typeTarget},
			resource: mustSet("deadLetterConfig.arn", "events that cannot be delivered are lost"),
			Good:     `aws:cloudwatch/eventTarget:EventTarget start: {rule: files, deadLetterConfig: {arn: "arn:aws:sqs:eu-west-1:111122223333:undelivered"}}`,
			Bad:      `aws:cloudwatch/eventTarget:EventTarget start: {rule: files}`,
		},
		{
			ID: "events-target-retry", Title: "A rule's target has a retry policy", Level: Mandatory,
			Why:   "How long a delivery is tried decides how long an outage may last; that is to be decided, not defaulted.",
			Fix:   "set retryPolicy with maximumRetryAttempts (1 to 185) and maximumEventAgeInSeconds (60 to 86400)",
			Types: []string{typeTarget},
			resource: func(j *judge, r *Resource) {
				j.must(r, "retryPolicy.maximumRetryAttempts", between(1, 185), "failed deliveries are not tried again by decision")
				j.must(r, "retryPolicy.maximumEventAgeInSeconds", between(60, 86400), "how long a delivery is tried is not decided")
			},
			Good: `aws:cloudwatch/eventTarget:EventTarget start: {rule: files, retryPolicy: {maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86400}}`,
			Bad:  `aws:cloudwatch/eventTarget:EventTarget start: {rule: files, retryPolicy: {maximumRetryAttempts: 0, maximumEventAgeInSeconds: 86400}}`,
		},
		{
			ID: "events-dlq-policy", Title: "A dead-letter queue's policy names the rules that send to it", Level: Mandatory,
			Why: "Without the permission, what could not be delivered cannot be kept either; with one that names no rule, every rule of " +
				"every account can fill the queue.",
			Fix:   "allow sqs:SendMessage to events.amazonaws.com with aws:SourceArn set to the rule's ARN",
			Types: []string{typeTarget, typeEventRule, typeQueue, typeQueuePol},
			stack: func(j *judge) { j.eachDeadLetter(deadLetterPolicy) },
			Good: `aws:cloudwatch/eventRule:EventRule files: {name: files}
aws:cloudwatch/eventTarget:EventTarget start: {rule: files, deadLetterConfig: {arn: "arn:aws:sqs:eu-west-1:111122223333:undelivered"}}
aws:sqs/queue:Queue undelivered: {name: undelivered, url: "https://undelivered"}
aws:sqs/queuePolicy:QueuePolicy undelivered:
  queueUrl: https://undelivered
  policy: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:undelivered", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/files"}}}]}`,
			Bad: `aws:cloudwatch/eventRule:EventRule files: {name: files}
aws:cloudwatch/eventTarget:EventTarget start: {rule: files, deadLetterConfig: {arn: "arn:aws:sqs:eu-west-1:111122223333:undelivered"}}
aws:sqs/queue:Queue undelivered: {name: undelivered, url: "https://undelivered"}
aws:sqs/queuePolicy:QueuePolicy undelivered:
  queueUrl: https://undelivered
  policy: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:undelivered", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/others"}}}]}`,
		},
		{
			ID: "events-dlq-alarms", Title: "Alarms watch the dead-letter queue, and events that not even it has taken", Level: Mandatory,
			Why:   "A queue that nobody looks at keeps events for some days, and then they are gone.",
			Fix:   "add alarms on ApproximateNumberOfMessagesVisible of the queue and on InvocationsFailedToBeSentToDlq of the rule",
			Types: []string{typeTarget, typeEventRule, typeQueue, typeAlarm},
			stack: func(j *judge) { j.eachDeadLetter(deadLetterAlarms) },
			Good: `aws:cloudwatch/eventRule:EventRule files: {name: files}
aws:cloudwatch/eventTarget:EventTarget start: {rule: files, deadLetterConfig: {arn: "arn:aws:sqs:eu-west-1:111122223333:undelivered"}}
aws:sqs/queue:Queue undelivered: {name: undelivered}
aws:cloudwatch/metricAlarm:MetricAlarm waiting: {namespace: AWS/SQS, metricName: ApproximateNumberOfMessagesVisible, dimensions: {QueueName: undelivered}}
aws:cloudwatch/metricAlarm:MetricAlarm lost: {namespace: AWS/Events, metricName: InvocationsFailedToBeSentToDlq, dimensions: {RuleName: files}}`,
			Bad: `aws:cloudwatch/eventRule:EventRule files: {name: files}
aws:cloudwatch/eventTarget:EventTarget start: {rule: files, deadLetterConfig: {arn: "arn:aws:sqs:eu-west-1:111122223333:undelivered"}}
aws:sqs/queue:Queue undelivered: {name: undelivered}
aws:cloudwatch/metricAlarm:MetricAlarm waiting: {namespace: AWS/SQS, metricName: ApproximateNumberOfMessagesVisible, dimensions: {QueueName: undelivered}}`,
		},
		{
			ID: "events-no-failed-calls", Title: "A rule on CloudTrail's events leaves failed calls out", Level: Mandatory,
			Why:      "CloudTrail also reports calls that failed: an upload that was denied would be loaded.",
			Fix:      `add "errorCode": [{"exists": false}] to the pattern's detail`,
			Types:    []string{typeEventRule},
			resource: leavesFailedCallsOut,
			Good:     `aws:cloudwatch/eventRule:EventRule files: {eventPattern: {detail-type: ["AWS API Call via CloudTrail"], detail: {eventName: [PutObject], errorCode: [{exists: false}]}}}`,
			Bad:      `aws:cloudwatch/eventRule:EventRule files: {eventPattern: {detail-type: ["AWS API Call via CloudTrail"], detail: {eventName: [PutObject]}}}`,
		},
		{
			ID: "events-bus-policy", Title: "A custom event bus has a policy, which is not for everybody", Level: Mandatory,
			Why:      "Who may put events decides who may start what listens.",
			Fix:      "add an EventBusPolicy or EventPermission for the bus",
			Controls: []string{"EventBridge.3"},
			Types:    []string{typeEventBus, typeBusPolicy, typePermission},
			stack: func(j *judge) {
				for _, bus := range j.OfType(typeEventBus) {
					found := No
					for _, kind := range []string{typeBusPolicy, typePermission} {
						if len(j.Referring(bus, kind, "eventBusName", typeEventBus)) > 0 {
							found = Yes
						} else if len(j.Referring(nil, kind, "eventBusName", typeEventBus)) > 0 {
							found = max(found, CannotTell)
						}
					}
					j.answer(found, bus, "", "the bus has no policy")
				}
				for _, p := range j.OfType(typeBusPolicy) {
					nothingToEverybody(j, p)
				}
				for _, p := range j.OfType(typePermission) {
					if p.Get("principal").Text() == "*" && p.Get("condition").Absent() {
						j.refuse(p, "principal", "it allows everybody")
					}
				}
			},
			Good: `aws:cloudwatch/eventBus:EventBus files: {name: files}
aws:cloudwatch/eventBusPolicy:EventBusPolicy files: {eventBusName: files, policy: {Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "events:PutEvents", Resource: "*"}]}}`,
			Bad: `aws:cloudwatch/eventBus:EventBus files: {name: files}`,
		},
		{
			ID: "events-key-admits", Title: "The key of a topic or queue behind EventBridge or an alarm lets it in", Level: Mandatory,
			Why: "Otherwise EventBridge and CloudWatch drop what they have to say, without an error anywhere. EventBridge does not say to KMS on whose " +
				"behalf it encrypts: a condition on aws:SourceArn or aws:SourceAccount keeps it out (SNS Developer Guide, \"Key management\").",
			Fix: "use a customer-managed key whose policy allows kms:GenerateDataKey and kms:Decrypt to events.amazonaws.com or cloudwatch.amazonaws.com; " +
				"for EventBridge, narrow it by kms:EncryptionContext:aws:sqs:arn or aws:sns:topicArn",
			Types: []string{typeTarget, typeAlarm, typeTopic, typeQueue, typeKey, typeKeyAlias, typeKeyPolicy},
			stack: keysAdmitSenders,
			Good: `aws:cloudwatch/metricAlarm:MetricAlarm late: {alarmActions: ["arn:aws:sns:eu-west-1:111122223333:news"]}
aws:sns/topic:Topic news: {name: news, kmsMasterKeyId: alias/messages}
aws:kms/alias:Alias messages: {name: alias/messages, targetKeyId: 12ab}
aws:kms/key:Key messages: {keyId: 12ab, policy: {Statement: [{Effect: Allow, Principal: {Service: cloudwatch.amazonaws.com}, Action: ["kms:GenerateDataKey*", "kms:Decrypt"], Resource: "*"}]}}`,
			Bad: `aws:cloudwatch/metricAlarm:MetricAlarm late: {alarmActions: ["arn:aws:sns:eu-west-1:111122223333:news"]}
aws:sns/topic:Topic news: {name: news, kmsMasterKeyId: alias/messages}
aws:kms/alias:Alias messages: {name: alias/messages, targetKeyId: 12ab}
aws:kms/key:Key messages: {keyId: 12ab, policy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}]}}`,
		},
		{
			ID: "scheduler-cmk", Title: "A schedule is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "A schedule's input is kept by the service; only a key of one's own can be taken away.",
			Fix:      "set kmsKeyArn",
			Controls: []string{"CKV_AWS_297"},
			Types:    []string{typeSchedule},
			resource: encryptedWith("kmsKeyArn"),
			Good:     `aws:scheduler/schedule:Schedule nightly: {kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad:      `aws:scheduler/schedule:Schedule nightly: {}`,
		},
	}
}

// eachDeadLetter judges every pair of a rule and the dead-letter queue of one of its targets, each pair once.
func (j *judge) eachDeadLetter(check func(j *judge, target, rule, queue *Resource)) {
	type pair struct{ rule, queue *Resource }
	seen := map[pair]bool{}
	for _, t := range j.OfType(typeTarget) {
		dead := t.Get("deadLetterConfig.arn")
		if dead.Absent() {
			continue // events-target-dlq
		}
		queues, _ := j.Targets(t, dead, typeQueue)
		rules, _ := j.Targets(t, t.Get("rule"), typeEventRule)
		if len(queues) == 0 || len(rules) == 0 {
			j.unsure(t, "deadLetterConfig.arn", "the queue or the rule is not in this stack, or not known before it is created")
			continue
		}
		if p := (pair{rules[0], queues[0]}); !seen[p] {
			seen[p] = true
			check(j, t, rules[0], queues[0])
		}
	}
}

func deadLetterPolicy(j *judge, target, rule, queue *Resource) {
	documents, uncertain := j.messagingDocuments(queue)
	answer := truthOr(uncertain)
	for _, d := range documents {
		switch {
		case d.policy == nil:
			answer = max(answer, CannotTell)
		case slices.ContainsFunc(d.policy.Statements, func(s iam.Statement) bool { return admitsRule(j, s, rule) }):
			answer = Yes
		}
	}
	j.answer(answer, queue, "", "its policy does not let rule %s send what it could not deliver", rule.Name)
}

func truthOr(uncertain bool) Truth {
	if uncertain {
		return CannotTell
	}
	return No
}

// admitsRule tells whether the statement lets EventBridge send for this rule, and not for every rule there is.
func admitsRule(j *judge, s iam.Statement, rule *Resource) bool {
	if s.Deny || s.Principal == nil || !slices.Contains(s.Principal.Services, "events.amazonaws.com") || !allowsAction(s, "sqs:SendMessage") {
		return false
	}
	return slices.ContainsFunc(s.Conditions, func(c iam.Condition) bool {
		return strings.ToLower(c.Key) == "aws:sourcearn" && requires(c) && slices.ContainsFunc(c.Values, func(v string) bool {
			if slices.Contains(j.Named(v, typeEventRule), rule) {
				return true
			}
			name := rule.given("name").Text()
			a := parseARN(v)
			some := strings.Trim(strings.TrimPrefix(a.Resource, "rule/"), "*?") != "" // "rule/*" names no rule
			return name != "" && some && a.Service == "events" && !wild(v) && iam.Covers(a.Resource, "rule/"+name)
		})
	})
}

func deadLetterAlarms(j *judge, target, rule, queue *Resource) {
	j.answer(j.watched(queue, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"), queue, "",
		"no alarm tells that undelivered events wait in the queue")
	j.answer(j.watched(rule, "AWS/Events", "InvocationsFailedToBeSentToDlq", "RuleName"), rule, "",
		"no alarm tells that events could be neither delivered nor kept")
}

// watched tells whether an alarm watches the metric of the resource.
func (j *judge) watched(r *Resource, namespace, metric, dimension string) Truth {
	answer := No
	for _, a := range j.OfType(typeAlarm) {
		metrics := []Value{a.Get("")}
		for _, q := range a.Get("metricQueries").Items() { // an alarm on an expression
			metrics = append(metrics, q.Field("metric"))
		}
		for _, m := range metrics {
			kind := min(isText(namespace)(m.Field("namespace")), isText(metric)(m.Field("metricName")))
			if kind == No {
				continue
			}
			found, sure := j.Targets(a, m.At("dimensions."+dimension), r.Type)
			switch {
			case slices.Contains(found, r):
				answer = max(answer, kind)
			case sure == CannotTell:
				answer = max(answer, CannotTell)
			}
		}
	}
	return answer
}

func leavesFailedCallsOut(j *judge, r *Resource) {
	v := r.Get("eventPattern")
	switch {
	case v.Absent():
		return
	case v.Unknown():
		j.answer(CannotTell, r, "eventPattern", "")
		return
	}
	var pattern struct {
		DetailType []any `json:"detail-type"`
		Detail     map[string]any
	}
	if err := json.Unmarshal([]byte(v.Text()), &pattern); err != nil {
		j.refuse(r, "eventPattern", "the pattern cannot be read: it is no JSON object with lists of values")
		return
	}
	if !takesCalls(pattern.DetailType, pattern.Detail) {
		return
	}
	list, _ := pattern.Detail["errorCode"].([]any)
	for _, e := range list {
		if o, ok := e.(map[string]any); !ok || len(o) != 1 || o["exists"] != false {
			list = nil
		}
	}
	j.answer(truth(len(list) > 0), r, "eventPattern", "calls that failed match, too")
}

// takesCalls tells whether a pattern matches CloudTrail's events on calls: it names their type, by any matcher, or names no type
// and asks for what only they have.
func takesCalls(types []any, detail map[string]any) bool {
	if len(types) == 0 {
		return detail["eventName"] != nil || detail["eventSource"] != nil
	}
	const name = "AWS API Call via CloudTrail"
	return slices.ContainsFunc(types, func(t any) bool {
		o, ok := t.(map[string]any)
		if !ok {
			return t == any(name)
		}
		prefix, isPrefix := o["prefix"].(string)
		suffix, isSuffix := o["suffix"].(string)
		pattern, isPattern := o["wildcard"].(string)
		folded, isFolded := o["equals-ignore-case"].(string)
		return isPrefix && strings.HasPrefix(name, prefix) || isSuffix && strings.HasSuffix(name, suffix) ||
			isPattern && iam.Like(pattern, name) || isFolded && strings.EqualFold(folded, name)
	})
}

// keysAdmitSenders looks at every topic and queue that EventBridge or an alarm sends to.
func keysAdmitSenders(j *judge) {
	type delivery struct {
		to      *Resource
		service string
	}
	var deliveries []delivery
	add := func(from *Resource, v Value, service string, types ...string) {
		found, sure := j.Targets(from, v, types...)
		started, _ := j.Targets(from, v, typeMachine, typeMachineAlias, typeFunction)
		if sure == CannotTell && len(started) == 0 && len(j.OfType(types...)) > 0 {
			j.unsure(from, v.path, "what it sends to is not known before it is created")
		}
		for _, to := range found {
			if d := (delivery{to, service}); !slices.Contains(deliveries, d) {
				deliveries = append(deliveries, d)
			}
		}
	}
	for _, t := range j.OfType(typeTarget) {
		add(t, t.Get("arn"), "events.amazonaws.com", typeTopic, typeQueue)
		add(t, t.Get("deadLetterConfig.arn"), "events.amazonaws.com", typeQueue)
	}
	for _, a := range j.OfType(typeAlarm) {
		for _, path := range []string{"alarmActions", "okActions", "insufficientDataActions"} {
			v := a.Get(path)
			if v.Unknown() {
				add(a, v, "cloudwatch.amazonaws.com", typeTopic)
			}
			for _, action := range v.Items() {
				add(a, action, "cloudwatch.amazonaws.com", typeTopic)
			}
		}
	}
	for _, d := range deliveries {
		j.keyAdmits(d.to, d.service)
	}
}

func (j *judge) keyAdmits(r *Resource, service string) {
	const path = "kmsMasterKeyId"
	v := r.Get(path)
	if v.Absent() || v.Known() && v.Text() == "" {
		return // anybody can send to what is not encrypted; sns-cmk and sqs-cmk refuse that
	}
	if j.customerKey(r, v) == No {
		j.refuse(r, path, "AWS's own key keeps %s out", service)
		return
	}
	key, _ := j.keyOf(r, path)
	if key == nil {
		j.unsure(r, path, "the key is not in this stack, or not known before it is created")
		return
	}
	j.answer(admits(j.keyDocuments(key), service), key, "policy", "the key of %s does not let %s in", r.Title(), service)
}
