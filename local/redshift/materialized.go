package redshift

import (
	"slices"
	"strings"
)

// createMaterialized is CREATE MATERIALIZED VIEW: a table whose rows are its query's, computed again by REFRESH.
type createMaterialized struct {
	target
	attributes attributes
	query      *Query
	source     string // of the query, as written
	from       int    // where the query begins
}

// refreshMaterialized is REFRESH MATERIALIZED VIEW.
type refreshMaterialized struct{ target }

// dropMaterialized is DROP MATERIALIZED VIEW.
type dropMaterialized struct {
	views    []target
	ifExists bool
	cascade  bool
}

// materialized is what the comment on a materialized view's table keeps of it.
type materialized struct {
	Query string `json:"query"`           // in Redshift's SQL
	Bases []Name `json:"bases,omitempty"` // the tables that it reads
	State int    `json:"state,omitempty"` // why it cannot be refreshed any more, of those of SVV_MV_INFO
}

// unrefreshable are the states of a materialized view that cannot be refreshed ("SVV_MV_INFO"): changes of columns that it does not read
// lead to them, too.
var unrefreshable = map[int]string{101: "a column of a table that it reads was dropped", 102: "a column of a table that it reads has another type",
	103: "a table that it reads was renamed", 104: "a column of a table that it reads was renamed"}

// Bases are the tables that a materialized view reads, by the comment on its table.
func Bases(comment string) ([]Name, error) {
	a, err := attributesIn(comment)
	if err != nil || a.View == nil {
		return nil, err
	}
	return a.View.Bases, nil
}

// changed notes what a change of a column, or a table's new name, makes of the view's state.
func (m *materialized) changed(c ColumnChange, to Name) {
	i := slices.Index(m.Bases, c.Table)
	if i < 0 {
		return
	}
	state := 0
	switch {
	case to.Table != "":
		m.Bases[i], state = to, 103
	case c.From == "":
	case c.Retyped:
		state = 102
	case c.To == "":
		state = 101
	default:
		state = 104
	}
	if m.State == 0 {
		m.State = state
	}
}

// createMaterialized reads name [BACKUP YES|NO] [attributes] [AUTO REFRESH NO] AS query; CREATE MATERIALIZED VIEW is behind.
func (p *parser) createMaterialized() *createMaterialized {
	n := &createMaterialized{target: p.target()}
	for !p.peek().Is("as") {
		from := p.i
		p.storage(&n.attributes)
		if t := p.peek(); p.accept("auto", "refresh") && !p.accept("no") {
			p.expect("yes")
			panic(notModelled(t.Start, "AUTO REFRESH YES"))
		}
		if p.i == from {
			p.syntax(p.peek())
		}
	}
	p.expect("as")
	n.from = p.peek().Start
	n.query = p.query()
	n.source = p.src[n.from:p.tokens[p.i-1].End]
	return n
}

// refreshMaterialized reads name [RESTRICT]; REFRESH MATERIALIZED VIEW is behind. CASCADE, which refreshes the views that read it as well, is not modelled.
func (p *parser) refreshMaterialized() *refreshMaterialized {
	n := &refreshMaterialized{p.target()}
	if t := p.peek(); t.Is("cascade") {
		panic(notModelled(t.Start, "REFRESH MATERIALIZED VIEW ... CASCADE"))
	}
	p.accept("restrict")
	return n
}

// dropMaterialized reads [IF EXISTS] name [, ...] [CASCADE | RESTRICT]; DROP MATERIALIZED VIEW is behind.
func (p *parser) dropMaterialized() *dropMaterialized {
	n := &dropMaterialized{ifExists: p.accept("if", "exists")}
	n.views = append(n.views, p.target())
	for p.accept(",") {
		n.views = append(n.views, p.target())
	}
	if n.cascade = p.accept("cascade"); !n.cascade {
		p.accept("restrict")
	}
	return n
}

// createMaterialized writes the view as the table that it is here.
func (b *binder) createMaterialized(n *createMaterialized, t *Translation) {
	bases := []Name{}
	b.bases = &bases
	made := target{n.at, b.placed(n.target)}
	table := &createTable{target: made, query: n.query, attributes: n.attributes}
	table.attributes.View = &materialized{}
	kept := b.settle()
	b.createTable(table, t)
	b.bases = nil
	table.attributes.View.Query = kept.query(n.source, n.from, nil)
	table.attributes.View.Bases = bases
	t.More = append(t.More, "COMMENT ON TABLE "+made.Quoted()+" IS "+quoteText(table.attributes.text(n.Table)))
}

// refresh computes the rows anew, by the names as they were found when the view was made.
func (b *binder) refresh(n *refreshMaterialized, t *Translation) {
	rel := b.materializedView(n.target)
	b.writes = append(b.writes, rel.Name)
	if reason, ok := unrefreshable[rel.Materialized.State]; ok {
		b.fail(int(n.at), "materialized view %s cannot be refreshed: %s (state %d in SVV_MV_INFO): drop it and create it again", n.Name, reason, rel.Materialized.State)
	}
	st, err := parse(rel.Materialized.Query)
	if err != nil {
		b.fail(int(n.at), "materialized view %s: %s", n.Name, err.Error())
	}
	sel, ok := st.node.(*selectStatement)
	if !ok {
		b.fail(int(n.at), "materialized view %s is no query", n.Name)
	}
	q, err := b.tryQuery(sel.query)
	if err != nil { // its place is one in the view's query
		b.fail(int(n.at), "materialized view %s cannot be refreshed: %s", n.Name, err.Error())
	}
	if len(q.columns) != len(rel.Columns) {
		b.fail(int(n.at), "materialized view %s cannot be refreshed: its query has %d columns, and no longer %d", n.Name, len(q.columns), len(rel.Columns))
	}
	t.Before = []string{"DELETE FROM " + rel.Source}
	t.SQL = "INSERT INTO " + rel.Source + " (" + quotedNames(rel.Columns) + ") " + b.assigned(q, rel.Columns, int(n.at))
}

// dropMaterialized drops the tables; of a view that there is not nothing is to do IF EXISTS.
func (b *binder) dropMaterialized(n *dropMaterialized) string {
	var drops []string
	for _, view := range n.views {
		if n.ifExists && b.find(view.Name) == nil {
			continue
		}
		rel := b.materializedView(view)
		b.writes = append(b.writes, rel.Name)
		drops = append(drops, "DROP TABLE "+rel.Source)
	}
	return strings.Join(drops, "; ")
}

func (b *binder) materializedView(t target) *Relation {
	rel := b.find(t.Name)
	switch {
	case rel == nil:
		b.fail(int(t.at), "materialized view %q does not exist", t.Name.String())
	case rel.Materialized == nil:
		b.fail(int(t.at), "%q is not a materialized view", t.Name.String())
	}
	return rel
}

// base notes a relation that a materialized view reads, which not every relation may be ("CREATE MATERIALIZED VIEW", Limitations).
func (b *binder) base(rel *Relation, at int) {
	switch {
	case b.bases == nil:
		return
	case rel.View != "":
		b.fail(at, "a materialized view cannot read the view %s", rel.Name)
	case rel.Name.Schema == "":
		b.fail(at, "a materialized view cannot read the temporary table %s", rel.Name)
	case isSystemSchema(rel.Name.Schema):
		b.fail(at, "a materialized view cannot read the system relation %s", rel.Name)
	}
	if !slices.Contains(*b.bases, rel.Name) {
		*b.bases = append(*b.bases, rel.Name)
	}
}

// unordered refuses ORDER BY and limits in a materialized view.
func (b *binder) unordered(q *Query) {
	if b.bases != nil && (q.order != nil || q.limit != nil || q.offset != nil) {
		b.fail(q.pos(), "a materialized view cannot have ORDER BY, LIMIT or OFFSET")
	}
}
