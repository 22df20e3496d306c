package redshift

import "strings"

// createTable reads CREATE TABLE; the keyword CREATE is behind.
func (p *parser) createTable() *createTable {
	n := &createTable{}
	p.accept("local")
	n.temporary = p.accept("temp") || p.accept("temporary")
	p.expect("table")
	n.ifNotExists = p.accept("if", "not", "exists")
	n.target = p.target()
	n.temporary = n.temporary || n.Schema == "" && n.Table[0] == '#'
	if p.peek().Is("(") && !p.definesColumns() {
		n.names = p.names()
	} else if p.accept("(") {
		p.elements(n)
	}
	p.storage(&n.attributes)
	if p.accept("as") {
		n.query = p.query()
		if p.peek().Is("with") {
			panic(notModelled(p.peek().Start, "WITH [NO] DATA"))
		}
	}
	if n.query == nil && n.columns == nil && n.like == nil {
		p.syntax(p.peek())
	}
	return n
}

// definesColumns reports whether a list of definitions comes next, and not one of names only or a query.
func (p *parser) definesColumns() bool {
	if p.peekAt(1).Is("like") {
		return true
	}
	for n := 1; ; n += 2 {
		t, after := p.peekAt(n), p.peekAt(n+1)
		switch {
		case t.Kind != word && t.Kind != quoted:
			return false
		case after.Is(")"):
			return false
		case !after.Is(","):
			return true
		}
	}
}

// elements reads columns and constraints up to the bracket.
func (p *parser) elements(n *createTable) {
	for {
		switch t := p.peek(); {
		case t.Is("like"):
			p.next()
			like := p.target()
			n.like = &like
			if t := p.peek(); p.accept("including", "defaults") {
				panic(notModelled(t.Start, "LIKE ... INCLUDING DEFAULTS"))
			}
			p.accept("excluding", "defaults")
		case t.Is("primary"), t.Is("unique"), t.Is("foreign"), t.Is("constraint"):
			p.constraint(&n.attributes)
		default:
			c := p.columnDefinition(&n.attributes)
			for _, other := range n.columns {
				if other.name == c.name {
					p.fail(int(c.at), "column %q duplicated", c.name)
				}
			}
			n.columns = append(n.columns, c)
		}
		if p.accept(")") {
			return
		}
		p.expect(",")
	}
}

// columnDefinition reads a column; what has no effect here goes to the attributes of its table.
func (p *parser) columnDefinition(a *attributes) columnDefinition {
	c := columnDefinition{at: at(p.peek().Start), name: p.name()}
	c.typ = p.typeName().declared()
	for {
		switch t := p.peek(); {
		case p.accept("not", "null"):
			c.notNull = true
		case p.accept("primary", "key"): // NOT NULL is the one part of a key that Redshift enforces
			c.notNull = true
			a.Keys = append(a.Keys, tableKey{Kind: "p", Columns: []string{c.name}})
		case p.accept("null"):
		case p.accept("distkey"):
			a.DistKey = c.name
		case p.accept("sortkey"):
			a.SortKey = []string{c.name}
		case p.accept("unique"):
			a.Keys = append(a.Keys, tableKey{Kind: "u", Columns: []string{c.name}})
		case p.accept("encode"):
			encoding := p.label()
			a.column(c.name, func(c *columnAttribute) { c.Encode = encoding })
		case p.accept("references"):
			k := tableKey{Kind: "f", Columns: []string{c.name}}
			p.references(&k)
			a.Keys = append(a.Keys, k)
		case p.accept("default"):
			c.fallback = p.exprAbove(bindMatch)
		case p.accept("identity"):
			p.identity(&c, Always, a)
		case p.accept("generated", "by", "default", "as", "identity"):
			p.identity(&c, ByDefault, a)
		case p.accept("collate"):
			if !p.accept("case_sensitive") && !p.accept("cs") { // which all are
				panic(notModelled(t.Start, "COLLATE "+strings.ToUpper(p.peek().Value)))
			}
		default:
			return c
		}
	}
}

// declared is the type of a column that was declared so: a length that is not given is the default one.
func (t Type) declared() Type {
	if t.Length == 0 {
		switch t.Kind {
		case Varchar:
			t.Length = defaultVarchar
		case Char:
			t.Length = defaultChar
		case Varbyte:
			t.Length = defaultVarbyte
		}
	}
	return t
}

// storage reads where and in which order Redshift keeps the rows; here that is only told by the system views.
func (p *parser) storage(a *attributes) {
	for {
		switch t := p.peek(); {
		case p.accept("diststyle"):
			a.DistStyle = strings.ToUpper(p.label())
		case p.accept("encode"), p.accept("backup"):
			p.label()
		case p.accept("compound"):
		case p.accept("interleaved"):
			a.Interleaved = true
		case p.accept("distkey"):
			columns := p.keyColumns()
			if a.DistKey = columns[0]; len(columns) > 1 {
				p.fail(t.Start, "DISTKEY takes one column")
			}
		case p.accept("sortkey"):
			if !p.accept("auto") && !p.accept("none") {
				a.SortKey = p.keyColumns()
			}
		default:
			return
		}
	}
}

// atPosition stands before the number of a column that DISTKEY or SORTKEY names by its position, where no name begins so.
const atPosition = "\x00"

// keyColumns reads the columns of a DISTKEY or SORTKEY, by their names or, of what CREATE TABLE AS makes, their positions.
func (p *parser) keyColumns() []string {
	return p.listed(func() string {
		if t := p.peek(); t.Kind == number {
			p.next()
			return atPosition + t.Value
		}
		return p.name()
	})
}

// createView reads [OR REPLACE] VIEW; the keyword CREATE is behind.
func (p *parser) createView() *createView {
	n := &createView{replace: p.accept("or", "replace")}
	p.expect("view")
	n.target = p.target()
	if p.peek().Is("(") {
		n.columns = p.names()
	}
	p.expect("as")
	n.from = p.peek().Start
	n.query = p.query()
	n.source = p.src[n.from:p.tokens[p.i-1].End]
	n.late = p.accept("with", "no", "schema", "binding")
	return n
}
