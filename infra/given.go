package infra

// Given is what somebody else makes and keeps, and this stack uses: it changes nothing about it that it is not told to, and
// leaves it where it is when the stack goes. What is empty the stack makes itself.
type Given struct {
	// PermissionsBoundary is the ARN of a policy that bounds every role of the stack.
	PermissionsBoundary string
	// RolePath is the path of the stack's roles; "/" when empty.
	RolePath string
	// RawBucket gets the files; LogBucket gets access logs and flow logs.
	RawBucket, LogBucket string
	// RawKeyARN is the KMS key of the given raw bucket; empty when S3's own keys encrypt it.
	RawKeyARN string
	// DataKeyARN and MessagesKeyARN are KMS keys.
	DataKeyARN, MessagesKeyARN string
	// GlueDatabase is a database of the Glue catalog.
	GlueDatabase string
	// TopicARN is the topic of notifications and alarms.
	TopicARN string
	// Workgroup or Cluster is a Redshift that is there; AdminSecretARN leads to its administrator's password.
	Workgroup, Cluster, AdminSecretARN string
	// workgroupARN is the ARN of Workgroup, once it was read.
	workgroupARN string
}

// bucket is the given bucket of a thing, or "".
func (g Given) bucket(thing string) string {
	switch thing {
	case "raw":
		return g.RawBucket
	case "logs":
		return g.LogBucket
	}
	return ""
}

// warehouse is the name of the given workgroup or the identifier of the given cluster, or "".
func (g Given) warehouse() string { return g.Workgroup + g.Cluster }

// key is the ARN of the given key of a thing, or "".
func (g Given) key(thing string) string {
	switch thing {
	case dataKey:
		return g.DataKeyARN
	case messagesKey:
		return g.MessagesKeyARN
	}
	return ""
}
