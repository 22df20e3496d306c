package catalog

import (
	"slices"
	"strings"
)

// word writes a name, a keyword or the beginning of a call.
func (t *translator) word() error {
	tok := t.at(t.i)
	before, after := t.at(t.i-1), t.at(t.i+1)
	qualifier := tok.val == "pg_catalog" || tok.val == "information_schema"
	switch {
	case qualifier && after.is("."): // of a function or a relation that was named
		t.i += 2
		if t.at(t.i+1).is("(") || !t.at(t.i+1).is(".") {
			return t.one()
		}
		return t.one()
	case tok.kind == word && before.is("as") && t.castAs():
		typ, err := t.typeName()
		if err != nil {
			return err
		}
		t.write(typ)
		return nil
	case after.is("(") && !before.is("as") && !(tok.kind == word && keywords[tok.val] && !functions[tok.val]):
		return t.call()
	case after.is("("):
		t.i++
		t.write(tok.val)
		return nil
	}
	t.i++
	if tok.kind == word && !before.is(".") && !before.is("as") && !after.is(".") {
		if value, ok := t.constant(tok.val); ok && !t.isColumn(tok.val) {
			t.write(value)
			return nil
		}
	}
	if tok.kind == word && (keywords[tok.val] || syntax[tok.val]) && !before.is(".") && !(before.is("as") && !t.at(t.i).is("(")) {
		t.write(tok.val)
		return nil
	}
	t.write(quoteName(strings.ToLower(tok.val)))
	return nil
}

// isColumn reports whether a word that the session could answer is a column of FROM current_database().
func (t *translator) isColumn(w string) bool {
	for i, tok := range t.tokens {
		if tok.is(w) && t.at(i-1).is("from") {
			return true
		}
	}
	return false
}

// syntax are words that are written as they stand.
var syntax = set(`select from where and or not null true false case when then else end as on using join left right full outer inner cross natural group by order asc desc nulls first last
	having limit offset union all distinct intersect except in is between exists with recursive over partition rows range unbounded preceding following current row escape
	interval values array any some cast for`)

// castAs reports whether AS stands within CAST.
func (t *translator) castAs() bool {
	depth := 0
	for i := t.i - 2; i >= 0; i-- {
		switch tok := t.at(i); {
		case tok.is(")"), tok.is("]"):
			depth++
		case tok.is("("), tok.is("["):
			if depth--; depth < 0 {
				return t.at(i - 1).is("cast")
			}
		case depth == 0 && tok.is("select"):
			return false
		}
	}
	return false
}

// call writes the name of a function, if it is one of the list.
func (t *translator) call() error {
	tok := t.at(t.i)
	if before := t.at(t.i - 1); slices.Contains(t.ctes, tok.val) && t.at(t.closing(t.i+1)+1).is("as") && (before.is("with") || before.is("recursive") || before.is(",")) {
		t.write(quoteName(tok.val)) // WITH name (columns) AS
		t.i++
		return nil
	}
	if _, ok := t.constant(tok.val); ok && t.at(t.i+2).is(")") {
		value, _ := t.constant(tok.val)
		t.i += 3
		t.write(value)
		return nil
	}
	switch tok.val {
	case "trim":
		if side := t.at(t.i + 2); side.is("trailing") || side.is("leading") || side.is("both") {
			return t.trim(side.val)
		}
	case "any", "some", "all":
		if list, ok := arrayText(t.at(t.i + 2)); ok { // x = ANY('{a,b}'), as drivers send arrays
			t.write(tok.val + "(" + list + ")")
			t.i = t.closing(t.i+1) + 1
			return nil
		}
	case "pg_get_viewdef":
		return t.lookUp("pg_catalog.pg_rewrite", "ev_action", "ev_class")
	case "pg_get_ruledef":
		return t.lookUp("pg_catalog.pg_rewrite", "ev_action", "oid")
	case "pg_table_is_visible":
		var path []string
		for _, schema := range append([]string{"pg_catalog", "pg_temp_1"}, t.catalog.state.Path...) {
			path = append(path, quoteText(schema))
		}
		return t.lookUp("part.tables", "schema_name IN ("+strings.Join(path, ", ")+")", "oid")
	case "pg_get_constraintdef":
		return t.lookUp("part.constraint_definitions", "definition", "oid")
	case "obj_description":
		return t.lookUp("pg_catalog.pg_description", "description", "CASE WHEN objsubid = 0 THEN objoid END")
	case "col_description":
		return t.describeColumn()
	case "pg_get_indexdef":
		return t.lookUp("part.index_definitions", "definition", "oid")
	case "current_setting":
		return t.setting()
	case "has_table_privilege", "has_schema_privilege", "has_database_privilege":
		if !t.super() {
			return failAt(tok, "%s is not modelled here for users who are no superusers", strings.ToUpper(tok.val))
		}
	}
	switch {
	case ours[tok.val]:
		t.write("redshift_system.main." + tok.val)
	case functions[tok.val]:
		t.write(tok.val)
	default:
		return failAt(tok, "function %s() does not exist, or is not modelled here", tok.val)
	}
	t.i++
	return nil
}

// super reports whether the session's user is a superuser.
func (t *translator) super() bool {
	for _, u := range t.catalog.state.Users {
		if u.Name == t.catalog.state.User {
			return u.Super
		}
	}
	return t.catalog.state.User == t.catalog.state.Admin
}

// lookUp writes the value that a relation has for the first argument of a call.
func (t *translator) lookUp(relation, value, key string) error {
	name := t.use(t.catalog.relations[relation])
	// The names within must not hide those of the argument.
	t.write("(SELECT found_value FROM (SELECT " + value + " AS found_value, " + key + " AS found_key FROM " + name + ") WHERE found_key = (")
	if err := t.argument(); err != nil {
		return err
	}
	t.write(") LIMIT 1)")
	return nil
}

// argument writes the first argument of a call and goes past its closing bracket.
func (t *translator) argument() error {
	stop := t.closing(t.i + 1)
	for t.i += 2; t.i < stop && !t.at(t.i).is(","); {
		if err := t.one(); err != nil {
			return err
		}
	}
	t.i = stop + 1
	return nil
}

// trim writes TRIM(side 'characters' FROM x), which DuckDB does not read.
func (t *translator) trim(side string) error {
	characters := t.at(t.i + 3)
	stop := t.closing(t.i + 1)
	if characters.kind != text || !t.at(t.i+4).is("from") {
		return failAt(characters, "TRIM is modelled here with a text of characters")
	}
	t.write(map[string]string{"trailing": "rtrim", "leading": "ltrim", "both": "trim"}[side] + "((")
	for t.i += 5; t.i < stop; {
		if err := t.one(); err != nil {
			return err
		}
	}
	t.i++
	t.write("), " + quoteText(characters.val) + ")")
	return nil
}

// describeColumn writes what COL_DESCRIPTION(table, column) answers.
func (t *translator) describeColumn() error {
	name := t.use(t.catalog.relations["pg_catalog.pg_description"])
	stop := t.closing(t.i + 1)
	t.write("(SELECT found_value FROM (SELECT description AS found_value, objoid AS found_table, objsubid AS found_column FROM " + name + ") WHERE (found_table, found_column) = (")
	for t.i += 2; t.i < stop; {
		if err := t.one(); err != nil {
			return err
		}
	}
	t.i = stop + 1
	t.write(") LIMIT 1)")
	return nil
}

// setting writes the value of CURRENT_SETTING('name').
func (t *translator) setting() error {
	name := t.at(t.i + 2)
	stop := t.closing(t.i + 1)
	for _, s := range t.catalog.state.Settings {
		if name.kind == text && s[0] == strings.ToLower(name.val) {
			t.i = stop + 1
			t.write(quoteText(s[1]))
			return nil
		}
	}
	return failAt(name, "unrecognized configuration parameter %q", name.val)
}

// from writes a relation of a FROM clause with its alias.
func (t *translator) from() error {
	tok := t.at(t.i)
	schema, name, next := t.name(t.i)
	if t.at(next).is("(") {
		return t.fromFunction(name, next)
	}
	t.i = next
	source := ""
	if schema == "" {
		for _, cte := range t.ctes {
			if cte == name {
				source = quoteName(name)
			}
		}
	}
	if source == "" {
		r := t.catalog.find(schema, name)
		if r == nil {
			return failAt(tok, "system relation %s is not modelled here, or does not exist", name)
		}
		source = t.use(r)
	}
	t.write(source)
	alias := t.at(t.i)
	if !alias.is("as") && (!alias.isName() || alias.kind == word && (syntax[alias.val] || alias.val == "where")) {
		t.write("AS " + quoteName(name))
	}
	return nil
}

// fromFunction writes a function of a FROM clause.
func (t *translator) fromFunction(name string, bracket int) error {
	tok := t.at(t.i)
	closing := t.closing(bracket)
	if value, ok := t.constant(name); ok {
		t.i = closing + 1
		t.write("(SELECT " + value + " AS " + quoteName(name) + ")")
		if alias := t.at(t.i); !alias.is("as") && (!alias.isName() || syntax[alias.val]) {
			t.write("AS " + quoteName(name))
		}
		return nil
	}
	switch name {
	case "generate_series", "unnest":
		t.i = bracket
		t.write(name)
		for t.i <= closing {
			if err := t.one(); err != nil {
				return err
			}
		}
		if alias := t.at(t.i); alias.is("as") || alias.isName() && !syntax[alias.val] {
			return t.definitions()
		}
		return nil
	case "pg_get_late_binding_view_cols", "pg_get_external_views_columns":
		t.i = closing + 1
		t.write("(SELECT NULL::VARCHAR, NULL::VARCHAR, NULL::VARCHAR, NULL::VARCHAR, NULL::INTEGER LIMIT 0)")
		return t.definitions()
	}
	return failAt(tok, "function %s() is not modelled here", name)
}

// definitions writes the alias of a function with its columns, whose types are left out: cols(a name, b int).
func (t *translator) definitions() error {
	if t.at(t.i).is("as") {
		t.i++
	}
	alias := "columns"
	if given := t.at(t.i); given.isName() && !syntax[given.val] {
		t.i++
		alias = given.val
	}
	t.write("AS " + quoteName(alias))
	if !t.at(t.i).is("(") { // the column of a function is called by the alias
		t.write("(" + quoteName(alias) + ")")
		return nil
	}
	stop := t.closing(t.i)
	t.write("(")
	for i := t.i + 1; i < stop; i++ {
		switch before := t.at(i - 1); {
		case i == t.i+1:
			t.write(quoteName(t.at(i).val))
		case before.is(","):
			t.write(", " + quoteName(t.at(i).val))
		}
	}
	t.write(")")
	t.i = stop + 1
	return nil
}

// arrayText is a text in the form of an array, {a,"b c",3}, as DuckDB's list: of numbers where all are.
func arrayText(tok token) (string, bool) {
	inner, ok := strings.CutPrefix(tok.val, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	if tok.kind != text || !ok || !closed || strings.ContainsAny(inner, "{}") {
		return "", false
	}
	var items []string
	numbers := true
	for inner != "" {
		var item string
		if quoted, ok := strings.CutPrefix(inner, `"`); ok {
			end := 0
			var b strings.Builder
			for ; end < len(quoted) && quoted[end] != '"'; end++ {
				if quoted[end] == '\\' && end+1 < len(quoted) {
					end++
				}
				b.WriteByte(quoted[end])
			}
			item, inner, numbers = b.String(), quoted[min(end+1, len(quoted)):], false
			inner = strings.TrimPrefix(inner, ",")
		} else {
			item, inner, _ = strings.Cut(inner, ",")
			item = strings.TrimSpace(item)
			numbers = numbers && item != "" && strings.Trim(item, "0123456789") == ""
		}
		items = append(items, item)
	}
	for i := range items {
		if !numbers {
			items[i] = quoteText(items[i])
		}
	}
	return "[" + strings.Join(items, ", ") + "]", true
}
