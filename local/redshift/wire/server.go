package wire

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"time"
)

// Server answers clients. Its zero values are those of Redshift where it has any.
type Server struct {
	Warehouse Warehouse
	// Certificate is what the server shows to clients that ask for TLS. Without one they are told that there is none.
	Certificate *tls.Certificate
	// MaxConnections is how many clients may be there at once. 0 means 2000, as in Redshift Serverless.
	MaxConnections int
	// Startup is how long a client has for its login, Stall how long it may stop within a message or take in nothing, and Idle
	// how long it may ask nothing. 0 means 10 s, 30 s and 1 h.
	Startup, Stall, Idle time.Duration
	// Problem is told what went wrong without anybody to tell. Nil forgets it.
	Problem func(error)

	mu      sync.Mutex
	clients map[uint32]*client
	next    uint32
	closing bool
}

// firstPID is the number of the first session: those of Redshift Serverless begin there.
const firstPID = 1073741824

// maxMessage bounds a client's message: a statement of Redshift's has at most 16 MB ("Quotas and limits").
const maxMessage = 17 << 20

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Serve answers clients until the context is done, and then ends their sessions. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	defer s.endAll()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			if err == nil {
				conn.Close()
			}
			return nil
		}
		if err != nil {
			var passing interface{ Temporary() bool }
			if errors.As(err, &passing) && passing.Temporary() { // no file descriptor left, say
				time.Sleep(10 * time.Millisecond)
				continue
			}
			return fmt.Errorf("accepting connections at %s: %w", listener.Addr(), err)
		}
		all.Go(func() {
			defer conn.Close()
			s.handle(ctx, conn)
		})
	}
}

// handle serves one connection.
func (s *Server) handle(ctx context.Context, conn net.Conn) {
	c := &client{server: s, conn: conn}
	defer func() {
		s.remove(c)
		if c.session != nil {
			c.session.Close()
		}
		if failure := recover(); failure != nil {
			s.problem(fmt.Errorf("a session failed: %v\n%s", failure, debug.Stack()))
		}
	}()
	c.ctx, c.end = context.WithCancel(ctx)
	defer c.end()
	c.serve()
}

func (s *Server) problem(err error) {
	if s.Problem != nil {
		s.Problem(err)
	}
}

// add gives a client its number and the secret with which its statements may be cancelled.
func (s *Server) add(c *client) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := or(s.MaxConnections, 2000)
	switch {
	case s.closing:
		return &Error{Severity: "FATAL", Code: shutdown, Message: "the warehouse is shutting down"}
	case len(s.clients) >= limit:
		return &Error{Severity: "FATAL", Code: tooMany, Message: fmt.Sprintf("connection limit %d exceeded for non-bootstrap users", limit)}
	}
	if s.clients == nil {
		s.clients = map[uint32]*client{}
	}
	c.pid, c.secret = firstPID+s.next, make([]byte, 4)
	rand.Read(c.secret) // never fails
	s.next++
	s.clients[c.pid] = c
	return nil
}

func (s *Server) remove(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients[c.pid] == c {
		delete(s.clients, c.pid)
	}
}

// cancel ends the statement of the session that a request to cancel names.
func (s *Server) cancel(pid uint32, secret []byte) {
	s.mu.Lock()
	c := s.clients[pid]
	s.mu.Unlock()
	if c != nil && subtle.ConstantTimeCompare(c.secret, secret) == 1 {
		c.cancelStatement()
	}
}

// Terminate ends the session of a number, as PG_TERMINATE_BACKEND does, and reports whether there was one. Cancel ends its
// statement, as PG_CANCEL_BACKEND and CANCEL do.
func (s *Server) Terminate(pid uint32) bool {
	c := s.find(pid)
	if c != nil {
		c.end()
		c.cancelStatement()
		c.conn.SetReadDeadline(past)
	}
	return c != nil
}

// Cancel ends the statement that a session runs, and reports whether there is such a session.
func (s *Server) Cancel(pid uint32) bool {
	c := s.find(pid)
	if c != nil {
		c.cancelStatement()
	}
	return c != nil
}

func (s *Server) find(pid uint32) *client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clients[pid]
}

func (s *Server) endAll() {
	s.mu.Lock()
	s.closing = true
	var all []*client
	for _, c := range s.clients {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		c.end()
		c.cancelStatement()
		c.conn.SetReadDeadline(past)
	}
}
