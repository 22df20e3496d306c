package redshiftdata

import (
	"slices"
	"sync"
	"time"

	"airline/local/redshift/catalog"
)

// activity is what clients have done and do, for the views that tell it. It is used by many goroutines.
type activity struct {
	mu       sync.Mutex
	next     int64
	sessions map[uint32]*catalog.Session
	queries  []*catalog.Query
	loads    []catalog.Load
}

// kept is how many statements, and how many loads, the views remember.
const kept = 1000

func newActivity() *activity {
	return &activity{sessions: map[uint32]*catalog.Session{}, next: 1000}
}

// opened notes a session, unless its user has limit of them.
func (a *activity) opened(s catalog.Session, limit int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	others := 0
	for _, other := range a.sessions {
		if other.User == s.User {
			others++
		}
	}
	if others >= limit {
		return false
	}
	a.sessions[s.PID] = &s
	return true
}

func (a *activity) closed(pid uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.sessions, pid)
}

// begin notes a statement. end is called when it is over.
func (a *activity) begin(q catalog.Query) (end func(at time.Time, rows int64, err error)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next++
	q.ID, q.Status = a.next, "running"
	a.queries = append(a.queries, &q)
	if n := len(a.queries) - kept; n > 0 {
		a.queries = slices.Delete(a.queries, 0, n)
	}
	if s := a.sessions[q.PID]; s != nil {
		s.Query = q.Text
	}
	return func(at time.Time, rows int64, err error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		q.Status, q.End, q.Rows = "success", at, rows
		if err != nil {
			q.Status, q.Error = "failed", err.Error()
		}
		if s := a.sessions[q.PID]; s != nil {
			s.Query = ""
		}
	}
}

// loaded notes the COPY that a session's statement is.
func (a *activity) loaded(pid uint32, l catalog.Load) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, q := range slices.Backward(a.queries) {
		if q.PID == pid {
			l.Query, l.User, l.Database, l.Start = q.ID, q.User, q.Database, q.Start
			break
		}
	}
	a.loads = append(a.loads, l)
	if n := len(a.loads) - kept; n > 0 {
		a.loads = slices.Delete(a.loads, 0, n)
	}
}

// read copies what is known.
func (a *activity) read() catalog.Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := catalog.Activity{Loads: slices.Clone(a.loads)}
	for _, s := range a.sessions {
		all.Sessions = append(all.Sessions, *s)
	}
	slices.SortFunc(all.Sessions, func(x, y catalog.Session) int { return int(x.PID) - int(y.PID) })
	for _, q := range a.queries {
		all.Queries = append(all.Queries, *q)
	}
	return all
}
