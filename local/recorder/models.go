package recorder

import "strings"

// stashType is Pulumi's own resource that keeps a value in the state; a preview knows it, too.
const stashType = "pulumi:index:Stash"

// models are the resource types the recorder answers for, by Pulumi's type token. The attributes are those that
// the provider documents as outputs and that a program or the local world may ask for.
var models = map[string]model{
	"pulumi:providers:aws": func(_ surroundings, r *Resource) (string, attributes) {
		return uuid(r.URN), nil
	},

	// A stash keeps its first value; a recording is the first, unless one is said to be there.
	stashType: func(w surroundings, r *Resource) (string, attributes) {
		if kept := w.existing[stashType][r.Name]; kept != nil {
			return uuid(r.URN), attributes{"output": kept["output"]}
		}
		return uuid(r.URN), attributes{"output": r.Inputs["input"]}
	},

	"aws:kms/key:Key": func(w surroundings, r *Resource) (string, attributes) {
		id := uuid(r.URN)
		return id, attributes{"id": id, "keyId": id, "arn": w.arn("kms", "key/"+id)}
	},
	"aws:kms/alias:Alias": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		target := r.String("targetKeyId")
		return name, attributes{
			"id": name, "name": name, "arn": w.arn("kms", name), "targetKeyArn": w.arn("kms", "key/"+afterLast(target, "/")),
		}
	},

	"aws:iam/role:Role": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		path := r.String("path")
		if path == "" {
			path = "/"
		}
		return name, attributes{
			"id": name, "name": name, "arn": w.global("iam", "role"+path+name), "uniqueId": "AROA" + strings.ToUpper(hash(17, r.URN)),
		}
	},
	"aws:iam/rolePolicy:RolePolicy": func(_ surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		id := r.String("role") + ":" + name
		return id, attributes{"id": id, "name": name}
	},
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": func(w surroundings, r *Resource) (string, attributes) {
		arn := w.global("iam", "oidc-provider/"+strings.TrimPrefix(r.String("url"), "https://"))
		return arn, attributes{"id": arn, "arn": arn}
	},

	"aws:s3/bucketV2:BucketV2": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "bucket")
		return name, attributes{
			"id": name, "bucket": name, "region": w.region,
			"arn":                      "arn:" + w.partition.ID + ":s3:::" + name,
			"bucketDomainName":         name + ".s3." + w.dnsSuffix(),
			"bucketRegionalDomainName": name + ".s3." + w.region + "." + w.dnsSuffix(),
		}
	},
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               part("bucket"),
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": part("bucket"),
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     part("bucket"),
	"aws:s3/bucketPolicy:BucketPolicy":                                                           part("bucket"),
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       part("bucket"),
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                                                     part("bucket"),
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     part("bucket"),
	"aws:s3/bucketNotification:BucketNotification":                                               part("bucket"),
	"aws:s3/bucketObjectv2:BucketObjectv2": func(w surroundings, r *Resource) (string, attributes) {
		key := r.String("key")
		return key, attributes{
			"id": key, "arn": "arn:" + w.partition.ID + ":s3:::" + r.String("bucket") + "/" + key, "versionId": hash(32, r.URN),
		}
	},

	"aws:cloudtrail/trail:Trail": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		arn := w.arn("cloudtrail", "trail/"+name)
		return arn, attributes{"id": arn, "name": name, "arn": arn, "homeRegion": w.region}
	},
	"aws:cloudwatch/eventRule:EventRule": named("name", "events", "rule/"),
	"aws:cloudwatch/eventTarget:EventTarget": func(_ surroundings, r *Resource) (string, attributes) {
		target := physicalName(r, "targetId")
		id := r.String("rule") + "-" + target
		return id, attributes{"id": id, "targetId": target}
	},
	"aws:cloudwatch/logGroup:LogGroup":       named("name", "logs", "log-group:"),
	"aws:cloudwatch/metricAlarm:MetricAlarm": named("name", "cloudwatch", "alarm:"),
	"aws:cloudwatch/logMetricFilter:LogMetricFilter": func(_ surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		return name, attributes{"id": name, "name": name}
	},
	"aws:cloudwatch/dashboard:Dashboard": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "dashboardName")
		return name, attributes{
			"id": name, "dashboardName": name, "dashboardArn": w.global("cloudwatch", "dashboard/"+name),
		}
	},
	"aws:scheduler/schedule:Schedule": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		return "default/" + name, attributes{"id": "default/" + name, "name": name, "arn": w.arn("scheduler", "schedule/default/"+name)}
	},

	"aws:pipes/pipe:Pipe": named("name", "pipes", "pipe/"),
	"aws:sqs/queue:Queue": func(w surroundings, r *Resource) (string, attributes) {
		name := queueName(r, "fifoQueue")
		url := "https://sqs." + w.region + "." + w.dnsSuffix() + "/" + w.account + "/" + name
		return url, attributes{"id": url, "url": url, "name": name, "arn": w.arn("sqs", name)}
	},
	"aws:sqs/queuePolicy:QueuePolicy": part("queueUrl"),
	"aws:sns/topic:Topic": func(w surroundings, r *Resource) (string, attributes) {
		name := queueName(r, "fifoTopic")
		arn := w.arn("sns", name)
		return arn, attributes{"id": arn, "name": name, "arn": arn, "owner": w.account}
	},
	"aws:sns/topicPolicy:TopicPolicy": part("arn"),
	"aws:sns/topicSubscription:TopicSubscription": func(_ surroundings, r *Resource) (string, attributes) {
		arn := r.String("topic") + ":" + uuid(r.URN)
		// Mail and https endpoints confirm a subscription themselves; queues and functions need not.
		pending := r.String("protocol") != "sqs" && r.String("protocol") != "lambda"
		return arn, attributes{"id": arn, "arn": arn, "pendingConfirmation": pending}
	},

	"aws:glue/catalogDatabase:CatalogDatabase": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		return w.account + ":" + name, attributes{
			"id": w.account + ":" + name, "name": name, "catalogId": w.account, "arn": w.arn("glue", "database/"+name),
		}
	},
	"aws:glue/classifier:Classifier": func(_ surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		return name, attributes{"id": name, "name": name}
	},
	"aws:glue/crawler:Crawler":                                             named("name", "glue", "crawler/"),
	"aws:glue/job:Job":                                                     named("name", "glue", "job/"),
	"aws:glue/securityConfiguration:SecurityConfiguration":                 namedOnly("name"),
	"aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": account,
	"aws:lakeformation/permissions:Permissions": func(_ surroundings, r *Resource) (string, attributes) {
		return uuid(r.URN), nil
	},

	"aws:sfn/stateMachine:StateMachine": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		arn := w.arn("states", "stateMachine:"+name)
		kind := r.String("type")
		if kind == "" {
			kind = "STANDARD"
		}
		added := attributes{"id": arn, "name": name, "arn": arn, "type": kind, "status": "ACTIVE"}
		if publish, _ := r.Get("publish"); publish == true {
			added["stateMachineVersionArn"] = arn + ":1"
		}
		return arn, added
	},
	"aws:sfn/alias:Alias": func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, "name")
		version := r.String("routingConfigurations[0].stateMachineVersionArn")
		machine, _, _ := cutLast(version, ":")
		return machine + ":" + name, attributes{"id": machine + ":" + name, "name": name, "arn": machine + ":" + name}
	},

	"aws:redshiftserverless/namespace:Namespace": func(w surroundings, r *Resource) (string, attributes) {
		name := r.String("namespaceName")
		id := uuid(r.URN)
		added := attributes{"id": name, "namespaceId": id, "arn": w.arn("redshift-serverless", "namespace/"+id)}
		if managed, _ := r.Get("manageAdminPassword"); managed == true {
			added["adminPasswordSecretArn"] = w.arn("secretsmanager", "secret:redshift!"+name+"-admin-"+hash(6, r.URN))
			added["adminUsername"] = "admin"
		}
		return name, added
	},
	"aws:redshiftserverless/workgroup:Workgroup": func(w surroundings, r *Resource) (string, attributes) {
		name := r.String("workgroupName")
		id := uuid(r.URN)
		return name, attributes{
			"id": name, "workgroupId": id, "arn": w.arn("redshift-serverless", "workgroup/"+id), "port": 5439.0,
			"endpoints": []any{map[string]any{
				"address": name + "." + w.account + "." + w.region + ".redshift-serverless." + w.dnsSuffix(), "port": 5439.0,
			}},
		}
	},
	"aws:redshiftserverless/usageLimit:UsageLimit": func(w surroundings, r *Resource) (string, attributes) {
		id := uuid(r.URN)
		return id, attributes{"id": id, "arn": w.arn("redshift-serverless", "usagelimit/"+id)}
	},
	"aws:redshift/cluster:Cluster": func(w surroundings, r *Resource) (string, attributes) {
		name := r.String("clusterIdentifier")
		host := name + "." + hash(12, w.account) + "." + w.region + ".redshift." + w.dnsSuffix()
		added := attributes{
			"id": name, "arn": w.arn("redshift", "cluster:"+name), "dnsName": host, "endpoint": host + ":5439", "port": 5439.0,
			"clusterNamespaceArn": w.arn("redshift", "namespace:"+uuid(r.URN)),
		}
		if managed, _ := r.Get("manageMasterPassword"); managed == true {
			added["masterPasswordSecretArn"] = w.arn("secretsmanager", "secret:redshift!"+name+"-awsuser-"+hash(6, r.URN))
		}
		return name, added
	},
	"aws:redshift/subnetGroup:SubnetGroup":       named("name", "redshift", "subnetgroup:"),
	"aws:redshift/parameterGroup:ParameterGroup": named("name", "redshift", "parametergroup:"),
	"aws:redshift/logging:Logging":               part("clusterIdentifier"),
	"aws:redshiftdata/statement:Statement": func(_ surroundings, r *Resource) (string, attributes) {
		id := uuid(r.URN)
		return id, attributes{"id": id}
	},

	"aws:ec2/vpc:Vpc":                                     numbered("vpc-", "ec2", "vpc/"),
	"aws:ec2/subnet:Subnet":                               numbered("subnet-", "ec2", "subnet/"),
	"aws:ec2/routeTable:RouteTable":                       numbered("rtb-", "ec2", "route-table/"),
	"aws:ec2/routeTableAssociation:RouteTableAssociation": numbered("rtbassoc-", "ec2", "route-table-association/"),
	"aws:ec2/securityGroup:SecurityGroup":                 numbered("sg-", "ec2", "security-group/"),
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":   numbered("sg-", "ec2", "security-group/"),
	"aws:ec2/vpcEndpoint:VpcEndpoint": func(w surroundings, r *Resource) (string, attributes) {
		id := "vpce-" + hash(17, r.URN)
		return id, attributes{"id": id, "arn": w.arn("ec2", "vpc-endpoint/"+id), "prefixListId": "pl-" + hash(8, r.URN)}
	},
	"aws:ec2/flowLog:FlowLog":                                   numbered("fl-", "ec2", "vpc-flow-log/"),
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   numbered("sgr-", "ec2", "security-group-rule/"),
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": numbered("sgr-", "ec2", "security-group-rule/"),
}

// namedOnly is the model of a resource that has a name and no ARN.
func namedOnly(property string) model {
	return func(_ surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, property)
		return name, attributes{"id": name, property: name}
	}
}

// account is the model of a setting of the whole account: the id is the account's.
func account(w surroundings, _ *Resource) (string, attributes) {
	return w.account, attributes{"id": w.account, "catalogId": w.account}
}

func afterLast(s, sep string) string {
	return s[strings.LastIndex(s, sep)+1:]
}
