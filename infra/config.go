package infra

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"airline/etl"
	"airline/workflow"
)

// Config is a stack's configuration, checked. Pulumi.yaml documents every key.
type Config struct {
	Trigger Trigger
	// BatchSeconds is how long a file waits for others to be loaded with, 0 to 300; with 0 it is loaded at once and alone.
	BatchSeconds int

	Warehouse WarehouseConfig
	Network   NetworkConfig
	Job       JobConfig
	Load      LoadConfig
	Retention RetentionConfig
	Receivers Receivers
	// Protect keeps what holds data from being deleted, with the stack or by mistake.
	Protect bool
	// EncryptCatalog encrypts the account's Glue catalog with the stack's key.
	EncryptCatalog bool
	// LakeFormation says what is granted where it governs the catalog.
	LakeFormation LakeFormation
	// Crawl says when the crawlers crawl for files, and CrawlSchedule when besides, if it is not for each.
	Crawl         workflow.Crawl
	CrawlSchedule CrawlSchedule
	// FreshnessHours is how long no load may succeed before an alarm goes off.
	FreshnessHours int
	// Owner is the team in the tags, and Tags are more of them.
	Owner string
	Tags  map[string]string
	// DeployerOrganization is the Pulumi organization whose deployments of the stack get a role; none when empty.
	DeployerOrganization string
	// NamedAfter is the stack that names say instead of this one, and HomeRegion the region that names do not say.
	NamedAfter, HomeRegion string
	// Producers are accounts and roles of others that may upload files.
	Producers []string
	// Given is what somebody else keeps.
	Given Given
	// Log says what is logged of executions.
	Log LogConfig
	// MoreDatasets are loaded besides those that every stack loads.
	MoreDatasets []etl.Dataset
}

// LogConfig says what state machines tell of their executions.
type LogConfig struct {
	// Level is ALL, ERROR, FATAL or OFF.
	Level string
	// Trace sends traces to X-Ray.
	Trace bool
}

// Trigger is what reports a new file to EventBridge.
type Trigger string

// The triggers. S3's own notifications are at-least-once; CloudTrail is best effort and reports failed calls, too.
const (
	TriggerS3         Trigger = "s3"
	TriggerCloudTrail Trigger = "cloudtrail"
)

// WarehouseKind is the kind of Redshift.
type WarehouseKind string

// The kinds of Redshift.
const (
	Serverless  WarehouseKind = "serverless"
	Provisioned WarehouseKind = "provisioned"
)

// WarehouseConfig sizes Redshift.
type WarehouseConfig struct {
	Kind     WarehouseKind
	Database string
	// FinalSnapshot takes a snapshot before the warehouse is deleted.
	FinalSnapshot bool
	// Renewal is a text with which, when it is another one, the warehouse is made anew.
	Renewal string
	// Serverless: capacities in RPU, and the RPU-hours a day after which queries are refused.
	BaseCapacity, MaxCapacity, DailyComputeHours int
	// Provisioned. MaintenanceWindow is a time of the week in UTC, such as sun:04:00-sun:05:00.
	NodeType          string
	Nodes             int
	MaintenanceWindow string
}

// Engine is what executes the queries of a batch.
type Engine string

// The engines: Spark for all batches, or DuckDB on one small machine for those that are few bytes.
const (
	EngineSpark Engine = "spark"
	EngineAuto  Engine = "auto"
)

// JobConfig sizes the Glue job.
type JobConfig struct {
	Engine Engine
	// SmallBatchMB is up to how many million bytes of text a batch is one for DuckDB, and SmallDPU what its machine has. They count with EngineAuto.
	SmallBatchMB      int
	SmallDPU          float64
	WorkerType        string
	Workers           int
	MaxWorkers        int // of the runs of big batches, no fewer than Workers
	Flex              bool
	TimeoutMinutes    int
	MaxConcurrentRuns int
}

// LoadConfig says which rows and files are loaded.
type LoadConfig struct {
	// MaxRejectRatio is the share of rejected rows, 0 to 1, above which a load is refused.
	MaxRejectRatio float64
	// AlarmRejectRatio is the share, at most MaxRejectRatio, from which an alarm goes off.
	AlarmRejectRatio float64
	// MinDepDelay is a departure delay in minutes; flights below it are left out. Nil loads all.
	MinDepDelay *int
	// Limits are what can be of a flight; rows beyond them are rejected.
	Limits etl.Limits
	// ReconcileDays is the age after which a file that is not in the ledger is given up.
	ReconcileDays int
	// OnDelete is what becomes of the rows of a file that is deleted from the bucket.
	OnDelete etl.OnDelete
}

// RetentionConfig says how many days things are kept.
type RetentionConfig struct {
	LogDays, StagingDays, NoncurrentDays int
}

// Receivers get notifications and alarms.
type Receivers struct {
	Emails, Queues, Webhooks []string
	// SecretEmails and SecretQueues say that these are secrets. Webhooks always are: their addresses are their passwords.
	SecretEmails, SecretQueues bool
}

// logDays are the retentions CloudWatch Logs offers (PutRetentionPolicy).
var logDays = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// nodeLimits are the fewest and the most nodes of a type in a cluster (Redshift Management Guide, "Node type details").
var nodeLimits = map[string][2]int{
	"ra3.large": {1, 16}, "ra3.xlplus": {1, 32}, "ra3.4xlarge": {2, 64}, "ra3.16xlarge": {2, 128},
}

// Patterns of names that AWS gives or demands.
var (
	databaseName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	nodeType     = regexp.MustCompile(`^ra3\.(large|xlplus|4xlarge|16xlarge)$`)
	vpcID        = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	subnetID     = regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`)
	renewal      = regexp.MustCompile(`^[A-Za-z0-9.-]{0,40}$`)
	organization = regexp.MustCompile(`^[A-Za-z0-9_-]{0,40}$`)
	tagValue     = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$`)
)

// ReadConfig reads and checks the configuration of a stack. get gives the text of a key of the project, lists as JSON,
// and whether there is one; given are the keys that have values. The error is a *ConfigError with every problem.
func ReadConfig(stack string, get func(key string) (string, bool), given ...string) (*Config, error) {
	r := &reader{get: get}
	return r.read(stack, given...)
}

func (r *reader) read(stack string, given ...string) (*Config, error) {
	r.problems = append(r.problems, Names{Project: "p", Stack: stack}.problems()...)
	c := &Config{
		Trigger:      Trigger(r.oneOf("trigger", string(TriggerS3), string(TriggerCloudTrail))),
		BatchSeconds: r.integer("batchSeconds", 0, 300),
		Warehouse: WarehouseConfig{
			Kind:              WarehouseKind(r.oneOf("warehouse", string(Serverless), string(Provisioned))),
			Database:          r.database(),
			FinalSnapshot:     r.boolean("finalSnapshot"),
			Renewal:           r.matching("renewal", renewal, "use at most 40 letters, digits, dots and hyphens, such as 2026-11-29, or leave it empty"),
			BaseCapacity:      r.integer("baseCapacity", 4, 1024),
			MaxCapacity:       r.integer("maxCapacity", 4, 1024),
			DailyComputeHours: r.integer("dailyComputeHours", 1, 10000),
			NodeType:          r.matching("nodeType", nodeType, "use ra3.large, ra3.xlplus, ra3.4xlarge or ra3.16xlarge"),
			Nodes:             r.integer("nodes", 1, 128),
			MaintenanceWindow: r.maintenanceWindow(),
		},
		Network: r.network(),
		Job: JobConfig{
			Engine:            Engine(r.oneOf("engine", string(EngineSpark), string(EngineAuto))),
			SmallBatchMB:      r.integer("smallBatchMB", 1, 1000),
			SmallDPU:          map[string]float64{"1/16": 0.0625, "1": 1}[r.oneOf("smallDPU", "1/16", "1")],
			WorkerType:        r.oneOf("workerType", "G.1X", "G.2X", "G.4X", "G.8X"),
			Workers:           r.integer("workers", 2, 299),
			MaxWorkers:        r.integer("maxWorkers", 2, 299),
			Flex:              r.boolean("flexWorkers"),
			TimeoutMinutes:    r.integer("jobTimeoutMinutes", 1, 10080),
			MaxConcurrentRuns: r.integer("maxConcurrentRuns", 1, 1000),
		},
		Load: LoadConfig{
			MaxRejectRatio:   r.ratio("maxRejectRatio"),
			AlarmRejectRatio: r.ratio("alarmRejectRatio"),
			MinDepDelay:      r.optionalInteger("minDepDelay", -1440, 14400),
			Limits: etl.Limits{
				MaxEarly:   int64(r.integer("maxEarlyMinutes", 0, 525600)),
				MaxLate:    int64(r.integer("maxLateMinutes", 0, 525600)),
				FirstDay:   r.day("firstFlightDay"),
				LastDay:    r.day("lastFlightDay"),
				RoundTrips: r.boolean("loadRoundTrips"),
			},
			ReconcileDays: r.integer("reconcileDays", 1, 365),
			OnDelete:      etl.OnDelete(r.oneOf("onDelete", string(etl.Retire), string(etl.Keep))),
		},
		Retention: RetentionConfig{
			LogDays:        r.integer("logRetentionDays", 1, 3653),
			StagingDays:    r.integer("stagingDays", 1, 3650),
			NoncurrentDays: r.integer("noncurrentDays", 1, 3650),
		},
		Receivers: Receivers{
			Emails:   r.list("emails", isMail, "use an address such as team@example.com"),
			Queues:   r.arns("queues", queueForm, func(string) bool { return false }, "the ARN of a queue"),
			Webhooks: r.list("webhooks", isHTTPS, "use an address that begins with https://"),

			SecretEmails: r.isSecret("emails"), SecretQueues: r.isSecret("queues"),
		},
		Protect:        r.boolean("protect"),
		EncryptCatalog: r.boolean("encryptCatalog"),
		LakeFormation:  LakeFormation(r.oneOf("lakeFormation", string(LakeNone), string(LakeCatalog), string(LakeLocation))),
		Crawl:          workflow.Crawl(r.oneOf("crawl", string(workflow.CrawlEach), string(workflow.CrawlDaily))),
		CrawlSchedule:  CrawlSchedule(r.oneOf("crawlSchedule", slices.Sorted(maps.Keys(crawlTimes))...)),
		FreshnessHours: r.integer("freshnessHours", 1, 168),
		Owner:          r.matching("owner", tagValue, "use letters, digits, spaces and _.:/=+-@, at most 256"),

		Tags:       r.tags(),
		NamedAfter: r.namedAfter(),
		HomeRegion: r.region("homeRegion"),
		Producers:  r.arns("producers", producerForm, accountID.MatchString, "an account id of 12 digits, or the ARN of a role or user"),
		Given:      r.given(),
		Log:        LogConfig{Level: r.oneOf("logLevel", "ALL", "ERROR", "FATAL", "OFF"), Trace: r.boolean("trace")},

		MoreDatasets:         r.moreDatasets(),
		DeployerOrganization: r.matching("deployerOrganization", organization, "use the name of a Pulumi organization, or leave it empty"),
	}
	c.Job.MaxWorkers = max(c.Job.MaxWorkers, c.Job.Workers)
	r.together(c)
	r.togetherGiven(c)
	r.refuseUnknown(given)
	r.refuseSecrets()
	if len(r.problems) > 0 {
		return nil, &ConfigError{Stack: stack, Problems: r.problems}
	}
	return c, nil
}

// capacities checks the RPU of a serverless warehouse. AWS offers 4, and 8 to 512 in steps of 8; up to 1,024, in some regions, the steps
// are of 32 ("Compute capacity for Amazon Redshift Serverless", Redshift Management Guide).
func (r *reader) capacities(w WarehouseConfig) {
	offered := func(rpu int) bool { return rpu == 4 || rpu%8 == 0 && rpu <= 512 || rpu%32 == 0 }
	const remedy = "use 4, a multiple of 8 up to 512, or a multiple of 32 up to 1024"
	if r.sound("baseCapacity") && !offered(w.BaseCapacity) {
		r.problem("baseCapacity", strconv.Itoa(w.BaseCapacity), "Redshift Serverless does not offer so many RPU", remedy)
	}
	if r.sound("baseCapacity", "maxCapacity") && (!offered(w.MaxCapacity) || w.MaxCapacity < w.BaseCapacity) {
		r.problem("maxCapacity", strconv.Itoa(w.MaxCapacity), "Redshift Serverless does not offer so many RPU, or it is less than baseCapacity",
			remedy+", that is at least baseCapacity")
	}
}

// together checks what only makes sense in combination, of the values that are in order by themselves.
func (r *reader) together(c *Config) {
	r.capacities(c.Warehouse)
	if limits, known := nodeLimits[c.Warehouse.NodeType]; known && c.Warehouse.Kind == Provisioned && r.sound("nodes") &&
		(c.Warehouse.Nodes < limits[0] || c.Warehouse.Nodes > limits[1]) {
		r.problem("nodes", strconv.Itoa(c.Warehouse.Nodes), "a cluster of "+c.Warehouse.NodeType+" cannot have so many",
			fmt.Sprintf("use %d to %d, or another nodeType", limits[0], limits[1]))
	}
	if r.sound("logRetentionDays") && !slices.Contains(logDays, c.Retention.LogDays) {
		r.problem("logRetentionDays", strconv.Itoa(c.Retention.LogDays), "CloudWatch Logs does not offer it",
			"use one of "+strings.Trim(fmt.Sprint(logDays), "[]"))
	}
	// Where no rejected row is let through, no file reaches the alarm.
	if r.sound("alarmRejectRatio", "maxRejectRatio") &&
		(c.Load.AlarmRejectRatio <= 0 || c.Load.MaxRejectRatio > 0 && c.Load.AlarmRejectRatio > c.Load.MaxRejectRatio) {
		r.problem("alarmRejectRatio", strconv.FormatFloat(c.Load.AlarmRejectRatio, 'g', -1, 64), "it is 0 or beyond maxRejectRatio, from which files are refused",
			"use a number above 0 and at most "+strconv.FormatFloat(c.Load.MaxRejectRatio, 'g', -1, 64))
	}
	if r.sound("firstFlightDay", "lastFlightDay") && c.Load.Limits.LastDay < c.Load.Limits.FirstDay {
		r.problem("lastFlightDay", c.Load.Limits.LastDay, "it is before firstFlightDay", "use "+c.Load.Limits.FirstDay+" or a later day")
	}
	if r.sound("workerType") && c.Job.Flex && c.Job.WorkerType != "G.1X" && c.Job.WorkerType != "G.2X" {
		r.problem("flexWorkers", "true", "Glue has spare capacity of G.1X and G.2X only", "set workerType to one of them or flexWorkers to false")
	}
}
