package redshiftdata

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	duck "github.com/duckdb/duckdb-go-bindings"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/local/redshift/wire"
)

// clientStatement is a prepared statement that DuckDB runs. It is read anew for each execution: what GETDATE() says and what a
// literal means are known only then.
type clientStatement struct {
	session *clientSession
	text    string
	types   []uint32
	places  []place
	columns []wire.Column
}

func (st *clientStatement) Parameters() []uint32   { return st.types }
func (st *clientStatement) Columns() []wire.Column { return st.columns }
func (st *clientStatement) Close()                 {}

// describe finds the types of parameters and columns.
func (st *clientStatement) describe(ctx context.Context) error {
	count := 0
	for _, x := range st.places {
		count = max(count, x.number)
	}
	if count > 32767 { // "Quotas and limits": prepared statements have at most so many
		return &sqlError{code: "54023", message: "a statement has at most 32767 parameters"}
	}
	for len(st.types) < count {
		st.types = append(st.types, 0)
	}
	if count > 0 {
		if err := st.infer(ctx); err != nil {
			return err
		}
	}
	var some []wire.Argument
	for _, oid := range st.types {
		some = append(some, sample(oid))
	}
	parsed, err := st.session.compile(ctx, st.with(some))
	if err != nil || !parsed.result() {
		return err
	}
	if err := st.session.prepareToRun(); err != nil {
		return err
	}
	if parsed.system {
		return st.describeSystem(parsed)
	}
	st.columns = wireColumns(parsed.translated.Columns)
	return nil
}

// infer finds the types of the parameters that the client does not know: of a query those that they are used as, and otherwise
// those that DuckDB expects. Parameters that may have any are texts.
func (st *clientStatement) infer(ctx context.Context) error {
	parsed, err := st.session.compile(ctx, st.text)
	if err != nil {
		return err
	}
	known := map[int]uint32{}
	switch {
	case parsed.system: // whose texts are what they are compared with
	case parsed.translated != nil:
		for name, t := range parsed.translated.ParamTypes {
			if n, err := strconv.Atoi(name); err == nil {
				known[n-1] = oids[t.Kind]
			}
		}
	default:
		if known, err = st.expected(parsed.statement); err != nil {
			return err
		}
	}
	for i := range st.types {
		if st.types[i] == 0 {
			if st.types[i] = known[i]; known[i] == 0 {
				st.types[i] = wire.OIDVarchar
			}
		}
	}
	return nil
}

// expected are the types that DuckDB expects of a statement's parameters.
func (st *clientStatement) expected(parsed *statement) (map[int]uint32, error) {
	if err := st.session.prepareToRun(); err != nil {
		return nil, err
	}
	prepared, err := st.session.raw.Prepare(parsed.duck())
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	defer prepared.Close()
	known := map[int]uint32{}
	for i, t := range prepared.Parameters() {
		known[i] = duckOIDs[t.ID]
	}
	return known, nil
}

// duckOIDs are the numbers of the types that DuckDB may expect of a parameter.
var duckOIDs = map[duck.Type]uint32{
	duck.TypeBoolean: wire.OIDBool, duck.TypeSmallInt: wire.OIDInt2, duck.TypeInteger: wire.OIDInt4, duck.TypeBigInt: wire.OIDInt8,
	duck.TypeHugeInt: wire.OIDNumeric, duck.TypeDecimal: wire.OIDNumeric, duck.TypeFloat: wire.OIDFloat4, duck.TypeDouble: wire.OIDFloat8,
	duck.TypeDate: wire.OIDDate, duck.TypeTime: wire.OIDTime, duck.TypeTimestamp: wire.OIDTimestamp, duck.TypeTimestampTZ: wire.OIDTimestampTZ,
	duck.TypeInterval: wire.OIDInterval, duck.TypeBlob: wire.OIDVarbyte,
}

// Run executes the statement.
func (st *clientStatement) Run(ctx context.Context, arguments []wire.Argument) (wire.Result, string, error) {
	text := st.with(arguments)
	result, tag, err := st.session.recorded(ctx, text)
	if err != nil {
		return nil, "", clientError(err, text)
	}
	if result == nil {
		return nil, tag, nil
	}
	if c := st.session.last; st.session.alone() && c != nil && c.text == text {
		st.columns = wireColumns(c.translated.Columns)
	}
	return result, tag, nil
}

// recorded runs a statement and notes it for the views of queries.
func (s *clientSession) recorded(ctx context.Context, text string) (*openResult, string, error) {
	kind := ""
	if parts := scan(text).parts; len(parts) > 0 {
		kind = firstWord(parts[0].Text)
	}
	end := s.service.activity.begin(catalog.Query{
		PID: s.login.PID, User: s.user, Database: s.login.Database, Transaction: s.isolated.id, Type: strings.ToUpper(kind), Text: text, Start: s.begun,
	})
	begun := time.Now()
	result, tag, err := s.run(ctx, text)
	if result != nil {
		result.done = func(rows int64, err error) { end(s.begun.Add(time.Since(begun)), rows, err) }
	} else {
		end(s.begun.Add(time.Since(begun)), 0, err)
	}
	return result, tag, err
}

// run executes a statement of Redshift's SQL in the open transaction.
func (s *clientSession) run(ctx context.Context, text string) (*openResult, string, error) {
	cancel := context.CancelFunc(func() {})
	if limit, _ := strconv.Atoi(s.setting("statement_timeout")); limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(limit)*time.Millisecond)
	}
	if s.failed {
		cancel()
		return nil, "", &sqlError{code: "25P02", message: "current transaction is aborted, commands ignored until end of transaction block"}
	}
	st, err := s.compile(ctx, text)
	if err == nil && s.service.repeatable && !st.result() {
		err = &sqlError{code: "25006", message: "a warehouse that is kept is read only for clients of PostgreSQL's protocol",
			detail: "What is kept is done again, in order, when serve begins with its --workdir, and sessions run beside that order: change the warehouse with the Redshift Data API."}
	}
	if err == nil {
		err = s.writable(st)
	}
	if err == nil && st.show != nil {
		err = s.do(func() error { return st.show.found(s.sqlSession()) })
	}
	if err == nil {
		reads := st.reads
		if st.verb == "update" || st.verb == "delete" || st.verb == "merge" {
			reads = append(reads[:len(reads):len(reads)], st.writes...)
		}
		writes := st.writes
		if st.lock && st.verb == "lock" {
			writes = st.reads
		}
		err = s.service.isolation.use(ctx, s.isolated, reads, writes)
	}
	if err != nil {
		cancel()
		return nil, "", err
	}
	if !st.result() || !s.alone() {
		if err := s.ensure(ctx); err != nil {
			cancel()
			return nil, "", err
		}
	}
	if st.translated != nil {
		for _, x := range st.translated.Settings {
			if err := s.setNow(x.Name, x.Value, false, x.Local); err != nil {
				cancel()
				return nil, "", err
			}
		}
	}
	if st.result() {
		result, err := s.query(ctx, st.sql)
		if s.alone() && !s.known.holds() { // definitions have changed since the statement was read
			if err == nil {
				result.finish()
			}
			result, err = s.again(ctx, text)
		}
		if err != nil {
			cancel()
			return nil, "", err
		}
		result.cancel = cancel
		return result, strings.ToUpper(st.verb), nil
	}
	defer cancel()
	s.last = nil
	rows, err := s.perform(ctx, st.statement)
	return nil, tag(st.statement, rows), err
}

// waitForTurn waits until the transaction may write the table that a statement changes: before the statement's meaning is looked
// up, with which DuckDB's transaction begins.
func (s *clientSession) waitForTurn(ctx context.Context, st *statement) error {
	if st.query == nil {
		return nil
	}
	n, ok := st.query.Target()
	if !ok {
		return nil
	}
	if n.Schema == "" {
		var err error
		if n, err = s.locate(n.Table); err != nil {
			return err
		}
	}
	return s.service.isolation.use(ctx, s.isolated, nil, []name{n})
}

// again runs a query in a transaction whose definitions are settled before it is read. The client has not been told its columns yet: it is
// alone.
func (s *clientSession) again(ctx context.Context, text string) (*openResult, error) {
	if err := s.known.look(); err != nil {
		return nil, err
	}
	s.last = nil
	st, err := s.compile(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.query(ctx, st.sql)
}

// locate finds the relation that a name without a schema means. A transaction that has used no table yet does not look for it itself: what
// it sees begins with its first look, and it may have to wait for its turn before.
func (s *clientSession) locate(table string) (name, error) {
	if s.temporary[table] {
		if err := s.keep(); err != nil {
			return name{}, err
		}
		if own, err := s.known.Relation("", table); own != nil || err != nil {
			return name{Table: table}, err
		}
		delete(s.temporary, table) // its transaction was rolled back
	}
	if s.isolated.begun == 0 {
		return locate(&redshift.DuckCatalog{Context: context.Background(), DB: s.warehouse.db}, s.path(), table)
	}
	if err := s.keep(); err != nil {
		return name{}, err
	}
	return locate(s.known, s.path(), table)
}

// perform runs a statement without a result and gives the number of rows that it changed.
func (s *clientSession) perform(ctx context.Context, st *statement) (int64, error) {
	x := &execution{user: s.user, values: map[string]string{}}
	if st.copy != nil || st.unload != nil || st.grant != nil || st.procedure != nil || st.called != nil { // which use the world
		var out outcome
		err := s.do(func() error {
			var err error
			out, _, err = s.service.performOne(ctx, s.session, x, st)
			if st.copy != nil {
				l := st.copy.load(out.rows, err)
				l.End = s.service.clock.Now()
				s.service.activity.loaded(s.login.PID, l)
			}
			return err
		})
		if st.copy != nil && err == nil {
			s.loadedNotice(st.copy, out.rows)
		}
		if st.unload != nil && err == nil {
			s.login.Notice(&wire.Error{Severity: "INFO", Code: "00000", Message: fmt.Sprintf("UNLOAD completed, %d record(s) unloaded successfully.", out.rows)})
		}
		return out.rows, err
	}
	if alone := st.alone(); alone != "" && s.explicit {
		return 0, &sqlError{code: "25001", message: alone + " cannot run inside a transaction block"}
	}
	out, err := s.session.run(ctx, st, x.values, nil)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err == nil {
		err = s.do(func() error {
			s.service.access.follow(s.session, s.user, st, out.dropped)
			return nil
		})
		if len(st.writes) > 0 && st.writes[0].Schema == "" && st.renamed != "" {
			s.temporary[st.renamed] = true
		}
	}
	return out.rows, err
}

// loadedNotice tells a client what a COPY has loaded, and what not.
func (s *clientSession) loadedNotice(c *copyStatement, rows int64) {
	if n := len(c.failed); n > 0 {
		s.login.Notice(&wire.Error{Severity: "INFO", Code: "00000", Message: fmt.Sprintf("Load into table '%s' completed, %d record(s) could not be loaded.  Check 'sys_load_error_detail' system table for details.", c.table.Table, n)})
	}
	s.login.Notice(&wire.Error{Severity: "INFO", Code: "00000", Message: fmt.Sprintf("Load into table '%s' completed, %d record(s) loaded successfully.", c.table.Table, rows)})
}

// query begins a query of DuckDB's in the open transaction.
func (s *clientSession) query(ctx context.Context, text string) (*openResult, error) {
	prepared, rows, again, err := s.runQuery(ctx, text)
	if err != nil {
		return nil, err
	}
	if zone, ok := redshift.SessionZone(s.setting("timezone")); ok && zone != time.UTC {
		rows.Zone(zone)
	}
	s.open = &openResult{session: s, prepared: prepared, again: again, rows: rows}
	return s.open, nil
}

// oids are the types' numbers in pg_type.
var oids = map[redshift.Kind]uint32{
	redshift.Unknown: wire.OIDVarchar, redshift.Bool: wire.OIDBool, redshift.Int2: wire.OIDInt2, redshift.Int4: wire.OIDInt4, redshift.Int8: wire.OIDInt8,
	redshift.Numeric: wire.OIDNumeric, redshift.Float4: wire.OIDFloat4, redshift.Float8: wire.OIDFloat8, redshift.Char: wire.OIDBPChar,
	redshift.Varchar: wire.OIDVarchar, redshift.Date: wire.OIDDate, redshift.Time: wire.OIDTime, redshift.TimeTZ: wire.OIDTimeTZ,
	redshift.Timestamp: wire.OIDTimestamp, redshift.TimestampTZ: wire.OIDTimestampTZ, redshift.Interval: wire.OIDInterval,
	redshift.Varbyte: wire.OIDVarbyte, redshift.Super: wire.OIDSuper, redshift.OID: wire.OIDOID,
}

// wireColumns describes the columns of a result to clients.
func wireColumns(columns []redshift.Column) []wire.Column {
	out := make([]wire.Column, len(columns))
	for i, c := range columns {
		out[i] = wireColumn(c)
	}
	return out
}

// wireColumn describes a column to clients.
func wireColumn(c redshift.Column) wire.Column {
	w := wire.Column{Name: c.Name, Type: oids[c.Type.Kind], Size: wire.SizeOf(oids[c.Type.Kind]), Modifier: -1}
	switch {
	case c.Type.Kind == redshift.Numeric:
		w.Modifier = int32(c.Type.Precision<<16|c.Type.Scale) + 4
	case c.Type.Length > 0:
		w.Modifier = int32(c.Type.Length) + 4
	}
	return w
}

// commandStatement is a statement that the session itself runs.
type commandStatement struct {
	columns []wire.Column
	run     func(ctx context.Context) (wire.Result, string, error)
}

func (st *commandStatement) Parameters() []uint32   { return nil }
func (st *commandStatement) Columns() []wire.Column { return st.columns }
func (st *commandStatement) Close()                 {}
func (st *commandStatement) Run(ctx context.Context, _ []wire.Argument) (wire.Result, string, error) {
	result, tag, err := st.run(ctx)
	if err != nil {
		return nil, "", clientError(err, "")
	}
	return result, tag, nil
}

func unknownCommand(what string) error {
	return &sqlError{code: "0A000", message: fmt.Sprintf("%s is not modelled here", what)}
}
