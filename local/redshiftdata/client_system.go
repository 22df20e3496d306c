package redshiftdata

import (
	"fmt"
	"regexp"
	"strings"

	duck "github.com/duckdb/duckdb-go-bindings"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/local/redshift/stream"
	"airline/local/redshift/wire"
)

// describeSystem finds the columns of a query of system relations, whose types DuckDB knows.
func (st *clientStatement) describeSystem(c *compiled) error {
	prepared, err := st.session.raw.Prepare(c.sql)
	if err != nil {
		return redshift.DuckError(err)
	}
	defer prepared.Close()
	st.columns = []wire.Column{}
	for _, column := range prepared.Columns() {
		st.columns = append(st.columns, systemColumn(column))
	}
	return nil
}

var (
	callLabel  = regexp.MustCompile(`(?i)^(?:redshift_system\.main\.)?"?([a-z_][a-z0-9_]*)"?\(.*\)$`)
	plainLabel = regexp.MustCompile(`^[\pL_][\pL\d_$ ]*$`)
)

// label is a column's name as Redshift gives it: for a call without an alias the function's name, for other expressions none.
func label(duck string) string {
	switch m := callLabel.FindStringSubmatch(duck); {
	case duck == "count_star()":
		return "count"
	case m != nil:
		return strings.ToLower(m[1])
	case strings.HasPrefix(duck, "CASE"):
		return "case"
	case !plainLabel.MatchString(duck):
		return "?column?"
	}
	return strings.ToLower(duck)
}

// systemColumn describes a column of DuckDB's to clients.
func systemColumn(c stream.Column) wire.Column {
	w := wire.Column{Name: label(c.Name), Type: duckOIDs[c.Type.ID], Modifier: -1}
	switch c.Type.ID {
	case duck.TypeDecimal:
		w.Modifier = int32(c.Type.Width<<16|c.Type.Scale) + 4
	case duck.TypeUTinyInt, duck.TypeTinyInt:
		w.Type = wire.OIDInt2
	case duck.TypeList:
		w.Type = wire.OIDTextArray
		switch c.Type.Element.ID {
		case duck.TypeSmallInt:
			w.Type = wire.OIDInt2Array
		case duck.TypeInteger:
			w.Type = wire.OIDInt4Array
		}
	}
	if w.Type == 0 {
		w.Type = wire.OIDVarchar
	}
	w.Size = wire.SizeOf(w.Type)
	return w
}

// relations are the database's relations with the system's, for queries that name both or are in Redshift's own SQL.
type relations struct {
	redshift.Catalog
	system func() *catalog.Catalog // made when it is asked for
	still  bool                    // of a file, which keeps nothing of queries and loads
}

// Relation describes a relation: pg_catalog is looked into before the search path.
func (r *relations) Relation(schema, name string) (*redshift.Relation, error) {
	found, err := r.Catalog.Relation(schema, name)
	if found != nil || err != nil {
		return found, err
	}
	if !catalog.System(schema, name) {
		return nil, nil
	}
	system := r.system()
	if r.still && system.Live(schema, name) {
		return nil, fmt.Errorf("%s tells of queries and loads, which a warehouse's file does not keep: ask a running one (airline serve, docs/warehouse.md)", name)
	}
	columns, source, ok := system.Source(schema, name)
	if !ok {
		return nil, nil
	}
	n := redshift.Name{Schema: "pg_catalog", Table: name}
	if schema != "" {
		n.Schema = schema
	}
	rel := &redshift.Relation{Name: n, Source: source}
	for _, c := range columns {
		rel.Columns = append(rel.Columns, redshift.Column{Name: c[0], Type: systemTypes[c[1]]})
	}
	return rel, nil
}

// systemTypes are the types of the columns of system relations.
var systemTypes = map[string]redshift.Type{
	"oid": {Kind: redshift.OID}, "name": {Kind: redshift.Varchar, Length: 128}, "text": {Kind: redshift.Varchar, Length: 65535}, "char": {Kind: redshift.Varchar, Length: 1},
	"bool": {Kind: redshift.Bool}, "int2": {Kind: redshift.Int2}, "int4": {Kind: redshift.Int4}, "int8": {Kind: redshift.Int8}, "float4": {Kind: redshift.Float4}, "float8": {Kind: redshift.Float8},
	"numeric": {Kind: redshift.Numeric, Precision: 38, Scale: 2}, "timestamp": {Kind: redshift.Timestamp}, "timestamptz": {Kind: redshift.TimestampTZ}, "date": {Kind: redshift.Date},
	"text[]": {Kind: redshift.Varchar, Length: 65535}, "int2[]": {Kind: redshift.Varchar, Length: 65535}, "oid[]": {Kind: redshift.Varchar, Length: 65535},
}
