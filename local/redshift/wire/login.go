package wire

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// errDone ends a connection about which there is nothing to say.
var errDone = errors.New("the connection has come to its end")

// login reads the first messages of a client, up to the open session.
func (c *client) login() error {
	c.conn.SetDeadline(time.Now().Add(or(c.server.Startup, 10*time.Second)))
	c.attach()
	startup, err := c.startup()
	if err != nil {
		return err
	}
	login := Login{User: startup.Parameters["user"], Database: startup.Parameters["database"], Remote: c.conn.RemoteAddr().String()}
	if login.User == "" {
		return fatal(badLogin, "no user name is specified in the startup packet")
	}
	if login.Database == "" {
		login.Database = login.User
	}
	if login.Settings, err = settings(startup.Parameters); err != nil {
		return err
	}
	if err := c.authenticate(login); err != nil {
		return err
	}
	if err := c.server.add(c); err != nil {
		return err
	}
	login.PID, login.Notice, login.Parameter = c.pid, c.notice, c.parameter
	if c.session, err = c.server.Warehouse.Open(c.ctx, login); err != nil {
		e := *errorOf(err)
		e.Severity = "FATAL"
		return &e
	}
	c.backend.Send(&pgproto3.AuthenticationOk{})
	told := c.session.Parameters()
	for _, name := range slices.Sorted(maps.Keys(told)) {
		c.parameter(name, told[name])
	}
	c.backend.Send(&pgproto3.BackendKeyData{ProcessID: c.pid, SecretKey: c.secret})
	c.conn.SetDeadline(time.Time{})
	return nil
}

func fatal(code, format string, args ...any) *Error {
	e := failure(code, format, args...)
	e.Severity = "FATAL"
	return e
}

// startup answers what may come before the startup message: requests for encryption, and to cancel a statement.
func (c *client) startup() (*pgproto3.StartupMessage, error) {
	for range 3 { // TLS, GSSAPI and the startup message, in any order
		message, err := c.backend.ReceiveStartupMessage()
		if err != nil {
			if strings.Contains(err.Error(), "unknown startup message code") {
				return nil, fatal(notSupported, "unsupported frontend protocol: only version 3.0 is spoken")
			}
			return nil, errDone
		}
		switch m := message.(type) {
		case *pgproto3.SSLRequest:
			if err := c.encrypt(); err != nil {
				return nil, err
			}
		case *pgproto3.GSSEncRequest:
			if _, err := c.conn.Write([]byte{'N'}); err != nil {
				return nil, errDone
			}
		case *pgproto3.CancelRequest:
			c.server.cancel(m.ProcessID, m.SecretKey)
			return nil, errDone
		case *pgproto3.StartupMessage:
			c.frames.startup = false
			c.negotiate(m)
			return m, nil
		}
	}
	return nil, errDone
}

// negotiate tells a client that asks for more than version 3.0 that this is what it gets.
func (c *client) negotiate(m *pgproto3.StartupMessage) {
	answer := &pgproto3.NegotiateProtocolVersion{NewestMinorProtocol: pgproto3.ProtocolVersion30}
	for _, name := range slices.Sorted(maps.Keys(m.Parameters)) {
		if strings.HasPrefix(name, "_pq_.") {
			answer.UnrecognizedOptions = append(answer.UnrecognizedOptions, name)
			delete(m.Parameters, name)
		}
	}
	if m.ProtocolVersion != pgproto3.ProtocolVersion30 || answer.UnrecognizedOptions != nil {
		c.backend.Send(answer)
	}
}

// encrypt answers a request for TLS.
func (c *client) encrypt() error {
	_, already := c.conn.(*tls.Conn)
	if already || c.server.Certificate == nil {
		if _, err := c.conn.Write([]byte{'N'}); err != nil {
			return errDone
		}
		return nil
	}
	if c.in.Buffered() > 0 { // what a man in the middle has put before the handshake
		return errDone
	}
	if _, err := c.conn.Write([]byte{'S'}); err != nil {
		return errDone
	}
	encrypted := tls.Server(c.conn, &tls.Config{Certificates: []tls.Certificate{*c.server.Certificate}, MinVersion: tls.VersionTLS12})
	if err := encrypted.HandshakeContext(c.ctx); err != nil {
		return errDone
	}
	c.conn = encrypted
	c.attach()
	return nil
}

// settings are the run-time parameters of a startup message. Those of options stand as -c name=value or --name=value.
func settings(parameters map[string]string) (map[string]string, error) {
	all := maps.Clone(parameters)
	options := strings.Fields(all["options"])
	for _, name := range []string{"user", "database", "options"} {
		delete(all, name)
	}
	for i := 0; i < len(options); i++ {
		text, ok := strings.CutPrefix(options[i], "--")
		if !ok {
			text, ok = strings.CutPrefix(options[i], "-c")
			if ok && text == "" && i+1 < len(options) {
				i++
				text = options[i]
			}
		}
		name, value, found := strings.Cut(text, "=")
		if !ok || !found {
			return nil, fatal("42601", "options %q are not understood: give -c name=value", parameters["options"])
		}
		all[strings.ReplaceAll(name, "-", "_")] = value
	}
	return all, nil
}

// authenticate asks for the password by MD5, and waits a little before it refuses one.
func (c *client) authenticate(login Login) error {
	var salt [4]byte
	rand.Read(salt[:]) // never fails
	c.backend.Send(&pgproto3.AuthenticationMD5Password{Salt: salt})
	if err := c.flush(); err != nil {
		return errDone
	}
	if err := c.backend.SetAuthType(pgproto3.AuthTypeMD5Password); err != nil {
		return fatal(protocolViolation, "%v", err)
	}
	message, err := c.backend.Receive()
	if err != nil {
		return errDone
	}
	given, ok := message.(*pgproto3.PasswordMessage)
	if !ok {
		return fatal(protocolViolation, "expected a password response, got a %T", message)
	}
	right := 0
	for _, secret := range c.server.Warehouse.Secrets(login.User, login.Database) {
		right |= subtle.ConstantTimeCompare([]byte(given.Password), []byte(answer(secret, salt)))
	}
	if right != 1 {
		return fatal(badPassword, "password authentication failed for user %q", login.User)
	}
	return nil
}

// Secret is a user's password as a warehouse keeps it: md5, and the hash of password and name. So it is of no use under another name.
func Secret(password, user string) string {
	return fmt.Sprintf("md5%x", md5.Sum([]byte(password+user)))
}

// answer is what a client answers: md5, and the hash of the secret's hash and the salt.
func answer(secret string, salt [4]byte) string {
	return fmt.Sprintf("md5%x", md5.Sum(append([]byte(strings.TrimPrefix(secret, "md5")), salt[:]...)))
}
