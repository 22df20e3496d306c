package infra

import (
	"slices"

	"airline/etl"
)

// Policies of those who operate the stack: for each command of the command line what it may do, and nothing else. Tests run
// every command with exactly its policy, and without each of its actions.

// OperatorCommands are the commands that have a policy, in the order of their documentation.
func OperatorCommands() []string {
	var names []string
	for _, o := range operations {
		names = append(names, o.command)
	}
	return names
}

// OperatorPolicy is what a command may do, and whether there is such a command.
func (n Names) OperatorPolicy(c *Config, command string) (Policy, bool) {
	o, ok := operationOf(command)
	if !ok {
		return Policy{}, false
	}
	return Policy{Statements: o.statements(operator{n, n.Parts(c)})}, true
}

// OperatorGrants are the statements by which an administrator of the warehouse gives its user the rights that a command needs.
func OperatorGrants(command, user string) []string {
	o, _ := operationOf(command) // no command needs no right
	var list []string
	for _, right := range o.rights {
		list = append(list, "GRANT "+right+" TO "+quoted(user))
	}
	return list
}

func operationOf(command string) (operation, bool) {
	i := slices.IndexFunc(operations, func(o operation) bool { return o.command == command })
	if i < 0 {
		return operation{}, false
	}
	return operations[i], true
}

// operation is a command of operators with what it needs.
type operation struct {
	command    string
	statements func(operator) []Statement
	rights     []string // of the warehouse
}

// What a warehouse's user may do.
var (
	readsLedger = []string{"USAGE ON SCHEMA " + etl.Schema, "SELECT ON " + etl.LoadLedger().String()}
	readsAll    = []string{"USAGE ON SCHEMA " + etl.Schema, "SELECT ON ALL TABLES IN SCHEMA " + etl.Schema}
)

// retires takes the rows of files out: of datasets whose rows are not merged.
func retires() []string {
	rights := []string{"USAGE ON SCHEMA " + etl.Schema, "SELECT, UPDATE ON " + etl.LoadLedger().String()}
	for _, d := range etl.Chosen() {
		if !d.Merged() {
			rights = append(rights, "SELECT, DELETE ON "+d.Table().String())
		}
	}
	return rights
}

// operations are the commands, those that only look first.
var operations = []operation{
	{"status", func(o operator) []Statement {
		return append(slices.Concat(o.readFiles(), o.readParts()), o.listJobRuns(), o.listCrawls())
	}, readsLedger},
	{"files", operator.readFiles, readsLedger},
	{"file", func(o operator) []Statement {
		return slices.Concat(o.readFiles(), []Statement{o.readHistories(), o.readJobRuns(), o.readJobLog()}, o.readStaged())
	}, readsLedger},
	{"doctor", func(o operator) []Statement {
		return slices.Concat(o.readParts(), o.askIAM(), o.readQuotas(), []Statement{o.readLake()})
	}, nil},
	{"watch", func(o operator) []Statement { return append(o.readFiles(), o.readHistories()) }, readsLedger},
	{"rejects", func(o operator) []Statement { return append(slices.Concat(o.readFiles(), o.readStaged()), o.readRaw()) }, readsLedger},
	{"query", func(o operator) []Statement { return o.askWarehouse() }, readsAll},
	{"undelivered", func(o operator) []Statement { return o.receive() }, nil},
	{"upload", func(o operator) []Statement {
		return slices.Concat([]Statement{o.listRaw(), o.readAirports(), o.writeRaw(), o.decryptObjects(), o.encryptObjects()}, o.readExecutions())
	}, nil},
	{"replay", func(o operator) []Statement {
		return slices.Concat(o.readFiles(), []Statement{o.startLoads(), o.readRaw(), o.writeRaw(), o.decryptObjects(), o.encryptObjects()})
	}, readsLedger},
	{"reconcile", func(o operator) []Statement { return append(o.readFiles(), o.startLoads()) }, readsLedger},
	{"undelivered --redrive", func(o operator) []Statement {
		return append(o.receive(), o.startMachines(), o.remove(), o.publish(), o.encryptMessages())
	}, nil},
	{"backfill", func(o operator) []Statement {
		return slices.Concat([]Statement{o.listRaw()}, o.askWarehouse(), o.runBackfills())
	}, readsLedger},
	{"retire", func(o operator) []Statement { return append(o.readFiles(), o.writeWarehouse()) }, retires()},
	{"migrate", operator.administer, nil},
}

// operator writes the statements of a stack's operators.
type operator struct {
	Names
	parts Parts
}

// askWarehouse lets statements run in the warehouse as the caller's own user, and their answers be read, which IAM knows for
// all statements only.
func (o operator) askWarehouse() []Statement {
	actions := []string{"redshift-data:ExecuteStatement"}
	answers := Statement{
		Sid: "ReadAnswers", Actions: []string{"redshift-data:DescribeStatement", "redshift-data:GetStatementResult"}, Resources: []string{"*"},
	}
	if o.parts.Cluster != "" {
		return []Statement{
			o.warehouseOf("AskWarehouse", actions...),
			{
				Sid: "LogInToWarehouse", Actions: []string{"redshift:GetClusterCredentialsWithIAM"},
				Resources: []string{o.ARN("redshift", "dbname:"+o.parts.Cluster+"/"+o.parts.Database)},
			},
			answers,
		}
	}
	return []Statement{o.warehouseOf("AskWarehouse", append(actions, "redshift-serverless:GetCredentials")...), answers}
}

// warehouseOf allows actions on the cluster or workgroup.
func (o operator) warehouseOf(sid string, actions ...string) Statement {
	s := Statement{Sid: sid, Actions: actions, Resources: []string{o.workgroupARN()}}
	switch {
	case o.parts.Cluster != "":
		s.Resources = []string{o.ARN("redshift", "cluster:"+o.parts.Cluster)}
	case o.Given.Workgroup == "": // one that is given has its owner's tags
		s.Conditions = Conditions{"StringEquals": {"aws:ResourceTag/stack": {o.ID()}}}
	}
	return s
}

// writeWarehouse lets a transaction run in the warehouse.
func (o operator) writeWarehouse() Statement {
	return o.warehouseOf("WriteWarehouse", "redshift-data:BatchExecuteStatement")
}

// administer lets statements run in the warehouse as its administrator, who owns the tables: with the secret of the password, which
// Redshift keeps under a name that begins with the namespace's, or with temporary credentials of a cluster.
func (o operator) administer() []Statement {
	statements := []Statement{
		o.warehouseOf("RunStatements", "redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement"),
		{Sid: "ReadAnswers", Actions: []string{"redshift-data:DescribeStatement", "redshift-data:GetStatementResult"}, Resources: []string{"*"}},
	}
	switch {
	case o.parts.AdminSecret != "":
		return append(statements, Statement{Sid: "ReadAdminSecret", Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{o.parts.AdminSecret}})
	case o.parts.Cluster != "":
		return append(statements, Statement{
			Sid: "LogInAsAdmin", Actions: []string{"redshift:GetClusterCredentials"},
			Resources: []string{o.ARN("redshift", "dbuser:"+o.parts.Cluster+"/"+o.parts.Admin), o.ARN("redshift", "dbname:"+o.parts.Cluster+"/"+o.parts.Database)},
		})
	}
	decrypt := o.useKey("DecryptAdminSecret", dataKey, "kms:Decrypt")
	// Whatever key it is: only secrets that may be read are deciphered through Secrets Manager.
	decrypt.Conditions = Conditions{"StringEquals": {"kms:ViaService": {"secretsmanager." + o.Region + "." + o.domain()}}}
	return append(statements,
		Statement{Sid: "FindAdminSecret", Actions: []string{"redshift-serverless:GetNamespace"}, Resources: []string{o.ARN("redshift-serverless", "namespace/*")}},
		Statement{Sid: "ReadAdminSecret", Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{o.ARN("secretsmanager", "secret:redshift!"+o.ID()+"-*")}},
		decrypt,
	)
}

// loaders are the ARNs of the machines that load files, and of their executions.
func (o operator) loaders() (machines, executions []string) {
	for _, m := range o.parts.Machines {
		if m.Dataset != "" {
			machines = append(machines, m.ARN)
			executions = append(executions, o.ARN("states", "execution:"+m.Name+":*"))
		}
	}
	return machines, executions
}

// readExecutions lets executions be listed and looked into, which are enciphered with the data key.
func (o operator) readExecutions() []Statement {
	machines, executions := o.loaders()
	decrypt := o.useKey("DecryptExecutions", dataKey, "kms:Decrypt")
	decrypt.Conditions = decrypt.Conditions.with(Conditions{"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": machines}})
	return []Statement{
		{Sid: "ListExecutions", Actions: []string{"states:ListExecutions"}, Resources: machines},
		{Sid: "ReadExecutions", Actions: []string{"states:DescribeExecution"}, Resources: executions},
		decrypt,
	}
}

// listRaw lets the versions of the raw files be listed.
func (o operator) listRaw() Statement {
	s := o.listPrefixes("ListRawFiles", o.parts.Raw, o.prefixes()...)
	s.Actions = []string{"s3:ListBucketVersions"}
	return s
}

// readFiles is what tells how files are.
func (o operator) readFiles() []Statement {
	return slices.Concat([]Statement{o.listRaw()}, o.askWarehouse(), o.readExecutions())
}

// readParts is what tells how the parts of the stack are.
func (o operator) readParts() []Statement {
	var rules, machines []string
	for _, m := range o.parts.Machines {
		if machines = append(machines, m.ARN); m.Ruled {
			rules = append(rules, o.ARN("events", "rule/"+m.Name))
		}
	}
	queues := []string{o.parts.Undelivered.ARN}
	for _, q := range o.parts.Gathered {
		queues = append(queues, q.ARN)
	}
	return []Statement{
		{Sid: "ReadBuckets", Actions: []string{"s3:GetBucketVersioning"}, Resources: []string{o.BucketARN(o.parts.Raw), o.BucketARN(o.parts.Staging)}},
		{Sid: "ReadRules", Actions: []string{"events:DescribeRule"}, Resources: rules},
		{Sid: "ReadMachines", Actions: []string{"states:DescribeStateMachineAlias"}, Resources: machines},
		{Sid: "ReadCrawlers", Actions: []string{"glue:GetCrawler"}, Resources: o.crawlers()},
		{Sid: "ReadJob", Actions: []string{"glue:GetJob"}, Resources: o.jobs()},
		{Sid: "ReadAlarms", Actions: []string{"cloudwatch:DescribeAlarms"}, Resources: []string{"*"}}, // whatever its filter
		{Sid: "ReadTopic", Actions: []string{"sns:ListSubscriptionsByTopic"}, Resources: []string{o.parts.Topic}},
		{Sid: "ReadQueues", Actions: []string{"sqs:GetQueueAttributes"}, Resources: queues},
	}
}

// askIAM lets IAM be asked what the account's users and roles may do, and how many roles there are.
func (o operator) askIAM() []Statement {
	everybody := func(kind string) string { return "arn:" + o.Partition + ":iam::" + o.Account + ":" + kind + "/*" }
	return []Statement{
		{Sid: "AskIAM", Actions: []string{"iam:GetRole", "iam:SimulatePrincipalPolicy"}, Resources: []string{everybody("role"), everybody("user")}},
		{Sid: "CountRoles", Actions: []string{"iam:GetAccountSummary"}, Resources: []string{"*"}},
	}
}

// readQuotas lets quotas be read, and how much of them is used. But for the account's own values the API knows no resources.
func (o operator) readQuotas() []Statement {
	var quotas []string
	for _, d := range o.parts.Demands {
		if d.Code != "" {
			quotas = append(quotas, o.ARN("servicequotas", d.Service+"/"+d.Code))
		}
	}
	return []Statement{
		{Sid: "ReadQuotas", Actions: []string{"servicequotas:GetServiceQuota"}, Resources: quotas},
		{Sid: "ListQuotas", Actions: []string{
			"servicequotas:GetAWSDefaultServiceQuota", "servicequotas:ListServiceQuotas", "servicequotas:StartQuotaUtilizationReport", "servicequotas:GetQuotaUtilizationReport",
		}, Resources: []string{"*"}},
		{Sid: "CountRules", Actions: []string{"events:ListRules"}, Resources: []string{"*"}},
	}
}

// readLake lets the permissions of Lake Formation be read, whose API knows no resources.
func (o operator) readLake() Statement {
	return Statement{Sid: "ReadLakeFormation", Actions: []string{"lakeformation:GetDataLakeSettings", "lakeformation:ListPermissions"}, Resources: []string{"*"}}
}

func (o operator) readHistories() Statement {
	_, executions := o.loaders()
	return Statement{Sid: "ReadHistories", Actions: []string{"states:GetExecutionHistory"}, Resources: executions}
}

// crawlers are the ARNs of the crawlers.
func (o operator) crawlers() (arns []string) {
	for _, c := range o.parts.Crawlers {
		arns = append(arns, o.ARN("glue", "crawler/"+c.Name))
	}
	return arns
}

// jobs are the ARNs of the Glue jobs.
func (o operator) jobs() (arns []string) {
	for _, job := range o.parts.Jobs {
		arns = append(arns, o.ARN("glue", "job/"+job.Name))
	}
	return arns
}

func (o operator) listJobRuns() Statement {
	return Statement{Sid: "ListJobRuns", Actions: []string{"glue:GetJobRuns"}, Resources: o.jobs()}
}

func (o operator) listCrawls() Statement {
	return Statement{Sid: "ListCrawls", Actions: []string{"glue:ListCrawls"}, Resources: o.crawlers()}
}

func (o operator) readJobRuns() Statement {
	return Statement{Sid: "ReadJobRuns", Actions: []string{"glue:GetJobRun"}, Resources: o.jobs()}
}

func (o operator) readJobLog() Statement {
	var groups []string
	for _, job := range o.parts.Jobs {
		group := o.ARN("logs", "log-group:"+job.ErrorLog())
		groups = append(groups, group, group+":*")
	}
	return Statement{Sid: "ReadJobLog", Actions: []string{"logs:FilterLogEvents"}, Resources: groups}
}

// readStaged lets manifests and rejects be read. Without the list S3 denies what is not there instead of saying so.
func (o operator) readStaged() []Statement {
	list := o.listPrefixes("ListStaged", o.parts.Staging, loadsPrefix)
	list.Conditions = nil // of a key that is not there, S3 asks without a prefix
	return []Statement{
		list,
		{Sid: "ReadStaged", Actions: []string{"s3:GetObject"}, Resources: []string{o.ObjectsARN(o.parts.Staging, loadsPrefix)}},
		o.decryptObjects(),
	}
}

// files are the raw files that are loaded.
func (o operator) files() []string {
	return o.under(o.prefixes())
}

func (o operator) readRaw() Statement {
	return Statement{Sid: "ReadRawFiles", Actions: []string{"s3:GetObjectVersion"}, Resources: o.files()}
}

func (o operator) readAirports() Statement {
	return Statement{Sid: "ReadAirports", Actions: []string{"s3:GetObject"}, Resources: o.under(o.joinedPrefixes())}
}

func (o operator) writeRaw() Statement {
	return Statement{Sid: "WriteRawFiles", Actions: []string{"s3:PutObject"}, Resources: o.files()}
}

// viaS3 lets S3 use the data key for the caller.
func (o operator) viaS3(sid string, actions ...string) Statement {
	s := o.useKey(sid, dataKey, actions...)
	s.Conditions = s.Conditions.with(Conditions{"StringEquals": {"kms:ViaService": {"s3." + o.Region + "." + o.domain()}}})
	return s
}

func (o operator) decryptObjects() Statement { return o.viaS3("DecryptObjects", "kms:Decrypt") }

func (o operator) encryptObjects() Statement {
	return o.viaS3("EncryptObjects", "kms:GenerateDataKey")
}

func (o operator) startLoads() Statement {
	machines, _ := o.loaders()
	return Statement{Sid: "StartLoads", Actions: []string{"states:StartExecution"}, Resources: machines}
}

// runBackfills lets backfills be started, and their executions and Maps be looked at; the executions of the loads, too, which say what runs of the
// files. Executions are enciphered with the data key.
func (o operator) runBackfills() []Statement {
	machines, executions := o.loaders()
	backfills := o.ARN("states", "execution:"+o.parts.Backfill.Name+":*")
	machines, executions = append(machines, o.parts.Backfill.ARN), append(executions, backfills)
	list := Statement{Sid: "ListBackfills", Actions: []string{"states:ListExecutions"}, Resources: machines}
	decrypt := o.useKey("DecryptBackfills", dataKey, "kms:Decrypt")
	decrypt.Conditions = decrypt.Conditions.with(Conditions{"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": machines}})
	return []Statement{
		list,
		{Sid: "StartBackfills", Actions: []string{"states:StartExecution"}, Resources: []string{o.parts.Backfill.ARN}},
		{Sid: "ReadBackfills", Actions: []string{"states:DescribeExecution"}, Resources: executions},
		{Sid: "ListMaps", Actions: []string{"states:ListMapRuns"}, Resources: []string{backfills}},
		{Sid: "ReadMaps", Actions: []string{"states:DescribeMapRun"}, Resources: []string{o.ARN("states", "mapRun:"+o.parts.Backfill.Name+"/*")}},
		decrypt,
	}
}

func (o operator) startMachines() Statement {
	var machines []string
	for _, m := range o.parts.Machines {
		if m.Ruled {
			machines = append(machines, m.ARN)
		}
	}
	return Statement{Sid: "StartMachines", Actions: []string{"states:StartExecution"}, Resources: machines}
}

// receive lets undelivered messages be read.
func (o operator) receive() []Statement {
	decrypt := o.useKey("DecryptMessages", messagesKey, "kms:Decrypt")
	return []Statement{{Sid: "ReadUndelivered", Actions: []string{"sqs:ReceiveMessage"}, Resources: []string{o.parts.Undelivered.ARN}}, decrypt}
}

func (o operator) remove() Statement {
	return Statement{Sid: "RemoveDelivered", Actions: []string{"sqs:DeleteMessage"}, Resources: []string{o.parts.Undelivered.ARN}}
}

func (o operator) publish() Statement {
	return Statement{Sid: "PublishAgain", Actions: []string{"sns:Publish"}, Resources: []string{o.parts.Topic}}
}

func (o operator) encryptMessages() Statement {
	return o.useKey("EncryptMessages", messagesKey, "kms:GenerateDataKey")
}
