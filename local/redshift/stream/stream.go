// Package stream runs queries of a database/sql connection to DuckDB without holding their results.
//
//	conn, err := stream.Of(sqlConn)         // a *sql.Conn of the driver "duckdb"
//	stmt, err := conn.Prepare("SELECT ...") // stmt.Columns() and stmt.Parameters() are known from here on
//	rows, err := stmt.Run()
//	for rows.Next() { buffer = rows.Text(buffer, column) }
//
// The driver's own rows are materialised by DuckDB before the first of them is seen, and each value is boxed. The library
// beneath it can do better: results arrive a vector of rows at a time while DuckDB goes on computing, and values are written as
// text straight from the vectors. A statement runs in the transaction of its connection, and only one at a time: the rows of one
// end where the next begins.
package stream

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	duck "github.com/duckdb/duckdb-go-bindings"
)

// Conn is DuckDB's side of a connection of database/sql.
type Conn struct{ raw duck.Connection }

// Of finds DuckDB's side of a connection. It stays the caller's, who must not close it while a statement is in use.
func Of(c *sql.Conn) (*Conn, error) {
	conn := &Conn{}
	err := c.Raw(func(driver any) error {
		// The driver keeps its handle to itself, so it is read by reflection; a driver that is built otherwise is an error here.
		v := reflect.Indirect(reflect.ValueOf(driver))
		if v.Kind() != reflect.Struct {
			return fmt.Errorf("stream: the driver's connection is a %T, not one of duckdb-go", driver)
		}
		handle := v.FieldByName("conn")
		if !handle.IsValid() || handle.Type() != reflect.TypeFor[duck.Connection]() {
			return fmt.Errorf("stream: the driver's connection %T is not built as that of duckdb-go 2.10506", driver)
		}
		conn.raw.Ptr = handle.FieldByName("Ptr").UnsafePointer()
		return nil
	})
	return conn, err
}

// Interrupt ends what the connection computes at the moment, with an error. It may be called by any goroutine.
func (c *Conn) Interrupt() { duck.Interrupt(c.raw) }

// Error is a complaint of DuckDB's.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

// Column is a column of a statement's result.
type Column struct {
	Name string
	Type Type
}

// Type is a type of DuckDB's.
type Type struct {
	ID           duck.Type
	Alias        string // JSON, or that of a user's type
	Width, Scale int    // of a decimal
	Element      *Type  // of a list
	labels       []string
}

// Statement is a prepared statement.
type Statement struct {
	conn       *Conn
	raw        duck.PreparedStatement
	columns    []Column
	parameters []Type
	kind       duck.StatementType
}

// Prepare prepares one statement of DuckDB's SQL.
func (c *Conn) Prepare(query string) (*Statement, error) {
	s := &Statement{conn: c}
	if duck.Prepare(c.raw, query, &s.raw) == duck.StateError {
		err := &Error{duck.PrepareError(s.raw)}
		duck.DestroyPrepare(&s.raw)
		return nil, err
	}
	s.kind = duck.PreparedStatementType(s.raw)
	for i := range duck.PreparedStatementColumnCount(s.raw) {
		t := duck.PreparedStatementColumnLogicalType(s.raw, i)
		s.columns = append(s.columns, Column{duck.PreparedStatementColumnName(s.raw, i), typeOf(t)})
		duck.DestroyLogicalType(&t)
	}
	for i := range duck.NParams(s.raw) {
		t := duck.ParamLogicalType(s.raw, i+1)
		s.parameters = append(s.parameters, typeOf(t))
		duck.DestroyLogicalType(&t)
	}
	return s, nil
}

// typeOf reads a type.
func typeOf(t duck.LogicalType) Type {
	if t.Ptr == nil { // of a parameter of which nothing is known
		return Type{}
	}
	typ := Type{ID: duck.GetTypeId(t), Alias: duck.LogicalTypeGetAlias(t)}
	switch typ.ID {
	case duck.TypeDecimal:
		typ.Width, typ.Scale = int(duck.DecimalWidth(t)), int(duck.DecimalScale(t))
	case duck.TypeList:
		child := duck.ListTypeChildType(t)
		element := typeOf(child)
		typ.Element = &element
		duck.DestroyLogicalType(&child)
	case duck.TypeEnum:
		for i := range duck.EnumDictionarySize(t) {
			typ.labels = append(typ.labels, duck.EnumDictionaryValue(t, duck.IdxT(i)))
		}
	}
	return typ
}

// Columns are the columns of the result, as known before it is computed: not, where a parameter may have any type. A statement
// without a result has DuckDB's count of rows.
func (s *Statement) Columns() []Column { return s.columns }

// Parameters are the types that DuckDB expects of the parameters $1, $2 ... The zero Type is that of one that may have any.
func (s *Statement) Parameters() []Type { return s.parameters }

// Close frees the statement.
func (s *Statement) Close() { duck.DestroyPrepare(&s.raw) }

// Run begins to compute the result. When the context is done, DuckDB is interrupted.
func (s *Statement) Run(ctx context.Context) (*Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &Rows{ctx: ctx, at: -1}
	r.stop = context.AfterFunc(ctx, s.conn.Interrupt)
	var pending duck.PendingResult
	state := duck.PendingPreparedStreaming(s.raw, &pending)
	defer duck.DestroyPending(&pending)
	if state == duck.StateError {
		return nil, r.failed(duck.PendingError(pending))
	}
	if duck.ExecutePending(pending, &r.result) == duck.StateError {
		return nil, r.failed(duck.ResultError(&r.result))
	}
	for i := range duck.ColumnCount(&r.result) {
		t := duck.ColumnLogicalType(&r.result, i)
		typ := typeOf(t)
		duck.DestroyLogicalType(&t)
		v, err := newVector(typ)
		if err != nil {
			r.Close()
			return nil, fmt.Errorf("column %q: %w", duck.ColumnName(&r.result, i), err)
		}
		r.columns = append(r.columns, Column{duck.ColumnName(&r.result, i), typ})
		r.vectors = append(r.vectors, *v)
	}
	return r, nil
}

// Exec runs a statement to its end and forgets its result.
func (c *Conn) Exec(ctx context.Context, query string) error {
	s, err := c.Prepare(query)
	if err != nil {
		return err
	}
	defer s.Close()
	rows, err := s.Run(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// Rows is a result that is being computed.
type Rows struct {
	ctx     context.Context
	stop    func() bool
	result  duck.Result
	chunk   duck.DataChunk
	columns []Column
	vectors []vector
	at, n   int // of the chunk's rows
	done    bool
	err     error
}

// Columns are the columns of the result.
func (r *Rows) Columns() []Column { return r.columns }

// Next goes to the next row, and reports whether there is one.
func (r *Rows) Next() bool {
	if r.at++; r.at < r.n {
		return true
	}
	if r.err != nil || r.done {
		return false
	}
	duck.DestroyDataChunk(&r.chunk)
	r.at, r.n = 0, 0
	if err := r.ctx.Err(); err != nil {
		r.err = err
		return false
	}
	r.chunk = duck.FetchChunk(r.result)
	if r.chunk.Ptr == nil {
		r.done = true
		if message := duck.ResultError(&r.result); message != "" {
			r.err = r.failed(message)
		}
		return false
	}
	r.n = int(duck.DataChunkGetSize(r.chunk))
	for i := range r.vectors {
		r.vectors[i].load(duck.DataChunkGetVector(r.chunk, duck.IdxT(i)), r.n)
	}
	return r.n > 0
}

// Zone has timestamps with time zone written as a time zone's clock shows them.
func (r *Rows) Zone(zone *time.Location) {
	for i := range r.vectors {
		r.vectors[i].zone = zone
	}
}

// Null reports whether the present row has no value in a column.
func (r *Rows) Null(column int) bool { return r.vectors[column].null(r.at) }

// Text appends the value of the present row in a column as text. It must not be null.
func (r *Rows) Text(to []byte, column int) []byte {
	v := &r.vectors[column]
	return v.write(to, v, r.at)
}

// Err is what ended the rows before their end.
func (r *Rows) Err() error { return r.err }

// Close ends the result. It may be closed twice.
func (r *Rows) Close() {
	if r.stop != nil {
		r.stop()
		r.stop = nil
	}
	duck.DestroyDataChunk(&r.chunk)
	duck.DestroyResult(&r.result)
	r.n, r.at = 0, -1
}

// ErrLost is an error whose reason DuckDB has lost: a thread that fails while rows are fetched interrupts the others, and sometimes
// (findings/duckdb-late-error-is-interrupted.sh) only that interruption is reported.
var ErrLost = errors.New("the query failed while its rows were read, and DuckDB lost the reason: run it again to see it")

// failed frees the result and gives its error: the context's, where that is why DuckDB was interrupted. Nothing else interrupts it.
func (r *Rows) failed(message string) error {
	err := r.ctx.Err()
	r.Close()
	if strings.HasPrefix(message, "INTERRUPT Error") {
		return cmp.Or(err, ErrLost)
	}
	if message == "" {
		return errors.New("stream: DuckDB failed without saying why")
	}
	return &Error{message}
}
