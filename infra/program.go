package infra

import (
	"fmt"
	"path"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"airline/etl"
)

// Program registers the whole stack.
func Program(ctx *pulumi.Context) error {
	project := config.New(ctx, "")
	settings, err := ReadConfig(ctx.Stack(), func(key string) (string, bool) {
		text, err := project.Try(key)
		return text, err == nil
	}, givenKeys(ctx.Project())...)
	if err != nil {
		return err
	}
	tags := map[string]string{
		"project": ctx.Project(),
		"stack":   ctx.Project() + "-" + ctx.Stack(),
		"owner":   settings.Owner,
	}
	if err := tagEverything(ctx, tags); err != nil {
		return err
	}
	provider, names, err := connect(ctx)
	if err != nil {
		return err
	}
	if err := keepFixed(ctx, settings); err != nil {
		return err
	}
	s := &stack{ctx: ctx, names: names, config: settings, tags: tags, opts: []pulumi.ResourceOption{pulumi.Provider(provider)}}
	return s.build()
}

// connect makes the one provider of all resources, and finds out where it leads. An explicit provider does not read the
// stack's aws: settings by itself, so those that people use are handed to it.
func connect(ctx *pulumi.Context) (*aws.Provider, Names, error) {
	settings := config.New(ctx, "aws")
	if err := checkProvider(ctx.Stack(), settings.Get("region"), settings.Get("maxRetries"), givenKeys("aws")); err != nil {
		return nil, Names{}, err
	}
	region := settings.Get("region")
	args := &aws.ProviderArgs{Region: pulumi.String(region)}
	if profile := settings.Get("profile"); profile != "" {
		args.Profile = pulumi.String(profile)
	}
	if retries, err := settings.TryInt("maxRetries"); err == nil {
		args.MaxRetries = pulumi.Int(retries)
	}
	var accounts []string
	if err := settings.GetObject("allowedAccountIds", &accounts); err != nil {
		return nil, Names{}, fmt.Errorf("aws:allowedAccountIds: %w; write it as a list of account ids", err)
	}
	if len(accounts) > 0 {
		args.AllowedAccountIds = pulumi.ToStringArray(accounts)
	}
	provider, err := aws.NewProvider(ctx, "aws", args)
	if err != nil {
		return nil, Names{}, err
	}
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, pulumi.Provider(provider))
	if err != nil {
		return nil, Names{}, fmt.Errorf("finding out the AWS account: %w", err)
	}
	partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{}, pulumi.Provider(provider))
	if err != nil {
		return nil, Names{}, fmt.Errorf("finding out the AWS partition: %w", err)
	}
	return provider, Names{
		Project: ctx.Project(), Stack: ctx.Stack(),
		Partition: partition.Partition, Region: region, Account: caller.AccountId,
	}, nil
}

// stack is what the steps of building share.
type stack struct {
	ctx    *pulumi.Context
	names  Names
	config *Config
	tags   map[string]string
	opts   []pulumi.ResourceOption // of every component: the provider
}

// build registers the components, in the order in which one needs the other.
func (s *stack) build() error {
	ctx, n, c := s.ctx, s.names, s.config

	data, err := NewKey(ctx, dataKey, &KeyArgs{
		Names: n, Thing: dataKey, Description: "Airline data: buckets, warehouse, logs",
		Policy: n.dataKeyPolicy(c.Trigger), Protect: c.Protect,
	}, s.opts...)
	if err != nil {
		return err
	}
	messages, err := NewKey(ctx, messagesKey, &KeyArgs{
		Names: n, Thing: messagesKey, Description: "Airline notifications and undelivered events",
		Policy: n.messagesKeyPolicy(), Protect: c.Protect,
	}, s.opts...)
	if err != nil {
		return err
	}
	storage, err := NewStorage(ctx, "storage", &StorageArgs{
		Names: n, KeyARN: data.ARN, Trigger: c.Trigger, Retention: c.Retention, Protect: c.Protect,
	}, s.opts...)
	if err != nil {
		return err
	}
	if c.Trigger == TriggerCloudTrail {
		if _, err := NewTrail(ctx, "trail", &TrailArgs{
			Names: n, Raw: storage.Raw, Logs: storage.Trail, KeyARN: data.ARN, Protect: c.Protect,
		}, s.opts...); err != nil {
			return err
		}
	}
	notifications, err := NewNotifications(ctx, topicThing, &NotificationsArgs{
		Names: n, Key: messages, Receivers: c.Receivers,
	}, s.opts...)
	if err != nil {
		return err
	}
	catalogue, err := s.buildGlue(data, storage)
	if err != nil {
		return err
	}
	warehouse, err := s.buildWarehouse(data, storage)
	if err != nil {
		return err
	}
	machines, err := s.buildMachines(data, append(catalogue, warehouse.Settled...))
	if err != nil {
		return err
	}
	rules, err := s.role(eventsThing, "Lets EventBridge start the state machines",
		n.trust("events.amazonaws.com", n.ruleARNs()...), n.eventsPolicy())
	if err != nil {
		return err
	}
	if _, err := NewEvents(ctx, "events", &EventsArgs{
		Names: n, Trigger: c.Trigger, Raw: storage.Raw, Role: rules, Key: messages, Machines: machines,
	}, s.opts...); err != nil {
		return err
	}
	if _, err := NewWatch(ctx, "watch", &WatchArgs{
		Names: n, Topic: notifications.Topic.Arn, FreshnessHours: c.FreshnessHours, RejectRatio: c.Load.AlarmRejectRatio,
	}, s.opts...); err != nil {
		return err
	}
	s.export(notifications, machines)
	s.exportOperations()
	return s.buildDeployer()
}

// buildGlue makes the catalog and the job; it returns what an execution needs of them.
func (s *stack) buildGlue(data *Key, storage *Storage) ([]pulumi.Resource, error) {
	ctx, n := s.ctx, s.names
	security, err := newGlueSecurity(ctx, n, data.ARN, s.opts...)
	if err != nil {
		return nil, err
	}
	crawlers, err := s.role(crawlerThing, "What the crawlers do: read raw files, keep the catalog",
		n.glueTrust(), n.crawlerPolicy())
	if err != nil {
		return nil, err
	}
	catalog, err := NewCatalog(ctx, "catalog", &CatalogArgs{
		Names: n, Raw: storage.Raw, Role: crawlers, SecurityConfiguration: security.Name.ToStringPtrOutput(),
		Encrypt: s.config.EncryptCatalog, KeyARN: data.ARN, Protect: s.config.Protect,
	}, s.opts...)
	if err != nil {
		return nil, err
	}
	runs, err := s.role(jobThing, "What the Glue job does: read a raw file, write a load",
		n.glueTrust(), n.jobPolicy())
	if err != nil {
		return nil, err
	}
	for _, group := range n.jobLogGroups() {
		if _, err := cloudwatch.NewLogGroup(ctx, "job-"+path.Base(group), &cloudwatch.LogGroupArgs{
			Name:            pulumi.String(group),
			RetentionInDays: pulumi.Int(s.config.Retention.LogDays),
			KmsKeyId:        data.ARN.ToStringPtrOutput(),
		}, s.opts...); err != nil {
			return nil, err
		}
	}
	job, err := NewJob(ctx, loadJob, &JobArgs{
		Names: n, Config: s.config.Job, Limits: s.config.Load.Limits, Files: etl.Files, Scripts: storage.Scripts, Staging: storage.Staging,
		Role: runs, SecurityConfiguration: security.Name.ToStringPtrOutput(),
	}, s.opts...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{catalog.Flights, catalog.Airports, job.Job}, nil
}

// buildWarehouse makes the network and Redshift.
func (s *stack) buildWarehouse(data *Key, storage *Storage) (*Warehouse, error) {
	ctx, n, c := s.ctx, s.names, s.config
	network, err := NewNetwork(ctx, "network", &NetworkArgs{
		Names: n, Config: c.Network, Logs: storage.Logs, Tags: s.tags,
	}, s.opts...)
	if err != nil {
		return nil, err
	}
	copies, err := s.role(copyThing, "What COPY does: read loads from the staging bucket", n.copyTrust(c.Warehouse.Kind), n.copyPolicy())
	if err != nil {
		return nil, err
	}
	return NewWarehouse(ctx, "warehouse", &WarehouseArgs{
		Names: n, Config: c.Warehouse, Network: network, KeyARN: data.ARN, Copy: copies, Protect: c.Protect,
		Tables: etl.DDL(), Loaders: loaders, Readers: readers,
	}, s.opts...)
}

// role makes a role of the stack.
func (s *stack) role(thing, description string, trust, policy Policy) (*Role, error) {
	return NewRole(s.ctx, thing, &RoleArgs{
		Names: s.names, Thing: thing, Description: description, Trust: trust, Policy: policy,
	}, s.opts...)
}

// export gives the outputs that somebody who uses the stack needs.
func (s *stack) export(notifications *Notifications, machines map[string]*Machine) {
	n := s.names
	s.ctx.Export("rawBucket", pulumi.String(n.Bucket("raw")))
	s.ctx.Export("flightsPrefix", pulumi.String(flightsPrefix))
	s.ctx.Export("airportsPrefix", pulumi.String(airportsPrefix))
	s.ctx.Export("stagingBucket", pulumi.String(n.Bucket("staging")))
	s.ctx.Export("topicArn", notifications.Topic.Arn)
	s.ctx.Export("warehouse", pulumi.String(n.warehouse()))
	s.ctx.Export("database", pulumi.String(s.config.Warehouse.Database))
	for thing, m := range machines {
		s.ctx.Export(thing, m.Live)
	}
}
