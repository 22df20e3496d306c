package catalog

import (
	"maps"
	"slices"
	"strings"
)

// pgType is a type as pg_type has it.
type pgType struct {
	oid    int
	name   string
	sql    string // its SQL name; "" for types that format_type calls by name
	size   int    // in bytes, -1: varying
	letter string // typtype
	array  int    // OID of the array type
}

// types are those that relations have (pg_type of Redshift; sizes as in PostgreSQL 8.0).
var types = []pgType{
	{16, "bool", "boolean", 1, "b", 1000}, {18, "char", `"char"`, 1, "b", 1002}, {19, "name", "name", 64, "b", 1003}, {20, "int8", "bigint", 8, "b", 1016},
	{21, "int2", "smallint", 2, "b", 1005}, {22, "int2vector", "smallint[]", 64, "b", 1006}, {23, "int4", "integer", 4, "b", 1007}, {24, "regproc", "regproc", 4, "b", 1008},
	{25, "text", "text", -1, "b", 1009}, {26, "oid", "oid", 4, "b", 1028}, {28, "xid", "xid", 4, "b", 1011}, {30, "oidvector", "oid[]", 128, "b", 1013},
	{700, "float4", "real", 4, "b", 1021}, {701, "float8", "double precision", 8, "b", 1022}, {705, "unknown", "unknown", -1, "b", 0}, {1009, "_text", "text[]", -1, "b", 0},
	{1033, "aclitem", "aclitem", 12, "b", 1034}, {1042, "bpchar", "character", -1, "b", 1014}, {1043, "varchar", "character varying", -1, "b", 1015}, {1082, "date", "date", 4, "b", 1182},
	{1083, "time", "time without time zone", 8, "b", 1183}, {1114, "timestamp", "timestamp without time zone", 8, "b", 1115}, {1184, "timestamptz", "timestamp with time zone", 8, "b", 1185},
	{1186, "interval", "interval", 16, "b", 1187}, {1188, "intervaly2m", "interval year to month", 4, "b", 1189}, {1190, "intervald2s", "interval day to second", 8, "b", 1191},
	{1266, "timetz", "time with time zone", 12, "b", 1270}, {1700, "numeric", "numeric", -1, "b", 1231}, {2205, "regclass", "regclass", 4, "b", 2210}, {2206, "regtype", "regtype", 4, "b", 2211},
	{2278, "void", "void", 4, "p", 0}, {2935, "hllsketch", "hllsketch", -1, "b", 0}, {3000, "geometry", "geometry", -1, "b", 0}, {3001, "geography", "geography", -1, "b", 0},
	{4000, "super", "super", -1, "b", 0}, {6551, "varbyte", "binary varying", -1, "b", 0},
}

// systemNames are the relations in the order of their numbers.
func (c *Catalog) systemNames() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(c.relations)) {
		if !strings.HasPrefix(name, "part.") {
			names = append(names, name)
		}
	}
	return names
}
