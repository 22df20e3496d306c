package etl

import (
	"fmt"
	"slices"
	"strings"
)

// MigrateOptions say what a migration may do.
type MigrateOptions struct {
	// Lossy lets it do what may lose something: drop columns that are not declared, make texts shorter, convert values that may not
	// come back as they were.
	Lossy bool
	// Copy has it copy a table where an alteration in place would do: Redshift does not alter columns of some encodings and keys.
	Copy bool
}

// How a difference between a declared table and the warehouse's is settled.
type How string

// The ways.
const (
	InPlace How = "in place"   // by ALTER TABLE
	Copied  How = "copy"       // by a new table that gets the rows, and then the name
	Deploys How = "deployment" // by the stack's own statements; not by a migration
	Kept    How = "kept"       // not at all, unless the migration may be lossy
)

// Change is one difference.
type Change struct {
	Column string `json:"column,omitempty"`
	What   string `json:"what"`
	How    How    `json:"how"`
	// Blocks says that loads into the declared table fail, or may fail, until it is settled.
	Blocks bool `json:"blocks"`
	// Loses says that settling it may lose something.
	Loses bool `json:"loses"`
}

// Step is one transaction of a migration. A later run does what an earlier one did not come to.
type Step struct {
	What       string   `json:"what"`
	Statements []string `json:"statements"`
	// Alone is a single statement that Redshift runs outside of transaction blocks only.
	Alone bool `json:"alone"`
}

// TableMigration is how one table becomes what is declared.
type TableMigration struct {
	Table   string   `json:"table"`
	Rows    int64    `json:"rows"` // that it has, about
	Changes []Change `json:"changes"`
	// Steps are what is done, in order: none when nothing is to be done, or when something hinders it.
	Steps []Step `json:"steps"`
	// Problems are why it cannot be done, each with what to do.
	Problems []string `json:"problems,omitempty"`
}

// Blocks says that loads fail, or may fail, until the table is migrated: what the deployment does itself aside.
func (m TableMigration) Blocks() bool {
	return slices.ContainsFunc(m.Changes, func(c Change) bool { return c.Blocks && c.How != Deploys })
}

// Compare tells how the tables that are declared differ from those of a warehouse, and how these become the same. A table that does not
// differ is not among them. The order of columns is no difference: whatever loads a table names them.
func Compare(declared []Table, live Live, o MigrateOptions) []TableMigration {
	all := []TableMigration{}
	for _, t := range declared {
		m := TableMigration{Table: t.String(), Steps: []Step{}}
		found, there := live.table(t)
		if !there {
			m.Changes = []Change{{What: "the table is not there: pulumi up makes it", How: Deploys, Blocks: true}}
			all = append(all, m)
			continue
		}
		m.Rows = found.Rows
		c := comparison{declared: t, found: found, views: live.boundTo(t), options: o, migration: &m}
		c.compare()
		if len(m.Changes) == 0 {
			continue
		}
		if len(m.Problems) == 0 {
			m.Steps = append(m.Steps, c.steps(live)...)
		}
		if len(m.Problems) > 0 {
			m.Steps = m.Steps[:0]
		}
		all = append(all, m)
	}
	return all
}

// comparison is that of one table.
type comparison struct {
	declared  Table
	found     LiveTable
	views     []LiveView // that are bound to it
	options   MigrateOptions
	migration *TableMigration

	widened []Column     // in place
	added   []Column     // in place
	dropped []string     // in place
	kept    []LiveColumn // that are not declared, in a copy
	// values are what the declared columns get of the old table in a copy; longer are those that stay longer than they are declared.
	values map[string]string
	longer map[string]int
}

// say adds a difference.
func (c *comparison) say(column string, how How, blocks, loses bool, format string, values ...any) {
	c.migration.Changes = append(c.migration.Changes, Change{Column: column, What: fmt.Sprintf(format, values...), How: how, Blocks: blocks, Loses: loses})
}

func (c *comparison) hinder(format string, values ...any) {
	c.migration.Problems = append(c.migration.Problems, fmt.Sprintf(format, values...))
}

func (c *comparison) compare() {
	c.values, c.longer = map[string]string{}, map[string]int{}
	for _, want := range c.declared.Columns {
		have, there := c.found.column(want.Name)
		c.values[want.Name] = want.Name
		if !there {
			c.missing(want)
			continue
		}
		c.typed(want, have)
		switch {
		case want.NotNull && !have.NotNull:
			c.say(want.Name, Copied, false, false, "%s becomes NOT NULL, which fails if it is null anywhere", want.Name)
		case !want.NotNull && have.NotNull:
			c.say(want.Name, Copied, true, false, "%s may be null", want.Name)
		}
	}
	for _, have := range c.found.Columns {
		if _, declared := c.declared.Column(have.Name); !declared {
			c.undeclared(have)
		}
	}
}

// missing is a declared column that the warehouse lacks.
func (c *comparison) missing(want Column) {
	fallback, known := fallbackOf(c.declared, want.Name)
	c.values[want.Name] = "CAST(NULL AS " + want.SQL() + ")"
	switch {
	case want.NotNull && known:
		c.values[want.Name] = "CAST('" + quoted(fallback) + "' AS " + want.SQL() + ")"
		c.added = append(c.added, want)
		c.say(want.Name, InPlace, true, false, "%s %s is added, '%s' in the rows that are there", want.Name, want.SQL(), fallback)
	case want.NotNull && c.found.Rows != 0:
		c.say(want.Name, Copied, true, false, "%s %s NOT NULL is added", want.Name, want.SQL())
		c.hinder("%s is never null, and nothing says what the rows that are there have in it: declare it nullable, or empty the table and load its files again", want.Name)
	case want.NotNull:
		c.say(want.Name, Copied, true, false, "%s %s NOT NULL is added; the table is empty", want.Name, want.SQL())
	default:
		c.added = append(c.added, want)
		c.say(want.Name, InPlace, true, false, "%s %s is added, null in the rows that are there", want.Name, want.SQL())
	}
}

// typed compares the types of a column that is there.
func (c *comparison) typed(want Column, have LiveColumn) {
	from, to := have.SQL(), want.SQL()
	switch {
	case from == to:
	case have.Type == "varchar" && want.Type == Varchar && have.Bytes < want.Bytes:
		// Redshift alters no column that has a default ("ALTER TABLE", ALTER COLUMN TYPE, Database Developer Guide), PostgreSQL none that a view reads.
		if have.Default != "" || c.options.Copy || c.reader(want.Name) != "" {
			c.say(want.Name, Copied, true, false, "%s becomes %s, from %s", want.Name, to, from)
			return
		}
		c.widened = append(c.widened, want)
		c.say(want.Name, InPlace, true, false, "%s becomes %s, from %s", want.Name, to, from)
	case have.Type == "varchar" && want.Type == Varchar:
		// The values go as they are, and what is too long fails: a cast would cut it.
		if !c.options.Lossy {
			c.longer[want.Name] = have.Bytes
		}
		c.lossy(want.Name, false, "%s becomes %s, from %s, which fails if a value is longer", want.Name, to, from)
	default:
		value, exact := convert(have, want)
		c.values[want.Name] = value
		if exact {
			c.say(want.Name, Copied, true, false, "%s becomes %s, from %s", want.Name, to, from)
			return
		}
		c.lossy(want.Name, true, "%s becomes %s, from %s, which fails if a value cannot be converted, and may change others", want.Name, to, from)
	}
}

// lossy adds a difference that is settled only if the migration may lose something.
func (c *comparison) lossy(column string, blocks bool, format string, values ...any) {
	how := Copied
	if !c.options.Lossy {
		how = Kept
		if blocks {
			c.hinder("%s may lose something: --lossy allows it", fmt.Sprintf(format, values...))
		}
	}
	c.say(column, how, blocks, true, format, values...)
}

// undeclared is a column of the warehouse that is not declared. Loads leave it null.
func (c *comparison) undeclared(have LiveColumn) {
	if c.options.Lossy {
		c.dropped = append(c.dropped, have.Name)
		if view := c.reader(have.Name); view != "" {
			c.hinder("%s is not declared, and the view %s may read it: change or drop the view first", have.Name, view)
		}
		c.say(have.Name, InPlace, have.NotNull && have.Default == "", true, "%s %s is dropped: it is not declared", have.Name, have.SQL())
		return
	}
	c.kept = append(c.kept, have)
	if have.NotNull && have.Default == "" {
		c.say(have.Name, Copied, true, false, "%s %s, which is not declared, may be null", have.Name, have.SQL())
		return
	}
	c.say(have.Name, Kept, false, true, "%s %s is not declared: it stays", have.Name, have.SQL())
}

// reader is a view that reads a column, or may; "" when none does.
func (c *comparison) reader(column string) string {
	for _, v := range c.views {
		if v.mentions(column) {
			return v.Schema + "." + v.Name
		}
	}
	return ""
}

// fallbackOf is what a column that was added to a table later has in the rows that were there.
func fallbackOf(t Table, column string) (fallback string, known bool) {
	for _, a := range added {
		if a.table.String() == t.String() && a.name == column {
			return a.fallback, true
		}
	}
	return "", false
}

// textBytes is the most that a text takes to which a value of a type is converted.
var textBytes = map[string]int{"bool": 5, "int2": 6, "int4": 11, "int8": 20, "date": 10}

// convert writes a column's value as one of another type, and tells whether every value can be converted, and back. A text as which it is
// written has place for any, so that one that is too long for the new column fails and is not cut.
func convert(have LiveColumn, want Column) (sql string, exact bool) {
	sql = "CAST(" + identifier(have.Name) + " AS " + want.SQL() + ")"
	switch want.Type {
	case Varchar:
		exact = have.Type == "bpchar" && have.Bytes <= want.Bytes || textBytes[have.Type] > 0 && textBytes[have.Type] <= want.Bytes
		sql = fmt.Sprintf("CAST(%s AS VARCHAR(%d))", identifier(have.Name), maxVarchar)
	case BigInt:
		exact = have.Type == "int2" || have.Type == "int4"
	case Timestamp:
		exact = have.Type == "date"
	}
	return sql, exact
}

// steps are what settles the differences.
func (c *comparison) steps(live Live) []Step {
	copies := c.options.Copy && len(c.widened)+len(c.added)+len(c.dropped) > 0
	for _, change := range c.migration.Changes {
		copies = copies || change.How == Copied
	}
	if copies {
		for i := range c.migration.Changes {
			if change := &c.migration.Changes[i]; change.How == InPlace {
				change.How = Copied
			}
		}
		return c.copyAll(live)
	}
	var steps []Step
	known := slices.Clone(c.found.Columns)
	for _, w := range c.widened {
		steps = append(steps, Step{
			What: w.Name + " becomes " + w.SQL(), Alone: true,
			Statements: []string{"ALTER TABLE " + c.declared.String() + " ALTER COLUMN " + w.Name + " TYPE " + w.SQL()},
		})
		for i := range known {
			if known[i].Name == w.Name {
				known[i].Bytes = w.Bytes
			}
		}
	}
	var names, statements []string
	for _, a := range c.added {
		names = append(names, a.Name+" is added")
		statements = append(statements, "ALTER TABLE "+c.declared.String()+" ADD COLUMN "+addition(c.declared, a))
	}
	for _, d := range c.dropped {
		names = append(names, d+" is dropped")
		statements = append(statements, "ALTER TABLE "+c.declared.String()+" DROP COLUMN "+identifier(d))
	}
	if len(statements) > 0 {
		begin := []string{"LOCK " + LoadLedger().String() + c.and(), unchanged(c.declared, known)}
		steps = append(steps, Step{What: strings.Join(names, ", "), Statements: append(begin, statements...)})
	}
	return steps
}

// and is the table behind the ledger in a LOCK, unless it is the ledger. Every load changes the ledger first: all take the two in one order.
func (c *comparison) and() string {
	if c.isLedger() {
		return ""
	}
	return ", " + c.declared.String()
}

func (c *comparison) isLedger() bool { return c.declared.String() == LoadLedger().String() }

// addition is a column's definition for ALTER TABLE ADD COLUMN, which takes NOT NULL with a default only.
func addition(t Table, c Column) string {
	definition := c.Name + " " + c.SQL()
	if fallback, known := fallbackOf(t, c.Name); known {
		definition += " DEFAULT '" + quoted(fallback) + "'"
		if c.NotNull {
			definition += " NOT NULL"
		}
	}
	return definition
}
