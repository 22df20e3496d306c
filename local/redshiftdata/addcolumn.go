package redshiftdata

import (
	"context"

	"airline/local/redshift"
)

// addition is ALTER TABLE table ADD COLUMN column.
type addition struct {
	table  name
	column columnDefinition
}

// addColumn reads the column's definition. Texts with a length are refused: DuckDB cannot hold a column that is added to
// its length, and Redshift does.
func (p *parser) addColumn(table name) error {
	t := p.peek()
	d := &tableDefinition{table: table}
	if err := p.column(d); err != nil {
		return err
	}
	c := d.columns[0]
	switch {
	case c.maxBytes > 0:
		return refusedAt(t, "ALTER TABLE ... ADD COLUMN with a VARCHAR or CHAR is not modelled here")
	case c.notNull && c.fallback == "":
		return refusedAt(t, "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")
	}
	p.added = &addition{table, c}
	return p.nothingMore()
}

// addColumn adds it: DuckDB takes NOT NULL in a statement of its own.
func (s *session) addColumn(ctx context.Context, a *addition) error {
	c, table := a.column, a.table.quoted()
	c.notNull = false
	statements := []string{"ALTER TABLE " + table + " ADD COLUMN " + c.duck()}
	if a.column.notNull {
		statements = append(statements, "ALTER TABLE "+table+" ALTER COLUMN "+name{table: c.name}.quoted()+" SET NOT NULL")
	}
	for _, sql := range statements {
		if _, err := s.tx.ExecContext(ctx, sql); err != nil {
			return redshift.DuckError(err)
		}
	}
	return nil
}
