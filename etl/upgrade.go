package etl

import (
	"fmt"
	"strings"
)

// added are the columns that tables have got since they were first released, oldest first, each with the constant that
// rows written before have: a table that is there, CREATE TABLE IF NOT EXISTS leaves as it is.
var added = []struct {
	table          Table
	name, fallback string
}{
	// Whatever is observed from now on is later.
	{LoadLedger(), LedgerObservedAt, "1970-01-01 00:00:00"},
}

// addColumns is the procedure of [Upgrade].
const addColumns = Schema + ".add_columns"

// Upgrade brings tables that an earlier release has created to what [DDL] creates. Both statements are safe to run at any
// time after DDL, each on its own and in this order; the names of the columns are in the second, so that it
// differs from that of an earlier release.
//
// Redshift's ALTER TABLE ADD COLUMN has no IF NOT EXISTS, adds one column at a time, and takes NOT NULL with a default only
// (Database Developer Guide, "ALTER TABLE"), so a procedure looks first.
func Upgrade() []string {
	var body strings.Builder
	var names []string
	for _, a := range added {
		c, _ := a.table.Column(a.name)
		definition := fmt.Sprintf("%s %s DEFAULT '%s'", c.Name, c.SQL(), a.fallback)
		if c.NotNull {
			definition += " NOT NULL"
		}
		fmt.Fprintf(&body, "  SELECT COUNT(*) INTO known FROM information_schema.columns WHERE table_schema = '%s' AND table_name = '%s' AND column_name = '%s';\n",
			a.table.Schema, a.table.Name, c.Name)
		fmt.Fprintf(&body, "  IF known = 0 THEN\n    EXECUTE '%s';\n  END IF;\n", quoted("ALTER TABLE "+a.table.String()+" ADD COLUMN "+definition))
		names = append(names, a.table.Name+"."+c.Name)
	}
	return []string{
		"CREATE OR REPLACE PROCEDURE " + addColumns + "() AS $$\nDECLARE\n  known INTEGER;\nBEGIN\n" + body.String() + "END;\n$$ LANGUAGE plpgsql",
		"CALL " + addColumns + "() /* " + strings.Join(names, ", ") + " */",
	}
}
