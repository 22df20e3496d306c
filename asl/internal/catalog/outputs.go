package catalog

// Outputs are the members of the results of operations whose results have
// no others, from AWS's API models, by what stands behind arn:aws:states::: in
// the resource.
var Outputs = map[string][]string{
	"lambda:invoke":                           {"ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode"},
	"sns:publish":                             {"MessageId", "SequenceNumber"},
	"sqs:sendMessage":                         {"MD5OfMessageAttributes", "MD5OfMessageBody", "MD5OfMessageSystemAttributes", "MessageId", "SequenceNumber"},
	"dynamodb:getItem":                        {"ConsumedCapacity", "Item"},
	"dynamodb:putItem":                        {"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"},
	"dynamodb:updateItem":                     {"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"},
	"dynamodb:deleteItem":                     {"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"},
	"events:putEvents":                        {"Entries", "FailedEntryCount"},
	"states:startExecution":                   {"ExecutionArn", "StartDate"},
	"glue:startJobRun":                        {"JobRunId"},
	"athena:startQueryExecution":              {"QueryExecutionId"},
	"aws-sdk:glue:getCrawler":                 {"Crawler"},
	"aws-sdk:glue:getJobRun":                  {"JobRun"},
	"aws-sdk:glue:startCrawler":               {},
	"aws-sdk:glue:stopCrawler":                {},
	"aws-sdk:dynamodb:getItem":                {"ConsumedCapacity", "Item"},
	"aws-sdk:dynamodb:query":                  {"ConsumedCapacity", "Count", "Items", "LastEvaluatedKey", "ScannedCount"},
	"aws-sdk:dynamodb:scan":                   {"ConsumedCapacity", "Count", "Items", "LastEvaluatedKey", "ScannedCount"},
	"aws-sdk:sfn:startExecution":              {"ExecutionArn", "StartDate"},
	"aws-sdk:sns:publish":                     {"MessageId", "SequenceNumber"},
	"aws-sdk:sfn:sendTaskSuccess":             {},
	"aws-sdk:sfn:sendTaskFailure":             {},
	"aws-sdk:eventbridge:putEvents":           {"Entries", "FailedEntryCount"},
	"aws-sdk:redshiftdata:getStatementResult": {"ColumnMetadata", "NextToken", "Records", "TotalNumRows"},
	"aws-sdk:redshiftdata:cancelStatement":    {"Status"},
}
