package infra

// Identity policies: what each role may do. Every statement here is one that a run of the pipeline needs;
// the local world refuses what is missing, and a test removes each statement in turn.

// Things that roles are named after. A state machine's role has the machine's name.
const (
	crawlerThing = "crawler"
	jobThing     = "job"
	eventsThing  = "events"
	copyThing    = "copy"
)

// roleThings are all things that a stack may have roles for.
func (n Names) roleThings() []string {
	things := append([]string{crawlerThing, jobThing, eventsThing, copyThing, deployerThing, previewerThing}, n.machineThings()...)
	for _, d := range n.Datasets() {
		things = append(things, gatherThing(d))
	}
	return things
}

// crawlerPolicy lets the crawlers list and sample the raw files and keep the catalog, which may be encrypted with the data key.
func (n Names) crawlerPolicy(encrypted bool) Policy {
	use := []string{"kms:Decrypt"}
	if encrypted {
		use = []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}
	}
	raw := n.Bucket("raw")
	catalog := []string{
		n.ARN("glue", "catalog"),
		n.ARN("glue", "database/"+n.Database()),
		n.ARN("glue", "table/"+n.Database()+"/*"),
	}
	return Policy{Statements: append(n.readRawKey(), []Statement{
		n.listPrefixes("ListRaw", raw, n.prefixes()...),
		{
			Sid:       "ReadRaw",
			Actions:   []string{"s3:GetObject"},
			Resources: n.under(n.prefixes()),
		},
		n.useKey("UseDataKey", dataKey, use...),
		{
			Sid:       "ReadCatalog",
			Actions:   []string{"glue:GetDatabase", "glue:GetTable", "glue:BatchGetPartition"},
			Resources: catalog,
		},
		{
			Sid:       "WriteCatalog",
			Actions:   []string{"glue:CreateTable", "glue:UpdateTable", "glue:BatchCreatePartition", "glue:UpdatePartition"},
			Resources: catalog,
		},
		n.writeGlueLogs("/aws-glue/crawlers*"),
	}...)}
}

// jobPolicy lets the Glue job read one version of a raw file, what its rows are joined with, its script and its SQL, and write a load.
func (n Names) jobPolicy(engine Engine) Policy {
	raw, staging, scripts := n.Bucket("raw"), n.Bucket("staging"), n.Bucket("scripts")
	logs := []string{"/aws-glue/jobs/*"}
	if engine == EngineAuto {
		logs = append(logs, smallJobLogGroup+"/*")
	}
	return Policy{Statements: append(n.readRawKey(), []Statement{
		{
			Sid:       "ReadRaw",
			Actions:   []string{"s3:GetObject", "s3:GetObjectVersion"},
			Resources: n.under(n.prefixes()),
		},
		n.listPrefixes("ListAirports", raw, n.joinedPrefixes()...),
		{
			Sid:       "ReadScripts",
			Actions:   []string{"s3:GetObject"},
			Resources: []string{n.ObjectsARN(scripts, scriptsPrefix), n.ObjectsARN(scripts, sqlPrefix)},
		},
		{
			Sid:       "WriteStaging",
			Actions:   []string{"s3:PutObject", "s3:GetObject", "s3:DeleteObject"},
			Resources: []string{n.ObjectsARN(staging, loadsFolder)},
		},
		n.listPrefixes("ListStaging", staging, loadsFolder),
		n.useKey("UseDataKey", dataKey, "kms:Decrypt", "kms:GenerateDataKey"),
		n.writeGlueLogs(logs...),
		{
			Sid:     "PutMetrics",
			Actions: []string{"cloudwatch:PutMetricData"},
			// The action has no resource type; the namespace is what it can be narrowed by.
			Resources:  []string{"*"},
			Conditions: Conditions{"StringEquals": {"cloudwatch:namespace": {"Glue"}}},
		},
	}...)}
}

// eventsPolicy lets the rules start the machines that they start.
func (n Names) eventsPolicy(things []string) Policy {
	var machines []string
	for _, thing := range things {
		machines = append(machines, n.MachineARN(thing))
	}
	return Policy{Statements: []Statement{{
		Sid:       "StartMachines",
		Actions:   []string{"states:StartExecution"},
		Resources: machines,
	}}}
}

// copyPolicy lets Redshift read what the job wrote for a load.
func (n Names) copyPolicy() Policy {
	staging := n.Bucket("staging")
	return Policy{Statements: []Statement{
		n.listPrefixes("ListLoads", staging, loadsPrefix),
		{
			Sid:       "ReadLoads",
			Actions:   []string{"s3:GetObject"},
			Resources: []string{n.ObjectsARN(staging, loadsPrefix)},
		},
		n.useKey("DecryptData", dataKey, "kms:Decrypt"),
	}}
}

// machineKey lets Step Functions encrypt a machine's definition, executions and log events as the machine's role.
func (n Names) machineKey(thing string, log LogConfig) []Statement {
	own := n.useKey("EncryptExecutions", dataKey, "kms:Decrypt", "kms:GenerateDataKey")
	own.Conditions = own.Conditions.with(Conditions{
		"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": {n.MachineARN(thing)}},
	})
	list := []Statement{own}
	if followed := n.followed(thing); followed != nil {
		others := n.useKey("DecryptLoads", dataKey, "kms:Decrypt")
		others.Conditions = others.Conditions.with(Conditions{"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": followed}})
		list = append(list, others)
	}
	if log.Level == "OFF" {
		return list
	}
	logs := n.useKey("EncryptLogEvents", dataKey, "kms:GenerateDataKey")
	logs.Conditions = logs.Conditions.with(Conditions{"StringEquals": {"kms:EncryptionContext:SourceArn": {n.ARN("logs", "*")}}})
	return append(list, logs)
}

// followed are the machines whose executions another one waits for: what comes of them is encrypted.
func (n Names) followed(thing string) []string {
	if thing != backfill {
		return nil
	}
	var machines []string
	for _, loader := range n.loaders() {
		machines = append(machines, n.MachineARN(loader))
	}
	return machines
}

// machineBasics are what every state machine's role needs besides its tasks' grants: writing its log and traces, where it
// does. None of these actions has a resource type.
func machineBasics(log LogConfig) []Statement {
	var out []Statement
	if log.Level != "OFF" {
		out = append(out, Statement{
			Sid: "DeliverLogs",
			Actions: []string{
				"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
				"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
			},
			Resources: []string{"*"},
		})
	}
	if log.Trace {
		out = append(out, Statement{
			Sid: "Trace",
			Actions: []string{
				"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
			},
			Resources: []string{"*"},
		})
	}
	return out
}

// listPrefixes allows listing a bucket below prefixes only.
func (n Names) listPrefixes(sid, bucket string, prefixes ...string) Statement {
	under := make([]string, len(prefixes))
	for i, p := range prefixes {
		under[i] = p + "*"
	}
	return Statement{
		Sid:        sid,
		Actions:    []string{"s3:ListBucket"},
		Resources:  []string{n.BucketARN(bucket)},
		Conditions: Conditions{"StringLike": {"s3:prefix": under}},
	}
}

// writeGlueLogs lets a crawler or job write its log. Glue chooses the rest of the group's name by the security
// configuration, and sets the group's key by itself.
func (n Names) writeGlueLogs(groups ...string) Statement {
	arns := make([]string, len(groups))
	for i, group := range groups {
		arns[i] = n.ARN("logs", "log-group:"+group)
	}
	return Statement{
		Sid:       "WriteLogs",
		Actions:   []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:AssociateKmsKey"},
		Resources: arns,
	}
}

// glueTrust lets Glue act for this account's crawlers and jobs. Which ARN Glue names as the source is not documented for
// every kind of work, so the condition takes any of this account and region.
func (n Names) glueTrust() Policy { return n.trust("glue.amazonaws.com", n.ARN("glue", "*")) }

// copyTrust lets Redshift take the COPY role for the users of this stack's loading machines. Redshift says for whom it acts
// in the external id, the ARN of the database user, which names the cluster, or for a workgroup its account and its id
// ("Restricting access to IAM roles", Redshift Management Guide). AWS chooses that id after the role is made, so for
// Serverless the users are what tells this stack's warehouse from others of the account. There the trust names both
// services ("Granting permissions to Amazon Redshift Serverless", the same guide).
func (n Names) copyTrust(kind WarehouseKind) Policy {
	services, warehouse := service("redshift.amazonaws.com"), n.warehouse()
	if kind == Serverless {
		services, warehouse = service("redshift-serverless.amazonaws.com", "redshift.amazonaws.com"), "serverless-"+n.Account+"-*"
	}
	var users []string
	for _, thing := range n.loaders() {
		users = append(users, n.ARN("redshift", "dbuser:"+warehouse+"/"+n.databaseUser(thing)))
	}
	return Policy{Statements: []Statement{{
		Sid:        "ServiceAssumesRole",
		Principals: services,
		Actions:    []string{"sts:AssumeRole"},
		Conditions: Conditions{"StringLike": {"sts:ExternalId": users}},
	}}}
}

// warehouse is the name of the workgroup and namespace, or of the cluster.
func (n Names) warehouse() string {
	if given := n.Given.warehouse(); given != "" {
		return given
	}
	return n.ID()
}
