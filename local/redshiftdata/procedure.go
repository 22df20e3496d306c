package redshiftdata

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"airline/local/redshift"
)

// procedure is a stored procedure. Of PL/pgSQL it has what setting up a warehouse takes: counting users in pg_user
// and columns in information_schema.columns, IF and EXECUTE.
type procedure struct {
	name       name
	parameters []string
	variables  []string
	steps      []step
	body       string
}

// call is a CALL of a procedure with texts.
type call struct {
	name      name
	arguments []string
}

// step is one statement of a procedure.
type step func(*frame) error

// frame is a procedure's run.
type frame struct {
	texts   map[string]string // parameters
	numbers map[string]int    // variables
	users   func(matches func(user string) bool) int
	columns func(name) ([]column, error)
	execute func(sql string) error
}

// createProcedure reads CREATE [OR REPLACE] PROCEDURE name(parameter type, ...) AS $$ body $$ LANGUAGE plpgsql.
func (p *parser) createProcedure() error {
	d := &procedure{}
	var err error
	if d.name, err = p.relation(); err != nil {
		return err
	}
	if err := p.expect("("); err != nil {
		return err
	}
	for !p.accept(")") {
		if len(d.parameters) > 0 {
			if err := p.expect(","); err != nil {
				return err
			}
		}
		d.parameters = append(d.parameters, p.identifier())
		if !p.accept("varchar", "(") {
			return refusedAt(p.peek(), "parameters of procedures are modelled as VARCHAR(n) only")
		}
		p.next()
		if err := p.expect(")"); err != nil {
			return err
		}
	}
	if err := p.expect("as"); err != nil {
		return err
	}
	body := p.next()
	if body.Kind != dollar {
		return syntaxAt(body, p.src)
	}
	for _, w := range []string{"language", "plpgsql"} {
		if err := p.expect(w); err != nil {
			return err
		}
	}
	if err := p.nothingMore(); err != nil {
		return err
	}
	tokens, err := redshift.Tokens(body.Value)
	if err != nil {
		return err
	}
	in := &parser{statement: &statement{src: body.Value, tokens: tokens}}
	if err := in.procedureBody(d); err != nil {
		return fmt.Errorf("%w (in the body of %s)", err, d.name)
	}
	d.body, p.procedure = body.Value, d
	return nil
}

func (p *parser) procedureBody(d *procedure) error {
	if p.accept("declare") {
		for !p.peek().Is("begin") {
			d.variables = append(d.variables, p.identifier())
			if !p.accept("integer") && !p.accept("int") && !p.accept("bigint") {
				return refusedAt(p.peek(), "variables of procedures are modelled as INTEGER only")
			}
			if err := p.expect(";"); err != nil {
				return err
			}
		}
	}
	if err := p.expect("begin"); err != nil {
		return err
	}
	var err error
	if d.steps, err = p.steps(d); err != nil {
		return err
	}
	p.accept(";")
	return p.nothingMore()
}

// steps reads statements up to END.
func (p *parser) steps(d *procedure) ([]step, error) {
	var out []step
	for {
		var s step
		var err error
		switch {
		case p.accept("end"):
			return out, nil
		case p.accept("select"):
			s, err = p.count(d)
		case p.accept("if"):
			s, err = p.conditional(d)
		case p.accept("execute"):
			s, err = p.dynamic(d)
		default:
			return nil, refusedAt(p.peek(), "in procedures SELECT COUNT(*) INTO, IF and EXECUTE are modelled")
		}
		if err == nil {
			err = p.expect(";")
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
}

// count reads COUNT(*) INTO variable FROM pg_user or information_schema.columns.
func (p *parser) count(d *procedure) (step, error) {
	if !p.accept("count", "(", "*", ")", "into") {
		return nil, refusedAt(p.peek(), "in procedures SELECT is modelled as COUNT(*) INTO a variable")
	}
	variable, err := p.declared(d.variables)
	if err != nil {
		return nil, err
	}
	switch {
	case p.accept("from", "pg_user", "where"):
		return p.countUsers(d, variable)
	case p.accept("from", "information_schema", ".", "columns", "where"):
		return p.countColumns(variable)
	}
	return nil, refusedAt(p.peek(), "in procedures SELECT is modelled FROM pg_user WHERE usename = a parameter, and FROM information_schema.columns WHERE table_schema, table_name and column_name = literals")
}

// countUsers reads usename = parameter.
func (p *parser) countUsers(d *procedure, variable string) (step, error) {
	foldName := p.accept("lower", "(", "usename", ")")
	if !foldName && !p.accept("usename") {
		return nil, syntaxAt(p.peek(), p.src)
	}
	if err := p.expect("="); err != nil {
		return nil, err
	}
	foldText := p.accept("lower", "(")
	parameter, err := p.declared(d.parameters)
	if err != nil {
		return nil, err
	}
	if foldText {
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	}
	return func(f *frame) error {
		want := f.texts[parameter]
		if foldText {
			want = strings.ToLower(want)
		}
		f.numbers[variable] = f.users(func(user string) bool {
			if foldName {
				user = strings.ToLower(user)
			}
			return user == want
		})
		return nil
	}, nil
}

// countColumns reads table_schema = literal AND table_name = literal AND column_name = literal.
func (p *parser) countColumns(variable string) (step, error) {
	var texts []string
	for i, column := range []string{"table_schema", "table_name", "column_name"} {
		if i > 0 {
			if err := p.expect("and"); err != nil {
				return nil, err
			}
		}
		for _, w := range []string{column, "="} {
			if err := p.expect(w); err != nil {
				return nil, err
			}
		}
		t := p.next()
		if t.Kind != text {
			return nil, refusedAt(t, "in procedures columns are looked up by literals only")
		}
		texts = append(texts, t.Value)
	}
	return func(f *frame) error {
		all, err := f.columns(name{Schema: texts[0], Table: texts[1]})
		if err != nil {
			return err
		}
		f.numbers[variable] = 0
		for _, c := range all {
			if c.name == texts[2] {
				f.numbers[variable] = 1
			}
		}
		return nil
	}, nil
}

// conditional reads variable = number THEN statements END IF.
func (p *parser) conditional(d *procedure) (step, error) {
	variable, err := p.declared(d.variables)
	if err != nil {
		return nil, err
	}
	if err := p.expect("="); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(p.peek().Value)
	if p.peek().Kind != number || err != nil {
		return nil, refusedAt(p.peek(), "in procedures IF compares a variable with a whole number")
	}
	p.next()
	if err := p.expect("then"); err != nil {
		return nil, err
	}
	steps, err := p.steps(d)
	if err != nil {
		return nil, err
	}
	if err := p.expect("if"); err != nil {
		return nil, err
	}
	return func(f *frame) error {
		if f.numbers[variable] != n {
			return nil
		}
		return f.run(steps)
	}, nil
}

// dynamic reads the text that EXECUTE runs: literals and quoted parameters, joined by ||.
func (p *parser) dynamic(d *procedure) (step, error) {
	var parts []func(*frame) string
	for {
		switch t := p.peek(); {
		case t.Kind == text:
			p.next()
			parts = append(parts, func(*frame) string { return t.Value })
		case p.accept("quote_ident", "("):
			parameter, err := p.declared(d.parameters)
			if err == nil {
				err = p.expect(")")
			}
			if err != nil {
				return nil, err
			}
			parts = append(parts, func(f *frame) string { return name{Table: f.texts[parameter]}.Quoted() })
		default:
			return nil, refusedAt(t, "EXECUTE is modelled with literals and QUOTE_IDENT of a parameter")
		}
		if !p.accept("||") {
			break
		}
	}
	return func(f *frame) error {
		var sql strings.Builder
		for _, part := range parts {
			sql.WriteString(part(f))
		}
		return f.execute(sql.String())
	}, nil
}

// declared reads one of the names.
func (p *parser) declared(names []string) (string, error) {
	t := p.peek()
	got := p.identifier()
	for _, n := range names {
		if n == got {
			return n, nil
		}
	}
	return "", refusedAt(t, "column %q does not exist", got)
}

// readCall reads CALL name('text', ...).
func (p *parser) readCall() error {
	p.next() // CALL
	c := &call{}
	var err error
	if c.name, err = p.relation(); err != nil {
		return err
	}
	if err := p.expect("("); err != nil {
		return err
	}
	for !p.accept(")") {
		if len(c.arguments) > 0 {
			if err := p.expect(","); err != nil {
				return err
			}
		}
		t := p.next()
		if t.Kind != text {
			return refusedAt(t, "procedures are called with string literals only")
		}
		c.arguments = append(c.arguments, t.Value)
	}
	p.called = c
	return p.nothingMore()
}

func (f *frame) run(steps []step) error {
	for _, s := range steps {
		if err := s(f); err != nil {
			return err
		}
	}
	return nil
}

// performCall runs a procedure in the session of the call, with the rights of who calls it.
func (s *Service) performCall(ctx context.Context, session *session, x *execution, c *call) error {
	d := s.access.procedures[c.name]
	if d == nil || len(d.parameters) != len(c.arguments) {
		return fmt.Errorf("ERROR: procedure %s with %d arguments does not exist", c.name, len(c.arguments))
	}
	f := &frame{texts: map[string]string{}, numbers: map[string]int{}, users: s.access.count}
	f.columns = func(n name) ([]column, error) { return session.columns(ctx, n) }
	for i, parameter := range d.parameters {
		f.texts[parameter] = c.arguments[i]
	}
	f.execute = func(sql string) error {
		st, err := parse(sql)
		if err != nil {
			return err
		}
		if alone := st.alone(); alone != "" { // a procedure is one ("Managing transactions")
			return fmt.Errorf("ERROR: %s cannot run inside a transaction block", alone)
		}
		_, _, err = s.performOne(ctx, session, x, st)
		return err
	}
	return f.run(d.steps)
}

// count is how many users of the database match.
func (a *access) count(matches func(user string) bool) int {
	n := 0
	if matches(a.admin) {
		n++
	}
	for user := range a.users {
		if user != "public" && !strings.HasPrefix(user, "role ") && matches(user) {
			n++
		}
	}
	return n
}
