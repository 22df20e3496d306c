// Package catalog has the system relations of Amazon Redshift: pg_catalog and information_schema as they come from PostgreSQL 8.0,
// the SVV views of metadata and the SYS, STL and STV views of what was done, for a database that DuckDB keeps.
//
// Clients ask them when they connect or browse, in PostgreSQL's SQL with casts to regclass, arrays and operators that analysts do
// not write. [Catalog.Translate] answers such a statement if it names system relations only:
//
//	c := catalog.New(catalog.State{Database: "airline", User: "admin", Users: users})
//	sql, ok, err := c.Translate("select relname from pg_catalog.pg_class where relname ~ '^a'")
//
// A relation is a query of DuckDB's own catalog, or of what State tells. Those that Redshift has and this package has not are
// refused by name, never empty.
package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// State is what a database's relations tell beside its tables.
type State struct {
	Database, User, Admin string
	PID                   uint32
	Path                  []string  // the schemas of the search path
	Now                   time.Time // of the transaction
	Settings              [][2]string
	Users                 []User
	Grants                []Grant
	// Super says that the user may know of everything; others know of the relations that they see, with their schemas, and of the schemas
	// that they may use, whose relation is "". Mine are the user and the roles that the user has.
	Super      bool
	Sees       [][2]string
	Mine       map[string]bool
	Owners     map[[2]string]string // of relations that others than superusers have, by schema and name
	Procedures []Procedure
	// Bound are the relations that views read, WITH NO SCHEMA BINDING left out; nil: there are no views.
	Bound func() []Binding
	// Activity is asked once, and only when a relation tells of it; nil: there was none.
	Activity func() Activity
}

// Binding is a view with a relation that it reads.
type Binding struct{ ViewSchema, View, Schema, Table string }

// Activity is what clients do and have done.
type Activity struct {
	Sessions []Session
	Queries  []Query
	Loads    []Load
}

// User is a user of the database.
type User struct {
	Name        string
	Super       bool
	Until       time.Time // the end of the password; zero: it has none
	Connections string    // the limit of sessions; "": there is none
	Syslog      bool      // SYSLOG ACCESS UNRESTRICTED
}

// limit is the limit of the user's sessions, as views tell it.
func (u User) limit() string {
	if u.Connections == "" {
		return "UNLIMITED"
	}
	return u.Connections
}

// Grant is a privilege that a user or role has.
type Grant struct {
	Who, Privilege string // "ann", "role x"; "select"
	Schema, Table  string // Table "" for one on the schema
}

// Session is a client's.
type Session struct {
	PID            uint32
	User, Database string
	Started        time.Time
	Application    string
	Remote         string
	Query          string // "" when it waits
}

// Query is a statement that has ended, or runs.
type Query struct {
	ID             int64
	PID            uint32
	User, Database string
	Transaction    uint64
	Type, Text     string // "SELECT"
	Status         string // success, failed, canceled, running
	Start, End     time.Time
	Rows           int64
	Error          string
}

// Load is one file that a COPY has read.
type Load struct {
	Query               int64
	User, Database      string
	Schema, Table       string
	File                string
	Rows                int64
	Start, End          time.Time
	Error               string
	Format, Transaction string
	Errors              []LoadError
}

// LoadError is a row that a COPY could not load.
type LoadError struct {
	File                 string
	Line                 int64
	Column, Type, Length string // "" where no column is meant
	Position             int    // of the field in its line
	Raw, Value           string
	Code                 int // "Load error reference"
	Reason               string
}

// Catalog answers for one statement.
type Catalog struct {
	state     State
	activity  func() Activity
	relations map[string]*relation
}

// New makes a catalog.
func New(s State) *Catalog {
	if s.Activity == nil {
		s.Activity = func() Activity { return Activity{} }
	}
	return &Catalog{s, sync.OnceValue(s.Activity), registry()}
}

// relation is a system relation.
type relation struct {
	name    string // with its schema
	view    bool
	columns string // "oid oid, relname name"
	// source is DuckDB's query; generated ones have rows instead.
	source string
	rows   func(*Catalog) [][]any
	needs  []string // relations and parts of queries that source names
	static bool     // the rows are the same in every database, and kept as a table
	// live relations tell of queries, loads and sessions. Load errors are not among them: a load here is done whole, or not at all.
	live bool
}

// System reports whether a name can only be a system relation's: one that this package has not is refused.
func System(schema, name string) bool {
	if schema == "pg_catalog" || schema == "information_schema" {
		return true
	}
	if schema != "" {
		return false
	}
	for _, prefix := range []string{"pg_", "svv_", "svl_", "sys_", "stl_", "stv_", "svcs_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// registry are all relations, by name.
var registry = sync.OnceValue(func() map[string]*relation {
	all := map[string]*relation{}
	for _, list := range [][]relation{parts, definitions, pgRelations, informationRelations, svvRelations, sysRelations, showRelations} {
		for i := range list {
			all[list[i].name] = &list[i]
		}
	}
	return all
})

// find is the relation of a name; schema may be empty.
func (c *Catalog) find(schema, name string) *relation {
	switch schema {
	case "":
		schema = "pg_catalog"
	case "part": // which are none of Redshift's
		return nil
	}
	return c.relations[schema+"."+name]
}

// Relations lists the relations by name with their columns.
func Relations() map[string][]string {
	all := map[string][]string{}
	for name, r := range registry() {
		if !strings.HasPrefix(name, "part.") {
			all[name] = r.columnNames()
		}
	}
	return all
}

func (r *relation) columnNames() []string {
	var names []string
	for _, c := range splitColumns(r.columns) {
		names = append(names, c[0])
	}
	return names
}

// splitColumns reads "a int4, b varchar(10)" as names and types.
func splitColumns(columns string) [][2]string {
	var all [][2]string
	for _, c := range strings.Split(columns, ",") {
		name, typ, _ := strings.Cut(strings.TrimSpace(c), " ")
		all = append(all, [2]string{name, typ})
	}
	return all
}

// query is the text of a relation for DuckDB.
func (c *Catalog) query(r *relation) string {
	switch {
	case r.rows == nil:
		return r.source
	case r.static:
		return "SELECT * FROM " + systemDatabase + ".main." + quoteName(r.name)
	}
	return c.values(r)
}

// values is the query of a relation's generated rows.
func (c *Catalog) values(r *relation) string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, column := range splitColumns(r.columns) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "CAST(c%d AS %s) AS \"%s\"", i, duckTypes[column[1]], column[0])
	}
	width := len(splitColumns(r.columns))
	rows := r.rows(c)
	b.WriteString(" FROM (VALUES ")
	if len(rows) == 0 {
		b.WriteString("(" + strings.TrimSuffix(strings.Repeat("NULL, ", width), ", ") + ")")
	}
	for i, row := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j := range width {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteString(constant(row[j]))
		}
		b.WriteByte(')')
	}
	b.WriteString(") AS rows(")
	for i := range width {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("c" + strconv.Itoa(i))
	}
	b.WriteByte(')')
	if len(rows) == 0 {
		b.WriteString(" LIMIT 0")
	}
	return b.String()
}

// duckTypes are DuckDB's types for those of system relations.
var duckTypes = map[string]string{
	"oid": "BIGINT", "name": "VARCHAR", "text": "VARCHAR", "varchar": "VARCHAR", "char": "VARCHAR", "bool": "BOOLEAN", "int2": "SMALLINT", "int4": "INTEGER",
	"int8": "BIGINT", "float4": "FLOAT", "float8": "DOUBLE", "numeric": "DECIMAL(38,2)", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ", "date": "DATE",
	"text[]": "VARCHAR[]", "int2[]": "SMALLINT[]", "oid[]": "BIGINT[]",
}

// constant writes a value as DuckDB reads it.
func constant(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return quoteText(v)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if v.IsZero() {
			return "NULL"
		}
		return "TIMESTAMP '" + v.UTC().Format("2006-01-02 15:04:05.999999") + "'"
	}
	return fmt.Sprint(v)
}

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// with writes the common table expressions of relations and all that they need.
func (c *Catalog) with(names []string) string {
	var order []string
	var visit func(name string)
	visit = func(name string) {
		if slices.Contains(order, name) {
			return
		}
		for _, n := range c.relations[name].needs {
			visit(n)
		}
		order = append(order, name)
	}
	for _, n := range names {
		visit(n)
	}
	var b strings.Builder
	for i, name := range order {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoteName(name) + " AS (" + c.query(c.relations[name]) + ")")
	}
	return b.String()
}

// Live reports whether a relation tells of queries, loads and sessions.
func (c *Catalog) Live(schema, name string) bool {
	r := c.find(schema, name)
	return r != nil && r.live
}

// Source is a relation with its columns' names and types, as a query in brackets. Arrays are texts there.
func (c *Catalog) Source(schema, name string) (columns [][2]string, source string, ok bool) {
	r := c.find(schema, name)
	if r == nil {
		return nil, "", false
	}
	columns = splitColumns(r.columns)
	var list []string
	for _, column := range columns {
		item := quoteName(column[0])
		if strings.HasSuffix(column[1], "[]") {
			item = "CAST(" + item + " AS VARCHAR) AS " + item
		}
		list = append(list, item)
	}
	return columns, "(WITH " + c.with([]string{r.name}) + " SELECT " + strings.Join(list, ", ") + " FROM " + quoteName(r.name) + ")", true
}

// userID is the number of a user: 100 is the administrator's.
func (c *Catalog) userID(name string) int {
	for i, u := range c.state.Users {
		if u.Name == name {
			return 100 + i
		}
	}
	return 100
}
