package redshiftdata

import (
	"context"
	"slices"
	"sync"

	"airline/local/redshift"
	"airline/local/redshift/stream"
)

// DuckDB plans a query by what it knows of the rows, and a prepared query keeps its plan when rows change: one that had no row of a
// condition goes on finding none. So a session asks a query again with the plan of the last time only if nothing was committed since.

// commits counts the commits of a warehouse that may have changed rows or definitions. It is used by many goroutines.
type commits struct {
	mu      sync.Mutex
	version uint64 // counts their beginnings and ends
	open    int    // such commits that have begun
}

// during commits a transaction.
func (c *commits) during(commit func() error) error {
	count := func(open int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.version++
		c.open += open
	}
	count(1)
	defer count(-1)
	return commit()
}

// now is the version; settled reports whether no commit changes it at the moment.
func (c *commits) now() (version uint64, settled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version, c.open == 0
}

// readyStatements is how many of a session's queries are kept prepared, and readyText how long their texts are at most.
const readyStatements, readyText = 16, 16 << 10

// readyStatement is a query that DuckDB has prepared, by what was committed in a version.
type readyStatement struct {
	text      string
	version   uint64
	statement *stream.Statement
}

// takeReady gives the prepared query of a text and version, which is nobody else's from then on; nil: there is none. One of another version
// goes.
func (s *clientSession) takeReady(text string, version uint64) *stream.Statement {
	i := slices.IndexFunc(s.ready, func(r readyStatement) bool { return r.text == text })
	if i < 0 {
		return nil
	}
	r := s.ready[i]
	s.ready = slices.Delete(s.ready, i, i+1)
	if r.version == version {
		return r.statement
	}
	r.statement.Close()
	return nil
}

// putReady keeps a statement for the next time; the one that was used longest ago goes.
func (s *clientSession) putReady(r readyStatement) {
	if len(s.ready) == readyStatements {
		s.ready[0].statement.Close()
		s.ready = slices.Delete(s.ready, 0, 1)
	}
	s.ready = append(s.ready, r)
}

// closeReady closes what is prepared.
func (s *clientSession) closeReady() {
	for _, r := range s.ready {
		r.statement.Close()
	}
	s.ready = nil
}

// beginning is what was committed when a transaction began.
type beginning struct {
	version uint64
	settled bool // no commit was under way
}

// runQuery runs a query of DuckDB's. It may be run again with the plan that it has if keep says so.
func (s *clientSession) runQuery(ctx context.Context, text string) (st readyStatement, rows *stream.Rows, keep bool, err error) {
	st.text = text
	version, settled := s.warehouse.commits.now()
	// A transaction sees what was committed when it began, and changes of its own.
	usable := settled && len(text) <= readyText && (s.alone() || s.began.settled && s.began.version == version && !s.session.changes)
	same := func() bool { // the snapshot that the query sees is of the version
		after, settled := s.warehouse.commits.now()
		return settled && after == version
	}
	if usable {
		if st.statement = s.takeReady(text, version); st.statement != nil {
			if rows, err = st.statement.Run(ctx); err == nil && same() {
				st.version = version
				return st, rows, true, nil
			}
			if err == nil {
				rows.Close()
			}
			st.statement.Close()
		}
	}
	if st.statement, err = s.raw.Prepare(text); err != nil {
		return st, nil, false, redshift.DuckError(err)
	}
	if rows, err = st.statement.Run(ctx); err != nil {
		st.statement.Close()
		return st, nil, false, redshift.DuckError(err)
	}
	st.version = version
	return st, rows, usable && same(), nil
}
