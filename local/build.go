package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdksns "github.com/aws/aws-sdk-go-v2/service/sns"

	"airline/asl/sim"
	"airline/etl"
	policies "airline/iam"
	"airline/local/cloudwatch"
	"airline/local/door"
	"airline/local/events"
	"airline/local/glue"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/lake"
	"airline/local/pipes"
	"airline/local/quotas"
	"airline/local/recorder"
	"airline/local/redshiftdata"
	"airline/local/resource"
	"airline/local/s3"
	"airline/local/sfn"
	"airline/local/sns"
	"airline/local/sqs"
)

// bytesPerRow is how long a line of a file of flights is: "AA,10397,10721,-5,-12" and its end.
const bytesPerRow = 22

// build makes the services and gives each the resources of its types.
func (w *World) build(o Options) error {
	g := w.Graph
	place := s3.Place{Account: g.Account, Region: g.Region, Partition: g.Partition}
	arn := func(service, resource string) string {
		return fmt.Sprintf("arn:%s:%s:%s:%s:%s", g.Partition, service, g.Region, g.Account, resource)
	}
	w.directory = iam.NewDirectory(g.Region, w.Clock.Now)
	w.Door = door.New(w.Clock, w.directory, o.Seed)
	w.Door.Inject(o.Faults...)
	w.Door.Limit(door.DocumentedRates(g.Region))
	w.Door.Limit(o.Rates)
	w.keys = kms.New(w.Door, w.directory, g.Region)
	w.objects = s3.New(w.Door, w.keys, w.directory, place, filepath.Join(w.dir, "buckets"))
	w.logs = cloudwatch.New(w.Door, w.Clock, arn)
	w.logs.UseKeys(w.keys)
	w.spill = sim.NewSpill(w.dir, cmp.Or(o.KeptBytes, defaultKept))
	w.logs.UseSpill(w.spill)
	w.queues = sqs.New(w.Door, w.Clock, w.keys, w.directory, arn)
	w.topics = sns.New(w.Door, w.keys, w.directory, w.queues, arn)
	w.warehouse = redshiftdata.New(w.Door, w.Clock, w.objects, w.WarehouseFile())
	w.warehouse.UseSpill(w.spill)
	w.glue = glue.New(w.Door, w.Clock, w.objects, w.logs, w.directory.RoleARN, arn)
	w.glue.UseKeys(w.keys)
	w.lake = lake.New(w.Door, g.Account)
	w.glue.UseLake(w.lake)
	w.quotas = quotas.New(w.Door, w.Clock, arn, append(quotas.Documented(), o.Quotas...))
	if o.RowsPerFile > 0 {
		w.glue.Model(o.RowsPerFile)
		w.warehouse.Model(o.RowsPerFile)
		w.objects.Model(func(key string, size int64) int64 {
			if !etl.IsFile(key) {
				return size
			}
			return o.RowsPerFile * bytesPerRow
		})
	}
	if o.OneThread {
		w.glue.OneThread()
		w.warehouse.OneThread()
	}
	w.registry = &door.Registry{}
	registry := w.registry
	w.machines = sfn.New(w.Door, w.Clock, registry, place, w.logs, w.objects)
	w.machines.UseKeys(w.keys)
	w.machines.UseSpill(w.spill)
	w.bus = events.New(w.Door, w.Clock, place, w.machines, w.queues, w.topics, events.Options{Twice: o.DuplicateEvents})
	w.pipes = pipes.New(w.Door, w.Clock, w.queues, w.machines)
	for name, service := range map[string]any{
		"s3": w.objects, "sfn": w.machines, "glue": w.glue, "redshiftdata": w.warehouse, "redshiftserverless": w.warehouse.Serverless(), "redshift": w.warehouse.Provisioned(), "sns": w.topics, "sqs": w.queues, "cloudwatchlogs": w.logs,
		"eventbridge": w.bus, "cloudwatch": w.logs.Metrics(), "iam": iam.API(w.Door, w.directory, g.Partition, g.Account), "kms": kms.API(w.keys, arn),
		"lakeformation": w.lake, "servicequotas": w.quotas,
	} {
		registry.Add(name, service)
	}
	if o.Resume != nil {
		if err := w.resume(o.Resume); err != nil {
			return err
		}
	}
	if err := w.takeIn(o.EditPolicy); err != nil {
		return err
	}
	if err := w.claimed(o.Resume); err != nil {
		return err
	}
	if err := w.addOperator(); err != nil {
		return err
	}
	w.connect(arn)
	if o.OneThread && !w.bus.LogsReads() {
		w.objects.OnlyWrites()
	}
	return errors.Join(w.machines.Create(), w.bus.StartLogging(w.objects))
}

// takeIn reads the resources of the graph, and reports all that cannot be at once.
func (w *World) takeIn(edit iam.Edit) error {
	types := map[string]func(*recorder.Resource) error{}
	for _, t := range withoutEffect {
		types[t] = func(*recorder.Resource) error { return nil }
	}
	for _, more := range []map[string]func(*recorder.Resource) error{
		w.directory.Types(edit), w.keys.Types(edit), w.objects.Types(edit), w.logs.Types(), w.queues.Types(edit), w.topics.Types(edit),
		w.warehouse.Types(), w.glue.Types(), w.lake.Types(), w.machines.Types(), w.bus.Types(), w.pipes.Types(),
	} {
		maps.Copy(types, more)
	}
	var errs []error
	for _, r := range w.inOrder() {
		if r.Component || strings.HasPrefix(r.Type, "pulumi:") {
			continue
		}
		take, ok := types[r.Type]
		if !ok {
			errs = append(errs, resource.Problem(r, "the local world does not model this type of resource"))
			continue
		}
		errs = append(errs, take(r))
		w.counts(r)
	}
	return errors.Join(errs...)
}

// counts tells the account what a resource is of: a quota, or a service that makes a role of its own with its first warehouse.
func (w *World) counts(r *recorder.Resource) {
	switch r.Type {
	case "aws:ec2/vpc:Vpc":
		w.quotas.Use("vpc", "L-F678F1CE", 1)
	case "aws:redshift/cluster:Cluster", "aws:redshiftserverless/workgroup:Workgroup":
		w.directory.AddServiceRole(w.Graph.Partition, w.Graph.Account, "redshift.amazonaws.com", "AWSServiceRoleForRedshift")
	}
}

// inOrder are the resources with those that were there before the program first, of them the whole before its parts.
func (w *World) inOrder() []*recorder.Resource {
	rank := func(r *recorder.Resource) int {
		switch {
		case !r.External:
			return 2
		case strings.Contains(r.Type, "/bucketV2:") || strings.Contains(r.Type, "/namespace:"):
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(w.Graph.Resources), func(a, b *recorder.Resource) int { return rank(a) - rank(b) })
}

// withoutEffect are types of resources that change nothing in the local world: it has no network.
var withoutEffect = []string{
	"aws:ec2/vpc:Vpc",
	"aws:ec2/subnet:Subnet",
	"aws:ec2/routeTable:RouteTable",
	"aws:ec2/route:Route",
	"aws:ec2/routeTableAssociation:RouteTableAssociation",
	"aws:ec2/internetGateway:InternetGateway",
	"aws:ec2/natGateway:NatGateway",
	"aws:ec2/eip:Eip",
	"aws:ec2/flowLog:FlowLog",
	"aws:ec2/vpcEndpoint:VpcEndpoint",
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
	"aws:ec2/securityGroup:SecurityGroup",
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
}

// addOperator makes the user as whom calls from outside act.
func (w *World) addOperator() error {
	arn := fmt.Sprintf("arn:%s:iam::%s:user/operator", w.Graph.Partition, w.Graph.Account)
	all, err := policies.Parse(policies.Identity, []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`))
	if err != nil {
		return err
	}
	w.directory.AddRole(arn, "operator", nil)
	if err := w.directory.AddIdentityPolicy(arn, policies.Named{Name: "operator", Policy: all}); err != nil {
		return err
	}
	w.Door.Operator(door.Principal{ARN: arn, Role: arn, Account: w.Graph.Account}, func(d time.Duration) {
		until := w.Clock.Now().Add(d)
		// Without a deadline running the clock cannot fail.
		_ = w.Door.Inside(func() error { return w.Clock.RunUntil(context.Background(), until) })
	})
	return nil
}

// OpenRoles lets state machines and targets of rules be made with roles that no stack has deployed: such a role comes into being, Step
// Functions and EventBridge may assume it, and it may do everything. It is for a world without a stack.
func (w *World) OpenRoles() {
	open := func(arn string) error {
		if _, ok := w.directory.Roles()[arn]; ok {
			return nil
		}
		all, err := policies.Parse(policies.Identity, []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`))
		if err != nil {
			return err
		}
		trust, err := policies.Parse(policies.Trust, []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": ["states.amazonaws.com", "events.amazonaws.com"]}, "Action": "sts:AssumeRole"}]}`))
		if err != nil {
			return err
		}
		w.directory.AddRole(arn, arn[strings.LastIndexByte(arn, '/')+1:], nil)
		w.directory.SetResourcePolicy(arn, policies.Named{Name: "trust of " + arn, Policy: trust})
		return w.directory.AddIdentityPolicy(arn, policies.Named{Name: "everything", Policy: all})
	}
	w.machines.OnRole(open)
	w.bus.OnRole(open)
}

// connect ties the services together where one's doings are another's input.
func (w *World) connect(arn func(service, resource string) string) {
	w.objects.Observe(w.bus.S3)
	w.queues.Observe(func(queue string, visible int, oldest time.Duration) {
		of := map[string]string{"QueueName": queue}
		w.logs.Count("AWS/SQS", cloudwatch.Datum{Metric: "ApproximateNumberOfMessagesVisible", Dimensions: of, Value: float64(visible)},
			cloudwatch.Datum{Metric: "ApproximateAgeOfOldestMessage", Dimensions: of, Value: oldest.Seconds()})
	})
	w.bus.Observe(func(d events.Delivery) {
		w.count("AWS/Events", "Invocations", "RuleName", d.Rule)
		if d.Err != nil {
			w.count("AWS/Events", "FailedInvocations", "RuleName", d.Rule)
		}
	})
	w.bus.ObserveFailures(func(f events.Failure) {
		name := "InvocationsSentToDlq"
		if f.Lost != nil {
			name = "InvocationsFailedToBeSentToDlq"
		}
		w.count("AWS/Events", name, "RuleName", f.Rule)
	})
	w.pipes.Observe(func(r pipes.Run) {
		of, failed := map[string]string{"PipeName": r.Pipe}, 0.0
		if r.Err != nil {
			failed = 1
		}
		var data []cloudwatch.Datum
		for _, m := range []struct {
			name  string
			value float64
		}{
			{"Invocations", 1}, {"EventCount", float64(r.Messages)}, {"EventSize", float64(r.Bytes)}, {"Duration", float64(r.Took.Milliseconds())},
			{"ExecutionFailed", failed}, {"TargetStageFailed", failed},
		} {
			data = append(data, cloudwatch.Datum{Metric: m.name, Dimensions: of, Value: m.value})
		}
		w.logs.Count("AWS/EventBridge/Pipes", data...)
	})
	w.machines.Observe(func(x *sim.Execution, e sim.Event) {
		if name, ok := executionMetrics[e.Type]; ok {
			w.count("AWS/States", name, "StateMachineArn", x.StateMachineARN())
		}
	})
	w.logs.Notify(func(alarm, topic, subject, message string) {
		ctx := door.As(context.Background(), door.Principal{Service: "cloudwatch.amazonaws.com", SourceARN: alarm, Account: w.Graph.Account})
		if _, err := w.topics.Publish(ctx, &sdksns.PublishInput{TopicArn: aws.String(topic), Subject: aws.String(subject), Message: aws.String(message)}); err != nil {
			w.Door.Report(fmt.Errorf("the alarm %s could not be published: %w", alarm, err))
		}
	})
}

func (w *World) count(namespace, name, dimension, value string) {
	w.logs.Count(namespace, cloudwatch.Datum{Metric: name, Dimensions: map[string]string{dimension: value}, Value: 1})
}

// executionMetrics are the metrics that Step Functions publishes of executions.
var executionMetrics = map[sim.EventType]string{
	sim.ExecutionStarted:   "ExecutionsStarted",
	sim.ExecutionSucceeded: "ExecutionsSucceeded",
	sim.ExecutionFailed:    "ExecutionsFailed",
	sim.ExecutionAborted:   "ExecutionsAborted",
	sim.ExecutionTimedOut:  "ExecutionsTimedOut",
}
