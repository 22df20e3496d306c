package wire_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"airline/local/redshift/wire"
)

// fake is a warehouse with a handful of statements: each is answered by the function of its first word.
type fake struct {
	opened chan *fakeSession
}

func (*fake) Secrets(user, database string) []string {
	if user == "ann" && database == "dev" {
		return []string{wire.Secret("old", user), wire.Secret("secret", user)}
	}
	return nil
}

func (f *fake) Open(_ context.Context, login wire.Login) (wire.Session, error) {
	if login.Settings["application_name"] == "refused" {
		return nil, &wire.Error{Code: "3D000", Message: "no"}
	}
	s := &fakeSession{login: login}
	if f.opened != nil {
		f.opened <- s
	}
	return s, nil
}

type fakeSession struct {
	login    wire.Login
	explicit bool
	failed   bool
	implicit bool
	log      []string
}

func (s *fakeSession) Parameters() map[string]string {
	return map[string]string{"server_version": "8.0.2", "client_encoding": "UTF8"}
}

func (s *fakeSession) Split(sql string) ([]wire.Part, error) {
	var parts []wire.Part
	at := 0
	for _, text := range strings.Split(sql, ";") {
		if strings.TrimSpace(text) != "" {
			parts = append(parts, wire.Part{Text: text, Start: at})
		}
		at += len(text) + 1
	}
	return parts, nil
}

func (s *fakeSession) Prepare(_ context.Context, sql string, types []uint32) (wire.Statement, error) {
	words := strings.Fields(sql)
	if len(words) == 0 {
		return nil, nil
	}
	if words[0] == "bad" {
		return nil, &wire.Error{Code: "42601", Message: "syntax error", Position: 1 + strings.Index(sql, "bad")}
	}
	st := &fakeStatement{session: s, words: words}
	for i := range strings.Count(sql, "$") {
		oid := uint32(wire.OIDInt4)
		if i < len(types) && types[i] != 0 {
			oid = types[i]
		}
		st.types = append(st.types, oid)
	}
	return st, nil
}

func (s *fakeSession) Cursor(name string) ([]wire.Column, bool) {
	return []wire.Column{{Name: "c", Type: wire.OIDInt4, Size: 4, Modifier: -1}}, name == "declared"
}

func (s *fakeSession) Status() byte {
	switch {
	case s.failed:
		return 'E'
	case s.explicit:
		return 'T'
	}
	return 'I'
}

func (s *fakeSession) Implicit(context.Context) error {
	if s.failed {
		return &wire.Error{Code: "25P02", Message: "current transaction is aborted"}
	}
	s.implicit = true
	return nil
}

func (s *fakeSession) Sync(context.Context) error { s.implicit = false; return nil }
func (s *fakeSession) Fail() {
	if s.explicit {
		s.failed = true
	}
}
func (s *fakeSession) Close() { s.log = append(s.log, "closed") }

type fakeStatement struct {
	session *fakeSession
	words   []string
	types   []uint32
}

func (st *fakeStatement) Parameters() []uint32 { return st.types }
func (st *fakeStatement) Close()               {}
func (st *fakeStatement) Columns() []wire.Column {
	switch st.words[0] {
	case "count":
		return []wire.Column{{Name: "n", Type: wire.OIDInt4, Size: 4, Modifier: -1}, {Name: "t", Type: wire.OIDVarchar, Size: -1, Modifier: 14}}
	case "echo":
		var all []wire.Column
		for _, oid := range st.types {
			all = append(all, wire.Column{Name: "v", Type: oid, Size: wire.SizeOf(oid), Modifier: -1})
		}
		return all
	}
	return nil
}

func (st *fakeStatement) Run(ctx context.Context, arguments []wire.Argument) (wire.Result, string, error) {
	switch st.words[0] {
	case "begin":
		st.session.explicit = true
		return nil, "BEGIN", nil
	case "end":
		st.session.explicit, st.session.failed = false, false
		return nil, "COMMIT", nil
	case "count":
		n, err := strconv.Atoi(st.words[1])
		return &counting{to: n}, "SELECT", err
	case "echo":
		return &echo{values: arguments}, "SELECT", nil
	case "sleep":
		<-ctx.Done()
		return nil, "", ctx.Err()
	case "panic":
		panic("the model is wrong")
	}
	return nil, "DONE", nil
}

type counting struct{ n, to int }

func (r *counting) Next() bool      { r.n++; return r.n <= r.to }
func (r *counting) Null(c int) bool { return c == 1 && r.n%2 == 0 }
func (r *counting) Text(to []byte, c int) []byte {
	if c == 1 {
		return append(to, "odd"...)
	}
	return strconv.AppendInt(to, int64(r.n), 10)
}
func (r *counting) Err() error { return nil }
func (r *counting) Close()     {}

type echo struct {
	values []wire.Argument
	read   bool
}

func (r *echo) Next() bool                   { first := !r.read; r.read = true; return first }
func (r *echo) Null(c int) bool              { return r.values[c] == nil }
func (r *echo) Text(to []byte, c int) []byte { return append(to, r.values[c]...) }
func (r *echo) Err() error                   { return nil }
func (r *echo) Close()                       {}

// serve starts a server on a free port and gives its address.
func serve(t testing.TB, s *wire.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the server does not end")
		}
	})
	return listener.Addr().String()
}

func certificate(t testing.TB) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
