package rules

func pipeRules() []*Rule {
	const source = `aws:sqs/queue:Queue files: {name: files, arn: "arn:aws:sqs:eu-west-1:111122223333:files", visibilityTimeoutSeconds: 420, redrivePolicy: "{\"deadLetterTargetArn\": \"arn:aws:sqs:eu-west-1:111122223333:undelivered\", \"maxReceiveCount\": 5}"}
`
	const pipe = `aws:pipes/pipe:Pipe files: {source: "arn:aws:sqs:eu-west-1:111122223333:files", sourceParameters: {sqsQueueParameters: {maximumBatchingWindowInSeconds: 60}}}
`
	return []*Rule{
		{
			ID: "pipe-source-dlq", Title: "A queue that a pipe reads has a dead-letter queue", Level: Mandatory,
			Why:   "What the pipe's target refuses comes back to the queue until it expires, and then is gone without a word.",
			Fix:   "set redrivePolicy with deadLetterTargetArn and a maxReceiveCount of at least 5",
			Types: []string{typePipe, typeQueue, typeRedrive},
			stack: func(j *judge) {
				j.eachPipeSource(func(_, queue *Resource) {
					answer := max(j.isSet(queue, "redrivePolicy"), truth(len(j.Referring(queue, typeRedrive, "queueUrl", typeQueue)) > 0))
					j.answer(answer, queue, "redrivePolicy", "messages that the pipe's target refuses are lost")
				})
			},
			Good: source + pipe,
			Bad:  `aws:sqs/queue:Queue files: {name: files, arn: "arn:aws:sqs:eu-west-1:111122223333:files"}` + "\n" + pipe,
		},
		{
			ID: "pipe-source-hidden", Title: "A queue that a pipe reads hides messages for longer than the pipe gathers them", Level: Mandatory,
			Why:   "A message that becomes visible again while the pipe still holds it is handed over twice.",
			Fix:   "set visibilityTimeoutSeconds above maximumBatchingWindowInSeconds, by six times what the target takes",
			Types: []string{typePipe, typeQueue},
			stack: func(j *judge) {
				j.eachPipeSource(func(pipe, queue *Resource) {
					window := pipe.Get("sourceParameters.sqsQueueParameters.maximumBatchingWindowInSeconds")
					seconds, _ := window.Number()
					if window.Unknown() {
						j.unsure(pipe, window.path, "how long the pipe gathers is not known before it is created")
						return
					}
					const standard = 30 // of SQS
					if queue.Get("visibilityTimeoutSeconds").Absent() {
						j.answer(truth(seconds < standard), queue, "visibilityTimeoutSeconds", "it is not set, and messages are hidden for %d seconds", standard)
						return
					}
					j.must(queue, "visibilityTimeoutSeconds", atLeast(seconds+1), "the pipe gathers for longer")
				})
			},
			Good: source + pipe,
			Bad:  `aws:sqs/queue:Queue files: {name: files, arn: "arn:aws:sqs:eu-west-1:111122223333:files", visibilityTimeoutSeconds: 60}` + "\n" + pipe,
		},
		{
			ID: "pipe-source-watched", Title: "An alarm watches how old the messages of a pipe's queue become", Level: Mandatory,
			Why:   "A pipe that is refused for long is stopped: nothing fails any more, and messages wait until they expire.",
			Fix:   "add an alarm on ApproximateAgeOfOldestMessage of the queue",
			Types: []string{typePipe, typeQueue, typeAlarm},
			stack: func(j *judge) {
				j.eachPipeSource(func(_, queue *Resource) {
					j.answer(j.watched(queue, "AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"), queue, "", "no alarm tells that messages wait for the pipe")
				})
			},
			Good: source + pipe + `aws:cloudwatch/metricAlarm:MetricAlarm late: {namespace: AWS/SQS, metricName: ApproximateAgeOfOldestMessage, dimensions: {QueueName: files}}`,
			Bad:  source + pipe + `aws:cloudwatch/metricAlarm:MetricAlarm late: {namespace: AWS/SQS, metricName: ApproximateNumberOfMessagesVisible, dimensions: {QueueName: files}}`,
		},
	}
}

// eachPipeSource judges every queue that a pipe reads.
func (j *judge) eachPipeSource(check func(pipe, queue *Resource)) {
	for _, p := range j.OfType(typePipe) {
		queues, sure := j.Targets(p, p.Get("source"), typeQueue)
		switch {
		case len(queues) > 0:
		case sure == CannotTell:
			j.unsure(p, "source", "the pipe's source is not known before it is created")
		default:
			j.unsure(p, "source", "the queue that the pipe reads is not in the stack")
		}
		for _, q := range queues {
			check(p, q)
		}
	}
}
