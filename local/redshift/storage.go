package redshift

import "strings"

// alterStorage is ALTER TABLE with changes of how rows are kept: DISTKEY, DISTSTYLE, SORTKEY and ENCODE.
type alterStorage struct {
	target
	changes []storageChange
}

// storageChange is one of them; column is that of ENCODE, "" of all, and of the others nothing.
type storageChange struct {
	at
	what, value string // "distkey", "diststyle", "sortkey", "encode"
	columns     []string
}

// storageChanges reads ALTER DISTKEY c, ALTER DISTSTYLE style, ALTER [COMPOUND] SORTKEY (c, ...) | AUTO | NONE, ALTER ENCODE AUTO and
// ALTER COLUMN c ENCODE e, several with commas between them ("ALTER TABLE", Database Developer Guide).
func (p *parser) storageChanges() (list []storageChange) {
	for {
		p.expect("alter")
		c := storageChange{at: at(p.peek().Start)}
		switch {
		case p.accept("distkey"):
			c.what, c.columns = "distkey", []string{p.name()}
		case p.accept("diststyle"):
			t := p.next()
			c.what, c.value = "diststyle", strings.ToUpper(t.Value)
			switch {
			case t.Is("key"):
				p.expect("distkey")
				c.columns = []string{p.name()}
			case !t.Is("all") && !t.Is("even") && !t.Is("auto"):
				p.syntax(t)
			}
		case p.accept("sortkey"), p.accept("compound", "sortkey"):
			if c.what = "sortkey"; !p.accept("auto") && !p.accept("none") {
				c.columns = p.names()
			}
		case p.accept("encode", "auto"):
			c.what = "encode"
		default:
			p.accept("column")
			c.what, c.columns = "encode", []string{p.name()}
			p.expect("encode")
			c.value = strings.ToLower(p.label())
		}
		list = append(list, c)
		if !p.accept(",") {
			return list
		}
	}
}

// storage writes what ALTER TABLE says of how rows are kept: attributes, which system views tell.
func (b *binder) storage(n *alterStorage) string {
	return b.noted(n.target, "alter", func(rel *Relation, a *attributes) {
		for _, c := range n.changes {
			for _, column := range c.columns {
				b.column(rel, column, int(c.at))
			}
			switch c.what {
			case "distkey":
				a.DistStyle, a.DistKey = "KEY", c.columns[0]
			case "diststyle":
				if a.DistStyle, a.DistKey = c.value, ""; c.value == "KEY" {
					a.DistKey = c.columns[0]
				}
			case "sortkey":
				a.SortKey, a.Interleaved = c.columns, false
			case "encode":
				for _, column := range rel.Columns {
					if len(c.columns) == 0 || c.columns[0] == column.Name {
						a.column(column.Name, func(attribute *columnAttribute) { attribute.Encode = c.value })
					}
				}
			}
		}
	})
}
