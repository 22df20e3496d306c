package redshift

import "strings"

// value is a bound expression: what DuckDB computes and of which type it is.
type value struct {
	sql string
	typ Type
	// constant is a text literal without a type yet; its text is in text.
	constant bool
	text     string
	// param is a parameter: a text without a type yet; its name is in text.
	param bool
	null  bool // the literal NULL
	// number is a literal number, nonzero one other than 0.
	number, nonzero bool
	// aggregated and windowed tell that such a function is in it.
	aggregated, windowed, volatile bool
	// name is what Redshift calls the column when it has no alias.
	name string
}

const noName = "?column?"

// from takes over what the parts of an expression contain.
func (v value) from(parts ...value) value {
	for _, p := range parts {
		v.aggregated = v.aggregated || p.aggregated
		v.windowed = v.windowed || p.windowed
		v.volatile = v.volatile || p.volatile
	}
	return v
}

func of(typ Type, sql string, parts ...value) value {
	return value{sql: sql, typ: typ, name: noName}.from(parts...)
}

// untyped reports whether the value takes its type from its context.
func (v value) untyped() bool { return v.typ.Kind == Unknown }

// fn writes a call.
func fn(name string, args ...string) string { return name + "(" + strings.Join(args, ", ") + ")" }

func castTo(sql, duck string) string { return "CAST(" + sql + " AS " + duck + ")" }
