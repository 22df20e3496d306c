package redshiftdata

import (
	"context"
	"slices"
	"sync"

	"airline/local/redshift"
)

// definitions are the relations of the database as transactions have found them since its definitions changed last, so that not each looks for
// them again. It is used by many goroutines.
type definitions struct {
	mu      sync.Mutex
	version uint64 // counts the beginnings and ends of commits that change definitions
	open    int    // such commits that have begun
	known   map[name]*redshift.Relation
}

// changing commits a transaction that has changed definitions. What others have found by then is forgotten.
func (d *definitions) changing(commit func() error) error {
	count := func(open int) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.version++
		d.open += open
		d.known = nil
	}
	count(1)
	defer count(-1)
	return commit()
}

// now is the version; settled reports whether no commit changes it at the moment.
func (d *definitions) now() (version uint64, settled bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.version, d.open == 0
}

// relation is what is known of a relation in a version; nil and known where there is none of the name.
func (d *definitions) relation(version uint64, n name) (rel *redshift.Relation, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.version != version {
		return nil, false
	}
	rel, known = d.known[n]
	return rel, known
}

// keep keeps what a transaction that sees a version has found.
func (d *definitions) keep(version uint64, n name, rel *redshift.Relation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.version != version {
		return
	}
	if d.known == nil {
		d.known = map[name]*redshift.Relation{}
	}
	d.known[n] = rel
}

// transactionCatalog is what a session's transaction knows of the relations.
type transactionCatalog struct {
	own       *redshift.DuckCatalog
	shared    *definitions
	temporary func() bool // reports whether the session may have temporary tables
	lone      func() bool // reports whether nothing but one statement is in the transaction, which asks whether what was looked up holds

	assumed bool   // what was looked up is of the version, which the transaction need not see
	stale   bool   // it does not
	begun   bool   // what the transaction sees is settled
	sees    uint64 // the version of the definitions that it sees
	alone   bool   // what it sees is no version that others know
	changes bool   // it has changed definitions
}

// look settles what the transaction sees, and which version that is: the one before and after its first look at the database, if that is the
// same.
func (c *transactionCatalog) look() error {
	if c.begun {
		return nil
	}
	before, settled := c.shared.now()
	rows, err := c.own.DB.QueryContext(context.Background(), "SELECT txid_current()") // with which DuckDB's snapshot begins
	if err != nil {
		return err
	}
	if err := rows.Close(); err != nil {
		return err
	}
	after, _ := c.shared.now()
	c.stale = c.assumed && after != c.sees
	c.begun, c.sees, c.alone = true, after, !settled || before != after
	return nil
}

// Relation describes a table or view.
func (c *transactionCatalog) Relation(schema, table string) (*redshift.Relation, error) {
	n := name{Schema: schema, Table: table}
	if schema == "" && !c.temporary() {
		return nil, nil
	}
	if version, settled := c.shared.now(); !c.begun && c.lone() && schema != "" && settled && (!c.assumed || version == c.sees) {
		if rel, known := c.shared.relation(version, n); known {
			c.assumed, c.sees = true, version
			return rel, nil
		}
	}
	if err := c.look(); err != nil {
		return nil, err
	}
	if schema == "" || c.alone || c.changes {
		return c.own.Relation(schema, table)
	}
	if rel, known := c.shared.relation(c.sees, n); known {
		return rel, nil
	}
	rel, err := c.own.Relation(schema, table)
	if err == nil {
		c.shared.keep(c.sees, n, rel)
	}
	return rel, err
}

// holds reports whether what was looked up is what a query that has begun by now sees.
func (c *transactionCatalog) holds() bool {
	version, settled := c.shared.now()
	if c.begun {
		stale := c.stale
		c.stale = false // from now on all is of one version
		return !stale
	}
	return !c.assumed || settled && version == c.sees
}

// HasSchema reports whether there is a schema.
func (c *transactionCatalog) HasSchema(schema string) (bool, error) {
	if err := c.look(); err != nil {
		return false, err
	}
	return c.own.HasSchema(schema)
}

// changed notes that the transaction may have changed definitions: only those of its own temporary tables, or any.
func (c *transactionCatalog) changed(temporary bool) {
	if temporary {
		c.own.ForgetTemporary()
		return
	}
	c.changes = true
	c.own.Forget()
}

// temporaryOnly reports whether all that a statement changes are the session's temporary tables.
func (s *statement) temporaryOnly() bool {
	return len(s.writes) > 0 && !slices.ContainsFunc(s.writes, func(n name) bool { return n.Schema != "" })
}

// defines reports whether a statement may change definitions.
func (s *statement) defines() bool {
	switch s.verb {
	case "select", "explain", "insert", "update", "delete", "merge", "copy", "unload", "truncate", "lock", "analyze", "vacuum", "grant", "revoke", "refresh":
		return false
	}
	return true
}
