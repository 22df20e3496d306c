// Package wiretest serves worlds in tests, as airline serve does.
//
//	s, err := wiretest.Serve(world, wire.Options{})
//	defer s.Close()
//	// clients of AWS work with s.URL
package wiretest

import (
	"context"
	"errors"
	"net/http/httptest"

	"airline/local"
	"airline/local/wire"
)

// Served is a world at an address of this machine. Its clock goes.
type Served struct {
	*wire.Server
	URL string

	world *local.World
	http  *httptest.Server
	stop  context.CancelFunc
	done  chan struct{}
}

// Serve serves a world until it is closed.
func Serve(w *local.World, o wire.Options) (*Served, error) {
	server, err := wire.New(w, o)
	if err != nil {
		return nil, err
	}
	h := httptest.NewServer(server)
	ctx, stop := context.WithCancel(context.Background())
	s := &Served{Server: server, URL: h.URL, world: w, http: h, stop: stop, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		server.Run(ctx)
	}()
	return s, nil
}

// Close ends the serving, and closes server and world.
func (s *Served) Close() error {
	s.http.CloseClientConnections()
	s.http.Close()
	s.stop()
	<-s.done
	return errors.Join(s.Server.Close(), s.world.Close())
}
