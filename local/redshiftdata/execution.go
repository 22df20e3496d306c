package redshiftdata

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local/door"
	"airline/local/redshift"
	"airline/local/redshift/catalog"
)

// execution is one ExecuteStatement or BatchExecuteStatement.
type execution struct {
	id       string
	batch    bool
	sqls     []string
	values   map[string]string
	params   []types.SqlParameter
	user     string // of the database
	owner    door.Principal
	secret   string
	name     string
	database string

	status           types.StatusString
	created, updated time.Time
	duration         time.Duration
	err              error
	parsed           []*statement     // until it is over
	kinds            []string         // SELECT, COPY ... of the statements
	copies           []*copyStatement // of the statements; nil of those that are no COPY
	outcomes         []outcome
	took             []time.Duration
	at               int // index of the statement that runs, or failed
	session          *session
	writes           bool
	fingerprint      string
}

// Times that a statement takes; rough figures of a small workgroup.
const (
	pickup       = 300 * time.Millisecond // from SUBMITTED to STARTED
	perStatement = 120 * time.Millisecond // parse, compile, execute something small
	copyStartup  = 2 * time.Second        // Spectrum workers for a COPY of Parquet
	commitTime   = 250 * time.Millisecond
	// A statement changes that many rows a second, COPY too. Time goes by rows and never by bytes: the
	// size of a Parquet file is not the same in every run.
	rowsPerTime = 500_000
)

// perform parses and runs all statements in one transaction. On success the session stays open, to be
// committed; on an error everything is rolled back and x.at says which statement failed.
func (s *Service) perform(ctx context.Context, x *execution) error {
	if x.parsed == nil {
		if err := s.parseAll(x); err != nil {
			return err
		}
	}
	session, err := s.warehouse.begin(ctx)
	if err != nil {
		return err
	}
	for i, st := range x.parsed {
		x.at = i
		out, took, err := s.performOne(ctx, session, x, st)
		x.took = append(x.took, took)
		if err != nil {
			session.rollback()
			return err
		}
		x.outcomes = append(x.outcomes, out)
	}
	x.session = session
	return nil
}

func (s *Service) parseAll(x *execution) error {
	for i, sql := range x.sqls {
		x.at = i
		st, err := parse(sql)
		if err != nil {
			x.parsed = nil
			return err
		}
		if x.batch && st.verb == "truncate" {
			x.parsed = nil
			return errors.New("ERROR: TRUNCATE commits the transaction it runs in: use DELETE in a batch")
		}
		if alone := st.alone(); x.batch && alone != "" {
			x.parsed = nil
			return fmt.Errorf("ERROR: %s cannot run inside a transaction block", alone)
		}
		if x.batch && st.verb == "vacuum" {
			x.parsed = nil
			return errors.New("ERROR: VACUUM cannot run inside a transaction block")
		}
		x.parsed, x.kinds, x.copies = append(x.parsed, st), append(x.kinds, strings.ToUpper(st.verb)), append(x.copies, st.copy)
		x.writes = x.writes || !st.hasResult()
	}
	x.at = 0
	return nil
}

func (s *Service) performOne(ctx context.Context, session *session, x *execution, st *statement) (outcome, time.Duration, error) {
	session.changes = session.changes || !st.hasResult()
	if st.query != nil {
		sql := s.sqlSession(ctx, session, x)
		err := st.translate(sql)
		if err == nil {
			err = st.show.found(sql)
		}
		if err != nil {
			return outcome{}, perStatement, err
		}
	}
	err := st.place(func(table string) (name, error) {
		return locate(session.relations, defaultPath, table)
	})
	if err == nil {
		err = s.access.check(x.user, st)
	}
	if err != nil {
		return outcome{}, perStatement, err
	}
	if st.grant != nil && st.grant.user != nil {
		s.access.keep(session)
		return outcome{rows: -1}, perStatement, s.applyUser(st.grant.user)
	}
	if st.grant != nil {
		if n := st.grant.table; n.Table != "" { // which has to be there
			if rel, err := session.relation(n); err != nil {
				return outcome{}, perStatement, err
			} else if rel == nil {
				return outcome{}, perStatement, fmt.Errorf("ERROR: relation %q does not exist", n)
			}
		}
		s.access.keep(session)
		err := s.access.apply(st.grant, func(schema string) ([]name, error) { return session.tables(ctx, schema) })
		if d := st.grant.drop; err == nil && d != nil && d.kind == "user" {
			for _, user := range d.names {
				s.credentials.drop(user)
			}
		}
		return outcome{rows: -1}, perStatement, err
	}
	if st.procedure != nil {
		s.access.keep(session)
		s.access.procedures[st.procedure.name] = st.procedure
		return outcome{rows: -1}, perStatement, nil
	}
	if st.called != nil {
		return outcome{rows: -1}, perStatement, s.performCall(ctx, session, x, st.called)
	}
	took := perStatement
	if st.unload != nil {
		rows, spent, err := s.unloadObjects(ctx, session, st, x.user)
		return outcome{rows: rows}, took + spent, err
	}
	var objects []object
	if st.copy != nil {
		var spent time.Duration
		var err error
		objects, spent, err = s.fetch(ctx, st.copy, x.user)
		took += copyStartup + spent
		if err != nil {
			return outcome{}, took, err
		}
	}
	out, err := session.run(ctx, st, x.values, objects)
	if err == nil {
		s.access.follow(session, x.user, st, out.dropped)
	}
	took += time.Duration(s.modelled(max(out.rows, 0))) * time.Second / rowsPerTime
	return out, took, err
}

// defaultPath is the search path of sessions that have set none.
var defaultPath = []string{"public"}

// sqlSession is what a statement's meaning depends on.
func (s *Service) sqlSession(ctx context.Context, session *session, x *execution) *redshift.Session {
	return &redshift.Session{
		Now: s.door.Now(), Database: s.endpoint.database, User: x.user, Account: s.account(x.user, 0), SearchPath: defaultPath,
		Catalog: &relations{Catalog: session.relations, system: sync.OnceValue(func() *catalog.Catalog {
			return s.system(catalog.State{User: x.user, Path: defaultPath, Now: s.door.Now(), Bound: bindings(ctx, session.tx, s.door.Now())})
		})},
	}
}

// role takes on a role of the warehouse's for a user.
func (s *Service) role(ctx context.Context, role, user string) (context.Context, error) {
	if !s.endpoint.theirs && !slices.Contains(s.endpoint.roles, role) {
		return nil, fmt.Errorf("ERROR: Not authorized to get credentials of role %s\n  Detail: the role is not associated with %s (iamRoles)", role, s.endpoint.name)
	}
	as, err := s.assume(ctx, role, user)
	if err != nil {
		return nil, fmt.Errorf("ERROR: Not authorized to get credentials of role %s\n  Detail: %w", role, err)
	}
	return as, nil
}

// list gives the keys of a bucket that begin so.
func (s *Service) list(as context.Context, bucket, prefix string) ([]string, error) {
	var keys []string
	list := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
	for {
		page, err := s.objects.ListObjectsV2(as, list)
		if err != nil {
			return nil, s3Error(err, "Listing bucket="+bucket+" prefix="+prefix)
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
		if !aws.ToBool(page.IsTruncated) {
			return keys, nil
		}
		list.ContinuationToken = page.NextContinuationToken
	}
}

// assume takes on the role of a user's COPY. The trust of a workgroup's role names two services ("Granting permissions to
// Amazon Redshift Serverless", Redshift Management Guide), and which of them asks is not documented: each must get the role.
func (s *Service) assume(ctx context.Context, role, user string) (as context.Context, err error) {
	services := []string{"redshift.amazonaws.com"}
	if s.endpoint.serverless {
		services = []string{"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}
	}
	for _, service := range services {
		as, err = s.door.Assume(ctx, door.Assumption{Role: role, Service: service, ExternalID: s.endpoint.userARN(user), Session: "RedshiftIamRoleSession"})
		if err != nil {
			return nil, err
		}
	}
	return as, nil
}

// userARN is the ARN of a database user, which names the cluster, or the account and id of the workgroup ("Restricting access
// to IAM roles", Redshift Management Guide).
func (e *endpoint) userARN(user string) string {
	part := strings.SplitN(e.arn, ":", 6)
	warehouse := e.name
	if e.serverless {
		warehouse = "serverless-" + part[4] + "-" + e.id
	}
	return strings.Join([]string{part[0], part[1], "redshift", part[3], part[4], "dbuser:" + warehouse + "/" + user}, ":")
}

func s3Error(err error, doing string) error {
	return fmt.Errorf("ERROR: S3ServiceException:%w\n  Detail: %s", err, doing)
}

// writeFile gives an object's body a name that DuckDB may read: a link where the body is a file itself.
func writeFile(path string, body io.ReadCloser) error {
	defer body.Close()
	if f, ok := body.(interface{ Name() string }); ok && os.Link(f.Name(), path) == nil {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err = io.Copy(f, body); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// submit queues an execution: STARTED after the pickup time, then the statements, then the commit.
func (s *Service) submit(x *execution) {
	s.executions[x.id] = x
	s.order = append(s.order, x)
	s.active++
	s.clock.After(pickup, func() {
		if x.status != types.StatusStringSubmitted {
			return
		}
		s.update(x, types.StatusStringStarted)
		if err := s.parseAll(x); err != nil {
			s.fail(x, err)
			return
		}
		if x.writes && s.writer != nil {
			s.waiting = append(s.waiting, x)
			return
		}
		s.start(x)
	})
}

func (s *Service) start(x *execution) {
	if x.writes {
		s.writer = x
	}
	err := s.perform(context.Background(), x)
	if err == nil && x.writes && s.interfere != nil {
		if err = s.interfere(x.sqls); err != nil {
			x.session.rollback()
			x.session = nil
		}
	}
	total := commitTime
	for _, t := range x.took {
		total += t
	}
	s.bill(total)
	s.clock.After(total, func() {
		x.duration = total
		switch {
		case x.status != types.StatusStringStarted: // cancelled meanwhile
			return
		case err != nil:
			s.fail(x, err)
			return
		}
		if err := x.session.commit(); err != nil {
			x.session = nil
			s.fail(x, redshift.DuckError(err))
			return
		}
		x.session = nil
		s.update(x, types.StatusStringFinished)
		s.release(x)
	})
}

func (s *Service) fail(x *execution, err error) {
	x.err = err
	s.update(x, types.StatusStringFailed)
	s.release(x)
}

// Model takes the time of statements that touch rows from a number of rows instead of their own.
func (s *Service) Model(rows int64) { s.rowModel = rows }

func (s *Service) modelled(rows int64) int64 {
	if s.rowModel > 0 && rows > 0 {
		return s.rowModel
	}
	return rows
}

// release lets the next writer have the tables.
func (s *Service) release(x *execution) {
	if s.writer != x {
		return
	}
	s.writer = nil
	for len(s.waiting) > 0 && s.writer == nil {
		next := s.waiting[0]
		s.waiting = s.waiting[1:]
		if next.status == types.StatusStringStarted {
			s.start(next)
		}
	}
}

func (s *Service) update(x *execution, status types.StatusString) {
	x.status, x.updated = status, s.door.Now()
	if status != types.StatusStringStarted { // it is over
		x.parsed = nil
		s.active--
	}
}

// bill meters a workgroup's capacity: by the second, at least a minute whenever it wakes up.
func (s *Service) bill(d time.Duration) {
	if !s.endpoint.serverless {
		return
	}
	from := s.door.Now()
	until := from.Add(d)
	if from.Before(s.billedTo) {
		from = s.billedTo
	} else if d < time.Minute {
		until = from.Add(time.Minute)
	}
	if until.After(from) {
		s.billedTo = until
		// The item is on the price list, so metering cannot fail.
		_ = s.door.Meter(door.Usage{Item: "redshift-serverless.rpu", Quantity: s.endpoint.capacity * until.Sub(from).Hours()})
	}
}
