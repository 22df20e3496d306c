package catalog

// integrations lists the permissions of the optimised integrations, as the
// "IAM policies for integrated services" pages of the Step Functions guide give
// them, narrowed to the resources that the parameters name.
//
// An operation stands alone on its line, with its patterns; the lines below it,
// indented, are statements:
//
//	actions = resources [if Operator key value]
//
// A resource that is no ARN gets the action's service, region and account in
// front. {Name} is the parameter, {Name:x} the parameter or else x; a parameter
// that is an ARN takes the place of the whole resource. {:Name} is the parameter
// with a colon in front, or nothing; {Name!} drops the resource when there is no
// such parameter; {A.B} is a member; {Name@kind} reads the parameter in a way of
// its own (see kinds in arn.go). {p}, {r}, {a} are partition, region and account,
// {machine} is the state machine's own name. Parameters that may stand for each
// other are separated by "|".
const integrations = `
lambda:invoke
	lambda:InvokeFunction = function:{FunctionName}{:Qualifier}

sns:publish
	sns:Publish = {TopicArn|TargetArn}

sqs:sendMessage
	sqs:SendMessage = {QueueUrl}

dynamodb:getItem
	dynamodb:GetItem = table/{TableName}
dynamodb:putItem
	dynamodb:PutItem = table/{TableName}
dynamodb:updateItem
	dynamodb:UpdateItem = table/{TableName}
dynamodb:deleteItem
	dynamodb:DeleteItem = table/{TableName}

events:putEvents
	events:PutEvents = event-bus/{Entries.EventBusName:default}

states:startExecution
	states:StartExecution = stateMachine:{StateMachineArn}
states:startExecution.sync states:startExecution.sync:2
	states:StartExecution = stateMachine:{StateMachineArn}
	states:DescribeExecution states:StopExecution = execution:{StateMachineArn}:*
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForStepFunctionsExecutionRule

glue:startJobRun
	glue:StartJobRun = job/{JobName}
glue:startJobRun.sync
	glue:StartJobRun glue:GetJobRun glue:GetJobRuns glue:BatchStopJobRun = job/{JobName}

databrew:startJobRun
	databrew:StartJobRun = job/{Name}
databrew:startJobRun.sync
	databrew:StartJobRun databrew:ListJobRuns databrew:StopJobRun = job/{Name}

batch:submitJob
	batch:SubmitJob = job-definition/{JobDefinition} job-queue/{JobQueue}
batch:submitJob.sync
	batch:SubmitJob = job-definition/{JobDefinition} job-queue/{JobQueue}
	batch:TerminateJob = job/*
	batch:DescribeJobs = *
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForBatchJobsRule

ecs:runTask
	ecs:RunTask = task-definition/{TaskDefinition}
	iam:PassRole = role/* if StringEquals iam:PassedToService ecs-tasks.amazonaws.com
ecs:runTask.sync
	ecs:RunTask = task-definition/{TaskDefinition}
	ecs:StopTask ecs:DescribeTasks = task/*
	iam:PassRole = role/* if StringEquals iam:PassedToService ecs-tasks.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForECSTaskRule

codebuild:startBuild
	codebuild:StartBuild = project/{ProjectName}
codebuild:startBuild.sync
	codebuild:StartBuild codebuild:StopBuild codebuild:BatchGetBuilds = project/{ProjectName}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventForCodeBuildStartBuildRule
codebuild:stopBuild
	codebuild:StopBuild = project/*
codebuild:batchGetBuilds
	codebuild:BatchGetBuilds = project/*
codebuild:batchDeleteBuilds
	codebuild:BatchDeleteBuilds = project/*
codebuild:startBuildBatch
	codebuild:StartBuildBatch = project/{ProjectName}
codebuild:startBuildBatch.sync
	codebuild:StartBuildBatch codebuild:StopBuildBatch codebuild:BatchGetBuildBatches = project/{ProjectName}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventForCodeBuildStartBuildBatchRule
codebuild:retryBuildBatch
	codebuild:RetryBuildBatch = project/*
codebuild:retryBuildBatch.sync
	codebuild:RetryBuildBatch codebuild:StopBuildBatch codebuild:BatchGetBuildBatches = project/*
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventForCodeBuildStartBuildBatchRule
codebuild:stopBuildBatch
	codebuild:StopBuildBatch = project/*
codebuild:deleteBuildBatch
	codebuild:DeleteBuildBatch = project/*
codebuild:batchGetReports
	codebuild:BatchGetReports = report-group/*

athena:startQueryExecution
	athena:StartQueryExecution athena:GetDataCatalog = workgroup/{WorkGroup:primary} datacatalog/*
	s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads = {ResultConfiguration.OutputLocation@bucket}
	s3:GetObject s3:PutObject s3:ListMultipartUploadParts s3:AbortMultipartUpload = {ResultConfiguration.OutputLocation@objects}
	glue:GetDatabase glue:GetDatabases glue:GetTable glue:GetTables glue:GetPartition glue:GetPartitions glue:BatchGetPartition = catalog database/* table/*
	lakeformation:GetDataAccess = *
athena:startQueryExecution.sync
	athena:StartQueryExecution athena:StopQueryExecution athena:GetQueryExecution athena:GetDataCatalog = workgroup/{WorkGroup:primary} datacatalog/*
	s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads = {ResultConfiguration.OutputLocation@bucket}
	s3:GetObject s3:PutObject s3:ListMultipartUploadParts s3:AbortMultipartUpload = {ResultConfiguration.OutputLocation@objects}
	glue:GetDatabase glue:GetDatabases glue:GetTable glue:GetTables glue:GetPartition glue:GetPartitions glue:BatchGetPartition = catalog database/* table/*
	lakeformation:GetDataAccess = *
athena:stopQueryExecution
	athena:StopQueryExecution = workgroup/*
athena:getQueryExecution
	athena:GetQueryExecution = workgroup/*
athena:getQueryResults
	athena:GetQueryResults = workgroup/*
	s3:GetObject = arn:{p}:s3:::*/*

apigateway:invoke
	execute-api:Invoke = {ApiEndpoint@api}

http:invoke
	states:InvokeHTTPEndpoint = stateMachine:{machine}
	events:RetrieveConnectionCredentials = connection/{Authentication.ConnectionArn|InvocationConfig.ConnectionArn}
	secretsmanager:GetSecretValue secretsmanager:DescribeSecret = secret:events!connection/*

elasticmapreduce:createCluster
	elasticmapreduce:RunJobFlow = *
	iam:PassRole = role/{ServiceRole} role/{JobFlowRole}
elasticmapreduce:createCluster.sync
	elasticmapreduce:RunJobFlow = *
	elasticmapreduce:DescribeCluster elasticmapreduce:TerminateJobFlows = cluster/*
	iam:PassRole = role/{ServiceRole} role/{JobFlowRole}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventForEMRRunJobFlowRule
elasticmapreduce:setClusterTerminationProtection
	elasticmapreduce:SetTerminationProtection = cluster/{ClusterId}
elasticmapreduce:terminateCluster
	elasticmapreduce:TerminateJobFlows = cluster/{ClusterId}
elasticmapreduce:terminateCluster.sync
	elasticmapreduce:TerminateJobFlows elasticmapreduce:DescribeCluster = cluster/{ClusterId}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventForEMRTerminateJobFlowsRule
elasticmapreduce:addStep
	elasticmapreduce:AddJobFlowSteps = cluster/{ClusterId}
elasticmapreduce:addStep.sync
	elasticmapreduce:AddJobFlowSteps elasticmapreduce:DescribeStep elasticmapreduce:CancelSteps = cluster/{ClusterId}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventForEMRAddJobFlowStepsRule
elasticmapreduce:cancelStep
	elasticmapreduce:CancelSteps = cluster/{ClusterId}
elasticmapreduce:modifyInstanceFleetByName
	elasticmapreduce:ModifyInstanceFleet elasticmapreduce:ListInstanceFleets = cluster/{ClusterId}
elasticmapreduce:modifyInstanceGroupByName
	elasticmapreduce:ModifyInstanceGroups elasticmapreduce:ListInstanceGroups = cluster/{ClusterId}

emr-containers:createVirtualCluster
	emr-containers:CreateVirtualCluster = *
	iam:CreateServiceLinkedRole = role/aws-service-role/emr-containers.amazonaws.com/* if StringLike iam:AWSServiceName emr-containers.amazonaws.com
emr-containers:deleteVirtualCluster
	emr-containers:DeleteVirtualCluster = /virtualclusters/{Id}
emr-containers:deleteVirtualCluster.sync
	emr-containers:DeleteVirtualCluster emr-containers:DescribeVirtualCluster = /virtualclusters/{Id}
emr-containers:startJobRun
	emr-containers:StartJobRun = /virtualclusters/{VirtualClusterId}
emr-containers:startJobRun.sync
	emr-containers:StartJobRun = /virtualclusters/{VirtualClusterId}
	emr-containers:DescribeJobRun emr-containers:CancelJobRun = /virtualclusters/{VirtualClusterId}/jobruns/*

emr-serverless:createApplication
	emr-serverless:CreateApplication = /
emr-serverless:createApplication.sync
	emr-serverless:CreateApplication = /
	emr-serverless:GetApplication emr-serverless:DeleteApplication = /applications/*
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEMRServerlessApplicationRule
emr-serverless:startApplication
	emr-serverless:StartApplication = /applications/{ApplicationId}
emr-serverless:startApplication.sync
	emr-serverless:StartApplication emr-serverless:GetApplication emr-serverless:StopApplication = /applications/{ApplicationId}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEMRServerlessApplicationRule
emr-serverless:stopApplication
	emr-serverless:StopApplication = /applications/{ApplicationId}
emr-serverless:stopApplication.sync
	emr-serverless:StopApplication emr-serverless:GetApplication = /applications/{ApplicationId}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEMRServerlessApplicationRule
emr-serverless:deleteApplication
	emr-serverless:DeleteApplication = /applications/{ApplicationId}
emr-serverless:deleteApplication.sync
	emr-serverless:DeleteApplication emr-serverless:GetApplication = /applications/{ApplicationId}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEMRServerlessApplicationRule
emr-serverless:startJobRun
	emr-serverless:StartJobRun = /applications/{ApplicationId}
	iam:PassRole = role/{ExecutionRoleArn} if StringEquals iam:PassedToService emr-serverless.amazonaws.com
emr-serverless:startJobRun.sync
	emr-serverless:StartJobRun = /applications/{ApplicationId}
	emr-serverless:GetJobRun emr-serverless:CancelJobRun = /applications/{ApplicationId}/jobruns/*
	iam:PassRole = role/{ExecutionRoleArn} if StringEquals iam:PassedToService emr-serverless.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEMRServerlessJobRule
emr-serverless:cancelJobRun
	emr-serverless:CancelJobRun = /applications/{ApplicationId}/jobruns/{JobRunId}
emr-serverless:cancelJobRun.sync
	emr-serverless:CancelJobRun emr-serverless:GetJobRun = /applications/{ApplicationId}/jobruns/{JobRunId}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEMRServerlessJobRule

bedrock:invokeModel
	bedrock:InvokeModel = {ModelId@model}
bedrockagentcore:invokeHarness
	bedrock-agentcore:InvokeHarness = harness/{HarnessArn}*

bedrock:createModelCustomizationJob
	bedrock:CreateModelCustomizationJob = {BaseModelIdentifier@model} custom-model/* model-customization-job/*
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService bedrock.amazonaws.com
bedrock:createModelCustomizationJob.sync
	bedrock:CreateModelCustomizationJob = {BaseModelIdentifier@model} custom-model/* model-customization-job/*
	bedrock:GetModelCustomizationJob bedrock:StopModelCustomizationJob = model-customization-job/*
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService bedrock.amazonaws.com

mediaconvert:createJob
	mediaconvert:CreateJob = queues/{Queue:Default} presets/* jobTemplates/*
	iam:PassRole = role/{Role} if StringEquals iam:PassedToService mediaconvert.amazonaws.com
mediaconvert:createJob.sync
	mediaconvert:CreateJob = queues/{Queue:Default} presets/* jobTemplates/*
	mediaconvert:GetJob mediaconvert:CancelJob = jobs/*
	iam:PassRole = role/{Role} if StringEquals iam:PassedToService mediaconvert.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForMediaConvertJobRule

sagemaker:createTrainingJob
	sagemaker:CreateTrainingJob = training-job/{TrainingJobName}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
sagemaker:createTrainingJob.sync
	sagemaker:CreateTrainingJob sagemaker:DescribeTrainingJob sagemaker:StopTrainingJob sagemaker:AddTags sagemaker:ListTags = training-job/{TrainingJobName}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule
sagemaker:createTransformJob
	sagemaker:CreateTransformJob = transform-job/{TransformJobName}
sagemaker:createTransformJob.sync
	sagemaker:CreateTransformJob sagemaker:DescribeTransformJob sagemaker:StopTransformJob sagemaker:AddTags sagemaker:ListTags = transform-job/{TransformJobName}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForSageMakerTransformJobsRule
sagemaker:createProcessingJob
	sagemaker:CreateProcessingJob = processing-job/{ProcessingJobName}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
sagemaker:createProcessingJob.sync
	sagemaker:CreateProcessingJob sagemaker:DescribeProcessingJob sagemaker:StopProcessingJob sagemaker:AddTags sagemaker:ListTags = processing-job/{ProcessingJobName}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule
sagemaker:createHyperParameterTuningJob
	sagemaker:CreateHyperParameterTuningJob = hyper-parameter-tuning-job/{HyperParameterTuningJobName}
	iam:PassRole = role/{TrainingJobDefinition.RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
sagemaker:createHyperParameterTuningJob.sync
	sagemaker:CreateHyperParameterTuningJob sagemaker:DescribeHyperParameterTuningJob sagemaker:StopHyperParameterTuningJob sagemaker:AddTags sagemaker:ListTags = hyper-parameter-tuning-job/{HyperParameterTuningJobName}
	iam:PassRole = role/{TrainingJobDefinition.RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForSageMakerHyperParameterTuningJobsRule
sagemaker:createLabelingJob
	sagemaker:CreateLabelingJob = labeling-job/{LabelingJobName}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
sagemaker:createLabelingJob.sync
	sagemaker:CreateLabelingJob sagemaker:DescribeLabelingJob sagemaker:StopLabelingJob sagemaker:AddTags sagemaker:ListTags = labeling-job/{LabelingJobName}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForSageMakerLabelingJobsRule
sagemaker:createModel
	sagemaker:CreateModel = model/{ModelName}
	iam:PassRole = role/{ExecutionRoleArn} if StringEquals iam:PassedToService sagemaker.amazonaws.com
sagemaker:createEndpointConfig
	sagemaker:CreateEndpointConfig = endpoint-config/{EndpointConfigName}
sagemaker:createEndpoint
	sagemaker:CreateEndpoint = endpoint/{EndpointName} endpoint-config/{EndpointConfigName}
sagemaker:updateEndpoint
	sagemaker:UpdateEndpoint = endpoint/{EndpointName} endpoint-config/{EndpointConfigName}

eks:createCluster
	eks:CreateCluster = *
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService eks.amazonaws.com
eks:createCluster.sync
	eks:CreateCluster = *
	eks:DescribeCluster eks:DeleteCluster = cluster/{Name}
	iam:PassRole = role/{RoleArn} if StringEquals iam:PassedToService eks.amazonaws.com
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEKSClusterRule
eks:deleteCluster
	eks:DeleteCluster = cluster/{Name}
eks:deleteCluster.sync
	eks:DeleteCluster eks:DescribeCluster = cluster/{Name}
	events:PutTargets events:PutRule events:DescribeRule = rule/StepFunctionsGetEventsForEKSClusterRule
eks:createNodegroup
	eks:CreateNodegroup = cluster/{ClusterName}
	ec2:DescribeSubnets = *
	iam:GetRole iam:ListAttachedRolePolicies iam:PassRole = role/{NodeRole}
eks:createNodegroup.sync
	eks:CreateNodegroup = cluster/{ClusterName}
	eks:DescribeNodegroup eks:DeleteNodegroup = nodegroup/{ClusterName}/*
	ec2:DescribeSubnets = *
	iam:GetRole iam:ListAttachedRolePolicies iam:PassRole = role/{NodeRole}
eks:deleteNodegroup
	eks:DeleteNodegroup = nodegroup/{ClusterName}/{NodegroupName}/*
eks:deleteNodegroup.sync
	eks:DeleteNodegroup eks:DescribeNodegroup = nodegroup/{ClusterName}/{NodegroupName}/*

eks:call eks:runJob eks:runJob.sync
`
