package redshiftdata

import (
	"slices"
	"strings"
)

// Functions that Redshift and DuckDB both have, with the same meaning for the types of this project's tables.
// A name that is not here is answered as Redshift answers an unknown function, so that a statement that
// works here works there, and DuckDB's readers of files (read_csv, glob, ...) are out of reach.
//
// AVG of integers is the one known difference: Redshift truncates it to a BIGINT, DuckDB gives a DOUBLE.
// Cast the argument to have the same on both.
var functions = set(`
	count sum min max avg stddev stddev_samp stddev_pop variance var_samp var_pop median listagg bool_and bool_or
	row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
	coalesce nullif greatest least cast try_cast
	abs ceil ceiling floor round trunc mod sign sqrt cbrt power pow exp ln log sin cos tan asin acos atan atan2 degrees radians pi
	upper lower trim ltrim rtrim substring substr left right length len char_length character_length replace concat
	position strpos lpad rpad repeat reverse split_part md5 chr ascii translate
	date_trunc date_part extract last_day
	nvl getdate octet_length datediff dateadd sysdate`)

// Words in front of a bracket that are not functions.
var notFunctions = set(`
	and or not in exists any some all as on using over by from join where select having when then else case distinct with
	values union intersect except between like ilike limit offset within group filter partition set is interval qualify
	varchar char character varying nvarchar bpchar text decimal numeric timestamp time date into recursive default`)

// What DuckDB reads and Redshift does not, recognised by two words in a row.
var duckOnly = [][2]string{
	{"asof", "join"}, {"positional", "join"}, {"semi", "join"}, {"anti", "join"}, {"insert", "or"}, {"by", "name"},
	{"on", "conflict"}, {"or", "replace"}, {"group", "all"}, {"by", "all"}, {"distinct", "on"},
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// query checks and translates everything from token i on that is a query or a change of rows.
func (p *parser) query(i int) error {
	p.findCTEs(i)
	for ; p.at(i).kind != end; i++ {
		t, after := p.at(i), p.at(i+1)
		for _, pair := range duckOnly {
			if t.is(pair[0]) && after.is(pair[1]) {
				return syntaxAt(after, p.src)
			}
		}
		switch {
		case t.kind == param:
			p.useParam(t)
		case t.is("/"), t.is("%"):
			p.divisor(i)
		case t.is("returning"):
			return syntaxAt(t, p.src)
		case t.is("sysdate"), t.is("current_timestamp"), t.is("localtimestamp"):
			p.edit(t.start, t.end, "TIMESTAMP '%s'", p.now.UTC().Format("2006-01-02 15:04:05.999999"))
		case t.is("current_date"):
			p.edit(t.start, t.end, "DATE '%s'", p.now.UTC().Format("2006-01-02"))
		case t.is("current_time"), t.is("localtime"), t.is("current_user"), t.is("session_user"):
			return refusedAt(t, "%s is not modelled here", strings.ToUpper(t.val))
		case p.takesRelation(i):
			if err := p.relations(i); err != nil {
				return err
			}
		case (t.kind == word || t.kind == quoted) && after.is("("):
			if err := p.call(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// findCTEs notes the names that WITH gives to queries: "name AS (" or "name (columns) AS (".
func (p *parser) findCTEs(i int) {
	for ; p.at(i).kind != end; i++ {
		t := p.at(i)
		if t.kind != word && t.kind != quoted || !p.at(i-1).is("with") && !p.at(i-1).is("recursive") && !p.at(i-1).is(",") {
			continue
		}
		j := i + 1
		if p.at(j).is("(") {
			j = p.closing(j) + 1
		}
		if p.at(j).is("as") && p.at(j+1).is("(") {
			p.ctes = append(p.ctes, strings.ToLower(t.val))
		}
	}
}

// closing is the index of the bracket that closes the one at i, or of the end.
func (p *parser) closing(i int) int {
	for depth := 0; p.at(i).kind != end; i++ {
		switch {
		case p.at(i).is("("):
			depth++
		case p.at(i).is(")"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(p.tokens) - 1
}

// takesRelation reports whether a table's name or a query comes after token i. FROM inside of
// EXTRACT(x FROM y), TRIM(x FROM y) and SUBSTRING(x FROM y) does not take one.
func (p *parser) takesRelation(i int) bool {
	t := p.at(i)
	switch {
	case t.is("join"), t.is("into"):
		return true
	case t.is("update"):
		return !p.at(i - 1).is("then") // MERGE ... WHEN MATCHED THEN UPDATE SET
	case t.is("using"):
		return p.verb == "delete" || p.verb == "merge"
	case t.is("from"):
		return !p.insideFunction(i)
	}
	return false
}

func (p *parser) insideFunction(i int) bool {
	depth := 0
	for i--; i >= 0; i-- {
		switch {
		case p.at(i).is(")"):
			depth++
		case p.at(i).is("("):
			if depth--; depth < 0 {
				f := p.at(i - 1)
				return f.is("extract") || f.is("trim") || f.is("substring")
			}
		}
	}
	return false
}

// relations reads the names after FROM, JOIN, INTO, UPDATE or USING, commas included.
func (p *parser) relations(i int) error {
	keyword := p.at(i)
	for i++; ; {
		t := p.at(i)
		switch {
		case t.is("("): // a subquery; its own FROM is met later in the walk
			if inner := p.at(i + 1); !inner.is("select") && !inner.is("with") && !inner.is("(") {
				return syntaxAt(inner, p.src)
			}
			i = p.closing(i) + 1
		case t.kind == word || t.kind == quoted:
			n, next, err := relationAt(p.statement, i)
			if err != nil {
				return err
			}
			if p.at(next).is("(") && !keyword.is("into") { // FROM f(x): Redshift has no such functions, DuckDB's read files
				return refusedAt(t, "function %s() does not exist", n)
			}
			p.note(keyword, n)
			i = next
		default:
			return syntaxAt(t, p.src)
		}
		if !keyword.is("from") && !keyword.is("using") {
			return nil
		}
		// An alias, then perhaps a comma and the next relation.
		if p.at(i).is("as") {
			i++
		}
		if a := p.at(i); (a.kind == word || a.kind == quoted) && !p.at(i).is("where") {
			i++
		}
		if p.at(i).is("(") {
			i = p.closing(i) + 1
		}
		if !p.at(i).is(",") {
			return nil
		}
		i++
	}
}

func (p *parser) note(keyword token, n name) {
	switch {
	case keyword.is("into"), keyword.is("update"), keyword.is("from") && p.verb == "delete" && len(p.writes) == 0:
		p.writes = append(p.writes, n)
	case n.schema == "" && slices.Contains(p.ctes, n.table):
	default:
		p.reads = append(p.reads, n)
	}
}

// call checks a word in front of a bracket and translates what the dialects call differently.
func (p *parser) call(i int) error {
	t := p.at(i)
	f := strings.ToLower(t.val)
	before := p.at(i - 1)
	switch {
	case t.kind == word && notFunctions[f]:
		return nil
	case before.is("into"), before.is("as"), before.is("with"), before.is("recursive"), before.is("."), before.is("then"):
		return p.notSchemaFunction(i) // INSERT INTO t (columns), FROM q AS a (columns), WITH q (columns), THEN INSERT (columns)
	case slices.Contains(p.ctes, f), before.is(")"):
		return nil
	case !functions[f] || t.kind == quoted:
		return refusedAt(t, "function %s() does not exist", f)
	}
	switch f {
	case "nvl":
		p.edit(t.start, t.end, "coalesce")
	case "octet_length":
		p.edit(t.start, t.end, "strlen")
	case "getdate":
		if !p.at(i + 2).is(")") {
			return syntaxAt(p.at(i+2), p.src)
		}
		p.edit(t.start, p.at(i+2).end, "TIMESTAMP '%s'", p.now.UTC().Format("2006-01-02 15:04:05.999999"))
	case "datediff":
		if unit := p.at(i + 2); unit.kind == word && p.at(i+3).is(",") {
			p.edit(unit.start, unit.end, "'%s'", unit.val)
		}
	case "dateadd":
		return p.dateAdd(i)
	case "mod":
		return p.modulus(i)
	}
	return nil
}

// notSchemaFunction refuses schema.function(...) but lets schema.table (columns) of INSERT INTO pass.
func (p *parser) notSchemaFunction(i int) error {
	if !p.at(i-1).is(".") || p.at(i-3).is("into") {
		return nil
	}
	return refusedAt(p.at(i), "function %s.%s() does not exist", p.at(i-2).val, p.at(i).val)
}

// dateAdd turns DATEADD(unit, n, when) into DuckDB's when + n * INTERVAL.
func (p *parser) dateAdd(i int) error {
	unit := p.at(i + 2)
	if unit.kind != word || !set("year month week day hour minute second")[unit.val] || !p.at(i+3).is(",") {
		return refusedAt(unit, "DATEADD is modelled for the units year, month, week, day, hour, minute and second")
	}
	closing := p.closing(i + 1)
	comma := p.comma(i+4, closing)
	if comma == 0 {
		return syntaxAt(p.at(closing), p.src)
	}
	p.edit(p.at(i).start, p.at(i+3).end, "((INTERVAL 1 %s) * (", unit.val)
	p.edit(p.at(comma).start, p.at(comma).end, ") + CAST(")
	p.edit(p.at(closing).start, p.at(closing).end, " AS TIMESTAMP))")
	return nil
}

// comma is the index of the first comma from token i on, before the one that closes the call, that is in no
// brackets of its own; 0 if there is none.
func (p *parser) comma(i, closing int) int {
	for ; i < closing; i++ {
		switch {
		case p.at(i).is("("):
			i = p.closing(i)
		case p.at(i).is(","):
			return i
		}
	}
	return 0
}
