package catalog

import (
	"slices"
	"strings"
)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// tableFunctions may stand in FROM.
var tableFunctions = set("generate_series current_database current_schema current_user version unnest pg_get_late_binding_view_cols pg_get_external_views_columns pg_get_keywords")

// leaderFunctions are those for which a query without relations is the catalog's.
var leaderFunctions = set(`pg_get_userbyid pg_table_is_visible pg_get_expr pg_get_viewdef pg_get_constraintdef pg_get_indexdef format_type obj_description col_description
	has_table_privilege has_schema_privilege has_database_privilege current_schemas pg_backend_pid pg_encoding_to_char quote_ident quote_literal generate_series array_to_string
	pg_is_in_recovery pg_size_pretty`)

// ours are functions that this package installs; the others of the list are DuckDB's own, of the same meaning.
var ours = set(`nvl nvl2 len btrim charindex regexp_replace regexp_substr quote_ident quote_literal pg_get_expr pg_function_is_visible pg_type_is_visible pg_encoding_to_char pg_get_userbyid pg_backend_pid
	array_to_string array_upper array_lower current_schemas has_table_privilege has_schema_privilege has_database_privilege format_type format_encoding generate_series string_to_array textin byteaout oidvectortypes _pg_expandarray`)

var functions = set(`count sum min max avg bool_or bool_and string_agg array_agg listagg row_number rank dense_rank lag lead first_value last_value
	coalesce nullif greatest least lower upper substring substr position strpos trim ltrim rtrim replace split_part length char_length character_length octet_length left right lpad rpad
	repeat reverse md5 concat abs round floor ceil ceiling mod sign cast extract date_part date_trunc unnest generate_subscripts array_length any some all array exists initcap
	chr ascii translate to_hex char varchar character nvarchar numeric decimal timestamp time`)

// keywords may stand before a bracket without being functions.
var keywords = set(`and or not in exists any some all as on using over by from join where select having when then else case distinct values union intersect except between like ilike
	limit offset filter partition is with recursive lateral array within group order end rows range varying cast extract null`)

// constants are words that the session answers.
func (t *translator) constant(w string) (string, bool) {
	s := t.catalog.state
	switch w {
	case "current_user", "session_user", "user":
		return quoteText(s.User), true
	case "current_database", "current_catalog":
		return quoteText(s.Database), true
	case "current_schema":
		if len(s.Path) == 0 {
			return "NULL", true
		}
		return quoteText(s.Path[0]), true
	case "sysdate", "current_timestamp", "localtimestamp", "getdate", "now":
		return constant(s.Now), true
	case "current_date":
		return "CAST(" + constant(s.Now) + " AS DATE)", true
	case "version":
		return quoteText(Version), true
	}
	return "", false
}

// Release is the release of Redshift that is told, and Version what VERSION() answers: PostgreSQL 8.0.2, from which Redshift comes, too.
const (
	Release = "1.0.128945"
	Version = "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift " + Release
)

func (t *translator) write(s string) {
	t.out.WriteString(s)
	t.out.WriteByte(' ')
}

// use notes a relation and gives the name by which the query reads it.
func (t *translator) use(r *relation) string {
	if !slices.Contains(t.used, r.name) {
		t.used = append(t.used, r.name)
	}
	return quoteName(r.name)
}

// walk writes the query.
func (t *translator) walk() error {
	if t.hasWith {
		t.i++ // the prefix has WITH
		if t.at(t.i).is("recursive") {
			t.i++
		}
	}
	for t.at(t.i).kind != end {
		if err := t.one(); err != nil {
			return err
		}
	}
	if t.hasWith && len(t.used) == 0 {
		rest := t.out.String()
		t.out.Reset()
		t.write("WITH RECURSIVE " + rest)
	}
	return nil
}

// one writes what begins at the next token.
func (t *translator) one() error {
	tok := t.at(t.i)
	switch {
	case tok.isName() && t.inFrom(t.i) && !tok.is("select") && !tok.is("lateral"):
		return t.from()
	case tok.kind == word && tok.val == "operator" && t.at(t.i+1).is("("):
		closing := t.closing(t.i + 1)
		op := t.at(closing - 1)
		if !op.is("~") && !op.is("!~") && !op.is("~*") && !op.is("!~*") && !op.is("=") && !op.is("<>") {
			return failAt(op, "operator %s is not modelled here", op.val)
		}
		t.i = closing + 1
		if op.is("=") || op.is("<>") {
			t.write(op.val)
			return nil
		}
		return t.match(op)
	case tok.is("~"), tok.is("!~"), tok.is("~*"), tok.is("!~*"):
		t.i++
		return t.match(tok)
	case tok.is("like"), tok.is("ilike"):
		return t.like()
	case tok.is("collate") && !t.at(t.i-1).is("as"):
		t.i++
		_, _, t.i = t.name(t.i)
		return nil
	case tok.is("::"):
		return t.cast()
	case tok.is("isnull") && t.at(t.i+1).is("("):
		t.i++
		t.write("redshift_system.main.nvl")
		return nil
	case tok.is("isnull"):
		t.i++
		t.write("IS NULL")
		return nil
	case tok.is("notnull"):
		t.i++
		t.write("IS NOT NULL")
		return nil
	case tok.isName():
		return t.word()
	case tok.kind == text:
		return t.text()
	case tok.kind == number && tok.val == "0" && t.comparesFunction():
		t.i++
		t.write("'-'")
		return nil
	case tok.is(";"), tok.is(":"):
		return failAt(tok, "syntax error at or near %q", tok.val)
	}
	t.i++
	t.write(tok.val)
	return nil
}

// functionColumns are those of the type regproc, which show functions by name: - for number 0, which is none.
var functionColumns = set("typinput typoutput typreceive typsend typanalyze aggtransfn aggfinalfn")

// comparesFunction reports whether the number that is next is compared with the column of a function.
func (t *translator) comparesFunction() bool {
	op := t.at(t.i - 1)
	return functionColumns[t.at(t.i-2).val] && (op.is("=") || op.is("<>") || op.is("!="))
}

// text writes a text, or the number of the relation or type that it names.
func (t *translator) text() error {
	tok := t.at(t.i)
	t.i++
	if t.at(t.i).is("::") {
		_, name, next := t.name(t.i + 1)
		switch name {
		case "regclass":
			t.i = next
			class := t.use(t.catalog.find("pg_catalog", "pg_class"))
			space := t.use(t.catalog.find("pg_catalog", "pg_namespace"))
			schema, table, found := strings.Cut(strings.ReplaceAll(tok.val, `"`, ""), ".")
			if !found {
				schema, table = "", schema
			}
			t.write("(SELECT c.oid FROM " + class + " c JOIN " + space + " n ON n.oid = c.relnamespace WHERE c.relname = " + quoteText(strings.ToLower(table)) +
				" AND (n.nspname = " + quoteText(strings.ToLower(schema)) + " OR " + quoteText(schema) + " = '') ORDER BY n.nspname <> 'pg_catalog' LIMIT 1)")
			return nil
		case "regtype":
			t.i = next
			types := t.use(t.catalog.find("pg_catalog", "pg_type"))
			name := strings.TrimPrefix(strings.ToLower(tok.val), "pg_catalog.")
			for _, known := range typesBySQL(name) {
				name = known
			}
			t.write("(SELECT oid FROM " + types + " WHERE typname = " + quoteText(name) + ")")
			return nil
		}
	}
	t.write(quoteText(tok.val))
	return nil
}

func typesBySQL(name string) []string {
	for _, known := range types {
		if known.sql == name {
			return []string{known.name}
		}
	}
	return nil
}

// match writes a POSIX match: DuckDB's ~ matches whole texts.
func (t *translator) match(op token) error {
	not := strings.HasPrefix(op.val, "!")
	flags := "s"
	if strings.HasSuffix(op.val, "*") {
		flags = "is"
	}
	if not {
		t.write("!~")
	} else {
		t.write("~")
	}
	t.write("('(?" + flags + ").*(?:' ||")
	if err := t.primary(); err != nil {
		return err
	}
	t.write("|| ').*')")
	return nil
}

// primary writes one operand: a text, number, name with its dots, call, or what is in brackets, and the casts after it.
func (t *translator) primary() error {
	tok := t.at(t.i)
	switch {
	case tok.is("("):
		stop := t.closing(t.i)
		for t.i <= stop && t.at(t.i).kind != end {
			if t.i == stop {
				t.i++
				t.write(")")
				break
			}
			if err := t.one(); err != nil {
				return err
			}
		}
	case tok.kind == text, tok.kind == number, tok.isName():
		if err := t.one(); err != nil {
			return err
		}
		for t.at(t.i).is(".") || t.at(t.i).is("(") {
			if t.at(t.i).is("(") {
				return t.primary()
			}
			if err := t.one(); err != nil {
				return err
			}
			if err := t.one(); err != nil {
				return err
			}
		}
	default:
		return failAt(tok, "syntax error at or near %q", tok.val)
	}
	for t.at(t.i).is("::") || t.at(t.i).is("collate") {
		if err := t.one(); err != nil {
			return err
		}
	}
	return nil
}

// like writes LIKE, whose escape is the backslash unless ESCAPE says otherwise.
func (t *translator) like() error {
	t.write(t.at(t.i).val)
	t.i++
	if err := t.primary(); err != nil {
		return err
	}
	for t.at(t.i).is("||") {
		t.i++
		t.write("||")
		if err := t.primary(); err != nil {
			return err
		}
	}
	if !t.at(t.i).is("escape") {
		t.write(`ESCAPE '\'`)
	}
	return nil
}

// castTypes are the types to which a value may be cast, and what they are in DuckDB.
var castTypes = map[string]string{
	"text": "VARCHAR", "varchar": "VARCHAR", "name": "VARCHAR", "char": "VARCHAR", "bpchar": "VARCHAR", "nvarchar": "VARCHAR", "character": "VARCHAR", "regproc": "VARCHAR", "aclitem": "VARCHAR", "cstring": "VARCHAR",
	"int": "INTEGER", "int4": "INTEGER", "integer": "INTEGER", "int2": "SMALLINT", "smallint": "SMALLINT", "int8": "BIGINT", "bigint": "BIGINT", "oid": "BIGINT", "xid": "BIGINT",
	"bool": "BOOLEAN", "boolean": "BOOLEAN", "float": "DOUBLE", "float8": "DOUBLE", "float4": "FLOAT", "real": "FLOAT", "double": "DOUBLE", "date": "DATE", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ",
	"numeric": "DECIMAL", "decimal": "DECIMAL", "regclass": "VARCHAR", "regtype": "VARCHAR", "sql_identifier": "VARCHAR", "character_data": "VARCHAR", "cardinal_number": "INTEGER",
}

// cast writes :: and the type after it.
func (t *translator) cast() error {
	t.i++
	typ, err := t.typeName()
	if err != nil {
		return err
	}
	t.write("::" + typ)
	return nil
}

// typeName reads a type.
func (t *translator) typeName() (string, error) {
	tok := t.at(t.i)
	if !tok.isName() {
		return "", failAt(tok, "syntax error at or near %q", tok.val)
	}
	_, name, next := t.name(t.i)
	typ, ok := castTypes[strings.TrimPrefix(name, "_")]
	if !ok {
		return "", failAt(tok, "type %q does not exist, or is not modelled here", name)
	}
	if strings.HasPrefix(name, "_") {
		typ += "[]"
	}
	t.i = next
	if t.at(t.i).is("precision") || t.at(t.i).is("varying") {
		t.i++
	}
	if t.at(t.i).is("(") {
		closing := t.closing(t.i)
		if typ == "DECIMAL" {
			for ; t.i <= closing; t.i++ {
				typ += t.at(t.i).val
			}
		}
		t.i = closing + 1
	}
	for _, w := range []string{"with", "without"} {
		if t.at(t.i).is(w) && t.at(t.i+1).is("time") {
			t.i += 3
		}
	}
	if t.at(t.i).is("[") && t.at(t.i+1).is("]") {
		typ += "[]"
		t.i += 2
	}
	return typ, nil
}
