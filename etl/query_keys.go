package etl

import (
	"fmt"
	"slices"
	"strings"
)

// daysQuery gives records the day that each of them names, in files that have columns for it. A row of a day that the file's key does not
// name is at fault.
func (d Declaration) daysQuery() string {
	var q query
	name := string(d.Name)
	q.comment("Records of " + name + " with the day that each of them names: of files that have columns for it. A row of a day that the")
	q.comment("file's key does not name is at fault. A day may be followed by a time of the day and its zone, which do not matter; year, month and")
	q.comment("day of the month may be floats (2008.0-5.0-1.0). What is written like a day and is none, as February 30, is of another day.")
	q.comment("")
	q.comment("Reads   " + name + "_split: one row per record, as " + name + "_raw, with day (text) in the place of " + d.Date)
	q.comment("        days: text, " + d.Date + "; every spelling of every day that the key names")
	q.comment("Result  " + name + "_dated: the same rows with " + d.Date)
	q.comment("")
	q.comment("Generated from the declaration by go test ./etl -update.")
	columns := strings.Join(d.undated(), ", ")
	q.with("whole", "SELECT line, record, fault, "+columns+`,
    CASE WHEN regexp_extract(day, '^[0-9]+([.]00?)?-[0-9]+([.]00?)?-[0-9]+([.]00?)?$', 0) = day THEN replace(replace(day, '.00', ''), '.0', '') ELSE day END AS day
  FROM `+name+"_split")
	q.with("spelled", "SELECT line, record, fault, "+columns+`,
    CASE WHEN regexp_extract(day, '`+writtenDay+`', 0) = day AND day <> ''
      THEN regexp_extract(day, '^[0-9/-]+', 0) END AS day
  FROM whole`)
	return q.end("SELECT line, record,\n  CASE\n    WHEN fault IS NOT NULL THEN fault\n    WHEN day IS NULL THEN " + sqlText("invalid "+d.Days[0][0].Name) +
		"\n    WHEN " + d.Date + " IS NULL THEN 'other day'\n  END AS fault,\n  " + columns + ", " + d.Date + "\nFROM spelled\nLEFT JOIN days ON days.text = spelled.day")
}

// writtenDay is a regular expression of dayForms with any day in them, and of the time of the day that may follow.
const writtenDay = `^([0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])|(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/([0-9]{4}|[0-9]{2})|` +
	`[0-9]{4}/(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])|[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))` +
	`([ Tt][0-9:.]+( ?[AaPp][Mm])?( ?([Zz]|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?$`

// undated are the columns of the first view without the day.
func (d Declaration) undated() []string {
	return slices.DeleteFunc(d.rawNames(), func(name string) bool { return name == d.Date })
}

// codesQuery puts keys in the place of codes, in records of files that have no keys. A code that several rows have, as codes are given to
// others later, is none's.
func (d Declaration) codesQuery() string {
	var q query
	name := string(d.Name)
	coded := map[string]Join{} // by the column
	var what []string
	for _, j := range d.Joins {
		if j.Coded != "" {
			coded[j.On] = j
			what = append(what, j.On)
		}
	}
	q.comment("Records of " + name + " with keys in the place of codes: of files that have no " + strings.Join(what, " and "))
	q.comment("")
	q.comment("Reads   " + name + "_dated: one row per record, as " + name + "_raw, with codes in these columns")
	q.comment("        " + strings.Join(joinNames(d.Name.Joined()), ", ") + ": one row of each key, with its code")
	q.comment("Result  " + name + "_raw: the same rows with keys")
	q.comment("")
	q.comment("A code that several rows have, as codes are given to others later, is none's.")
	q.comment("Generated from the declaration by go test ./etl -update.")
	for _, with := range d.Name.Joined() {
		other := with.declared()
		q.with(string(with)+"_codes", fmt.Sprintf("SELECT %[1]s, MIN(%[2]s) AS %[2]s, COUNT(*) AS several\n  FROM %[3]s\n  WHERE %[1]s <> ''\n  GROUP BY %[1]s", other.Code, other.Key, with))
	}
	var unknown, ambiguous, joins string
	for _, j := range d.Joins {
		if j.Coded == "" {
			continue
		}
		other := j.With.declared()
		unknown += "\n    WHEN " + j.As + "." + other.Code + " IS NULL THEN " + sqlText(j.unknown())
		ambiguous += "\n    WHEN " + j.As + ".several > 1 THEN " + sqlText("ambiguous "+j.What)
		joins += fmt.Sprintf("\nLEFT JOIN %[1]s_codes %[2]s ON %[2]s.%[3]s = f.%[4]s", j.With, j.As, other.Code, j.On)
	}
	columns := d.rawNames()
	for i, column := range columns {
		columns[i] = "f." + column
		if j, ok := coded[column]; ok {
			columns[i] = "CAST(" + j.As + "." + j.With.declared().Key + " AS STRING) AS " + column
		}
	}
	return q.end("SELECT f.line, f.record,\n  CASE\n    WHEN f.fault IS NOT NULL THEN f.fault" + unknown + ambiguous + "\n  END AS fault,\n  " +
		strings.Join(columns, ", ") + "\nFROM " + name + "_dated f" + joins)
}

func joinNames(datasets []Dataset) []string {
	names := make([]string, len(datasets))
	for i, d := range datasets {
		names[i] = string(d)
	}
	return names
}

// newestQuery is what others are joined with: of a key that several files have, the newest file's row.
func (d Declaration) newestQuery() string {
	var q query
	name, columns := string(d.Name), strings.Join(d.resultNames(), ", ")
	q.comment("The " + name + " that others are joined with: of a key that several files have, the newest file's.")
	q.comment("")
	q.comment("Reads   " + name + "_files: the rows that load of every file of " + name + ", with the file's modified (time) and source_key")
	q.comment("Result  " + name)
	q.comment("")
	q.comment("Generated from the declaration by go test ./etl -update.")
	return q.end("SELECT " + columns + "\nFROM (\n  SELECT " + columns + ",\n    ROW_NUMBER() OVER (PARTITION BY " + d.Key +
		" ORDER BY modified DESC, source_key DESC) AS nth\n  FROM " + name + "_files\n) ranked\nWHERE nth = 1")
}
