package infra

import "airline/etl"

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
	for _, o := range operations {
		if o.command == command {
			return Policy{Statements: o.statements(operator{n, n.Parts(c)})}, true
		}
	}
	return Policy{}, false
}

// OperatorGrants are the statements by which an administrator of the warehouse gives its user the rights that a command needs.
func OperatorGrants(command, user string) []string {
	var rights []string
	for _, o := range operations {
		if o.command == command {
			rights = o.rights
		}
	}
	var list []string
	for _, right := range rights {
		list = append(list, "GRANT "+right+" TO "+quoted(user))
	}
	return list
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
)

var operations = []operation{
	{"status", func(o operator) []Statement {
		return join(o.readFiles(), o.readParts())
	}, readsLedger},
	{"files", operator.readFiles, readsLedger},
}

// operator writes the statements of a stack's operators.
type operator struct {
	Names
	parts Parts
}

func join(lists ...[]Statement) []Statement {
	var all []Statement
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// askWarehouse lets statements run in the warehouse as the caller's own user, and their answers be read, which IAM knows for
// all statements only.
func (o operator) askWarehouse(actions ...string) []Statement {
	answers := Statement{
		Sid: "ReadAnswers", Actions: []string{"redshift-data:DescribeStatement", "redshift-data:GetStatementResult"}, Resources: []string{"*"},
	}
	if o.parts.Cluster != "" {
		return []Statement{
			{Sid: "AskWarehouse", Actions: actions, Resources: []string{o.ARN("redshift", "cluster:"+o.parts.Cluster)}},
			{
				Sid: "LogInToWarehouse", Actions: []string{"redshift:GetClusterCredentialsWithIAM"},
				Resources: []string{o.ARN("redshift", "dbname:"+o.parts.Cluster+"/"+o.parts.Database)},
			},
			answers,
		}
	}
	ask := Statement{
		Sid: "AskWarehouse", Actions: append(actions, "redshift-serverless:GetCredentials"), Resources: []string{o.workgroupARN()},
	}
	if o.Given.Workgroup == "" { // one that is given has its owner's tags
		ask.Conditions = Conditions{"StringEquals": {"aws:ResourceTag/stack": {o.ID()}}}
	}
	return []Statement{ask, answers}
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
	s := o.listPrefixes("ListRawFiles", o.parts.Raw, flightsPrefix, airportsPrefix)
	s.Actions = []string{"s3:ListBucketVersions"}
	return s
}

// readFiles is what tells how files are.
func (o operator) readFiles() []Statement {
	return join([]Statement{o.listRaw()}, o.askWarehouse("redshift-data:ExecuteStatement"), o.readExecutions())
}

// readParts is what tells how the parts of the stack are.
func (o operator) readParts() []Statement {
	var rules, machines, crawlers []string
	for _, m := range o.parts.Machines {
		rules, machines = append(rules, o.ARN("events", "rule/"+m.Name)), append(machines, m.ARN)
	}
	for _, c := range o.parts.Crawlers {
		crawlers = append(crawlers, o.ARN("glue", "crawler/"+c.Name))
	}
	return []Statement{
		{Sid: "ReadBuckets", Actions: []string{"s3:GetBucketVersioning"}, Resources: []string{o.BucketARN(o.parts.Raw), o.BucketARN(o.parts.Staging)}},
		{Sid: "ReadRules", Actions: []string{"events:DescribeRule"}, Resources: rules},
		{Sid: "ReadMachines", Actions: []string{"states:DescribeStateMachineAlias"}, Resources: machines},
		{Sid: "ReadCrawlers", Actions: []string{"glue:GetCrawler"}, Resources: crawlers},
		{Sid: "ReadJob", Actions: []string{"glue:GetJob", "glue:GetJobRuns"}, Resources: []string{o.ARN("glue", "job/"+o.parts.Job)}},
		{Sid: "ReadAlarms", Actions: []string{"cloudwatch:DescribeAlarms"}, Resources: []string{"*"}}, // whatever its filter
		{Sid: "ReadTopic", Actions: []string{"sns:ListSubscriptionsByTopic"}, Resources: []string{o.parts.Topic}},
		{Sid: "ReadQueue", Actions: []string{"sqs:GetQueueAttributes"}, Resources: []string{o.parts.Undelivered.ARN}},
	}
}
