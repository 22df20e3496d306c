package redshift

// Find is the relation that a name means: without a schema a temporary table or the first along the search path ("search_path",
// Database Developer Guide). It is nil when there is none.
func Find(c Catalog, path []string, n Name) (*Relation, error) {
	schemas := []string{n.Schema}
	if n.Schema == "" {
		schemas = append(schemas, path...)
	}
	for _, schema := range schemas {
		if rel, err := c.Relation(schema, n.Table); rel != nil || err != nil {
			return rel, err
		}
	}
	return nil, nil
}

// find is the relation that a statement names, or nil.
func (b *binder) find(n Name) *Relation {
	rel, err := Find(b.session.Catalog, b.session.path(), n)
	if err != nil {
		panic(&catalogError{err})
	}
	return rel
}

// placed is where a relation is made that a statement names: without a schema in the first of the search path that there is.
func (b *binder) placed(t target) Name {
	if t.Schema != "" {
		return t.Name
	}
	for _, schema := range b.session.path() {
		ok, err := b.session.Catalog.HasSchema(schema)
		if err != nil {
			panic(&catalogError{err})
		}
		if ok {
			return Name{schema, t.Table}
		}
	}
	panic(failAt(int(t.at), "no schema has been selected to create in"))
}
