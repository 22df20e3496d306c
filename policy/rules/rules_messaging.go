package rules

import (
	"slices"

	"airline/iam"
)

func messagingRules() []*Rule {
	return []*Rule{
		{
			ID: "sns-cmk", Title: "A topic is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "Notifications tell names, keys and errors. AWS's own key also keeps EventBridge and alarms out.",
			Fix:      "set kmsMasterKeyId to a key or alias of your own",
			Controls: []string{"SNS.1", "CKV_AWS_26"},
			Types:    []string{typeTopic},
			resource: encryptedWith("kmsMasterKeyId"),
			Good:     `aws:sns/topic:Topic news: {kmsMasterKeyId: alias/messages}`,
			Bad:      `aws:sns/topic:Topic news: {kmsMasterKeyId: alias/aws/sns}`,
		},
		{
			ID: "sns-not-public", Title: "A topic's policy allows nothing to everybody, and no wildcard action", Level: Mandatory,
			Why:      "Whoever may publish can send people false news; whoever may subscribe reads all of it.",
			Fix:      "name principals and actions, or add a condition on aws:SourceAccount or aws:SourceArn",
			Controls: []string{"CKV_AWS_169", "CKV_AWS_385"},
			Types:    []string{typeTopic, typeTopicPol},
			resource: narrowly("sns:*"),
			Good:     `aws:sns/topicPolicy:TopicPolicy news: {policy: {Statement: [{Effect: Allow, Principal: {Service: cloudwatch.amazonaws.com}, Action: "sns:Publish", Resource: "*"}]}}`,
			Bad:      `aws:sns/topicPolicy:TopicPolicy news: {policy: {Statement: [{Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: "*"}]}}`,
		},
		{
			ID: "sqs-cmk", Title: "A queue is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "Messages hold what was in the event. AWS's own key also keeps EventBridge and SNS out.",
			Fix:      "set kmsMasterKeyId to a key or alias of your own",
			Controls: []string{"SQS.1", "CKV_AWS_27", "CKV2_AWS_73"},
			Types:    []string{typeQueue},
			resource: encryptedWith("kmsMasterKeyId"),
			Good:     `aws:sqs/queue:Queue failed: {kmsMasterKeyId: alias/messages}`,
			Bad:      `aws:sqs/queue:Queue failed: {sqsManagedSseEnabled: true}`,
		},
		{
			ID: "sqs-tls-only", Title: "A queue's policy refuses requests without TLS", Level: Mandatory,
			Why:   "Keys and names of files are otherwise read, and messages changed, by whoever is on the way.",
			Fix:   "give the queue a policy that denies sqs:* to everybody when aws:SecureTransport is false",
			Types: []string{typeQueue, typeQueuePol},
			stack: func(j *judge) {
				for _, q := range j.OfType(typeQueue) {
					documents, uncertain := j.messagingDocuments(q)
					answer := truthOr(uncertain)
					for _, d := range documents {
						if d.policy == nil {
							answer = max(answer, CannotTell)
						} else if slices.ContainsFunc(d.policy.Statements, func(s iam.Statement) bool { return deniesPlainHTTP(s, "sqs:*") }) {
							answer = Yes
						}
					}
					j.answer(answer, q, "policy", "requests without TLS are answered")
				}
			},
			Good: `aws:sqs/queue:Queue failed: {url: "https://failed"}
aws:sqs/queuePolicy:QueuePolicy failed:
  queueUrl: https://failed
  policy: {Statement: [{Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}}]}`,
			Bad: `aws:sqs/queue:Queue failed: {url: "https://failed"}`,
		},
		{
			ID: "sqs-not-public", Title: "A queue's policy allows nothing to everybody, and no wildcard action", Level: Mandatory,
			Why:      "Whoever may send can start what listens; whoever may receive can make messages disappear.",
			Fix:      "name principals and actions, or add a condition on aws:SourceAccount or aws:SourceArn",
			Controls: []string{"SQS.3", "CKV_AWS_168", "CKV_AWS_387"},
			Types:    []string{typeQueue, typeQueuePol},
			resource: narrowly("sqs:*"),
			Good:     `aws:sqs/queuePolicy:QueuePolicy failed: {policy: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*"}]}}`,
			Bad:      `aws:sqs/queuePolicy:QueuePolicy failed: {policy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "sqs:*", Resource: "*"}]}}`,
		},
	}
}

// narrowly refuses statements for everybody, and those that allow every action.
func narrowly(every string) func(*judge, *Resource) {
	return func(j *judge, r *Resource) {
		nothingToEverybody(j, r)
		j.eachDocument(r, func(d document) {
			for i, s := range d.policy.Statements {
				if s.Deny {
					continue
				}
				if s.NotActions != nil || slices.ContainsFunc(s.Actions, func(a string) bool { return iam.CoversAction(a, every) }) {
					j.refuse(r, d.at.path, "%s allows every action", statementName(s, i))
				}
			}
		})
	}
}

// admits tells whether the policies let the service use a KMS key for encrypting messages.
func admits(documents []document, service string) Truth {
	answer := No
	for _, d := range documents {
		if d.policy == nil {
			answer = max(answer, CannotTell)
			continue
		}
		generate, decrypt := false, false
		for _, s := range d.policy.Statements {
			if s.Deny || s.Principal == nil || !slices.Contains(s.Principal.Services, service) || len(s.Resources) == 0 {
				continue
			}
			if service == "events.amazonaws.com" && limited(s, sourceKeys...) {
				continue // EventBridge does not say to KMS on whose behalf it encrypts
			}
			generate = generate || allowsAction(s, "kms:GenerateDataKey")
			decrypt = decrypt || allowsAction(s, "kms:Decrypt")
		}
		if generate && decrypt {
			return Yes
		}
	}
	return answer
}

// sourceKeys say on whose behalf a service acts. EventBridge does not send them to KMS ("Key management", SNS Developer Guide).
var sourceKeys = []string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}

func allowsAction(s iam.Statement, action string) bool {
	return slices.ContainsFunc(s.Actions, func(p string) bool { return iam.CoversAction(p, action) })
}

// resourceOfARN are the policies of a queue or topic: its own and those set beside it.
func (s *Stack) messagingDocuments(r *Resource) (documents []document, uncertain bool) {
	if d := readDocument(r, "policy"); !d.at.Absent() {
		documents = append(documents, d)
	}
	kind, path := typeTopicPol, "arn"
	if r.Type == typeQueue {
		kind, path = typeQueuePol, "queueUrl"
	}
	for _, p := range s.Referring(r, kind, path, r.Type) {
		documents = append(documents, readDocument(p, "policy"))
	}
	return documents, len(s.Referring(nil, kind, path, r.Type)) > 0
}
