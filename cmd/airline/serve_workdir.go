package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"airline/local"
	"airline/local/journal"
	"airline/local/recorder"
	"airline/local/wire"
)

// keptFormat is the form of what serve keeps in a --workdir. It changes whenever an older folder cannot be gone on with.
const keptFormat = 1

// The parts of a --workdir beside the journal's.
const (
	keptWorld = "world"     // made of the journal, whenever serve begins
	keptKeys  = "keys.json" // the access keys of operator and roles
)

// keptAbout says which world a --workdir holds: one with all this equal comes to the same when the same is done in it.
type keptAbout struct {
	Format  int       `json:"format"`
	Project string    `json:"project"`
	Stack   string    `json:"stack"`
	Account string    `json:"account"`
	Region  string    `json:"region"`
	Digest  string    `json:"digest"` // of the stack's resources
	Mocks   string    `json:"mocks,omitempty"`
	Seed    uint64    `json:"seed"`
	Start   time.Time `json:"start"`
}

// fits reports why a folder's world is not the one that is asked for.
func (a keptAbout) fits(before keptAbout, seedGiven bool) error {
	switch {
	case before.Format != keptFormat:
		return fmt.Errorf("it is of the format %d, and this airline writes %d: use the version of airline that made it, or another folder", before.Format, keptFormat)
	case a.Project != before.Project || a.Stack != before.Stack || a.Account != before.Account || a.Region != before.Region:
		return fmt.Errorf("it holds the stack %s of %s in account %s, %s, and not %s of %s in %s, %s", before.Stack, before.Project, before.Account, before.Region,
			a.Stack, a.Project, a.Account, a.Region)
	case a.Digest != before.Digest:
		return fmt.Errorf("the stack %s has changed since: what was done in the folder cannot be done again in another stack; undo the change of program and settings, or use another folder", a.Stack)
	case a.Mocks != before.Mocks:
		return errors.New("it was begun with another --mocks, or without")
	case seedGiven && a.Seed != before.Seed:
		return fmt.Errorf("it was begun with --seed %d", before.Seed)
	}
	return nil
}

// keep opens the --workdir, and makes its world the one that the options say: what another process has left goes on with its seed
// and its beginning.
func (a *serveArgs) keep(cmd *cobra.Command, o *local.Options, settings *wire.Options) (_ *journal.Journal, err error) {
	if o.Graph == nil {
		if o.Graph, err = recorder.Record(cmd.Context(), recorder.Options{Dir: o.Dir, Stack: o.Stack, Overrides: o.Overrides}, o.Program); err != nil {
			return nil, fmt.Errorf("recording the stack %s: %w", o.Stack, err)
		}
	}
	about := keptAbout{Format: keptFormat, Project: o.Graph.Project, Stack: o.Graph.Stack, Account: o.Graph.Account, Region: o.Graph.Region, Seed: o.Seed, Start: o.Start}
	if about.Digest, err = o.Graph.Digest(); err != nil {
		return nil, err
	}
	if settings.Mocks != nil {
		sum := sha256.Sum256(settings.Mocks)
		about.Mocks = hex.EncodeToString(sum[:])
	}
	text, err := json.Marshal(about)
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(a.workdir, append(text, '\n'), func(text []byte) error {
		var before keptAbout
		if err := json.NewDecoder(bytes.NewReader(text)).Decode(&before); err != nil {
			return fmt.Errorf("--workdir %s: what it holds cannot be read: %w", a.workdir, err)
		}
		if err := about.fits(before, cmd.Flags().Changed("seed")); err != nil {
			return fmt.Errorf("--workdir %s: %w", a.workdir, err)
		}
		o.Seed, o.Start = before.Seed, before.Start
		return nil
	})
	switch {
	case errors.Is(err, journal.ErrForeign):
		return nil, fmt.Errorf("--workdir %s is not empty, and was not made by airline serve: name another folder, or remove it", a.workdir)
	case errors.Is(err, journal.ErrLocked):
		return nil, fmt.Errorf("--workdir %s is in use by another process: end that airline serve, or name another folder", a.workdir)
	case err != nil:
		return nil, err
	}
	o.WorkDir, o.OneThread = filepath.Join(a.workdir, keptWorld), true
	settings.Keep, settings.KeyFile = j, filepath.Join(a.workdir, keptKeys)
	if err = os.RemoveAll(o.WorkDir); err == nil {
		err = os.MkdirAll(o.WorkDir, 0o755)
	}
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}
