package redshiftdata

import (
	"fmt"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
)

// show is a SHOW of objects: a query of what package catalog tells of them.
type show struct {
	database string // that it names; "" is the session's
	// What has to be there: a schema, or a relation, which may be one of the search path, or a procedure.
	schema, relation, procedure string
	kind                        string // that the relation has to be of: "table", "view"; "" is any
	title                       string // of the one column; "" leaves the columns as they are
}

// shown are the relations of a SHOW's query.
type shown struct{ *relations }

func (r shown) Relation(_, kind string) (*redshift.Relation, error) {
	columns, source, ok := r.system().Shown(kind)
	if !ok {
		return nil, nil
	}
	rel := &redshift.Relation{Name: redshift.Name{Schema: "pg_catalog", Table: kind}, Source: source}
	for _, c := range columns {
		rel.Columns = append(rel.Columns, redshift.Column{Name: c[0], Type: systemTypes[c[1]]})
	}
	return rel, nil
}

// shownTo are the relations of a SHOW's query in a session.
func shownTo(session *redshift.Session) (shown, error) {
	all, ok := session.Catalog.(*relations)
	if !ok {
		return shown{}, fmt.Errorf("SHOW is not modelled here")
	}
	return shown{all}, nil
}

// translate gives a SHOW its meaning in a session.
func (w *show) translate(st *statement, session *redshift.Session) error {
	all, err := shownTo(session)
	if err != nil {
		return err
	}
	own := *session
	own.Catalog = all
	if st.translated, err = redshift.Translate(st.query, &own); err != nil {
		return err
	}
	if w.title != "" {
		st.translated.Columns[0].Name = w.title
	}
	return nil
}

// found refuses a SHOW of what is not there.
func (w *show) found(session *redshift.Session) error {
	if w == nil {
		return nil
	}
	all, err := shownTo(session)
	if err != nil {
		return err
	}
	if w.database != "" && w.database != session.Database {
		return fmt.Errorf("ERROR: database %q does not exist", w.database)
	}
	if w.schema != "" && !catalog.System(w.schema, "") {
		if ok, err := all.HasSchema(w.schema); err != nil {
			return err
		} else if !ok {
			return fmt.Errorf("ERROR: schema %q does not exist", w.schema)
		}
	}
	if w.procedure != "" && (w.kind == "function" || !all.system().HasProcedure(w.schema, w.procedure)) {
		return fmt.Errorf("ERROR: %s %s.%s does not exist", w.kind, w.schema, w.procedure)
	}
	if w.relation == "" {
		return nil
	}
	rel, err := redshift.Find(all.relations, session.SearchPath, name{Schema: w.schema, Table: w.relation})
	switch {
	case err != nil:
		return err
	case rel == nil:
		return fmt.Errorf("ERROR: relation %q does not exist", w.relation)
	case w.kind == "table" && rel.View != "", w.kind == "view" && rel.View == "" && rel.Materialized == nil:
		return fmt.Errorf("ERROR: %q is not a %s", w.relation, w.kind)
	}
	return nil
}
