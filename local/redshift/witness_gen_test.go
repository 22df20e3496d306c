package redshift

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes expressions that mean the same in Redshift and in PostgreSQL, by the documentation of both.
type generator struct{ *rand.Rand }

// kinds of values that expressions have.
const (
	anInt = iota
	aNumeric
	aFloat
	aText
	aBool
	aDate
	aMoment
	kindCount
)

func (g generator) one(list ...string) string { return list[g.IntN(len(list))] }

// statement is a query of one value, or of rows with aggregates and windows over them.
func (g generator) statement() string {
	switch g.IntN(8) {
	case 0:
		return g.aggregate()
	case 1:
		return g.window()
	}
	return "select " + g.of(g.IntN(kindCount), 3) + " as r"
}

// rows is a relation with a key k and a value x of a kind.
func (g generator) rows(kind int) string {
	var rows []string
	for i := range 2 + g.IntN(4) {
		rows = append(rows, fmt.Sprintf("select %d as k, %d as n, %s as x", g.IntN(2), i, g.of(kind, 1)))
	}
	return "(" + strings.Join(rows, " union all ") + ") t"
}

func (g generator) aggregate() string {
	kind := g.IntN(kindCount)
	list := []string{"count(*)", "count(x)", "count(distinct x)"}
	if kind != aBool {
		list = append(list, "min(x)", "max(x)")
	}
	switch kind {
	case anInt:
		list = append(list, "sum(x)", "sum(distinct x)", "sum(case when x > 3 then 1 else 0 end)")
	case aNumeric:
		list = append(list, "sum(x)")
	case aFloat:
		list = append(list, "avg(x)")
	case aBool:
		list = append(list, "bool_and(x)", "bool_or(x)")
	}
	return fmt.Sprintf("select %s as r from %s %s", g.one(list...), g.rows(kind), g.one("", "where x is not null", "group by k order by k", "group by k having count(*) > 1 order by k"))
}

func (g generator) window() string {
	kind := g.IntN(kindCount)
	f := g.one("row_number() over (order by n)", "rank() over (order by k)", "dense_rank() over (partition by k order by n)", "lag(n) over (order by n)", "lead(x) over (order by n)",
		"ntile(2) over (order by n)", "count(x) over (partition by k)", "sum(n) over (order by n rows unbounded preceding)", "max(n) over (partition by k order by n rows between 1 preceding and 1 following)",
		"first_value(x) over (order by n rows between unbounded preceding and unbounded following)", "cume_dist() over (order by k)", "percent_rank() over (order by n)")
	return fmt.Sprintf("select %s as r from %s order by n", f, g.rows(kind))
}

// of is an expression of a kind.
func (g generator) of(kind, depth int) string {
	if depth == 0 || g.IntN(6) == 0 {
		return g.leaf(kind)
	}
	depth--
	x := func(kind int) string { return g.of(kind, depth) }
	switch g.IntN(12) {
	case 0:
		return fmt.Sprintf("case when %s then %s else %s end", x(aBool), x(kind), x(kind))
	case 1:
		return fmt.Sprintf("coalesce(%s, %s)", x(kind), x(kind))
	case 2:
		return fmt.Sprintf("nullif(%s, %s)", x(kind), x(kind))
	case 3:
		if kind != aBool {
			return fmt.Sprintf("%s(%s, %s, %s)", g.one("greatest", "least"), x(kind), x(kind), x(kind))
		}
	case 4:
		return "(" + x(kind) + ")"
	}
	switch kind {
	case anInt:
		return g.integer(x)
	case aNumeric:
		return g.numeric(x)
	case aFloat:
		return g.float(x)
	case aText:
		return g.text(x)
	case aDate:
		return g.date(x)
	case aMoment:
		return g.moment(x)
	}
	return g.boolean(x)
}

func (g generator) leaf(kind int) string {
	if g.IntN(12) == 0 {
		return "cast(null as " + []string{"integer", "numeric(8,2)", "double precision", "varchar(20)", "boolean", "date", "timestamp"}[kind] + ")"
	}
	switch kind {
	case anInt:
		return g.one("0", "1", "2", "3", "7", "12", "100", "(-1)", "(-13)", "32768", "cast(5 as smallint)", "cast(9 as bigint)", "2147483647", "3000000000")
	case aNumeric:
		return g.one("0.0", "1.5", "2.25", "(-3.75)", "10.01", "99.999", "cast(12.5 as numeric(8,2))", "cast(-7 as numeric(5,1))", "cast('0.05' as decimal(4,2))")
	case aFloat:
		return "cast(" + g.one("0.25", "1.5", "-2.75", "3.125", "100.1", "1e10", "-0.001") + " as double precision)"
	case aText:
		return "cast('" + g.one("", "a", "abc", "Hello", "hello_World", "a,b,c", "one,two", "x-y-z", "007", "12", "it''s", "50%", "AbCabC") + "' as varchar(20))"
	case aDate:
		return "date '" + g.one("2008-01-01", "2008-02-29", "1999-12-31", "2024-03-31", "2000-06-15") + "'"
	case aMoment:
		return "timestamp '" + g.one("2008-01-01 00:00:00", "2008-02-29 23:59:59", "1999-12-31 12:30:15", "2024-03-31 01:02:03.5", "2000-06-15 06:07:08.123456") + "'"
	}
	return g.one("true", "false")
}

type operand = func(kind int) string

func (g generator) integer(x operand) string {
	switch g.IntN(13) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x(anInt), g.one("+", "-", "*"), x(anInt))
	case 2:
		return fmt.Sprintf("(%s %s %s)", x(anInt), g.one("/", "%"), x(anInt))
	case 3:
		return fmt.Sprintf("%s(%s)", g.one("abs", "-", "+"), x(anInt))
	case 4:
		return fmt.Sprintf("mod(%s, %s)", x(anInt), x(anInt))
	case 5:
		return fmt.Sprintf("%s(%s)", g.one("length", "octet_length", "char_length", "ascii"), x(aText))
	case 6:
		return fmt.Sprintf("strpos(%s, %s)", x(aText), x(aText))
	case 7:
		return fmt.Sprintf("position(%s in %s)", x(aText), x(aText))
	case 8:
		return fmt.Sprintf("(%s - %s)", x(aDate), x(aDate))
	case 9:
		return fmt.Sprintf("cast(extract(%s from %s) as integer)", g.one("year", "month", "day", "dow", "doy", "week", "quarter"), x(aDate))
	case 10:
		return fmt.Sprintf("cast(date_part('%s', %s) as integer)", g.one("hour", "minute", "year", "dow"), x(aMoment))
	case 11:
		return fmt.Sprintf("(%s %s %s)", x(anInt), g.one("&", "|", "#"), x(anInt))
	}
	return fmt.Sprintf("cast(%s as integer)", x(aNumeric))
}

func (g generator) numeric(x operand) string {
	switch g.IntN(8) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x(aNumeric), g.one("+", "-", "*"), x(aNumeric))
	case 2:
		return fmt.Sprintf("(%s %s %s)", x(aNumeric), g.one("+", "-", "*"), x(anInt))
	case 3:
		return fmt.Sprintf("%s(%s)", g.one("abs", "ceil", "floor", "sign"), x(aNumeric))
	case 4:
		return fmt.Sprintf("round(%s, %d)", x(aNumeric), g.IntN(4))
	case 5:
		return fmt.Sprintf("trunc(%s, %d)", x(aNumeric), g.IntN(3))
	case 6:
		return fmt.Sprintf("cast(%s as numeric(12,3))", x(aNumeric))
	}
	return fmt.Sprintf("cast(%s as numeric(18,2))", x(anInt))
}

func (g generator) float(x operand) string {
	switch g.IntN(6) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x(aFloat), g.one("+", "-", "*", "/"), x(aFloat))
	case 2:
		return fmt.Sprintf("%s(%s)", g.one("abs", "ceil", "floor", "sign", "trunc"), x(aFloat))
	case 3:
		return fmt.Sprintf("sqrt(abs(%s))", x(aFloat))
	case 4:
		return fmt.Sprintf("%s(%s)", g.one("degrees", "radians", "cbrt", "atan", "cos"), x(aFloat))
	}
	return fmt.Sprintf("cast(%s as double precision)", x(anInt))
}

func (g generator) text(x operand) string {
	small := func() string { return g.one("0", "1", "2", "3", "5") }
	switch g.IntN(17) {
	case 0, 1:
		return fmt.Sprintf("(%s || %s)", x(aText), x(aText))
	case 2:
		return fmt.Sprintf("%s(%s)", g.one("upper", "lower", "initcap", "reverse", "md5"), x(aText))
	case 3:
		return fmt.Sprintf("substring(%s, %s, %s)", x(aText), g.one("1", "2", "3", "0", "-1"), small())
	case 4:
		return fmt.Sprintf("%s(%s, %s)", g.one("left", "right"), x(aText), small())
	case 5:
		return fmt.Sprintf("%s(%s, %s, '*')", g.one("lpad", "rpad"), x(aText), g.one("0", "2", "8"))
	case 6:
		return fmt.Sprintf("%s(%s, '%s')", g.one("ltrim", "rtrim", "btrim"), x(aText), g.one("a", "abc", "H", "cz"))
	case 7:
		return fmt.Sprintf("replace(%s, '%s', '%s')", x(aText), g.one("a", "l", "b,", "bc"), g.one("", "x", "aa"))
	case 8:
		return fmt.Sprintf("repeat(%s, %s)", x(aText), small())
	case 9:
		return fmt.Sprintf("split_part(%s, '%s', %s)", x(aText), g.one(",", "-", "l"), g.one("1", "2", "3"))
	case 10:
		return fmt.Sprintf("translate(%s, '%s', '%s')", x(aText), g.one("abc", "lo", ",-"), g.one("x", "xy", ""))
	case 11:
		return fmt.Sprintf("chr(%s)", g.one("65", "97", "48"))
	case 12:
		return fmt.Sprintf("cast(%s as varchar(40))", x(g.IntN(3)))
	case 13:
		return fmt.Sprintf("to_char(%s, '%s')", x(aMoment), g.one("YYYY-MM-DD", "HH24:MI:SS", "DD Mon YYYY", "Day", "Month", "DDD", "Q", "IW", "D", "HH12:MI AM", "FMDay, FMDD", "MS", "US", "YY", "WW"))
	case 14:
		return fmt.Sprintf("to_char(%s, '%s')", x(aNumeric), g.one("999.99", "000.0", "S999", "FM999.9", "9,999.9", "999D99", "MI999", "999PR"))
	case 15:
		return fmt.Sprintf("cast(%s as varchar(30))", x(aDate))
	}
	return fmt.Sprintf("cast(%s as varchar(3))", x(aText))
}

func (g generator) date(x operand) string {
	switch g.IntN(3) {
	case 0:
		return fmt.Sprintf("(%s %s %s)", x(aDate), g.one("+", "-"), g.one("1", "30", "365"))
	case 1:
		return fmt.Sprintf("cast(%s as date)", x(aMoment))
	}
	return fmt.Sprintf("to_date('%s', 'YYYY-MM-DD')", g.one("2008-05-01", "1999-01-31", "2020-02-29"))
}

func (g generator) moment(x operand) string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("date_trunc('%s', %s)", g.one("year", "quarter", "month", "week", "day", "hour", "minute", "second"), x(aMoment))
	case 1:
		return fmt.Sprintf("(%s %s interval '%s')", x(aMoment), g.one("+", "-"), g.one("1 day", "2 hours", "90 minutes", "1 week", "1 month", "1 year"))
	case 2:
		return fmt.Sprintf("cast(%s as timestamp)", x(aDate))
	}
	return fmt.Sprintf("(%s + interval '%s')", x(aMoment), g.one("1 second", "12 hours 30 minutes"))
}

func (g generator) boolean(x operand) string {
	kind := g.IntN(kindCount)
	switch g.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x(kind), g.one("=", "<>", "<", "<=", ">", ">="), x(kind))
	case 2:
		return fmt.Sprintf("(%s %s %s)", x(aBool), g.one("and", "or"), x(aBool))
	case 3:
		return fmt.Sprintf("(not %s)", x(aBool))
	case 4:
		return fmt.Sprintf("(%s is %snull)", x(kind), g.one("", "not "))
	case 5:
		return fmt.Sprintf("(%s %sbetween %s and %s)", x(anInt), g.one("", "not "), x(anInt), x(anInt))
	case 6:
		return fmt.Sprintf("(%s %sin (%s, %s))", x(kind), g.one("", "not "), x(kind), x(kind))
	case 7:
		return fmt.Sprintf("(%s %s%s '%s')", x(aText), g.one("", "not "), g.one("like", "ilike", "similar to"), g.one("a%", "%b%", "_b%", "%", "Hello", "%c"))
	}
	return fmt.Sprintf("(%s %s '%s')", x(aText), g.one("~", "~*", "!~"), g.one("^a", "c$", "[0-9]+", "^[A-Z][a-z]*$", "a|l"))
}
