package glue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/recorder"
	"airline/local/resource"
	"airline/local/schedule"
)

// Types says which deployed resources the service takes in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:glue/catalogDatabase:CatalogDatabase":                             s.addDatabase,
		"aws:glue/classifier:Classifier":                                       s.addClassifier,
		"aws:glue/crawler:Crawler":                                             s.addCrawler,
		"aws:glue/job:Job":                                                     s.addJob,
		"aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": s.addCatalogEncryption,
		// What Glue itself writes enciphered: logs and bookmarks. S3 and KMS are asked by the calls on objects.
		"aws:glue/securityConfiguration:SecurityConfiguration": func(*recorder.Resource) error { return nil },
	}
}

func (s *Service) addDatabase(r *recorder.Resource) error {
	var in struct {
		Name        string            `prop:"name"`
		Description string            `prop:"description"`
		Location    string            `prop:"locationUri"`
		CatalogID   any               `prop:"catalogId,ignore"`
		Default     any               `prop:"createTableDefaultPermissions,ignore"`
		Parameters  map[string]string `prop:"parameters"`
		Tags        any               `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	d := &database{
		parameters: in.Parameters,
		name:       in.Name, description: in.Description, location: in.Location, created: s.door.Now(), tables: map[string]*table{},
	}
	s.restoreTables(d)
	if s.lake != nil {
		s.lake.Create(in.Name)
	}
	s.databases[strings.ToLower(in.Name)] = d
	return nil
}

func (s *Service) addClassifier(r *recorder.Resource) error {
	var in struct {
		Name string `prop:"name"`
		CSV  *struct {
			Single     *bool    `prop:"allowSingleColumn"`
			Header     string   `prop:"containsHeader"`
			Delimiter  string   `prop:"delimiter"`
			Untrimmed  *bool    `prop:"disableValueTrimming"`
			Columns    []string `prop:"headers"`
			Quote      string   `prop:"quoteSymbol"`
			Serde      string   `prop:"serde"`
			Configured bool     `prop:"customDatatypeConfigured"`
			Types      []string `prop:"customDatatypes"`
		} `prop:"csvClassifier"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	switch {
	case in.CSV == nil:
		return resource.Problem(r, "only CSV classifiers are modelled by the local world")
	case in.CSV.Configured || len(in.CSV.Types) > 0:
		return resource.Problem(r, "custom data types are not modelled by the local world")
	}
	s.classifiers[in.Name] = types.CsvClassifier{
		Name: aws.String(in.Name), AllowSingleColumn: in.CSV.Single, ContainsHeader: types.CsvHeaderOption(in.CSV.Header),
		DisableValueTrimming: in.CSV.Untrimmed, Header: in.CSV.Columns, Serde: types.CsvSerdeOption(in.CSV.Serde),
		Delimiter: aws.String(or(in.CSV.Delimiter, ",")), QuoteSymbol: aws.String(or(in.CSV.Quote, `"`)),
	}
	return nil
}

func (s *Service) addCrawler(r *recorder.Resource) error {
	var in struct {
		Name        string   `prop:"name"`
		ARN         string   `prop:"arn,output"`
		Database    string   `prop:"databaseName"`
		Role        string   `prop:"role"`
		Prefix      string   `prop:"tablePrefix"`
		Description string   `prop:"description"`
		Classifiers []string `prop:"classifiers"`
		Config      string   `prop:"configuration"`
		Security    string   `prop:"securityConfiguration"`
		Targets     []struct {
			Path       string   `prop:"path"`
			Exclusions []string `prop:"exclusions"`
			Sample     *int64   `prop:"sampleSize"`
		} `prop:"s3Targets"`
		Policy *struct {
			Update string `prop:"updateBehavior"`
			Delete string `prop:"deleteBehavior"`
		} `prop:"schemaChangePolicy"`
		Recrawl *struct {
			Behavior string `prop:"recrawlBehavior"`
		} `prop:"recrawlPolicy"`
		Schedule string `prop:"schedule"`
		Lineage  any    `prop:"lineageConfiguration,ignore"`
		Tags     any    `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	c := &crawler{
		name: in.Name, arn: or(in.ARN, s.arn("glue", "crawler/"+in.Name)), database: in.Database, prefix: in.Prefix, description: in.Description,
		security: in.Security, configuration: in.Config, recrawl: types.RecrawlBehaviorCrawlEverything, created: s.door.Now(), state: types.CrawlerStateReady,
		update: types.UpdateBehaviorUpdateInDatabase, remove: types.DeleteBehaviorDeprecateInDatabase, seen: map[string]seenObject{}, known: map[string]*knownTable{},
	}
	if in.Policy != nil {
		c.update = types.UpdateBehavior(or(in.Policy.Update, string(c.update)))
		c.remove = types.DeleteBehavior(or(in.Policy.Delete, string(c.remove)))
	}
	if in.Recrawl != nil && in.Recrawl.Behavior != "" {
		c.recrawl = types.RecrawlBehavior(in.Recrawl.Behavior)
		if c.recrawl == types.RecrawlBehaviorCrawlEventMode {
			return resource.Problem(r, "recrawlBehavior CRAWL_EVENT_MODE is not modelled by the local world")
		}
	}
	var ok bool
	if c.role, ok = s.roleOf(in.Role); !ok {
		return resource.Problem(r, "role %q is not deployed", in.Role)
	}
	if s.databases[strings.ToLower(in.Database)] == nil {
		return resource.Problem(r, "catalog database %q is not deployed", in.Database)
	}
	for _, name := range in.Classifiers {
		csv, ok := s.classifiers[name]
		if !ok {
			return resource.Problem(r, "classifier %q is not deployed", name)
		}
		c.classifiers, c.custom = append(c.classifiers, name), append(c.custom, csv)
	}
	for _, t := range in.Targets {
		bucket, prefix, ok := splitPath(t.Path)
		if !ok {
			return resource.Problem(r, "S3 target %q is not s3://bucket/prefix", t.Path)
		}
		if t.Sample != nil {
			return resource.Problem(r, "sampleSize of an S3 target is not modelled by the local world")
		}
		excluded := make([]*regexp.Regexp, len(t.Exclusions))
		for i, pattern := range t.Exclusions {
			var err error
			if excluded[i], err = globExpression(pattern); err != nil {
				return resource.Problem(r, "exclusion %q: %v", pattern, err)
			}
		}
		c.targets = append(c.targets, target{path: t.Path, bucket: bucket, prefix: prefix, exclusions: t.Exclusions, excluded: excluded})
	}
	if len(c.targets) == 0 {
		return resource.Problem(r, "only crawlers with S3 targets are modelled by the local world")
	}
	if in.Config != "" {
		if err := c.configure(in.Config); err != nil {
			return resource.Problem(r, "configuration: %v", err)
		}
	}
	if in.Schedule != "" {
		var err error
		if c.schedule, err = schedule.Parse(in.Schedule); err != nil {
			return resource.Problem(r, "%v", err)
		}
		if c.schedule.IsRate() {
			return resource.Problem(r, "schedule %q: a crawler takes cron(minutes hours day month weekday year)", in.Schedule)
		}
		c.cron = in.Schedule
		s.arm(c)
	}
	s.restoreCrawler(c)
	s.crawlers[in.Name] = c
	return nil
}

// roleOf takes a role's ARN, name, or path and name.
func (s *Service) roleOf(role string) (string, bool) {
	if strings.HasPrefix(role, "arn:") {
		return role, true
	}
	return s.roleARN(role[strings.LastIndexByte(role, '/')+1:])
}

func splitPath(path string) (bucket, prefix string, ok bool) {
	rest, ok := strings.CutPrefix(path, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return bucket, prefix, ok && bucket != ""
}

// configure reads the crawler's configuration ("Setting crawler configuration options" in the Developer Guide).
func (c *crawler) configure(text string) error {
	var config struct {
		Version       float64
		CrawlerOutput struct {
			Partitions, Tables struct{ AddOrUpdateBehavior string }
		}
		Grouping struct {
			TableGroupingPolicy     string
			TableLevelConfiguration int
		}
		CreatePartitionIndex *bool
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&config); err != nil {
		return fmt.Errorf("%w; the local world models Version, CrawlerOutput and Grouping", err)
	}
	switch b := config.CrawlerOutput.Partitions.AddOrUpdateBehavior; b {
	case "":
	case "InheritFromTable":
		c.inherit = true
	default:
		return fmt.Errorf("Partitions.AddOrUpdateBehavior %q is not modelled by the local world", b)
	}
	switch b := config.CrawlerOutput.Tables.AddOrUpdateBehavior; b {
	case "":
	case "MergeNewColumns":
		c.merge = true
	default:
		return fmt.Errorf("Tables.AddOrUpdateBehavior %q is not modelled by the local world", b)
	}
	switch g := config.Grouping.TableGroupingPolicy; g {
	case "", "CombineCompatibleSchemas":
		c.combine = g != ""
	default:
		return fmt.Errorf("TableGroupingPolicy %q is not modelled by the local world", g)
	}
	c.level = config.Grouping.TableLevelConfiguration
	return nil
}
