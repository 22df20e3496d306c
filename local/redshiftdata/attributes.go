package redshiftdata

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"airline/local/redshift"
)

// attributes are what Redshift knows of a table and DuckDB does not keep. They are JSON in the table's comment, where package
// catalog finds them for the system views.
type attributes struct {
	DistStyle string                     `json:"diststyle,omitempty"` // AUTO, EVEN, KEY or ALL
	DistKey   string                     `json:"distkey,omitempty"`
	SortKey   []string                   `json:"sortkey,omitempty"`
	Keys      []tableKey                 `json:"keys,omitempty"`
	Columns   map[string]columnAttribute `json:"columns,omitempty"`
	Comment   string                     `json:"comment,omitempty"`
}

// tableKey is a PRIMARY KEY, UNIQUE or FOREIGN KEY.
type tableKey struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"` // p, u, f
	Columns    []string `json:"columns"`
	Schema     string   `json:"schema,omitempty"` // of a foreign key: the other table
	Table      string   `json:"table,omitempty"`
	References []string `json:"references,omitempty"`
}

type columnAttribute struct {
	Encode  string `json:"encode,omitempty"`
	Comment string `json:"comment,omitempty"`
}

func (a *attributes) empty() bool {
	return a.DistStyle == "" && a.DistKey == "" && len(a.SortKey)+len(a.Keys)+len(a.Columns) == 0 && a.Comment == ""
}

// encode notes the encoding of a column.
func (a *attributes) encode(column, encoding string) {
	if a.Columns == nil {
		a.Columns = map[string]columnAttribute{}
	}
	c := a.Columns[column]
	c.Encode = encoding
	a.Columns[column] = c
}

// finish gives the keys names as PostgreSQL does, and a foreign key the columns that it refers to when none are named.
func (a *attributes) finish(table name) {
	for i := range a.Keys {
		k := &a.Keys[i]
		if k.Kind == "f" && k.Schema == "" {
			k.Schema = "public"
		}
		if k.Name != "" {
			continue
		}
		switch k.Kind {
		case "p":
			k.Name = table.table + "_pkey"
		case "u":
			k.Name = table.table + "_" + strings.Join(k.Columns, "_") + "_key"
		default:
			k.Name = table.table + "_" + strings.Join(k.Columns, "_") + "_fkey"
		}
	}
	if a.DistKey != "" && a.DistStyle == "" {
		a.DistStyle = "KEY"
	}
}

// keep writes the attributes of a table.
func (s *session) keep(ctx context.Context, table name, a *attributes) error {
	if a.empty() {
		return nil
	}
	a.finish(table)
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = s.tx.ExecContext(ctx, fmt.Sprintf("COMMENT ON TABLE %s IS '%s'", table.quoted(), strings.ReplaceAll(string(text), "'", "''")))
	return redshift.DuckError(err)
}

// createTable is CREATE TABLE with a list of columns.
func (s *session) createTable(ctx context.Context, d *tableDefinition) error {
	if d.ifNotExists {
		if _, err := s.columns(ctx, d.table); err == nil {
			return nil
		}
	}
	if _, err := s.tx.ExecContext(ctx, d.duck()); err != nil {
		return redshift.DuckError(err)
	}
	return s.keep(ctx, d.table, &d.attributes)
}

// constraint reads [CONSTRAINT name] PRIMARY KEY | UNIQUE | FOREIGN KEY (columns) [REFERENCES table (columns)] of a table.
func (p *parser) constraint(a *attributes) error {
	k := tableKey{}
	if p.accept("constraint") {
		k.Name = p.identifier()
	}
	switch t := p.next(); {
	case t.is("primary"):
		k.Kind = "p"
		if err := p.expect("key"); err != nil {
			return err
		}
	case t.is("unique"):
		k.Kind = "u"
	case t.is("foreign"):
		k.Kind = "f"
		if err := p.expect("key"); err != nil {
			return err
		}
	default:
		return syntaxAt(t, p.src)
	}
	var err error
	if k.Columns, err = p.columnList(); err != nil {
		return err
	}
	if k.Kind == "f" {
		if err := p.expect("references"); err != nil {
			return err
		}
		if err := p.references(&k); err != nil {
			return err
		}
	}
	a.Keys = append(a.Keys, k)
	return nil
}

// references reads the table and columns that a foreign key refers to.
func (p *parser) references(k *tableKey) error {
	other, err := p.relation()
	if err != nil {
		return err
	}
	k.Schema, k.Table = other.schema, other.table
	if p.peek().is("(") {
		k.References, err = p.columnList()
	}
	return err
}

// columnList reads (a, b).
func (p *parser) columnList() ([]string, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var all []string
	for {
		t := p.peek()
		c := p.identifier()
		if c == "" {
			return nil, syntaxAt(t, p.src)
		}
		all = append(all, c)
		if p.accept(")") {
			return all, nil
		}
		if err := p.expect(","); err != nil {
			return nil, err
		}
	}
}

// alterStatement is the text of an ALTER TABLE, which Redshift takes for views, too.
func (s *session) alterStatement(ctx context.Context, st *statement) (string, error) {
	text := st.duck()
	if st.verb != "alter" || len(st.writes) == 0 {
		return text, nil
	}
	comment := st.src[:st.tokens[0].start] // before the statement
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimPrefix(text, comment)), "ALTER TABLE")
	if !ok {
		return text, nil
	}
	n := st.writes[0]
	var views int
	err := s.tx.QueryRowContext(ctx, "SELECT count(*) FROM duckdb_views() WHERE view_name = $name AND schema_name = coalesce(nullif($schema, ''), 'public') AND NOT internal",
		sql.Named("name", n.table), sql.Named("schema", n.schema)).Scan(&views)
	if err != nil || views == 0 {
		return text, err
	}
	return "ALTER VIEW" + text[len(text)-len(rest):], nil
}
