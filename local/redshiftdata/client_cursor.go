package redshiftdata

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"airline/local/redshift/wire"
)

// clientCursor is a cursor of DECLARE. Its query begins with the first FETCH.
type clientCursor struct {
	statement *clientStatement
	result    *openResult
}

func (c *clientCursor) close() {
	if c.result != nil {
		c.result.Close()
	}
}

// Cursor describes a cursor.
func (s *clientSession) Cursor(name string) ([]wire.Column, bool) {
	c := s.cursors[name]
	if c == nil {
		return nil, false
	}
	return c.statement.columns, true
}

// declareCommand is DECLARE name CURSOR FOR query. The query may have parameters, whose values it gets when the cursor is declared: drivers
// send them so for a cursor of the server's.
func (s *clientSession) declareCommand(ctx context.Context, types []uint32, p *parser) (wire.Statement, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	p.acceptAny("insensitive")
	p.accept("no", "scroll")
	if !p.accept("cursor") {
		return nil, syntaxAt(p.peek(), p.src)
	}
	if p.accept("with", "hold") {
		return nil, unknownCommand("DECLARE ... WITH HOLD")
	}
	p.accept("without", "hold")
	if !p.accept("for") {
		return nil, syntaxAt(p.peek(), p.src)
	}
	d := &declareStatement{session: s, name: name, text: p.rest()}
	if len(scan(d.text).places) > 0 {
		if d.query, err = s.cursorQuery(ctx, d.text, types); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// declareStatement is DECLARE.
type declareStatement struct {
	session    *clientSession
	name, text string
	query      *clientStatement // nil for one without parameters, which is read when the cursor is declared
}

func (d *declareStatement) Parameters() []uint32 {
	if d.query == nil {
		return nil
	}
	return d.query.types
}
func (d *declareStatement) Columns() []wire.Column { return nil }
func (d *declareStatement) Close()                 {}

// Run declares the cursor.
func (d *declareStatement) Run(ctx context.Context, arguments []wire.Argument) (wire.Result, string, error) {
	s, text := d.session, d.text
	if d.query != nil {
		text = d.query.with(arguments)
	}
	err := s.declarable(d.name)
	if err == nil {
		var query *clientStatement
		if query, err = s.cursorQuery(ctx, text, nil); err == nil {
			if s.cursors == nil {
				s.cursors = map[string]*clientCursor{}
			}
			s.cursors[d.name] = &clientCursor{statement: query}
		}
	}
	return nil, "DECLARE CURSOR", clientError(err, "")
}

// declarable reports why there can be no cursor of a name now.
func (s *clientSession) declarable(name string) error {
	switch {
	case !s.explicit:
		return &sqlError{code: "25P01", message: "DECLARE CURSOR may only be used in transaction blocks"}
	case s.cursors[name] != nil:
		return &sqlError{code: "42P03", message: fmt.Sprintf("cursor %q already exists", name)}
	case len(s.cursors) > 0: // "Cursor constraints", DECLARE
		return &sqlError{code: "0A000", message: "only one cursor at a time can be open per session"}
	}
	return nil
}

// cursorQuery reads the query of a cursor.
func (s *clientSession) cursorQuery(ctx context.Context, text string, types []uint32) (*clientStatement, error) {
	prepared, err := s.Prepare(ctx, text, types)
	if err != nil {
		return nil, err
	}
	st, ok := prepared.(*clientStatement)
	if !ok || st.columns == nil {
		return nil, &sqlError{code: "42601", message: "a cursor is FOR a query"}
	}
	return st, nil
}

// fetchCommand is FETCH [NEXT | ALL | count | FORWARD [count | ALL]] FROM name.
func (s *clientSession) fetchCommand(p *parser) (wire.Statement, error) {
	count := int64(1)
	forward := p.accept("forward")
	switch t := p.peek(); {
	case p.accept("all"):
		count = math.MaxInt64
	case !forward && p.accept("next"):
	case t.Kind == number:
		n, err := strconv.ParseInt(p.next().Value, 10, 64)
		if err != nil {
			return nil, syntaxAt(t, p.src)
		}
		count = n
	case p.acceptAny("backward", "prior", "first", "last", "absolute", "relative"), p.accept("-"):
		return nil, &sqlError{code: "55000", message: "cursor can only scan forward"}
	}
	if !p.acceptAny("from", "in") {
		return nil, syntaxAt(p.peek(), p.src)
	}
	name, err := p.name()
	if err == nil {
		err = p.nothingMore()
	}
	if err != nil {
		return nil, err
	}
	c := s.cursors[name]
	if c == nil {
		return nil, &sqlError{code: "34000", message: fmt.Sprintf("cursor %q does not exist", name)}
	}
	return &commandStatement{columns: c.statement.columns, run: func(ctx context.Context) (wire.Result, string, error) {
		if c.result == nil {
			// The query goes on between this FETCH and the next, so it ends with its transaction and not with the statement.
			result, _, err := s.run(context.WithoutCancel(ctx), c.statement.text)
			if err != nil {
				return nil, "", clientError(err, c.statement.text)
			}
			c.result = result
		}
		return &fetched{openResult: c.result, ctx: ctx, left: count}, "", nil
	}}, nil
}

// fetched are some rows of a cursor.
type fetched struct {
	*openResult
	ctx     context.Context
	n, left int64
}

func (f *fetched) Next() bool {
	if f.n >= f.left || f.ctx.Err() != nil || !f.openResult.Next() {
		return false
	}
	f.n++
	return true
}

func (f *fetched) Err() error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	return f.openResult.Err()
}

// Close leaves the cursor open.
func (f *fetched) Close() {}

// Tag is what FETCH answers after its rows.
func (f *fetched) Tag() string { return fmt.Sprintf("FETCH %d", f.n) }

// closeCommand is CLOSE name.
func (s *clientSession) closeCommand(p *parser) (wire.Statement, error) {
	name, all, err := p.nameOrAll()
	if err != nil {
		return nil, err
	}
	return simpleCommand(func(context.Context) (string, error) {
		if !all && s.cursors[name] == nil {
			return "", &sqlError{code: "34000", message: fmt.Sprintf("cursor %q does not exist", name)}
		}
		for n, c := range s.cursors {
			if all || n == name {
				c.close()
				delete(s.cursors, n)
			}
		}
		return "CLOSE CURSOR", nil
	}), nil
}
