package wire

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/wire/shape"
)

// service is what the protocols need to know of a service beside the types of its API.
type service struct {
	sdk     string   // name of the SDK's package, and of the model in the registry
	scope   []string // names in the scope of signatures
	target  string   // prefix of X-Amz-Target
	naming  shape.Naming
	version string // AWS Query: the value of Version
	xmlns   string
	queries bool // AWS Query is spoken
	// items are the elements of lists that have names of their own in AWS Query (trait xmlName), and not "member".
	items map[string]string
	// compatible are services that spoke AWS Query before, whose JSON errors carry the Query code too.
	compatible map[string]string
	isCompat   bool
	cbor       string // name of the service in paths of RPC v2 CBOR
	paths      bool   // the protocol is restJson1, and all actions are POST /<action>
	// dated are the members whose times are texts in JSON, not numbers (trait timestampFormat of the Smithy model).
	dated []string
}

// services are those that are answered; others are refused by name. The naming of members is each API's (its Smithy model).
var services = []*service{
	{sdk: "sfn", scope: []string{"states"}, target: "AWSStepFunctions", naming: shape.Lower},
	{sdk: "eventbridge", scope: []string{"events"}, target: "AWSEvents", naming: shape.Pascal},
	{sdk: "glue", scope: []string{"glue"}, target: "AWSGlue", naming: shape.Pascal},
	{sdk: "redshiftdata", scope: []string{"redshift-data"}, target: "RedshiftData", naming: shape.LowerIn("ColumnMetadata", "SqlParameter", "Field", "TableMember")},
	{sdk: "redshift", scope: []string{"redshift"}, version: "2012-12-01", xmlns: "http://redshift.amazonaws.com/doc/2012-12-01/", queries: true,
		items: map[string]string{"Clusters": "Cluster", "IamRoles": "ClusterIamRole", "VpcSecurityGroups": "VpcSecurityGroup"}},
	{sdk: "redshiftserverless", scope: []string{"redshift-serverless"}, target: "RedshiftServerless", naming: shape.Lower, dated: []string{"creationDate"}},
	{sdk: "cloudwatchlogs", scope: []string{"logs"}, target: "Logs_20140328", naming: shape.Lower},
	{sdk: "sqs", scope: []string{"sqs"}, target: "AmazonSQS", naming: sqsNaming, isCompat: true, compatible: map[string]string{
		"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue", "QueueNameExists": "QueueAlreadyExists",
		"MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight", "PurgeQueueInProgress": "AWS.SimpleQueueService.PurgeQueueInProgress",
		"UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation", "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
		"TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
		"InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId", "QueueDeletedRecently": "AWS.SimpleQueueService.QueueDeletedRecently",
	}},
	{sdk: "sns", scope: []string{"sns"}, version: "2010-03-31", xmlns: "http://sns.amazonaws.com/doc/2010-03-31/", queries: true},
	{sdk: "sts", scope: []string{"sts"}, version: "2011-06-15", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/", queries: true},
	{sdk: "iam", scope: []string{"iam"}, version: "2010-05-08", xmlns: "https://iam.amazonaws.com/doc/2010-05-08/", queries: true},
	{sdk: "kms", scope: []string{"kms"}, target: "TrentService", naming: shape.Pascal},
	{sdk: "cloudwatch", scope: []string{"monitoring"}, target: "GraniteServiceVersion20100801", naming: shape.Pascal, version: "2010-08-01",
		xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/", queries: true, isCompat: true, cbor: "GraniteServiceVersion20100801"},
	{sdk: "servicequotas", scope: []string{"servicequotas"}, target: "ServiceQuotasV20190624", naming: shape.Pascal},
	{sdk: "lakeformation", scope: []string{"lakeformation"}, naming: shape.Pascal, paths: true},
	{sdk: "s3", scope: []string{"s3"}},
}

// sqsNaming is that of SQS, which names two members unlike all others.
func sqsNaming(owner reflect.Type, field shape.Field) string {
	switch {
	case owner == reflect.TypeFor[sqs.ListDeadLetterSourceQueuesOutput]() && field.Name == "QueueUrls":
		return field.Lower
	case owner == reflect.TypeFor[sqs.CreateQueueInput]() && field.Name == "Tags":
		return field.Lower
	}
	return field.Name
}

// byScope finds a service by the name in a signature's scope.
func byScope(name string) *service {
	for _, s := range services {
		for _, scope := range s.scope {
			if scope == name {
				return s
			}
		}
	}
	return nil
}

// cutTarget takes X-Amz-Target apart.
func cutTarget(target string) (prefix, action string) {
	i := strings.LastIndexByte(target, '.')
	if i < 0 {
		return target, ""
	}
	return target[:i], target[i+1:]
}
