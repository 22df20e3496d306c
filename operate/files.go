package operate

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/etl"
)

// State is how a file is.
type State string

// The states of a file, by its newest version.
const (
	Loaded     State = "loaded"     // the warehouse holds it
	Running    State = "running"    // it is being loaded
	Failed     State = "failed"     // its last load failed
	Missing    State = "missing"    // nothing has loaded it, and nothing is known to have tried of late
	Superseded State = "superseded" // an older version that another has replaced
	Retired    State = "retired"    // it was taken out by hand, and stays in the bucket
	Gone       State = "gone"       // it was deleted, and the warehouse knows
	Deleted    State = "deleted"    // it was deleted, and its rows are still in the warehouse
	Ignored    State = "ignored"    // it is no data by its name: nothing loads it
)

// States are all of them, those that need somebody first.
var States = []State{Failed, Missing, Deleted, Running, Loaded, Retired, Gone, Ignored, Superseded}

// NeedsSomebody says that a file in this state does not become right by itself at once.
func (s State) NeedsSomebody() bool { return s == Failed || s == Missing || s == Deleted }

// File is an object of the raw bucket, or one that was there, with what became of it.
type File struct {
	Key     string      `json:"key"`
	Dataset etl.Dataset `json:"dataset,omitempty"`
	State   State       `json:"state"`
	// Version is the newest one; empty when the bucket has none left. Versions are how many there are, markers included.
	Version  Version `json:"newest"`
	Versions int     `json:"versions"`
	// Ledger is the row that counts; nil when the warehouse knows nothing of the key.
	Ledger *LedgerRow `json:"ledger,omitempty"`
	// Execution is the one that loads, or last failed to load, what is not loaded.
	Execution *Execution `json:"execution,omitempty"`
	// Fix is what to do, where somebody is needed.
	Fix string `json:"fix,omitempty"`

	versions []Version // all, the newest first
}

// Selection says which files are meant; the zero value means all.
type Selection struct {
	Day   time.Time // files of the day's and of its month's partition
	Since time.Time // those of that day's partition and later ones
	Keys  []string  // these, besides; alone, these only
	// Undated files are told besides those of Since: those of datasets whose keys say no day, such as airports.
	Undated bool
	State   State // of one state only; superseded versions are told of only here
	// Brief leaves the identity and the times of loads out of ledger rows: [LedgerRow] has key, version, status and counts.
	Brief bool
}

// ranges are the keys in question, of the datasets, in order.
func (sel Selection) ranges(datasets []etl.Dataset) []keyRange {
	var list []keyRange
	for _, d := range datasets {
		prefix := d.Prefix()
		switch {
		case !sel.Day.IsZero() && d.Dated():
			for _, folder := range d.Folders(sel.Day) {
				list = append(list, keyRange{prefix: folder})
			}
		case !sel.Day.IsZero():
		case !sel.Since.IsZero() && d.Dated():
			for _, r := range d.Since(sel.Since) {
				list = append(list, keyRange{prefix: r.Prefix, from: r.From})
			}
		case !sel.Since.IsZero() && !sel.Undated:
		case !sel.Since.IsZero(), len(sel.Keys) == 0:
			list = append(list, keyRange{prefix: prefix})
		}
	}
	for _, key := range sel.Keys {
		if !slices.ContainsFunc(list, func(r keyRange) bool { return r.has(key) }) {
			list = append(list, keyRange{prefix: key, exact: true})
		}
	}
	slices.SortFunc(list, func(a, b keyRange) int { return strings.Compare(a.first(), b.first()) })
	return list
}

// Files tells of the files of a selection in the order of their keys. Bucket and ledger are read side by side, page by page, so
// it holds a page of each, whatever there is. The executions of late are looked at when a file is not loaded.
func (s *Session) Files(ctx context.Context, sel Selection) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		fail := func(err error) { yield(File{}, s.Explain(err)) }
		recent := s.lazyRecent(ctx)
		for pair, e := range s.pairs(ctx, sel) {
			if e != nil {
				fail(e)
				return
			}
			f := pair.file()
			if f.State == Missing {
				if err := recent(&f); err != nil {
					fail(err)
					return
				}
			}
			f.Fix = s.fix(f)
			for _, one := range f.selected(sel) {
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// selected are the files that are told: the file itself, or its replaced versions.
func (f File) selected(sel Selection) []File {
	if sel.State == Superseded {
		var list []File
		for _, v := range f.versions[min(1, len(f.versions)):] {
			if !v.Marker {
				list = append(list, File{Key: f.Key, Dataset: f.Dataset, State: Superseded, Version: v, Versions: f.Versions})
			}
		}
		return list
	}
	if sel.State != "" && sel.State != f.State {
		return nil
	}
	return []File{f}
}

// lazyRecent gives a function that finds out whether a missing file is being loaded or has failed. It asks for the
// executions once, and only when it is called.
func (s *Session) lazyRecent(ctx context.Context) func(*File) error {
	var known index
	return func(f *File) error {
		if known == nil {
			var err error
			if known, err = s.recent(ctx); err != nil {
				return err
			}
		}
		x, ok := known[f.Key]
		switch {
		case !ok:
		case x.Status == types.ExecutionStatusRunning:
			f.State, f.Execution = Running, &x
		case !x.Start.Before(f.Version.Written.Truncate(time.Second)):
			f.State, f.Execution = Failed, &x
		}
		return nil
	}
}

// pair is a key in the bucket and in the ledger; one of the two may lack.
type pair struct {
	object object
	row    *LedgerRow
}

func (p pair) key() string {
	if p.row != nil {
		return p.row.Key
	}
	return p.object.key
}

// Bucket and ledger are read ahead, in keys and rows: of the ledger about a page, of the bucket so many that S3 is not waited for
// after the warehouse's query, which answers late (an object takes about 200 bytes).
const (
	keysAhead = 20_000
	rowsAhead = 1000
)

// pairs joins bucket and ledger by key.
func (s *Session) pairs(ctx context.Context, sel Selection) iter.Seq2[pair, error] {
	return func(yield func(pair, error) bool) {
		ctx, cancel := context.WithCancel(ctx) // calls under way when the reader has enough
		defer cancel()
		columns := fully
		if sel.Brief {
			columns = briefly
		}
		objects, stopObjects := readAhead(s.objectsOf(ctx, s.Parts.Raw, sel.ranges(s.Names.Datasets())), keysAhead)
		defer stopObjects()
		rows, stopRows := readAhead(s.ledger(ctx, sel.ranges(s.Names.Datasets()), columns, false), rowsAhead)
		defer stopRows()
		o, oErr, more := objects()
		if oErr != nil { // told first: a stack that is not deployed has no warehouse either
			yield(pair{}, oErr)
			return
		}
		r, rErr, moreRows := rows()
		for more || moreRows {
			err := oErr
			if err == nil {
				err = rErr
			}
			if err != nil {
				yield(pair{}, err)
				return
			}
			var p pair
			switch {
			case !moreRows || more && o.key < r.Key:
				p.object = o
			case !more || r.Key < o.key:
				p.row = &r
			default:
				p.object, p.row = o, &r
			}
			if !yield(p, nil) {
				return
			}
			if p.row != nil {
				for last := r.Key; moreRows && rErr == nil && r.Key == last; { // of a key the first row counts
					r, rErr, moreRows = rows()
				}
			}
			if p.object.key != "" {
				o, oErr, more = objects()
			}
		}
	}
}

// file tells how a key is by what bucket and ledger have of it; what is not loaded is missing, as far as they know.
func (p pair) file() File {
	f := File{Key: p.key(), Dataset: etl.DatasetOf(p.key()), Versions: len(p.object.versions), versions: p.object.versions}
	if p.row != nil {
		row := *p.row
		f.Ledger = &row
	}
	there := f.Versions > 0 && !p.object.newest().Marker
	if f.Versions > 0 {
		f.Version = p.object.newest()
	}
	switch {
	case !there && (f.Ledger == nil || f.Ledger.Status != etl.StatusLoaded):
		f.State = Gone
	case !there:
		f.State = Deleted
	case !etl.IsFile(f.Key):
		f.State = Ignored
	case f.Ledger != nil && f.Ledger.Version == f.Version.ID && f.Ledger.Status == etl.StatusLoaded:
		f.State = Loaded
	case f.Ledger != nil && f.Ledger.Version == f.Version.ID && f.Ledger.Status == etl.StatusRetired:
		f.State = Retired
	default:
		f.State = Missing
	}
	return f
}

// fix is what to do about a file.
func (s *Session) fix(f File) string {
	switch f.State {
	case Failed:
		return fmt.Sprintf("airline file %q tells why; then upload it corrected, or airline replay %[1]q", f.Key)
	case Missing:
		if s.now().Sub(f.Version.Written) < time.Hour {
			return "its event may be on its way; after an hour: airline replay " + fmt.Sprintf("%q", f.Key)
		}
		return fmt.Sprintf("its event was lost, or it was given up after %d days: airline replay %q", s.Config.Load.ReconcileDays, f.Key)
	case Deleted:
		return fmt.Sprintf("the deletion's event was lost, or its load failed: airline replay %q brings the warehouse to what the bucket holds", f.Key)
	case Ignored:
		return etl.Remedy(f.Key)
	}
	return ""
}

// Summary counts files by state, and knows those that need somebody.
type Summary struct {
	Counts map[State]int `json:"counts"`
	// Worst are the first few that need somebody.
	Worst []File `json:"worst,omitempty"`
	// Newest is when the last of them was loaded.
	Newest time.Time `json:"newestLoad,omitzero"`
}

// fewest is how many files a summary names.
const fewest = 5

// Summarise counts the files of a selection.
func (s *Session) Summarise(ctx context.Context, sel Selection) (Summary, error) {
	sum := Summary{Counts: map[State]int{}}
	for f, err := range s.Files(ctx, sel) {
		if err != nil {
			return sum, err
		}
		sum.Counts[f.State]++
		if f.State.NeedsSomebody() && len(sum.Worst) < fewest {
			sum.Worst = append(sum.Worst, f)
		}
		if f.Ledger != nil && f.Ledger.LoadedAt.After(sum.Newest) {
			sum.Newest = f.Ledger.LoadedAt
		}
	}
	return sum, nil
}

// ParseState reads a state by its name.
func ParseState(name string) (State, error) {
	if name == "" || slices.Contains(States, State(name)) {
		return State(name), nil
	}
	return "", fmt.Errorf("there is no state %q; the states are %v", name, States)
}
