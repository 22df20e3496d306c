package operate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/infra"
)

// Checked is a file on this machine, judged by the contract with the job's own SQL.
type Checked struct {
	File string `json:"file"`
	Key  string `json:"key"` // that it would have
	// Fits says that a load would take it.
	Fits bool `json:"fits"`
	// Problem is what keeps the file from being judged: it cannot be read, or has no key.
	Problem string `json:"problem,omitempty"`
	// Refused is why the file as a whole would be refused.
	Refused  string         `json:"refused,omitempty"`
	Manifest *etl.Manifest  `json:"manifest,omitempty"` // nil when the file could not be read as rows
	Rejects  []etl.Reject   `json:"rejects,omitempty"`  // the first twenty of them
	Unasked  map[string]int `json:"unasked,omitempty"`  // rows whose airports were not looked up, by what they lack
}

// firstRejects is how many rejects a check tells.
const firstRejects = 20

// Target says where files go.
type Target struct {
	Day time.Time // of the flights, for the key
	Key string    // of one file; wins over all else
}

// KeyOf is the key that a file would have: the one given, that of the day given, or that of the folder date= or month= in which it lies. A
// file without any of these is one of airports, if its header says so.
func (t Target) KeyOf(file string) (string, error) {
	name := filepath.Base(file)
	if t.Key != "" {
		return t.Key, nil
	}
	dated, err := datedOf(name, file)
	if err != nil {
		return "", err
	}
	if !t.Day.IsZero() {
		return dated.Folder(t.Day) + name, nil
	}
	if key := dated.LocalKey(filepath.ToSlash(file)); key != "" {
		if folder := unfinished.FindString(filepath.ToSlash(file)); folder != "" && !etl.IsHidden(key) {
			return "", fmt.Errorf("%s: it lies below %s, where writers keep what is not finished; if it is, say so with --date YYYY-MM-DD or --key", file, strings.Trim(folder, "/"))
		}
		return key, nil // what is wrong with it is the file's refusal
	}
	d, err := undatedOf(name, file)
	if err != nil {
		return "", err
	}
	if d != "" {
		return d.Prefix() + name, nil
	}
	return "", fmt.Errorf("%s: of which day are its flights? Say so with --date YYYY-MM-DD, or put it into a folder date=YYYY-MM-DD or month=YYYY-MM", file)
}

// unfinished are folders in which writers keep what is not finished: Hadoop's committers and Hive.
var unfinished = regexp.MustCompile(`(^|/)(_temporary|_staging|\.hive-staging[^/]*)/`)

// Readable says which of the files cannot be read, or are none.
func Readable(files ...string) error {
	var problems []error
	for _, file := range files {
		info, err := os.Stat(file)
		switch {
		case err != nil:
			problems = append(problems, err)
		case info.IsDir():
			problems = append(problems, fmt.Errorf("%s: this is a folder: name the files in it", file))
		}
	}
	return errors.Join(problems...)
}

// Judge judges a file under the key that it gets. What keeps it from being judged is its problem, so that other files are judged all the same.
func Judge(ctx context.Context, c *infra.Config, t Target, file string, airports []string) *Checked {
	key, err := t.KeyOf(file)
	if err == nil {
		err = Readable(file)
	}
	out := &Checked{File: file, Key: key}
	if err == nil {
		var checked *Checked
		if checked, err = Check(ctx, c, file, key, airports); err == nil {
			return checked
		}
	}
	out.Problem = strings.TrimPrefix(err.Error(), file+": ")
	return out
}

// datedOf is the dataset with days whose prefix the file's path has, else the one whose columns its header has; the first where it has those
// of none.
func datedOf(name, file string) (etl.Dataset, error) {
	dated := slices.DeleteFunc(etl.Datasets(), func(d etl.Dataset) bool { return !d.Dated() })
	for _, d := range dated {
		if strings.Contains("/"+filepath.ToSlash(file), "/"+d.Prefix()) {
			return d, nil
		}
	}
	for _, d := range dated[1:] {
		_, err := duckdb.ReadHead(d, name, file, etl.Days{})
		var refused *etl.RefusedError
		if err == nil || !errors.As(err, &refused) {
			return d, err
		}
	}
	return dated[0], nil
}

// undatedOf is the dataset without days whose columns a file's header has, and the one with the most columns of several. Empty when it
// has those of none.
func undatedOf(name, file string) (has etl.Dataset, err error) {
	most := 0
	for _, d := range etl.Datasets() {
		if d.Dated() {
			continue
		}
		_, err := duckdb.ReadHead(d, name, file, etl.Days{})
		var refused *etl.RefusedError
		switch {
		case errors.As(err, &refused):
		case err != nil:
			return "", err
		case len(d.RawColumns()) > most:
			has, most = d, len(d.RawColumns())
		}
	}
	return has, nil
}

// Check judges a file by a stack's limits. Without airports, rows are not rejected for airports that nobody knows.
func Check(ctx context.Context, c *infra.Config, file, key string, airports []string) (*Checked, error) {
	out := &Checked{File: file, Key: key}
	if err := loadable(key); err != nil {
		out.Refused = err.Error()
		return out, nil
	}
	dir, err := os.MkdirTemp("", "airline-check-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	sql, err := etl.SQL(etl.Files)
	if err != nil {
		return nil, err
	}
	args := duckdb.Args{
		Dataset: etl.DatasetOf(key), Source: etl.Source{Bucket: "check", Key: key, Version: "check"}, LoadID: "check", Object: file,
		Limits: &c.Load.Limits, MaxJoinedRejectRatio: &c.Load.MaxRejectRatio, SQL: sql, Output: dir,
	}
	if c.Load.MinDepDelay != nil {
		least := int64(*c.Load.MinDepDelay)
		args.MinDepDelay = &least
	}
	for _, a := range airports {
		info, err := os.Stat(a)
		if err != nil {
			return nil, err
		}
		args.Joined = append(args.Joined, duckdb.JoinedFile{Key: etl.Airports.Prefix() + filepath.Base(a), Path: a, Modified: info.ModTime()})
	}
	m, err := duckdb.Run(ctx, args)
	var refused *etl.RefusedError
	if errors.As(err, &refused) {
		out.Refused = err.Error()
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Manifest = &m
	if len(airports) == 0 && len(args.Dataset.Joined()) > 0 {
		out.forgive()
	}
	if too := etl.TooManyRejects(m, c.Load.MaxRejectRatio); too != nil {
		out.Refused = too.Error()
	}
	out.Fits = out.Refused == ""
	return out, out.readRejects(dir)
}

// loadable refuses keys that nothing would load.
func loadable(key string) error {
	if etl.DatasetOf(key) == "" {
		return fmt.Errorf("%s: nothing loads files there; keys begin with %s", key, etl.Prefixes())
	}
	if !etl.IsFile(key) {
		return fmt.Errorf("%s: nothing loads a file of this name; %s", key, etl.Remedy(key))
	}
	return nil
}

// forgive takes rows that lack only a match, such as an airport, for rows that load. Nothing else is wrong with them: matches are looked up last.
func (out *Checked) forgive() {
	m := out.Manifest
	m.Reasons = maps.Clone(m.Reasons)
	for _, reason := range etl.Dataset(m.Dataset).UnknownReasons() {
		if n := m.Reasons[reason]; n > 0 {
			if out.Unasked == nil {
				out.Unasked = map[string]int{}
			}
			out.Unasked[reason] = int(n)
			m.RowsLoaded += n
			m.RowsRejected -= n
			delete(m.Reasons, reason)
		}
	}
	m.RejectRatio = m.FaultRatio()
}

// readRejects reads the first rejects that a run has left.
func (out *Checked) readRejects(dir string) error {
	for _, name := range out.Manifest.RejectFiles {
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		for one, err := range etl.ReadRejects(f) {
			if err != nil {
				return err
			}
			if len(out.Rejects) == firstRejects {
				return nil
			}
			if out.Unasked == nil || !slices.Contains(etl.Dataset(out.Manifest.Dataset).UnknownReasons(), one.Reason) {
				out.Rejects = append(out.Rejects, one)
			}
		}
	}
	return nil
}
