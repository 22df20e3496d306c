package infra

import (
	"errors"
	"path"
	"slices"

	"airline/etl"
	"airline/region"
)

// ReadStack reads the settings of a stack as the program does, for those who look at it from outside. get gives the text of a
// key with its namespace, such as "aws:region". The names lack the account, which only AWS knows. The error is a *ConfigError
// with every problem.
func ReadStack(project, stack string, get func(key string) (string, bool)) (*Config, Names, error) {
	s, err := settingsFrom(project, stack, source{get: get})
	if err != nil {
		return nil, Names{}, err
	}
	return s.config, s.names, nil
}

// In is the same stack's names in an account and a region.
func (n Names) In(account, where string) (Names, error) {
	p, ok := region.PartitionOf(where)
	if !ok {
		return n, errors.New("there is no region " + where)
	}
	n.Account, n.Region, n.Partition = account, where, p.ID
	return n, nil
}

// Parts are the names and ARNs by which the parts of a stack are reached.
type Parts struct {
	Buckets     []string // that the stack makes
	Raw         string
	Staging     string
	Machines    []MachinePart // each before what starts it
	Backfill    MachinePart   // the one of them that loads what the warehouse lacks
	Crawlers    []CrawlerPart
	Jobs        []JobPart // the first for batches of any size
	Topic       string    // ARN
	Undelivered QueuePart
	// Gathered are the queues in which files wait for others; none when they are not gathered.
	Gathered []QueuePart
	Alarms   []string
	// Demands are the quotas that it may meet, and Roles how many it makes.
	Demands []Demand
	Roles   int
	// CrawlerRole is the ARN of the crawlers' role, Catalog the database that they keep.
	CrawlerRole, Catalog string
	// Workgroup or Cluster is the warehouse.
	Workgroup, Cluster, Database string
	// AdminSecret is the ARN of what leads to the password of the administrator of a warehouse that is given; Admin is the administrator's
	// name in one that is not.
	AdminSecret, Admin string
}

// MachinePart is a state machine.
type MachinePart struct {
	Thing, Name string
	ARN, Live   string
	// Ruled says that a rule starts it, which has the same name.
	Ruled bool
	// Dataset is what the machine loads; empty of one that loads nothing.
	Dataset etl.Dataset
}

// CrawlerPart is a crawler.
type CrawlerPart struct {
	Name    string
	Dataset etl.Dataset
}

// JobPart is a Glue job with its log groups, of output and of errors.
type JobPart struct {
	Name string
	Logs []string

	resource string // begins the names of the log groups' resources
}

// QueuePart is a queue.
type QueuePart struct{ Name, URL, ARN string }

// Parts computes the parts of a stack with that configuration.
func (n Names) Parts(c *Config) Parts {
	p := Parts{
		Raw: n.Bucket("raw"), Staging: n.Bucket("staging"),
		Jobs:        []JobPart{{n.Name(loadJob), n.jobLogGroups(n.jobLogGroup()), "job"}},
		Topic:       n.topicARN(),
		Undelivered: QueuePart{n.Name(undeliveredThing), n.queueURL(undeliveredThing), n.undeliveredARN()},
		Database:    c.Warehouse.Database,
		Demands:     n.Demands(c), Roles: n.RolesMade(c),
		CrawlerRole: n.RoleARN(crawlerThing), Catalog: n.Database(),
	}
	if name := n.smallJob(c); name != "" {
		p.Jobs = append(p.Jobs, JobPart{name, n.jobLogGroups(smallJobLogGroup), "small-job"})
	}
	loads := map[string]etl.Dataset{}
	for _, d := range n.Datasets() {
		p.Crawlers = append(p.Crawlers, CrawlerPart{n.Name(string(d)), d})
		loads[d.Machine()] = d
		if c.BatchSeconds > 0 {
			p.Gathered = append(p.Gathered, QueuePart{n.Name(gatherThing(d)), n.queueURL(gatherThing(d)), n.gatherARN(d)})
		}
	}
	for _, thing := range n.machineThings() {
		p.Machines = append(p.Machines, MachinePart{thing, n.Name(thing), n.MachineARN(thing), n.LiveARN(thing), slices.Contains(n.ruled(), thing), loads[thing]})
	}
	p.Backfill = p.Machines[slices.IndexFunc(p.Machines, func(m MachinePart) bool { return m.Thing == backfill })]
	for _, thing := range bucketThings {
		if thing != "trail" || c.Trigger == TriggerCloudTrail {
			if n.Given.bucket(thing) == "" {
				p.Buckets = append(p.Buckets, n.bucketName(thing))
			}
		}
	}
	for _, a := range n.alarms(&WatchArgs{Names: n, FreshnessHours: c.FreshnessHours, RejectRatio: c.Load.AlarmRejectRatio, BatchSeconds: c.BatchSeconds, SmallJob: n.smallJob(c)}) {
		p.Alarms = append(p.Alarms, n.Name(a.thing))
	}
	if c.Warehouse.Kind == Provisioned {
		p.Cluster = n.warehouse()
	} else {
		p.Workgroup = n.warehouse()
	}
	if p.AdminSecret = n.Given.AdminSecretARN; p.AdminSecret == "" {
		p.Admin = adminUser
	}
	return p
}

// Loader is the machine that loads a dataset.
func (p Parts) Loader(d etl.Dataset) MachinePart {
	for _, m := range p.Machines {
		if m.Dataset == d {
			return m
		}
	}
	return MachinePart{}
}

// ErrorLog is the log group in which the job says why a run failed.
func (p JobPart) ErrorLog() string {
	for _, group := range p.Logs {
		if path.Base(group) == "error" {
			return group
		}
	}
	return ""
}
