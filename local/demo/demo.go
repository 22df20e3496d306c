// Package demo is the pipeline's main job on this machine: it deploys the stack
// into a local world, uploads a directory of airports and flights as somebody
// with an AWS account would, lets the world run, and tells what came of it.
//
//	summary, err := demo.Run(ctx, demo.Options{Project: ".", Stack: "dev", Program: infra.Program, Data: "flights"}, demo.Silent)
//	for _, f := range summary.Files {
//		fmt.Println(f.Key, f.Status, f.RowsLoaded)
//	}
package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl/generate"
	"airline/local"
)

// Options says what is deployed and what is ingested.
type Options struct {
	// Project is the folder of Pulumi.yaml and the stack files.
	Project string
	Stack   string
	Program pulumi.RunFunc
	// Overrides are configuration values that win over the stack file's:
	// "trigger" -> "cloudtrail".
	Overrides map[string]string

	// Data is a folder of airports.csv and daily-flights/date=YYYY-MM-DD/*.csv.
	// Empty: days of flights are made from the seed.
	Data string
	Seed uint64
	// Days is how many days are made when there is no Data; 0 is a week.
	Days int

	// WorkDir keeps the buckets and the warehouse. It must be empty or not exist.
	// Empty: a temporary folder, removed at the end.
	WorkDir string
}

// Unfinished is the file in a WorkDir whose run has not come to its end: what else is there is
// incomplete.
const Unfinished = "UNFINISHED"

// Run deploys, uploads, waits until the world is idle, and sums up. An error
// says that the job could not be done; files that failed are in the summary.
func Run(ctx context.Context, o Options, progress Progress) (_ *Summary, err error) {
	begun := time.Now()
	var data dataset
	if o.Data != "" {
		if data, err = readDir(o.Data); err != nil {
			return nil, err
		}
	}
	if o.WorkDir == "" {
		o.WorkDir, err = os.MkdirTemp("", "airline-demo-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.WorkDir)) }()
	}
	if err := checkEmpty(o.WorkDir); err != nil {
		return nil, err
	}
	mark := filepath.Join(o.WorkDir, Unfinished)
	if err := os.WriteFile(mark, []byte("The demo that fills this folder is at work, or was interrupted.\n"), 0o644); err != nil {
		return nil, fmt.Errorf("the work folder: %w", err)
	}
	progress.Phase("deploying the %s stack", o.Stack)
	world, err := local.Deploy(ctx, local.Options{
		Dir: o.Project, Stack: o.Stack, Program: o.Program, Overrides: o.Overrides,
		WorkDir: o.WorkDir, Seed: o.Seed,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, world.Close()) }()

	if o.Data == "" {
		var cleanup func()
		if data, cleanup, err = makeFlights(o, progress); err != nil {
			return nil, err
		}
		defer cleanup()
	}

	r := newRun(world, progress)
	started := world.Clock.Now()
	for _, batch := range []struct {
		name  string
		files []upload
	}{{"airports", data.airports}, {"flights", data.days}} {
		progress.Phase("uploading %d %s of %s", len(batch.files), plural("file", len(batch.files)), batch.name)
		if err := r.ingest(ctx, batch.files); err != nil {
			return nil, errors.Join(append([]error{err}, r.refusals()...)...)
		}
	}
	s, err := r.summary(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(mark); err != nil {
		return nil, fmt.Errorf("the work folder: %w", err)
	}
	s.VirtualTime = max(0, r.ended.Sub(started))
	s.RealTime = time.Since(begun)
	return s, nil
}

// checkEmpty refuses a folder with something in it: another run's warehouse
// would mix with this one's.
func checkEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return os.MkdirAll(dir, 0o755)
	case err != nil:
		return fmt.Errorf("the work folder: %w", err)
	case len(entries) > 0:
		return fmt.Errorf("the work folder %s is not empty; remove it, or name another", dir)
	}
	return nil
}

// makeFlights makes what there is no Data for, in a folder that the function removes.
func makeFlights(o Options, progress Progress) (dataset, func(), error) {
	dir, err := os.MkdirTemp("", "airline-flights-")
	if err != nil {
		return dataset{}, nil, err
	}
	cleanup := func() { os.RemoveAll(dir) }
	if o.Days == 0 {
		o.Days = 7
	}
	progress.Phase("making %d %s of flights from seed %d", o.Days, plural("day", o.Days), o.Seed)
	if err := generate.Tree(dir, generate.Options{Seed: o.Seed, Days: o.Days}); err != nil {
		cleanup()
		return dataset{}, nil, fmt.Errorf("making flights: %w", err)
	}
	d, err := readDir(dir)
	if err != nil {
		cleanup()
	}
	return d, cleanup, err
}

// An upload is a file with the key that it gets in the raw bucket.
type upload struct {
	key, path string
	problem   error // why it cannot be uploaded; the other files can
}

type dataset struct{ airports, days []upload }

// readDir lists a data folder: airports.csv, or all files below airports/; and
// all files below daily-flights/.
func readDir(dir string) (dataset, error) {
	var d dataset
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return d, fmt.Errorf("there is no data folder %s; it should hold airports.csv and daily-flights/date=YYYY-MM-DD/flights.csv", dir)
	case err != nil:
		return d, fmt.Errorf("the data folder: %w", err)
	case !info.IsDir():
		return d, fmt.Errorf("%s is no folder; it should hold airports.csv and daily-flights/date=YYYY-MM-DD/flights.csv", dir)
	}
	var problems []error
	add := func(list *[]upload, folder string) {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			rel, err := filepath.Rel(dir, path)
			if err == nil {
				*list = append(*list, upload{filepath.ToSlash(rel), path, checkFile(path, rel)})
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			problems = append(problems, err)
		}
	}
	if path := filepath.Join(dir, "airports.csv"); exists(path) {
		d.airports = append(d.airports, upload{"airports/airports.csv", path, checkFile(path, "airports.csv")})
	}
	add(&d.airports, "airports")
	add(&d.days, "daily-flights")
	if len(d.days) == 0 && len(d.airports) == 0 {
		problems = append(problems, fmt.Errorf("%s holds neither airports.csv nor daily-flights/date=YYYY-MM-DD/flights.csv", dir))
	}
	return d, errors.Join(problems...)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// checkFile tells why a file cannot be uploaded under its name. Links are followed.
func checkFile(path, key string) error {
	info, err := os.Stat(path)
	switch {
	case !utf8.ValidString(key):
		return errors.New("the file's name is not UTF-8, which the key of an object has to be; rename the file")
	case errors.Is(err, os.ErrNotExist):
		return errors.New("the file is a link to nothing; mend or remove the link")
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("this is no file but a folder's link or a device; put the files themselves here")
	}
	return nil
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
