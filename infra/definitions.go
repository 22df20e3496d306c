package infra

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/asl/ast"
	"airline/asl/grants"
	"airline/workflow"
)

// definitions builds the state machines of package workflow for this stack.
func (n Names) definitions(c *Config) (map[string]*ast.Definition, error) {
	settings := workflow.Config{
		RawBucket:       n.Bucket("raw"),
		StagingBucket:   n.Bucket("staging"),
		StagingKeyARN:   n.keyARN(dataKey),
		Crawl:           c.Crawl,
		CatalogDatabase: n.Database(),
		Job:             n.Name(loadJob),
		WorkerType:      c.Job.WorkerType,
		Workers:         c.Job.Workers,
		MaxWorkers:      c.Job.MaxWorkers,
		SmallJob:        n.smallJob(c),
		SmallBytes:      int64(c.Job.SmallBatchMB) * 1_000_000,
		CopyRoleARN:     n.RoleARN(copyThing),
		TopicARN:        n.topicARN(),
		TopicKeyARN:     n.keyARN(messagesKey),
		MetricNamespace: n.metricNamespace(),
		MaxRejectRatio:  c.Load.MaxRejectRatio,
		MinDepDelay:     c.Load.MinDepDelay,
		Warehouse:       workflow.Warehouse{Database: c.Warehouse.Database},

		ReconcileARN: n.LiveARN(reconcile), ReconcileDays: c.Load.ReconcileDays, Renewal: c.Warehouse.Renewal, OnDelete: c.Load.OnDelete,
	}
	if c.EncryptCatalog {
		settings.CatalogKeyARN = n.keyARN(dataKey)
	}
	if c.Warehouse.Kind == Provisioned {
		settings.Warehouse.Cluster = n.warehouse()
	} else {
		settings.Warehouse.Workgroup, settings.Warehouse.WorkgroupARN = n.warehouse(), n.workgroupARN()
	}
	builders := map[string]func(workflow.Config) (*ast.Definition, error){reconcile: workflow.Reconcile, backfill: workflow.Backfill}
	for _, d := range n.Datasets() {
		settings.Loaders = append(settings.Loaders, workflow.Loader{Dataset: d, Crawler: n.Name(string(d)), MachineARN: n.LiveARN(d.Machine())})
		builders[d.Machine()] = func(c workflow.Config) (*ast.Definition, error) { return workflow.Load(c, d) }
	}
	all := map[string]*ast.Definition{}
	for thing, build := range builders {
		d, err := build(settings)
		if err != nil {
			return nil, fmt.Errorf("state machine %s: %w", thing, err)
		}
		all[thing] = d
	}
	return all, nil
}

// buildMachines makes the state machines.
func (s *stack) buildMachines(data *Key, needs []pulumi.Resource) (map[string]*Machine, error) {
	n := s.names
	definitions, err := n.definitions(s.config)
	if err != nil {
		return nil, err
	}
	machines := map[string]*Machine{}
	for _, thing := range n.machineThings() {
		grants, err := grants.Of(definitions[thing], grants.Scope{
			Partition: n.Partition, Region: n.Region, Account: n.Account, StateMachine: n.Name(thing),
		})
		if err != nil {
			return nil, fmt.Errorf("state machine %s: %w", thing, err)
		}
		machines[thing], err = NewMachine(s.ctx, thing, &MachineArgs{
			Names: n, Thing: thing, Definition: definitions[thing], Grants: grants,
			KeyARN: data.ARN, LogDays: s.config.Retention.LogDays, Log: s.config.Log, Protect: s.config.Protect, DependsOn: needs,
		}, s.opts...)
		if err != nil {
			return nil, err
		}
		if s.config.Crawl == workflow.CrawlDaily && slices.Contains(n.loaders(), thing) {
			if err := s.grantPartitions(machines[thing].Role, thing, needs); err != nil {
				return nil, err
			}
		}
	}
	return machines, nil
}
