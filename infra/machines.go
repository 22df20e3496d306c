package infra

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/asl/ast"
)

// liveAlias is the alias that leads to a machine's version in use.
const liveAlias = "live"

// dataKeySeconds is how long Step Functions uses a data key before it asks KMS for another; 60 to 900.
const dataKeySeconds = 300

// Machine is a state machine with its role and log, and the alias that starts its latest published version.
type Machine struct {
	pulumi.ResourceState

	Machine *sfn.StateMachine
	Role    *Role
	// Live is the alias's ARN.
	Live pulumi.StringOutput
}

// MachineArgs describe a state machine.
type MachineArgs struct {
	Names      Names
	Thing      string // one of machineThings
	Definition *ast.Definition
	Grants     []ast.Grant        // what the definition's tasks need
	KeyARN     pulumi.StringInput // encrypts definition, executions and log
	LogDays    int
	Log        LogConfig
	Protect    bool              // keeps the log
	DependsOn  []pulumi.Resource // what an execution needs
}

// NewMachine makes the state machine, publishes a version of it, and lets the alias lead there. Its role may do what its
// tasks do, use its key, and write its log and traces.
func NewMachine(ctx *pulumi.Context, name string, args *MachineArgs, opts ...pulumi.ResourceOption) (*Machine, error) {
	m := &Machine{}
	child, err := register(ctx, "Machine", name, m, opts)
	if err != nil {
		return nil, err
	}
	n := args.Names
	definition, err := args.Definition.JSON()
	if err != nil {
		return nil, fmt.Errorf("state machine %s: %w", args.Thing, err)
	}
	role, err := NewRole(ctx, name, &RoleArgs{
		Names:       n,
		Thing:       args.Thing,
		Description: "What the state machine " + n.Name(args.Thing) + " does",
		Trust:       n.trust("states.amazonaws.com", n.MachineARN(args.Thing)),
		Policy:      n.machinePolicy(args.Thing, args.Grants, args.Log),
	}, child)
	if err != nil {
		return nil, err
	}
	m.Role = role
	group, err := cloudwatch.NewLogGroup(ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(n.MachineLogGroup(args.Thing)),
		RetentionInDays: pulumi.Int(args.LogDays),
		KmsKeyId:        args.KeyARN.ToStringOutput().ToStringPtrOutput(),
	}, keepPart(args.Protect, child))
	if err != nil {
		return nil, err
	}
	m.Machine, err = sfn.NewStateMachine(ctx, name, &sfn.StateMachineArgs{
		Name:       pulumi.String(n.Name(args.Thing)),
		RoleArn:    role.ARN,
		Definition: pulumi.String(string(definition)),
		LoggingConfiguration: &sfn.StateMachineLoggingConfigurationArgs{
			Level:                pulumi.String(args.Log.Level),
			IncludeExecutionData: pulumi.Bool(true),
			LogDestination:       pulumi.Sprintf("%s:*", group.Arn),
		},
		TracingConfiguration: &sfn.StateMachineTracingConfigurationArgs{Enabled: pulumi.Bool(args.Log.Trace)},
		EncryptionConfiguration: &sfn.StateMachineEncryptionConfigurationArgs{
			Type:                         pulumi.String("CUSTOMER_MANAGED_KMS_KEY"),
			KmsKeyId:                     args.KeyARN.ToStringOutput().ToStringPtrOutput(),
			KmsDataKeyReusePeriodSeconds: pulumi.Int(dataKeySeconds),
		},
		Publish: pulumi.Bool(true),
	}, child, pulumi.DependsOn(append([]pulumi.Resource{role.Ready}, args.DependsOn...)))
	if err != nil {
		return nil, err
	}
	live, err := sfn.NewAlias(ctx, name, &sfn.AliasArgs{
		Name:        pulumi.String(liveAlias),
		Description: pulumi.String("The version that files and schedules start"),
		RoutingConfigurations: sfn.AliasRoutingConfigurationArray{&sfn.AliasRoutingConfigurationArgs{
			StateMachineVersionArn: m.Machine.StateMachineVersionArn, Weight: pulumi.Int(100),
		}},
	}, child)
	if err != nil {
		return nil, err
	}
	m.Live = live.Arn
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{"live": m.Live})
}

// machinePolicy is derived from the machine's tasks, so it can neither miss what the machine does nor keep what it
// no longer does.
func (n Names) machinePolicy(thing string, grants []ast.Grant, log LogConfig) Policy {
	p := Policy{}
	for _, g := range grants {
		s := Statement{Sid: grantSid(g), Actions: g.Actions, Resources: g.Resources, Conditions: Conditions{}}
		for _, c := range g.Conditions {
			s.Conditions = s.Conditions.with(Conditions{c.Operator: {c.Key: c.Values}})
		}
		p.Statements = append(p.Statements, n.recognise(s))
	}
	p.Statements = append(p.Statements, n.machineKey(thing, log)...)
	p.Statements = append(p.Statements, machineBasics(log)...)
	numberSids(p.Statements)
	return p
}

// recognise narrows a statement on resources whose ARNs hold an id that AWS chooses, by what is known of them: keys by
// their aliases, which IAM does not take for the keys themselves; a workgroup by the stack's tag. Metrics have no ARN, but
// a namespace.
func (n Names) recognise(s Statement) Statement {
	if slices.Equal(s.Actions, []string{"cloudwatch:PutMetricData"}) {
		s.Conditions = s.Conditions.with(Conditions{"StringEquals": {"cloudwatch:namespace": {n.metricNamespace()}}})
	}
	var resources, aliases []string
	for _, resource := range s.Resources {
		alias, isAlias := strings.CutPrefix(resource, n.ARN("kms", ""))
		if isAlias && strings.HasPrefix(alias, "alias/") {
			aliases = append(aliases, alias)
			resource = n.KeysARN()
		}
		if resource == n.workgroupsARN() {
			s.Conditions = s.Conditions.with(Conditions{"StringEquals": {"aws:ResourceTag/stack": {n.ID()}}})
		}
		if !slices.Contains(resources, resource) {
			resources = append(resources, resource)
		}
	}
	if len(aliases) > 0 {
		s.Conditions = s.Conditions.with(Conditions{"ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases}})
	}
	s.Resources = resources
	return s
}

// grantSid names a statement after what it allows: "GlueGetCrawler", or "GlueBatchStopJobRunAnd3More".
func grantSid(g ast.Grant) string {
	service, action, _ := strings.Cut(g.Actions[0], ":")
	var b strings.Builder
	for _, part := range strings.Split(service, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	b.WriteString(strings.TrimSuffix(action, "*"))
	if more := len(g.Actions) - 1; more > 0 {
		fmt.Fprintf(&b, "And%dMore", more)
	}
	return b.String()
}

// numberSids numbers statements that would have the same Sid, in order.
func numberSids(statements []Statement) {
	count := map[string]int{}
	for i, s := range statements {
		count[s.Sid]++
		if n := count[s.Sid]; n > 1 {
			statements[i].Sid = fmt.Sprintf("%s%d", s.Sid, n)
		}
	}
}
