package infra

import "strings"

// principals are accounts, by their ids, and roles and users, by their ARNs.
func (n Names) principals(names []string) map[string][]string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		if !strings.HasPrefix(name, "arn:") {
			out[i] = "arn:" + n.Partition + ":iam::" + name + ":root"
		}
	}
	return map[string][]string{"AWS": out}
}

// producerStatements let others upload to the raw bucket, and nothing else. The bucket owns what comes.
func (n Names) producerStatements(producers []string) []Statement {
	if len(producers) == 0 {
		return nil
	}
	return []Statement{{
		Sid:        "ProducersUpload",
		Principals: n.principals(producers),
		Actions:    []string{"s3:PutObject", "s3:AbortMultipartUpload"},
		Resources:  n.under(n.prefixes()),
	}}
}

// logsPrefix is where the stack's logs lie in a bucket that others use, too; empty in its own.
func (n Names) logsPrefix() string {
	if n.Given.LogBucket == "" {
		return ""
	}
	return n.ID() + "/"
}

// flowLogs is where the log of the network goes.
func (n Names) flowLogs(bucket string) string {
	return strings.TrimSuffix(n.BucketARN(bucket)+"/"+n.logsPrefix(), "/")
}

// topicName is the last part of the topic's ARN: metrics name it so.
func (n Names) topicName() string {
	arn := n.topicARN()
	return arn[strings.LastIndex(arn, ":")+1:]
}

// readRawKey lets who reads raw files use the key of a given raw bucket; nothing when it has none of its own.
func (n Names) readRawKey() []Statement {
	if n.Given.RawKeyARN == "" {
		return nil
	}
	return []Statement{{
		Sid:       "DecryptRaw",
		Actions:   []string{"kms:Decrypt"},
		Resources: []string{n.Given.RawKeyARN},
	}}
}
