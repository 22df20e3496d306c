package redshift

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// udf is a function of Go that DuckDB calls for what it has no function for. NULL in gives NULL out.
type udf struct {
	name string
	in   []duckdb.Type
	out  duckdb.Type
	call func(args []driver.Value) (any, error)
}

// volatileUDFs do something beside answering, and are called for each row.
var volatileUDFs = set("rs_session_priority rs_user_priority")

// Config tells DuckDB the types.
func (f *udf) Config() duckdb.ScalarFuncConfig {
	c := duckdb.ScalarFuncConfig{Volatile: volatileUDFs[f.name]}
	for _, t := range f.in {
		info, _ := duckdb.NewTypeInfo(t) // the types below need no parameters
		c.InputTypeInfos = append(c.InputTypeInfos, info)
	}
	c.ResultTypeInfo, _ = duckdb.NewTypeInfo(f.out)
	return c
}

// Executor hands the function out.
func (f *udf) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: f.call}
}

// Register makes the functions that translated statements call known to a database, once for all its connections.
func Register(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, f := range udfs() {
		if err := duckdb.RegisterScalarUDF(conn, f.name, f); err != nil {
			return fmt.Errorf("registering %s: %w", f.name, err)
		}
	}
	return nil
}

// duckTypeOf is DuckDB's type of a Go value.
func duckTypeOf[T any]() duckdb.Type {
	switch any(*new(T)).(type) {
	case string:
		return duckdb.TYPE_VARCHAR
	case int64:
		return duckdb.TYPE_BIGINT
	case int32:
		return duckdb.TYPE_INTEGER
	case float64:
		return duckdb.TYPE_DOUBLE
	case float32:
		return duckdb.TYPE_FLOAT
	case bool:
		return duckdb.TYPE_BOOLEAN
	case []byte:
		return duckdb.TYPE_BLOB
	}
	return duckdb.TYPE_TIMESTAMP
}

// argument is a kind of value that DuckDB hands to a function and takes from it.
type argument interface {
	string | int64 | int32 | float64 | float32 | bool | []byte | time.Time
}

// maybe is the result of a function that may answer NULL.
type maybe[T argument] struct {
	value T
	ok    bool
}

func some[T argument](v T) maybe[T] { return maybe[T]{v, true} }
func none[T argument]() maybe[T]    { return maybe[T]{} }

func result[T argument](m maybe[T], err error) (any, error) {
	if err != nil {
		return nil, fmt.Errorf("ERROR: %w", err)
	}
	if !m.ok {
		return nil, nil
	}
	return m.value, nil
}

func arg[T argument](args []driver.Value, i int) T {
	v, _ := args[i].(T) // DuckDB keeps to the types of Config
	return v
}

func udf1[A, R argument](name string, f func(A) (maybe[R], error)) *udf {
	return &udf{name, []duckdb.Type{duckTypeOf[A]()}, duckTypeOf[R](), func(a []driver.Value) (any, error) {
		return result(f(arg[A](a, 0)))
	}}
}

func udf2[A, B, R argument](name string, f func(A, B) (maybe[R], error)) *udf {
	return &udf{name, []duckdb.Type{duckTypeOf[A](), duckTypeOf[B]()}, duckTypeOf[R](), func(a []driver.Value) (any, error) {
		return result(f(arg[A](a, 0), arg[B](a, 1)))
	}}
}

func udf3[A, B, C, R argument](name string, f func(A, B, C) (maybe[R], error)) *udf {
	return &udf{name, []duckdb.Type{duckTypeOf[A](), duckTypeOf[B](), duckTypeOf[C]()}, duckTypeOf[R](), func(a []driver.Value) (any, error) {
		return result(f(arg[A](a, 0), arg[B](a, 1), arg[C](a, 2)))
	}}
}

// plain1 and plain2 are functions that neither fail nor answer NULL.
func plain1[A, R argument](name string, f func(A) R) *udf {
	return udf1(name, func(a A) (maybe[R], error) { return some(f(a)), nil })
}

func plain2[A, B, R argument](name string, f func(A, B) R) *udf {
	return udf2(name, func(a A, b B) (maybe[R], error) { return some(f(a, b)), nil })
}

// orError turns a value and an error into a result.
func orError[T argument](v T, err error) (maybe[T], error) { return maybe[T]{v, true}, err }

// types are DuckDB's types by letters: text, integer, boolean.
func types(letters string) []duckdb.Type {
	list := make([]duckdb.Type, len(letters))
	for i, c := range letters {
		switch c {
		case 't':
			list[i] = duckdb.TYPE_VARCHAR
		case 'i':
			list[i] = duckdb.TYPE_BIGINT
		case 'b':
			list[i] = duckdb.TYPE_BOOLEAN
		}
	}
	return list
}

func udfs() []*udf {
	var list []*udf
	for _, part := range [][]*udf{castUDFs(), dateUDFs(), textUDFs(), regexpUDFs(), hashUDFs(), bytesUDFs(), jsonUDFs(), arrayUDFs(), priorityUDFs()} {
		list = append(list, part...)
	}
	return list
}
