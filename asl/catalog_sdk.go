package asl

// sdkOperations lists AWS SDK operations with their permissions, as the Service
// Authorization Reference gives actions and resource types. A line is
//
//	service: operations = resources
//
// with resources as in integrations, "*" only where the actions have no
// resource type. An operation whose action has another name is written
// operation>Action; several actions are separated by commas. Operations may end
// in * where that holds for all of a family.
const sdkOperations = `
accessanalyzer: listAnalyzers = *
accessanalyzer: listFindings getFinding startResourceScan = analyzer/*
account: listRegions getContactInformation = arn:{p}:account::{a}:account
acm: listCertificates = *
acm: requestCertificate describeCertificate deleteCertificate addTagsToCertificate = certificate/{CertificateArn}
acm: importCertificate = certificate/{CertificateArn}
amp: createWorkspace = *
apigateway: getRestApis getRestApi getExport getStage getStages getResources getDeployments>GET = arn:{p}:apigateway:{r}::/restapis*
apigateway: createDeployment>POST updateStage>PATCH deleteRestApi>DELETE = arn:{p}:apigateway:{r}::/restapis/{RestApiId}*
apigateway: getApiKeys getApiKey getUsage getUsagePlans>GET = arn:{p}:apigateway:{r}::/*
apigateway: createApiKey createUsagePlanKey>POST = arn:{p}:apigateway:{r}::/*
apigatewaymanagementapi: postToConnection>execute-api:ManageConnections getConnection>execute-api:ManageConnections deleteConnection>execute-api:ManageConnections = arn:{p}:execute-api:{r}:{a}:*/@connections/*
appconfig: startDeployment getDeployment createHostedConfigurationVersion getHostedConfigurationVersion = application/{ApplicationId}*
appconfigdata: startConfigurationSession getLatestConfiguration = arn:{p}:appconfig:{r}:{a}:application/*
appflow: startFlow describeFlow stopFlow describeFlowExecutionRecords = flow/{FlowName}
applicationautoscaling: registerScalableTarget deregisterScalableTarget putScalingPolicy putScheduledAction = scalable-target/*
applicationautoscaling: describe* = *
appsync: evaluateMappingTemplate evaluateCode = *
appsync: getGraphqlApi getIntrospectionSchema startSchemaCreation flushApiCache = apis/{ApiId}
athena: startQueryExecution getQueryExecution stopQueryExecution getQueryResults batchGetQueryExecution getQueryRuntimeStatistics = workgroup/{WorkGroup}
athena: listQueryExecutions getWorkGroup createNamedQuery startSession getSession terminateSession startCalculationExecution getCalculationExecution getCalculationExecutionStatus = workgroup/{WorkGroup}
athena: createPreparedStatement getNamedQuery listNamedQueries = workgroup/{WorkGroup}
athena: listWorkGroups = *
athena: getDatabase listDatabases getTableMetadata listTableMetadata getDataCatalog = datacatalog/{CatalogName}
auditmanager: getAssessment listAssessments = *
autoscaling: describe* = *
autoscaling: detachInstances attachInstances completeLifecycleAction recordLifecycleActionHeartbeat resumeProcesses setDesiredCapacity setInstanceProtection suspendProcesses updateAutoScalingGroup startInstanceRefresh cancelInstanceRefresh enterStandby exitStandby executePolicy deleteAutoScalingGroup createAutoScalingGroup putLifecycleHook deleteLifecycleHook = autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
autoscaling: setInstanceHealth terminateInstanceInAutoScalingGroup = autoScalingGroup:*:autoScalingGroupName/*
backup: startBackupJob = backup-vault:{BackupVaultName}
backup: startRestoreJob = arn:{p}:{service}:{r}:*:*
backup: describeBackupJob describeRestoreJob describeCopyJob getBackupPlan listBackupJobs listRestoreJobs = *
backup: startCopyJob listRecoveryPointsByBackupVault describeBackupVault = backup-vault:{BackupVaultName}
batch: submitJob = job-definition/{JobDefinition} job-queue/{JobQueue}
batch: describe* listJobs = *
batch: cancelJob terminateJob = job/{JobId}
batch: registerJobDefinition deregisterJobDefinition = job-definition/{JobDefinitionName}
batch: updateJobQueue = job-queue/{JobQueue}
batch: updateComputeEnvironment = compute-environment/{ComputeEnvironment}
bedrock: listFoundationModels listCustomModels listModelCustomizationJobs listProvisionedModelThroughputs = *
bedrock: getFoundationModel = {ModelIdentifier@model}
bedrock: createModelCustomizationJob = {BaseModelIdentifier@model} custom-model/* model-customization-job/*
bedrock: getModelCustomizationJob stopModelCustomizationJob = model-customization-job/{JobIdentifier}
bedrock: createProvisionedModelThroughput = {ModelId@model} custom-model/* provisioned-model/*
bedrock: getProvisionedModelThroughput deleteProvisionedModelThroughput updateProvisionedModelThroughput = provisioned-model/{ProvisionedModelId}
bedrock: getCustomModel deleteCustomModel = custom-model/{ModelIdentifier}
bedrock: createGuardrail listGuardrails = *
bedrock: getGuardrail applyGuardrail deleteGuardrail = guardrail/{GuardrailIdentifier}
bedrock: createModelInvocationJob = {ModelId@model} model-invocation-job/*
bedrock: getModelInvocationJob stopModelInvocationJob = model-invocation-job/{JobIdentifier}
bedrock: createEvaluationJob getEvaluationJob = evaluation-job/*
bedrockagent: startIngestionJob getIngestionJob listIngestionJobs getKnowledgeBase getDataSource listDataSources createDataSource = knowledge-base/{KnowledgeBaseId}
bedrockagent: listKnowledgeBases listAgents listPrompts listFlows = *
bedrockagent: getPrompt = prompt/{PromptIdentifier}
bedrockagent: getAgent prepareAgent updateAgent listAgentAliases = agent/{AgentId}
bedrockagentruntime: invokeAgent = agent-alias/{AgentId}/{AgentAliasId}
bedrockagentruntime: retrieve = knowledge-base/{KnowledgeBaseId}
bedrockagentruntime: retrieveAndGenerate>bedrock:RetrieveAndGenerate = *
bedrockagentruntime: rerank = *
bedrockagentruntime: invokeFlow = flow/{FlowIdentifier}/alias/{FlowAliasIdentifier}
bedrockruntime: invokeModel converse>InvokeModel = {ModelId@model}
bedrockruntime: applyGuardrail = guardrail/{GuardrailIdentifier}
bedrockruntime: startAsyncInvoke>InvokeModel getAsyncInvoke>GetAsyncInvoke = {ModelId@model} async-invoke/*
budgets: describeBudget describeBudgets>ViewBudget = arn:{p}:budgets::{a}:budget/{BudgetName}
chimesdkmediapipelines: createMediaCapturePipeline createMediaConcatenationPipeline = *
cloudformation: createStack updateStack deleteStack describeStackEvents describeStackResource getTemplate createChangeSet describeChangeSet executeChangeSet deleteChangeSet cancelUpdateStack detectStackDrift listStackResources describeStackResources = stack/{StackName@stack}
cloudformation: describeStacks = stack/{StackName@stack}
cloudformation: listStacks listExports describeAccountLimits validateTemplate getTemplateSummary describeStackDriftDetectionStatus = *
cloudformation: listStackSets = stackset/*
cloudformation: createStackSet updateStackSet deleteStackSet createStackInstances updateStackInstances deleteStackInstances describeStackSet describeStackSetOperation listStackInstances listStackSetOperations listStackSetOperationResults describeStackInstance stopStackSetOperation detectStackSetDrift = stackset/{StackSetName}:*
cloudfront: createInvalidation getInvalidation getDistribution getDistributionConfig updateDistribution listInvalidations = arn:{p}:cloudfront::{a}:distribution/{DistributionId|Id}
cloudfront: listDistributions createDistribution = *
cloudtrail: lookupEvents listTrails describeTrails = *
cloudtrail: startLogging stopLogging getTrailStatus = trail/{Name}
cloudtrail: startQuery getQueryResults describeQuery = eventdatastore/*
cloudwatch: putMetricData getMetricData getMetricStatistics listMetrics getMetricWidgetImage describeAlarmsForMetric = *
cloudwatch: putMetricAlarm enableAlarmActions disableAlarmActions setAlarmState describeAlarmHistory = alarm:{AlarmName|AlarmNames}
cloudwatch: deleteAlarms describeAlarms = alarm:{AlarmNames}
cloudwatch: putDashboard deleteDashboards getDashboard = arn:{p}:cloudwatch::{a}:dashboard/{DashboardName}
cloudwatchlogs: createLogGroup deleteLogGroup putRetentionPolicy describeLogStreams filterLogEvents startQuery createExportTask putSubscriptionFilter deleteSubscriptionFilter describeMetricFilters describeSubscriptionFilters tagLogGroup putMetricFilter deleteRetentionPolicy = log-group:{LogGroupName}:*
cloudwatchlogs: createLogStream = log-group:{LogGroupName}:*
cloudwatchlogs: putLogEvents getLogEvents deleteLogStream = log-group:{LogGroupName}:log-stream:{LogStreamName}
cloudwatchlogs: describeLogGroups = log-group:*
cloudwatchlogs: describeExportTasks cancelExportTask getQueryResults stopQuery describeQueries = *
codebuild: startBuild stopBuild batchGetBuilds batchGetProjects listBuildsForProject updateProject startBuildBatch = project/{ProjectName}
codebuild: listProjects = *
codecommit: getBranch getCommit getFile getRepository createBranch createCommit getDifferences getPullRequest createPullRequest mergePullRequestByFastForward postCommentForPullRequest putFile = {RepositoryName}
codecommit: listRepositories = *
codedeploy: createDeployment getDeployment stopDeployment getDeploymentGroup = deploymentgroup:{ApplicationName}/{DeploymentGroupName}
codepipeline: startPipelineExecution getPipeline getPipelineState listPipelineExecutions getPipelineExecution = {Name|PipelineName}
codepipeline: putApprovalResult disableStageTransition enableStageTransition = {PipelineName}/*
codepipeline: putJobSuccessResult putJobFailureResult listPipelines = *
cognitoidentityprovider: adminCreateUser adminGetUser adminDeleteUser adminUpdateUserAttributes adminAddUserToGroup adminRemoveUserFromGroup adminListGroupsForUser adminDisableUser adminEnableUser adminInitiateAuth adminRespondToAuthChallenge adminSetUserPassword adminConfirmSignUp adminUserGlobalSignOut createGroup deleteGroup getGroup listUsers listUsersInGroup listGroups describeUserPool adminResetUserPassword = userpool/{UserPoolId}
comprehend: detectSentiment detectDominantLanguage detectEntities detectKeyPhrases detectPiiEntities detectSyntax detectTargetedSentiment detectToxicContent containsPiiEntities = *
comprehend: batchDetectSentiment batchDetectDominantLanguage batchDetectEntities batchDetectKeyPhrases batchDetectSyntax batchDetectTargetedSentiment = *
comprehend: classifyDocument = document-classifier-endpoint/{EndpointArn}
comprehend: startEntitiesDetectionJob describeEntitiesDetectionJob = entities-detection-job/*
comprehend: startSentimentDetectionJob describeSentimentDetectionJob = sentiment-detection-job/*
comprehend: startKeyPhrasesDetectionJob describeKeyPhrasesDetectionJob = key-phrases-detection-job/*
comprehend: startTopicsDetectionJob describeTopicsDetectionJob = topics-detection-job/*
comprehend: startPiiEntitiesDetectionJob describePiiEntitiesDetectionJob = pii-entities-detection-job/*
comprehend: startDocumentClassificationJob describeDocumentClassificationJob = document-classification-job/*
comprehend: createDocumentClassifier describeDocumentClassifier = document-classifier/*
comprehendmedical: detectEntitiesV2 detectPHI inferICD10CM inferRxNorm inferSNOMEDCT startEntitiesDetectionV2Job describeEntitiesDetectionV2Job = *
config: batchGetAggregateResourceConfig listAggregateDiscoveredResources selectAggregateResourceConfig getAggregateResourceConfig describeAggregateComplianceByConfigRules = config-aggregator/{ConfigurationAggregatorName}
config: listDiscoveredResources batchGetResourceConfig getResourceConfigHistory selectResourceConfig putEvaluations describeConfigurationRecorders describeConfigurationRecorderStatus describeRemediationExecutionStatus getComplianceDetailsByResource = *
config: describeConfigRules describeComplianceByConfigRule getComplianceDetailsByConfigRule startConfigRulesEvaluation startRemediationExecution = config-rule/*
connect: startOutboundVoiceContact startChatContact startTaskContact getContactAttributes updateContactAttributes stopContact describeContact = instance/{InstanceId}/*
costexplorer: getCostAndUsage getCostForecast getDimensionValues getReservationUtilization getSavingsPlansUtilization getAnomalies getTags listCostAllocationTags = *
databasemigration: startReplicationTask stopReplicationTask describeReplicationTasks modifyReplicationTask deleteReplicationTask = task:{ReplicationTaskArn}
databasemigration: describeReplicationInstances describeConnections describeEndpoints = *
databrew: startJobRun describeJobRun stopJobRun listJobRuns = job/{Name}
datasync: startTaskExecution describeTask updateTask = task/{TaskArn}
datasync: describeTaskExecution cancelTaskExecution = task/*/execution/*
datazone: listAssetRevisions getAsset createAsset createAssetRevision getListing search searchListings getDomain listProjects getProject listEnvironments getEnvironment createSubscriptionRequest acceptSubscriptionRequest getSubscription listSubscriptions getGlossaryTerm createGlossaryTerm updateGlossaryTerm listDataSources getDataSource startDataSourceRun listDataSourceRuns getDataSourceRun createListingChangeSet deleteAsset = domain/{DomainIdentifier}
directory: describeDirectories = *
docdb: describeDBClusters stopDBCluster startDBCluster createDBClusterSnapshot describeDBClusterSnapshots = arn:{p}:rds:{r}:{a}:cluster:{DBClusterIdentifier} arn:{p}:rds:{r}:{a}:cluster-snapshot:*
dynamodb: getItem putItem updateItem deleteItem describeTable updateTable deleteTable createTable updateTimeToLive describeTimeToLive describeContinuousBackups updateContinuousBackups createBackup exportTableToPointInTime describeKinesisStreamingDestination = table/{TableName|TableArn}
dynamodb: query scan = table/{TableName} table/{TableName}/index/{IndexName!}
dynamodb: batchGetItem = table/{RequestItems@keys}
dynamodb: batchWriteItem = table/{RequestItems@keys}
dynamodb: transactWriteItems>PutItem,UpdateItem,DeleteItem,ConditionCheckItem = table/{TransactItems@tables}
dynamodb: transactGetItems>GetItem = table/{TransactItems@tables}
dynamodb: executeStatement>PartiQLSelect,PartiQLInsert,PartiQLUpdate,PartiQLDelete batchExecuteStatement>PartiQLSelect,PartiQLInsert,PartiQLUpdate,PartiQLDelete executeTransaction>PartiQLSelect,PartiQLInsert,PartiQLUpdate,PartiQLDelete = table/*
dynamodb: listTables listBackups listExports = *
dynamodb: describeBackup deleteBackup = table/*/backup/*
dynamodb: restoreTableFromBackup = table/{TargetTableName} table/*/backup/*
dynamodb: describeExport = table/*/export/*
dynamodb: describeImport = table/*/import/*
dynamodb: importTable = table/{TableCreationParameters.TableName}
dynamodb: tagResource = table/{ResourceArn}
ebs: startSnapshot completeSnapshot listSnapshotBlocks getSnapshotBlock = arn:{p}:ec2:{r}::snapshot/*
ec2: describe* = *
ec2: attachVolume detachVolume = volume/{VolumeId} instance/{InstanceId}
ec2: authorizeSecurityGroupIngress authorizeSecurityGroupEgress revokeSecurityGroupIngress revokeSecurityGroupEgress deleteSecurityGroup = security-group/{GroupId}
ec2: createSecurityGroup = security-group/* vpc/{VpcId}
ec2: createSnapshot = arn:{p}:ec2:{r}::snapshot/* volume/{VolumeId}
ec2: createSnapshots = arn:{p}:ec2:{r}::snapshot/* volume/* instance/*
ec2: copySnapshot deleteSnapshot modifySnapshotAttribute = arn:{p}:ec2:{r}::snapshot/{SnapshotId}
ec2: createVolume = volume/* arn:{p}:ec2:{r}::snapshot/{SnapshotId!}
ec2: deleteVolume modifyVolume = volume/{VolumeId}
ec2: createTags deleteTags = {Resources@ec2}
ec2: runInstances = instance/* volume/* network-interface/* security-group/* subnet/* key-pair/* launch-template/* arn:{p}:ec2:{r}::image/* arn:{p}:ec2:{r}::snapshot/*
ec2: startInstances stopInstances terminateInstances rebootInstances = instance/{InstanceIds}
ec2: modifyInstanceAttribute getConsoleOutput getPasswordData modifyInstanceMetadataOptions associateIamInstanceProfile = instance/{InstanceId}
ec2: disassociateIamInstanceProfile replaceIamInstanceProfileAssociation = instance/*
ec2: createImage = instance/{InstanceId} arn:{p}:ec2:{r}::image/* arn:{p}:ec2:{r}::snapshot/*
ec2: deregisterImage modifyImageAttribute copyImage = arn:{p}:ec2:{r}::image/{ImageId}
ec2: createNetworkInterface deleteNetworkInterface modifyNetworkInterfaceAttribute attachNetworkInterface detachNetworkInterface = network-interface/* instance/* subnet/* security-group/*
ec2: allocateAddress associateAddress disassociateAddress releaseAddress = elastic-ip/* instance/* network-interface/*
ec2: createVpc deleteVpc modifyVpcAttribute = vpc/*
ec2: createSubnet deleteSubnet = subnet/* vpc/*
ec2: createRoute deleteRoute replaceRoute = route-table/{RouteTableId}
ec2: createNatGateway deleteNatGateway = natgateway/* subnet/* elastic-ip/*
ec2: createKeyPair deleteKeyPair = key-pair/{KeyName}
ec2: modifyInstanceCreditSpecification monitorInstances unmonitorInstances = instance/*
ec2: requestSpotInstances = spot-instances-request/*
ec2: replaceNetworkAclEntry createNetworkAclEntry deleteNetworkAclEntry = network-acl/{NetworkAclId}
ecr: getAuthorizationToken = *
ecr: describeRepositories describeImages listImages batchGetImage batchDeleteImage putImage startImageScan describeImageScanFindings createRepository deleteRepository = repository/{RepositoryName}
ecs: runTask = task-definition/{TaskDefinition}
ecs: describeTasks stopTask = task/*
ecs: describeServices updateService deleteService createService = service/{Cluster@cluster}/{Service|ServiceName}
ecs: describeClusters = cluster/{Clusters}
ecs: describeTaskDefinition registerTaskDefinition deregisterTaskDefinition listTaskDefinitions listClusters createCluster = *
ecs: listTasks = container-instance/*
ecs: listServices = *
efs: createFileSystem describeFileSystems deleteFileSystem = file-system/*
eks: describeCluster updateClusterConfig updateClusterVersion = cluster/{Name}
eks: listClusters = *
eks: describeNodegroup updateNodegroupConfig = nodegroup/{ClusterName}/*
elasticache: describeCacheClusters describeReplicationGroups createSnapshot describeSnapshots modifyReplicationGroup = replicationgroup:* cluster:* snapshot:*
elasticloadbalancingv2: describe* = *
elasticloadbalancingv2: registerTargets deregisterTargets = targetgroup/*
elasticloadbalancingv2: modifyListener = listener/*
elasticloadbalancingv2: modifyRule setRulePriorities = listener-rule/*
emr: runJobFlow = *
emr: addJobFlowSteps describeCluster describeStep listSteps terminateJobFlows cancelSteps listInstances setTerminationProtection = cluster/{ClusterId|JobFlowId}
emr: listClusters = *
emrcontainers: startJobRun describeVirtualCluster listJobRuns = /virtualclusters/{VirtualClusterId|Id}
emrcontainers: describeJobRun cancelJobRun = /virtualclusters/{VirtualClusterId}/jobruns/{Id}
emrserverless: createApplication listApplications = /
emrserverless: startJobRun getApplication startApplication stopApplication deleteApplication updateApplication listJobRuns = /applications/{ApplicationId}
emrserverless: getJobRun cancelJobRun getDashboardForJobRun = /applications/{ApplicationId}/jobruns/{JobRunId}
eventbridge: putEvents = event-bus/{Entries.EventBusName:default}
eventbridge: enableRule disableRule putRule deleteRule describeRule putTargets removeTargets listTargetsByRule = rule/{Rule|Name}
eventbridge: listRules listRuleNamesByTarget listEventBuses testEventPattern = *
eventbridge: startReplay describeReplay cancelReplay = replay/{ReplayName}
finspacedata: createDataset = *
firehose: putRecord putRecordBatch describeDeliveryStream = deliverystream/{DeliveryStreamName}
forecast: createDatasetImportJob createPredictor createAutoPredictor createForecast createForecastExportJob describeDatasetImportJob describePredictor describeAutoPredictor describeForecast describeForecastExportJob createDataset createDatasetGroup updateDatasetGroup deleteForecast deletePredictor describeDataset describeDatasetGroup = *:*
frauddetector: getEventPrediction = detector/{DetectorId} event-type/{EventTypeName}
fsx: describeFileSystems describeDataRepositoryTasks = file-system/* task/*
fsx: createDataRepositoryTask createFileSystem deleteFileSystem = file-system/* task/*
glacier: initiateJob describeJob getJobOutput = vaults/{VaultName}
glue: startCrawler stopCrawler getCrawler updateCrawler deleteCrawler createCrawler startCrawlerSchedule stopCrawlerSchedule = crawler/{Name|CrawlerName}
glue: listCrawls = crawler/{CrawlerName}
glue: getCrawlers getCrawlerMetrics listCrawlers listJobs listTriggers listWorkflows = *
glue: startJobRun getJobRun getJobRuns batchStopJobRun getJob getJobBookmark resetJobBookmark updateJob deleteJob createJob = job/{JobName|Name}
glue: startWorkflowRun getWorkflowRun getWorkflow getWorkflowRuns stopWorkflowRun getWorkflowRunProperties putWorkflowRunProperties resumeWorkflowRun = workflow/{Name}
glue: startTrigger stopTrigger getTrigger = trigger/{Name}
glue: getDatabase createDatabase deleteDatabase updateDatabase = catalog database/{Name|DatabaseInput.Name}
glue: getDatabases = catalog database/*
glue: getTable getTables createTable deleteTable updateTable getPartition getPartitions createPartition batchCreatePartition batchDeletePartition deletePartition updatePartition getTableVersions batchDeleteTable = catalog database/{DatabaseName} table/{DatabaseName}/{Name|TableName|TableInput.Name}
glue: startDataQualityRulesetEvaluationRun getDataQualityRulesetEvaluationRun getDataQualityResult = dataQualityRuleset/*
glue: getConnection = catalog connection/{Name}
greengrassv2: createDeployment getDeployment = *
guardduty: getFindings listFindings archiveFindings createFilter updateFindingsFeedback listDetectors = detector/{DetectorId}
guardduty: createIPSet updateIPSet = detector/{DetectorId} detector/{DetectorId}/ipset/*
health: describeEvents describeEventDetails describeAffectedEntities = *
healthlake: startFHIRImportJob describeFHIRImportJob startFHIRExportJob describeFHIRExportJob describeFHIRDatastore = datastore/fhir/{DatastoreId}
iam: getRole createRole deleteRole updateRole attachRolePolicy detachRolePolicy putRolePolicy deleteRolePolicy getRolePolicy listAttachedRolePolicies listRolePolicies passRole tagRole updateAssumeRolePolicy listRoleTags = arn:{p}:iam::{a}:role/{RoleName}
iam: getUser createUser deleteUser attachUserPolicy detachUserPolicy listAccessKeys createAccessKey updateAccessKey deleteAccessKey listAttachedUserPolicies listGroupsForUser putUserPolicy deleteUserPolicy listUserTags deleteLoginProfile updateLoginProfile listUserPolicies = arn:{p}:iam::{a}:user/{UserName}
iam: createPolicy createPolicyVersion deletePolicy deletePolicyVersion getPolicy getPolicyVersion listPolicyVersions setDefaultPolicyVersion listEntitiesForPolicy = arn:{p}:iam::{a}:policy/{PolicyArn|PolicyName}
iam: getGroup addUserToGroup removeUserFromGroup = arn:{p}:iam::{a}:group/{GroupName}
iam: createInstanceProfile addRoleToInstanceProfile removeRoleFromInstanceProfile = arn:{p}:iam::{a}:instance-profile/{InstanceProfileName}
iam: listRoles listUsers listPolicies getAccountSummary generateCredentialReport getCredentialReport listAccountAliases getAccessKeyLastUsed listVirtualMFADevices getAccountAuthorizationDetails simulatePrincipalPolicy = *
identitystore: listUsers listGroups describeUser describeGroup listGroupMemberships getUserId = arn:{p}:identitystore::*:identitystore/{IdentityStoreId} arn:{p}:identitystore:::user/* arn:{p}:identitystore:::group/* arn:{p}:identitystore:::membership/*
imagebuilder: startImagePipelineExecution getImagePipeline = image-pipeline/*
imagebuilder: getImage = image/*
inspector2: listFindings listCoverage createFindingsReport getFindingsReportStatus = *
iot: describeThing createThing updateThing deleteThing attachThingPrincipal detachThingPrincipal listThingPrincipals = thing/{ThingName}
iot: createJob describeJob cancelJob = job/{JobId}
iot: listThings searchIndex describeEndpoint listJobs createKeysAndCertificate = *
iotdataplane: publish = topic/{Topic}
iotdataplane: getThingShadow updateThingShadow deleteThingShadow = thing/{ThingName}
iotsitewise: batchPutAssetPropertyValue getAssetPropertyValue describeAsset = asset/*
ivs: getStream stopStream putMetadata = channel/*
kendra: query batchPutDocument startDataSourceSyncJob listDataSourceSyncJobs describeIndex batchDeleteDocument retrieve = index/{IndexId|Id}
kinesis: putRecord putRecords describeStream describeStreamSummary listShards updateShardCount mergeShards splitShard increaseStreamRetentionPeriod = stream/{StreamName|StreamARN}
kinesisanalyticsv2: startApplication stopApplication describeApplication updateApplication = application/{ApplicationName}
kms: encrypt decrypt generateDataKey describeKey disableKey enableKey scheduleKeyDeletion cancelKeyDeletion reEncrypt>ReEncryptFrom,ReEncryptTo sign verify getKeyPolicy putKeyPolicy createGrant enableKeyRotation getKeyRotationStatus getPublicKey = key/{KeyId@key}
kms: listKeys createKey listAliases = *
lakeformation: getDataAccess listPermissions grantPermissions revokePermissions batchGrantPermissions = *
lambda: invoke>InvokeFunction = function:{FunctionName}{:Qualifier}
lambda: getFunction getFunctionConfiguration updateFunctionCode updateFunctionConfiguration deleteFunction publishVersion listVersionsByFunction listAliases createAlias updateAlias getAlias deleteAlias putFunctionConcurrency deleteFunctionConcurrency getPolicy addPermission removePermission getFunctionConcurrency putProvisionedConcurrencyConfig getProvisionedConcurrencyConfig deleteProvisionedConcurrencyConfig putFunctionEventInvokeConfig createFunction getFunctionUrlConfig listTags tagResource = function:{FunctionName|Resource}
lambda: listFunctions listEventSourceMappings createEventSourceMapping listLayers getAccountSettings = *
lambda: getEventSourceMapping updateEventSourceMapping deleteEventSourceMapping = event-source-mapping:{UUID|Uuid}
lexruntimev2: recognizeText putSession getSession = arn:{p}:lex:{r}:{a}:bot-alias/{BotId}/{BotAliasId}
licensemanager: listReceivedLicenses = *
location: searchPlaceIndexForText searchPlaceIndexForPosition searchPlaceIndexForSuggestions = place-index/{IndexName}
location: calculateRoute calculateRouteMatrix = route-calculator/{CalculatorName}
location: batchUpdateDevicePosition getDevicePosition = tracker/{TrackerName}
location: putGeofence batchPutGeofence = geofence-collection/{CollectionName}
macie2: createClassificationJob describeClassificationJob = classification-job/*
macie2: listFindings getFindings listClassificationJobs = *
mediaconvert: createJob = queues/{Queue:Default} presets/* jobTemplates/*
mediaconvert: getJob cancelJob = jobs/{Id}
mediaconvert: describeEndpoints = *
medialive: startChannel stopChannel describeChannel batchUpdateSchedule createChannel deleteChannel = channel:{ChannelId}
mediapackagevod: createAsset describeAsset deleteAsset = assets/*
mq: createBroker describeBroker rebootBroker = broker/*
mwaa: createCliToken createWebLoginToken getEnvironment updateEnvironment = environment/{Name}
mwaa: invokeRestApi = role/{Name}/*
neptune: describeDBClusters stopDBCluster startDBCluster = arn:{p}:rds:{r}:{a}:cluster:{DBClusterIdentifier}
neptunedata: startLoaderJob getLoaderJobStatus = arn:{p}:neptune-db:{r}:{a}:*/*
networkfirewall: describeRuleGroup updateRuleGroup = stateful-rulegroup/* stateless-rulegroup/*
opensearch: describeDomain updateDomainConfig listDomainNames createDomain deleteDomain = domain/{DomainName}
organizations: listAccounts listRoots describeOrganization listDelegatedAdministrators listHandshakesForOrganization createAccount describeCreateAccountStatus listCreateAccountStatus listAWSServiceAccessForOrganization = *
organizations: listAccountsForParent listOrganizationalUnitsForParent listChildren = arn:{p}:organizations::*:root/* arn:{p}:organizations::*:ou/*
organizations: describeAccount listParents listTagsForResource closeAccount = arn:{p}:organizations::*:account/*
organizations: moveAccount = arn:{p}:organizations::*:account/* arn:{p}:organizations::*:ou/* arn:{p}:organizations::*:root/*
organizations: describeOrganizationalUnit createOrganizationalUnit = arn:{p}:organizations::*:ou/* arn:{p}:organizations::*:root/*
organizations: attachPolicy detachPolicy describePolicy listPoliciesForTarget listPolicies = arn:{p}:organizations::*:policy/* arn:{p}:organizations::*:account/* arn:{p}:organizations::*:ou/* arn:{p}:organizations::*:root/*
personalize: createDatasetImportJob describeDatasetImportJob createSolutionVersion describeSolutionVersion createCampaign updateCampaign describeCampaign createBatchInferenceJob describeBatchInferenceJob createSolution describeSolution createDatasetGroup describeDatasetGroup createSchema createDataset describeDataset = *
personalizeruntime: getRecommendations getPersonalizedRanking = campaign/*
pinpoint: sendMessages = apps/{ApplicationId}/messages
pinpoint: createSegment createCampaign getSegment getCampaign getApp = apps/{ApplicationId}*
pinpointsmsvoicev2: sendTextMessage = phone-number/* sender-id/* pool/*
pipes: createPipe startPipe stopPipe describePipe deletePipe updatePipe = pipe/{Name}
polly: startSpeechSynthesisTask synthesizeSpeech = lexicon/*
polly: getSpeechSynthesisTask listSpeechSynthesisTasks describeVoices = *
pricing: getProducts describeServices getAttributeValues = *
quicksight: createIngestion describeIngestion = dataset/{DataSetId}/ingestion/{IngestionId}
quicksight: createDataSet updateDataSet describeDataSet = dataset/{DataSetId}
quicksight: startDashboardSnapshotJob describeDashboardSnapshotJob generateEmbedUrlForRegisteredUser = dashboard/{DashboardId}
rds: describeDBInstances = db:{DBInstanceIdentifier}
rds: stopDBInstance startDBInstance rebootDBInstance modifyDBInstance deleteDBInstance createDBInstance = db:{DBInstanceIdentifier}
rds: createDBSnapshot = db:{DBInstanceIdentifier} snapshot:{DBSnapshotIdentifier}
rds: describeDBSnapshots deleteDBSnapshot copyDBSnapshot modifyDBSnapshotAttribute = snapshot:{DBSnapshotIdentifier} db:*
rds: restoreDBInstanceFromDBSnapshot = db:{DBInstanceIdentifier} snapshot:{DBSnapshotIdentifier} subgrp:* og:* pg:*
rds: describeDBClusters stopDBCluster startDBCluster failoverDBCluster modifyDBCluster deleteDBCluster createDBCluster = cluster:{DBClusterIdentifier}
rds: createDBClusterSnapshot describeDBClusterSnapshots deleteDBClusterSnapshot copyDBClusterSnapshot modifyDBClusterSnapshotAttribute = cluster:* cluster-snapshot:{DBClusterSnapshotIdentifier}
rds: restoreDBClusterFromSnapshot = cluster:{DBClusterIdentifier} cluster-snapshot:*
rds: startExportTask describeExportTasks cancelExportTask = *
rds: describeGlobalClusters failoverGlobalCluster removeFromGlobalCluster = arn:{p}:rds::{a}:global-cluster:* cluster:*
rdsdata: executeStatement batchExecuteStatement beginTransaction commitTransaction rollbackTransaction = arn:{p}:rds:{r}:{a}:cluster:{ResourceArn}
redshift: describeClusters pauseCluster resumeCluster resizeCluster createClusterSnapshot deleteCluster createCluster rebootCluster modifyCluster = cluster:{ClusterIdentifier}
redshift: restoreFromClusterSnapshot describeClusterSnapshots deleteClusterSnapshot = cluster:{ClusterIdentifier} snapshot:{ClusterIdentifier}/*
redshiftdata: executeStatement batchExecuteStatement listDatabases listSchemas listTables describeTable = {@redshift}
redshiftdata: describeStatement getStatementResult getStatementResultV2 cancelStatement listStatements = *
redshiftserverless: getWorkgroup updateWorkgroup deleteWorkgroup = workgroup/*
redshiftserverless: getNamespace updateNamespace createSnapshot = namespace/*
redshiftserverless: restoreFromSnapshot = namespace/* snapshot/*
redshiftserverless: listWorkgroups listNamespaces = *
rekognition: detectLabels detectModerationLabels detectText detectFaces recognizeCelebrities compareFaces detectProtectiveEquipment getCelebrityInfo = *
rekognition: startContentModeration getContentModeration startLabelDetection getLabelDetection startSegmentDetection getSegmentDetection startCelebrityRecognition getCelebrityRecognition startFaceDetection getFaceDetection startTextDetection getTextDetection startPersonTracking getPersonTracking = *
rekognition: startFaceSearch getFaceSearch = collection/*
rekognition: indexFaces searchFaces searchFacesByImage createCollection deleteCollection listFaces deleteFaces describeCollection createUser searchUsersByImage associateFaces = collection/{CollectionId}
rekognition: detectCustomLabels startProjectVersion stopProjectVersion = project/*/version/*
rekognition: describeProjectVersions = project/*
rekognition: createFaceLivenessSession getFaceLivenessSessionResults = *
resourceexplorer2: search = view/*
resourcegroups: listGroupResources searchResources = group/*
resourcegroupstaggingapi: getResources tagResources untagResources getTagKeys getTagValues = *
route53: changeResourceRecordSets listResourceRecordSets getHostedZone = arn:{p}:route53:::hostedzone/{HostedZoneId|Id}
route53: listHostedZones listHostedZonesByName createHostedZone = *
route53: getChange = arn:{p}:route53:::change/{Id}
route53: updateHealthCheck getHealthCheckStatus getHealthCheck = arn:{p}:route53:::healthcheck/{HealthCheckId}
route53recoverycluster: updateRoutingControlState getRoutingControlState = arn:{p}:route53-recovery-control::{a}:controlpanel/*
s3: getObject>{Version@GetObject} headObject>{Version@GetObject} selectObjectContent>GetObject = arn:{p}:s3:::{Bucket}/{Key}
s3: getObjectAttributes>GetObject,GetObjectAttributes = arn:{p}:s3:::{Bucket}/{Key}
s3: getObjectAcl getObjectTagging putObjectAcl putObjectTagging deleteObjectTagging getObjectLegalHold putObjectLegalHold getObjectRetention putObjectRetention restoreObject getObjectTorrent = arn:{p}:s3:::{Bucket}/{Key}
s3: putObject>{Tagging@PutObject} createMultipartUpload>PutObject uploadPart>PutObject completeMultipartUpload>PutObject = arn:{p}:s3:::{Bucket}/{Key}
s3: abortMultipartUpload = arn:{p}:s3:::{Bucket}/{Key}
s3: listParts>ListMultipartUploadParts = arn:{p}:s3:::{Bucket}/{Key}
s3: deleteObject>{Version@DeleteObject} = arn:{p}:s3:::{Bucket}/{Key}
s3: deleteObjects>DeleteObject = arn:{p}:s3:::{Bucket}/*
s3: copyObject>PutObject uploadPartCopy>PutObject = arn:{p}:s3:::{Bucket}/{Key} + s3:GetObject = arn:{p}:s3:::{CopySource}
s3: listObjectsV2>ListBucket listObjects>ListBucket headBucket>ListBucket = arn:{p}:s3:::{Bucket}
s3: listObjectVersions>ListBucketVersions = arn:{p}:s3:::{Bucket}
s3: listMultipartUploads>ListBucketMultipartUploads = arn:{p}:s3:::{Bucket}
s3: createBucket deleteBucket getBucketLocation getBucketPolicy putBucketPolicy deleteBucketPolicy getBucketAcl putBucketAcl getBucketTagging putBucketTagging getBucketVersioning putBucketVersioning getBucketLogging putBucketLogging getBucketPolicyStatus getBucketCors>GetBucketCORS putBucketCors>PutBucketCORS = arn:{p}:s3:::{Bucket}
s3: getBucketEncryption>GetEncryptionConfiguration putBucketEncryption>PutEncryptionConfiguration getBucketLifecycleConfiguration>GetLifecycleConfiguration putBucketLifecycleConfiguration>PutLifecycleConfiguration getPublicAccessBlock>GetBucketPublicAccessBlock putPublicAccessBlock>PutBucketPublicAccessBlock putBucketNotificationConfiguration>PutBucketNotification getBucketNotificationConfiguration>GetBucketNotification getBucketReplication>GetReplicationConfiguration putBucketReplication>PutReplicationConfiguration = arn:{p}:s3:::{Bucket}
s3: listBuckets>ListAllMyBuckets = *
s3control: createJob = *
s3control: describeJob updateJobStatus = arn:{p}:s3:{r}:{a}:job/{JobId}
s3control: getPublicAccessBlock>GetAccountPublicAccessBlock putPublicAccessBlock>PutAccountPublicAccessBlock = *
sagemaker: createTrainingJob describeTrainingJob stopTrainingJob = training-job/{TrainingJobName}
sagemaker: createProcessingJob describeProcessingJob stopProcessingJob = processing-job/{ProcessingJobName}
sagemaker: createTransformJob describeTransformJob stopTransformJob = transform-job/{TransformJobName}
sagemaker: createHyperParameterTuningJob describeHyperParameterTuningJob = hyper-parameter-tuning-job/{HyperParameterTuningJobName}
sagemaker: createAutoMLJob createAutoMLJobV2 describeAutoMLJob describeAutoMLJobV2 = automl-job/{AutoMLJobName}
sagemaker: createModel describeModel deleteModel = model/{ModelName}
sagemaker: createEndpointConfig describeEndpointConfig deleteEndpointConfig = endpoint-config/{EndpointConfigName}
sagemaker: createEndpoint updateEndpoint = endpoint/{EndpointName} endpoint-config/{EndpointConfigName}
sagemaker: describeEndpoint deleteEndpoint updateEndpointWeightsAndCapacities = endpoint/{EndpointName}
sagemaker: startPipelineExecution describePipeline listPipelineExecutions = pipeline/{PipelineName}
sagemaker: describePipelineExecution stopPipelineExecution listPipelineExecutionSteps sendPipelineExecutionStepSuccess sendPipelineExecutionStepFailure = pipeline/*/execution/*
sagemaker: createModelPackage describeModelPackage updateModelPackage listModelPackages = model-package/*
sagemaker: listEndpoints listTrainingJobs listModels listPipelines listProcessingJobs listTransformJobs listNotebookInstances listApps = *
sagemaker: startNotebookInstance stopNotebookInstance describeNotebookInstance = notebook-instance/{NotebookInstanceName}
sagemaker: createLabelingJob describeLabelingJob = labeling-job/{LabelingJobName}
sagemakerruntime: invokeEndpoint invokeEndpointAsync = endpoint/{EndpointName}
scheduler: createSchedule deleteSchedule getSchedule updateSchedule = schedule/{GroupName:default}/{Name}
scheduler: listSchedules listScheduleGroups = *
scheduler: createScheduleGroup deleteScheduleGroup getScheduleGroup = schedule-group/{Name}
secretsmanager: getSecretValue describeSecret putSecretValue updateSecret deleteSecret rotateSecret createSecret restoreSecret tagResource updateSecretVersionStage getResourcePolicy = secret:{SecretId|Name@secret}
secretsmanager: listSecrets getRandomPassword = *
securityhub: batchImportFindings = product/*
securityhub: batchUpdateFindings getFindings describeHub updateFindings = hub/default
servicecatalog: provisionProduct describeProvisioningParameters = arn:{p}:catalog:{r}:{a}:product/{ProductId}
servicecatalog: describeRecord searchProvisionedProducts terminateProvisionedProduct updateProvisionedProduct describeProvisionedProduct searchProducts listLaunchPaths = *
servicediscovery: discoverInstances listServices listInstances registerInstance deregisterInstance = *
servicequotas: getServiceQuota listServiceQuotas requestServiceQuotaIncrease getAWSDefaultServiceQuota listAWSDefaultServiceQuotas = {ServiceCode}/{QuotaCode}
ses: sendEmail sendTemplatedEmail sendRawEmail sendBulkTemplatedEmail = identity/*
ses: verifyEmailIdentity listIdentities getIdentityVerificationAttributes getSendQuota = *
sesv2: sendEmail sendBulkEmail = identity/*
sesv2: createEmailIdentity getEmailIdentity deleteEmailIdentity = identity/{EmailIdentity}
sesv2: createContact getContact updateContact = contact-list/{ContactListName}
sfn: startExecution startSyncExecution describeStateMachine listExecutions updateStateMachine deleteStateMachine describeStateMachineForExecution = stateMachine:{StateMachineArn}
sfn: describeExecution stopExecution getExecutionHistory redriveExecution = execution:{ExecutionArn}
sfn: describeMapRun listMapRuns updateMapRun = mapRun:{MapRunArn}
sfn: sendTaskSuccess sendTaskFailure sendTaskHeartbeat = stateMachine:*
sfn: listStateMachines listActivities createActivity createStateMachine = *
shield: describeAttack listAttacks describeProtection = *
signer: startSigningJob describeSigningJob = /signing-profiles/*
snowball: describeJob = *
sns: publish publishBatch = {TopicArn|TargetArn}
sns: subscribe createTopic deleteTopic getTopicAttributes setTopicAttributes listSubscriptionsByTopic confirmSubscription addPermission removePermission = {TopicArn|Name}
sns: listTopics listSubscriptions unsubscribe checkIfPhoneNumberIsOptedOut = *
sqs: sendMessage sendMessageBatch>SendMessage receiveMessage deleteMessage deleteMessageBatch>DeleteMessage getQueueAttributes setQueueAttributes purgeQueue changeMessageVisibility changeMessageVisibilityBatch>ChangeMessageVisibility createQueue deleteQueue listDeadLetterSourceQueues = {QueueUrl|QueueName}
sqs: getQueueUrl = {QueueName}
sqs: listQueues = *
sqs: startMessageMoveTask listMessageMoveTasks cancelMessageMoveTask = {SourceArn}
ssm: getParameter getParameters putParameter deleteParameter getParameterHistory deleteParameters = parameter/{Name|Names@parameter}
ssm: getParametersByPath = parameter/{Path@parameter}
ssm: describeParameters getCommandInvocation listCommandInvocations listCommands describeInstanceInformation cancelCommand getInventory describeInstancePatchStates describeAutomationExecutions describeInstanceAssociationsStatus = *
ssm: sendCommand = arn:{p}:ssm:{r}:*:document/{DocumentName} arn:{p}:ec2:{r}:{a}:instance/*
ssm: startAutomationExecution = automation-definition/{DocumentName}:*
ssm: getAutomationExecution stopAutomationExecution describeAutomationStepExecutions sendAutomationSignal = automation-execution/{AutomationExecutionId}
ssm: getDocument describeDocument createDocument updateDocument deleteDocument = document/{Name}
ssm: createOpsItem getOpsItem updateOpsItem = opsitem/*
ssm: startSession terminateSession = arn:{p}:ec2:{r}:{a}:instance/* session/*
ssmincidents: startIncident = arn:{p}:ssm-incidents::{a}:response-plan/*
ssoadmin: createAccountAssignment deleteAccountAssignment describeAccountAssignmentCreationStatus describeAccountAssignmentDeletionStatus listAccountAssignments listPermissionSets describePermissionSet listPermissionSetsProvisionedToAccount provisionPermissionSet listAccountsForProvisionedPermissionSet = arn:{p}:sso:::instance/* arn:{p}:sso:::permissionSet/* arn:{p}:sso:::account/*
ssoadmin: listInstances = *
storagegateway: refreshCache describeSMBFileShares describeNFSFileShares = share/*
sts: assumeRole = arn:{p}:iam::*:role/{RoleArn}
sts: getCallerIdentity = *
support: createCase describeCases addCommunicationToCase resolveCase describeTrustedAdvisorChecks describeTrustedAdvisorCheckResult refreshTrustedAdvisorCheck describeTrustedAdvisorCheckRefreshStatuses describeServices describeSeverityLevels describeCommunications = *
synthetics: startCanary stopCanary getCanary = canary:{Name}
textract: detectDocumentText analyzeDocument analyzeExpense analyzeID startDocumentTextDetection getDocumentTextDetection startDocumentAnalysis getDocumentAnalysis startExpenseAnalysis getExpenseAnalysis startLendingAnalysis getLendingAnalysis getLendingAnalysisSummary = *
timestreamquery: query = database/*/table/*
timestreamquery: describeEndpoints = *
timestreamwrite: writeRecords createTable describeTable = database/{DatabaseName}/table/{TableName}
transcribe: startTranscriptionJob getTranscriptionJob deleteTranscriptionJob = transcription-job/{TranscriptionJobName}
transcribe: listTranscriptionJobs listVocabularies listVocabularyFilters listMedicalTranscriptionJobs listCallAnalyticsJobs = *
transcribe: createVocabularyFilter getVocabularyFilter deleteVocabularyFilter updateVocabularyFilter = vocabulary-filter/{VocabularyFilterName}
transcribe: createVocabulary getVocabulary deleteVocabulary updateVocabulary = vocabulary/{VocabularyName}
transcribe: startMedicalTranscriptionJob getMedicalTranscriptionJob = medical-transcription-job/{MedicalTranscriptionJobName}
transcribe: startCallAnalyticsJob getCallAnalyticsJob = analytics/{CallAnalyticsJobName}
transfer: startFileTransfer = connector/{ConnectorId}
transfer: sendWorkflowStepState = workflow/{WorkflowId}
transfer: createUser describeUser deleteUser updateUser listUsers = server/{ServerId} user/{ServerId}/*
transfer: describeServer startServer stopServer = server/{ServerId}
translate: translateText = terminology/*
translate: startTextTranslationJob describeTextTranslationJob stopTextTranslationJob listTextTranslationJobs translateDocument = *
verifiedpermissions: isAuthorized isAuthorizedWithToken = arn:{p}:verifiedpermissions::{a}:policy-store/{PolicyStoreId}
vpclattice: updateRule getRule = service/*
wafv2: getIPSet updateIPSet = regional/ipset/* global/ipset/*
wafv2: getWebACL updateWebACL = regional/webacl/* global/webacl/*
wafv2: listIPSets listWebACLs = *
wellarchitected: listWorkloads getWorkload = workload/*
workspaces: describeWorkspaces startWorkspaces stopWorkspaces rebootWorkspaces terminateWorkspaces createWorkspaces = workspace/*
xray: getTraceSummaries batchGetTraces putTraceSegments getServiceGraph = *
`

// iamPrefixes are the IAM prefixes that differ from the SDK integration's
// service name.
const iamPrefixes = `
accessanalyzer access-analyzer
amp aps
apigatewaymanagementapi execute-api
apigatewayv2 apigateway
appconfigdata appconfig
applicationautoscaling application-autoscaling
bedrockagent bedrock
bedrockagentruntime bedrock
bedrockruntime bedrock
chimesdkmediapipelines chime
cloudwatchlogs logs
cognitoidentityprovider cognito-idp
costexplorer ce
databasemigration dms
directory ds
docdb rds
efs elasticfilesystem
elasticloadbalancingv2 elasticloadbalancing
emr elasticmapreduce
emrcontainers emr-containers
emrserverless emr-serverless
eventbridge events
finspacedata finspace-api
greengrassv2 greengrass
iotdataplane iot
kinesisanalyticsv2 kinesisanalytics
lexruntimev2 lex
licensemanager license-manager
location geo
mediapackagevod mediapackage-vod
mwaa airflow
neptune rds
neptunedata neptune-db
networkfirewall network-firewall
opensearch es
personalizeruntime personalize
pinpoint mobiletargeting
pinpointsmsvoicev2 sms-voice
rdsdata rds-data
redshiftdata redshift-data
redshiftserverless redshift-serverless
resourceexplorer2 resource-explorer-2
resourcegroups resource-groups
resourcegroupstaggingapi tag
route53recoverycluster route53-recovery-cluster
s3control s3
sagemakerruntime sagemaker
sesv2 ses
sfn states
ssmincidents ssm-incidents
ssoadmin sso
timestreamquery timestream
timestreamwrite timestream
vpclattice vpc-lattice
`
