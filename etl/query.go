package etl

import (
	"fmt"
	"slices"
	"strings"
)

// integerForm is what an integer looks like: a sign or none, digits, and maybe one or two zeros after a point, as BTS and pandas write
// it ("-3.00", "5.0"). TRY_CAST alone would also take "1.5", "1e3" or " 7", differently by engine.
const integerForm = "'^[+-]?[0-9]+([.]00?)?$'"

// checkedQuery judges every record of a file: the reason is NULL for a row that loads, else why it does not. Spark and DuckDB
// execute it unchanged.
//
// A record has one reason, the first that applies. The round trip through text sees most integers at once, the pattern decides about
// the rest ("+5", "007", "-3.00"), whatever taking off the zeros has made of it. A cast that fails costs Spark an exception, so what may be
// null and does not begin like a number is not tried. Lengths are bytes, as Redshift counts them.
func (d Declaration) checkedQuery() string {
	var q query
	q.comment(fmt.Sprintf("Every record of a file of %s with its verdict: reason is NULL for a row that loads, else why it does not.", d.Name))
	if d.Key != "" {
		q.comment("Of several good records with one " + d.Key + " the last in the file loads.")
	}
	if slices.Contains(d.Table.ColumnNames(), loadColumns[0]) {
		q.comment("The load statement adds " + strings.Join(loadColumns, " and ") + ".")
	}
	q.comment("")
	q.comment("Reads   " + string(d.Name) + "_raw: one row per record, split into texts by the host, without blanks around them: line (where it")
	q.comment("        starts), record (as it stood), fault (why it could not be split, or NULL), and " + strings.Join(d.rawNames(), ", "))
	for _, with := range d.Name.Joined() {
		q.comment("        " + string(with) + ": " + strings.Join(with.declared().resultNames(), ", ") + "; one row of each " + with.declared().Key)
	}
	if d.Date != "" || len(d.Rules) > 0 {
		q.comment("        settings: one row, the limits of what can be")
	}
	q.comment("Result  checked: line, reason and record (NULL for a row that loads), and the columns to load")
	q.comment("")
	q.comment("Generated from the declaration by go test ./etl -update; etl/query.go says why it is written this way.")

	from := string(d.Name) + "_raw"
	if numbers := d.numbers(); len(numbers) > 0 {
		columns := slices.Concat([]string{"line", "record", "fault"}, d.rawNames())
		lines := []string{strings.Join(columns, ", ")}
		for _, c := range numbers {
			lines = append(lines, c.tried()+" AS "+c.As+"_number")
		}
		q.with("numbered", "SELECT "+strings.Join(lines, ",\n    ")+"\n  FROM "+from)
		from = "numbered"
	}
	q.with("typed", d.typed()+"\n  FROM "+from)
	q.with("judged", d.judged())
	last := "judged"
	result := strings.Join(d.resultNames(), ", ")
	if d.Key != "" {
		key, _ := d.column(d.Key)
		q.with("ranked", "SELECT line, record, "+result+", reason,\n    ROW_NUMBER() OVER (PARTITION BY "+d.Key+", CASE WHEN reason IS NULL THEN 1 ELSE 0 END ORDER BY line DESC) AS nth\n  FROM judged")
		q.with("verdicts", "SELECT line, record, "+result+",\n    CASE WHEN reason IS NOT NULL THEN reason WHEN nth > 1 THEN "+sqlText("repeated "+key.Name)+" END AS reason\n  FROM ranked")
		last = "verdicts"
	}
	return q.end("SELECT line, reason, CASE WHEN reason IS NOT NULL THEN record END AS record,\n  " + result + "\nFROM " + last)
}

// query is SQL as it is written.
type query struct{ comments, steps []string }

func (q *query) comment(text string) {
	q.comments = append(q.comments, strings.TrimRight("-- "+text, " "))
}

func (q *query) with(name, body string) { q.steps = append(q.steps, name+" AS (\n  "+body+"\n)") }

func (q *query) end(last string) string {
	text := strings.Join(q.comments, "\n") + "\n"
	if len(q.steps) > 0 {
		text += "WITH " + strings.Join(q.steps, ",\n") + "\n"
	}
	return text + last + "\n"
}

// rawNames are the columns of the first view, behind line, record and fault.
func (d Declaration) rawNames() []string {
	var names []string
	for _, c := range d.Columns {
		names = append(names, c.As)
	}
	if d.Date != "" {
		names = append(names, d.Date)
	}
	return names
}

// resultNames are the columns of a row that loads: those of the table, and the code under which others may name it.
func (d Declaration) resultNames() []string {
	return Table{Columns: d.Name.JoinColumns()}.ColumnNames()
}

// numbers are the raw columns that are integers.
func (d Declaration) numbers() []RawColumn {
	return slices.DeleteFunc(slices.Clone(d.Columns), func(c RawColumn) bool { return c.Text })
}

// tried is a number, or NULL, or what the form of the text will refuse.
func (c RawColumn) tried() string {
	cast := fmt.Sprintf("TRY_CAST(CASE WHEN contains(%[1]s, '.') THEN replace(replace(%[1]s, '.00', ''), '.0', '') ELSE %[1]s END AS BIGINT)", c.As)
	if c.Required {
		return cast
	}
	return fmt.Sprintf("CASE WHEN %[1]s >= '+' AND %[1]s < ':' THEN %[2]s END", c.As, cast)
}

// typed is the SELECT of the columns in their types. A number that may be null keeps its text, which tells null from what is none.
func (d Declaration) typed() string {
	first := []string{"line", "record", "fault"}
	var lines []string
	for _, c := range d.Columns {
		switch {
		case c.Text && (c.Required || len(c.Nulls) == 0):
			first = append(first, c.As)
		case c.Text:
			lines = append(lines, fmt.Sprintf("CASE WHEN %[1]s NOT IN (%[2]s) THEN %[1]s END AS %[1]s", c.As, sqlTexts(c.Nulls)))
		default:
			if !c.Required {
				lines = append(lines, c.As+" AS "+c.As+"_text")
			}
			lines = append(lines, fmt.Sprintf("CASE WHEN CAST(%[1]s_number AS STRING) = %[1]s OR regexp_extract(%[1]s, %[2]s, 0) = %[1]s THEN %[1]s_number END AS %[1]s", c.As, integerForm))
		}
	}
	if d.Date != "" {
		first = append(first, d.Date)
	}
	return "SELECT " + strings.Join(append([]string{strings.Join(first, ", ")}, lines...), ",\n    ")
}

// judged is the SELECT that gives each row its reason, and the columns to load.
func (d Declaration) judged() string {
	var when []string
	say := func(condition, reason string) { when = append(when, "WHEN "+condition+" THEN "+sqlText(reason)) }
	when = append(when, "WHEN f.fault IS NOT NULL THEN f.fault")
	for _, c := range d.Columns {
		d.judge(c, say)
	}
	for _, c := range d.Columns {
		if len(c.Between) == 2 {
			say(fmt.Sprintf("f.%s NOT BETWEEN %s AND %s", c.As, c.Between[0], c.Between[1]), "impossible "+c.Name)
		}
	}
	if d.Date != "" {
		say("f."+d.Date+" NOT BETWEEN (SELECT first_day FROM settings) AND (SELECT last_day FROM settings)", "impossible day")
	}
	rules := func(after bool) {
		for _, r := range d.Rules {
			if r.AfterJoins == after {
				say(r.When, r.Reason)
			}
		}
	}
	rules(false)
	for _, j := range d.Joins {
		say(j.As+"."+j.With.declared().Key+" IS NULL", j.unknown())
	}
	rules(true)

	text := "SELECT f.line, f.record,\n    CASE\n      " + strings.Join(when, "\n      ") + "\n    END AS reason"
	for _, c := range d.Name.JoinColumns() {
		source := c.source()
		if !strings.Contains(source, ".") {
			source = "f." + source
		}
		if text += ",\n    " + source; source != "f."+c.Name {
			text += " AS " + c.Name
		}
	}
	text += "\n  FROM typed f"
	for _, j := range d.Joins {
		text += fmt.Sprintf("\n  LEFT JOIN %[1]s %[2]s ON %[2]s.%[3]s = f.%[4]s", j.With, j.As, j.With.declared().Key, j.On)
	}
	return text
}

// judge says what can be wrong with a column by itself.
func (d Declaration) judge(c RawColumn, say func(condition, reason string)) {
	switch {
	case c.Text && c.Required:
		say("f."+c.As+" IN ("+sqlTexts(c.nulls())+")", "missing "+c.Name)
	case c.Text:
	case c.Required:
		say("f."+c.As+" IS NULL", "invalid "+c.Name)
	default:
		say(fmt.Sprintf("f.%[1]s IS NULL AND f.%[1]s_text NOT IN (%[2]s)", c.As, sqlTexts(c.nulls())), "invalid "+c.Name)
	}
	if c.Printable {
		say(fmt.Sprintf("regexp_extract(f.%s, %s, 0) <> ''", c.As, unseen()), "invalid "+c.Name)
	}
	if bytes := d.longest(c); bytes > 0 {
		say(fmt.Sprintf("bit_length(f.%s) > %d * 8", c.As, bytes), c.Name+" too long")
	}
}

// longest is how many bytes of a text the table takes; 0 of a column that is not loaded.
func (d Declaration) longest(c RawColumn) (bytes int) {
	for _, column := range d.Table.Columns {
		if c.Text && column.source() == c.As && (bytes == 0 || column.Bytes < bytes) {
			bytes = column.Bytes
		}
	}
	return bytes
}

// sqlText is a text as SQL that both engines read alike: Spark takes a backslash for an escape and two quotes inside for none, DuckDB the first for
// itself and the second for one quote.
func sqlText(text string) string {
	joined := "'" + strings.NewReplacer(`\`, "' || chr(92) || '", "'", "' || chr(39) || '").Replace(text) + "'"
	joined = strings.ReplaceAll(joined, " || '' || ", " || ")
	if joined != "''" {
		joined = strings.TrimSuffix(strings.TrimPrefix(joined, "'' || "), " || ''")
	}
	return joined
}

func sqlTexts(texts []string) string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = sqlText(text)
	}
	return strings.Join(all, ", ")
}
