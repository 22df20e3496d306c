package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits of one transaction of the Data API ("BatchExecuteStatement", Redshift Data API reference; "Quotas", Redshift Management Guide).
const (
	maxBatch     = 40
	maxStatement = 100 << 10 // bytes
)

// copying is the name, behind that of the table, of the table that gets the rows.
const copying = "_migrating"

// copyAll is the transaction in which a new table gets the rows and then the name of the old one. It is done or not: who reads or
// loads meanwhile meets one of the two.
//
// The order matters. All loads change the ledger before the table, so that LOCK has them wait or waits for them, and the same order of
// the two lets neither wait for the other. What was found of the table is looked at again behind it: the plan of somebody whose
// migration was overtaken by another fails. The views that are bound to the table go before it, because Redshift drops nothing that
// they need, and come back with their rights, as do those on the table, which a new one has none of ("GRANT", Database Developer
// Guide). The last statement changes each row of the ledger to what it is: a load that began before, and so does not see the new
// table's rows, then fails as a serializable isolation violation (1023), and is tried again by its machine, instead of
// doubling the rows that it would not have found.
func (c *comparison) copyAll(live Live) []Step {
	t := c.declared
	into := Table{Schema: t.Schema, Name: t.Name + copying, Columns: slices.Clone(t.Columns)}
	names, values, lines := []string{}, []string{}, []string{}
	for i, column := range t.Columns {
		into.Columns[i].Bytes = max(column.Bytes, c.longer[column.Name])
		names, values = append(names, column.Name), append(values, c.values[column.Name])
	}
	definition := strings.TrimSuffix(into.definition(), "\n)")
	for _, k := range c.kept {
		if strings.Contains(k.Default, "identity") || k.SQL() == "" {
			c.hinder("%s, which is not declared, has values that no copy can have (%s): --lossy drops it", k.Name, k.Type+k.Default)
			return nil
		}
		line := ",\n  " + identifier(k.Name) + " " + k.SQL()
		if k.Default != "" {
			line += " DEFAULT " + k.Default
		}
		if k.NotNull && k.Default != "" {
			line += " NOT NULL"
		}
		lines, names, values = append(lines, line), append(names, identifier(k.Name)), append(values, identifier(k.Name))
	}
	statements := []string{
		"LOCK " + LoadLedger().String() + c.and(),
		unchanged(t, c.found.Columns),
		"CREATE TABLE " + into.String() + " " + definition + strings.Join(lines, "") + "\n)" + c.found.storage(),
		"INSERT INTO " + into.String() + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + t.String(),
		"SELECT CAST(CASE WHEN o.n = c.n THEN '0' ELSE 'copied ' || CAST(c.n AS VARCHAR(20)) || ' of ' || CAST(o.n AS VARCHAR(20)) || ' rows' END AS INTEGER)" +
			" FROM (SELECT COUNT(*) AS n FROM " + t.String() + ") o CROSS JOIN (SELECT COUNT(*) AS n FROM " + into.String() + ") c",
	}
	views := c.views
	for _, v := range slices.Backward(views) {
		statements = append(statements, "DROP VIEW "+v.String())
	}
	statements = append(statements, "DROP TABLE "+t.String(), "ALTER TABLE "+into.String()+" RENAME TO "+t.Name)
	statements = append(statements, live.rights(t.Schema, t.Name, c.found.Owner)...)
	for _, v := range views {
		statements = append(statements, "CREATE VIEW "+v.String()+" AS "+v.query())
		statements = append(statements, live.rights(v.Schema, v.Name, v.Owner)...)
	}
	if !c.isLedger() {
		statements = append(statements, "UPDATE "+LoadLedger().String()+" SET status = status")
	}
	c.refuse(live, views, statements)
	what := fmt.Sprintf("%s is copied", t.Name)
	if len(views) > 0 {
		what += fmt.Sprintf(", %d views are made again", len(views))
	}
	return []Step{{What: what, Statements: statements}}
}

// refuse says what cannot be kept, or be done in one transaction.
func (c *comparison) refuse(live Live, views []LiveView, statements []string) {
	relations := []string{c.declared.String()}
	for _, v := range views {
		relations = append(relations, v.Schema+"."+v.Name)
		if v.materialized() {
			c.hinder("the materialized view %s.%s reads it: drop it, and make it again after the migration", v.Schema, v.Name)
		}
	}
	for _, d := range live.Dependents {
		if slices.Contains(relations, d.On) {
			c.hinder("%s is attached to %s and would be lost: %s", d.What, d.On, d.Fix)
		}
	}
	if len(statements) > maxBatch {
		c.hinder("its copy takes %d statements, for %d views and their rights, and one transaction of the Data API %d: drop some of the views, and make them again after the migration", len(statements), len(views), maxBatch)
	}
	for _, s := range statements {
		if len(s) > maxStatement {
			c.hinder("a statement of its copy has %d bytes, and the Data API takes %d: %.60s", len(s), maxStatement, s)
		}
	}
}

// unchanged is a query that fails unless the table has just these columns.
func unchanged(t Table, columns []LiveColumn) string {
	conditions := make([]string, len(columns))
	for i, c := range columns {
		conditions[i] = "column_name = '" + quoted(c.Name) + "' AND is_nullable = '" + yes(!c.NotNull) + "'" + c.informed("=")
	}
	return fmt.Sprintf("SELECT CAST(CASE WHEN COUNT(*) = %d AND COUNT(CASE\n  WHEN %s\n  THEN 1 END) = %d THEN '0' ELSE '%s is not what it was when this was planned: run airline migrate again' END AS INTEGER)\n"+
		"FROM svv_columns WHERE table_schema = '%s' AND table_name = '%s'", len(columns), strings.Join(conditions, "\n  OR "), len(columns), t, t.Schema, t.Name)
}

func yes(is bool) string {
	if is {
		return "YES"
	}
	return "NO"
}

// boundTo are the views that are bound to a table, each behind those that it reads itself. A view is taken to read whatever its query
// has the name of: one too many is made again, one too few would keep the table from being dropped. Views WITH NO SCHEMA
// BINDING find the new table by its name.
func (l Live) boundTo(t Table) []LiveView {
	var all []LiveView
	names := []string{t.Name}
	for found := true; found; {
		found = false
		for _, v := range l.Views {
			if slices.ContainsFunc(all, func(o LiveView) bool { return o.Schema == v.Schema && o.Name == v.Name }) || v.late() {
				continue
			}
			if slices.ContainsFunc(names, v.mentions) {
				all, names, found = append(all, v), append(names, v.Name), true
			}
		}
	}
	var ordered []LiveView
	for len(all) > 0 {
		i := slices.IndexFunc(all, func(v LiveView) bool {
			return !slices.ContainsFunc(all, func(o LiveView) bool { return (o.Schema != v.Schema || o.Name != v.Name) && v.mentions(o.Name) })
		})
		i = max(i, 0) // views of several schemas that have each other's names
		ordered, all = append(ordered, all[i]), slices.Delete(all, i, i+1)
	}
	return ordered
}

// mentions reports whether the view's query has a name in it.
func (v LiveView) mentions(name string) bool {
	return regexp.MustCompile(`(?i)(^|[^\pL\d_$])` + regexp.QuoteMeta(name) + `($|[^\pL\d_$])`).MatchString(v.Definition)
}

var (
	lateBinding = regexp.MustCompile(`(?is)with\s+no\s+schema\s+binding\s*;?\s*$`)
	madeOnce    = regexp.MustCompile(`(?is)^\s*create\s+materialized\s+view\s`)
)

func (v LiveView) late() bool         { return lateBinding.MatchString(v.Definition) }
func (v LiveView) materialized() bool { return madeOnce.MatchString(v.Definition) }

// query is the view's query without what ends it.
func (v LiveView) query() string { return strings.TrimRight(v.Definition, "; \t\r\n") }

// String is the view's qualified name in SQL.
func (v LiveView) String() string { return identifier(v.Schema) + "." + identifier(v.Name) }

// rights are the statements that give a relation, which was made anew, the owner and the rights that it had.
func (l Live) rights(schema, name, owner string) []string {
	type given struct{ privileges, columns string }
	to := map[given][]string{}
	var order []given
	for _, who := range l.grantees(schema, name) {
		for _, column := range who.columns() {
			g := given{strings.Join(who.privileges(column), ", "), column}
			if to[g] == nil {
				order = append(order, g)
			}
			to[g] = append(to[g], who.name)
		}
	}
	var statements []string
	on := identifier(schema) + "." + identifier(name)
	for _, g := range order {
		what := g.privileges
		if g.columns != "" {
			what = strings.ReplaceAll(what, ", ", " ("+identifier(g.columns)+"), ") + " (" + identifier(g.columns) + ")"
		}
		statements = append(statements, "GRANT "+what+" ON "+on+" TO "+strings.Join(to[g], ", "))
	}
	if owner != "" && !strings.EqualFold(owner, l.User) {
		statements = append(statements, "ALTER TABLE "+on+" OWNER TO "+identifier(owner))
	}
	return statements
}

// grantee is somebody with rights on a relation.
type grantee struct {
	name   string // as GRANT writes it
	grants []Grant
}

func (l Live) grantees(schema, name string) []*grantee {
	var all []*grantee
	for _, g := range l.Grants {
		if g.Schema != schema || g.Relation != name {
			continue
		}
		who := g.to()
		i := slices.IndexFunc(all, func(o *grantee) bool { return o.name == who })
		if i < 0 {
			i, all = len(all), append(all, &grantee{name: who})
		}
		all[i].grants = append(all[i].grants, g)
	}
	return all
}

// columns are those of which the rights are, "" for those of the whole relation.
func (g *grantee) columns() []string {
	var all []string
	for _, one := range g.grants {
		if !slices.Contains(all, one.Column) {
			all = append(all, one.Column)
		}
	}
	return all
}

func (g *grantee) privileges(column string) []string {
	var all []string
	for _, one := range g.grants {
		if one.Column == column && !slices.Contains(all, one.Privilege) {
			all = append(all, one.Privilege)
		}
	}
	slices.Sort(all)
	return all
}
