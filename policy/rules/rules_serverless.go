package rules

func serverlessRules() []*Rule {
	namespace, workgroup := []string{typeNamespace}, []string{typeWorkgroup}
	return []*Rule{
		{
			ID: "serverless-cmk", Title: "A Redshift Serverless namespace is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "Only a key of one's own can be taken away from a reader.",
			Fix:      "set kmsKeyId",
			Controls: []string{"RedshiftServerless.4", "CKV_AWS_282"},
			Types:    namespace,
			resource: encryptedWith("kmsKeyId"),
			Good:     `aws:redshiftserverless/namespace:Namespace dw: {kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad:      `aws:redshiftserverless/namespace:Namespace dw: {}`,
		},
		{
			ID: "serverless-private", Title: "A Redshift Serverless workgroup has no public address, and subnets of its own", Level: Mandatory,
			Why:      "A warehouse on the internet is one password away from strangers; without subnets it stands in the default VPC.",
			Fix:      "set publiclyAccessible to false, and subnetIds",
			Controls: []string{"RedshiftServerless.3"},
			Types:    workgroup,
			resource: func(j *judge, r *Resource) {
				j.may(r, "publiclyAccessible", is(false), "the workgroup may be reached from the internet")
				j.set(r, "subnetIds", "the workgroup has no subnets of its own")
			},
			Good: `aws:redshiftserverless/workgroup:Workgroup dw: {publiclyAccessible: false, subnetIds: [subnet-1]}`,
			Bad:  `aws:redshiftserverless/workgroup:Workgroup dw: {publiclyAccessible: true, subnetIds: [subnet-1]}`,
		},
		{
			ID: "serverless-enhanced-routing", Title: "A Redshift Serverless workgroup reaches S3 through its VPC", Level: Mandatory,
			Why:      "COPY and UNLOAD otherwise leave the VPC, past its endpoints and flow logs.",
			Fix:      "set enhancedVpcRouting to true",
			Controls: []string{"RedshiftServerless.1"},
			Types:    workgroup,
			resource: mustHave("enhancedVpcRouting", is(true), "COPY and UNLOAD leave the VPC"),
			Good:     `aws:redshiftserverless/workgroup:Workgroup dw: {enhancedVpcRouting: true}`,
			Bad:      `aws:redshiftserverless/workgroup:Workgroup dw: {}`,
		},
		{
			ID: "serverless-tls", Title: "A Redshift Serverless workgroup takes connections over TLS only", Level: Mandatory,
			Why:      "Passwords and rows can otherwise be read on the way. A workgroup that says nothing of parameters requires TLS.",
			Fix:      "set the configParameter require_ssl to true, or leave configParameters out",
			Controls: []string{"RedshiftServerless.2"},
			Types:    workgroup,
			resource: func(j *judge, r *Resource) {
				if r.Get("configParameters").Absent() {
					return
				}
				j.answer(parameter(r.Get("configParameters"), "parameterKey", "parameterValue", "require_ssl", "true"),
					r, "configParameters", "require_ssl is not true")
			},
			Good: `aws:redshiftserverless/workgroup:Workgroup dw: {configParameters: [{parameterKey: require_ssl, parameterValue: "true"}]}`,
			Bad:  `aws:redshiftserverless/workgroup:Workgroup dw: {configParameters: [{parameterKey: require_ssl, parameterValue: "false"}]}`,
		},
		{
			ID: "serverless-parameters", Title: "A Redshift Serverless workgroup leaves its parameters to AWS", Level: Advisory,
			Why: "Parameters that are written must be all that there are. When AWS adds one, a refresh finds it, and every later update tries to take " +
				"it away, which AWS refuses (terraform-provider-aws#49939). To ignore changes of them does not help.",
			Fix:   "leave configParameters out; AWS's defaults require TLS and log users' activity",
			Types: workgroup,
			resource: func(j *judge, r *Resource) {
				if !r.Get("configParameters").Absent() {
					j.refuse(r, "configParameters", "a parameter that AWS adds will break every update")
				}
			},
			Good: `aws:redshiftserverless/workgroup:Workgroup dw: {workgroupName: dw}`,
			Bad:  `aws:redshiftserverless/workgroup:Workgroup dw: {configParameters: [{parameterKey: require_ssl, parameterValue: "true"}]}`,
		},
		{
			ID: "serverless-logs", Title: "A Redshift Serverless namespace exports its connection and user logs", Level: Mandatory,
			Why:      "Who asked for what is otherwise not known afterwards.",
			Fix:      "set logExports to connectionlog, userlog and useractivitylog",
			Controls: []string{"RedshiftServerless.6"},
			Types:    namespace,
			resource: mustHave("logExports", holdsAll("connectionlog", "userlog"), "logs are not exported"),
			Good:     `aws:redshiftserverless/namespace:Namespace dw: {logExports: [connectionlog, userlog]}`,
			Bad:      `aws:redshiftserverless/namespace:Namespace dw: {logExports: [userlog]}`,
		},
		{
			ID: "serverless-default-user", Title: "A Redshift Serverless administrator has no default name", Level: Mandatory,
			Why:      "A known name is half of a guess; left out, it is admin.",
			Fix:      "set adminUsername",
			Controls: []string{"RedshiftServerless.5"},
			Types:    namespace,
			resource: mustHave("adminUsername", isNotText("admin", "awsuser", "root", "administrator", ""), "the administrator's name can be guessed"),
			Good:     `aws:redshiftserverless/namespace:Namespace dw: {adminUsername: keeper_of_rows}`,
			Bad:      `aws:redshiftserverless/namespace:Namespace dw: {}`,
		},
		{
			ID: "serverless-default-database", Title: "A Redshift Serverless database has a name of its own", Level: Mandatory,
			Why:      "A known name is half of a guess, and says nothing about what is in it; left out, it is dev.",
			Fix:      "set dbName to something other than dev",
			Controls: []string{"RedshiftServerless.7"},
			Types:    namespace,
			resource: mustHave("dbName", isNotText("dev", ""), "the database has the default name"),
			Good:     `aws:redshiftserverless/namespace:Namespace dw: {dbName: flights}`,
			Bad:      `aws:redshiftserverless/namespace:Namespace dw: {dbName: dev}`,
		},
		{
			ID: "serverless-usage-limit", Title: "A Redshift Serverless workgroup has a usage limit on compute", Level: Mandatory,
			Why:   "A query that runs away is paid for until somebody looks at the bill.",
			Fix:   "add a UsageLimit of serverless-compute for the workgroup",
			Types: []string{typeWorkgroup, typeUsageLimit},
			stack: func(j *judge) {
				for _, w := range j.OfType(typeWorkgroup) {
					answer := No
					if len(j.Referring(nil, typeUsageLimit, "resourceArn", typeWorkgroup)) > 0 {
						answer = CannotTell
					}
					for _, l := range j.Referring(w, typeUsageLimit, "resourceArn", typeWorkgroup) {
						answer = max(answer, isText("serverless-compute")(l.Get("usageType")))
					}
					j.answer(answer, w, "", "nothing limits what the workgroup costs")
				}
			},
			Good: `aws:redshiftserverless/workgroup:Workgroup dw: {arn: "arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/1234"}
aws:redshiftserverless/usageLimit:UsageLimit dw: {resourceArn: "arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/1234", usageType: serverless-compute, amount: 8}`,
			Bad: `aws:redshiftserverless/workgroup:Workgroup dw: {workgroupName: dw}`,
		},
	}
}
