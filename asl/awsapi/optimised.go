package awsapi

// optimised are the services of the optimised integrations whose parameters are those of an API ("Optimized integrations",
// Step Functions guide), by the name in the resource.
var optimised = map[string]string{
	"athena": "athena", "batch": "batch", "bedrock": "bedrock", "codebuild": "codebuild", "databrew": "databrew", "dynamodb": "dynamodb",
	"ecs": "ecs", "eks": "eks", "emr-containers": "emrcontainers", "emr-serverless": "emrserverless", "events": "eventbridge", "glue": "glue",
	"lambda": "lambda", "mediaconvert": "mediaconvert", "sagemaker": "sagemaker", "sns": "sns", "sqs": "sqs", "states": "sfn",
}

// elsewhere are optimised integrations whose parameters are those of an operation of another service or name.
var elsewhere = map[string][2]string{
	"bedrock:invokeModel":            {"bedrockruntime", "invokeModel"},
	"elasticmapreduce:createCluster": {"emr", "runJobFlow"},
}

// ownParameters are those that Step Functions adds to an API, by integration: objects in S3 in the place of a model's body
// ("Invoke and customize Amazon Bedrock models", Step Functions guide).
var ownParameters = map[string][]string{"bedrock:invokeModel": {"Input", "Output"}}

// retired are services that botocore has dropped and that old definitions call.
var retired = map[string]bool{"elastictranscoder": true, "evidently": true, "finspacedata": true, "lookoutvision": true}
