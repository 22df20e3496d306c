// Package wire speaks PostgreSQL's protocol, version 3, as Amazon Redshift speaks it, in front of a [Warehouse].
//
//	server := &wire.Server{Warehouse: w, Certificate: cert}
//	listener, err := net.Listen("tcp", "127.0.0.1:5439")
//	err = server.Serve(ctx, listener) // until the context is done
//
// It knows messages, logins, prepared statements and portals; what SQL means is the warehouse's. Passwords are asked for by MD5,
// as of Redshift's users by default: its drivers know no SCRAM. Results pass row by row and are never held.
package wire

import (
	"context"
	"errors"
	"fmt"
)

// Warehouse is what a server stands in front of. Its methods are called by many goroutines.
type Warehouse interface {
	// Secrets (see [Secret]) are those with which a user may log in to a database at the moment. Nobody is told whether it was the user or
	// the password that is wrong.
	Secrets(user, database string) []string
	// Open begins a session of a user whose password was right. An error is told to the client, and ends its connection.
	Open(ctx context.Context, login Login) (Session, error)
}

// Login is what a client says of itself.
type Login struct {
	User, Database string
	// Settings are the parameters of the startup message, as application_name and TimeZone, those of its options included.
	Settings map[string]string
	// PID is the number of the session's process, which nothing else has at the moment.
	PID uint32
	// Remote is the client's address.
	Remote string
	// Notice sends the client a notice, and Parameter the value of a parameter that it is told of; both are for the goroutine
	// that calls the session.
	Notice    func(*Error)
	Parameter func(name, value string)
}

// Session is one client's. Its methods are called by one goroutine at a time.
type Session interface {
	// Parameters are told to the client once the session is open, by name.
	Parameters() map[string]string
	// Split takes the text of a simple query apart into statements. Those that are empty but for comments are left out.
	Split(sql string) ([]Part, error)
	// Prepare reads one statement. types are the OIDs of its parameters that the client knows, 0 for one that it does not.
	// A statement that is empty but for comments is nil.
	Prepare(ctx context.Context, sql string, types []uint32) (Statement, error)
	// Cursor describes a cursor that DECLARE has made; the protocol knows it as a portal.
	Cursor(name string) (columns []Column, ok bool)
	// Status is 'I' outside of a transaction, 'T' within one, 'E' within one that has failed.
	Status() byte
	// Implicit begins the transaction of statements that come together, without BEGIN around them, unless one is open.
	Implicit(ctx context.Context) error
	// Sync ends the transaction that Implicit has begun, if it is still open.
	Sync(ctx context.Context) error
	// Fail makes the open transaction a failed one: its statement has not come to its end.
	Fail()
	// Close ends the session; what is open is rolled back.
	Close()
}

// Part is one statement of a text.
type Part struct {
	Text  string
	Start int // of the text, in bytes
}

// Statement is a prepared statement.
type Statement interface {
	// Parameters are the OIDs of the parameters $1, $2 ...
	Parameters() []uint32
	// Columns describe the result. Nil for a statement that returns no rows.
	Columns() []Column
	// Run executes the statement. The result is nil for a statement that returns no rows. The tag says what was done: "SELECT",
	// "INSERT 0 5"; a result with a method Tag says it itself once it has been read ("FETCH 5").
	Run(ctx context.Context, arguments []Argument) (result Result, tag string, err error)
	Close()
}

// Argument is the value of a parameter as text. Nil is NULL.
type Argument []byte

// Column is a column of a result.
type Column struct {
	Name      string
	Table     uint32 // OID of the table, 0 when it is not a table's
	Attribute int16  // number of the column in it
	Type      uint32 // OID
	Size      int16  // of the type, -1 for one of varying length
	Modifier  int32  // n+4 of VARCHAR(n); -1 without
}

// Result gives the rows of a result one by one. A result that a client leaves half-read outlives the statement: the session
// keeps the rest of it before it runs another.
type Result interface {
	Next() bool
	// Null reports whether the present row lacks a value in a column; Text appends the value that it has.
	Null(column int) bool
	Text(to []byte, column int) []byte
	Err() error
	Close()
}

// Error is an error as Redshift reports it to clients.
type Error struct {
	Severity string // ERROR when empty; FATAL, NOTICE, WARNING, INFO
	Code     string // SQLSTATE
	Message  string
	Detail   string
	Hint     string
	Position int // of the character in the statement, from 1; 0: none
}

func (e *Error) Error() string { return e.Message }

// States of SQL that the server itself reports (PostgreSQL, "Error Codes").
const (
	protocolViolation = "08P01"
	notSupported      = "0A000"
	badLogin          = "28000"
	badPassword       = "28P01"
	noStatement       = "26000"
	noPortal          = "34000"
	cancelled         = "57014"
	shutdown          = "57P01"
	tooMany           = "53300"
	internal          = "XX000"
	badText           = "22P02"
	badBinary         = "22P03"
	notUTF8           = "22021"
	duplicateName     = "42P05"
)

func failure(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// errorOf makes any error one that clients are told.
func errorOf(err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return failure(cancelled, "Query (cancelled on user's request)")
	}
	return &Error{Code: internal, Message: err.Error()}
}
