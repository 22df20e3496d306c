package etl

import (
	"fmt"
	"strings"
)

// added are the columns that are never null and that tables have got since they were first released, oldest first, each with the
// constant that rows written before have: a table that is there, CREATE TABLE IF NOT EXISTS leaves as it is.
var added = []struct {
	table          Table
	name, fallback string
}{
	// Whatever is observed from now on is later.
	{LoadLedger(), LedgerObservedAt, "1970-01-01 00:00:00"},
}

// addColumns is the procedure of [Upgrade].
const addColumns = Schema + ".add_columns"

// Upgrade brings tables that are there to what [DDL] creates, as far as a deployment can, and fails where it cannot, before anything
// is deployed that loads what is declared now. Each statement is safe to run at any time after DDL, on its own and in this order;
// the names of the columns are in the second, so that it differs from that of an earlier release.
//
// Redshift's ALTER TABLE ADD COLUMN has no IF NOT EXISTS, adds one column at a time, and takes NOT NULL with a default only
// (Database Developer Guide, "ALTER TABLE"), so a procedure looks first. It cannot alter the length of a VARCHAR: ALTER COLUMN TYPE
// runs in no transaction block, which a procedure is ("Managing transactions"), and outside of one it refuses the length that a
// column has already, so that a statement of the stack would fail whenever it is made again.
func Upgrade(more ...Dataset) []string { return upgrade(Tables(more...)) }

func upgrade(tables []Table) []string {
	var body strings.Builder
	var names []string
	for _, t := range tables {
		for _, c := range t.Columns {
			if _, known := fallbackOf(t, c.Name); c.NotNull && !known {
				continue
			}
			fmt.Fprintf(&body, "  SELECT COUNT(*) INTO known FROM information_schema.columns WHERE table_schema = '%s' AND table_name = '%s' AND column_name = '%s';\n",
				t.Schema, t.Name, c.Name)
			fmt.Fprintf(&body, "  IF known = 0 THEN\n    EXECUTE '%s';\n  END IF;\n", quoted("ALTER TABLE "+t.String()+" ADD COLUMN "+addition(t, c)))
			names = append(names, t.Name+"."+c.Name)
		}
	}
	return []string{
		"CREATE OR REPLACE PROCEDURE " + addColumns + "() AS $$\nDECLARE\n  known INTEGER;\nBEGIN\n" + body.String() + "END;\n$$ LANGUAGE plpgsql",
		"CALL " + addColumns + "() /* " + strings.Join(names, ", ") + " */",
		loadable(tables),
	}
}

// loadable is a query that fails if one of the tables is not one that loads can fill: [Change.Blocks] of its differences.
func loadable(tables []Table) string {
	var cases strings.Builder
	for _, t := range tables {
		var names, conditions []string
		for _, c := range t.Columns {
			condition := "column_name = '" + c.Name + "'" + LiveColumn{Type: typeNames[c.Type], Bytes: c.Bytes}.informed(">=")
			if !c.NotNull {
				condition += " AND is_nullable = 'YES'"
			}
			names, conditions = append(names, "'"+c.Name+"'"), append(conditions, condition)
		}
		fmt.Fprintf(&cases, "  WHEN COUNT(CASE WHEN table_name = '%[1]s' AND (%[2]s) THEN 1 END) <> %[3]d\n"+
			"    OR COUNT(CASE WHEN table_name = '%[1]s' AND is_nullable = 'NO' AND column_default IS NULL AND column_name NOT IN (%[4]s) THEN 1 END) > 0\n"+
			"  THEN '%[5]s is not as declared: run airline migrate, and deploy again'\n",
			t.Name, strings.Join(conditions, "\n      OR "), len(conditions), strings.Join(names, ", "), t)
	}
	return "SELECT CAST(CASE\n" + cases.String() + "  ELSE '0' END AS INTEGER)\nFROM svv_columns WHERE table_schema = '" + Schema + "'"
}

// typeNames are the names of types in PG_TYPE.
var typeNames = map[Type]string{Varchar: "varchar", BigInt: "int8", Date: "date", Timestamp: "timestamp"}
