package glue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/local/door"
)

// load is the work of one run: what the job's script does in AWS, with DuckDB in the place of Spark. Every
// object is read and written by a call of the job's role.
type load struct {
	*Service
	run       *jobRun
	log       runLog
	arguments map[string]string
	args      duckdb.Args // what all objects have in common
	limit     *float64    // --max_reject_ratio
	dir       string      // for what S3 does not keep as a file by itself
	open      []io.Closer
}

func (l *load) do(ctx context.Context) (etl.BatchResult, error) {
	none := etl.BatchResult{}
	if err := l.checkScript(ctx); err != nil {
		return none, err
	}
	if err := checkArguments(l.arguments); err != nil {
		return none, err
	}
	if err := l.prepare(); err != nil {
		return none, err
	}
	defer l.close()
	var err error
	if l.args.SQL, err = l.queries(ctx); err != nil {
		return none, err
	}
	for _, with := range l.args.Dataset.Joined() {
		files, err := l.joined(ctx, with)
		if err != nil {
			return none, err
		}
		l.args.Joined = append(l.args.Joined, files...)
	}
	work := l.one
	if l.arguments[etl.ArgumentObjects] != "" {
		work = l.all
	}
	return work(ctx)
}

// one loads the object of the arguments; what it is refused for fails the run.
func (l *load) one(ctx context.Context) (etl.BatchResult, error) {
	a := l.arguments
	o := etl.Object{Bucket: a[etl.ArgumentBucket], Key: a[etl.ArgumentKey], Version: a[etl.ArgumentVersion], LoadID: a[etl.ArgumentLoadID]}
	to := l.place(0, o, a[etl.ArgumentStaging], a[etl.ArgumentStaging])
	if err := l.bring(ctx, to); err != nil {
		return etl.BatchResult{}, err
	}
	manifest, err := l.engine.Run(ctx, to.args)
	if err == nil {
		err = l.settle(ctx, to, manifest)
	}
	if err != nil {
		return etl.BatchResult{}, err
	}
	return etl.Summarize([]etl.Outcome{outcomeOf(o, manifest, nil)}), nil
}

// placed is an object with the places of what is made of it.
type placed struct {
	object        etl.Object
	staging, rows string      // where the manifest and the rejects, and where the rows are to be
	args          duckdb.Args // Object is missing until it is brought
}

// place says where on this machine the nth of several objects is worked on.
func (l *load) place(n int, o etl.Object, staging, rows string) *placed {
	args := l.args
	args.Source, args.LoadID = etl.Source{Bucket: o.Bucket, Key: o.Key, Version: o.Version}, o.LoadID
	args.Output = filepath.Join(l.dir, "output", strconv.Itoa(n))
	if rows != staging {
		args.Rows = rows
	}
	return &placed{o, staging, rows, args}
}

// bring has the object on this machine, and nothing of an earlier run at its place in S3.
func (l *load) bring(ctx context.Context, p *placed) error {
	if err := l.clear(ctx, p.staging, ""); err != nil {
		return err
	}
	var err error
	if p.args.Object, err = l.fetch(ctx, p.object.Bucket, p.object.Key, &p.object.Version); err != nil {
		return &unreadableError{p.object.Key, err}
	}
	return nil
}

// settle takes the time that the load of an object takes, and writes what it made to S3. Rows of which too many were rejected are nobody's to load.
func (l *load) settle(ctx context.Context, p *placed, m etl.Manifest) error {
	defer os.RemoveAll(p.args.Output)
	door.Spend(ctx, l.takes(l.modelled(m.RowsRead)))
	refused := l.refused(m)
	if refused != nil && p.rows != p.staging {
		m.Files = []string{}
		if err := duckdb.WriteManifest(p.args.Output, m); err != nil {
			return err
		}
	}
	if err := l.upload(ctx, p.args.Output, p.staging, p.rows, m); err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	return nil
}

// takes is how long a run works on so many rows.
func (l *load) takes(rows int64) time.Duration {
	switch {
	case !l.run.job.shell:
		return time.Duration(rows) * time.Second / time.Duration(rowsPerSecond*max(1, l.run.workers-1)) // one has the driver
	case l.run.capacity < 1:
		return time.Duration(rows) * time.Second / shellRows
	default:
		return time.Duration(rows) * time.Second / (4 * shellRows)
	}
}

// refused applies --max_reject_ratio. Rows that the delay filter took are rejected but have no fault.
func (l *load) refused(m etl.Manifest) *etl.RefusedError {
	if l.limit == nil {
		return nil
	}
	return etl.TooManyRejects(m, *l.limit)
}

// ratio reads an argument that is a share; nil when it is not given.
func (l *load) ratio(name string) (*float64, error) {
	text := l.arguments[name]
	if text == "" {
		return nil, nil
	}
	limit, err := strconv.ParseFloat(text, 64)
	if err != nil || !(0 <= limit && limit <= 1) {
		return nil, fmt.Errorf("job arguments: %s %q must be a number from 0 to 1", name, text)
	}
	return &limit, nil
}

// checkScript reads the deployed script and the modules that Glue puts beside it. Python does not run here: the local world executes what
// the project's own script does, so any other script cannot be run.
func (l *load) checkScript(ctx context.Context) error {
	script := etl.JobScript
	if l.run.job.shell {
		script = etl.SmallJobScript
		if !strings.HasPrefix(l.arguments["--additional-python-modules"], "duckdb==") {
			return errors.New("ModuleNotFoundError: No module named 'duckdb'")
		}
	}
	files := []string{l.run.job.script}
	if given := l.arguments["--extra-py-files"]; given != "" {
		files = append(files, strings.Split(given, ",")...)
	}
	read := map[string]bool{}
	for _, file := range files {
		bucket, key, ok := strings.Cut(strings.TrimPrefix(file, "s3://"), "/")
		if !ok {
			return fmt.Errorf("the script location %s is not s3://bucket/key", file)
		}
		deployed, err := l.read(ctx, bucket, key)
		if err != nil {
			return err
		}
		own, err := fs.ReadFile(etl.Files, "job/"+path.Base(key))
		if err != nil || !bytes.Equal(own, deployed) || file == l.run.job.script && path.Base(key) != path.Base(script) {
			return fmt.Errorf("the script %s is not the one of this project's etl/job: Python scripts cannot be run locally, only what that one does", file)
		}
		read["job/"+path.Base(key)] = true
	}
	modules, err := fs.Glob(etl.Files, etl.JobModules)
	if err != nil {
		return err
	}
	for _, module := range modules {
		if !read[module] {
			return fmt.Errorf("ModuleNotFoundError: No module named '%s'", strings.TrimSuffix(path.Base(module), ".py"))
		}
	}
	return nil
}

func (l *load) prepare() (err error) {
	a := l.arguments
	l.args = duckdb.Args{Dataset: etl.Dataset(a[etl.ArgumentDataset]), Threads: l.threads}
	if text := a[etl.ArgumentMinDepDelay]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("job arguments: --min_dep_delay %q must be minutes", text)
		}
		l.args.MinDepDelay = &n
	}
	limits, err := l.limits()
	if err != nil {
		return err
	}
	l.args.Limits = &limits
	if _, _, ok := splitPath(a[etl.ArgumentStaging]); !ok || !strings.HasSuffix(a[etl.ArgumentStaging], "/") {
		return fmt.Errorf("job arguments: --staging %q must be s3://bucket/prefix/", a[etl.ArgumentStaging])
	}
	if l.limit, err = l.ratio(etl.ArgumentMaxRejectRatio); err != nil { // before any work
		return err
	}
	for _, with := range l.args.Dataset.Joined() {
		if l.args.MaxJoinedRejectRatio, err = l.ratio(with.LimitArgument()); err != nil {
			return err
		}
	}
	l.dir, err = os.MkdirTemp("", "airline-job-")
	return err
}

// limits reads the arguments that say what can be of a flight.
func (l *load) limits() (etl.Limits, error) {
	limits := etl.DefaultLimits()
	for name, to := range map[string]*int64{etl.ArgumentMaxEarly: &limits.MaxEarly, etl.ArgumentMaxLate: &limits.MaxLate} {
		if text, ok := l.arguments[name]; ok {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n < 0 {
				return limits, fmt.Errorf("job arguments: %s %q must be minutes", name, text)
			}
			*to = n
		}
	}
	for name, to := range map[string]*string{etl.ArgumentFirstDay: &limits.FirstDay, etl.ArgumentLastDay: &limits.LastDay} {
		if text, ok := l.arguments[name]; ok {
			*to = text
		}
	}
	switch text := l.arguments[etl.ArgumentRoundTrips]; text {
	case "", "false":
	case "true":
		limits.RoundTrips = true
	default:
		return limits, fmt.Errorf("job arguments: --round_trips %q must be true or false", text)
	}
	if err := limits.Check(); err != nil {
		return limits, fmt.Errorf("job arguments: %w", err)
	}
	return limits, nil
}

func (l *load) close() {
	l.release(0)
	os.RemoveAll(l.dir)
}

// release closes what was opened since so many were open.
func (l *load) release(since int) {
	for _, c := range l.open[since:] {
		c.Close()
	}
	l.open = l.open[:since]
}

// queries reads the deployed SQL files.
func (l *load) queries(ctx context.Context) (map[string]string, error) {
	bucket, prefix, ok := splitPath(l.arguments[etl.ArgumentSQL])
	if !ok {
		return nil, fmt.Errorf("job arguments: --sql %q must be s3://bucket/prefix/", l.arguments[etl.ArgumentSQL])
	}
	own, err := etl.SQL(etl.Files)
	if err != nil {
		return nil, err
	}
	deployed := map[string]string{}
	for _, name := range sortedKeys(own) {
		text, err := l.read(ctx, bucket, prefix+name)
		if err != nil {
			return nil, err
		}
		deployed[name] = string(text)
	}
	if deployed[etl.ContractFile] != own[etl.ContractFile] {
		return nil, fmt.Errorf("%s%s is not the one of this project's etl/sql: the local world has the contract compiled in", prefix, etl.ContractFile)
	}
	return deployed, nil
}

// joined gets all current files of a dataset that the rows are joined with.
func (l *load) joined(ctx context.Context, with etl.Dataset) ([]duckdb.JoinedFile, error) {
	given := l.arguments[with.FilesArgument()]
	bucket, prefix, ok := splitPath(given)
	if !ok {
		return nil, fmt.Errorf("job arguments: %s %q must be s3://bucket/prefix/", with.FilesArgument(), given)
	}
	var files []duckdb.JoinedFile
	err := l.each(ctx, bucket, prefix, func(key string, modified time.Time) error {
		if !etl.IsFile(key) {
			return nil
		}
		file, err := l.fetch(ctx, bucket, key, nil)
		files = append(files, duckdb.JoinedFile{Key: key, Path: file, Modified: modified})
		return err
	})
	return files, err
}

// each lists the objects under a prefix.
func (l *load) each(ctx context.Context, bucket, prefix string, f func(key string, modified time.Time) error) error {
	in := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
	for {
		page, err := l.objects.ListObjectsV2(ctx, in)
		if err != nil {
			return fmt.Errorf("listing s3://%s/%s: %w", bucket, prefix, err)
		}
		for _, o := range page.Contents {
			if err := f(aws.ToString(o.Key), aws.ToTime(o.LastModified)); err != nil {
				return err
			}
		}
		if !aws.ToBool(page.IsTruncated) {
			return nil
		}
		in.ContinuationToken = page.NextContinuationToken
	}
}

func (l *load) get(ctx context.Context, bucket, key string, version *string) (io.ReadCloser, error) {
	out, err := l.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key, VersionId: version})
	if err != nil {
		return nil, fmt.Errorf("reading s3://%s/%s: %w", bucket, key, err)
	}
	return out.Body, nil
}

func (l *load) read(ctx context.Context, bucket, key string) ([]byte, error) {
	body, err := l.get(ctx, bucket, key, nil)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}

// fetch gives the path of a file with an object's bytes: the one that S3 keeps it in, or else a copy.
func (l *load) fetch(ctx context.Context, bucket, key string, version *string) (string, error) {
	body, err := l.get(ctx, bucket, key, version)
	if err != nil {
		return "", err
	}
	l.open = append(l.open, body)
	if f, ok := body.(interface{ Name() string }); ok {
		return f.Name(), nil
	}
	f, err := os.CreateTemp(l.dir, "object-")
	if err != nil {
		return "", err
	}
	l.open = append(l.open, f)
	_, err = io.Copy(f, body)
	return f.Name(), err
}

// clear deletes what an earlier run of this load left, but for one object. The manifest, which says that the others are whole, comes
// first in the order of keys.
func (l *load) clear(ctx context.Context, staging, but string) error {
	bucket, prefix, _ := splitPath(staging)
	var old []string
	err := l.each(ctx, bucket, prefix, func(key string, _ time.Time) error {
		if "s3://"+bucket+"/"+key != but {
			old = append(old, key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range old {
		if _, err := l.objects.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: aws.String(key)}); err != nil {
			return fmt.Errorf("deleting s3://%s/%s: %w", bucket, key, err)
		}
	}
	return nil
}

// upload writes the load's objects, the manifest last.
func (l *load) upload(ctx context.Context, dir, staging, rows string, m etl.Manifest) error {
	for _, part := range []struct {
		to    string
		names []string
	}{{rows, m.Files}, {staging, m.RejectFiles}, {staging, []string{etl.ManifestFile}}} {
		bucket, prefix, _ := splitPath(part.to)
		for _, name := range part.names {
			if door.Elapsed(ctx) > l.run.timeout {
				return errTimeout
			}
			if err := l.put(ctx, bucket, prefix+name, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *load) put(ctx context.Context, bucket, key, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := l.objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: f}); err != nil {
		return fmt.Errorf("writing s3://%s/%s: %w", bucket, key, err)
	}
	return nil
}
