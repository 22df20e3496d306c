package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"airline/local/redshift/wire"
	"airline/local/redshiftdata"
)

// warehousePort is Redshift's.
const warehousePort = 5439

func newWarehouseCmd() *cobra.Command {
	var (
		workdir, database string
		port              int
		asJSON            bool
	)
	cmd := &cobra.Command{
		Use:   "warehouse",
		Short: "Let Redshift's clients connect to the warehouse that a demo has kept",
		Long: `Opens the warehouse in a --workdir and speaks PostgreSQL's protocol as Amazon
Redshift does on 127.0.0.1: psql, redshift_connector, JDBC and the like connect
with the user and password that are printed. What they change is kept. There is
no S3 beside it: COPY and UNLOAD are for airline serve.`,
		Example: `  airline warehouse --workdir kept`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if workdir == "" {
				return errors.New("--workdir is missing: name the folder that a demo was given with --workdir")
			}
			file, err := warehouseIn(workdir)
			if err != nil {
				return err
			}
			listener, err := listen("port", port)
			if err != nil {
				return err
			}
			defer listener.Close()
			w, err := redshiftdata.OpenAlone(file, database, "admin", time.Now)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, w.Close()) }()
			door, err := newWarehouseDoor(listener, w.Service, w.Clients(), workdir, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			out := &announcer{w: cmd.OutOrStdout(), json: asJSON}
			if asJSON {
				err = out.object(door.told)
			} else {
				_, err = io.WriteString(out.w, door.told.text())
			}
			if err != nil {
				return err
			}
			return door.serve(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&workdir, "workdir", "", "the folder that a demo was given with --workdir")
	flags.StringVar(&database, "database", "airline", "the database's name for clients")
	flags.IntVar(&port, "port", warehousePort, "the port on 127.0.0.1; 0 takes a free one")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object about how to connect")
	return cmd
}

// warehouseIn is the file of the warehouse that a demo has kept in a folder.
func warehouseIn(workdir string) (string, error) {
	file := filepath.Join(workdir, "warehouse.duckdb")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("there is no warehouse in %s; make one: airline demo --workdir %[1]s", workdir)
	}
	return file, nil
}

// listen takes the port that a flag names.
func listen(flag string, port int) (net.Listener, error) {
	if port < 0 || port > 65535 {
		return nil, fmt.Errorf("--%s %d: give 1 to 65535, or 0 for a free one", flag, port)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use by another process; name another with --%s, or 0 for a free one", port, flag)
	}
	return listener, err
}

// connection is what a client needs to know to connect to the warehouse.
type connection struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Database string `json:"database"`
	User     string `json:"user"`
	Password string `json:"password"`
	CAFile   string `json:"caFile"`
}

func (c connection) text() string {
	return fmt.Sprintf("The warehouse is at %s:%d:\n\nPGPASSWORD=%s psql -h %s -p %d -U %s %s\n\nClients that verify its certificate trust %s.\n",
		c.Host, c.Port, c.Password, c.Host, c.Port, c.User, c.Database, c.CAFile)
}

// warehouseDoor is the warehouse's server with how to reach it.
type warehouseDoor struct {
	server   *wire.Server
	listener net.Listener
	told     connection
}

// newWarehouseDoor makes the server and writes the certificate of its authority into the folder.
func newWarehouseDoor(listener net.Listener, s *redshiftdata.Service, clients wire.Warehouse, folder string, problems io.Writer) (*warehouseDoor, error) {
	certificate, authority, err := wire.NewCertificate(time.Now())
	if err != nil {
		return nil, err
	}
	file, err := filepath.Abs(filepath.Join(folder, "warehouse-ca.pem"))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, authority, 0o644); err != nil {
		return nil, err
	}
	user, password, err := s.Administrator()
	if err != nil {
		return nil, err
	}
	address := listener.Addr().(*net.TCPAddr)
	return &warehouseDoor{
		listener: listener,
		server: &wire.Server{Warehouse: clients, Certificate: certificate, Problem: func(err error) {
			fmt.Fprintf(problems, "airline: warehouse: %v\n", err)
		}},
		told: connection{Host: address.IP.String(), Port: address.Port, Database: s.Database(), User: user, Password: password, CAFile: file},
	}, nil
}

// connection says how to reach the warehouse; nil without one.
func (d *warehouseDoor) connection() *connection {
	if d == nil {
		return nil
	}
	return &d.told
}

func (d *warehouseDoor) serve(ctx context.Context) error { return d.server.Serve(ctx, d.listener) }
