package redshiftdata

import (
	"context"
	"fmt"

	"airline/local/redshift"
)

// boundView is a view that is bound to a relation: Redshift does not drop the relation without it ("DROP TABLE", CASCADE), and it
// goes on reading the relation when that gets another name.
type boundView struct {
	name  name
	query string
	uses  []redshift.Use
}

// views are the views that are bound to a relation.
func (s *session) views(ctx context.Context, n name) ([]boundView, error) {
	rows, err := s.tx.QueryContext(ctx, "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary AND database_name = current_database() ORDER BY 1, 2")
	if err != nil {
		return nil, err
	}
	var all []name
	for rows.Next() {
		var v name
		if err := rows.Scan(&v.Schema, &v.Table); err != nil {
			rows.Close()
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	known := &redshift.DuckCatalog{Context: ctx, DB: s.tx}
	var bound []boundView
	for _, v := range all {
		rel, err := known.Relation(v.Schema, v.Table)
		if err != nil || rel == nil || rel.View == "" || rel.Late {
			continue // what is no view of Redshift's is bound to nothing
		}
		uses, err := redshift.Uses(rel.View, &redshift.Session{Catalog: known, Now: s.now()})
		if err != nil {
			continue // it reads what is not there, or the system's relations
		}
		for _, u := range uses {
			if u.Name == n {
				bound = append(bound, boundView{name: v, query: rel.View, uses: uses})
				break
			}
		}
	}
	return bound, nil
}

// unbind prepares that a relation is dropped or gets another name. It drops the views that are bound to what is dropped, if the
// statement says so; those of a relation with another name read it by that one.
func (s *session) unbind(ctx context.Context, st *statement) (dropped []name, err error) {
	renames := st.verb == "alter" && st.renamed != ""
	if len(st.writes) == 0 || st.verb != "drop" && !renames {
		return nil, nil
	}
	n := st.writes[0]
	if n.Schema == "" {
		n.Schema = "public"
	}
	bound, err := s.views(ctx, n)
	switch {
	case err != nil || len(bound) == 0:
		return nil, err
	case renames:
		for _, v := range bound {
			query := redshift.Rename(v.query, v.uses, n, name{Schema: n.Schema, Table: st.renamed})
			if _, err := s.tx.ExecContext(ctx, redshift.ViewIs(v.name, query)); err != nil {
				return nil, redshift.DuckError(err)
			}
		}
		return nil, nil
	case !st.cascade:
		return nil, &sqlError{code: "2BP01", message: fmt.Sprintf("cannot drop %s because other objects depend on it", n),
			detail: fmt.Sprintf("view %s depends on it. Use DROP ... CASCADE to drop the dependent objects too.", bound[0].name)}
	}
	for _, v := range bound {
		inner, err := s.unbind(ctx, &statement{verb: "drop", writes: []name{v.name}, cascade: true})
		if err != nil {
			return nil, err
		}
		if _, err := s.tx.ExecContext(ctx, "DROP VIEW IF EXISTS "+v.name.Quoted()); err != nil {
			return nil, redshift.DuckError(err)
		}
		dropped = append(append(dropped, inner...), v.name)
	}
	return dropped, nil
}
