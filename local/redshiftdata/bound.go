package redshiftdata

import (
	"context"
	"fmt"
	"slices"
	"time"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
)

// boundView is a view that is bound to a relation: Redshift does not drop the relation without it ("DROP TABLE", CASCADE), and it
// goes on reading the relation when that gets another name.
type boundView struct {
	name  name
	query string
	uses  []redshift.Use
	// materialized says that it is a materialized view, whose query and uses are not asked for.
	materialized bool
}

// views are the views that are bound to a relation.
func (s *session) views(ctx context.Context, n name) ([]boundView, error) {
	all, err := boundViews(ctx, s.tx, s.begun)
	return slices.DeleteFunc(all, func(v boundView) bool {
		return !slices.ContainsFunc(v.uses, func(u redshift.Use) bool { return u.Name == n })
	}), err
}

// materialized are the materialized views that read a relation.
func (s *session) materialized(ctx context.Context, n name) (bound []boundView, err error) {
	rows, err := s.tx.QueryContext(ctx, "SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND comment LIKE '{\"materialized\":%' AND database_name = current_database() ORDER BY 1, 2")
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	defer rows.Close()
	for rows.Next() {
		v := boundView{materialized: true}
		var comment string
		if err := rows.Scan(&v.name.Schema, &v.name.Table, &comment); err != nil {
			return nil, err
		}
		bases, err := redshift.Bases(comment)
		if err != nil {
			return nil, err
		}
		if slices.Contains(bases, n) {
			bound = append(bound, v)
		}
	}
	return bound, rows.Err()
}

// boundViews are the views of a database, those left out that are bound to nothing: WITH NO SCHEMA BINDING, and those of system relations.
func boundViews(ctx context.Context, db redshift.Querier, now time.Time) ([]boundView, error) {
	rows, err := db.QueryContext(ctx, "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary AND database_name = current_database() ORDER BY 1, 2")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []name
	for rows.Next() {
		var v name
		if err := rows.Scan(&v.Schema, &v.Table); err != nil {
			return nil, err
		}
		names = append(names, v)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	known := &redshift.DuckCatalog{Context: ctx, DB: db}
	var bound []boundView
	for _, v := range names {
		rel, err := known.Relation(v.Schema, v.Table)
		if err != nil {
			return nil, err
		}
		if rel == nil || rel.View == "" || rel.Late {
			continue
		}
		uses, err := redshift.Uses(rel.View, &redshift.Session{Catalog: known, Now: now})
		if err == nil { // else it reads what is not there, or the system's relations
			bound = append(bound, boundView{name: v, query: rel.View, uses: uses})
		}
	}
	return bound, nil
}

// bindings are what the views of a database read, for its system relations. A database that cannot say it answers no statement either.
func bindings(ctx context.Context, db redshift.Querier, now time.Time) func() []catalog.Binding {
	return func() (all []catalog.Binding) {
		views, err := boundViews(ctx, db, now)
		if err != nil {
			return nil
		}
		for _, v := range views {
			for _, u := range v.uses {
				all = append(all, catalog.Binding{ViewSchema: v.name.Schema, View: v.name.Table, Schema: u.Name.Schema, Table: u.Name.Table})
			}
		}
		return all
	}
}

// unbind prepares that relations are dropped or that one gets another name. It drops the views that are bound to what is dropped, if the
// statement says so; those of a relation with another name read it by that one.
func (s *session) unbind(ctx context.Context, st *statement) (dropped []name, err error) {
	if st.verb == "alter" && st.renamed != "" {
		return nil, s.rebind(ctx, st.writes[0], name{Schema: st.writes[0].Schema, Table: st.renamed})
	}
	if st.verb != "drop" {
		return nil, nil
	}
	for _, n := range st.writes {
		bound, err := s.dropBound(ctx, n, st.writes, st.cascade)
		if err != nil {
			return nil, err
		}
		dropped = append(dropped, bound...)
	}
	return dropped, nil
}

// rebind has what is bound to a relation read it by another name.
func (s *session) rebind(ctx context.Context, n, to name) error {
	if n.Schema == "" { // a temporary table, which no view reads
		return nil
	}
	if err := s.retell(ctx, redshift.ColumnChange{Table: n}, to); err != nil {
		return err
	}
	bound, err := s.views(ctx, n)
	if err != nil {
		return err
	}
	for _, v := range bound {
		if _, err := s.tx.ExecContext(ctx, redshift.ViewIs(v.name, redshift.Rename(v.query, v.uses, n, to))); err != nil {
			return redshift.DuckError(err)
		}
	}
	return nil
}

// dropBound drops the views that are bound to a relation, but those that the statement names with it; without CASCADE there are to be none.
func (s *session) dropBound(ctx context.Context, n name, with []name, cascade bool) (dropped []name, err error) {
	if n.Schema == "" { // a temporary table, which no view reads
		return nil, nil
	}
	bound, err := s.views(ctx, n)
	if err != nil {
		return nil, err
	}
	materialized, err := s.materialized(ctx, n)
	if err != nil {
		return nil, err
	}
	bound = slices.DeleteFunc(append(bound, materialized...), func(v boundView) bool { return slices.Contains(with, v.name) })
	if len(bound) > 0 && !cascade {
		return nil, &sqlError{code: "2BP01", message: fmt.Sprintf("cannot drop %s because other objects depend on it", n),
			detail: fmt.Sprintf("view %s depends on it. Use DROP ... CASCADE to drop the dependent objects too.", bound[0].name)}
	}
	return s.dropViews(ctx, bound, with)
}

// dropViews drops views with those that are bound to them, but those that the statement names.
func (s *session) dropViews(ctx context.Context, views []boundView, with []name) (dropped []name, err error) {
	for _, v := range views {
		inner, err := s.dropBound(ctx, v.name, with, true)
		if err != nil {
			return nil, err
		}
		kind := "VIEW"
		if v.materialized {
			kind = "TABLE"
		}
		if _, err := s.tx.ExecContext(ctx, "DROP "+kind+" IF EXISTS "+v.name.Quoted()); err != nil {
			return nil, redshift.DuckError(err)
		}
		dropped = append(append(dropped, inner...), v.name)
	}
	return dropped, nil
}
