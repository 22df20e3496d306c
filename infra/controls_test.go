package infra

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"airline/etl"
	"airline/local/recorder"
)

// eachVariant runs a check on the graph of every variant.
func eachVariant(t *testing.T, check func(t *testing.T, g *recorder.Graph)) {
	t.Helper()
	for name := range variants {
		t.Run(name, func(t *testing.T) { check(t, record(t, name, false)) })
	}
}

// settingOf finds the resource of a type that configures a bucket.
func settingOf(t *testing.T, g *recorder.Graph, token, bucket string) *recorder.Resource {
	t.Helper()
	for _, r := range g.OfType(token) {
		if r.String("bucket") == bucket {
			return r
		}
	}
	t.Errorf("bucket %s has no %s", bucket, token[strings.LastIndexByte(token, ':')+1:])
	return &recorder.Resource{}
}

func expect(t *testing.T, r *recorder.Resource, path string, want any) {
	t.Helper()
	if got, _ := r.Get(path); got != want {
		t.Errorf("%s %s: %s = %v, want %v", r.Type, r.Name, path, got, want)
	}
}

func TestBucketsAreSafe(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, b := range g.OfType("aws:s3/bucketV2:BucketV2") {
			name := b.String("bucket")
			block := settingOf(t, g, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name)
			for _, what := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
				expect(t, block, what, true)
			}
			expect(t, settingOf(t, g, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", name),
				"rule.objectOwnership", "BucketOwnerEnforced")
			expect(t, settingOf(t, g, "aws:s3/bucketVersioningV2:BucketVersioningV2", name),
				"versioningConfiguration.status", "Enabled")
			encryption := settingOf(t, g, "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", name)
			if b.Name == "logs" {
				// S3 delivers access logs only to buckets with its own encryption.
				expect(t, encryption, "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "AES256")
			} else {
				expect(t, encryption, "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "aws:kms")
				expect(t, encryption, "rules[0].bucketKeyEnabled", true)
				expect(t, settingOf(t, g, "aws:s3/bucketLoggingV2:BucketLoggingV2", name), "targetBucket", testBucket(g, "logs"))
			}
			lifecycle := settingOf(t, g, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", name)
			expect(t, lifecycle, "rules[0].abortIncompleteMultipartUpload.daysAfterInitiation", 7.0)
			if days, _ := lifecycle.Get("rules[0].noncurrentVersionExpiration.noncurrentDays"); days == nil {
				t.Errorf("bucket %s keeps replaced versions for ever", name)
			}
			policy := parsePolicy(t, settingOf(t, g, "aws:s3/bucketPolicy:BucketPolicy", name).String("policy"))
			if s := policy.Statement[0]; s.Effect != "Deny" || !slices.Equal(s.Condition["Bool"]["aws:SecureTransport"], []string{"false"}) {
				t.Errorf("bucket %s answers without TLS", name)
			}
		}
	})
}

func testBucket(g *recorder.Graph, thing string) string {
	return g.Project + "-" + g.Stack + "-" + thing + "-" + g.Account
}

func TestStagingExpires(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		lifecycle := settingOf(t, g, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", testBucket(g, "staging"))
		expect(t, lifecycle, "rules[1].filter.prefix", "loads/")
		if days, _ := lifecycle.Get("rules[1].expiration.days"); days == nil {
			t.Error("staged files never expire")
		}
	})
}

func TestTriggerIsWhatWasChosen(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		trails := g.OfType("aws:cloudtrail/trail:Trail")
		notifications := g.OfType("aws:s3/bucketNotification:BucketNotification")
		if g.Config["airline:trigger"] == "s3" {
			if len(trails) != 0 || len(notifications) != 1 {
				t.Fatalf("%d trails and %d notifications, want 0 and 1", len(trails), len(notifications))
			}
			expect(t, notifications[0], "eventbridge", true)
			expect(t, notifications[0], "bucket", testBucket(g, "raw"))
			return
		}
		if len(trails) != 1 || len(notifications) != 0 {
			t.Fatalf("%d trails and %d notifications, want 1 and 0", len(trails), len(notifications))
		}
	})
}

// A trail that logged reads or management events would cost more and tell nothing; one that logged its own bucket
// would never stop.
func TestTrailLogsOnlyWritesOfTheRawPrefixes(t *testing.T) {
	g := record(t, "dev cloudtrail", false)
	trail := g.OfType("aws:cloudtrail/trail:Trail")[0]
	var in struct {
		S3BucketName            string
		EnableLogFileValidation bool
		KmsKeyID                string `json:"kmsKeyId"`
		AdvancedEventSelectors  []struct {
			FieldSelectors []struct {
				Field              string
				Equals, StartsWith []string
				StartsWiths        []string
			}
		}
	}
	if err := trail.Decode(&in); err != nil {
		t.Fatal(err)
	}
	if in.S3BucketName != testBucket(g, "trail") || !in.EnableLogFileValidation || in.KmsKeyID == "" {
		t.Errorf("trail = %+v", in)
	}
	if len(in.AdvancedEventSelectors) != 1 {
		t.Fatalf("%d selectors, want 1", len(in.AdvancedEventSelectors))
	}
	got := map[string][]string{}
	for _, f := range in.AdvancedEventSelectors[0].FieldSelectors {
		got[f.Field] = append(f.Equals, f.StartsWiths...)
	}
	raw := "arn:aws:s3:::" + testBucket(g, "raw")
	want := map[string][]string{
		"eventCategory": {"Data"}, "resources.type": {"AWS::S3::Object"}, "readOnly": {"false"},
		"eventName":     {"PutObject", "CopyObject", "CompleteMultipartUpload"},
		"resources.ARN": {raw + "/daily-flights/", raw + "/airports/"},
	}
	for field, values := range want {
		if !slices.Equal(got[field], values) {
			t.Errorf("selector %s = %v, want %v", field, got[field], values)
		}
	}
}

func TestUndeliveredEventsAreKept(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		queue := g.OfType("aws:sqs/queue:Queue")[0]
		var rules []string
		for _, r := range g.OfType("aws:cloudwatch/eventRule:EventRule") {
			rules = append(rules, r.String("arn"))
		}
		targets := g.OfType("aws:cloudwatch/eventTarget:EventTarget")
		if len(targets) != 4 || len(rules) != 3 {
			t.Errorf("%d rules and %d targets, want 3 and 4", len(rules), len(targets))
		}
		for _, target := range targets {
			expect(t, target, "deadLetterConfig.arn", queue.String("arn"))
			expect(t, target, "retryPolicy.maximumRetryAttempts", 185.0)
			expect(t, target, "retryPolicy.maximumEventAgeInSeconds", 86400.0)
		}
		policy := parsePolicy(t, g.OfType("aws:sqs/queuePolicy:QueuePolicy")[0].String("policy"))
		sources := policy.Statement[1].Condition["ArnLike"]["aws:SourceArn"]
		slices.Sort(rules)
		slices.Sort(sources)
		if !slices.Equal(sources, rules) {
			t.Errorf("the queue admits %v, want exactly the rules %v", sources, rules)
		}
	})
}

// An AWS-managed key cannot let services in: EventBridge and alarms would drop what they have to say without an error.
func TestMessagesAreEncryptedWithAKeyThatAdmitsTheirSenders(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		alias := "alias/airline-" + g.Stack + "-messages"
		expect(t, g.OfType("aws:sqs/queue:Queue")[0], "kmsMasterKeyId", alias)
		expect(t, g.OfType("aws:sns/topic:Topic")[0], "kmsMasterKeyId", alias)
		for _, key := range g.OfType("aws:kms/key:Key") {
			expect(t, key, "enableKeyRotation", true)
			if key.Name != "messages" {
				continue
			}
			for _, service := range []string{"events.amazonaws.com", "cloudwatch.amazonaws.com"} {
				if !strings.Contains(key.String("policy"), `"Service":"`+service+`"`) {
					t.Errorf("the key of messages does not admit %s", service)
				}
			}
		}
	})
}

func TestAlarms(t *testing.T) {
	want := map[string]string{
		"ingest-flights-failed": "ExecutionsFailed", "ingest-flights-timed-out": "ExecutionsTimedOut",
		"load-airports-failed": "ExecutionsFailed", "load-airports-timed-out": "ExecutionsTimedOut",
		"ingest-flights-not-kept": "InvocationsFailedToBeSentToDlq", "load-airports-not-kept": "InvocationsFailedToBeSentToDlq",
		"reconcile-failed": "ExecutionsFailed", "reconcile-timed-out": "ExecutionsTimedOut", "reconcile-not-kept": "InvocationsFailedToBeSentToDlq",
		"undelivered-events": "ApproximateNumberOfMessagesVisible", "job-failed": "glue.error.ALL",
		"flights-rejected": "RejectRatio", "airports-rejected": "RejectRatio",
		"flights-stale": "ExecutionsSucceeded",
	}
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		topic := g.OfType("aws:sns/topic:Topic")[0].String("arn")
		got := map[string]string{}
		for _, a := range g.OfType("aws:cloudwatch/metricAlarm:MetricAlarm") {
			got[a.Name] = a.String("metricName")
			expect(t, a, "alarmActions[0]", topic)
			expect(t, a, "okActions[0]", topic)
			expect(t, a, "actionsEnabled", true)
		}
		for name, metric := range want {
			if got[name] != metric {
				t.Errorf("alarm %s watches %q, want %q", name, got[name], metric)
			}
		}
		for name := range got {
			if want[name] == "" {
				t.Errorf("nobody has said what alarm %s watches", name)
			}
		}
		for _, a := range g.OfType("aws:cloudwatch/metricAlarm:MetricAlarm") {
			if a.String("metricName") == "RejectRatio" {
				// Measured by the machines, which must name the same metric.
				for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
					measures := strings.Contains(m.String("definition"), `"`+a.String("dimensions.Dataset")+`"`) && strings.Contains(m.String("definition"), `"RejectRatio"`)
					if measures && !strings.Contains(m.String("definition"), `"Namespace": "`+a.String("namespace")+`"`) {
						t.Errorf("alarm %s watches the namespace %s, machine %s writes to another", a.Name, a.String("namespace"), m.Name)
					}
				}
				expect(t, a, "threshold", 0.02)
				expect(t, a, "statistic", "Maximum")
			}
			if a.Name == "flights-stale" {
				expect(t, a, "treatMissingData", "breaching")
				expect(t, a, "evaluationPeriods", 26.0)
			}
		}
	})
}

// A file whose event was lost is looked for every day, in both datasets.
func TestFilesAreReconciledEveryDay(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		inputs := map[string]bool{}
		for _, rule := range g.OfType("aws:cloudwatch/eventRule:EventRule") {
			if rule.Name != reconcile {
				continue
			}
			expect(t, rule, "scheduleExpression", "cron(0 0 * * ? *)")
			expect(t, rule, "state", "ENABLED")
			for _, target := range g.OfType("aws:cloudwatch/eventTarget:EventTarget") {
				if target.String("rule") == rule.String("name") {
					expect(t, target, "arn", "arn:aws:states:"+g.Region+":"+g.Account+":stateMachine:airline-"+g.Stack+"-reconcile:live")
					inputs[target.String("input")] = true
				}
			}
		}
		for _, want := range []string{
			`{"dataset":"airports","prefix":"airports/","after":"airports/"}`,
			`{"dataset":"flights","prefix":"daily-flights/","after":"daily-flights/"}`,
		} {
			if !inputs[want] {
				t.Errorf("the daily rule starts with %v, want %s among them", inputs, want)
			}
		}
	})
}

// What starts a machine starts the version that was published last, through the alias.
func TestMachinesArePublishedAndEncrypted(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		aliases := map[string]*recorder.Resource{}
		for _, a := range g.OfType("aws:sfn/alias:Alias") {
			aliases[a.Name] = a
		}
		key := ""
		for _, k := range g.OfType("aws:kms/key:Key") {
			if k.Name == dataKey {
				key = k.String("arn")
			}
		}
		for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
			expect(t, m, "publish", true)
			expect(t, m, "encryptionConfiguration.type", "CUSTOMER_MANAGED_KMS_KEY")
			expect(t, m, "encryptionConfiguration.kmsKeyId", key)
			alias := aliases[m.Name]
			if alias == nil {
				t.Errorf("machine %s has no alias", m.Name)
				continue
			}
			expect(t, alias, "name", "live")
			expect(t, alias, "routingConfigurations[0].stateMachineVersionArn", m.String("stateMachineVersionArn"))
			expect(t, alias, "routingConfigurations[0].weight", 100.0)
		}
		for _, target := range g.OfType("aws:cloudwatch/eventTarget:EventTarget") {
			if !strings.HasSuffix(target.String("arn"), ":live") {
				t.Errorf("target %s starts %s, not a published version", target.Name, target.String("arn"))
			}
		}
	})
}

func TestMachinesAreLoggedAndTraced(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		machines := g.OfType("aws:sfn/stateMachine:StateMachine")
		if len(machines) != len(machineThings) {
			t.Fatalf("%d machines, want %v", len(machines), machineThings)
		}
		for _, m := range machines {
			group := "/aws/vendedlogs/states/airline-" + g.Stack + "-" + m.Name
			expect(t, m, "loggingConfiguration.level", "ALL")
			expect(t, m, "loggingConfiguration.includeExecutionData", true)
			expect(t, m, "loggingConfiguration.logDestination", "arn:aws:logs:"+g.Region+":"+g.Account+":log-group:"+group+":*")
			expect(t, m, "tracingConfiguration.enabled", true)
			if !json.Valid([]byte(m.String("definition"))) {
				t.Errorf("the definition of %s is no JSON", m.Name)
			}
		}
		for _, group := range g.OfType("aws:cloudwatch/logGroup:LogGroup") {
			if days, _ := group.Get("retentionInDays"); days == nil {
				t.Errorf("log group %s is kept for ever", group.String("name"))
			}
			if group.String("kmsKeyId") == "" {
				t.Errorf("log group %s is not encrypted", group.String("name"))
			}
		}
	})
}

func TestCrawlersKeepTheCatalogWhole(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		crawlers := g.OfType("aws:glue/crawler:Crawler")
		if len(crawlers) != 2 {
			t.Fatalf("%d crawlers, want 2", len(crawlers))
		}
		for _, c := range crawlers {
			expect(t, c, "schemaChangePolicy.deleteBehavior", "LOG")
			expect(t, c, "classifiers[0]", "airline-"+g.Stack+"-csv")
			expect(t, c, "securityConfiguration", "airline-"+g.Stack+"-glue")
			for _, want := range []string{"MergeNewColumns", "InheritFromTable"} {
				if !strings.Contains(c.String("configuration"), want) {
					t.Errorf("crawler %s: configuration lacks %s", c.Name, want)
				}
			}
		}
	})
}

func TestCatalogIsEncrypted(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		settings := g.OfType("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")
		if len(settings) != 1 {
			t.Fatalf("%d settings of the catalog's encryption, want 1", len(settings))
		}
		expect(t, settings[0], "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", "SSE-KMS")
		key := settings[0].String("dataCatalogEncryptionSettings.encryptionAtRest.sseAwsKmsKeyId")
		if !strings.HasPrefix(key, "arn:aws:kms:") {
			t.Errorf("the catalog is encrypted with %q, want the stack's key", key)
		}
		for _, s := range g.OfType("aws:glue/securityConfiguration:SecurityConfiguration") {
			for _, path := range []string{
				"cloudwatchEncryption.cloudwatchEncryptionMode", "s3Encryption.s3EncryptionMode", "jobBookmarksEncryption.jobBookmarksEncryptionMode",
			} {
				if mode := s.String("encryptionConfiguration." + path); !strings.HasSuffix(mode, "-KMS") {
					t.Errorf("security configuration %s: %s = %q", s.Name, path, mode)
				}
			}
		}
	})
}

func TestJobTakesItsRowsFromItsArguments(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		job := g.OfType("aws:glue/job:Job")[0]
		expect(t, job, "glueVersion", "5.1")
		expect(t, job, "maxRetries", 0.0)
		expect(t, job, "defaultArguments.--job-bookmark-option", "job-bookmark-disable")
		for _, on := range []string{"--enable-metrics", "--enable-observability-metrics", "--enable-continuous-cloudwatch-log"} {
			expect(t, job, "defaultArguments."+on, "true")
		}
		expect(t, job, "jobRunQueuingEnabled", false)
		expect(t, job, "securityConfiguration", "airline-"+g.Stack+"-glue")
		if n, _ := job.Get("executionProperty.maxConcurrentRuns"); n == nil || n.(float64) < 1 {
			t.Errorf("maxConcurrentRuns = %v", n)
		}
		if n, _ := job.Get("timeout"); n == nil {
			t.Error("the job may run for ever")
		}
		script := strings.TrimPrefix(job.String("command.scriptLocation"), "s3://"+testBucket(g, "scripts")+"/")
		keys := map[string]bool{}
		for _, o := range g.OfType("aws:s3/bucketObjectv2:BucketObjectv2") {
			keys[o.String("key")] = true
			if o.String("content") == "" {
				t.Errorf("object %s is empty", o.String("key"))
			}
		}
		if !keys[script] {
			t.Errorf("the script %s is not among the uploaded objects %v", script, keys)
		}
	})
}

func TestWarehouseIsPrivateAndEncrypted(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		serverless := g.OfType("aws:redshiftserverless/workgroup:Workgroup")
		clusters := g.OfType("aws:redshift/cluster:Cluster")
		if len(serverless)+len(clusters) != 1 {
			t.Fatalf("%d workgroups and %d clusters, want one of either", len(serverless), len(clusters))
		}
		if len(serverless) == 1 != (g.Config["airline:warehouse"] == "serverless") {
			t.Errorf("the warehouse is not %s", g.Config["airline:warehouse"])
		}
		for _, w := range append(serverless, clusters...) {
			expect(t, w, "publiclyAccessible", false)
			expect(t, w, "enhancedVpcRouting", true)
		}
		for _, w := range serverless {
			parameters, _ := w.Get("configParameters")
			if got := len(parameters.([]any)); got != 9 {
				t.Errorf("%d parameters, want all 9: those left out show up as changes", got)
			}
			if !strings.Contains(encode(parameters), `{"parameterKey":"require_ssl","parameterValue":"true"}`) {
				t.Error("the workgroup does not require TLS")
			}
			if len(g.OfType("aws:redshiftserverless/usageLimit:UsageLimit")) != 1 {
				t.Error("the workgroup has no usage limit")
			}
		}
		for _, c := range clusters {
			expect(t, c, "encrypted", true)
			expect(t, c, "manageMasterPassword", true)
			if c.String("kmsKeyId") == "" || c.String("clusterSubnetGroupName") == "" {
				t.Error("the cluster has no key or no subnets of its own")
			}
		}
		for _, rule := range g.OfType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
			if rule.String("prefixListId") == "" || rule.String("cidrIpv4") != "" {
				t.Errorf("the warehouse may reach more than S3: %v", rule.Inputs)
			}
		}
		for _, group := range g.OfType("aws:ec2/securityGroup:SecurityGroup") {
			if ingress, ok := group.Get("ingress"); ok {
				t.Errorf("security group %s lets in %v", group.Name, ingress)
			}
		}
	})
}

// Tables and users exist before rights are given, rights before the first execution, and rights are given again with new
// tables.
func TestStatementsRunInOrder(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		all := map[string]*recorder.Resource{}
		for _, s := range g.OfType("aws:redshiftdata/statement:Statement") {
			all[strings.TrimPrefix(s.Name, "warehouse-")] = s
			if s.String("secretArn") == "" {
				t.Errorf("statement %s does not run as administrator", s.Name)
			}
		}
		waits := func(name string, before ...string) {
			t.Helper()
			for _, b := range before {
				if all[name] == nil || all[b] == nil || !slices.Contains(all[name].Dependencies, all[b].URN) {
					t.Errorf("statement %s does not wait for %s", name, b)
				}
			}
		}
		tables := []string{"table-01", "table-02", "table-03", "table-04"}
		for i, sql := range etl.DDL() {
			expect(t, all[tables[i]], "sql", sql)
			if i > 0 {
				waits(tables[i], tables[0])
			}
		}
		waits("usage", append(tables, "ingest-flights-user", "load-airports-user", "reconcile-user")...)
		waits("loading", "usage")
		waits("reading", "loading")
		stack := "IAMR:airline-" + g.Stack
		for name, want := range map[string]string{
			"ingest-flights-user": `CREATE USER "` + stack + `-ingest-flights" PASSWORD DISABLE`,
			"usage":               `GRANT USAGE ON SCHEMA airlines TO "` + stack + `-ingest-flights", "` + stack + `-load-airports", "` + stack + `-reconcile" /* tables `,
			"loading":             `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA airlines TO "` + stack + `-ingest-flights", "` + stack + `-load-airports" /* tables `,
			"reading":             `GRANT SELECT ON ALL TABLES IN SCHEMA airlines TO "` + stack + `-reconcile" /* tables `,
		} {
			if got := all[name].String("sql"); !strings.HasPrefix(got, want) {
				t.Errorf("statement %s is %s, want it to begin with %s", name, got, want)
			}
		}
		for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
			if !slices.Contains(m.Dependencies, all["reading"].URN) {
				t.Errorf("machine %s does not wait for its rights", m.Name)
			}
		}
	})
}

func TestGrantsChangeWithTheTables(t *testing.T) {
	args := WarehouseArgs{Names: testNames, Tables: etl.DDL(), Loaders: []string{ingestFlights}, Readers: []string{reconcile}}
	before := args.grants()
	args.Tables = append(args.Tables, "CREATE TABLE IF NOT EXISTS airlines.new (id BIGINT)")
	for i, g := range args.grants() {
		if g.what != before[i].what || g.sql == before[i].sql {
			t.Errorf("grant %s stays the same with another table: it would not run again", g.what)
		}
	}
}

func TestDashboardNamesWhatExists(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		boards := g.OfType("aws:cloudwatch/dashboard:Dashboard")
		if len(boards) != 1 {
			t.Fatalf("%d dashboards, want 1", len(boards))
		}
		var body struct {
			Widgets []struct {
				Type        string
				X, Y, Width int
				Properties  struct {
					Alarms  []string
					Metrics [][]any
				}
			}
		}
		if err := json.Unmarshal([]byte(boards[0].String("dashboardBody")), &body); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{"ALL": true, "count": true, "error": true, "flights": true, "airports": true}
		for _, r := range g.Resources {
			names[r.String("name")], names[r.String("arn")] = true, true
		}
		taken := map[[2]int]bool{}
		for _, w := range body.Widgets {
			if at := [2]int{w.X, w.Y}; taken[at] || w.X+w.Width > 24 {
				t.Errorf("a widget stands on another or beyond the edge at %v", at)
			} else {
				taken[at] = true
			}
			for _, arn := range w.Properties.Alarms {
				if !names[arn] {
					t.Errorf("the dashboard shows the alarm %s, which does not exist", arn)
				}
			}
			for _, m := range w.Properties.Metrics {
				for i := 3; i < len(m); i += 2 { // namespace, metric, then dimension and value by turns
					if value, ok := m[i].(string); ok && !names[value] {
						t.Errorf("the dashboard shows %v of %s, which does not exist", m[:2], value)
					}
				}
			}
		}
	})
}
