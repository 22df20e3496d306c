package redshift

// plainTypes are the types without parameters.
var plainTypes = map[string]Type{
	"smallint": {Kind: Int2}, "int2": {Kind: Int2}, "integer": {Kind: Int4}, "int": {Kind: Int4}, "int4": {Kind: Int4},
	"bigint": {Kind: Int8}, "int8": {Kind: Int8}, "real": {Kind: Float4}, "float4": {Kind: Float4}, "float8": {Kind: Float8},
	"boolean": {Kind: Bool}, "bool": {Kind: Bool}, "date": {Kind: Date}, "timestamptz": {Kind: TimestampTZ}, "timetz": {Kind: TimeTZ},
	"super": {Kind: Super}, "oid": {Kind: OID}, "datetime": {Kind: Timestamp},
}

// knownTypes are types of Redshift that are not modelled.
var knownTypes = set("geometry geography hllsketch regclass regproc regtype name aclitem xid tid cid")

// typeStarts reports whether a type's name comes next.
func (p *parser) typeStarts() bool {
	t := p.peek()
	if t.Kind != word {
		return false
	}
	switch t.Value {
	case "varchar", "nvarchar", "character", "char", "nchar", "text", "bpchar", "decimal", "dec", "numeric", "double", "timestamp", "time", "float",
		"varbyte", "varbinary", "binary", "interval", "national":
		return true
	}
	_, ok := plainTypes[t.Value]
	return ok || knownTypes[t.Value]
}

// typeName reads a type.
func (p *parser) typeName() Type {
	t := p.next()
	if t.Kind == quoted && t.Value != "char" {
		t.Kind = word
	}
	if t.Kind != word {
		p.syntax(t)
	}
	if t.Is("national") {
		t = p.next()
	}
	if t.Is("pg_catalog") && p.accept(".") {
		t = p.next()
	}
	if typ, ok := plainTypes[t.Value]; ok {
		p.typeModifiers(t)
		return p.noArray(typ)
	}
	switch t.Value {
	case "varchar", "nvarchar", "text":
		return p.noArray(p.character(t, Varchar, maxVarchar))
	case "char", "character", "nchar", "bpchar":
		if p.accept("varying") {
			return p.noArray(p.character(t, Varchar, maxVarchar))
		}
		return p.noArray(p.character(t, Char, maxChar))
	case "varbyte", "varbinary", "binary":
		if t.Is("binary") {
			p.accept("varying")
		}
		return p.character(t, Varbyte, maxVarbyte)
	case "decimal", "dec", "numeric":
		return p.decimal()
	case "double":
		p.expect("precision")
		return float8Type
	case "float":
		return p.float()
	case "timestamp", "time":
		return p.clock(t)
	case "interval":
		if u := p.peek(); u.Kind == word && intervalUnits[u.Value] != 0 {
			p.qualifier()
		}
		return spanType
	}
	if knownTypes[t.Value] {
		panic(notModelled(t.Start, "type "+t.Value))
	}
	p.fail(t.Start, "type %q does not exist, or is not modelled here", t.Value)
	return Type{}
}

// typeModifiers reads what may follow a type without meaning: TIMESTAMPTZ(2), INT(11) is an error.
func (p *parser) typeModifiers(t Token) {
	if (t.Is("timestamptz") || t.Is("timetz")) && p.accept("(") {
		p.secondsPrecision()
		p.expect(")")
	}
}

func (p *parser) secondsPrecision() {
	if t := p.peek(); p.integer() != 6 {
		panic(notModelled(t.Start, "a precision of seconds other than 6"))
	}
}

func (p *parser) noArray(typ Type) Type {
	if t := p.peek(); t.Is("[") && p.peekAt(1).Is("]") {
		panic(notModelled(t.Start, "an array type"))
	}
	return typ
}

// character reads the length of a type.
func (p *parser) character(t Token, kind Kind, limit int) Type {
	typ := Type{Kind: kind}
	if !p.accept("(") {
		return typ
	}
	if p.accept("max") {
		typ.Length = limit
	} else {
		at := p.peek()
		switch typ.Length = p.integer(); {
		case typ.Length < 1:
			p.fail(at.Start, "length for type %s must be at least 1", t.Value)
		case typ.Length > limit:
			p.fail(at.Start, "length for type %s cannot exceed %d", t.Value, limit)
		}
	}
	p.expect(")")
	return typ
}

func (p *parser) decimal() Type {
	if !p.accept("(") {
		return numericType(18, 0)
	}
	t := p.peek()
	precision, scale := p.integer(), 0
	if precision < 1 || precision > maxPrecision {
		p.fail(t.Start, "DECIMAL precision must be between 1 and %d", maxPrecision)
	}
	if p.accept(",") {
		t = p.peek()
		if scale = p.integer(); scale > precision || scale > 37 {
			p.fail(t.Start, "DECIMAL scale must be between 0 and the precision, and at most 37")
		}
	}
	p.expect(")")
	return numericType(precision, scale)
}

// float reads FLOAT: eight bytes, four with a precision up to 24.
func (p *parser) float() Type {
	if !p.accept("(") {
		return float8Type
	}
	t := p.peek()
	n := p.integer()
	p.expect(")")
	switch {
	case n < 1 || n > 53:
		p.fail(t.Start, "precision for type float must be between 1 and 53")
	case n <= 24:
		return Type{Kind: Float4}
	}
	return float8Type
}

// clock reads TIME and TIMESTAMP with their zones.
func (p *parser) clock(t Token) Type {
	if p.accept("(") {
		p.secondsPrecision()
		p.expect(")")
	}
	zoned := p.accept("with", "time", "zone")
	if !zoned {
		p.accept("without", "time", "zone")
	}
	switch {
	case t.Is("time") && zoned:
		return Type{Kind: TimeTZ}
	case t.Is("time"):
		return Type{Kind: Time}
	case zoned:
		return stampTZType
	}
	return stampType
}

// intervalUnits are the units of an interval's qualifier, from the greatest.
var intervalUnits = map[string]int{"year": 1, "month": 2, "day": 3, "hour": 4, "minute": 5, "second": 6}

// qualifier reads YEAR TO MONTH, DAY TO SECOND(3) and the like.
func (p *parser) qualifier() (from, to string, precision int) {
	t := p.next()
	from, to, precision = t.Value, t.Value, -1
	if p.accept("to") {
		u := p.next()
		to = u.Value
		if u.Kind != word || intervalUnits[to] <= intervalUnits[from] || (intervalUnits[from] <= 2) != (intervalUnits[to] <= 2) {
			p.syntax(u)
		}
	}
	if to == "second" && p.accept("(") {
		at := p.peek()
		if precision = p.integer(); precision > 6 {
			p.fail(at.Start, "interval second precision must be between 0 and 6")
		}
		p.expect(")")
	}
	return from, to, precision
}
