package recorded_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"airline/asl/ast"
	"airline/policy/rules"
)

// change is one change of what our stack registers.
type change struct {
	variant string // "dev" when empty
	kind    string // short type of the resource that is changed
	name    string // its logical name
	make    func(*rules.Resource)
	drop    bool // the resource is taken out
	// add is a resource that the stack gets instead.
	add  *rules.Resource
	also []string // other rules that fire with it
	// settings are the configuration, where the rule needs one.
	settings func(*rules.Settings)
}

// set writes a value at a path; nil removes what stands there.
func set(path string, v any) func(*rules.Resource) {
	return func(r *rules.Resource) {
		var p property.Path
		if err := p.UnmarshalText([]byte(path)); err != nil {
			panic(err)
		}
		var to property.Value
		switch v := v.(type) {
		case nil:
		case int:
			to = property.New(float64(v))
		case []string:
			list := []property.Value{}
			for _, e := range v {
				list = append(list, property.New(e))
			}
			to = property.New(list)
		default:
			var err error
			if to, err = property.Any(v); err != nil {
				panic(err)
			}
		}
		put := func(m property.Map) property.Map {
			changed, err := p.Set(property.New(m), to)
			if err != nil {
				panic(err)
			}
			return changed.AsMap()
		}
		r.Inputs, r.Outputs = put(r.Inputs), put(r.Outputs)
	}
}

// edit replaces a part of a text, such as a policy.
func edit(path, old, new string) func(*rules.Resource) {
	return func(r *rules.Resource) {
		text := r.Inputs.Get(path).AsString()
		if !strings.Contains(text, old) {
			panic(r.Title() + " has no " + old + " in " + path + ": " + text)
		}
		set(path, strings.Replace(text, old, new, 1))(r)
	}
}

func retain(on bool) func(*rules.Resource) {
	return func(r *rules.Resource) { r.RetainOnDelete = &on }
}

func protect(on bool) func(*rules.Resource) {
	return func(r *rules.Resource) { r.Protect = on }
}

// another is a resource that our stack does not have.
func another(kind string, inputs map[string]property.Value) *rules.Resource {
	tags := property.New(map[string]property.Value{
		"project": property.New("airline"), "stack": property.New("airline-dev"), "owner": property.New("data-platform"),
	})
	m := property.NewMap(inputs).Set("tags", tags)
	return &rules.Resource{Type: kind, Name: "another", URN: "urn:pulumi:dev::airline::" + kind + "::another", Inputs: m, Outputs: m}
}

// parameters are those of a workgroup, of which require_ssl has the value.
func parameters(tls string) func(*rules.Resource) {
	return set("configParameters", property.NewArray([]property.Value{
		property.New(map[string]property.Value{"parameterKey": text("require_ssl"), "parameterValue": text(tls)}),
	}))
}

func text(s string) property.Value { return property.New(s) }

const allow = `"Statement":[{"Effect":"Allow",`

// changes break each rule once.
var changes = map[string]change{
	"s3-tls-only":            {kind: "BucketPolicy", name: "raw", make: edit("policy", `"aws:SecureTransport":"false"`, `"aws:SecureTransport":"true"`)},
	"s3-public-access-block": {kind: "BucketPublicAccessBlock", name: "raw", make: set("blockPublicPolicy", false)},
	"s3-no-acls":             {kind: "BucketOwnershipControls", name: "raw", make: set("rule.objectOwnership", "BucketOwnerPreferred")},
	"s3-cmk":                 {kind: "BucketServerSideEncryptionConfigurationV2", name: "raw", make: set("rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId", "alias/aws/s3")},
	"s3-versioning":          {kind: "BucketVersioningV2", name: "raw", make: set("versioningConfiguration.status", "Suspended")},
	"s3-access-log":          {kind: "BucketLoggingV2", name: "raw", drop: true},
	"s3-lifecycle":           {kind: "BucketLifecycleConfigurationV2", name: "raw", make: set("rules[0].noncurrentVersionExpiration", nil)},
	"s3-abort-multipart":     {kind: "BucketLifecycleConfigurationV2", name: "raw", make: set("rules[0].abortIncompleteMultipartUpload", nil)},
	"s3-no-foreign-accounts": {kind: "BucketPolicy", name: "raw", make: edit("policy", `"Statement":[`, allow+`"Principal":{"AWS":"444455556666"},"Action":"s3:PutBucketPolicy","Resource":"arn:aws:s3:::airline-dev-raw-123456789012"},`)},
	"s3-no-public-policy":    {kind: "BucketPolicy", name: "raw", make: edit("policy", `"Statement":[`, allow+`"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::airline-dev-raw-123456789012/*"},`)},

	"kms-rotation":          {kind: "Key", name: "data", make: set("enableKeyRotation", false)},
	"kms-policy":            {kind: "Key", name: "data", make: set("policy", nil)},
	"kms-no-star-principal": {kind: "Key", name: "data", make: edit("policy", `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`, `"Principal":{"AWS":"*"}`)},
	"kms-deletion-window":   {variant: "prod", kind: "Key", name: "data", make: set("deletionWindowInDays", 7)},

	"redshift-cmk":                 {variant: "prod", kind: "Cluster", name: "warehouse", make: set("kmsKeyId", nil)},
	"redshift-private":             {variant: "prod", kind: "Cluster", name: "warehouse", make: set("publiclyAccessible", true)},
	"redshift-tls":                 {variant: "prod", kind: "ParameterGroup", name: "warehouse", make: set("parameters", nil)},
	"redshift-audit-log":           {variant: "prod", kind: "Logging", name: "warehouse", make: set("logExports", []string{"connectionlog"})},
	"redshift-enhanced-routing":    {variant: "prod", kind: "Cluster", name: "warehouse", make: set("enhancedVpcRouting", false)},
	"redshift-snapshots":           {variant: "prod", kind: "Cluster", name: "warehouse", make: set("automatedSnapshotRetentionPeriod", 1)},
	"redshift-upgrade":             {variant: "prod", kind: "Cluster", name: "warehouse", make: set("allowVersionUpgrade", false)},
	"redshift-default-user":        {variant: "prod", kind: "Cluster", name: "warehouse", make: set("masterUsername", "awsuser")},
	"redshift-default-database":    {variant: "prod", kind: "Cluster", name: "warehouse", make: set("databaseName", "dev")},
	"redshift-role-trust":          {kind: "Role", name: "copy", make: edit("assumeRolePolicy", "dbuser:serverless-123456789012-*/IAMR:airline-dev-ingest-flights\",\"arn:aws:redshift:eu-west-1:123456789012:dbuser:serverless-123456789012-*/IAMR:airline-dev-load-airports", "dbuser:airline-dev/*")},
	"redshift-statement-forgotten": {kind: "Statement", name: "warehouse-table-01", make: func(r *rules.Resource) { r.IgnoreChanges = nil }},
	"redshift-statement-repeats":   {kind: "Statement", name: "warehouse-reconcile-user", make: set("sql", `CREATE USER "IAMR:airline-dev-reconcile" PASSWORD DISABLE`)},
	"redshift-in-vpc":              {variant: "prod", kind: "Cluster", name: "warehouse", make: set("clusterSubnetGroupName", nil)},

	"serverless-cmk":              {kind: "Namespace", name: "warehouse", make: set("kmsKeyId", nil)},
	"serverless-private":          {kind: "Workgroup", name: "warehouse", make: set("publiclyAccessible", true)},
	"serverless-enhanced-routing": {kind: "Workgroup", name: "warehouse", make: set("enhancedVpcRouting", false)},
	"serverless-tls":              {kind: "Workgroup", name: "warehouse", make: parameters("false"), also: []string{"serverless-parameters"}},
	"serverless-parameters":       {kind: "Workgroup", name: "warehouse", make: parameters("true")},
	"serverless-logs":             {kind: "Namespace", name: "warehouse", make: set("logExports", []string{"userlog"})},
	"serverless-default-user":     {kind: "Namespace", name: "warehouse", make: set("adminUsername", "admin")},
	"serverless-default-database": {kind: "Namespace", name: "warehouse", make: set("dbName", "dev")},
	"serverless-usage-limit":      {kind: "UsageLimit", name: "warehouse", make: set("usageType", "cross-region-datasharing")},

	"glue-security-configuration": {kind: "Crawler", name: "flights", make: set("securityConfiguration", nil)},
	"glue-security-encrypts":      {kind: "SecurityConfiguration", name: "glue", make: set("encryptionConfiguration.jobBookmarksEncryption.jobBookmarksEncryptionMode", "DISABLED")},
	"glue-catalog-encryption":     {add: another("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings", nil)},
	"glue-version":                {kind: "Job", name: "load", make: set("glueVersion", "2.0")},
	"glue-job-timeout":            {kind: "Job", name: "load", make: set("timeout", nil)},
	"glue-job-concurrency":        {kind: "Job", name: "load", make: set("executionProperty", nil)},
	"glue-job-no-secret":          {kind: "Job", name: "load", make: set(`defaultArguments["--jdbc"]`, "jdbc:redshift://loader:hunter2@host/db")},
	"glue-job-bookmarks-off":      {kind: "Job", name: "load", make: set(`defaultArguments["--job-bookmark-option"]`, "job-bookmark-enable")},
	"glue-crawler-deletes":        {kind: "Crawler", name: "flights", make: set("schemaChangePolicy.deleteBehavior", "DEPRECATE_IN_DATABASE")},
	"glue-crawler-columns":        {kind: "Crawler", name: "flights", make: edit("configuration", "MergeNewColumns", "InheritFromTable")},

	"machine-valid":          {kind: "StateMachine", name: "ingest-flights", make: edit("definition", `"MaxAttempts": 60`, `"MaxAttempts": -1`)},
	"machine-timeout":        {kind: "StateMachine", name: "ingest-flights", make: edit("definition", `"TimeoutSeconds": 43200,`, ``)},
	"machine-retries":        {kind: "StateMachine", name: "ingest-flights", make: machine(func(d *ast.Definition) { d.State("NotifySuccess").Retry = nil })},
	"machine-failures-told":  {kind: "StateMachine", name: "ingest-flights", make: edit("definition", `"Comment": "Told by `, `"Comment": "Kept from `)},
	"machine-loops-bounded":  {kind: "StateMachine", name: "ingest-flights", make: machine(func(d *ast.Definition) { uncounted(d.State("GetCrawlerCheck").Choices) })},
	"machine-grants-missing": {kind: "RolePolicy", name: "ingest-flights", make: edit("policy", "glue:GetCrawler", "glue:StartCrawler")},
	"machine-grants-excess":  {kind: "RolePolicy", name: "ingest-flights", make: edit("policy", `"glue:GetCrawler"`, `"glue:GetCrawler","glue:DeleteCrawler"`)},
	"machine-names-exist":    {kind: "Crawler", name: "airports", make: renamed("airline-dev-ports")},

	"sfn-logging": {kind: "StateMachine", name: "ingest-flights", make: set("loggingConfiguration.includeExecutionData", false)},
	"sfn-tracing": {kind: "StateMachine", name: "ingest-flights", make: set("tracingConfiguration.enabled", false)},

	"cloudtrail-cmk":             {variant: "dev cloudtrail", kind: "Trail", name: "trail", make: set("kmsKeyId", nil)},
	"cloudtrail-validation":      {variant: "dev cloudtrail", kind: "Trail", name: "trail", make: set("enableLogFileValidation", nil)},
	"cloudtrail-on":              {variant: "dev cloudtrail", kind: "Trail", name: "trail", make: set("enableLogging", false)},
	"cloudtrail-data-only":       {variant: "dev cloudtrail", kind: "Trail", name: "trail", make: set("advancedEventSelectors[0].fieldSelectors[0].equals", []string{"Data", "Management"})},
	"cloudtrail-writes-only":     {variant: "dev cloudtrail", kind: "Trail", name: "trail", make: set("advancedEventSelectors[0].fieldSelectors[2].equals", []string{"true"})},
	"cloudtrail-not-into-itself": {variant: "dev cloudtrail", kind: "Trail", name: "trail", make: set("s3BucketName", "airline-dev-raw-123456789012")},

	"sns-cmk":        {kind: "Topic", name: "notifications", make: set("kmsMasterKeyId", nil)},
	"sns-not-public": {kind: "TopicPolicy", name: "notifications", make: edit("policy", `"Statement":[`, allow+`"Principal":"*","Action":"sns:Publish","Resource":"*"},`)},
	"sqs-cmk":        {kind: "Queue", name: "undelivered", make: set("kmsMasterKeyId", nil)},
	"sqs-not-public": {kind: "QueuePolicy", name: "undelivered", make: edit("policy", `"sqs:SendMessage"`, `"sqs:*"`)},

	"pipe-source-dlq":     {variant: "dev gathering", kind: "Queue", name: "gather-flights", make: set("redrivePolicy", nil)},
	"pipe-source-hidden":  {variant: "dev gathering", kind: "Queue", name: "gather-flights", make: set("visibilityTimeoutSeconds", 60)},
	"pipe-source-watched": {variant: "dev gathering", kind: "MetricAlarm", name: "gather-flights-late", drop: true},
	"sqs-tls-only":        {kind: "QueuePolicy", name: "undelivered", make: edit("policy", `"aws:SecureTransport":"false"`, `"aws:SecureTransport":"true"`)},

	"events-target-dlq":      {kind: "EventTarget", name: "ingest-flights", make: set("deadLetterConfig", nil)},
	"events-target-retry":    {kind: "EventTarget", name: "ingest-flights", make: set("retryPolicy", nil)},
	"events-dlq-policy":      {kind: "QueuePolicy", name: "undelivered", make: edit("policy", "rule/airline-dev-load-airports", "rule/airline-dev-others")},
	"events-dlq-alarms":      {kind: "MetricAlarm", name: "undelivered-events", make: set("metricName", "ApproximateAgeOfOldestMessage")},
	"events-no-failed-calls": {variant: "dev cloudtrail", kind: "EventRule", name: "ingest-flights", make: edit("eventPattern", `"errorCode":[{"exists":false}],`, ``)},
	"events-bus-policy":      {add: another("aws:cloudwatch/eventBus:EventBus", map[string]property.Value{"name": text("files")})},
	"events-key-admits":      {kind: "Key", name: "messages", make: edit("policy", `{"Service":"cloudwatch.amazonaws.com"}`, `{"Service":"sns.amazonaws.com"}`)},
	"scheduler-cmk":          {add: another("aws:scheduler/schedule:Schedule", map[string]property.Value{"name": text("nightly")})},

	"logs-retention": {variant: "prod", kind: "LogGroup", name: "ingest-flights", make: set("retentionInDays", 30)},
	"logs-cmk":       {kind: "LogGroup", name: "ingest-flights", make: set("kmsKeyId", nil)},
	"alarm-actions":  {kind: "MetricAlarm", name: "flights-stale", make: set("actionsEnabled", false)},

	"iam-document-valid":   {kind: "RolePolicy", name: "events", make: edit("policy", `"Effect":"Allow"`, `"Effect":"Permit"`)},
	"iam-no-admin":         {kind: "RolePolicy", name: "events", make: edit("policy", `"states:StartExecution"`, `"*"`)},
	"iam-no-star-resource": {kind: "RolePolicy", name: "copy", make: edit("policy", `"Resource":"arn:aws:s3:::airline-dev-staging-123456789012/loads/*"`, `"Resource":"*"`)},
	"iam-no-exceptions":    {kind: "RolePolicy", name: "events", make: edit("policy", `"Action":"states:StartExecution"`, `"NotAction":"states:StopExecution"`)},
	"iam-passrole-limited": {kind: "RolePolicy", name: "events", make: edit("policy", `"Statement":[`, allow+`"Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/airline-dev-job"},`)},
	"iam-trust-conditioned": {kind: "Role", name: "job", make: set("assumeRolePolicy",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)},
	"iam-oidc-claims": {kind: "Role", name: "job", make: set("assumeRolePolicy",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/api.pulumi.com/oidc"},`+
			`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"api.pulumi.com/oidc:aud":"aws:example"}}}]}`)},
	"iam-previews-read": {variant: "dev with a deployer", kind: "Role", name: "deployer", make: edit("assumeRolePolicy", "operation:preview", "operation:destroy")},

	"secrets-cmk": {kind: "Namespace", name: "warehouse", make: set("adminPasswordSecretKmsKeyId", nil)},
	"secrets-rotation": {add: another("aws:secretsmanager/secret:Secret", map[string]property.Value{
		"name": text("loader"), "kmsKeyId": text("arn:aws:kms:eu-west-1:123456789012:key/1234"),
	})},

	"vpc-no-public-ip":         {kind: "Subnet", name: "network-isolated-1", make: set("mapPublicIpOnLaunch", true)},
	"vpc-flow-logs":            {kind: "FlowLog", name: "network", make: set("trafficType", "ACCEPT")},
	"vpc-default-group-closed": {kind: "DefaultSecurityGroup", name: "network", make: set("ingress", property.NewArray([]property.Value{property.New(map[string]property.Value{"self": property.New(true)})}))},
	"sg-no-open-ingress": {add: another("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", map[string]property.Value{
		"cidrIpv4": text("0.0.0.0/0"),
	})},
	"sg-no-open-egress": {kind: "SecurityGroupEgressRule", name: "network", make: set("cidrIpv4", "0.0.0.0/0")},

	"stack-kept-whole":             {variant: "prod", kind: "BucketPublicAccessBlock", name: "raw", make: retain(false)},
	"stack-production-keeps-logs":  {variant: "prod", kind: "LogGroup", name: "ingest-flights", make: retain(false)},
	"stack-account-settings-stay":  {variant: "dev encrypted catalog", kind: "DataCatalogEncryptionSettings", name: "catalog", make: retain(false)},
	"redshift-final-snapshot-name": {variant: "prod", kind: "Cluster", name: "warehouse", make: func(r *rules.Resource) { r.PropertyDependencies = nil }},
	"stack-production-keeps-data":  {variant: "prod", kind: "BucketV2", name: "raw", make: protect(false)},
	"stack-development-lets-go":    {kind: "BucketV2", name: "raw", make: protect(true)},
	"stack-tags":                   {kind: "Queue", name: "undelivered", make: set("tags.owner", nil)},
	"stack-regions": {kind: "aws", name: "aws", make: set("region", "us-east-1"),
		settings: func(s *rules.Settings) { s.AllowedRegions = []string{"eu-west-1"} }},
}

// renamed gives the resource another physical name.
func renamed(name string) func(*rules.Resource) {
	return func(r *rules.Resource) {
		set("name", name)(r)
		r.Outputs = r.Outputs.Delete("id", "arn")
	}
}

// machine changes the definition.
func machine(make func(*ast.Definition)) func(*rules.Resource) {
	return func(r *rules.Resource) {
		d, err := ast.ParseString(r.Inputs.Get("definition").AsString())
		if err != nil {
			panic(err)
		}
		make(d)
		text, err := d.MarshalJSON()
		if err != nil {
			panic(err)
		}
		set("definition", string(text))(r)
	}
}

// uncounted lets every rule that counts ask for something else.
func uncounted(list []*ast.Rule) {
	for _, r := range list {
		if strings.HasPrefix(string(r.Operator), "Numeric") {
			r.Operator, r.Operand = "IsPresent", true
		}
		uncounted(r.And)
		uncounted(r.Or)
	}
}

// find is the resource of that short type and name.
func find(t testing.TB, s *rules.Stack, kind, name string) *rules.Resource {
	t.Helper()
	i := slices.IndexFunc(s.Resources, func(r *rules.Resource) bool {
		return r.Name == name && r.Type[strings.LastIndexByte(r.Type, ':')+1:] == kind
	})
	if i < 0 {
		t.Fatalf("the stack has no %s %s", kind, name)
	}
	return s.Resources[i]
}

// Each change of our own stack makes its rule fire, and no other.
func TestEachRuleFiresAlone(t *testing.T) {
	for _, rule := range rules.All() {
		c, ok := changes[rule.ID]
		if !ok {
			t.Errorf("%s: no change of our stack breaks it", rule.ID)
			continue
		}
		t.Run(rule.ID, func(t *testing.T) {
			variant := c.variant
			if variant == "" {
				variant = "dev"
			}
			s := registered(t, variant, false)
			resources := s.Resources
			switch {
			case c.add != nil:
				resources = append(slices.Clone(resources), c.add)
			case c.drop:
				gone := find(t, s, c.kind, c.name)
				resources = slices.DeleteFunc(slices.Clone(resources), func(r *rules.Resource) bool { return r == gone })
			default:
				c.make(find(t, s, c.kind, c.name))
			}
			settings := rules.DefaultSettings()
			if c.settings != nil {
				c.settings(settings)
			}
			fired := map[string][]string{}
			for _, f := range rules.Judge(rules.NewStack(resources), settings, today).Findings {
				fired[f.Rule.ID] = append(fired[f.Rule.ID], string(f.Verdict)+" "+f.String())
			}
			if len(fired[rule.ID]) == 0 || !strings.HasPrefix(fired[rule.ID][0], "violation") {
				t.Errorf("the rule does not fire: %v", fired)
			}
			delete(fired, rule.ID)
			for _, other := range c.also {
				delete(fired, other)
			}
			if len(fired) > 0 {
				t.Errorf("other rules fire, too: %v", fired)
			}
		})
	}
}
