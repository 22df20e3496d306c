package operate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// News is something that happens in a load.
type News struct {
	Time      time.Time `json:"time"`
	Execution string    `json:"execution"`
	Keys      []string  `json:"keys"`
	// What is a state's name, or how the execution has ended: "SUCCEEDED".
	What  string `json:"what"`
	Error string `json:"error,omitempty"`
	// Ended says that the execution has ended.
	Ended bool `json:"ended,omitempty"`
}

// Watch tells what happens in the loads that run, state by state, until the context ends. With a key it tells of the loads of
// this file only, and ends with them; a file that is not being loaded is a *Failure.
func (s *Session) Watch(ctx context.Context, key string, every time.Duration, tell func(News) error) (succeeded bool, err error) {
	if key != "" {
		f, err := s.find(ctx, key)
		if err != nil {
			return false, err
		}
		if f.State == Gone || f.State == Ignored {
			return false, &Failure{fmt.Sprintf("%s is not being loaded: it is %s", key, f.State), f.Fix, nil}
		}
	}
	w := &watcher{session: s, key: key, tell: tell, followed: map[string]*followed{}, others: map[string]bool{}}
	for first := true; ; first = false {
		running, err := s.executions(ctx, types.ExecutionStatusRunning, time.Time{})
		if err != nil {
			return false, err
		}
		for _, x := range running {
			if err := w.take(ctx, x); err != nil {
				return false, err
			}
		}
		if err := w.look(ctx); err != nil {
			return false, err
		}
		switch {
		case key != "" && first && len(w.followed) == 0:
			f, err := s.find(ctx, key)
			if err != nil {
				return false, err
			}
			return false, &Failure{fmt.Sprintf("%s is not being loaded: it is %s", key, f.State), fmt.Sprintf("airline file %q tells of its loads.", key), nil}
		case key != "" && w.running() == 0:
			return w.succeeded, nil
		}
		if err := sleep(ctx, every); err != nil {
			return false, err
		}
	}
}

// watcher follows executions.
type watcher struct {
	session   *Session
	key       string
	tell      func(News) error
	followed  map[string]*followed // by ARN
	others    map[string]bool      // ARNs of those about other files
	succeeded bool                 // the last that ended did
}

// followed is an execution with what was told of it.
type followed struct {
	Execution
	course Course
	ended  bool
}

func (w *watcher) running() (n int) {
	for _, f := range w.followed {
		if !f.ended {
			n++
		}
	}
	return n
}

// take begins to follow an execution, unless it is about other files.
func (w *watcher) take(ctx context.Context, x Execution) error {
	if w.followed[x.ARN] != nil || w.others[x.ARN] {
		return nil
	}
	if err := w.session.describe(ctx, &x); err != nil {
		return err
	}
	if w.key == "" || slices.Contains(x.Keys, w.key) {
		w.followed[x.ARN] = &followed{Execution: x}
	} else {
		w.others[x.ARN] = true
	}
	return nil
}

// look tells what has come since.
func (w *watcher) look(ctx context.Context) error {
	for _, arn := range sortedKeys(w.followed) {
		f := w.followed[arn]
		if f.ended {
			continue
		}
		var failed error
		err := w.session.followUp(ctx, arn, &f.course, func(e types.HistoryEvent) {
			n := News{Time: aws.ToTime(e.Timestamp), Execution: arn, Keys: f.Keys}
			switch {
			case e.StateEnteredEventDetails != nil:
				n.What = aws.ToString(e.StateEnteredEventDetails.Name)
			case endOf(e) != "":
				n.What, n.Error, n.Ended = endOf(e), failureOf(e), true
				f.ended, w.succeeded = true, n.What == string(types.ExecutionStatusSucceeded)
			default:
				if n.Error = failureOf(e); n.Error == "" {
					return
				}
			}
			if failed == nil {
				failed = w.tell(n)
			}
		})
		if err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

// endOf is how an execution has ended, of the event that says so.
func endOf(e types.HistoryEvent) string {
	switch e.Type {
	case types.HistoryEventTypeExecutionSucceeded:
		return string(types.ExecutionStatusSucceeded)
	case types.HistoryEventTypeExecutionFailed:
		return string(types.ExecutionStatusFailed)
	case types.HistoryEventTypeExecutionTimedOut:
		return string(types.ExecutionStatusTimedOut)
	case types.HistoryEventTypeExecutionAborted:
		return string(types.ExecutionStatusAborted)
	}
	return ""
}
