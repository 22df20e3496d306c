package redshift

// Translation is a statement as DuckDB runs it.
type Translation struct {
	// SQL has the statement's parameters as $name. It is "" where nothing is to be done.
	SQL string
	// Before and More are what DuckDB runs before and after it; they have no parameters.
	Before, More []string
	// Cascade is that of what drops a relation.
	Cascade bool
	// Column is the column that a table gets, or that is altered.
	Column *ColumnChange
	// Rebuild, when there is one, stands for all of them.
	Rebuild *Rebuild
	// Columns are those of the result, in Redshift's names and types; nil when there is none.
	Columns []Column
	// Params are the parameters that SQL has.
	Params []string
	// ParamTypes are the types as which parameters are used; it lacks those that may be any.
	ParamTypes map[string]Type
	// Settings are what SET_CONFIG sets.
	Settings []Setting
	// Reads and Writes are the relations that are read, and changed or made, with their schemas: "" is that of temporary tables. System
	// relations are not among them.
	Reads, Writes []Name
}

// Setting is a value that a parameter of the session gets; Local says that it has it for the transaction.
type Setting struct {
	Name, Value string
	Local       bool
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
	case *insertStatement:
		t.SQL = b.insert(n)
	case *updateStatement:
		t.SQL = b.update(n)
	case *deleteStatement:
		t.SQL = b.delete(n)
	case *mergeStatement:
		b.merge(n, t)
	case *createTable:
		b.createTable(n, t)
	case *addColumn:
		b.addColumn(n, t)
	case *alterColumn:
		b.alterColumn(n, t)
	case *alterAppend:
		b.alterAppend(n, t)
	case *alterStorage:
		t.SQL = b.storage(n)
	case *commentOn:
		t.SQL = b.comment(n)
	case *explainStatement:
		b.explain(n, st, t)
	case *createMaterialized:
		b.createMaterialized(n, t)
	case *refreshMaterialized:
		b.refresh(n, t)
	case *dropMaterialized:
		t.SQL, t.Cascade = b.dropMaterialized(n), n.cascade
	case *createView:
		t.SQL, t.More = b.createView(n)
	}
	t.Reads, t.Writes, t.ParamTypes, t.Settings = b.reads, b.writes, b.params, b.settings
	return t, nil
}
