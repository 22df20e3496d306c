package catalog

import _ "embed"

// sdkOperations lists AWS SDK operations with their permissions, as the Service
// Authorization Reference gives actions and resource types. A line is
//
//	service: operations = resources
//
// with resources as in integrations, "*" only where the actions have no
// resource type. An operation whose action has another name is written
// operation>Action; several actions are separated by commas. Operations may end
// in * where that holds for all of a family.
//
//go:embed catalog_sdk.txt
var sdkOperations string

// iamPrefixes are the IAM prefixes that differ from the SDK integration's
// service name.
const iamPrefixes = `
accessanalyzer access-analyzer
acmpca acm-pca
amp aps
apigatewaymanagementapi execute-api
apigatewayv2 apigateway
appconfigdata appconfig
applicationautoscaling application-autoscaling
arczonalshift arc-zonal-shift
bedrockagent bedrock
bedrockagentcore bedrock-agentcore
bedrockagentcorecontrol bedrock-agentcore
bedrockagentruntime bedrock
bedrockdataautomation bedrock
bedrockdataautomationruntime bedrock
bedrockruntime bedrock
chimesdkmediapipelines chime
chimesdkmeetings chime
cloudcontrol cloudformation
cloudfrontkeyvaluestore cloudfront-keyvaluestore
cloudwatchlogs logs
cognitoidentityprovider cognito-idp
computeoptimizer compute-optimizer
connectcampaigns connect-campaigns
costexplorer ce
customerprofiles profile
devopsguru devops-guru
databasemigration dms
directory ds
docdb rds
dynamodbstreams dynamodb
efs elasticfilesystem
elasticloadbalancingv2 elasticloadbalancing
emr elasticmapreduce
emrcontainers emr-containers
emrserverless emr-serverless
eventbridge events
finspacedata finspace-api
forecastquery forecast
geoplaces geo-places
georoutes geo-routes
greengrassv2 greengrass
iotdataplane iot
keyspaces cassandra
kinesisanalyticsv2 kinesisanalytics
lexmodelsv2 lex
lexruntimev2 lex
licensemanager license-manager
location geo
marketplacecatalog aws-marketplace
marketplaceentitlement aws-marketplace
marketplacemetering aws-marketplace
mediapackagevod mediapackage-vod
medicalimaging medical-imaging
mwaa airflow
neptune rds
neptunedata neptune-db
neptunegraph neptune-graph
networkfirewall network-firewall
opensearch es
opensearchserverless aoss
personalizeruntime personalize
pinpoint mobiletargeting
pinpointsmsvoicev2 sms-voice
qconnect wisdom
rdsdata rds-data
redshiftdata redshift-data
redshiftserverless redshift-serverless
resourceexplorer2 resource-explorer-2
resourcegroups resource-groups
resourcegroupstaggingapi tag
route53recoverycluster route53-recovery-cluster
s3control s3
sagemakera2iruntime sagemaker
sagemakerfeaturestoreruntime sagemaker
sagemakerruntime sagemaker
sesv2 ses
sfn states
ssmcontacts ssm-contacts
ssmincidents ssm-incidents
ssoadmin sso
supplychain scn
timestreamquery timestream
timestreamwrite timestream
vpclattice vpc-lattice
`
