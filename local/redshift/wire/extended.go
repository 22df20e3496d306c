package wire

import (
	"context"
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"
)

// statement is a prepared statement of the protocol.
type statement struct {
	Statement // nil for an empty one
	sql       string
}

// portal is a statement with its arguments, and as far as it has run.
type portal struct {
	statement *statement
	arguments []Argument
	formats   []int16 // of the columns
	result    Result
	tag       string
	rows      int64
	run, done bool
}

func (p *portal) close() {
	if p.result != nil {
		p.result.Close()
		p.result = nil
	}
}

func (c *client) closePortals() {
	for name, p := range c.portals {
		p.close()
		delete(c.portals, name)
	}
}

func (c *client) closeAll() {
	c.closePortals()
	for _, s := range c.statements {
		if s.Statement != nil {
			s.Close()
		}
	}
}

// extended reports an error of the extended query protocol, in which the rest up to Sync is skipped.
func (c *client) extended(err error) {
	if err != nil {
		c.report(err)
		c.skipping = true
	}
}

// sync ends the transaction of the statements that came since the last Sync.
func (c *client) sync() error {
	return c.during(c.session.Sync)
}

func (c *client) parse(m *pgproto3.Parse) error {
	if err := validText(m.Query); err != nil {
		return err
	}
	if m.Name != "" && c.statements[m.Name] != nil {
		return failure(duplicateName, "prepared statement %q already exists", m.Name)
	}
	c.forget(m.Name)
	s := &statement{sql: m.Query}
	err := c.during(func(ctx context.Context) error {
		if err := c.session.Implicit(ctx); err != nil {
			return err
		}
		var err error
		s.Statement, err = c.session.Prepare(ctx, m.Query, append([]uint32(nil), m.ParameterOIDs...))
		return err
	})
	if err != nil {
		return err
	}
	c.statements[m.Name] = s
	c.backend.Send(&pgproto3.ParseComplete{})
	return nil
}

func (c *client) forget(name string) {
	if old := c.statements[name]; old != nil {
		if old.Statement != nil {
			old.Close()
		}
		delete(c.statements, name)
	}
}

func (c *client) bind(m *pgproto3.Bind) error {
	s := c.statements[m.PreparedStatement]
	if s == nil {
		return failure(noStatement, "prepared statement %q does not exist", m.PreparedStatement)
	}
	if m.DestinationPortal != "" && c.portals[m.DestinationPortal] != nil {
		return failure("42P03", "cursor %q already exists", m.DestinationPortal)
	}
	p := &portal{statement: s, formats: append([]int16(nil), m.ResultFormatCodes...)}
	var types []uint32
	if s.Statement != nil {
		types = s.Parameters()
	}
	if len(types) != len(m.Parameters) {
		return failure(protocolViolation, "bind message supplies %d parameters, but prepared statement %q requires %d", len(m.Parameters), m.PreparedStatement, len(types))
	}
	if n := len(m.ParameterFormatCodes); n > 1 && n != len(m.Parameters) {
		return failure(protocolViolation, "bind message has %d parameter formats but %d parameters", n, len(m.Parameters))
	}
	for i, value := range m.Parameters {
		format := formatOf(m.ParameterFormatCodes, i)
		argument, err := textOf(value, format, types[i])
		if err != nil {
			return err
		}
		p.arguments = append(p.arguments, argument)
	}
	if s.Statement != nil {
		if n := len(p.formats); n > 1 && n != len(s.Columns()) {
			return failure(protocolViolation, "bind message has %d result formats but query has %d columns", n, len(s.Columns()))
		}
		for i, column := range s.Columns() {
			if formatOf(p.formats, i) == binaryFormat && !hasBinary(column.Type) {
				return failure(notSupported, "column %q: the type with OID %d has no binary form here: ask for text", column.Name, column.Type)
			}
		}
	}
	if old := c.portals[m.DestinationPortal]; old != nil {
		old.close()
	}
	c.portals[m.DestinationPortal] = p
	c.backend.Send(&pgproto3.BindComplete{})
	return nil
}

// formatOf is the format of the value at i: none given means text, one means all.
func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return textFormat
	case 1:
		return formats[0]
	}
	return formats[i]
}

func (c *client) describe(m *pgproto3.Describe) error {
	if m.ObjectType == 'S' {
		s := c.statements[m.Name]
		if s == nil {
			return failure(noStatement, "prepared statement %q does not exist", m.Name)
		}
		description := &pgproto3.ParameterDescription{}
		if s.Statement != nil {
			description.ParameterOIDs = s.Parameters()
		}
		c.backend.Send(description)
		c.describeRows(s, nil)
		return nil
	}
	p := c.portals[m.Name]
	if p == nil {
		columns, ok := c.session.Cursor(m.Name)
		if !ok {
			return failure(noPortal, "cursor %q does not exist", m.Name)
		}
		c.backend.Send(rowDescription(columns, nil))
		return nil
	}
	c.describeRows(p.statement, p.formats)
	return nil
}

func (c *client) describeRows(s *statement, formats []int16) {
	if s.Statement == nil || s.Columns() == nil {
		c.backend.Send(&pgproto3.NoData{})
		return
	}
	c.backend.Send(rowDescription(s.Columns(), formats))
}

func rowDescription(columns []Column, formats []int16) *pgproto3.RowDescription {
	d := &pgproto3.RowDescription{}
	for i, column := range columns {
		d.Fields = append(d.Fields, pgproto3.FieldDescription{
			Name: []byte(column.Name), TableOID: column.Table, TableAttributeNumber: uint16(column.Attribute), DataTypeOID: column.Type,
			DataTypeSize: column.Size, TypeModifier: column.Modifier, Format: formatOf(formats, i),
		})
	}
	return d
}

func (c *client) execute(m *pgproto3.Execute) error {
	p := c.portals[m.Portal]
	if p == nil {
		return failure(noPortal, "cursor %q does not exist", m.Portal)
	}
	if p.statement.Statement == nil {
		c.backend.Send(&pgproto3.EmptyQueryResponse{})
		return nil
	}
	return c.during(func(ctx context.Context) error {
		if !p.run {
			if err := c.session.Implicit(ctx); err != nil {
				return err
			}
			p.run = true
			var err error
			p.result, p.tag, err = p.statement.Run(c.ctxOf(ctx, m.MaxRows), p.arguments)
			if err != nil {
				return err
			}
		}
		if p.result != nil {
			suspended, err := c.rows(ctx, p.result, p.statement.Columns(), p.formats, int64(m.MaxRows), &p.rows)
			if err != nil {
				return err
			}
			if suspended {
				c.backend.Send(&pgproto3.PortalSuspended{})
				return nil
			}
			p.tag = tagOf(p.result, p.tag)
			p.close()
		}
		if p.done { // an empty rest
			p.rows = 0
		}
		p.done = true
		c.complete(p.tag)
		return nil
	})
}

// ctxOf is the context of a result: of one that may be suspended, the connection's, since it lasts longer than the message.
func (c *client) ctxOf(ctx context.Context, limit uint32) context.Context {
	if limit > 0 {
		return c.ctx
	}
	return ctx
}

func (c *client) complete(tag string) {
	c.backend.Send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
}

func (c *client) close(m *pgproto3.Close) error {
	if m.ObjectType == 'S' {
		c.forget(m.Name)
	} else if p := c.portals[m.Name]; p != nil {
		p.close()
		delete(c.portals, m.Name)
	}
	c.backend.Send(&pgproto3.CloseComplete{})
	return nil
}

// simple answers a simple query: statements that are one transaction unless they say otherwise.
func (c *client) simple(sql string) {
	if old := c.portals[""]; old != nil { // a simple query ends the unnamed portal and statement
		old.close()
		delete(c.portals, "")
	}
	c.forget("")
	if err := validText(sql); err != nil {
		c.report(err)
		return
	}
	list, err := c.session.Split(sql)
	if err != nil {
		c.report(err)
		return
	}
	if len(list) == 0 {
		c.backend.Send(&pgproto3.EmptyQueryResponse{})
		return
	}
	err = c.during(func(ctx context.Context) error {
		for i, one := range list {
			if err := c.one(ctx, one.Text, i == len(list)-1); err != nil {
				return moved(err, utf8.RuneCountInString(sql[:one.Start]))
			}
		}
		return nil
	})
	if err != nil {
		c.report(err)
		if err := c.sync(); err != nil {
			c.report(err)
		}
	}
}

// tagOf is the tag of a result that has been read: that of one which counts its rows is known only now.
func tagOf(r Result, tag string) string {
	if counted, ok := r.(interface{ Tag() string }); ok {
		return counted.Tag()
	}
	return tag
}

// moved is an error whose position is that in the whole query.
func moved(err error, by int) error {
	e := *errorOf(err)
	if e.Position > 0 {
		e.Position += by
	}
	return &e
}

// one answers one statement of a simple query. The last one is done once its transaction is.
func (c *client) one(ctx context.Context, sql string, last bool) error {
	if err := c.session.Implicit(ctx); err != nil {
		return err
	}
	s, err := c.session.Prepare(ctx, sql, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	if n := len(s.Parameters()); n > 0 {
		return failure("42P02", "there is no parameter $%d: a simple query has none", n)
	}
	result, tag, err := s.Run(ctx, nil)
	if err != nil {
		return err
	}
	if result != nil {
		defer result.Close()
		c.backend.Send(rowDescription(s.Columns(), nil))
		var n int64
		if _, err := c.rows(ctx, result, s.Columns(), nil, 0, &n); err != nil {
			return err
		}
		tag = tagOf(result, tag)
		result.Close()
	}
	if last {
		if err := c.session.Sync(ctx); err != nil {
			return err
		}
	}
	c.complete(tag)
	return nil
}

// rows sends the rows of a result, at most limit of them (0: all), and reports whether it stopped at the limit.
func (c *client) rows(ctx context.Context, r Result, columns []Column, formats []int16, limit int64, count *int64) (suspended bool, err error) {
	message := &dataRow{result: r, columns: columns, formats: formats, scratch: c.scratch}
	defer func() { c.scratch = message.scratch }()
	for n := int64(0); limit == 0 || n < limit; n++ {
		if !r.Next() {
			return false, r.Err()
		}
		*count++
		c.backend.Send(message)
		if message.err != nil {
			return false, message.err
		}
		if c.unsent += message.size; c.unsent >= 64<<10 {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			if err := c.flush(); err != nil {
				c.end()
				return false, err
			}
		}
	}
	return true, nil
}

// dataRow writes the present row of a result as a message.
type dataRow struct {
	result  Result
	columns []Column
	formats []int16
	scratch []byte
	size    int
	err     error
}

// Backend marks it as a message of the server's.
func (*dataRow) Backend() {}

// Decode is of no use: the server does not read rows.
func (*dataRow) Decode([]byte) error { return failure(internal, "a server reads no rows") }

// Encode appends the message.
func (d *dataRow) Encode(to []byte) ([]byte, error) {
	begun := len(to)
	to = append(to, 'D', 0, 0, 0, 0)
	to = binary.BigEndian.AppendUint16(to, uint16(len(d.columns)))
	for i := range d.columns {
		if d.result.Null(i) {
			to = append(to, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		at := len(to)
		to = append(to, 0, 0, 0, 0)
		if formatOf(d.formats, i) == binaryFormat {
			d.scratch = d.result.Text(d.scratch[:0], i)
			var err error
			if to, err = appendBinary(to, d.columns[i].Type, d.scratch); err != nil {
				d.err = failure(internal, "column %s, value %s: %v", d.columns[i].Name, strconv.Quote(string(d.scratch)), err)
			}
		} else {
			to = d.result.Text(to, i)
		}
		binary.BigEndian.PutUint32(to[at:], uint32(len(to)-at-4))
	}
	d.size = len(to) - begun
	binary.BigEndian.PutUint32(to[begun+1:], uint32(d.size-1))
	return to, nil
}
