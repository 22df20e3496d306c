package infra

// deployment is what deploying resources of some types takes.
type deployment struct {
	types      []string // Pulumi's type tokens
	statements []Statement
}

// deployments lists it for every type of resource in the stack. Resources are named by the stack's prefix; those whose
// ARNs hold an id that AWS chooses are recognised by the stack's tag, when they are made as well as later. What has
// neither is the last statement. Where a resource is the stack's by its name, actions are patterns: one by one they would
// not fit a role (10,240 characters).
func (n Names) deployments() []deployment {
	stack := n.ID()
	allow := func(sid string, resources, actions []string) Statement {
		return Statement{Sid: sid, Actions: actions, Resources: resources}
	}
	when := func(s Statement, key string) Statement {
		s.Conditions = Conditions{"StringEquals": {key: {stack}}}
		return s
	}
	// tagged says what may be done with the stack's own resources, made what may be made with its tag.
	tagged := func(s Statement) Statement { return when(s, "aws:ResourceTag/stack") }
	made := func(s Statement) Statement { return when(s, "aws:RequestTag/stack") }
	// unclaimed leaves out what has a stack's tag already.
	unclaimed := func(s Statement) Statement {
		s.Conditions = s.Conditions.with(Conditions{"Null": {"aws:ResourceTag/stack": {"true"}}})
		return s
	}
	serverless := []string{n.ARN("redshift-serverless", "*")} // namespaces, workgroups and snapshots
	buckets := n.BucketARN(n.Name("*"))
	roles := n.RoleARN("*")
	passed := allow("PassRoles", []string{roles}, []string{"iam:PassRole"})
	passed.Conditions = Conditions{"StringEquals": {"iam:PassedToService": {
		"glue.amazonaws.com", "states.amazonaws.com", "events.amazonaws.com", "pipes.amazonaws.com", "redshift.amazonaws.com", "redshift-serverless.amazonaws.com",
	}}}
	// Within a boundary, roles get no more rights than it has, whatever their policies say; and it is not taken off.
	rights := allow("RoleRights", []string{roles}, []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"})
	if boundary := n.Given.PermissionsBoundary; boundary != "" {
		rights.Actions = append(rights.Actions, "iam:PutRolePermissionsBoundary")
		rights.Conditions = Conditions{"StringEquals": {"iam:PermissionsBoundary": {boundary}}}
	}
	self := allow("KeepOwnRights", []string{n.RoleARN(deployerThing), n.RoleARN(previewerThing)}, []string{
		"iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:PassRole",
		"iam:PutRolePermissionsBoundary",
	})
	self.Deny = true

	return []deployment{
		{
			types: []string{
				"aws:s3/bucketV2:BucketV2", "aws:s3/bucketVersioningV2:BucketVersioningV2",
				"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
				"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketPolicy:BucketPolicy",
				"aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws:s3/bucketLoggingV2:BucketLoggingV2",
				"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "aws:s3/bucketNotification:BucketNotification",
			},
			statements: []Statement{
				allow("Buckets", []string{buckets}, []string{
					"s3:*Bucket*", "s3:*Configuration",
				}),
				// A bucket that is not protected is emptied before it goes.
				allow("EmptyBuckets", []string{buckets + "/*"}, []string{"s3:DeleteObject", "s3:DeleteObjectVersion"}),
			},
		},
		{
			types: []string{"aws:s3/bucketObjectv2:BucketObjectv2"},
			statements: []Statement{allow("Scripts", []string{n.ObjectsARN(n.Bucket("scripts"), "")}, []string{
				"s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging",
			})},
		},
		{
			types: []string{"aws:kms/key:Key", "aws:kms/alias:Alias"},
			statements: []Statement{
				tagged(allow("Keys", []string{n.KeysARN()}, []string{
					"kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:GetKeyRotationStatus", "kms:EnableKeyRotation",
					"kms:UpdateKeyDescription", "kms:ListResourceTags", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion",
					"kms:*Alias",
					// Services use the key in the name of who sets them up.
					"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant",
				})),
				allow("KeyAliases", []string{n.ARN("kms", n.KeyAlias("*"))}, []string{"kms:*Alias"}),
				made(allow("MakeKeys", []string{"*"}, []string{"kms:CreateKey"})),
			},
		},
		{
			types: []string{"aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"},
			statements: []Statement{
				allow("Roles", []string{roles}, []string{
					"iam:DeleteRole", "iam:GetRole*", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:*agRole", "iam:List*RolePolicies",
					"iam:ListInstanceProfilesForRole",
				}),
				rights, passed, self,
			},
		},
		{
			types:      []string{"aws:cloudtrail/trail:Trail"},
			statements: []Statement{allow("Trails", []string{n.trailARN()}, []string{"cloudtrail:*"})},
		},
		{
			types:      []string{"aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"},
			statements: []Statement{allow("Rules", []string{n.RuleARN("*")}, []string{"events:*"})},
		},
		{
			types: []string{"aws:cloudwatch/logGroup:LogGroup"},
			statements: []Statement{allow("LogGroups",
				[]string{
					// of machines, jobs and crawlers, and of a cluster, whose name is the stack's
					n.ARN("logs", "log-group:/aws*/"+n.Name("*")), n.ARN("logs", "log-group:"+n.clusterLogGroups()+"/*"),
				}, []string{
					"logs:*LogGroup", "logs:*RetentionPolicy", "logs:*KmsKey", "logs:*Resource",
				})},
		},
		{
			types: []string{"aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/dashboard:Dashboard"},
			statements: []Statement{
				allow("Alarms", []string{n.ARN("cloudwatch", "alarm:"+n.Name("*"))}, []string{
					"cloudwatch:*Alarm*", "cloudwatch:*Resource",
				}),
				allow("Dashboards", []string{"arn:" + n.Partition + ":cloudwatch::" + n.Account + ":dashboard/" + n.dashboardName("*")}, []string{
					"cloudwatch:*Dashboard*",
				}),
			},
		},
		{
			types:      []string{"aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"},
			statements: []Statement{allow("Queues", []string{n.ARN("sqs", n.Name("*"))}, []string{"sqs:*Queue*"})},
		},
		{
			types:      []string{"aws:pipes/pipe:Pipe"},
			statements: []Statement{allow("Pipes", []string{n.ARN("pipes", "pipe/"+n.Name("*"))}, []string{"pipes:*"})},
		},
		{
			types: []string{"aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "aws:sns/topicSubscription:TopicSubscription"},
			statements: []Statement{allow("Topics", []string{n.topicARN(), n.topicARN() + ":*"}, n.unlessGiven(n.Given.TopicARN,
				[]string{"sns:*Topic*", "sns:*ubscri*", "sns:*Resource"},
				[]string{"sns:GetTopicAttributes", "sns:*ubscri*", "sns:ListTagsForResource"},
			))},
		},
		{
			types:      []string{"aws:sfn/stateMachine:StateMachine", "aws:sfn/alias:Alias"},
			statements: []Statement{allow("Machines", []string{n.MachineARN("*")}, []string{"states:*StateMachine*", "states:*Resource"})},
		},
		{
			types: []string{
				"aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/crawler:Crawler", "aws:glue/job:Job", "aws:glue/classifier:Classifier",
				"aws:lakeformation/permissions:Permissions",
				"aws:glue/securityConfiguration:SecurityConfiguration", "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
			},
			statements: []Statement{allow("Glue",
				[]string{
					n.ARN("glue", "catalog"), n.ARN("glue", "database/"+n.Database()), n.ARN("glue", "table/"+n.Database()+"/*"),
					n.ARN("glue", "userDefinedFunction/"+n.Database()+"/*"), n.ARN("glue", "crawler/"+n.Name("*")), n.ARN("glue", "job/"+n.Name("*")),
				}, append(n.unlessGiven(n.Given.GlueDatabase, []string{"glue:*Database"}, []string{"glue:GetDatabase"}),
					"glue:*Crawler", "glue:*Job", "glue:GetTags", "glue:*Resource",
				))},
		},
		{
			types: []string{
				"aws:redshiftserverless/namespace:Namespace", "aws:redshiftserverless/workgroup:Workgroup",
				"aws:redshiftserverless/usageLimit:UsageLimit",
			},
			statements: []Statement{
				tagged(allow("Serverless", serverless, []string{
					"redshift-serverless:*Namespace", "redshift-serverless:*Workgroup", "redshift-serverless:*Resource",
					"redshift-serverless:CreateUsageLimit", "redshift-serverless:GetSnapshot", "redshift-data:ExecuteStatement",
				})),
				made(allow("MakeServerless", serverless, []string{
					"redshift-serverless:CreateNamespace", "redshift-serverless:CreateWorkgroup", "redshift-serverless:CreateSnapshot",
				})),
				unclaimed(made(allow("TagServerless", serverless, []string{
					"redshift-serverless:TagResource",
				}))),
			},
		},
		{
			types: []string{
				"aws:redshift/cluster:Cluster", "aws:redshift/subnetGroup:SubnetGroup", "aws:redshift/parameterGroup:ParameterGroup",
				"aws:redshift/logging:Logging", "aws:redshiftdata/statement:Statement",
			},
			statements: []Statement{
				allow("Cluster",
					[]string{
						n.ARN("redshift", "cluster:"+n.warehouse()), n.ARN("redshift", "subnetgroup:"+n.warehouse()),
						n.ARN("redshift", "parametergroup:"+n.warehouse()), n.ARN("redshift", "snapshot:"+n.warehouse()+"/*"),
					}, append(n.unlessGiven(n.Given.Cluster, []string{"redshift:*Cluster*", "redshift:*Logging*", "redshift:*Tags"}, nil),
						"redshift-data:ExecuteStatement",
					)),
				// Redshift manages the administrator's password in the name of who makes the warehouse.
				allow("AdminSecrets", []string{n.ARN("secretsmanager", "secret:redshift!"+stack+"-*")}, []string{
					"secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:UpdateSecret",
					"secretsmanager:RotateSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource",
				}),
			},
		},
		{
			types: []string{
				"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation",
				"aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
				"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/flowLog:FlowLog",
			},
			statements: []Statement{
				// IAM takes no wildcard in a resource's type, and has no room for each by name: the actions say which are meant.
				tagged(allow("Network", []string{n.ARN("ec2", "*")}, []string{
					"ec2:CreateSubnet", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint", "ec2:CreateFlowLogs",
					"ec2:DescribeVpcAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcEndpoint", "ec2:ModifySecurityGroupRules",
					"ec2:AssociateRouteTable", "ec2:DisassociateRouteTable", "ec2:AuthorizeSecurityGroupEgress", "ec2:RevokeSecurityGroupEgress",
					"ec2:RevokeSecurityGroupIngress", "ec2:DeleteVpc", "ec2:DeleteSubnet", "ec2:DeleteRouteTable", "ec2:DeleteSecurityGroup",
					"ec2:DeleteVpcEndpoints", "ec2:DeleteFlowLogs", "ec2:AttachInternetGateway", "ec2:DetachInternetGateway", "ec2:DeleteInternetGateway", "ec2:CreateTags", "ec2:DeleteTags",
				})),
				made(allow("MakeNetwork", []string{n.ARN("ec2", "*")}, []string{
					"ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint", "ec2:CreateFlowLogs",
					"ec2:AuthorizeSecurityGroupEgress", "ec2:CreateInternetGateway",
				})),
				// The stack's tag is what gives rights, so it is put on nothing that has another's.
				unclaimed(made(allow("TagNetwork", []string{n.ARN("ec2", "*")}, []string{
					"ec2:CreateTags",
				}))),
			},
		},
		{statements: []Statement{n.deployWithoutName()}},
	}
}

// unlessGiven are the actions on something of the stack's own, or those on what somebody else keeps, which is read.
func (n Names) unlessGiven(given string, own, read []string) []string {
	if given != "" {
		return read
	}
	return own
}

// deployWithoutName are the actions that know no resource type, most of them questions.
func (n Names) deployWithoutName() Statement {
	return Statement{Sid: "WithoutResourceType", Resources: []string{"*"}, Actions: []string{
		"kms:ListAliases", "cloudtrail:DescribeTrails", "logs:DescribeLogGroups", "logs:CreateLogDelivery", "logs:DeleteLogDelivery",
		"logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:UpdateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
		"states:ValidateStateMachineDefinition", "glue:CreateClassifier", "glue:GetClassifier", "glue:UpdateClassifier", "glue:DeleteClassifier",
		"glue:CreateSecurityConfiguration", "glue:GetSecurityConfiguration", "glue:DeleteSecurityConfiguration",
		"lakeformation:GrantPermissions", "lakeformation:ListPermissions", "lakeformation:RevokePermissions",
		"glue:GetDataCatalogEncryptionSettings", "glue:PutDataCatalogEncryptionSettings", "redshift-serverless:GetUsageLimit",
		"redshift-serverless:UpdateUsageLimit", "redshift-serverless:DeleteUsageLimit", "redshift-data:DescribeStatement",
		"redshift:DescribeClusters", "redshift:DescribeClusterSubnetGroups", "redshift:DescribeClusterParameterGroups", "redshift:DescribeTags",
		"ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups",
		"ec2:DescribeSecurityGroupRules", "ec2:DescribeVpcEndpoints", "ec2:DescribeFlowLogs", "ec2:DescribeInternetGateways", "ec2:DescribePrefixLists",
		"ec2:DescribeManagedPrefixLists", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribeAvailabilityZones",
		"ec2:DescribeAccountAttributes",
	}}
}
