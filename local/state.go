package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"airline/local/glue"
	"airline/local/recorder"
	"airline/local/s3"
)

// State is what a world holds beside its files and its warehouse, so that another process goes on where it stopped: objects
// with their versions, the catalog, and the virtual time. Executions, messages, logs and metrics are not kept; what is under
// way when a state is taken is lost.
type State struct {
	Project string    `json:"project"`
	Stack   string    `json:"stack"`
	Account string    `json:"account"`
	Region  string    `json:"region"`
	Time    time.Time `json:"time"` // virtual
	// Runs counts the worlds so far. It goes into the seed, so that ids are made anew.
	Runs int `json:"runs"`
	// Settings are those of the program, by key, without secrets: the stack of others may have no place for what is here.
	Settings map[string]string `json:"settings,omitempty"`

	Objects s3.State   `json:"objects"`
	Catalog glue.State `json:"catalog"`
}

// stateFile is where a world's directory keeps the state.
const stateFile = "world.json"

// ErrNoState is the error of a directory in which no world was saved.
var ErrNoState = errors.New("no world was saved there")

// ReadState reads what Save has written into the directory.
func ReadState(dir string) (*State, error) {
	text, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoState)
	}
	if err != nil {
		return nil, err
	}
	var s State
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, stateFile), err)
	}
	return &s, nil
}

// Save writes the world's state into its directory. The warehouse's file is complete once the world is closed.
func (w *World) Save() error {
	objects, err := w.objects.State()
	if err != nil {
		return err
	}
	g := w.Graph
	text, err := json.Marshal(State{
		Project: g.Project, Stack: g.Stack, Account: g.Account, Region: g.Region, Time: w.Clock.Now(), Runs: w.runs, Settings: settingsOf(g),
		Objects: objects, Catalog: w.glue.State(),
	})
	if err != nil {
		return err
	}
	file := filepath.Join(w.dir, stateFile)
	if err := os.WriteFile(file+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// resume takes a state over before the resources are read.
func (w *World) resume(s *State) error {
	g := w.Graph
	if s.Project != g.Project || s.Stack != g.Stack || s.Account != g.Account || s.Region != g.Region {
		return fmt.Errorf("%s holds the stack %s of %s in account %s, %s, and not %s of %s in %s, %s: go on with --stack %s, or name another folder", w.dir,
			s.Stack, s.Project, s.Account, s.Region, g.Stack, g.Project, g.Account, g.Region, s.Stack)
	}
	w.objects.Restore(s.Objects)
	w.glue.Restore(s.Catalog)
	return nil
}

// settingsOf are the settings with which a stack was recorded, but for those that are secrets.
func settingsOf(g *recorder.Graph) map[string]string {
	settings := maps.Clone(g.Config)
	for _, key := range append([]string{g.Project + ":webhooks"}, g.SecretKeys...) {
		delete(settings, key)
	}
	return settings
}

// claimed checks that everything of the state has its place in the stack; s is nil where there is none.
func (w *World) claimed(s *State) error {
	names := w.objects.Unclaimed()
	if s == nil || len(names) == 0 {
		return nil
	}
	fix := "undo the change of the program, or name another folder"
	var changed, flags []string
	now := settingsOf(w.Graph)
	for _, key := range slices.Sorted(maps.Keys(s.Settings)) {
		if before := s.Settings[key]; before != now[key] {
			name := strings.TrimPrefix(key, s.Project+":")
			changed = append(changed, fmt.Sprintf("%s was %q and is %q", name, before, now[key]))
			flags = append(flags, fmt.Sprintf("--config %s=%s", name, before))
		}
	}
	if len(flags) > 0 {
		fix = strings.Join(changed, ", ") + "; go on with " + strings.Join(flags, " ") + ", or name another folder"
	}
	return fmt.Errorf("%s has objects in buckets that are not deployed any more, %s: %s", w.dir, strings.Join(names, ", "), fix)
}
