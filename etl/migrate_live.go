package etl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Live is what a warehouse has: the pipeline's tables, and what hangs on them.
type Live struct {
	// User is who asked; what is made anew is theirs.
	User   string
	Tables []LiveTable // of Schema
	Views  []LiveView  // of all schemas
	Grants []Grant     // on tables and views
	// Dependents are what goes with a relation that is dropped and cannot be made again here.
	Dependents []Dependent
}

// LiveTable is a table as it is.
type LiveTable struct {
	Name, Owner string
	Columns     []LiveColumn
	Rows        int64 // about
	// Style is the distribution style that somebody chose, as CREATE TABLE writes it; "" of what Redshift chooses itself.
	Style string
	// Sorted says that somebody chose the sort key.
	Sorted bool
}

// LiveColumn is a column as it is.
type LiveColumn struct {
	Name string
	// Type is the type's name in PG_TYPE, such as int8; Modifier its length or precision there, -1 without.
	Type     string
	Modifier int
	// Bytes is the most that a text holds.
	Bytes   int
	NotNull bool
	Default string // an expression
	// DistKey and SortKey say that the column is the distribution key, and its place in the sort key from 1: negative of an interleaved one.
	DistKey bool
	SortKey int
}

// LiveView is a view as it is.
type LiveView struct{ Schema, Name, Owner, Definition string }

// Grant is one right of somebody on a table or view, or on one of its columns.
type Grant struct {
	Schema, Relation, Column string
	Privilege                string
	Who, Kind                string // user, role, group or public
	Option                   bool   // that may be passed on
}

// Dependent is something that is lost with a relation.
type Dependent struct{ On, What, Fix string }

func (l Live) table(t Table) (LiveTable, bool) {
	i := slices.IndexFunc(l.Tables, func(o LiveTable) bool { return o.Name == t.Name })
	if i < 0 {
		return LiveTable{}, false
	}
	return l.Tables[i], true
}

func (t LiveTable) column(name string) (LiveColumn, bool) {
	i := slices.IndexFunc(t.Columns, func(c LiveColumn) bool { return c.Name == name })
	if i < 0 {
		return LiveColumn{}, false
	}
	return t.Columns[i], true
}

// storage is where and in what order the rows are kept, if somebody chose that.
func (t LiveTable) storage() string {
	var clauses string
	if t.Style != "" {
		clauses = " DISTSTYLE " + t.Style
	}
	var keys []LiveColumn
	for _, c := range t.Columns {
		if c.DistKey && t.Style == "KEY" {
			clauses += " DISTKEY (" + identifier(c.Name) + ")"
		}
		if c.SortKey != 0 {
			keys = append(keys, c)
		}
	}
	if !t.Sorted || len(keys) == 0 {
		return clauses
	}
	slices.SortFunc(keys, func(a, b LiveColumn) int { return max(a.SortKey, -a.SortKey) - max(b.SortKey, -b.SortKey) })
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = identifier(k.Name)
	}
	if slices.ContainsFunc(keys, func(c LiveColumn) bool { return c.SortKey < 0 }) {
		clauses += " INTERLEAVED"
	}
	return clauses + " SORTKEY (" + strings.Join(names, ", ") + ")"
}

// liveTypes are PG_TYPE's names, with those of DDL and of information_schema.
var liveTypes = map[string][2]string{
	"varchar": {"VARCHAR", "character varying"}, "bpchar": {"CHAR", "character"}, "int2": {"SMALLINT", "smallint"}, "int4": {"INTEGER", "integer"},
	"int8": {"BIGINT", "bigint"}, "numeric": {"DECIMAL", "numeric"}, "float4": {"REAL", "real"}, "float8": {"DOUBLE PRECISION", "double precision"},
	"bool": {"BOOLEAN", "boolean"}, "date": {"DATE", "date"}, "timestamp": {"TIMESTAMP", "timestamp without time zone"},
	"timestamptz": {"TIMESTAMPTZ", "timestamp with time zone"}, "time": {"TIME", "time without time zone"}, "timetz": {"TIMETZ", "time with time zone"},
	"super": {"SUPER", "super"}, "varbyte": {"VARBYTE", "binary varying"},
}

// SQL is the column's type as DDL writes it; "" of one that is not known here.
func (c LiveColumn) SQL() string {
	names := liveTypes[c.Type]
	switch {
	case c.Bytes > 0:
		return fmt.Sprintf("%s(%d)", names[0], c.Bytes)
	case c.Type == "numeric" && c.Modifier >= headerBytes:
		return fmt.Sprintf("DECIMAL(%d,%d)", (c.Modifier-headerBytes)>>16, (c.Modifier-headerBytes)&0xffff)
	case c.Type == "varbyte" && c.Modifier > headerBytes:
		return fmt.Sprintf("VARBYTE(%d)", c.Modifier-headerBytes)
	}
	return names[0]
}

// headerBytes is what PG_ATTRIBUTE counts with the length of a text.
const headerBytes = 4

// informed is the column's type as a condition on SVV_COLUMNS, whose lengths are compared so.
func (c LiveColumn) informed(lengths string) string {
	condition := " AND data_type = '" + liveTypes[c.Type][1] + "'"
	if liveTypes[c.Type][1] == "" { // a type that is not known here
		condition = ""
	}
	if c.Bytes > 0 {
		condition += fmt.Sprintf(" AND character_maximum_length %s %d", lengths, c.Bytes)
	}
	return condition
}

// to is who has the right, as GRANT writes it.
func (g Grant) to() string {
	switch g.Kind {
	case "public":
		return "PUBLIC"
	case "role", "group":
		return strings.ToUpper(g.Kind) + " " + identifier(g.Who)
	}
	if g.Option {
		return identifier(g.Who) + " WITH GRANT OPTION"
	}
	return identifier(g.Who)
}

// identifier is a name that somebody else has chosen, in SQL: in quotes, since it may be a reserved word.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Row is a row of an answer, by the names of its columns; null is "".
type Row map[string]string

// LiveQuery asks a warehouse for a part of [Live], and puts a row of the answer into it.
type LiveQuery struct {
	SQL string
	Add func(*Live, Row)
}

// liveColumns asks for the tables of the pipeline's schema with their columns, which all users may see in the system catalog ("SVV_COLUMNS",
// Database Developer Guide, tells them of what they may read only). Distribution and sort keys are where AWS's script
// v_generate_tbl_ddl finds them.
func liveColumns() LiveQuery {
	return LiveQuery{
		`SELECT c.relname AS table_name, a.attname AS column_name, t.typname AS type_name, a.atttypmod AS modifier, a.attnotnull AS not_null, d.adsrc AS default_value,
  a.attisdistkey AS dist_key, a.attsortkeyord AS sort_key, u.usename AS owner
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_user u ON u.usesysid = c.relowner
WHERE n.nspname = '` + Schema + `' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
		func(l *Live, r Row) {
			if n := len(l.Tables); n == 0 || l.Tables[n-1].Name != r["table_name"] {
				l.Tables = append(l.Tables, LiveTable{Name: r["table_name"], Owner: r["owner"]})
			}
			c := LiveColumn{Name: r["column_name"], Type: r["type_name"], Modifier: number(r["modifier"]), NotNull: r["not_null"] == "true", Default: r["default_value"],
				DistKey: r["dist_key"] == "true", SortKey: number(r["sort_key"])}
			if c.Type == "varchar" || c.Type == "bpchar" {
				c.Bytes = c.Modifier - headerBytes
			}
			t := &l.Tables[len(l.Tables)-1]
			t.Columns = append(t.Columns, c)
		},
	}
}

// StatusQueries ask for what [Compare] needs to tell whether a migration is needed. Every user may ask them.
func StatusQueries() []LiveQuery { return []LiveQuery{liveColumns()} }

// MigrateQueries ask for all of [Live]; the first one tells the tables. Superusers get whole answers to them only.
func MigrateQueries() []LiveQuery {
	grant := func(l *Live, r Row) {
		l.Grants = append(l.Grants, Grant{Schema: r["namespace_name"], Relation: r["relation_name"], Column: r["column_name"], Privilege: strings.ToUpper(r["privilege_type"]),
			Who: r["identity_name"], Kind: strings.ToLower(r["identity_type"]), Option: r["admin_option"] == "true"})
	}
	return []LiveQuery{
		liveColumns(),
		{"SELECT CURRENT_USER AS who", func(l *Live, r Row) { l.User = r["who"] }},
		{"SELECT \"table\" AS table_name, diststyle, sortkey1, tbl_rows FROM svv_table_info WHERE \"schema\" = '" + Schema + "'", func(l *Live, r Row) {
			for i := range l.Tables {
				t := &l.Tables[i]
				if t.Name != r["table_name"] {
					continue
				}
				t.Rows = int64(number(strings.SplitN(r["tbl_rows"], ".", 2)[0]))
				if style, _, _ := strings.Cut(r["diststyle"], "("); style != "AUTO" {
					t.Style = style
				}
				t.Sorted = r["sortkey1"] != "" && !strings.HasPrefix(r["sortkey1"], "AUTO")
			}
		}},
		{"SELECT schemaname, viewname, viewowner, definition FROM pg_views WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'pg_internal') ORDER BY schemaname, viewname", func(l *Live, r Row) {
			l.Views = append(l.Views, LiveView{Schema: r["schemaname"], Name: r["viewname"], Owner: r["viewowner"], Definition: r["definition"]})
		}},
		{"SELECT namespace_name, relation_name, privilege_type, identity_name, identity_type, admin_option FROM svv_relation_privileges ORDER BY namespace_name, relation_name, identity_type, identity_name, privilege_type", grant},
		{"SELECT namespace_name, relation_name, column_name, privilege_type, identity_name, identity_type FROM svv_column_privileges ORDER BY namespace_name, relation_name, identity_type, identity_name, column_name, privilege_type", grant},
		{"SELECT schema_name, name, dependent_schema_name, dependent_name FROM svv_mv_dependency", func(l *Live, r Row) {
			l.Dependents = append(l.Dependents, Dependent{On: r["dependent_schema_name"] + "." + r["dependent_name"],
				What: "the materialized view " + r["schema_name"] + "." + r["name"], Fix: "drop it, and make it again after the migration"})
		}},
		{"SELECT relschema, relname, polname FROM svv_rls_attached_policy", func(l *Live, r Row) {
			l.Dependents = append(l.Dependents, Dependent{On: r["relschema"] + "." + r["relname"],
				What: "the row-level security policy " + r["polname"], Fix: "detach it, and attach it again after the migration"})
		}},
		{"SELECT policy_name, schema_name, table_name FROM svv_attached_masking_policy", func(l *Live, r Row) {
			l.Dependents = append(l.Dependents, Dependent{On: r["schema_name"] + "." + r["table_name"],
				What: "the masking policy " + r["policy_name"], Fix: "detach it, and attach it again after the migration"})
		}},
	}
}

// number is a whole number of an answer; 0 of anything else.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
