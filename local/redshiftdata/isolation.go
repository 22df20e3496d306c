package redshiftdata

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// isolation keeps transactions apart as Redshift does with SERIALIZABLE, by whole tables: a table has one writer at a time, and a
// transaction whose end would close a circle of dependencies fails with error 1023 ("Serializable isolation", Database Developer
// Guide). It is used by many goroutines.
type isolation struct {
	mu      sync.Mutex
	time    uint64 // counts begins and commits
	next    uint64
	changed chan struct{}
	writers map[name]*transaction
	open    map[*transaction]bool
	past    []*transaction // that have committed, as long as one of the open ones began before that
}

// transaction is what isolation knows of a transaction.
type transaction struct {
	id        uint64
	begun     uint64 // when it first looked at a table; 0: not yet
	committed uint64
	reads     map[name]bool
	writes    map[name]bool
	waits     name
	waiting   bool
}

func newIsolation() *isolation {
	return &isolation{changed: make(chan struct{}), writers: map[name]*transaction{}, open: map[*transaction]bool{}, next: 5000}
}

// begin makes a transaction. Its snapshot is taken when it first uses a table.
func (i *isolation) begin() *transaction {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.next++
	t := &transaction{id: i.next, reads: map[name]bool{}, writes: map[name]bool{}}
	i.open[t] = true
	return t
}

// use waits until a transaction may write the tables, and notes what it reads and writes.
func (i *isolation) use(ctx context.Context, t *transaction, reads, writes []name) error {
	writes = slices.Clone(writes)
	slices.SortFunc(writes, func(a, b name) int { return slices.Compare([]string{a.Schema, a.Table}, []string{b.Schema, b.Table}) })
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, n := range writes {
		if n.Schema == "" { // a temporary table
			continue
		}
		for i.writers[n] != nil && i.writers[n] != t {
			if i.deadlock(t, i.writers[n]) {
				return &sqlError{code: "40P01", message: "deadlock detected", detail: fmt.Sprintf("Transaction %d waits for the table %s, which transaction %d writes, and that one waits for a table of the former.", t.id, n, i.writers[n].id)}
			}
			t.waits, t.waiting = n, true
			changed := i.changed
			i.mu.Unlock()
			select {
			case <-changed:
			case <-ctx.Done():
			}
			i.mu.Lock()
			t.waiting = false
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		i.writers[n] = t
		t.writes[n] = true
	}
	for _, n := range reads {
		if n.Schema != "" {
			t.reads[n] = true
		}
	}
	if t.begun == 0 && len(t.reads)+len(t.writes) > 0 {
		i.time++
		t.begun = i.time
	}
	return nil
}

// deadlock reports whether the holder waits, perhaps through others, for t.
func (i *isolation) deadlock(t, holder *transaction) bool {
	for range len(i.open) {
		if holder == t {
			return true
		}
		if holder == nil || !holder.waiting {
			return false
		}
		holder = i.writers[holder.waits]
	}
	return false
}

// check says whether a transaction may commit.
func (i *isolation) check(t *transaction) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if t.begun == 0 || len(t.writes) == 0 && len(t.reads) == 0 {
		return nil
	}
	seen := map[*transaction]bool{}
	var find func(from *transaction, path []*transaction) []*transaction
	find = func(from *transaction, path []*transaction) []*transaction {
		for _, other := range append(i.past, t) {
			if other == from || !i.before(from, other, t) {
				continue
			}
			if other == t {
				if len(path) > 0 {
					return path
				}
				continue
			}
			if seen[other] {
				continue
			}
			seen[other] = true
			if found := find(other, append(path, other)); found != nil {
				return found
			}
		}
		return nil
	}
	circle := find(t, nil)
	if circle == nil {
		return nil
	}
	for n := range t.reads {
		if circle[0].writes[n] {
			return violation(n, t, circle)
		}
	}
	for n := range t.writes {
		return violation(n, t, circle)
	}
	return nil
}

// before reports whether a comes before b in any order of the transactions one after the other that gives what they have seen.
// committing is the one that is about to commit.
func (i *isolation) before(a, b, committing *transaction) bool {
	over := func(x, y *transaction) bool { // x had committed when y began
		return x != committing && x.committed < y.begun
	}
	if over(b, a) {
		return false
	}
	for n := range a.reads {
		if b.writes[n] && !over(b, a) { // a has not seen what b wrote
			return true
		}
	}
	first := over(a, b) || b == committing && a != committing || a != committing && a.committed < b.committed
	for n := range a.writes {
		if over(a, b) && b.reads[n] || first && b.writes[n] {
			return true
		}
	}
	return false
}

// violation is Redshift's error 1023.
func violation(n name, t *transaction, circle []*transaction) error {
	text := fmt.Sprint(t.id)
	for _, other := range circle {
		text += fmt.Sprintf(", %d", other.id)
	}
	return &sqlError{code: "XX000", message: "1023", detail: fmt.Sprintf("Serializable isolation violation on table - %s, transactions forming the cycle are: %s (pid:1073750044)", n, text)}
}

// end ends a transaction.
func (i *isolation) end(t *transaction, committed bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for n := range t.writes {
		if i.writers[n] == t {
			delete(i.writers, n)
		}
	}
	delete(i.open, t)
	if committed && t.begun > 0 {
		i.time++
		t.committed = i.time
		i.past = append(i.past, t)
	}
	oldest := i.time
	for other := range i.open {
		if other.begun > 0 {
			oldest = min(oldest, other.begun)
		}
	}
	// What was over before the oldest of the open ones began has no part in a circle with it.
	i.past = slices.DeleteFunc(i.past, func(p *transaction) bool { return len(i.open) == 0 || p.committed < oldest })
	close(i.changed)
	i.changed = make(chan struct{})
}
