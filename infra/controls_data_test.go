package infra

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
	"airline/local/recorder"
)

func TestCrawlersKeepTheCatalogWhole(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		crawlers := g.OfType("aws:glue/crawler:Crawler")
		if want := withMore(g).Datasets(); len(crawlers) != len(want) {
			t.Fatalf("%d crawlers, want those of %v", len(crawlers), want)
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

// The catalog's encryption is the account's: a stack sets it only when it is told to, and then leaves it and its key.
func TestCatalogIsEncryptedWhenAsked(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		asked := g.Config["airline:encryptCatalog"] == "true"
		settings := g.OfType("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")
		if len(settings) == 1 != asked {
			t.Fatalf("%d settings of the catalog's encryption, asked for: %t", len(settings), asked)
		}
		for _, s := range settings {
			expect(t, s, "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", "SSE-KMS")
			key := s.String("dataCatalogEncryptionSettings.encryptionAtRest.sseAwsKmsKeyId")
			for _, k := range g.OfType("aws:kms/key:Key") {
				if k.String("arn") == key && !k.RetainOnDelete || !s.RetainOnDelete {
					t.Error("a destroy takes the encryption of others' metadata away")
				}
			}
			if !strings.HasPrefix(key, "arn:aws:kms:") {
				t.Errorf("the catalog is encrypted with %q, want the stack's key", key)
			}
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

// foreign is an account whose catalog somebody has encrypted with a key.
type foreign struct{ key string }

func (f foreign) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

func (f foreign) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.NewPropertyMapFromMap(map[string]any{"dataCatalogEncryptionSettings": []any{map[string]any{
		"encryptionAtRests": []any{map[string]any{"catalogEncryptionMode": "SSE-KMS", "sseAwsKmsKeyId": f.key}},
	}}}), nil
}

func TestAnothersCatalogIsNotReencrypted(t *testing.T) {
	const ours = "arn:aws:kms:eu-west-1:123456789012:key/ours"
	for key, want := range map[string]string{ours: "", "arn:aws:kms:eu-west-1:123456789012:key/theirs": "which is not the key of this stack"} {
		err := pulumi.RunErr(func(ctx *pulumi.Context) error {
			role, err := NewRole(ctx, crawlerThing, &RoleArgs{Names: testNames, Thing: crawlerThing})
			if err != nil {
				return err
			}
			_, err = NewCatalog(ctx, "catalog", &CatalogArgs{
				Names: testNames, Encrypt: true, KeyARN: pulumi.String(ours), Raw: &Bucket{Name: "raw"},
				Role: role, SecurityConfiguration: pulumi.StringPtr("glue"),
			})
			return err
		}, pulumi.WithMocks("airline", "dev", foreign{key}))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("a catalog encrypted with %s: %v, want %q", key, err, want)
		}
	}
}

// What belongs to something kept is kept with it: a bucket's settings, a key's alias, the logs, and a cluster's surroundings.
func TestWhatStaysStaysWhole(t *testing.T) {
	parts := []string{
		"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketVersioningV2:BucketVersioningV2",
		"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
		"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "aws:s3/bucketLoggingV2:BucketLoggingV2",
		"aws:s3/bucketNotification:BucketNotification", "aws:kms/alias:Alias", "aws:cloudwatch/logGroup:LogGroup",
		"aws:redshift/subnetGroup:SubnetGroup", "aws:redshift/parameterGroup:ParameterGroup", "aws:redshift/logging:Logging",
	}
	seen := map[string]bool{}
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		// Whatever a bucket or a key consists of is a part of it, of whichever type.
		for _, r := range g.Resources {
			whole := strings.Contains(r.Parent, "airline:infra:Bucket::") || strings.Contains(r.Parent, "airline:infra:Key::")
			if whole && g.Stack == "prod" && !r.External && !r.RetainOnDelete {
				t.Errorf("%s %s goes with the stack, and %s stays", r.ShortType(), r.Name, r.Parent)
			}
		}
		for _, r := range g.OfType(parts...) {
			seen[r.Type] = true
			catalog := r.Name == dataKey && g.Config["airline:encryptCatalog"] == "true" // others need the key
			if want := g.Stack == "prod" || catalog; r.RetainOnDelete != want {
				t.Errorf("%s %s: retained %t, want %t", r.ShortType(), r.Name, r.RetainOnDelete, want)
			}
		}
		for _, r := range g.OfType("airline:infra:Network") {
			if want := g.Stack == "prod" && g.Config["airline:warehouse"] == "provisioned"; r.RetainOnDelete != want {
				t.Errorf("the network is retained %t, want %t: a kept cluster lives in it", r.RetainOnDelete, want)
			}
		}
	})
	for _, part := range parts {
		if !seen[part] {
			t.Errorf("no stack has a %s: the test saw nothing of it", part)
		}
	}
}

func TestFinalSnapshotIsNewWithTheCluster(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, c := range g.OfType("aws:redshift/cluster:Cluster") {
			expect(t, c, "skipFinalSnapshot", false)
			group := g.OfType("aws:ec2/securityGroup:SecurityGroup")[0]
			if !slices.Contains(c.PropertyDependencies["finalSnapshotIdentifier"], group.URN) {
				t.Errorf("the final snapshot is %q whatever cluster goes", c.String("finalSnapshotIdentifier"))
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
		if version := strings.Split(job.String("command.scriptLocation"), "/")[4]; !strings.HasSuffix(job.String("defaultArguments.--sql"), "/sql/"+version+"/") {
			t.Errorf("the script is of version %s, and the SQL at %s", version, job.String("defaultArguments.--sql"))
		}
		script := strings.TrimPrefix(job.String("command.scriptLocation"), "s3://"+testBucket(g, "scripts")+"/")
		keys := map[string]bool{}
		for _, o := range g.OfType("aws:s3/bucketObjectv2:BucketObjectv2") {
			keys[o.String("key")] = true
			if !o.RetainOnDelete {
				t.Errorf("an update takes %s from the runs that use it", o.String("key"))
			}
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
			// AWS's own default requires TLS; a list would break with the next parameter that AWS adds.
			if parameters, ok := w.Get("configParameters"); ok {
				t.Errorf("the workgroup has the parameters %v, want none: they are AWS's", parameters)
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
			all[tablesVersion.ReplaceAllString(strings.TrimPrefix(s.Name, "warehouse-"), "")] = s
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
		more := moreOf(g)
		var tables []string
		for i, sql := range etl.DDL(more...) {
			tables = append(tables, fmt.Sprintf("table-%02d", i+1))
			expect(t, all[tables[i]], "sql", sql)
			if i > 0 {
				waits(tables[i], tables[0])
			}
		}
		for i, sql := range etl.Upgrade(more...) {
			expect(t, all[fmt.Sprintf("columns-%02d", i+1)], "sql", sql)
		}
		waits("columns-01", tables...)
		waits("columns-02", "columns-01")
		waits("columns-03", "columns-02")
		waits("usage", "columns-03")
		waits("ensure-user", tables[0])
		waits("reconcile-user", "ensure-user")
		users := func(machines []string) string {
			var list []string
			for _, m := range machines {
				waits("usage", m+"-user")
				list = append(list, `"IAMR:airline-`+g.Stack+`-`+m+`"`)
			}
			return strings.Join(list, ", ")
		}
		loaders, readers := users(withMore(g).loaders()), users([]string{reconcile, backfill})
		waits("usage", tables...)
		waits("loading", "usage")
		waits("reading", "loading")
		for name, want := range map[string]string{
			"ingest-flights-user": `CALL airlines.ensure_user('IAMR:airline-` + g.Stack + `-ingest-flights')`,
			"usage":               `GRANT USAGE ON SCHEMA airlines TO ` + loaders + `, ` + readers,
			"loading":             `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA airlines TO ` + loaders,
			"reading":             `GRANT SELECT ON ALL TABLES IN SCHEMA airlines TO ` + readers,
		} {
			if got := all[name].String("sql"); got != want {
				t.Errorf("statement %s is %s, want %s", name, got, want)
			}
		}
		for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
			if !slices.Contains(m.Dependencies, all["reading"].URN) {
				t.Errorf("machine %s does not wait for its rights", m.Name)
			}
		}
	})
}

// tablesVersion is what the names of grants end in.
var tablesVersion = regexp.MustCompile(`-[0-9a-f]{12}$`)

// The Data API forgets statements: a refresh finds none of their properties again, and must not replace them for it.
func TestStatementsOutliveARefresh(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		holder := g.OfType("aws:redshiftserverless/namespace:Namespace", "aws:redshift/cluster:Cluster")[0]
		id := holder.String("namespaceId")
		if id == "" {
			id = holder.String("clusterNamespaceArn")
		}
		triggers := map[string]string{}
		for _, s := range g.OfType("aws:redshiftdata/statement:Statement") {
			for property := range s.Inputs {
				if !slices.Contains(s.IgnoreChanges, property) {
					t.Errorf("statement %s: a change of %s would replace it", s.Name, property)
				}
			}
			if !strings.Contains(s.ReplacementTrigger, id) {
				t.Errorf("statement %s has the trigger %q, want one with %s: an empty database has no tables", s.Name, s.ReplacementTrigger, id)
			}
			if other := triggers[s.ReplacementTrigger]; other != "" || s.ReplacementTrigger == "" {
				t.Errorf("statement %s has the trigger %q, as %q", s.Name, s.ReplacementTrigger, other)
			}
			triggers[s.ReplacementTrigger] = s.Name
		}
	})
}

func TestStatementsRunAgainElsewhere(t *testing.T) {
	args := func() *WarehouseArgs {
		return &WarehouseArgs{Names: testNames, Config: WarehouseConfig{Kind: Serverless, Database: "airline"}}
	}
	here, database, kind := args(), args(), args()
	database.Config.Database, kind.Config.Kind = "flights", Provisioned
	if here.where("a") != args().where("a") {
		t.Error("the same statement has another trigger")
	}
	for name, other := range map[string]string{"text": here.where("b"), "database": database.where("a"), "kind": kind.where("a")} {
		if other == here.where("a") {
			t.Errorf("a statement of another %s has the same trigger: it would not run", name)
		}
	}
}

func TestGrantsChangeWithTheTables(t *testing.T) {
	args := WarehouseArgs{Names: testNames, Tables: etl.DDL(), Loaders: []string{etl.Flights.Machine()}, Readers: []string{reconcile}}
	before := args.grants()
	args.Tables = append(args.Tables, "CREATE TABLE IF NOT EXISTS airlines.new (id BIGINT)")
	for i, g := range args.grants() {
		if g.what == before[i].what || g.sql != before[i].sql {
			t.Errorf("grant %s has the same name with another table: it would not run again", g.what)
		}
	}
}
