package awsapi

// optimised are the services of the optimised integrations whose parameters are those of an API ("Optimized integrations",
// Step Functions guide), by the name in the resource.
var optimised = map[string]string{
	"athena": "athena", "batch": "batch", "bedrock": "bedrock", "codebuild": "codebuild", "databrew": "databrew", "dynamodb": "dynamodb",
	"ecs": "ecs", "emr-containers": "emrcontainers", "emr-serverless": "emrserverless", "events": "eventbridge", "glue": "glue",
	"lambda": "lambda", "mediaconvert": "mediaconvert", "sagemaker": "sagemaker", "sns": "sns", "sqs": "sqs", "states": "sfn",
}

// ownForm are operations of those services that have parameters of their own.
var ownForm = map[string]bool{"bedrock:invokeModel": true}

// ownParameters are those that Step Functions adds to an API, by resource.
var ownParameters = map[string][]string{}

// retired are services that botocore has dropped and that old definitions call.
var retired = map[string]bool{"elastictranscoder": true, "evidently": true, "finspacedata": true, "lookoutvision": true}
