package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"airline/local/redshift/wire"
)

func connect(t *testing.T, address, more string) *pgconn.PgConn {
	t.Helper()
	c, err := pgconn.Connect(t.Context(), "postgres://ann:secret@"+address+"/dev?"+more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func TestLogin(t *testing.T) {
	address := serve(t, &wire.Server{Warehouse: &fake{}, Certificate: certificate(t)})
	c := connect(t, address, "sslmode=disable")
	if c.ParameterStatus("server_version") != "8.0.2" || c.PID() < 1073741824 {
		t.Errorf("server_version %q, pid %d", c.ParameterStatus("server_version"), c.PID())
	}
	connect(t, address, "sslmode=require&max_protocol_version=3.2") // which is negotiated down
	for connection, want := range map[string]string{
		"postgres://ann:wrong@%s/dev":                                      "28P01",
		"postgres://bob:secret@%s/dev":                                     "28P01",
		"postgres://ann:secret@%s/other":                                   "28P01",
		"postgres://ann:secret@%s/dev?application_name=refused":            "3D000",
		"postgres://ann:secret@%s/dev?options=-x":                          "42601",
		"postgres://ann:secret@%s/dev?options=-c%%20no":                    "42601",
		"postgres://ann:secret@%s/dev?options=-c%%20a%%3Db%%20--c-d%%3Dno": "<nil>",
	} {
		c, err := pgconn.Connect(t.Context(), fmt.Sprintf(connection, address))
		if got := code(err); got != want {
			t.Errorf("%s: %s, want %s", connection, got, want)
		}
		if err == nil {
			c.Close(t.Context())
		}
	}
}

func TestSettings(t *testing.T) {
	opened := make(chan *fakeSession, 1)
	address := serve(t, &wire.Server{Warehouse: &fake{opened: opened}})
	connect(t, address, "sslmode=prefer&application_name=tool&options=-csearch_path%3Da%20-c%20query_group%3Db%20--time-zone%3DUTC")
	got := fmt.Sprint((<-opened).login.Settings)
	if want := "map[application_name:tool query_group:b search_path:a time_zone:UTC]"; got != want {
		t.Errorf("settings %s, want %s", got, want)
	}
}

func TestSimple(t *testing.T) {
	c := connect(t, serve(t, &wire.Server{Warehouse: &fake{}}), "sslmode=disable")
	results, err := c.Exec(t.Context(), "count 3; x;\ncount 0").ReadAll()
	if err != nil || len(results) != 3 || fmt.Sprintf("%s", results[0].Rows) != "[[1 odd] [2 ] [3 odd]]" || results[0].Rows[1][1] != nil || results[1].CommandTag.String() != "DONE" {
		t.Errorf("%v %v", results, err)
	}
	if f := results[0].FieldDescriptions[1]; f.Name != "t" || f.DataTypeOID != wire.OIDVarchar || f.TypeModifier != 14 || f.DataTypeSize != -1 {
		t.Errorf("field %+v", f)
	}
	if results, err := c.Exec(t.Context(), " ; ").ReadAll(); err != nil || len(results) != 1 || len(results[0].Rows) != 0 {
		t.Errorf("an empty query: %v %v", results, err)
	}
	_, err = c.Exec(t.Context(), "x; 'ä'; bad").ReadAll()
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "42601" || e.Position != 9 {
		t.Errorf("an error: %+v", err)
	}
	if _, err := c.Exec(t.Context(), "echo $1").ReadAll(); code(err) != "42P02" {
		t.Errorf("a parameter in a simple query: %v", err)
	}
	if _, err := c.Exec(t.Context(), "x \xff").ReadAll(); code(err) != "22021" {
		t.Errorf("no UTF-8: %v", err)
	}
	many, err := c.Exec(t.Context(), "count 100000").ReadAll()
	if err != nil || len(many[0].Rows) != 100000 || string(many[0].Rows[99999][0]) != "100000" {
		t.Errorf("many rows: %d, %v", len(many[0].Rows), err)
	}
}

func TestTransactionStatus(t *testing.T) {
	c := connect(t, serve(t, &wire.Server{Warehouse: &fake{}}), "sslmode=disable")
	for _, step := range []struct{ sql, code, status string }{
		{"x", "<nil>", "I"}, {"begin", "<nil>", "T"}, {"bad", "42601", "E"}, {"x", "25P02", "E"},
	} {
		_, err := c.Exec(t.Context(), step.sql).ReadAll()
		if code(err) != step.code || string(c.TxStatus()) != step.status {
			t.Errorf("%s: %v, status %c, want %s and %s", step.sql, err, c.TxStatus(), step.code, step.status)
		}
	}
}

func TestExtended(t *testing.T) {
	c := connect(t, serve(t, &wire.Server{Warehouse: &fake{}}), "sslmode=disable")
	d, err := c.Prepare(t.Context(), "s", "echo $1 $2", []uint32{0, wire.OIDVarchar})
	if err != nil || fmt.Sprint(d.ParamOIDs) != "[23 1043]" || len(d.Fields) != 2 {
		t.Fatalf("%+v %v", d, err)
	}
	r := c.ExecPrepared(t.Context(), "s", [][]byte{[]byte("7"), nil}, nil, nil).Read()
	if r.Err != nil || fmt.Sprintf("%s", r.Rows) != "[[7 ]]" || r.Rows[0][1] != nil {
		t.Errorf("%+v", r)
	}
	r = c.ExecPrepared(t.Context(), "s", [][]byte{{0, 0, 1, 0}, []byte("x")}, []int16{1, 0}, []int16{1, 0}).Read()
	if r.Err != nil || fmt.Sprintf("%v", r.Rows) != "[[[0 0 1 0] [120]]]" {
		t.Errorf("binary: %+v", r)
	}
	for what, err := range map[string]error{
		"26000": c.ExecPrepared(t.Context(), "nobody", nil, nil, nil).Read().Err,
		"08P01": c.ExecPrepared(t.Context(), "s", [][]byte{nil}, nil, nil).Read().Err,
		"22P03": c.ExecPrepared(t.Context(), "s", [][]byte{{1}, nil}, []int16{1, 0}, nil).Read().Err,
		"22021": c.ExecPrepared(t.Context(), "s", [][]byte{[]byte("7"), []byte("a\x00b")}, nil, nil).Read().Err,
		"42P05": func() error { _, err := c.Prepare(t.Context(), "s", "x", nil); return err }(),
		"42601": func() error { _, err := c.Prepare(t.Context(), "other", "bad", nil); return err }(),
	} {
		if code(err) != what {
			t.Errorf("%v, want %s", err, what)
		}
	}
	if d, err := c.Prepare(t.Context(), "", "", nil); err != nil || len(d.Fields) != 0 {
		t.Errorf("an empty statement: %v %v", d, err)
	}
	if r := c.ExecPrepared(t.Context(), "", nil, nil, nil).Read(); r.Err != nil {
		t.Errorf("an empty statement: %v", r.Err)
	}
}

// TestBinary sends values of each type and gets them back, in the binary form.
func TestBinary(t *testing.T) {
	c := connect(t, serve(t, &wire.Server{Warehouse: &fake{}}), "sslmode=disable")
	for _, v := range []struct {
		oid    uint32
		text   string
		binary string
	}{
		{wire.OIDBool, "t", "01"}, {wire.OIDBool, "f", "00"}, {wire.OIDInt2, "-2", "fffe"}, {wire.OIDInt8, "9", "0000000000000009"},
		{wire.OIDFloat4, "1.5", "3fc00000"}, {wire.OIDFloat8, "-0.5", "bfe0000000000000"}, {wire.OIDOID, "4000000000", "ee6b2800"},
		{wire.OIDDate, "2000-01-02", "00000001"}, {wire.OIDDate, "1999-12-31", "ffffffff"}, {wire.OIDTime, "00:00:00.000001", "0000000000000001"},
		{wire.OIDTimestamp, "2000-01-01 00:00:01", "00000000000f4240"}, {wire.OIDTimestampTZ, "2000-01-01 00:00:00.5+00", "000000000007a120"},
		{wire.OIDVarbyte, "00ff", "00ff"}, {wire.OIDVarchar, "text", "74657874"},
		{wire.OIDNumeric, "0", "0000000000000000"}, {wire.OIDNumeric, "-12345.67", "00030001400000020001" + "09291a2c"}, {wire.OIDNumeric, "0.0001", "0001ffff00000004" + "0001"},
		{wire.OIDInterval, "14 mons 3 days -04:05:06.500000", "fffffffc936c9e60000000030000000e"},
		{wire.OIDNumeric, "10000", "00010001000000000001"}, {wire.OIDNumeric, "1.50", "00020000000000020001" + "1388"},
	} {
		r := c.ExecParams(t.Context(), "echo $1", [][]byte{[]byte(v.text)}, []uint32{v.oid}, nil, []int16{1}).Read()
		if r.Err != nil || fmt.Sprintf("%x", r.Rows[0][0]) != v.binary {
			t.Errorf("%s of type %d is %x, %v, want %s", v.text, v.oid, r.Rows, r.Err, v.binary)
			continue
		}
		back := c.ExecParams(t.Context(), "echo $1", [][]byte{r.Rows[0][0]}, []uint32{v.oid}, []int16{1}, nil).Read()
		want := strings.NewReplacer("t", "true", "f", "false").Replace(v.text)
		if v.oid != wire.OIDBool {
			want = v.text
		}
		if back.Err != nil || string(back.Rows[0][0]) != want {
			t.Errorf("%s of type %d comes back as %s, %v", v.text, v.oid, back.Rows, back.Err)
		}
	}
	if r := c.ExecParams(t.Context(), "echo $1", [][]byte{[]byte("{}")}, []uint32{wire.OIDTextArray}, nil, []int16{1}).Read(); code(r.Err) != "0A000" {
		t.Errorf("a type without a binary form: %v", r.Err)
	}
}

// TestPortal: rows come in portions, and the rest of a message after an error is skipped up to Sync.
func TestPortal(t *testing.T) {
	c := connect(t, serve(t, &wire.Server{Warehouse: &fake{}}), "sslmode=disable")
	f := c.Frontend()
	ask := func(messages ...pgproto3.FrontendMessage) string {
		t.Helper()
		for _, m := range messages {
			f.Send(m)
		}
		if err := f.Flush(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for {
			m, err := f.Receive()
			if err != nil {
				t.Fatal(err)
			}
			switch m := m.(type) {
			case *pgproto3.DataRow:
				got = append(got, "row "+string(m.Values[0]))
			case *pgproto3.ErrorResponse:
				got = append(got, "error "+m.Code)
			case *pgproto3.CommandComplete:
				got = append(got, string(m.CommandTag))
			case *pgproto3.ReadyForQuery:
				return strings.Join(append(got, string(m.TxStatus)), ", ")
			default:
				got = append(got, strings.TrimPrefix(fmt.Sprintf("%T", m), "*pgproto3."))
			}
		}
	}
	exec := func(limit uint32) pgproto3.FrontendMessage { return &pgproto3.Execute{Portal: "p", MaxRows: limit} }
	ask(&pgproto3.Query{String: "begin"})
	for _, step := range []struct {
		send []pgproto3.FrontendMessage
		want string
	}{
		{[]pgproto3.FrontendMessage{&pgproto3.Parse{Query: "count 5"}, &pgproto3.Bind{DestinationPortal: "p"}, exec(2), &pgproto3.Sync{}}, "ParseComplete, BindComplete, row 1, row 2, PortalSuspended, T"},
		{[]pgproto3.FrontendMessage{exec(2), exec(2), &pgproto3.Sync{}}, "row 3, row 4, PortalSuspended, row 5, SELECT, T"},
		{[]pgproto3.FrontendMessage{exec(0), &pgproto3.Sync{}}, "SELECT, T"},
		{[]pgproto3.FrontendMessage{&pgproto3.Describe{ObjectType: 'P', Name: "declared"}, &pgproto3.Sync{}}, "RowDescription, T"},
		{[]pgproto3.FrontendMessage{&pgproto3.Bind{DestinationPortal: "p"}, exec(0), &pgproto3.Sync{}}, "error 42P03, E"},
		{[]pgproto3.FrontendMessage{&pgproto3.Query{String: "end"}}, "error 25P02, E"},
	} {
		if got := ask(step.send...); got != step.want {
			t.Errorf("got %s, want %s", got, step.want)
		}
	}
}

func TestCancel(t *testing.T) {
	c := connect(t, serve(t, &wire.Server{Warehouse: &fake{}}), "sslmode=disable")
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	time.AfterFunc(50*time.Millisecond, func() { c.CancelRequest(ctx) })
	if _, err := c.Exec(ctx, "sleep").ReadAll(); code(err) != "57014" {
		t.Errorf("a cancelled statement answers %v", err)
	}
	if _, err := c.Exec(ctx, "x").ReadAll(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestGone: a statement whose client has gone is cancelled, and its session closed.
func TestGone(t *testing.T) {
	opened := make(chan *fakeSession, 1)
	server := &wire.Server{Warehouse: &fake{opened: opened}}
	c := connect(t, serve(t, server), "sslmode=disable")
	s := <-opened
	c.Frontend().SendQuery(&pgproto3.Query{String: "sleep"})
	c.Frontend().Flush()
	time.Sleep(20 * time.Millisecond)
	c.Conn().Close()
	for range 200 {
		if !server.Cancel(s.login.PID) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the session of a client that has gone is still there")
}

func TestLimits(t *testing.T) {
	problems := make(chan error, 10)
	server := &wire.Server{Warehouse: &fake{}, MaxConnections: 1, Startup: 200 * time.Millisecond, Stall: 200 * time.Millisecond, Idle: 400 * time.Millisecond,
		Problem: func(err error) { problems <- err }}
	address := serve(t, server)
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	ended := func(what string, conn net.Conn, want string) {
		t.Helper()
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		said, err := io.ReadAll(conn)
		if err != nil || !strings.Contains(string(said), want) {
			t.Errorf("%s: %q, %v, want %q", what, said, err, want)
		}
	}
	slow := dial()
	slow.Write([]byte{0, 0})
	ended("half a startup message", slow, "")
	old := dial()
	old.Write([]byte{0, 0, 0, 8, 0, 2, 0, 0})
	ended("protocol 2", old, "only version 3.0")
	huge := dial()
	huge.Write([]byte{0x7f, 0xff, 0xff, 0xff})
	ended("a huge message", huge, "")
	c := connect(t, address, "sslmode=disable")
	if _, err := pgconn.Connect(t.Context(), "postgres://ann:secret@"+address+"/dev?sslmode=disable"); code(err) != "53300" {
		t.Errorf("one client too many: %v", err)
	}
	c.Conn().Write([]byte{'Q', 0, 0, 1, 0, 'x'})
	ended("a message that stops", c.Conn(), "did not come to its end")
	time.Sleep(20 * time.Millisecond)
	idle := connect(t, address, "sslmode=disable")
	ended("a client that asks nothing", idle.Conn(), "nothing was asked")
	time.Sleep(20 * time.Millisecond)
	broken := connect(t, address, "sslmode=disable")
	broken.Conn().Write([]byte{'?', 0, 0, 0, 4})
	ended("an unknown message", broken.Conn(), "08P01")
	time.Sleep(20 * time.Millisecond)
	failing := connect(t, address, "sslmode=disable")
	failing.Conn().Write(append([]byte{'Q', 0, 0, 0, 10}, "panic\x00"...))
	ended("a panic", failing.Conn(), "")
	if err := <-problems; !strings.Contains(err.Error(), "the model is wrong") {
		t.Errorf("the problem is %v", err)
	}
	time.Sleep(20 * time.Millisecond)
	// A client that takes nothing in is left after a while.
	deaf := connect(t, address, "sslmode=disable")
	deaf.Frontend().SendQuery(&pgproto3.Query{String: fmt.Sprintf("count %d", math.MaxInt32)})
	deaf.Frontend().Flush()
	for range 500 {
		if !server.Cancel(deaf.PID()) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a client that takes nothing in is still there")
}

func TestTerminate(t *testing.T) {
	server := &wire.Server{Warehouse: &fake{}}
	c := connect(t, serve(t, server), "sslmode=disable")
	if server.Terminate(1) || !server.Terminate(c.PID()) {
		t.Error("the wrong session is ended")
	}
	if _, err := c.Exec(t.Context(), "x").ReadAll(); err == nil {
		t.Error("the session is still there")
	}
}
