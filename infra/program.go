package infra

import (
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
)

// Program registers the whole stack.
func Program(ctx *pulumi.Context) error {
	settings, err := readSettings(ctx)
	if err != nil {
		return err
	}
	names := settings.names
	tags := maps.Clone(settings.config.Tags)
	maps.Copy(tags, map[string]string{"project": ctx.Project(), "stack": names.ID(), "owner": settings.config.Owner})
	if err := tagEverything(ctx, tags); err != nil {
		return err
	}
	if err := waitForPassing(ctx); err != nil {
		return err
	}
	provider, names, err := connect(ctx, settings.provider, names)
	if err != nil {
		return err
	}
	if foreign := settings.config.foreign(names); len(foreign) > 0 {
		return &ConfigError{Stack: ctx.Stack(), Problems: foreign}
	}
	if err := keepIdentity(ctx, names); err != nil {
		return err
	}
	if err := keepFixed(ctx, settings.config); err != nil {
		return err
	}
	final, err := registerFinalSnapshot(ctx, settings.provider, tags)
	if err != nil {
		return err
	}
	drain, err := registerDrain(ctx, settings.provider)
	if err != nil {
		return err
	}
	s := &stack{ctx: ctx, final: final, drain: drain, names: names, config: settings.config, tags: tags, opts: []pulumi.ResourceOption{pulumi.Provider(provider)}}
	return s.build()
}

// settings are all that the program is told.
type settings struct {
	config   *Config
	provider *providerSettings
	names    Names // without the account
}

// source is where settings come from.
type source struct {
	get    func(key string) (string, bool) // the text of a key with its namespace
	secret func(key string) bool           // nil when none is known to be
	given  func(namespace string) []string // the keys that have values, where that is known
}

// readSettings reads what the engine hands to the program.
func readSettings(ctx *pulumi.Context) (*settings, error) {
	return settingsFrom(ctx.Project(), ctx.Stack(), source{ctx.GetConfig, ctx.IsConfigSecret, givenKeys})
}

// settingsFrom reads both namespaces and the names. The error is a *ConfigError with every problem.
func settingsFrom(project, stack string, from source) (*settings, error) {
	in := func(namespace string) (get func(string) (string, bool), secret func(string) bool, given []string) {
		get = func(key string) (string, bool) { return from.get(namespace + ":" + key) }
		if from.secret != nil {
			secret = func(key string) bool { return from.secret(namespace + ":" + key) }
		}
		if from.given != nil {
			given = from.given(namespace)
		}
		return get, secret, given
	}
	provider, wrong := readProvider(in("aws"))
	get, secret, given := in(project)
	r := &reader{get: get, secret: secret, place: stackPlace{provider.partition.ID, provider.region}}
	config, err := r.read(stack, given...)
	var problems []Problem
	if refused := (*ConfigError)(nil); errors.As(err, &refused) {
		problems = refused.Problems
	}
	problems = append(problems, wrong...)

	n := Names{
		Project: project, Stack: stack, Account: strings.Repeat("0", 12), // as long as every account's id
		Partition: provider.partition.ID, Region: provider.region,
	}
	if config != nil {
		n.NamedAfter, n.Home, n.Given, n.More = config.NamedAfter, config.HomeRegion, config.Given, config.MoreDatasets
	}
	for _, p := range n.problems() {
		if !slices.Contains(problems, p) {
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		return nil, &ConfigError{Stack: stack, Problems: problems}
	}
	return &settings{config: config, provider: provider, names: n}, nil
}

// stack is what the steps of building share.
type stack struct {
	ctx    *pulumi.Context
	names  Names
	config *Config
	tags   map[string]string
	opts   []pulumi.ResourceOption // of every component: the provider
	final  *pulumi.ResourceHook    // takes the final snapshot of a namespace
	drain  *pulumi.ResourceHook    // lets a pipe finish
}

// build registers the components, in the order in which one needs the other.
func (s *stack) build() error {
	ctx, n, c := s.ctx, s.names, s.config

	data, err := NewKey(ctx, dataKey, &KeyArgs{
		Names: n, Thing: dataKey, Description: "Airline data: buckets, warehouse, logs",
		Policy: n.dataKeyPolicy(c.Trigger, c.Producers), Protect: c.Protect, Keep: c.EncryptCatalog,
	}, s.opts...)
	if err != nil {
		return err
	}
	messages, err := NewKey(ctx, messagesKey, &KeyArgs{
		Names: n, Thing: messagesKey, Description: "Airline notifications and undelivered events",
		Policy: n.messagesKeyPolicy(c.Receivers, c.BatchSeconds > 0), Protect: c.Protect,
	}, s.opts...)
	if err != nil {
		return err
	}
	storage, err := NewStorage(ctx, "storage", &StorageArgs{
		Names: n, KeyARN: data.ARN, Trigger: c.Trigger, Producers: c.Producers, Retention: c.Retention, Protect: c.Protect,
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
		Names: n, Key: messages,
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
	started := n.startedByRules(c.BatchSeconds > 0)
	rules, err := s.role(eventsThing, "Lets EventBridge start the state machines",
		n.trust("events.amazonaws.com", n.ruleARNs(started)...), n.eventsPolicy(started))
	if err != nil {
		return err
	}
	events, err := NewEvents(ctx, "events", &EventsArgs{
		Names: n, Trigger: c.Trigger, Raw: storage.Raw, Role: rules, Key: messages, Machines: machines, Receivers: c.Receivers,
		Drain: s.drain, BatchSeconds: c.BatchSeconds,
	}, s.opts...)
	if err != nil {
		return err
	}
	if err := notifications.Subscribe(ctx, n, c.Receivers, events); err != nil {
		return err
	}
	if _, err := NewWatch(ctx, "watch", &WatchArgs{
		Names: n, Topic: notifications.Topic.Arn, FreshnessHours: c.FreshnessHours, RejectRatio: c.Load.AlarmRejectRatio,
		BatchSeconds: c.BatchSeconds, SmallJob: n.smallJob(c),
	}, s.opts...); err != nil {
		return err
	}
	s.exportFiles()
	s.exportKeys(data, messages)
	s.exportOperations(notifications, machines)
	return s.buildDeployer()
}

// buildGlue makes the catalog and the job; it returns what an execution needs of them.
func (s *stack) buildGlue(data *Key, storage *Storage) ([]pulumi.Resource, error) {
	ctx, n := s.ctx, s.names
	security, err := newGlueSecurity(ctx, n, data.ARN, s.opts...)
	if err != nil {
		return nil, err
	}
	crawls, err := s.logGroup(crawlerThing, n.crawlerLogGroup(), data)
	if err != nil {
		return nil, err
	}
	crawlers, err := s.role(crawlerThing, "What the crawlers do: read raw files, keep the catalog",
		n.glueTrust(), n.crawlerPolicy(s.config.EncryptCatalog), crawls)
	if err != nil {
		return nil, err
	}
	catalog, err := NewCatalog(ctx, "catalog", &CatalogArgs{
		Names: n, Raw: storage.Raw, Role: crawlers, SecurityConfiguration: security.Name.ToStringPtrOutput(),
		Encrypt: s.config.EncryptCatalog, KeyARN: data.ARN, Protect: s.config.Protect, LakeFormation: s.config.LakeFormation,
		Schedule: s.config.crawlTimes(),
	}, s.opts...)
	if err != nil {
		return nil, err
	}
	var logs []pulumi.Resource
	for _, job := range n.Parts(s.config).Jobs {
		for _, name := range job.Logs {
			group, err := s.logGroup(job.resource+"-"+path.Base(name), name, data)
			if err != nil {
				return nil, err
			}
			logs = append(logs, group)
		}
	}
	runs, err := s.role(jobThing, "What the Glue job does: read a raw file, write a load",
		n.glueTrust(), n.jobPolicy(s.config.Job.Engine), logs...)
	if err != nil {
		return nil, err
	}
	job, err := NewJob(ctx, loadJob, &JobArgs{
		Names: n, Config: s.config.Job, Limits: s.config.Load.Limits, Files: etl.Files, Scripts: storage.Scripts, Staging: storage.Staging,
		Role: runs, SecurityConfiguration: security.Name.ToStringPtrOutput(),
	}, s.opts...)
	if err != nil {
		return nil, err
	}
	needs := append(slices.Clone(catalog.Crawlers), job.Job)
	if job.Small != nil {
		needs = append(needs, job.Small)
	}
	return needs, nil
}

// buildWarehouse makes the network and Redshift.
func (s *stack) buildWarehouse(data *Key, storage *Storage) (*Warehouse, error) {
	ctx, n, c := s.ctx, s.names, s.config
	var network *Network // a given warehouse has its own
	if n.Given.warehouse() == "" {
		var err error
		network, err = NewNetwork(ctx, "network", &NetworkArgs{
			Names: n, Config: c.Network, Logs: storage.Logs, Tags: s.tags, Keep: c.Protect && c.Warehouse.Kind == Provisioned,
		}, s.opts...)
		if err != nil {
			return nil, err
		}
	}
	copies, err := s.role(copyThing, "What COPY does: read loads from the staging bucket", n.copyTrust(c.Warehouse.Kind), n.copyPolicy())
	if err != nil {
		return nil, err
	}
	logs, err := s.warehouseLogs(data)
	if err != nil {
		return nil, err
	}
	warehouse, err := NewWarehouse(ctx, "warehouse", &WarehouseArgs{
		Names: n, Config: c.Warehouse, Network: network, KeyARN: data.ARN, Copy: copies, Logs: logs, Protect: c.Protect,
		Renew: c.renew(), Final: s.final, Tables: etl.DDL(n.More...), Views: etl.ViewDDL(n.More...), Upgrade: etl.Upgrade(n.More...), Loaders: n.loaders(), Readers: n.readers(),
	}, s.opts...)
	if err != nil {
		return nil, err
	}
	s.names.Given.workgroupARN = warehouse.WorkgroupARN
	s.exportWarehouse(warehouse, network, copies)
	return warehouse, nil
}

// role makes a role of the stack. The log groups that it may make again are there before it, and go after it.
func (s *stack) role(thing, description string, trust, policy Policy, logs ...pulumi.Resource) (*Role, error) {
	return NewRole(s.ctx, thing, &RoleArgs{
		Names: s.names, Thing: thing, Description: description, Trust: trust, Policy: policy, After: logs,
	}, s.opts...)
}
