package redshiftdata

import (
	"regexp"
	"strings"

	"airline/local/redshift/wire"
)

// with is the text with values in the places of the parameters: literals, so that they mean there what they would if they had
// been written.
func (st *clientStatement) with(arguments []wire.Argument) string {
	var b strings.Builder
	at := 0
	for _, p := range st.places {
		b.WriteString(st.text[at:p.start])
		b.WriteString(literal(arguments[p.number-1], st.types[p.number-1]))
		at = p.end
	}
	b.WriteString(st.text[at:])
	return b.String()
}

var plainNumber = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// literal writes a value of a type in Redshift's SQL.
func literal(value wire.Argument, oid uint32) string {
	text := "NULL"
	if value != nil {
		text = textLiteral(string(value))
	}
	typ, ok := parameterTypes[oid]
	switch {
	case !ok:
		return text
	case value != nil && typ == "integer" && plainNumber.Match(value):
		return string(value)
	}
	return "CAST(" + text + " AS " + typ + ")"
}

// textLiteral writes a text in Redshift's SQL.
func textLiteral(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", "''") + "'"
}

// sample is some value of a type, with which a statement is described; a text may be meant as any type, and is NULL.
func sample(oid uint32) wire.Argument {
	switch oid {
	case wire.OIDBool:
		return wire.Argument("true")
	case wire.OIDInt2, wire.OIDInt4, wire.OIDInt8, wire.OIDFloat4, wire.OIDFloat8, wire.OIDNumeric, wire.OIDOID:
		return wire.Argument("1")
	case wire.OIDDate:
		return wire.Argument("2000-01-01")
	case wire.OIDTimestamp, wire.OIDTimestampTZ:
		return wire.Argument("2000-01-01 00:00:00")
	case wire.OIDTime, wire.OIDTimeTZ:
		return wire.Argument("00:00:00")
	}
	return nil
}

// parameterTypes are the types that a value is cast to. Texts are left as literals are: of the type that they meet.
var parameterTypes = map[uint32]string{
	wire.OIDBool: "boolean", wire.OIDInt2: "smallint", wire.OIDInt4: "integer", wire.OIDInt8: "bigint", wire.OIDFloat4: "real", wire.OIDFloat8: "float8",
	wire.OIDDate: "date", wire.OIDTimestamp: "timestamp", wire.OIDTimestampTZ: "timestamptz", wire.OIDTime: "time", wire.OIDTimeTZ: "timetz",
	wire.OIDOID: "bigint",
}
