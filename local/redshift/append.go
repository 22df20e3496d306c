package redshift

import "slices"

// alterAppend is ALTER TABLE t APPEND FROM s: the rows of s move to t.
type alterAppend struct {
	target
	from        target
	ignoreExtra bool
	fillTarget  bool
}

// appends reads what comes after ALTER TABLE name APPEND.
func (p *parser) appends(t target) *alterAppend {
	n := &alterAppend{target: t}
	p.expect("from")
	n.from = p.target()
	if n.ignoreExtra = p.accept("ignoreextra"); !n.ignoreExtra {
		n.fillTarget = p.accept("filltarget")
	}
	return n
}

// alterAppend writes ALTER TABLE APPEND, with what it demands of the two tables ("ALTER TABLE APPEND", Database Developer Guide).
func (b *binder) alterAppend(n *alterAppend, t *Translation) {
	to, from := b.changed(n.target, "append to"), b.changed(n.from, "append")
	place := int(n.at)
	switch {
	case to.Name == from.Name:
		b.fail(place, "source and target of ALTER TABLE APPEND are the same table")
	case to.Name.Schema == "" || from.Name.Schema == "":
		b.fail(place, "ALTER TABLE APPEND takes permanent tables")
	}
	a, err := attributesIn(to.kept)
	s, err2 := attributesIn(from.kept)
	if err != nil || err2 != nil {
		b.fail(place, "the attributes of %s and %s cannot be read", to.Name, from.Name)
	}
	if a.distribution() != s.distribution() || a.DistKey != s.DistKey {
		b.fail(place, "source and target of ALTER TABLE APPEND have different distribution styles or keys")
	}
	if !slices.Equal(a.SortKey, s.SortKey) || a.Interleaved != s.Interleaved {
		b.fail(place, "source and target of ALTER TABLE APPEND have different sort keys")
	}
	var moved []Column
	extra := func(c Column, in *Relation, allowed bool, with string) {
		if !allowed {
			b.fail(place, "column %q of %s is in one of the tables only: see %s", c.Name, in.Name, with)
		}
	}
	for _, c := range from.Columns {
		i := slices.IndexFunc(to.Columns, func(o Column) bool { return o.Name == c.Name })
		if i < 0 {
			extra(c, from, n.ignoreExtra, "IGNOREEXTRA")
			continue
		}
		o := to.Columns[i]
		switch {
		case c.Identity == Always || o.Identity == Always:
			b.fail(place, "ALTER TABLE APPEND cannot append the identity column %q", c.Name)
		case c.Type != o.Type || c.NotNull != o.NotNull || a.Columns[c.Name].Encode != s.Columns[c.Name].Encode:
			b.fail(place, "column %q of %s and %s has different attributes", c.Name, from.Name, to.Name)
		}
		moved = append(moved, c)
	}
	for _, c := range to.Columns {
		if !slices.ContainsFunc(from.Columns, func(o Column) bool { return o.Name == c.Name }) {
			extra(c, to, n.fillTarget, "FILLTARGET")
		}
	}
	if len(moved) == 0 {
		b.fail(place, "source and target of ALTER TABLE APPEND have no column in common")
	}
	names := quotedNames(moved)
	t.SQL = "INSERT INTO " + to.Source + " (" + names + ") SELECT " + names + " FROM " + from.Source
	t.More = []string{"DELETE FROM " + from.Source}
}
