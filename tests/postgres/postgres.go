// Package postgres runs a PostgreSQL server for tests: a second witness for what PostgreSQL and the engines here share.
//
//	if !postgres.Installed() { t.Skip(...) }
//	server, err := postgres.Start()
//	defer server.Stop()
package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Server is a server of the tests' own, reached by a socket in its directory. Its user is "test", who needs no password.
type Server struct {
	Dir      string
	programs string
	owner    *syscall.Credential // it refuses to run as root
}

// programs is where PostgreSQL's programs are; Debian keeps them off the path.
func programs() (dir string, ok bool) {
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
	if len(installed) > 0 {
		return filepath.Dir(installed[len(installed)-1]), true
	}
	initdb, err := exec.LookPath("initdb")
	return filepath.Dir(initdb), err == nil
}

// Installed reports whether PostgreSQL is here.
func Installed() bool {
	_, ok := programs()
	return ok
}

// Start starts a server with an empty cluster, whose texts are UTF-8 and compared by bytes.
func Start() (*Server, error) {
	dir, err := os.MkdirTemp("", "airline-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{Dir: dir}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) start() error {
	var ok bool
	if s.programs, ok = programs(); !ok {
		return errors.New("PostgreSQL is not here (Debian: apt-get install postgresql)")
	}
	if os.Geteuid() == 0 {
		who, err := user.Lookup("nobody")
		if err != nil {
			return err
		}
		uid, err := strconv.Atoi(who.Uid)
		if err != nil {
			return err
		}
		s.owner = &syscall.Credential{Uid: uint32(uid)}
		if err := os.Chown(s.Dir, uid, -1); err != nil {
			return err
		}
	}
	data := filepath.Join(s.Dir, "data")
	for _, command := range [][]string{
		{"initdb", "--auth=trust", "--username=test", "--encoding=UTF8", "--no-locale", "--no-sync", data},
		{"pg_ctl", "--pgdata=" + data, "--wait", "--log=" + filepath.Join(s.Dir, "log"), "--options=-c listen_addresses= -c fsync=off -k " + s.Dir, "start"},
	} {
		if output, err := s.Command(command...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", command[0], err, output)
		}
	}
	return nil
}

// Command is a command of PostgreSQL's programs.
func (s *Server) Command(words ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(s.programs, words[0]), words[1:]...)
	command.Dir = s.Dir
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner}
	return command
}

// Stop ends the server and removes its directory.
func (s *Server) Stop() error {
	var err error
	if s.programs != "" {
		// What is left of it is in the log; the directory goes either way.
		err = s.Command("pg_ctl", "--pgdata="+filepath.Join(s.Dir, "data"), "--mode=immediate", "stop").Run()
	}
	return errors.Join(err, os.RemoveAll(s.Dir))
}
