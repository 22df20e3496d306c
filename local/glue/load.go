package glue

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
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
	arguments map[string]string
	dir       string // for what S3 does not keep as a file by itself
	open      []io.Closer
}

func (l *load) do(ctx context.Context) (etl.Manifest, error) {
	none := etl.Manifest{}
	if err := l.checkScript(ctx); err != nil {
		return none, err
	}
	if err := checkArguments(l.arguments); err != nil {
		return none, err
	}
	args, err := l.prepare()
	if err != nil {
		return none, err
	}
	defer l.close()
	if args.SQL, err = l.queries(ctx); err != nil {
		return none, err
	}
	if err := l.clear(ctx); err != nil {
		return none, err
	}
	if args.Object, err = l.fetch(ctx, args.Source.Bucket, args.Source.Key, &args.Source.Version); err != nil {
		return none, err
	}
	if args.Dataset == etl.Flights {
		if args.Airports, err = l.airports(ctx); err != nil {
			return none, err
		}
	}
	manifest, err := l.engine.Run(ctx, args)
	if err != nil {
		return none, err
	}
	door.Spend(ctx, time.Duration(l.modelled(manifest.RowsRead))*time.Second/rowsPerSecond)
	if err := l.upload(ctx, args.Output, manifest); err != nil {
		return none, err
	}
	return manifest, l.checkRatio(manifest)
}

// checkRatio applies --max_reject_ratio. Rows that the delay filter took are rejected but have no fault.
func (l *load) checkRatio(m etl.Manifest) error {
	limit, err := l.ratio("--max_reject_ratio")
	if limit == nil || err != nil {
		return err
	}
	if refused := etl.TooManyRejects(m, *limit); refused != nil {
		return refused
	}
	return nil
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

// checkScript reads the deployed script. Python does not run here: the local world executes what the project's own
// script does, so any other script cannot be run.
func (l *load) checkScript(ctx context.Context) error {
	bucket, key, ok := strings.Cut(strings.TrimPrefix(l.run.job.script, "s3://"), "/")
	if !ok {
		return fmt.Errorf("the script location %s is not s3://bucket/key", l.run.job.script)
	}
	deployed, err := l.read(ctx, bucket, key)
	if err != nil {
		return err
	}
	own, err := fs.ReadFile(etl.Files, "job/"+path.Base(key))
	if err != nil || !bytes.Equal(own, deployed) {
		return fmt.Errorf("the script %s is not the one of this project's etl/job: Python scripts cannot be run locally, only what that one does", l.run.job.script)
	}
	return nil
}

func (l *load) prepare() (duckdb.Args, error) {
	a := l.arguments
	args := duckdb.Args{
		Dataset: etl.Dataset(a["--dataset"]), LoadID: a["--load_id"],
		Source: etl.Source{Bucket: a["--bucket"], Key: a["--key"], Version: a["--version"]},
	}
	if text := a["--min_dep_delay"]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return args, fmt.Errorf("job arguments: --min_dep_delay %q must be minutes", text)
		}
		args.MinDepDelay = &n
	}
	limits, err := l.limits()
	if err != nil {
		return args, err
	}
	args.Limits = &limits
	if _, _, ok := splitPath(a["--staging"]); !ok || !strings.HasSuffix(a["--staging"], "/") {
		return args, fmt.Errorf("job arguments: --staging %q must be s3://bucket/prefix/", a["--staging"])
	}
	if _, err = l.ratio("--max_reject_ratio"); err != nil { // before any work
		return args, err
	}
	if args.MaxAirportsRejectRatio, err = l.ratio("--max_airports_reject_ratio"); err != nil {
		return args, err
	}
	if l.dir, err = os.MkdirTemp("", "airline-job-"); err != nil {
		return args, err
	}
	args.Output = filepath.Join(l.dir, "output")
	return args, nil
}

// limits reads the arguments that say what can be of a flight.
func (l *load) limits() (etl.Limits, error) {
	limits := etl.DefaultLimits()
	for name, to := range map[string]*int64{"--max_early": &limits.MaxEarly, "--max_late": &limits.MaxLate} {
		if text, ok := l.arguments[name]; ok {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n < 0 {
				return limits, fmt.Errorf("job arguments: %s %q must be minutes", name, text)
			}
			*to = n
		}
	}
	for name, to := range map[string]*string{"--first_day": &limits.FirstDay, "--last_day": &limits.LastDay} {
		if text, ok := l.arguments[name]; ok {
			*to = text
		}
	}
	switch text := l.arguments["--round_trips"]; text {
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
	for _, c := range l.open {
		c.Close()
	}
	os.RemoveAll(l.dir)
}

// queries reads the deployed SQL files.
func (l *load) queries(ctx context.Context) (map[string]string, error) {
	bucket, prefix, ok := splitPath(l.arguments["--sql"])
	if !ok {
		return nil, fmt.Errorf("job arguments: --sql %q must be s3://bucket/prefix/", l.arguments["--sql"])
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

// airports gets all current airports files.
func (l *load) airports(ctx context.Context) ([]duckdb.AirportsFile, error) {
	bucket, prefix, ok := splitPath(l.arguments["--airports"])
	if !ok {
		return nil, fmt.Errorf("job arguments: --airports %q must be s3://bucket/prefix/", l.arguments["--airports"])
	}
	var files []duckdb.AirportsFile
	err := l.each(ctx, bucket, prefix, func(key string, modified time.Time) error {
		if !etl.IsFile(key) {
			return nil
		}
		file, err := l.fetch(ctx, bucket, key, nil)
		files = append(files, duckdb.AirportsFile{Key: key, Path: file, Modified: modified})
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

// clear deletes what an earlier run of this load left. The manifest, which says that the others are whole, comes
// first in the order of keys.
func (l *load) clear(ctx context.Context) error {
	bucket, prefix, _ := splitPath(l.arguments["--staging"])
	var old []string
	err := l.each(ctx, bucket, prefix, func(key string, _ time.Time) error {
		old = append(old, key)
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
func (l *load) upload(ctx context.Context, dir string, m etl.Manifest) error {
	bucket, prefix, _ := splitPath(l.arguments["--staging"])
	for _, name := range slices.Concat(m.Files, m.RejectFiles, []string{path.Base(etl.ManifestKey(m.LoadID))}) {
		if door.Elapsed(ctx) > l.run.timeout {
			return errTimeout
		}
		if err := l.put(ctx, bucket, prefix+name, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
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
