package redshift

import "errors"

// Translation is a statement as DuckDB runs it.
type Translation struct {
	// SQL has the statement's parameters as $name.
	SQL string
	// Columns are those of the result, in Redshift's names and types; nil when there is none.
	Columns []Column
	// Params are the parameters that SQL has.
	Params []string
	// ParamTypes are the types as which parameters are used; it lacks those that may be any.
	ParamTypes map[string]Type
	// Reads are the relations that are read, with the schemas that the statement names.
	Reads []Name
}

// Translate gives a statement its meaning in a session and writes it for DuckDB. What it writes consists of the operators,
// functions and relations that this package chooses; nothing of the statement's text but values and names in quotes gets into it.
func Translate(st *Statement, session *Session) (*Translation, error) {
	t, err := translate(st, session)
	if err != nil {
		return nil, located(err, st.Source)
	}
	return t, nil
}

func translate(st *Statement, session *Session) (t *Translation, err error) {
	defer catch(&err)
	b := &binder{session: session, src: st.Source, params: map[string]Type{}}
	t = &Translation{Params: st.Params}
	switch n := st.node.(type) {
	case *selectStatement:
		q := b.query(n.query, nil)
		t.SQL, t.Columns = q.sql(), columnsOf(q)
	default:
		return nil, errors.New("ERROR: " + st.Verb + " is no query")
	}
	t.Reads, t.ParamTypes = b.reads, b.params
	return t, nil
}
