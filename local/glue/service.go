// Package glue is AWS Glue in the local world: a data catalog, crawlers that really infer schemas and partitions from
// the objects they crawl, and job runs that really execute the deployed transform.
//
//	svc := glue.New(door, clock, s3, logs, roleARN, arn)
//	_, err := svc.StartCrawler(ctx, &glue.StartCrawlerInput{Name: aws.String("airline-dev-flights")})
//	... svc.GetCrawler(ctx, ...) // RUNNING, STOPPING, READY, in virtual time
//
// Crawlers and job runs act as the roles they are deployed with: every object they read, every table and log line
// they write is a call of its own, authorised for that role.
package glue

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/asl/sim"
	"airline/etl/duckdb"
	"airline/local/cloudwatch"
	"airline/local/door"
)

// Objects is the part of S3 that crawlers and jobs need.
type Objects interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
}

// Service answers Glue's API. Its methods of the SDK's client go through the door.
type Service struct {
	rows    int64 // of the model; 0 without
	door    *door.Door
	clock   *sim.Clock
	objects Objects
	logs    *cloudwatch.Service
	roleARN func(name string) (string, bool)
	arn     func(service, resource string) string

	lake       Lake
	keys       Keys
	catalogKey string // encrypts the catalog; empty without

	databases   map[string]*database
	classifiers map[string]types.CsvClassifier
	crawlers    map[string]*crawler
	jobs        map[string]*job
	kept        State // of an earlier world
	scheduled   int   // timers of scheduled crawlers

	engine  duckdb.Engine // of all job runs
	threads int           // of it; 0 for what fits the objects
}

// OneThread has job runs compute on one thread, so that they write the same bytes whenever they run.
func (s *Service) OneThread() { s.threads = 1 }

// New makes the service. roleARN finds a role of the stack by its name, arn makes the ARN of a regional resource.
func New(
	d *door.Door, clock *sim.Clock, objects Objects, logs *cloudwatch.Service,
	roleARN func(name string) (string, bool), arn func(service, resource string) string,
) *Service {
	return &Service{
		door: d, clock: clock, objects: objects, logs: logs, roleARN: roleARN, arn: arn,
		databases: map[string]*database{}, classifiers: map[string]types.CsvClassifier{},
		crawlers: map[string]*crawler{}, jobs: map[string]*job{},
	}
}

// Close gives back what job runs have left for those after them. Nothing may be called afterwards.
func (s *Service) Close() error { return s.engine.Close() }

func notFound(format string, args ...any) error {
	return &types.EntityNotFoundException{Message: aws.String(fmt.Sprintf(format, args...))}
}

func invalidInput(format string, args ...any) error {
	return &types.InvalidInputException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// catalogNeeds are the permissions of a call on the catalog: the action on the catalog, the database and,
// where there is one, the table ("Data Catalog resource ARNs" in the Glue Developer Guide).
func (s *Service) catalogNeeds(action string, database, table *string) []door.Request {
	needs := []door.Request{
		{Action: "glue:" + action, Resource: s.arn("glue", "catalog")},
		{Action: "glue:" + action, Resource: s.arn("glue", "database/"+aws.ToString(database))},
	}
	if table != nil {
		needs = append(needs, door.Request{Action: "glue:" + action, Resource: s.arn("glue", "table/"+aws.ToString(database)+"/"+aws.ToString(table))})
	}
	return needs
}

func catalogRequest() []door.Usage { return []door.Usage{{Item: "glue.catalog-request", Quantity: 1}} }
