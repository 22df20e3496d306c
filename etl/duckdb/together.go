package duckdb

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"airline/etl"
)

const (
	// smallBytes is up to how many bytes of text a file is small. Its records go through memory, where so few take less than DuckDB does to open a file.
	smallBytes = 64 << 10
	// MaxTogether is how many loads [Engine.Together] takes. DuckDB has as many files open when it writes one for each.
	MaxTogether = 100
	// placeBits are those of the line in a record's line where it names the file, too, above them. They are enough for a small file.
	placeBits = 32
)

// file and place take a line apart that names a file, in SQL.
var (
	fileOf  = fmt.Sprintf("line >> %d", placeBits)
	placeOf = fmt.Sprintf("line & %d", 1<<placeBits-1)
)

// member is a small file that others may be loaded with: what there is to do of it alone is done.
type member struct {
	args     Args
	days     etl.Days
	layout   etl.Layout
	records  []record
	manifest *etl.Manifest // what becomes of it
}

// Together loads those of the objects that are small and like others, as Run does and in a fraction of the time: their records go through the queries
// together, each with its file's number, as they do on Spark. It gives their manifests, and nil for all others, which are left to Run: what is big, what is
// refused, and what failed, of which the error tells.
//
// All arguments have one dataset, settings, SQL and joined files; they differ by source, load, object, rows and output. There may be MaxTogether.
func (e *Engine) Together(ctx context.Context, all []Args) ([]*etl.Manifest, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	loaded := make([]*etl.Manifest, len(all))
	if len(all) < 2 || all[0].Dataset.Merged() { // of rows with one key one loads: that is of a file
		return loaded, nil
	}
	if len(all) > MaxTogether {
		return loaded, fmt.Errorf("%d loads are more than go together: there may be %d", len(all), MaxTogether)
	}
	if err := e.opened(ctx, all[0]); err != nil {
		return loaded, err
	}
	var groups [][]*member
	of := map[shape]int{}
	members := make([]*member, len(all))
	for i, args := range all {
		m := e.read(args)
		if m == nil {
			continue
		}
		members[i] = m
		at, known := of[m.shape()]
		if !known {
			at = len(groups)
			of[m.shape()] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], m)
	}
	var failed error
	for _, group := range groups {
		if len(group) < 2 || failed != nil {
			continue
		}
		if err := e.group(ctx, group); err != nil {
			// Who knows what state the database is in, and what has been written.
			for _, m := range group {
				m.manifest = nil
			}
			failed = errors.Join(fmt.Errorf("%d files are loaded one by one: %w", len(group), err), e.close())
		}
	}
	for i, m := range members {
		if m != nil {
			loaded[i] = m.manifest
		}
	}
	return loaded, failed
}

// shape is what files have in common whose records go through the same queries. Those whose rows say days are of the same days.
type shape struct {
	coded, days bool
	of          etl.Days
}

func (m *member) shape() shape {
	s := shape{coded: m.layout.Coded, days: len(m.layout.Day) > 0}
	if s.days {
		s.of = m.days
	}
	return s
}

// read reads all records of a small file; nil is one that is to be loaded alone.
func (e *Engine) read(args Args) *member {
	info, err := os.Stat(args.Object)
	if err != nil || info.Size() > smallBytes {
		return nil
	}
	m := &member{args: args}
	if m.days, err = args.prepare(); err != nil {
		return nil
	}
	days := m.days
	if !args.Dataset.Dated() {
		days = etl.Days{}
	}
	key, format := args.Source.Key, args.Dataset.Format()
	if m.layout, err = ReadHead(args.Dataset, key, args.Object, days); err != nil {
		return nil
	}
	t, err := openText(key, args.Object, e.dir, format)
	if err != nil {
		return nil
	}
	defer t.close()
	if info, err = os.Stat(t.path); err != nil || info.Size() > smallBytes { // uncompressed
		return nil
	}
	in, err := t.open()
	if err != nil {
		return nil
	}
	defer in.Close()
	reader := newRecordReader(in, key, format)
	if _, err := reader.next(); err != nil { // the header
		return nil
	}
	for {
		rec, err := reader.next()
		if errors.Is(err, io.EOF) {
			return m
		}
		if err != nil {
			return nil
		}
		m.records = append(m.records, rec)
	}
}

// group loads files of one shape.
func (e *Engine) group(ctx context.Context, members []*member) error {
	j := &job{Engine: e, args: members[0].args, days: members[0].days}
	// Of one thread files have their rows in the order of the records.
	if err := errors.Join(j.setThreads(ctx, 1), j.exec(ctx, makeSchema)); err != nil {
		return err
	}
	if err := j.together(ctx, members); err != nil {
		return err
	}
	return j.end(ctx)
}

// together loads the files of a group. A file's number is its place in the group.
func (j *job) together(ctx context.Context, members []*member) error {
	warnings, err := j.joined(ctx)
	if err != nil {
		return err
	}
	if err := j.settings(ctx); err != nil {
		return err
	}
	steps := chain(j.args.Dataset, members[0].layout)
	if err := j.appendMembers(ctx, steps[0].view, members); err != nil {
		return err
	}
	if len(members[0].layout.Day) > 0 {
		if err := j.spellDays(ctx); err != nil {
			return err
		}
	}
	if err := j.judge(ctx, steps, "verdicts"); err != nil {
		return err
	}
	if members[0].layout.Coded {
		more, err := j.withoutCodes(ctx)
		if err != nil {
			return err
		}
		warnings = append(warnings[:len(warnings):len(warnings)], more...)
	}
	for _, m := range members {
		manifest := m.args.manifest()
		manifest.Columns, manifest.Warnings = m.layout.Names, warnings
		manifest.Files, manifest.RejectFiles = []string{rowsFile}, []string{}
		m.manifest = &manifest
	}
	if err := j.countEach(ctx, members); err != nil {
		return err
	}
	return j.writeEach(ctx, members)
}

// appendMembers makes the first view of the records of all files, each with its file's number above its line.
func (j *job) appendMembers(ctx context.Context, view string, members []*member) error {
	columns := fields(j.args.Dataset, members[0].layout)
	create := recordColumns(columns)
	dated := j.oneDay(j.args.Dataset, members[0].layout) != ""
	if dated {
		create += ", " + j.args.Dataset.DateColumn() + " DATE"
	}
	if err := j.exec(ctx, "CREATE TABLE records ("+create+"); CREATE VIEW "+view+" AS SELECT * FROM records"); err != nil {
		return err
	}
	return j.append(func(appender *duckdb.Appender) error {
		for number, m := range members {
			columns, width := fields(j.args.Dataset, m.layout), 3+len(columns)
			row := make([]driver.Value, width, width+1)
			for _, rec := range m.records {
				rec.line |= int64(number) << placeBits
				rec.put(row[:width], columns, m.layout.Fields)
				if dated {
					row = append(row[:width], m.days.First)
				}
				if err := appender.AppendRow(row...); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	})
}

// countEach fills in the manifests' numbers. The query counts by reason, which here has the file's number before it.
func (j *job) countEach(ctx context.Context, members []*member) error {
	failed := func(err error) error { return j.failed("counts.sql", err) }
	if err := j.exec(ctx, "CREATE VIEW checked AS SELECT line, CONCAT("+fileOf+", ' ' || reason) AS reason, record FROM verdicts"); err != nil {
		return failed(err)
	}
	rows, err := j.conn.QueryContext(ctx, j.args.SQL["counts.sql"])
	if err != nil {
		return failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		var counted string
		var records, firstLine int64
		if err := rows.Scan(&counted, &records, &firstLine); err != nil {
			return failed(err)
		}
		number, reason, rejected := strings.Cut(counted, " ")
		at, err := strconv.Atoi(number)
		if err != nil {
			return failed(err)
		}
		add(members[at].manifest, sql.NullString{String: reason, Valid: rejected}, records)
	}
	if err := rows.Err(); err != nil {
		return failed(err)
	}
	return nil
}

// writeEach writes everything into the output directories, the manifests last: DuckDB writes what is of all, and each file gets what is its own.
func (j *job) writeEach(ctx context.Context, members []*member) error {
	dir := filepath.Join(j.dir, "together")
	defer os.RemoveAll(dir)
	ids := make([]string, len(members))
	loaded, rejected, empty := false, false, false
	for i, m := range members {
		ids[i] = literal(m.args.LoadID)
		loaded, empty, rejected = loaded || m.manifest.RowsLoaded > 0, empty || m.manifest.RowsLoaded == 0, rejected || m.manifest.RowsRejected > 0
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	write := func(query, to, format string) error {
		return j.exec(ctx, "COPY ("+query+"\n) TO "+literal(filepath.Join(dir, to))+" ("+format+")")
	}
	rows := "SELECT " + j.args.rows() + ", [" + strings.Join(ids, ", ") + "][1 + (" + fileOf + ")] AS load_id, " + fileOf + " AS file FROM verdicts WHERE reason IS NULL"
	if loaded {
		if err := write(rows, "rows", "FORMAT PARQUET, PARTITION_BY (file)"); err != nil {
			return err
		}
	}
	if empty { // COPY fails of a prefix without a file
		if err := write("SELECT * EXCLUDE file FROM ("+rows+") LIMIT 0", "empty", "FORMAT PARQUET"); err != nil {
			return err
		}
	}
	var rejects [][]byte
	if rejected {
		if err := j.exec(ctx, "CREATE OR REPLACE VIEW checked AS SELECT * FROM verdicts"); err != nil {
			return err
		}
		query := "SELECT " + fileOf + " AS file, r.* REPLACE (" + placeOf + " AS line) FROM (" + j.args.SQL["rejects.sql"] + "\n) r ORDER BY r.line"
		err := write(query, "rejects", "FORMAT JSON") // which DuckDB does not part
		if err == nil {
			rejects, err = partedLines(filepath.Join(dir, "rejects"), len(members))
		}
		if err != nil {
			return j.failed("rejects.sql", err)
		}
	}
	for number, m := range members {
		var own []byte
		if m.manifest.RowsRejected > 0 {
			own = rejects[number]
		}
		if err := m.take(dir, number, own); err != nil {
			return fmt.Errorf("load %s: %w", m.args.Source.Key, err)
		}
	}
	return nil
}

// partedLines are the lines of a file of JSON Lines, by the number that is the first member of each and is taken off.
func partedLines(path string, numbers int) ([][]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	parts := make([][]byte, numbers)
	for line := range bytes.Lines(text) {
		first, rest, _ := bytes.Cut(line, []byte(","))
		number, err := strconv.Atoi(strings.TrimPrefix(string(first), `{"file":`))
		if err != nil {
			return nil, fmt.Errorf("DuckDB wrote %q: %w", line, err)
		}
		parts[number] = append(append(parts[number], '{'), rest...)
	}
	return parts, nil
}

// take puts what was written of a file into its output directory.
func (m *member) take(dir string, number int, rejects []byte) error {
	place := func(name string) (string, error) {
		to := filepath.Join(m.args.Output, filepath.FromSlash(name))
		return to, os.MkdirAll(filepath.Dir(to), 0o755)
	}
	to, err := place(rowsFile)
	if err != nil {
		return err
	}
	if m.manifest.RowsLoaded > 0 {
		err = os.Rename(filepath.Join(dir, "rows", "file="+strconv.Itoa(number), "data_0.parquet"), to)
	} else {
		err = copyFile(filepath.Join(dir, "empty"), to)
	}
	if err == nil && m.manifest.RowsRejected > 0 {
		m.manifest.RejectFiles = []string{rejectsFile}
		if to, err = place(rejectsFile); err == nil {
			err = os.WriteFile(to, rejects, 0o644)
		}
	}
	if err != nil {
		return err
	}
	return WriteManifest(m.args.Output, *m.manifest)
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
