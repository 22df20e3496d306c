package operate

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/etl"
)

// Planned is what is to be done about a file.
type Planned struct {
	File
	// Restore is the older version that is to become the newest again; empty when the newest is loaded.
	Restore string `json:"restore,omitempty"`
	// Skip is why nothing is done; empty when something is.
	Skip string `json:"skip,omitempty"`
}

// Started is a load that was started.
type Started struct {
	Key       string `json:"key"`
	Execution string `json:"execution,omitempty"`
	// Version is the new version of one that was restored: its own event starts the load.
	Version string `json:"version,omitempty"`
	// Already says that somebody else has started the load since it was planned.
	Already bool `json:"already,omitempty"`
}

// PlanReplay says what is to be done to load files again, each given as KEY or KEY@VERSION. What is loaded already, or was taken out by hand, is
// skipped unless it is forced. An older version is copied to become the newest, since the warehouse holds the newest.
func (s *Session) PlanReplay(ctx context.Context, names []string, force bool) ([]Planned, error) {
	var keys []string // a name may be a key as it stands, whatever it has of "@"
	for _, name := range names {
		keys = append(keys, name)
		if key, _ := keyAndVersion(name); key != name {
			keys = append(keys, key)
		}
	}
	found := map[string]File{}
	for f, err := range s.Files(ctx, Selection{Keys: keys}) {
		if err != nil {
			return nil, err
		}
		found[f.Key] = f
	}
	var plan []Planned
	for _, name := range names {
		f, ok := found[name]
		var version string
		if !ok {
			var key string
			key, version = keyAndVersion(name)
			if f, ok = found[key]; !ok {
				return nil, s.unknownKey(key)
			}
		}
		p := s.planned(f, force)
		if version != "" && version != f.Version.ID {
			var err error
			if p, err = restore(f, version); err != nil {
				return nil, err
			}
		}
		plan = append(plan, p)
	}
	return plan, nil
}

// keyAndVersion takes KEY@VERSION apart; without a version it is all key.
func keyAndVersion(name string) (key, version string) {
	if i := strings.LastIndexByte(name, '@'); i > 0 {
		return name[:i], name[i+1:]
	}
	return name, ""
}

// restore plans to make an older version the newest.
func restore(f File, version string) (Planned, error) {
	var known []string
	for _, v := range f.versions {
		if v.ID == version && !v.Marker {
			return Planned{File: f, Restore: version}, nil
		}
		known = append(known, v.ID)
	}
	return Planned{}, &Failure{fmt.Sprintf("%s has no version %s", f.Key, version), "It has " + strings.Join(known, ", ") + ".", nil}
}

// planned says what is to be done about a file in its state.
func (s *Session) planned(f File, force bool) Planned {
	p := Planned{File: f}
	switch {
	case f.State == Ignored:
		p.Skip = "it is no data by its name: " + f.Fix
	case f.State == Running:
		p.Skip = "it is being loaded: " + f.Execution.ARN
	case force:
	case f.State == Loaded:
		p.Skip = "it is loaded already (--force loads it again)"
	case f.State == Retired:
		p.Skip = "it was taken out by hand (--force loads it again)"
	case f.State == Gone:
		p.Skip = "it is gone, and the warehouse knows"
	}
	return p
}

// PlanFailed says what is to be done to load again what has failed.
func (s *Session) PlanFailed(ctx context.Context, since time.Time) ([]Planned, error) {
	return s.plan(ctx, Selection{Since: since}, func(f File) bool { return f.State == Failed })
}

// PlanReconcile says what is to be done to bring the warehouse to what the bucket holds of the last days, by when the files were written:
// what failed and what is missing is loaded, and what is gone leaves. A file of the last hour is left to its own event.
func (s *Session) PlanReconcile(ctx context.Context, days int) ([]Planned, error) {
	oldest, youngest := s.now().AddDate(0, 0, -days), s.now().Add(-time.Hour)
	return s.plan(ctx, Selection{}, func(f File) bool {
		switch f.State {
		case Missing:
			return f.Version.Written.After(oldest) && f.Version.Written.Before(youngest)
		case Failed:
			return f.Version.Written.After(oldest)
		}
		return f.State == Deleted
	})
}

// plan takes those files of a selection that are wanted.
func (s *Session) plan(ctx context.Context, sel Selection, wanted func(File) bool) ([]Planned, error) {
	var list []Planned
	for f, err := range s.Files(ctx, sel) {
		if err != nil {
			return nil, err
		}
		if wanted(f) {
			list = append(list, s.planned(f, false))
		}
	}
	return list, nil
}

// Start does what is planned for one file that is not skipped.
func (s *Session) Start(ctx context.Context, p Planned) (Started, error) {
	if p.Restore != "" {
		return s.copy(ctx, p)
	}
	input, err := json.Marshal(etl.Batch{Files: []etl.Event{{
		Bucket: s.Parts.Raw, Key: p.Key, Version: p.Version.ID, Time: s.changed(p), EventID: "replay",
	}}})
	if err != nil {
		return Started{}, err
	}
	// Two people who see the same of a file start the same execution: its name comes of what they saw, and Step Functions
	// starts a name once. A name whose execution has failed is followed by the next.
	seen := "nothing"
	if p.Ledger != nil {
		seen = p.Ledger.LoadID + " " + p.Ledger.Observed.Format(time.RFC3339Nano)
	}
	sum := sha256.Sum256([]byte(p.Key + "\n" + p.Version.ID + "\n" + seen))
	for attempt := 1; attempt <= maxAttempts; attempt++ {
		name := fmt.Sprintf("replay-%x-%d", sum[:16], attempt)
		out, err := s.machines.StartExecution(ctx, &sfn.StartExecutionInput{
			StateMachineArn: aws.String(s.Parts.Loader(p.Dataset).Live), Name: &name, Input: aws.String(string(input)),
		})
		var exists *types.ExecutionAlreadyExists
		switch {
		case err == nil:
			return Started{Key: p.Key, Execution: aws.ToString(out.ExecutionArn)}, nil
		case !errors.As(err, &exists):
			return Started{}, s.there(err)
		}
		x := Execution{ARN: s.Names.ARN("states", "execution:"+s.Parts.Loader(p.Dataset).Name+":"+name)}
		if err := s.describe(ctx, &x); err != nil {
			return Started{}, err
		}
		if x.Status == types.ExecutionStatusRunning || x.Status == types.ExecutionStatusSucceeded && s.now().Sub(aws.ToTime(x.Stop)) < recently {
			return Started{Key: p.Key, Execution: x.ARN, Already: true}, nil
		}
	}
	return Started{}, &Failure{fmt.Sprintf("%s was loaded again %d times from the same state, and each load failed", p.Key, maxAttempts), fmt.Sprintf("airline file %q tells why.", p.Key), nil}
}

// changed is the time that the machine is told: a crawl that began before it does not count, so one that failed is not what the
// load fails of again.
func (s *Session) changed(p Planned) time.Time {
	at := s.now()
	if x := p.Execution; x != nil && x.Stop != nil && x.Stop.After(at) { // AWS's clock is another one
		at = *x.Stop
	}
	return at.UTC().Truncate(time.Second)
}

// maxAttempts is how often a file is loaded again without anything having changed about it. recently is how long a load that
// succeeded is taken for the one that was just wanted.
const (
	maxAttempts = 50
	recently    = 10 * time.Minute
)

// copy makes an older version the newest. Its event starts the load.
func (s *Session) copy(ctx context.Context, p Planned) (Started, error) {
	out, err := s.objects.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &s.Parts.Raw, Key: &p.Key, CopySource: aws.String(url.PathEscape(s.Parts.Raw+"/"+p.Key) + "?versionId=" + url.QueryEscape(p.Restore)),
	})
	if err != nil {
		return Started{}, s.Explain(err)
	}
	return Started{Key: p.Key, Version: aws.ToString(out.VersionId)}, nil
}
