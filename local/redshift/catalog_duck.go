package redshift

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// Querier is a connection or transaction of DuckDB.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// DuckCatalog knows the tables of a DuckDB database. Types that DuckDB has not are kept in the columns' comments, lengths of
// VARCHAR in checks, the queries of views in the views' comments.
type DuckCatalog struct {
	Context context.Context
	DB      Querier
	known   map[Name]*Relation
}

// Relation describes a table or view. What was found is kept; Forget lets go of it.
func (c *DuckCatalog) Relation(schema, name string) (*Relation, error) {
	n := Name{schema, name}
	if rel, ok := c.known[n]; ok {
		return rel, nil
	}
	rel, err := c.read(n)
	if err != nil || rel == nil {
		return nil, err
	}
	if c.known == nil {
		c.known = map[Name]*Relation{}
	}
	c.known[n] = rel
	return rel, nil
}

// HasSchema reports whether there is a schema.
func (c *DuckCatalog) HasSchema(name string) (bool, error) {
	rows, err := c.DB.QueryContext(c.Context, "SELECT 1 FROM duckdb_schemas() WHERE schema_name = $name AND database_name = current_database() AND NOT internal", sql.Named("name", name))
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// Forget lets go of what is known, after a change of tables.
func (c *DuckCatalog) Forget() { clear(c.known) }

// ForgetTemporary lets go of what is known of temporary tables.
func (c *DuckCatalog) ForgetTemporary() {
	maps.DeleteFunc(c.known, func(n Name, _ *Relation) bool { return n.Schema == "" })
}

// ViewComment is what the comment on a view of DuckDB begins with; the view's query in Redshift's SQL follows.
const ViewComment = "redshift view: "

// lateBinding ends the query of a view that is bound to no relations, as PG_VIEWS tells it.
const lateBinding = " with no schema binding"

func (c *DuckCatalog) read(n Name) (*Relation, error) {
	condition, args := "NOT temporary AND schema_name = $schema", []any{sql.Named("name", n.Table), sql.Named("schema", n.Schema)}
	if n.Schema == "" {
		condition, args = "temporary", args[:1]
	}
	rows, err := c.DB.QueryContext(c.Context, `SELECT c.column_name, c.data_type, NOT c.is_nullable, coalesce(c.comment, ''), coalesce(c.column_default, ''), coalesce((SELECT string_agg(k.constraint_text, '; ')
		FROM duckdb_constraints() k WHERE k.table_oid = c.table_oid AND k.constraint_type = 'CHECK' AND k.constraint_column_names = [c.column_name]), ''),
		coalesce((SELECT v.comment FROM duckdb_views() v WHERE v.view_oid = c.table_oid AND v.schema_name = c.schema_name), ''),
		coalesce((SELECT t.comment FROM duckdb_tables() t WHERE t.table_oid = c.table_oid AND t.schema_name = c.schema_name AND t.table_name = c.table_name AND t.comment LIKE '{%'), '')
		FROM (SELECT *, internal OR database_name = 'temp' AS temporary FROM duckdb_columns()) c WHERE table_name = $name AND NOT internal AND `+condition+` ORDER BY column_index`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	rel := &Relation{Name: n, Source: n.Quoted()}
	for rows.Next() {
		var column, duck, comment, fallback, check, view, table string
		var required bool
		if err := rows.Scan(&column, &duck, &required, &comment, &fallback, &check, &view, &table); err != nil {
			return nil, err
		}
		t, err := columnType(duck, comment, check)
		if err != nil {
			return nil, fmt.Errorf("column %s of %s: %w", column, n, err)
		}
		rel.Columns = append(rel.Columns, Column{column, t, required, identityOf(fallback)})
		rel.View, rel.Late = strings.CutSuffix(strings.TrimPrefix(view, ViewComment), lateBinding)
		rel.kept = table
		if strings.HasPrefix(table, `{"materialized":`) && rel.Materialized == nil {
			var a attributes
			if err := json.Unmarshal([]byte(table), &a); err != nil {
				return nil, fmt.Errorf("the comment on %s: %w", n, err)
			}
			rel.Materialized = a.View
		}
	}
	if err := rows.Err(); err != nil || len(rel.Columns) == 0 {
		return nil, err
	}
	return rel, nil
}

var decimalName = regexp.MustCompile(`^DECIMAL\((\d+),(\d+)\)$`)

// TypeOf is Redshift's type for one of DuckDB's, by DuckDB's name for it.
func TypeOf(duck string) (Type, error) { return columnType(duck, "", "") }

// columnType is Redshift's type of a column that DuckDB keeps.
func columnType(duck, comment, check string) (Type, error) {
	if comment != "" {
		t, err := ParseType(comment)
		if err == nil {
			return t, nil
		}
	}
	if m := decimalName.FindStringSubmatch(duck); m != nil {
		p, _ := strconv.Atoi(m[1]) // they are digits
		s, _ := strconv.Atoi(m[2])
		return numericType(p, s), nil
	}
	switch duck {
	case "VARCHAR":
		t := textType
		if _, limit, ok := LengthCheck(check); ok {
			t.Length = limit
		}
		return t, nil
	case "TINYINT":
		return Type{Kind: Int2}, nil
	case "HUGEINT", "UBIGINT":
		return numericType(38, 0), nil
	case "FLOAT":
		return Type{Kind: Float4}, nil
	case "BLOB":
		return bytesType, nil
	case "JSON":
		return superType, nil
	}
	for kind := Bool; kind <= Super; kind++ {
		if t := (Type{Kind: kind}); t.Duck() == duck {
			return t, nil
		}
	}
	if duck == "TIMESTAMP WITH TIME ZONE" {
		return stampTZType, nil
	}
	if duck == "TIME WITH TIME ZONE" {
		return Type{Kind: TimeTZ}, nil
	}
	return Type{}, fmt.Errorf("DuckDB's type %s is none of Redshift's", duck)
}

// ParseType reads a type's name.
func ParseType(s string) (t Type, err error) {
	tokens, err := lex(s)
	if err != nil {
		return Type{}, located(err, s)
	}
	defer func() { err = located(err, s) }()
	defer catch(&err)
	p := &parser{src: s, tokens: tokens}
	t = p.typeName()
	p.nothingMore()
	return t, nil
}
