// Package servetest puts a warehouse before the clients of a test.
package servetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"airline/local/redshift/wire"
	"airline/local/redshiftdata"
)

// Warehouse is a warehouse that clients connect to, until the test ends.
type Warehouse struct {
	*redshiftdata.Alone
	Address string // host and port
	URL     string // of its administrator
}

// Start makes an empty warehouse, of the administrator of that name.
func Start(t testing.TB, admin string) *Warehouse {
	t.Helper()
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	db, err := sql.Open("duckdb", file)
	if err == nil {
		err = errors.Join(db.Ping(), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return Open(t, file, admin)
}

// Open takes a warehouse's file.
func Open(t testing.TB, file, admin string) *Warehouse {
	t.Helper()
	w, err := redshiftdata.OpenAlone(file, "dev", admin, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	user, password, err := w.Administrator()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	server := &wire.Server{Warehouse: w.Clients(), Problem: func(err error) { t.Error(err) }}
	go func() { done <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, w.Close()); err != nil {
			t.Error(err)
		}
	})
	return &Warehouse{w, listener.Addr().String(), fmt.Sprintf("postgres://%s:%s@%s/dev?sslmode=disable", user, password, listener.Addr())}
}
