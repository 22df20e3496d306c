package redshiftdata

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/redshift/wire"
)

// Alone is a warehouse without a world around it: a file of one that a world has kept, for clients of the wire protocol. Its
// clock is the wall's; there is no S3, so nothing can be loaded into it from there.
type Alone struct {
	*Service
	mu  sync.Mutex
	now func() time.Time
}

// OpenAlone opens a warehouse's file, which nothing else may have open. database is the name under which clients ask for it.
func OpenAlone(file, database, admin string, now func() time.Time) (*Alone, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("there is no warehouse: %w", err)
	}
	clock := sim.NewClock(now())
	s := New(door.New(clock, nil, 1), clock, nil, file)
	w, err := openWarehouse(file, clock.Now)
	if err != nil {
		return nil, err
	}
	s.endpoint = &endpoint{serverless: true, name: "local", namespace: namespace{database: database, admin: admin}}
	s.warehouse, s.access = w, newAccess(admin, s.credentials)
	return &Alone{Service: s, now: now}, nil
}

// Clients is the warehouse for [wire.Server].
func (a *Alone) Clients() wire.Warehouse {
	return a.Service.Clients(func(f func() error) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		// Nothing waits for this clock, so it cannot fail.
		_ = a.clock.RunUntil(context.Background(), a.now())
		return f()
	})
}
