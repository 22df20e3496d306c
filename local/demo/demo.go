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
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
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

	// Data is a folder of airports.csv and daily-flights/date=YYYY-MM-DD/*.csv, or one CSV file of flights with a
	// column for the day. Empty: days of flights are made from the seed, but not when Continue is set.
	Data string
	Seed uint64
	// Days is how many days are made when there is no Data; 0 is a week.
	Days int

	// WorkDir keeps the buckets and the warehouse. It must be empty or not exist, unless Continue is set.
	// Empty: a temporary folder, removed at the end.
	WorkDir string
	// Continue goes on with the world that WorkDir holds: more files come, those of a key that is there as its correction.
	Continue bool
	// Delete and Replay are keys of the raw bucket that are deleted, and loaded once more by hand, after the files have come.
	Delete, Replay []string
	// Wait is the virtual time that passes at the end, such as a day, in which scheduled rules come to their turn.
	Wait time.Duration
	// Watch, when not nil, is given the world before anything happens in it. What it returns is called with the world at its end.
	Watch func(*local.World) func(context.Context) error
}

// Unfinished is the file in a WorkDir whose run has not come to its end: what else is there is
// incomplete.
const Unfinished = "UNFINISHED"

// Run deploys, uploads, waits until the world is idle, and sums up. An error
// says that the job could not be done; files that failed are in the summary.
func Run(ctx context.Context, o Options, progress Progress) (_ *Summary, err error) {
	called := time.Now()
	scratch, err := os.MkdirTemp("", "airline-data-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	var data found
	if o.Data != "" {
		if data, err = readData(o.Data, scratch, progress); err != nil {
			return nil, err
		}
	}
	kept := o.WorkDir != ""
	if !kept {
		o.WorkDir, err = os.MkdirTemp("", "airline-demo-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.WorkDir)) }()
	}
	dir, err := openWorkDir(o)
	if err != nil {
		return nil, err
	}
	begun := false // before, nothing has happened that the folder would have to tell
	defer func() {
		if !begun {
			err = errors.Join(err, dir.leave())
		}
	}()
	if err := os.WriteFile(dir.mark(), []byte("The demo that fills this folder is at work, or was interrupted.\n"), 0o644); err != nil {
		return nil, fmt.Errorf("the work folder: %w", err)
	}
	progress.Phase("deploying the %s stack", o.Stack)
	world, err := local.Deploy(ctx, local.Options{
		Dir: o.Project, Stack: o.Stack, Program: o.Program, Overrides: o.Overrides,
		WorkDir: o.WorkDir, Seed: o.Seed, Resume: dir.earlier,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, world.Close()) }()

	if o.Data == "" && !o.Continue {
		if data, err = makeData(o, world.More(), scratch, progress); err != nil {
			return nil, err
		}
	}

	ended := func(context.Context) error { return nil }
	if o.Watch != nil {
		ended = o.Watch(world)
	}
	r := newRun(world, progress)
	if err := r.checkKeys(ctx, o, data); err != nil {
		return nil, err
	}
	begun = true
	started := world.Clock.Now()
	for _, d := range inOrder() {
		files := data.files[d]
		if always := !o.Continue && !slices.Contains(etl.OnRequest(), d); len(files) == 0 && !always {
			continue
		}
		progress.Phase("uploading %d %s of %s", len(files), plural("file", len(files)), d)
		if err := r.ingest(ctx, files); err != nil {
			return nil, errors.Join(append([]error{err}, r.refusals()...)...)
		}
	}
	if err := r.byHand(ctx, o); err != nil {
		return nil, errors.Join(append([]error{err}, r.refusals()...)...)
	}
	s, err := r.summary(ctx)
	if err != nil {
		return nil, err
	}
	s.Ignored = append(s.Ignored, data.ignored...)
	if err := ended(ctx); err != nil {
		return nil, err
	}
	if kept {
		r.keepRejects(s)
		if err := world.Save(); err != nil {
			return nil, fmt.Errorf("the work folder: %w", err)
		}
	}
	if err := judgeElsewhere(o, s); err != nil {
		return nil, err
	}
	if err := os.Remove(dir.mark()); err != nil {
		return nil, fmt.Errorf("the work folder: %w", err)
	}
	s.VirtualTime = max(0, r.ended.Sub(started))
	s.RealTime = time.Since(called)
	return s, nil
}

// workDir is the work folder of a run.
type workDir struct {
	path string
	// earlier is the state of the run that is gone on with; nil of a new one.
	earlier *local.State
	// there says that the folder was there before the run.
	there bool
}

// mark is the file that says that what is in the folder is incomplete.
func (d workDir) mark() string { return filepath.Join(d.path, Unfinished) }

// leave leaves the folder as it was before a run that has not begun: with the earlier one, empty, or not at all.
func (d workDir) leave() error {
	switch {
	case d.earlier != nil:
		return os.RemoveAll(d.mark())
	case !d.there:
		return os.RemoveAll(d.path)
	}
	entries, err := os.ReadDir(d.path)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(d.path, e.Name())))
	}
	return err
}

// openWorkDir makes the work folder ready, and reads the state of the earlier run that is continued. A folder with something in it is
// refused otherwise: another run's warehouse would mix with this one's.
func openWorkDir(o Options) (d workDir, err error) {
	d = workDir{path: o.WorkDir, there: true}
	if o.Continue {
		if exists(d.mark()) {
			return d, fmt.Errorf("the run that fills %s is at work or was interrupted: what is there is incomplete; remove it and begin again", d.path)
		}
		d.earlier, err = local.ReadState(d.path)
		if errors.Is(err, local.ErrNoState) {
			err = fmt.Errorf("there is no earlier run in %s to continue; make one: airline demo --workdir %[1]s", d.path)
		}
		return d, err
	}
	entries, err := os.ReadDir(d.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		d.there = false
		return d, os.MkdirAll(d.path, 0o755)
	case err != nil:
		return d, fmt.Errorf("the work folder: %w", err)
	case exists(d.mark()):
		return d, fmt.Errorf("the run that fills %s is at work or was interrupted: what is there is incomplete; remove it, or name another folder", d.path)
	case len(entries) > 0:
		return d, fmt.Errorf("the work folder %s is not empty; remove it, name another, or go on with the run that it holds: --continue", d.path)
	}
	return d, nil
}

// WorldTime is the virtual time at which the last run in a work folder ended.
func WorldTime(workdir string) (time.Time, error) {
	state, err := local.ReadState(workdir)
	if err != nil {
		return time.Time{}, err
	}
	return state.Time, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// makeData makes what there is no Data for: flights and airports, and what else the stack loads.
func makeData(o Options, more []etl.Dataset, scratch string, progress Progress) (found, error) {
	if o.Days == 0 {
		o.Days = 7
	}
	progress.Phase("making %d %s of flights from seed %d", o.Days, plural("day", o.Days), o.Seed)
	dir := filepath.Join(scratch, "made")
	if err := generate.Tree(dir, generate.Options{Seed: o.Seed, Days: o.Days, More: more}); err != nil {
		return found{}, fmt.Errorf("making flights: %w", err)
	}
	return readData(dir, scratch, progress)
}
