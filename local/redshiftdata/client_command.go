package redshiftdata

import (
	"context"
	"fmt"
	"strings"

	"airline/local/redshift/wire"
)

// acceptAny takes one of the words if it comes next.
func (p *parser) acceptAny(words ...string) bool {
	for _, w := range words {
		if p.accept(w) {
			return true
		}
	}
	return false
}

// name reads a name that stands alone.
func (p *parser) name() (string, error) {
	t := p.next()
	switch t.Kind {
	case word:
		return t.Value, nil
	case quoted:
		return strings.ToLower(t.Value), nil
	}
	return "", syntaxAt(t, p.src)
}

// rest is the text from the next token on.
func (p *parser) rest() string { return p.src[p.peek().Start:p.tokens[len(p.tokens)-1].Start] }

// nameOrAll reads the name of a cursor or prepared statement, or ALL, and nothing more.
func (p *parser) nameOrAll() (name string, all bool, err error) {
	if all = p.accept("all"); !all {
		if name, err = p.name(); err != nil {
			return "", false, err
		}
	}
	return name, all, p.nothingMore()
}

// inBrackets reads what stands between the bracket that was read and the one that closes it, and tells each of its tokens how many
// brackets are open: the last is the bracket that closes, at 0.
func (p *parser) inBrackets(each func(t token, depth int)) error {
	for depth := 1; depth > 0; {
		t := p.next()
		switch {
		case t.Kind == end:
			return syntaxAt(t, p.src)
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		}
		each(t, depth)
	}
	return nil
}

// commands are the first words of statements of which a session runs some or all itself.
var commands = set(`begin start commit end rollback abort set reset show declare fetch close prepare execute deallocate copy savepoint release listen notify unlisten
	discard move do checkpoint reindex cluster load`)

// command reads a statement of the session's own: of transactions, settings, cursors, prepared statements. Nil is none. types are those of
// the parameters that the client knows.
func (s *clientSession) command(ctx context.Context, types []uint32, p *parser) (wire.Statement, error) {
	first := p.peek()
	if first.Kind != word {
		return nil, nil
	}
	switch p.i++; first.Value {
	case "begin":
		return s.beginCommand(p, "BEGIN")
	case "start":
		if !p.accept("transaction") {
			return nil, syntaxAt(p.peek(), p.src)
		}
		return s.beginCommand(p, "START TRANSACTION")
	case "commit", "end":
		return s.endCommand(p, s.commitCommand)
	case "rollback", "abort":
		return s.endCommand(p, s.rollbackCommand)
	}
	if s.failed {
		return nil, nil // refused by whoever comes next
	}
	switch first.Value {
	case "set":
		return s.setCommand(p)
	case "reset":
		return s.resetCommand(p)
	case "show":
		return s.showCommand(p)
	case "declare":
		return s.declareCommand(ctx, types, p)
	case "fetch":
		return s.fetchCommand(p)
	case "close":
		return s.closeCommand(p)
	case "prepare":
		return s.prepareCommand(p)
	case "execute":
		return s.executeCommand(p)
	case "deallocate":
		return s.deallocateCommand(p)
	case "copy":
		return nil, refuseCopy(p)
	case "savepoint", "release", "listen", "notify", "unlisten", "discard", "move", "do", "checkpoint", "reindex", "cluster", "load":
		return nil, &sqlError{code: "0A000", message: fmt.Sprintf("%s is not supported by Redshift", strings.ToUpper(first.Value))}
	}
	return nil, nil
}

// simpleCommand is a command without rows.
func simpleCommand(run func(ctx context.Context) (tag string, err error)) wire.Statement {
	return &commandStatement{run: func(ctx context.Context) (wire.Result, string, error) {
		tag, err := run(ctx)
		return nil, tag, err
	}}
}

// beginCommand is BEGIN and START TRANSACTION.
func (s *clientSession) beginCommand(p *parser, tag string) (wire.Statement, error) {
	_ = p.accept("work") || p.accept("transaction")
	readOnly, err := p.transactionModes()
	if err != nil {
		return nil, err
	}
	return simpleCommand(func(context.Context) (string, error) {
		switch {
		case s.failed:
			return "", &sqlError{code: "25P02", message: "current transaction is aborted, commands ignored until end of transaction block"}
		case s.explicit:
			s.login.Notice(&wire.Error{Severity: "WARNING", Code: "25001", Message: "there is already a transaction in progress"})
		}
		s.explicit = true
		if readOnly != nil {
			s.readOnly = *readOnly
		}
		return tag, nil
	}), nil
}

// transactionModes reads the modes of a transaction; readOnly is nil where they do not tell. All levels of isolation are SERIALIZABLE ("BEGIN").
func (p *parser) transactionModes() (readOnly *bool, err error) {
	for p.peek().Kind != end {
		switch {
		case p.accept("isolation", "level", "serializable"), p.accept("isolation", "level", "read", "committed"),
			p.accept("isolation", "level", "read", "uncommitted"), p.accept("isolation", "level", "repeatable", "read"), p.accept(","):
		case p.accept("read", "write"):
			readOnly = new(bool)
		case p.accept("read", "only"):
			only := true
			readOnly = &only
		default:
			return nil, syntaxAt(p.peek(), p.src)
		}
	}
	return readOnly, nil
}

// writable refuses what changes more than the session's own tables in a transaction that only reads.
func (s *clientSession) writable(st *compiled) error {
	if !s.readOnly || st.result() || st.lock || st.verb == "unload" || st.temporaryOnly() {
		return nil
	}
	return &sqlError{code: "25006", message: "transaction is read-only"}
}

func (s *clientSession) endCommand(p *parser, run func(context.Context) (string, error)) (wire.Statement, error) {
	_ = p.accept("work") || p.accept("transaction")
	if p.accept("to") {
		return nil, &sqlError{code: "0A000", message: "SAVEPOINT is not supported by Redshift"}
	}
	if err := p.nothingMore(); err != nil {
		return nil, err
	}
	return simpleCommand(run), nil
}

func (s *clientSession) commitCommand(ctx context.Context) (string, error) {
	if s.failed {
		s.rollback()
		return "ROLLBACK", nil
	}
	if !s.explicit {
		s.login.Notice(&wire.Error{Severity: "WARNING", Code: "25P01", Message: "there is no transaction in progress"})
		return "COMMIT", nil
	}
	return "COMMIT", s.commit(ctx)
}

func (s *clientSession) rollbackCommand(context.Context) (string, error) {
	if !s.explicit && !s.failed {
		s.login.Notice(&wire.Error{Severity: "WARNING", Code: "25P01", Message: "there is no transaction in progress"})
	}
	s.rollback()
	return "ROLLBACK", nil
}

// refuseCopy refuses the forms of COPY that PostgreSQL has and Redshift has not.
func refuseCopy(p *parser) error {
	for ; p.peek().Kind != end; p.next() {
		switch {
		case p.accept("to"):
			return &sqlError{code: "0A000", message: "COPY TO is not supported by Redshift: use UNLOAD"}
		case p.accept("from", "stdin"):
			return &sqlError{code: "0A000", message: "COPY FROM STDIN is not supported by Redshift: copy from objects in S3"}
		}
	}
	return nil
}
