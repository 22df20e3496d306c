package infra

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/workflow"
)

// hiddenPaths are the exclude patterns of what is no data: a file or folder whose name begins with "_" or ".", below the
// crawled path or deeper. See etl.Hidden.
var hiddenPaths = []string{"[_.]*", "[_.]*/**", "**/[_.]*", "**/[_.]*/**"}

// Catalog is the Glue database and the crawlers that keep it.
type Catalog struct {
	pulumi.ResourceState

	Database *glue.CatalogDatabase
	// Crawlers are one of each dataset.
	Crawlers []pulumi.Resource
}

// CatalogArgs describe the catalog.
type CatalogArgs struct {
	Names                 Names
	Raw                   *Bucket
	Role                  *Role
	SecurityConfiguration pulumi.StringPtrInput
	// Encrypt encrypts the catalog with the key: that of the whole account and region, there is only one.
	Encrypt bool
	KeyARN  pulumi.StringInput
	Protect bool
	// LakeFormation says what is granted where it governs the catalog.
	LakeFormation LakeFormation
	// Schedule is when the crawlers crawl by themselves, as Glue writes it; never when empty.
	Schedule string
}

// CrawlSchedule is how often the crawlers crawl by themselves, where they are not started for each batch.
type CrawlSchedule string

// crawlTimes are the schedules as Glue writes them, in UTC ("Time-based schedules for jobs and crawlers", AWS Glue User Guide).
var crawlTimes = map[string]string{
	"never":   "",
	"daily":   "cron(0 3 * * ? *)",
	"weekly":  "cron(0 3 ? * SUN *)",
	"monthly": "cron(0 3 1 * ? *)",
}

// crawlTimes are when the stack's crawlers crawl by themselves.
func (c *Config) crawlTimes() string {
	if c.Crawl == workflow.CrawlEach {
		return ""
	}
	return crawlTimes[string(c.CrawlSchedule)]
}

// NewCatalog makes the database, a classifier for CSV files with a header, and a crawler for each prefix. Glue names a table after the last folder of
// its path.
func NewCatalog(ctx *pulumi.Context, name string, args *CatalogArgs, opts ...pulumi.ResourceOption) (*Catalog, error) {
	c := &Catalog{}
	child, err := register(ctx, "Catalog", name, c, opts)
	if err != nil {
		return nil, err
	}
	n := args.Names
	encryption, err := args.encrypt(ctx, name, c, child)
	if err != nil {
		return nil, err
	}
	if n.Given.GlueDatabase != "" {
		c.Database, err = giveDatabase(ctx, name, n, child)
	} else {
		c.Database, err = glue.NewCatalogDatabase(ctx, name, &glue.CatalogDatabaseArgs{
			Name:        pulumi.String(n.Database()),
			Description: pulumi.String("Raw airline files as they were uploaded"),
		}, child, pulumi.DependsOn(encryption))
	}
	if err != nil {
		return nil, err
	}
	// Glue's own classifier takes a header for data when all columns are text; ours does not guess.
	classify := func(resource, thing, delimiter string) (*glue.Classifier, error) {
		return glue.NewClassifier(ctx, resource, &glue.ClassifierArgs{
			Name: pulumi.String(n.Name(thing)),
			CsvClassifier: &glue.ClassifierCsvClassifierArgs{
				ContainsHeader: pulumi.String("PRESENT"),
				Delimiter:      pulumi.String(delimiter),
				QuoteSymbol:    pulumi.String(`"`),
			},
		}, child)
	}
	commas, err := classify(name, "csv", ",")
	if err != nil {
		return nil, err
	}
	granted, err := args.grantLake(ctx, c, child)
	if err != nil {
		return nil, err
	}
	var schedule pulumi.StringPtrInput
	if args.Schedule != "" {
		schedule = pulumi.String(args.Schedule)
	}
	for _, d := range n.Datasets() {
		thing, classifier := string(d), commas
		if delimiter := d.Format().Delimiter; delimiter != "," {
			if classifier, err = classify(name+"-"+thing, "csv-"+thing, delimiter); err != nil {
				return nil, err
			}
		}
		crawler, err := glue.NewCrawler(ctx, thing, &glue.CrawlerArgs{
			Name:         pulumi.String(n.Name(thing)),
			DatabaseName: pulumi.String(n.Database()),
			Role:         args.Role.ARN,
			Classifiers:  pulumi.StringArray{classifier.Name},
			S3Targets: glue.CrawlerS3TargetArray{&glue.CrawlerS3TargetArgs{
				Path:       pulumi.String("s3://" + args.Raw.Name + "/" + d.Prefix()),
				Exclusions: pulumi.ToStringArray(hiddenPaths),
			}},
			RecrawlPolicy: &glue.CrawlerRecrawlPolicyArgs{RecrawlBehavior: pulumi.String("CRAWL_EVERYTHING")},
			SchemaChangePolicy: &glue.CrawlerSchemaChangePolicyArgs{
				UpdateBehavior: pulumi.String("UPDATE_IN_DATABASE"),
				DeleteBehavior: pulumi.String("LOG"),
			},
			Configuration:         pulumi.String(crawlerConfiguration()),
			Schedule:              schedule,
			SecurityConfiguration: args.SecurityConfiguration,
		}, child, pulumi.DependsOn(append(granted, args.Role.Ready, c.Database)))
		if err != nil {
			return nil, err
		}
		c.Crawlers = append(c.Crawlers, crawler)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"database": c.Database.Name})
}

// encrypt encrypts what enters the catalog from now on. The setting is that of the account and region: others' metadata needs
// it, too, so a destroy never takes it back. One that somebody else has made is refused.
func (args *CatalogArgs) encrypt(ctx *pulumi.Context, name string, c *Catalog, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	if !args.Encrypt {
		return nil, nil
	}
	key, err := args.ownCatalog(ctx, c)
	if err != nil {
		return nil, err
	}
	settings, err := glue.NewDataCatalogEncryptionSettings(ctx, name, &glue.DataCatalogEncryptionSettingsArgs{
		DataCatalogEncryptionSettings: &glue.DataCatalogEncryptionSettingsDataCatalogEncryptionSettingsArgs{
			EncryptionAtRest: &glue.DataCatalogEncryptionSettingsDataCatalogEncryptionSettingsEncryptionAtRestArgs{
				CatalogEncryptionMode: pulumi.String("SSE-KMS"),
				SseAwsKmsKeyId:        key,
			},
			ConnectionPasswordEncryption: &glue.DataCatalogEncryptionSettingsDataCatalogEncryptionSettingsConnectionPasswordEncryptionArgs{
				ReturnConnectionPasswordEncrypted: pulumi.Bool(true),
				AwsKmsKeyId:                       key,
			},
		},
	}, append(keepData(args.Protect), child, pulumi.RetainOnDelete(true))...)
	return []pulumi.Resource{settings}, err
}

// ownCatalog is the stack's key, unless the catalog is encrypted with another one: what is encrypted with that could not be
// read by those who have ours.
func (args *CatalogArgs) ownCatalog(ctx *pulumi.Context, c *Catalog) (pulumi.StringPtrOutput, error) {
	present, err := glue.LookupDataCatalogEncryptionSettings(ctx, &glue.LookupDataCatalogEncryptionSettingsArgs{
		CatalogId: args.Names.Account,
	}, pulumi.Parent(c))
	if err != nil {
		return pulumi.StringPtrOutput{}, fmt.Errorf("reading the encryption of the account's catalog: %w", err)
	}
	theirs := ""
	for _, settings := range present.DataCatalogEncryptionSettings {
		for _, at := range settings.EncryptionAtRests {
			if at.CatalogEncryptionMode != "DISABLED" && at.CatalogEncryptionMode != "" {
				theirs = at.SseAwsKmsKeyId
			}
		}
	}
	return args.KeyARN.ToStringOutput().ApplyT(func(ours string) (*string, error) {
		if theirs != "" && theirs != ours {
			return nil, fmt.Errorf("encryptCatalog: the Glue catalog of account %s in %s is encrypted with %s, which is not the key of this stack; "+
				"leave the setting to the stack that has made it, or take that back first", args.Names.Account, args.Names.Region, theirs)
		}
		return &ours, nil
	}).(pulumi.StringPtrOutput), nil
}

// crawlerConfiguration keeps one table for a prefix whatever a single file looks like: new columns are merged in,
// partitions follow the table, and tables lie at the first folder below the bucket (level 2).
func crawlerConfiguration() string {
	text, err := json.Marshal(map[string]any{
		"Version": 1.0,
		"CrawlerOutput": map[string]any{
			"Partitions": map[string]any{"AddOrUpdateBehavior": "InheritFromTable"},
			"Tables":     map[string]any{"AddOrUpdateBehavior": "MergeNewColumns"},
		},
		"Grouping": map[string]any{
			"TableGroupingPolicy":     "CombineCompatibleSchemas",
			"TableLevelConfiguration": 2,
		},
	})
	if err != nil {
		// Maps of strings and numbers always encode.
		panic(err)
	}
	return string(text)
}

// glueSecurity is the security configuration of crawlers and job.
const glueSecurity = "glue"

// newGlueSecurity encrypts what crawlers and the job write besides the buckets' own settings.
func newGlueSecurity(
	ctx *pulumi.Context, n Names, key pulumi.StringInput, opts ...pulumi.ResourceOption,
) (*glue.SecurityConfiguration, error) {
	arn := key.ToStringOutput().ToStringPtrOutput()
	return glue.NewSecurityConfiguration(ctx, glueSecurity, &glue.SecurityConfigurationArgs{
		Name: pulumi.String(n.Name(glueSecurity)),
		EncryptionConfiguration: &glue.SecurityConfigurationEncryptionConfigurationArgs{
			CloudwatchEncryption: &glue.SecurityConfigurationEncryptionConfigurationCloudwatchEncryptionArgs{
				CloudwatchEncryptionMode: pulumi.String("SSE-KMS"), KmsKeyArn: arn,
			},
			JobBookmarksEncryption: &glue.SecurityConfigurationEncryptionConfigurationJobBookmarksEncryptionArgs{
				JobBookmarksEncryptionMode: pulumi.String("CSE-KMS"), KmsKeyArn: arn,
			},
			S3Encryption: &glue.SecurityConfigurationEncryptionConfigurationS3EncryptionArgs{
				S3EncryptionMode: pulumi.String("SSE-KMS"), KmsKeyArn: arn,
			},
		},
	}, opts...)
}
