package draw

import "strings"

// service is how an AWS service is shown: its name, the colour of its family in
// AWS's icon set, and a glyph of ours.
type service struct {
	name, colour string
	glyph        glyph
}

// The colours of AWS's icon set by family.
const (
	compute     = "#d45b07"
	storage     = "#5d8a12"
	database    = "#a324c9"
	integration = "#d6156f"
	analytics   = "#7a3df0"
	learning    = "#04806c"
	security    = "#c9252d"
	general     = "#3f6ad8"
)

var services = map[string]service{
	"activity":           {"Activity", general, glyphPerson},
	"apigateway":         {"API Gateway", integration, glyphGlobe},
	"appflow":            {"AppFlow", integration, glyphArrow},
	"athena":             {"Athena", analytics, glyphBars},
	"batch":              {"Batch", compute, glyphChip},
	"bedrock":            {"Bedrock", learning, glyphSpark},
	"bedrockruntime":     {"Bedrock Runtime", learning, glyphSpark},
	"bedrockagent":       {"Bedrock Agent", learning, glyphSpark},
	"cloudformation":     {"CloudFormation", integration, glyphFlow},
	"cloudwatch":         {"CloudWatch", integration, glyphBars},
	"cloudwatchlogs":     {"CloudWatch Logs", integration, glyphBars},
	"codebuild":          {"CodeBuild", general, glyphGear},
	"comprehend":         {"Comprehend", learning, glyphSpark},
	"databrew":           {"DataBrew", analytics, glyphBars},
	"dynamodb":           {"DynamoDB", database, glyphDisk},
	"ec2":                {"EC2", compute, glyphChip},
	"ecs":                {"ECS", compute, glyphChip},
	"eks":                {"EKS", compute, glyphChip},
	"elasticmapreduce":   {"EMR", analytics, glyphBars},
	"emr":                {"EMR", analytics, glyphBars},
	"emr-containers":     {"EMR on EKS", analytics, glyphBars},
	"emrcontainers":      {"EMR on EKS", analytics, glyphBars},
	"emr-serverless":     {"EMR Serverless", analytics, glyphBars},
	"emrserverless":      {"EMR Serverless", analytics, glyphBars},
	"eventbridge":        {"EventBridge", integration, glyphEnvelope},
	"events":             {"EventBridge", integration, glyphEnvelope},
	"firehose":           {"Firehose", analytics, glyphBars},
	"glacier":            {"S3 Glacier", storage, glyphBucket},
	"glue":               {"Glue", analytics, glyphBars},
	"http":               {"HTTP", general, glyphGlobe},
	"iam":                {"IAM", security, glyphShield},
	"kinesis":            {"Kinesis", analytics, glyphBars},
	"kms":                {"KMS", security, glyphShield},
	"lambda":             {"Lambda", compute, glyphLambda},
	"mediaconvert":       {"MediaConvert", compute, glyphGear},
	"neptune":            {"Neptune", database, glyphDisk},
	"rds":                {"RDS", database, glyphDisk},
	"rdsdata":            {"RDS Data", database, glyphDisk},
	"redshift":           {"Redshift", analytics, glyphDisk},
	"redshiftdata":       {"Redshift Data", analytics, glyphDisk},
	"redshiftserverless": {"Redshift Serverless", analytics, glyphDisk},
	"rekognition":        {"Rekognition", learning, glyphSpark},
	"s3":                 {"S3", storage, glyphBucket},
	"sagemaker":          {"SageMaker", learning, glyphSpark},
	"scheduler":          {"EventBridge Scheduler", integration, glyphClock},
	"secretsmanager":     {"Secrets Manager", security, glyphShield},
	"ses":                {"SES", integration, glyphEnvelope},
	"sesv2":              {"SES", integration, glyphEnvelope},
	"sfn":                {"Step Functions", integration, glyphFlow},
	"sns":                {"SNS", integration, glyphEnvelope},
	"sqs":                {"SQS", integration, glyphEnvelope},
	"ssm":                {"Systems Manager", integration, glyphGear},
	"states":             {"Step Functions", integration, glyphFlow},
	"sts":                {"STS", security, glyphShield},
	"textract":           {"Textract", learning, glyphSpark},
	"transcribe":         {"Transcribe", learning, glyphSpark},
	"translate":          {"Translate", learning, glyphSpark},
}

// serviceOf is how the service is shown that an ARN names so.
func serviceOf(name string) service {
	if s, ok := services[strings.ToLower(name)]; ok {
		return s
	}
	shown := name
	if len(name) > 0 && len(name) <= 4 {
		shown = strings.ToUpper(name)
	} else if len(name) > 0 {
		shown = strings.ToUpper(name[:1]) + name[1:]
	}
	return service{shown, general, glyphGear}
}
