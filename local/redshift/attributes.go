package redshift

import (
	"encoding/json"
	"slices"
	"strings"
)

// attributes are what Redshift knows of a table and DuckDB does not keep. They are JSON in the table's comment, where package
// catalog finds them for the system views.
type attributes struct {
	View      *materialized `json:"materialized,omitempty"` // comes first: what looks for it compares the beginning
	DistStyle string        `json:"diststyle,omitempty"`    // AUTO, EVEN, KEY or ALL
	DistKey   string        `json:"distkey,omitempty"`
	SortKey   []string      `json:"sortkey,omitempty"`
	// Interleaved says that the sort key is, and not compound.
	Interleaved bool                       `json:"interleaved,omitempty"`
	Keys        []tableKey                 `json:"keys,omitempty"`
	Columns     map[string]columnAttribute `json:"columns,omitempty"`
	Comment     string                     `json:"comment,omitempty"` // of COMMENT ON
}

// tableKey is a PRIMARY KEY, UNIQUE or FOREIGN KEY: information for Redshift's planner, which does not enforce them.
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
	// Identity is "seed,step" of an IDENTITY column.
	Identity string `json:"identity,omitempty"`
}

// column notes something of a column.
func (a *attributes) column(name string, note func(*columnAttribute)) {
	if a.Columns == nil {
		a.Columns = map[string]columnAttribute{}
	}
	c := a.Columns[name]
	note(&c)
	a.Columns[name] = c
}

// text is the comment; "" without attributes. Keys get names as PostgreSQL gives them.
func (a *attributes) text(table string) string {
	if a.DistStyle == "" && a.DistKey == "" && a.Comment == "" && len(a.SortKey)+len(a.Keys)+len(a.Columns) == 0 && a.View == nil {
		return ""
	}
	for i := range a.Keys {
		k := &a.Keys[i]
		if k.Name != "" {
			continue
		}
		switch k.Kind {
		case "p":
			k.Name = table + "_pkey"
		case "u":
			k.Name = table + "_" + strings.Join(k.Columns, "_") + "_key"
		default:
			k.Name = table + "_" + strings.Join(k.Columns, "_") + "_fkey"
		}
	}
	if a.DistKey != "" && a.DistStyle == "" {
		a.DistStyle = "KEY"
	}
	b, _ := json.Marshal(a) // texts always have JSON
	return string(b)
}

// distribution is the table's distribution style.
func (a *attributes) distribution() string {
	if a.DistStyle == "" {
		return "AUTO"
	}
	return a.DistStyle
}

// UseOfColumn is what a table's comment says that a column is for: "distkey", "sortkey", "key" or nothing.
func UseOfColumn(comment, column string) (string, error) {
	a, err := attributesIn(comment)
	switch {
	case err != nil:
		return "", err
	case a.DistKey == column:
		return "distkey", nil
	case slices.Contains(a.SortKey, column):
		return "sortkey", nil
	case slices.ContainsFunc(a.Keys, func(k tableKey) bool { return slices.Contains(k.Columns, column) }):
		return "key", nil
	}
	return "", nil
}

func attributesIn(comment string) (a attributes, err error) {
	if strings.HasPrefix(comment, "{") {
		err = json.Unmarshal([]byte(comment), &a)
	}
	return a, err
}

// noted writes a change of a table's attributes; schemaAs is what cannot be done to a view.
func (b *binder) noted(t target, schemaAs string, change func(*Relation, *attributes)) string {
	rel := b.changed(t, schemaAs)
	a, err := attributesIn(rel.kept)
	if err != nil {
		b.fail(int(t.at), "the attributes of %s cannot be read: %s", rel.Name, err.Error())
	}
	change(rel, &a)
	return "COMMENT ON TABLE " + rel.Source + " IS " + quoteText(a.text(rel.Name.Table))
}

// Retold is the comment of a table n after the change of a column, of that table or of one that its keys refer to; or, when there is a name
// to, after the change's table got that one.
func Retold(comment string, n Name, c ColumnChange, to Name) (string, error) {
	a, err := attributesIn(comment)
	if err != nil {
		return "", err
	}
	called := func(columns []string) {
		for i := range columns {
			if columns[i] == c.From {
				columns[i] = c.To
			}
		}
	}
	if a.View != nil {
		a.View.changed(c, to)
	}
	if c.Retyped {
		c.To = c.From
	}
	gone := func(columns []string) bool { return c.To == "" && c.From != "" && slices.Contains(columns, c.From) }
	a.Keys = slices.DeleteFunc(a.Keys, func(k tableKey) bool {
		return n == c.Table && gone(k.Columns) || (Name{k.Schema, k.Table}) == c.Table && gone(k.References)
	})
	for i := range a.Keys {
		k := &a.Keys[i]
		if n == c.Table {
			called(k.Columns)
		}
		if (Name{k.Schema, k.Table}) == c.Table {
			called(k.References)
			if to.Table != "" {
				k.Schema, k.Table = to.Schema, to.Table
			}
		}
	}
	if n == c.Table && c.From != "" {
		called(a.SortKey)
		if a.DistKey == c.From {
			a.DistKey = c.To
		}
		if noted, ok := a.Columns[c.From]; ok {
			if delete(a.Columns, c.From); c.To != "" {
				a.Columns[c.To] = noted
			}
		}
	}
	return a.text(n.Table), nil
}

// constraint reads [CONSTRAINT name] PRIMARY KEY | UNIQUE | FOREIGN KEY (columns) [REFERENCES table (columns)] of a table.
func (p *parser) constraint(a *attributes) {
	k := tableKey{}
	if p.accept("constraint") {
		k.Name = p.name()
	}
	switch t := p.next(); {
	case t.Is("primary"):
		k.Kind = "p"
		p.expect("key")
	case t.Is("unique"):
		k.Kind = "u"
	case t.Is("foreign"):
		k.Kind = "f"
		p.expect("key")
	default:
		p.syntax(t)
	}
	if k.Columns = p.names(); k.Kind == "f" {
		p.expect("references")
		p.references(&k)
	}
	a.Keys = append(a.Keys, k)
}

// references reads the table and columns that a foreign key refers to.
func (p *parser) references(k *tableKey) {
	other := p.target()
	k.Schema, k.Table = other.Schema, other.Table
	if p.peek().Is("(") {
		k.References = p.names()
	}
}
