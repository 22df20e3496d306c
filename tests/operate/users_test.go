package operate_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"airline/local"
	"airline/local/redshift/wire"
)

// login logs in to the warehouse with a user's password, as psql does. When it is to fail, it is the password that must be refused.
func login(ts *testscript.TestScript, neg bool, args []string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := of(ts)
	var server *wire.Server
	ts.Check(s.server.Do(func(w *local.World) error {
		server = &wire.Server{Warehouse: w.RedshiftData().Clients(func(f func() error) error { return s.server.Do(func(*local.World) error { return f() }) })}
		return nil
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	c, err := pgx.Connect(ctx, fmt.Sprintf("postgres://%s:%s@%s/airline?sslmode=disable", args[0], args[1], listener.Addr()))
	switch {
	case err == nil && neg:
		ts.Fatalf("%s may log in", args[0])
	case err == nil:
		var user string
		ts.Check(c.QueryRow(ctx, "SELECT current_user").Scan(&user))
		ts.Check(c.Close(ctx))
		if user != args[0] {
			ts.Fatalf("%s is %s", args[0], user)
		}
	case !neg || !strings.Contains(err.Error(), "password authentication failed"):
		ts.Fatalf("%s: %v", args[0], err)
	}
	cancel()
	ts.Check(<-done)
}

// repair writes the command of a repair in docs/operate.md into a file, with texts of it replaced: repair WHAT FILE [OLD=NEW]...
func repair(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile("../../docs/operate.md")
	ts.Check(err)
	_, row, ok := strings.Cut(string(text), "| "+args[0]+" |")
	row, _, _ = strings.Cut(row, "\n")
	_, command, found := strings.Cut(row, "`airline ")
	command, _, ended := strings.Cut(command, "`")
	if !ok || !found || !ended {
		ts.Fatalf("docs/operate.md has no command for %q", args[0])
	}
	command = "airline " + strings.ReplaceAll(command, `\|`, "|")
	for _, change := range args[2:] {
		old, replacement, _ := strings.Cut(change, "=")
		if !strings.Contains(command, old) {
			ts.Fatalf("the command has no %q: %s", old, command)
		}
		command = strings.ReplaceAll(command, old, replacement)
	}
	ts.Check(os.WriteFile(args[1], []byte(command+"\n"), 0o644))
}
