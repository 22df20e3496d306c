package redshiftdata

import (
	"fmt"
	"slices"
	"strings"

	"airline/local/redshift"
)

// statement is one SQL statement that passed the guard, and what DuckDB is to run for it.
type statement struct {
	src    string
	tokens []token
	// verb is the main verb in lower case, after any WITH list: select, insert, copy, create ...
	verb   string
	params []string // names of the :parameters, each once, in order of first use
	edits  []edit   // how src becomes DuckDB's dialect
	reads  []name   // relations read, without those of WITH
	writes []name   // relations written, created, changed or dropped
	bare   []bare   // relations that are named without a schema, as long as nothing has looked for them
	copy   *copyStatement
	unload *unload
	schema string // of CREATE SCHEMA and DROP SCHEMA
	lock   bool   // LOCK, VACUUM, ANALYZE: the relation has to exist, nothing else happens here
	grant  *grant

	cascade bool   // of DROP
	renamed string // of ALTER TABLE: the new name
	column  string // of ALTER TABLE: the column that gets another name, or is dropped
	another string // of ALTER TABLE: the column's new name; "" where it is dropped

	procedure *procedure // of CREATE PROCEDURE
	called    *call
	show      *show

	query      *redshift.Statement   // of what package redshift reads
	translated *redshift.Translation // the same, once it is where it runs
}

// name is a relation's name, folded to lower case as Redshift does (quoted or not, by default).
type name = redshift.Name

type edit struct {
	start, end int
	text       string
}

// duck is the statement's text for DuckDB.
func (s *statement) duck() string {
	if s.translated != nil {
		return s.translated.SQL
	}
	var b strings.Builder
	at := 0
	for _, e := range s.edits {
		b.WriteString(s.src[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(s.src[at:s.tokens[len(s.tokens)-1].Start])
	return b.String()
}

// translate gives a statement its meaning in a session.
func (s *statement) translate(session *redshift.Session) error {
	if s.show != nil {
		return s.show.translate(s, session)
	}
	var err error
	if s.translated, err = redshift.Translate(s.query, session); err != nil {
		return err
	}
	s.reads, s.writes = s.translated.Reads, s.translated.Writes
	return nil
}

// alone is what the statement is called if it runs in no transaction block.
func (s *statement) alone() string {
	if s.query == nil {
		return ""
	}
	return s.query.Alone()
}

// hasResult reports whether the statement returns rows.
func (s *statement) hasResult() bool {
	return s.verb == "select" || s.verb == "explain" || s.verb == "show"
}

// parse reads one statement and refuses what Redshift would not run, what is not modelled, and what DuckDB
// would do beyond Redshift (files, settings, extensions).
func parse(src string) (*statement, error) {
	tokens, err := redshift.Tokens(src)
	if err != nil {
		return nil, err
	}
	if redshift.Understood(src) {
		q, err := redshift.Parse(src)
		if err != nil {
			return nil, err
		}
		return &statement{src: src, tokens: tokens, verb: q.Verb, params: q.Params, query: q}, nil
	}
	tokens = withoutSemicolons(tokens)
	for _, t := range tokens {
		if t.Is(";") {
			return nil, refusedAt(t, "cannot insert multiple commands into a prepared statement: one statement each, several in BatchExecuteStatement")
		}
	}
	s := &statement{src: src, tokens: tokens}
	if err := s.setVerb(); err != nil {
		return nil, err
	}
	if s.verb != "unload" && s.verb != "copy" && s.verb != "show" { // of which nothing is handed to DuckDB as it is written
		if err := guard(tokens, src); err != nil {
			return nil, err
		}
	}
	p := &parser{statement: s}
	switch s.verb {
	case "show":
		err = p.showObjects()
	case "copy":
		err = p.copyFrom()
	case "unload":
		err = p.unloadTo()
	case "create":
		err = p.create()
	case "drop":
		err = p.drop()
	case "alter":
		err = p.alter()
	case "truncate", "lock", "vacuum", "analyze":
		err = p.maintenance()
	case "grant", "revoke":
		err = p.privileges()
	case "call":
		err = p.readCall()
	}
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(tokens, func(t token) bool { return t.Kind == dollar }); i >= 0 && s.procedure == nil && s.unload == nil {
		return nil, refusedAt(tokens[i], "dollar-quoting is modelled for the body of a procedure only")
	}
	slices.SortStableFunc(s.edits, func(a, b edit) int { return a.start - b.start })
	return s, nil
}

// withoutSemicolons lets the statement end before the semicolons at its end.
func withoutSemicolons(tokens []token) []token {
	for len(tokens) > 1 && tokens[len(tokens)-2].Is(";") {
		tokens = tokens[:len(tokens)-1]
		last := &tokens[len(tokens)-1]
		*last = token{Kind: end, Start: last.Start, End: last.Start}
	}
	return tokens
}

// Statements of Redshift that this model does not run. Anything in neither list is a syntax error.
var notModelled = strings.Fields(`set reset begin start commit end rollback abort declare fetch close
	prepare execute deallocate cancel use attach detach`)

// modelled are those that are read here and handed to DuckDB, or carried out by the service; the others are of package redshift.
var modelled = strings.Fields(`create drop alter truncate copy unload lock vacuum analyze grant revoke call show`)

func (s *statement) setVerb() error {
	t := s.tokens[0]
	switch {
	case t.Kind == end:
		return syntaxAt(t, s.src)
	case t.Kind == word && slices.Contains(modelled, t.Value):
		s.verb = t.Value
		return nil
	case t.Kind == word && slices.Contains(notModelled, t.Value):
		return refusedAt(t, "%s is not modelled here", strings.ToUpper(t.Value))
	default:
		return syntaxAt(t, s.src)
	}
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// parser walks a statement's tokens and fills in what it finds.
type parser struct {
	*statement
	i int
}

func (p *parser) peek() token { return p.tokens[p.i] }
func (p *parser) at(i int) token {
	if i < 0 || i >= len(p.tokens) {
		return p.tokens[len(p.tokens)-1]
	}
	return p.tokens[i]
}

func (p *parser) next() token {
	t := p.tokens[p.i]
	if t.Kind != end {
		p.i++
	}
	return t
}

// accept takes the keywords if they come next, all of them or none.
func (p *parser) accept(words ...string) bool {
	for n, w := range words {
		if !p.at(p.i + n).Is(w) {
			return false
		}
	}
	p.i += len(words)
	return true
}

func (p *parser) expect(w string) error {
	if !p.accept(w) {
		return syntaxAt(p.peek(), p.src)
	}
	return nil
}

// relation reads [schema.]table; a database's name in front is refused, since there is one database.
func (p *parser) relation() (name, error) {
	n, next, err := relationAt(p.statement, p.i)
	p.i = next
	return n, err
}

func relationAt(s *statement, i int) (name, int, error) {
	var parts []string
	for {
		t := s.tokens[i]
		if t.Kind != word && t.Kind != quoted {
			return name{}, i, syntaxAt(t, s.src)
		}
		parts = append(parts, strings.ToLower(t.Value))
		i++
		if !s.tokens[i].Is(".") {
			break
		}
		i++
	}
	switch len(parts) {
	case 1:
		return name{Table: parts[0]}, i, nil
	case 2:
		return name{Schema: parts[0], Table: parts[1]}, i, nil
	}
	return name{}, i, refusedAt(s.tokens[i-1], "cross-database references are not modelled: %s", strings.Join(parts, "."))
}

// bare is where a statement names a relation without a schema.
type bare struct {
	start, end int
	table      string
}

// existing reads the name of a relation that the search path finds.
func (p *parser) existing() (name, error) {
	from := p.i
	n, err := p.relation()
	if err == nil && n.Schema == "" {
		p.bare = append(p.bare, bare{p.tokens[from].Start, p.tokens[from].End, n.Table})
	}
	return n, err
}

// place gives the relations that a statement names without a schema the one in which find has them; temporary tables have none. It is for
// statements that package redshift does not read.
func (s *statement) place(find func(table string) (name, error)) error {
	for _, b := range s.bare {
		found, err := find(b.table)
		if err != nil {
			return err
		}
		written := name{Table: b.table}
		for _, list := range [][]name{s.reads, s.writes} {
			if i := slices.Index(list, written); i >= 0 {
				list[i] = found
			}
		}
		if s.copy != nil && s.copy.table == written {
			s.copy.table = found
		}
		if s.grant != nil && s.grant.table == written {
			s.grant.table = found
		}
		s.edits = append(s.edits, edit{b.start, b.end, found.Quoted()})
	}
	s.bare = nil
	slices.SortStableFunc(s.edits, func(a, b edit) int { return a.start - b.start })
	return nil
}

func (p *parser) edit(start, end int, format string, args ...any) {
	p.edits = append(p.edits, edit{start, end, fmt.Sprintf(format, args...)})
}
