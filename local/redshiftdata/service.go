// Package redshiftdata is Amazon Redshift behind its Data API, on this machine: a workgroup or cluster whose
// database is one DuckDB file.
//
// Whoever operates the pipeline calls it as it would call AWS:
//
//	out, err := svc.BatchExecuteStatement(ctx, &redshiftdata.BatchExecuteStatementInput{
//		WorkgroupName: aws.String("airline-dev"), Database: aws.String("airline"), Sqls: statements, ClientToken: token,
//	})
//	... svc.DescribeStatement(ctx, &redshiftdata.DescribeStatementInput{Id: out.Id}) // until FINISHED, FAILED or ABORTED
//
// A batch is one transaction on one connection. COPY reads Parquet objects through S3 as the role that it
// names and checks them against the table. Statements take time of the virtual clock, writers wait for each
// other, and nothing is committed before a statement is FINISHED.
//
// Queries, changes of rows, tables and views are read and translated by package redshift. The other statements (COPY, GRANT, CALL,
// DROP ...) are read here; what is handed to DuckDB as it is written passes a guard (tokens.go) that knows what both read alike.
package redshiftdata

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/asl/sim"
	"airline/local/door"
)

// Objects is the part of S3 that COPY and UNLOAD need.
type Objects interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
}

// Service answers the Redshift Data API for the stack's one workgroup or cluster.
type Service struct {
	rowModel int64 // 0 without
	door     *door.Door
	clock    *sim.Clock
	objects  Objects
	file     string // of the database

	namespaces map[string]*namespace
	endpoint   *endpoint
	warehouse  *warehouse
	access     *access

	executions map[string]*execution
	order      []*execution
	active     int                   // submitted or started
	tokens     map[string]*execution // by ClientToken
	writer     *execution            // the one that holds the tables
	waiting    []*execution
	billedTo   time.Time // RPU seconds are paid up to here
	interfere  func(sqls []string) error
	repeatable bool // see OneThread
	host       string
	port       int32 // see Address

	results     *sim.Spill // see UseSpill; nil without
	isolation   *isolation
	credentials *credentials
	activity    *activity
}

// New makes the service. file is the database's file; it is created when a namespace or cluster is deployed.
func New(d *door.Door, clock *sim.Clock, objects Objects, file string) *Service {
	return &Service{
		door: d, clock: clock, objects: objects, file: file,
		namespaces: map[string]*namespace{}, executions: map[string]*execution{}, tokens: map[string]*execution{},
		isolation: newIsolation(), credentials: &credentials{now: time.Now}, activity: newActivity(),
	}
}

// UseSpill sets where the rows of queries are kept for as long as the API gives them, before a warehouse is deployed. Without it they stay
// in memory.
func (s *Service) UseSpill(spill *sim.Spill) { s.results = spill }

// OneThread has the warehouse, which is deployed later, compute on one thread: the same statements at the same times give the same
// rows in the same order, and RANDOM the same numbers. Clients of PostgreSQL's protocol, who work beside the world, then only read.
func (s *Service) OneThread() { s.repeatable = true }

// Interfere sets what may undo a batch of writes at the last moment, as other users of a warehouse do: f is asked
// before each commit, and its error is what the execution fails with.
func (s *Service) Interfere(f func(sqls []string) error) { s.interfere = f }

// SerializationFailure is Redshift's complaint about transactions that got into each other's way.
const SerializationFailure = "ERROR: 1023\n  Detail: Serializable isolation violation on table - 104321, transactions forming the cycle are: 5012, 5014 (pid:1073750044)"

// Close writes the warehouse's file and closes it. Statements that have not finished are rolled back.
func (s *Service) Close() error {
	for _, e := range s.order {
		if e.session != nil {
			e.session.rollback()
			e.session = nil
		}
	}
	if s.warehouse == nil {
		return nil
	}
	w := s.warehouse
	s.warehouse = nil
	return w.close()
}

// namespace is the serverless database behind a workgroup.
type namespace struct {
	// theirs is a warehouse that was there before: its owner has given it the roles, and knows its databases and secrets.
	theirs bool

	arn       string
	database  string
	admin     string
	secret    string
	secretKey string
	roles     []string
}

// endpoint is where statements are sent: a workgroup or a cluster.
type endpoint struct {
	serverless bool
	name, arn  string
	id         string // a workgroup's
	namespace         // a cluster has these too
	capacity   float64
	workgroup  workgroupFacts
	cluster    clusterFacts
	tags       map[string]string
}
