package redshiftdata

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Lengths of character types, in bytes (Amazon Redshift Database Developer Guide, "Character types").
const (
	maxVarchar     = 65535
	maxChar        = 4096
	defaultVarchar = 256
	defaultChar    = 1
)

// scalarTypes are the types without parameters, in Redshift's names, and what they are in DuckDB.
var scalarTypes = map[string]string{
	"smallint": "SMALLINT", "int2": "SMALLINT", "integer": "INTEGER", "int": "INTEGER", "int4": "INTEGER",
	"bigint": "BIGINT", "int8": "BIGINT", "real": "REAL", "float4": "REAL", "float8": "DOUBLE", "float": "DOUBLE",
	"boolean": "BOOLEAN", "bool": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ",
}

// columnType reads a column's type.
func (p *parser) columnType(c *columnDefinition) error {
	t := p.next()
	if t.kind != word {
		return syntaxAt(t, p.src)
	}
	switch t.val {
	case "varchar", "nvarchar", "character", "char", "nchar", "text", "bpchar":
		return p.characterType(c, t)
	case "decimal", "numeric":
		return p.decimalType(c)
	case "double":
		c.typ = "DOUBLE"
		return p.expect("precision")
	case "timestamp":
		c.typ = "TIMESTAMP"
		if p.accept("with", "time", "zone") {
			c.typ = "TIMESTAMPTZ"
		} else {
			p.accept("without", "time", "zone")
		}
		return nil
	}
	typ, ok := scalarTypes[t.val]
	if !ok {
		return refusedAt(t, "type %q does not exist, or is not modelled here", t.val)
	}
	c.typ = typ
	return nil
}

func (p *parser) characterType(c *columnDefinition, t token) error {
	c.typ = "VARCHAR"
	limit := maxVarchar
	switch t.val {
	case "varchar", "nvarchar", "text", "bpchar":
		c.maxBytes = defaultVarchar
	default:
		c.maxBytes, limit = defaultChar, maxChar
		if p.accept("varying") {
			c.maxBytes, limit = defaultVarchar, maxVarchar
		}
	}
	if !p.accept("(") {
		return nil
	}
	n := p.next()
	switch length, err := strconv.Atoi(n.val); {
	case n.is("max"):
		c.maxBytes = limit
	case n.kind != number || err != nil || length < 1:
		return syntaxAt(n, p.src)
	case length > limit:
		return refusedAt(n, "length for type %s cannot exceed %d", strings.ToLower(t.val), limit)
	default:
		c.maxBytes = length
	}
	return p.expect(")")
}

func (p *parser) decimalType(c *columnDefinition) error {
	precision, scale := 18, 0
	if p.accept("(") {
		t := p.next()
		var err error
		if precision, err = strconv.Atoi(t.val); err != nil || precision < 1 || precision > 38 {
			return refusedAt(t, "DECIMAL precision must be between 1 and 38")
		}
		if p.accept(",") {
			t = p.next()
			if scale, err = strconv.Atoi(t.val); err != nil || scale < 0 || scale > precision {
				return refusedAt(t, "DECIMAL scale must be between 0 and the precision")
			}
		}
		if err := p.expect(")"); err != nil {
			return err
		}
	}
	c.typ = "DECIMAL(" + itoa(precision) + "," + itoa(scale) + ")"
	return nil
}
