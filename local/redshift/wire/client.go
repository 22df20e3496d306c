package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"
)

// client is one connection.
type client struct {
	server  *Server
	ctx     context.Context
	end     context.CancelFunc
	conn    net.Conn
	in      *bufio.Reader
	frames  *frames
	backend *pgproto3.Backend
	session Session

	pid    uint32
	secret []byte

	mu   sync.Mutex
	stop context.CancelFunc // of the statement that runs

	statements map[string]*statement
	portals    map[string]*portal
	skipping   bool // after an error, up to Sync
	unsent     int  // bytes of rows that wait in the backend
	scratch    []byte
}

// attach begins to read messages from the connection as it is now.
func (c *client) attach() {
	c.in = bufio.NewReader(c.conn)
	c.frames = &frames{client: c, startup: true}
	c.backend = pgproto3.NewBackend(c.frames, c.conn)
	c.backend.SetMaxBodyLen(maxMessage)
}

// serve answers messages until the client goes or is told to.
func (c *client) serve() {
	if err := c.login(); err != nil {
		c.last(err)
		return
	}
	c.statements, c.portals = map[string]*statement{}, map[string]*portal{}
	defer c.closeAll()
	c.ready()
	for {
		if err := c.flush(); err != nil {
			return
		}
		message, err := c.backend.Receive()
		if err != nil {
			c.last(c.leaving(err))
			return
		}
		if _, ok := message.(*pgproto3.Terminate); ok {
			return
		}
		if err := c.answer(message); err != nil {
			c.last(err)
			return
		}
	}
}

// leaving says why no more messages come.
func (c *client) leaving(err error) error {
	switch {
	case c.ctx.Err() != nil:
		return fatal(shutdown, "terminating connection due to administrator command")
	case errors.Is(err, os.ErrDeadlineExceeded) && c.frames.rest == 0:
		return fatal(shutdown, "terminating connection: nothing was asked for %s", or(c.server.Idle, time.Hour))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fatal(protocolViolation, "the message did not come to its end within %s", or(c.server.Stall, 30*time.Second))
	case errors.Is(err, errFrame):
		return fatal(protocolViolation, "%v", err)
	case c.frames.rest != 0 || c.frames.broken:
		return errDone
	}
	var syntax interface{ Timeout() bool }
	if errors.As(err, &syntax) || errors.Is(err, net.ErrClosed) {
		return errDone
	}
	return fatal(protocolViolation, "the message is not one of protocol 3.0: %v", err)
}

// last tells the client why the connection ends, if it still listens.
func (c *client) last(err error) {
	if errors.Is(err, errDone) {
		return
	}
	c.backend.Send(response(errorOf(err)))
	c.conn.SetWriteDeadline(time.Now().Add(time.Second))
	// Nobody is left to be told if this fails.
	_ = c.backend.Flush()
}

// answer handles one message. An error ends the connection.
func (c *client) answer(message pgproto3.FrontendMessage) error {
	if c.skipping {
		switch message.(type) {
		case *pgproto3.Sync:
		default:
			return nil
		}
	}
	switch m := message.(type) {
	case *pgproto3.Query:
		c.simple(m.String)
		c.ready()
	case *pgproto3.Sync:
		c.skipping = false
		if err := c.sync(); err != nil {
			c.report(err)
		}
		c.ready()
	case *pgproto3.Parse:
		c.extended(c.parse(m))
	case *pgproto3.Bind:
		c.extended(c.bind(m))
	case *pgproto3.Describe:
		c.extended(c.describe(m))
	case *pgproto3.Execute:
		c.extended(c.execute(m))
	case *pgproto3.Close:
		c.extended(c.close(m))
	case *pgproto3.Flush:
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail: // of a COPY that was refused
	case *pgproto3.FunctionCall:
		c.report(failure(notSupported, "function calls by the protocol are not modelled here: use SELECT"))
		c.ready()
	default:
		return fatal(protocolViolation, "unexpected message %T", message)
	}
	return nil
}

// ready tells the client that it may go on.
func (c *client) ready() {
	status := c.session.Status()
	if status == 'I' {
		c.closePortals()
	}
	c.backend.Send(&pgproto3.ReadyForQuery{TxStatus: status})
}

// flush sends what waits.
func (c *client) flush() error {
	c.unsent = 0
	c.conn.SetWriteDeadline(time.Now().Add(or(c.server.Stall, 30*time.Second)))
	return c.backend.Flush()
}

// report tells the client of an error; the open transaction has failed.
func (c *client) report(err error) {
	c.backend.Send(response(errorOf(err)))
	c.session.Fail()
}

func (c *client) notice(e *Error) {
	n := pgproto3.NoticeResponse(*response(e))
	c.backend.Send(&n)
}

func (c *client) parameter(name, value string) {
	c.backend.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
}

func response(e *Error) *pgproto3.ErrorResponse {
	return &pgproto3.ErrorResponse{
		Severity: or(e.Severity, "ERROR"), Code: or(e.Code, internal), Message: e.Message, Detail: e.Detail, Hint: e.Hint, Position: int32(e.Position),
	}
}

// during runs f as the statement that may be cancelled: by a request, when the client goes, or when the server ends.
func (c *client) during(f func(ctx context.Context) error) error {
	ctx, stop := context.WithCancel(c.ctx)
	defer stop()
	c.mu.Lock()
	c.stop = stop
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.stop = nil
		c.mu.Unlock()
	}()
	quiet := c.watch()
	err := f(ctx)
	quiet()
	return err
}

func (c *client) cancelStatement() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		c.stop()
	}
}

// watch cancels the statement when the client has gone, which shows in what it sends next. The function that it returns ends it.
func (c *client) watch() (quiet func()) {
	if c.in.Buffered() > 0 {
		return func() {}
	}
	done := make(chan struct{})
	c.conn.SetReadDeadline(time.Time{})
	go func() {
		defer close(done)
		if _, err := c.in.Peek(1); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			c.cancelStatement()
		}
	}()
	return func() {
		c.conn.SetReadDeadline(past)
		<-done
	}
}

func validText(text string) error {
	if !utf8.ValidString(text) {
		return failure(notUTF8, "invalid byte sequence for encoding \"UTF8\"")
	}
	return nil
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// frames gives the backend the bytes of one message at a time, so that it never reads into the next, and keeps the time.
type frames struct {
	client  *client
	startup bool // messages have no type yet
	header  [5]byte
	ready   int   // bytes of the header that were not given yet
	size    int   // of the header
	rest    int64 // bytes of the body that were not read yet
	broken  bool
}

var errFrame = errors.New("invalid message length")

func (f *frames) Read(p []byte) (int, error) {
	if f.ready == 0 && f.rest == 0 {
		if err := f.begin(); err != nil {
			f.broken = true
			return 0, err
		}
	}
	if f.ready > 0 {
		n := copy(p, f.header[f.size-f.ready:f.size])
		f.ready -= n
		return n, nil
	}
	n, err := f.client.in.Read(p[:min(int64(len(p)), f.rest)])
	f.rest -= int64(n)
	if err != nil && n == 0 {
		f.broken = true
	}
	return n, err
}

// begin waits for the header of the next message.
func (f *frames) begin() error {
	c := f.client
	f.size = 5
	if f.startup {
		f.size = 4
	}
	if c.session != nil {
		c.conn.SetReadDeadline(time.Now().Add(or(c.server.Idle, time.Hour)))
		if c.ctx.Err() != nil {
			c.conn.SetReadDeadline(past)
		}
	}
	first, err := c.in.Peek(1)
	if err != nil {
		return err
	}
	if c.ctx.Err() != nil {
		return os.ErrDeadlineExceeded
	}
	f.header[0] = first[0]
	if c.session != nil {
		c.conn.SetReadDeadline(time.Now().Add(or(c.server.Stall, 30*time.Second)))
	}
	head := f.header[:f.size]
	for n := 0; n < len(head); {
		got, err := c.in.Read(head[n:])
		if err != nil {
			return err
		}
		n += got
	}
	length := int64(head[f.size-4])<<24 | int64(head[f.size-3])<<16 | int64(head[f.size-2])<<8 | int64(head[f.size-1])
	if length < 4 || length-4 > maxMessage {
		return fmt.Errorf("%w %d", errFrame, length)
	}
	f.ready, f.rest = f.size, length-4
	return nil
}
