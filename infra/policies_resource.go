package infra

// Resource policies: who may use a bucket, key, topic or queue from the resource's side. In one account roles get
// their rights from their own policies (policies_roles.go); here stand AWS services and denials.

// bucketPolicy refuses requests without TLS and adds the given statements.
func (n Names) bucketPolicy(bucket string, statements ...Statement) Policy {
	deny := denyInsecureTransport("s3:*", n.BucketARN(bucket), n.ObjectsARN(bucket, ""))
	return Policy{Statements: append([]Statement{deny}, statements...)}
}

// accessLogStatement lets S3 write the server access logs of this stack's buckets.
func (n Names) accessLogStatement() Statement {
	return Statement{
		Sid:        "S3DeliversAccessLogs",
		Principals: service("logging.s3.amazonaws.com"),
		Actions:    []string{"s3:PutObject"},
		Resources:  []string{n.ObjectsARN(n.Bucket("logs"), "")},
		Conditions: n.onBehalfOf(n.BucketARN(n.Name("*"))),
	}
}

// trailBucketStatements let CloudTrail write this stack's trail, and no other.
func (n Names) trailBucketStatements() []Statement {
	bucket := n.Bucket("trail")
	source := Conditions{"StringEquals": {"aws:SourceArn": {n.trailARN()}}}
	return []Statement{
		{
			Sid:        "CloudTrailChecksBucket",
			Principals: service("cloudtrail.amazonaws.com"),
			Actions:    []string{"s3:GetBucketAcl"},
			Resources:  []string{n.BucketARN(bucket)},
			Conditions: source,
		},
		{
			Sid:        "CloudTrailDelivers",
			Principals: service("cloudtrail.amazonaws.com"),
			Actions:    []string{"s3:PutObject"},
			Resources:  []string{n.ObjectsARN(bucket, "AWSLogs/"+n.Account+"/")},
			Conditions: source.with(Conditions{"StringEquals": {"s3:x-amz-acl": {"bucket-owner-full-control"}}}),
		},
	}
}

func (n Names) trailARN() string { return n.ARN("cloudtrail", "trail/"+n.Name(trailThing)) }

// accountAdministers lets the account's own IAM policies decide about a key. Without it nobody could.
func (n Names) accountAdministers() Statement {
	return Statement{
		Sid:        "AccountAdministers",
		Principals: map[string][]string{"AWS": {"arn:" + n.Partition + ":iam::" + n.Account + ":root"}},
		Actions:    []string{"kms:*"},
		Resources:  []string{"*"},
	}
}

// dataKeyPolicy is the policy of the key of buckets, warehouse and logs.
func (n Names) dataKeyPolicy(trigger Trigger, producers []string) Policy {
	p := Policy{Statements: []Statement{
		n.accountAdministers(),
		{
			Sid:        "LogsEncrypt",
			Principals: service(n.logsService()),
			Actions:    []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"},
			Resources:  []string{"*"},
			Conditions: Conditions{"ArnLike": {"kms:EncryptionContext:aws:logs:arn": {n.ARN("logs", "log-group:*")}}},
		},
		{
			// Step Functions hands log events of an encrypted machine over encrypted.
			Sid:        "LogDeliveryDecrypts",
			Principals: service("delivery.logs.amazonaws.com"),
			Actions:    []string{"kms:Decrypt*"},
			Resources:  []string{"*"},
			Conditions: n.onBehalfOf(n.ARN("logs", "*")),
		},
	}}
	if trigger == TriggerCloudTrail {
		p.Statements = append(p.Statements, Statement{
			Sid:        "CloudTrailEncrypts",
			Principals: service("cloudtrail.amazonaws.com"),
			Actions:    []string{"kms:GenerateDataKey*", "kms:DescribeKey"},
			Resources:  []string{"*"},
			Conditions: Conditions{"StringEquals": {"aws:SourceArn": {n.trailARN()}}},
		})
	}
	if len(producers) > 0 {
		p.Statements = append(p.Statements, Statement{
			Sid:        "ProducersEncrypt",
			Principals: n.principals(producers),
			Actions:    []string{"kms:GenerateDataKey", "kms:Decrypt"}, // the latter to complete a multipart upload
			Resources:  []string{"*"},
			Conditions: Conditions{"StringEquals": {
				"kms:ViaService":                   {"s3." + n.Region + "." + n.domain()},
				"kms:EncryptionContext:aws:s3:arn": {n.BucketARN(n.Bucket("raw"))},
			}},
		})
	}
	return p
}

// messagesKeyPolicy is the policy of the key of the topic and the queues.
func (n Names) messagesKeyPolicy(receivers Receivers, gathers bool) Policy {
	use := []string{"kms:GenerateDataKey", "kms:Decrypt"}
	queues := []string{n.undeliveredARN()}
	if gathers {
		for _, d := range n.Datasets() {
			queues = append(queues, n.gatherARN(d))
		}
	}
	p := Policy{Statements: []Statement{
		n.accountAdministers(),
		{
			// EventBridge does not say to KMS on whose behalf it encrypts ("Key management", SNS Developer Guide): a condition on
			// aws:SourceArn or aws:SourceAccount would lose the events without an error. The queue's policy says for which rules.
			Sid:        "EventsEncrypt",
			Principals: service("events.amazonaws.com"),
			Actions:    use,
			Resources:  []string{"*"},
			Conditions: Conditions{"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": queues}},
		},
		{
			Sid:        "AlarmsEncrypt",
			Principals: service("cloudwatch.amazonaws.com"),
			Actions:    use,
			Resources:  []string{"*"},
			Conditions: n.onBehalfOf(n.ARN("cloudwatch", "alarm:"+n.Name("*"))),
		},
	}}
	if receivers.hasDeadLetters() {
		p.Statements = append(p.Statements, Statement{
			Sid:        "TopicEncrypts",
			Principals: service("sns.amazonaws.com"),
			Actions:    use,
			Resources:  []string{"*"},
			Conditions: Conditions{"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": {n.undeliveredARN()}}},
		})
	}
	return p
}

// topicPolicy lets alarms publish. The state machines' roles have their own permission.
func (n Names) topicPolicy() Policy {
	topic := n.topicARN()
	return Policy{Statements: []Statement{
		denyInsecureTransport("sns:Publish", topic),
		{
			Sid:        "AlarmsPublish",
			Principals: service("cloudwatch.amazonaws.com"),
			Actions:    []string{"sns:Publish"},
			Resources:  []string{topic},
			Conditions: n.onBehalfOf(n.ARN("cloudwatch", "alarm:"+n.Name("*"))),
		},
	}}
}

// undeliveredPolicy lets the rules put events that could not be delivered into the queue, and the topic notifications.
func (n Names) undeliveredPolicy(receivers Receivers) Policy {
	queue := n.undeliveredARN()
	p := Policy{Statements: []Statement{
		denyInsecureTransport("sqs:*", queue),
		{
			Sid:        "RulesSendUndelivered",
			Principals: service("events.amazonaws.com"),
			Actions:    []string{"sqs:SendMessage"},
			Resources:  []string{queue},
			Conditions: n.onBehalfOf(n.ruleARNs(n.ruled())...),
		},
	}}
	if receivers.hasDeadLetters() {
		p.Statements = append(p.Statements, Statement{
			Sid:        "TopicSendsUndelivered",
			Principals: service("sns.amazonaws.com"),
			Actions:    []string{"sqs:SendMessage"},
			Resources:  []string{queue},
			Conditions: Conditions{"ArnEquals": {"aws:SourceArn": {n.topicARN()}}},
		})
	}
	return p
}

func (n Names) topicARN() string {
	if n.Given.TopicARN != "" {
		return n.Given.TopicARN
	}
	return n.ARN("sns", n.Name(topicThing))
}
func (n Names) undeliveredARN() string { return n.ARN("sqs", n.Name(undeliveredThing)) }

// ruleARNs are the rules of machines: each has its machine's name.
func (n Names) ruleARNs(machines []string) []string {
	var rules []string
	for _, thing := range machines {
		rules = append(rules, n.RuleARN(thing))
	}
	return rules
}

// endpointPolicy lets only the COPY role's reads of the staging bucket through the VPC's way to S3.
func (n Names) endpointPolicy() Policy {
	staging := n.Bucket("staging")
	return Policy{Statements: []Statement{{
		Sid:        "ReadStaging",
		Principals: everybody(),
		Actions:    []string{"s3:GetObject", "s3:ListBucket"},
		Resources:  []string{n.BucketARN(staging), n.ObjectsARN(staging, loadsPrefix)},
		Conditions: Conditions{"StringEquals": {"aws:PrincipalAccount": {n.Account}}},
	}}}
}

// flowLogStatements let the log delivery service write the VPC's flow log.
func (n Names) flowLogStatements() []Statement {
	bucket := n.Bucket("logs")
	source := n.onBehalfOf(n.ARN("logs", "*"))
	return []Statement{
		{
			Sid:        "LogDeliveryChecksBucket",
			Principals: service("delivery.logs.amazonaws.com"),
			Actions:    []string{"s3:GetBucketAcl"},
			Resources:  []string{n.BucketARN(bucket)},
			Conditions: source,
		},
		{
			Sid:        "LogDeliveryWrites",
			Principals: service("delivery.logs.amazonaws.com"),
			Actions:    []string{"s3:PutObject"},
			Resources:  []string{n.ObjectsARN(bucket, "AWSLogs/"+n.Account+"/")},
			Conditions: source.with(Conditions{"StringEquals": {"s3:x-amz-acl": {"bucket-owner-full-control"}}}),
		},
	}
}
