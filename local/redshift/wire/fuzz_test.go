package wire_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"airline/local/redshift/wire"
)

// FuzzSession sends any bytes after a login: the server neither fails nor keeps the connection.
func FuzzSession(f *testing.F) {
	encode := func(messages ...pgproto3.FrontendMessage) []byte {
		var all []byte
		for _, m := range messages {
			all, _ = m.Encode(all)
		}
		return all
	}
	f.Add(encode(&pgproto3.Query{String: "count 3; bad"}, &pgproto3.Terminate{}))
	f.Add(encode(&pgproto3.Parse{Name: "s", Query: "echo $1 $2", ParameterOIDs: []uint32{1700, 1114}}, &pgproto3.Describe{ObjectType: 'S', Name: "s"},
		&pgproto3.Bind{PreparedStatement: "s", Parameters: [][]byte{{0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, {1, 2, 3, 4, 5, 6, 7, 8}}, ParameterFormatCodes: []int16{1, 1}, ResultFormatCodes: []int16{1}},
		&pgproto3.Describe{ObjectType: 'P'}, &pgproto3.Execute{MaxRows: 1}, &pgproto3.Execute{}, &pgproto3.Close{ObjectType: 'P'}, &pgproto3.Close{ObjectType: 'S', Name: "s"}, &pgproto3.Flush{}, &pgproto3.Sync{}))
	f.Add(encode(&pgproto3.FunctionCall{}, &pgproto3.CopyData{Data: []byte("x")}, &pgproto3.CopyFail{}))
	f.Add([]byte{'Q', 0, 0, 0, 3})
	f.Add([]byte{'B', 0, 0, 0, 12, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0})
	address := serve(f, &wire.Server{Warehouse: &fake{}, Stall: time.Second, Problem: func(err error) { f.Error(err) }})
	f.Fuzz(func(t *testing.T, sent []byte) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		logIn(t, conn)
		if _, err := conn.Write(sent); err == nil {
			conn.(*net.TCPConn).CloseWrite()
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Errorf("the server hangs: %v", err)
			}
		}
	})
}

// FuzzStartup sends any bytes as the first.
func FuzzStartup(f *testing.F) {
	f.Add([]byte{0, 0, 0, 8, 4, 210, 22, 47})
	f.Add([]byte{0, 0, 0, 8, 4, 210, 22, 48})
	f.Add([]byte{0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 1, 0, 0, 0, 2})
	f.Add([]byte("\x00\x00\x00\x20\x00\x03\x00\x00user\x00ann\x00database\x00dev\x00\x00p\x00\x00\x00\x05\x00"))
	address := serve(f, &wire.Server{Warehouse: &fake{}, Certificate: certificate(f), Startup: time.Second, Problem: func(err error) { f.Error(err) }})
	f.Fuzz(func(t *testing.T, sent []byte) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Write(sent); err == nil {
			conn.(*net.TCPConn).CloseWrite()
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Errorf("the server hangs: %v", err)
			}
		}
	})
}

// logIn comes as far as ReadyForQuery.
func logIn(t *testing.T, conn net.Conn) {
	t.Helper()
	f := pgproto3.NewFrontend(conn, conn)
	f.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersionNumber, Parameters: map[string]string{"user": "ann", "database": "dev"}})
	for {
		if err := f.Flush(); err != nil {
			t.Fatal(err)
		}
		m, err := f.Receive()
		if err != nil {
			t.Fatal(err)
		}
		switch m := m.(type) {
		case *pgproto3.AuthenticationMD5Password:
			f.Send(&pgproto3.PasswordMessage{Password: wire.Hashed("secret", "ann", m.Salt)})
		case *pgproto3.ReadyForQuery:
			return
		case *pgproto3.ErrorResponse:
			t.Fatal(m.Message)
		}
	}
}
