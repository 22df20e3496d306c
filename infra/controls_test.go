package infra

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

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
func TestTrailLogsOnlyChangesOfTheRawPrefixes(t *testing.T) {
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
		"eventName":     {"PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject"},
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
		queue := named(g, "aws:sqs/queue:Queue", undeliveredThing)
		var rules []string
		for _, r := range g.OfType("aws:cloudwatch/eventRule:EventRule") {
			rules = append(rules, r.String("arn"))
		}
		targets := g.OfType("aws:cloudwatch/eventTarget:EventTarget")
		// Each dataset has a rule, and a target of it and of the rule of reconcile.
		if loaded := len(withMore(g).Datasets()); len(targets) != 2*loaded || len(rules) != loaded+1 {
			t.Errorf("%d rules and %d targets, want %d and %d", len(rules), len(targets), loaded+1, 2*loaded)
		}
		for _, target := range targets {
			expect(t, target, "deadLetterConfig.arn", queue.String("arn"))
			expect(t, target, "retryPolicy.maximumRetryAttempts", 185.0)
			expect(t, target, "retryPolicy.maximumEventAgeInSeconds", 86400.0)
		}
		policy := parsePolicy(t, named(g, "aws:sqs/queuePolicy:QueuePolicy", undeliveredThing).String("policy"))
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
		for _, queue := range g.OfType("aws:sqs/queue:Queue") {
			expect(t, queue, "kmsMasterKeyId", alias)
		}
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
		"backfill-failed": "ExecutionsFailed", "backfill-timed-out": "ExecutionsTimedOut",
		"reconcile-failed": "ExecutionsFailed", "reconcile-timed-out": "ExecutionsTimedOut", "reconcile-not-kept": "InvocationsFailedToBeSentToDlq",
		"undelivered-events": "ApproximateNumberOfMessagesVisible", "job-failed": "glue.error.ALL",
		"flights-rejected": "RejectRatio", "airports-rejected": "RejectRatio",
		"flights-stale": "RowsRead", "notifications-failed": "NumberOfNotificationsFailed",
	}
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		want := maps.Clone(want)
		for _, d := range moreOf(g) {
			want[d.Machine()+"-failed"], want[d.Machine()+"-timed-out"], want[d.Machine()+"-not-kept"] = "ExecutionsFailed", "ExecutionsTimedOut", "InvocationsFailedToBeSentToDlq"
			want[string(d)+"-rejected"] = "RejectRatio"
		}
		if g.Config["airline:engine"] == "auto" {
			want["flights-small-run-failed"], want["airports-small-run-failed"] = "SmallRunsFailed", "SmallRunsFailed"
		}
		topic := g.OfType("aws:sns/topic:Topic")[0].String("arn")
		got := map[string]string{}
		for _, a := range g.OfType("aws:cloudwatch/metricAlarm:MetricAlarm") {
			got[a.Name] = a.String("metricName")
			expect(t, a, "alarmActions[0]", topic)
			expect(t, a, "okActions[0]", topic)
			expect(t, a, "actionsEnabled", true)
		}
		for _, q := range g.OfType("aws:sqs/queue:Queue") {
			if q.Name != undeliveredThing {
				want[q.Name+"-late"] = "ApproximateAgeOfOldestMessage"
			}
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
			if strings.HasSuffix(a.Name, "-late") {
				expect(t, a, "dimensions.QueueName", "airline-"+g.Stack+"-"+strings.TrimSuffix(a.Name, "-late"))
				expect(t, a, "threshold", 60.0+15*60)
				expect(t, a, "statistic", "Maximum")
			}
			if a.Name == "flights-stale" {
				expect(t, a, "dimensions.Dataset", "flights")
				// Before the first file there is no data, which is no alarm; when it ends after that, it is told.
				expect(t, a, "treatMissingData", "missing")
				expect(t, a, "insufficientDataActions[0]", topic)
				expect(t, a, "evaluationPeriods", 26.0)
			}
		}
	})
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
		names := map[string]bool{"ALL": true, "count": true, "error": true}
		for _, d := range withMore(g).Datasets() {
			names[string(d)] = true
		}
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
