package redshift

import (
	"strconv"
	"strings"
)

// Kind is the kind of a type.
type Kind uint8

// The kinds of Redshift's types.
const (
	Unknown Kind = iota // of a text literal, a parameter or NULL, until its context gives it a type
	Bool
	Int2
	Int4
	Int8
	Numeric
	Float4
	Float8
	Char
	Varchar
	Date
	Time
	TimeTZ
	Timestamp
	TimestampTZ
	Interval
	Varbyte
	Super
	OID
)

// Type is a type of Redshift with its length, or its precision and scale.
type Type struct {
	Kind Kind
	// Length of Char, Varchar and Varbyte in bytes; 0: none was given.
	Length int
	// Precision and Scale of Numeric.
	Precision, Scale int
}

// Lengths of character types, in bytes (Database Developer Guide, "Character types" and "VARBYTE type").
const (
	maxVarchar     = 65535
	maxChar        = 4096
	defaultVarchar = 256
	defaultChar    = 1
	maxVarbyte     = 1024000
	defaultVarbyte = 64000
	maxPrecision   = 38
)

var (
	boolType    = Type{Kind: Bool}
	int4Type    = Type{Kind: Int4}
	int8Type    = Type{Kind: Int8}
	float8Type  = Type{Kind: Float8}
	textType    = Type{Kind: Varchar}
	dateType    = Type{Kind: Date}
	stampType   = Type{Kind: Timestamp}
	stampTZType = Type{Kind: TimestampTZ}
	superType   = Type{Kind: Super}
	bytesType   = Type{Kind: Varbyte}
	spanType    = Type{Kind: Interval}
)

func numericType(precision, scale int) Type {
	return Type{Kind: Numeric, Precision: min(precision, maxPrecision), Scale: scale}
}

func (k Kind) isInteger() bool { return k == Int2 || k == Int4 || k == Int8 || k == OID }
func (k Kind) isFloat() bool   { return k == Float4 || k == Float8 }
func (k Kind) isNumber() bool  { return k.isInteger() || k.isFloat() || k == Numeric }
func (k Kind) isText() bool    { return k == Char || k == Varchar }
func (k Kind) isMoment() bool  { return k == Date || k == Timestamp || k == TimestampTZ }
func (k Kind) isClock() bool   { return k == Time || k == TimeTZ }

// internal names of the kinds, as pg_type has them.
var internalNames = [...]string{Unknown: "unknown", Bool: "bool", Int2: "int2", Int4: "int4", Int8: "int8", Numeric: "numeric", Float4: "float4",
	Float8: "float8", Char: "bpchar", Varchar: "varchar", Date: "date", Time: "time", TimeTZ: "timetz", Timestamp: "timestamp",
	TimestampTZ: "timestamptz", Interval: "interval", Varbyte: "varbyte", Super: "super", OID: "oid"}

// Internal is the type's name as pg_type has it and the Data API tells it: int8, varchar, bpchar, numeric ...
// What has no type of its own, as a text literal, is a varchar.
func (t Type) Internal() string {
	if t.Kind == Unknown {
		return "varchar"
	}
	return internalNames[t.Kind]
}

var sqlNames = [...]string{Unknown: "unknown", Bool: "boolean", Int2: "smallint", Int4: "integer", Int8: "bigint", Numeric: "numeric", Float4: "real",
	Float8: "double precision", Char: "character", Varchar: "character varying", Date: "date", Time: "time without time zone",
	TimeTZ: "time with time zone", Timestamp: "timestamp without time zone", TimestampTZ: "timestamp with time zone",
	Interval: "interval", Varbyte: "binary varying", Super: "super", OID: "oid"}

// String is the type's SQL name as format_type gives it: character varying(10), numeric(18,0).
func (t Type) String() string {
	s := sqlNames[t.Kind]
	switch {
	case t.Kind == Numeric:
		return s + "(" + strconv.Itoa(t.Precision) + "," + strconv.Itoa(t.Scale) + ")"
	case t.Length > 0:
		return s + "(" + strconv.Itoa(t.Length) + ")"
	}
	return s
}

// Duck is the type in which DuckDB keeps the values. A VARCHAR's length is kept by a check, not by the type.
func (t Type) Duck() string {
	switch t.Kind {
	case Bool:
		return "BOOLEAN"
	case Int2:
		return "SMALLINT"
	case Int4:
		return "INTEGER"
	case Int8, OID:
		return "BIGINT"
	case Numeric:
		return "DECIMAL(" + strconv.Itoa(t.Precision) + "," + strconv.Itoa(t.Scale) + ")"
	case Float4:
		return "REAL"
	case Float8:
		return "DOUBLE"
	case Date:
		return "DATE"
	case Time:
		return "TIME"
	case TimeTZ:
		return "TIMETZ"
	case Timestamp:
		return "TIMESTAMP"
	case TimestampTZ:
		return "TIMESTAMPTZ"
	case Interval:
		return "INTERVAL"
	case Varbyte:
		return "BLOB"
	}
	return "VARCHAR"
}

// digits is the precision that an integer or numeric takes as DECIMAL ("Numeric calculations with INTEGER and
// DECIMAL types").
func (t Type) asNumeric() Type {
	switch t.Kind {
	case Int2:
		return numericType(5, 0)
	case Int4:
		return numericType(10, 0)
	case Int8, OID:
		return numericType(19, 0)
	}
	return t
}

// quote makes a name DuckDB's "quoted identifier".
func quote(name string) string {
	if strings.IndexByte(name, '"') >= 0 {
		name = strings.ReplaceAll(name, `"`, `""`)
	}
	return `"` + name + `"`
}

// quoteText makes a text DuckDB's 'literal'.
func quoteText(s string) string {
	if strings.IndexByte(s, '\'') >= 0 {
		s = strings.ReplaceAll(s, "'", "''")
	}
	return "'" + s + "'"
}

func itoa(n int) string { return strconv.Itoa(n) }
