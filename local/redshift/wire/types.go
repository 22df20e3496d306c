package wire

// OIDs of types in Redshift's pg_type (and in its drivers: Oid.java of the JDBC driver, oids.py of redshift_connector).
const (
	OIDBool        = 16
	OIDChar        = 18 // "char", of one byte
	OIDName        = 19
	OIDInt8        = 20
	OIDInt2        = 21
	OIDInt2Vector  = 22
	OIDInt4        = 23
	OIDText        = 25
	OIDOID         = 26
	OIDXID         = 28
	OIDFloat4      = 700
	OIDFloat8      = 701
	OIDUnknown     = 705
	OIDBoolArray   = 1000
	OIDInt2Array   = 1005
	OIDInt4Array   = 1007
	OIDTextArray   = 1009
	OIDInt8Array   = 1016
	OIDFloat8Array = 1022
	OIDACLArray    = 1034
	OIDBPChar      = 1042
	OIDVarchar     = 1043
	OIDDate        = 1082
	OIDTime        = 1083
	OIDTimestamp   = 1114
	OIDTimestampTZ = 1184
	OIDInterval    = 1186
	OIDYearToMonth = 1188
	OIDDayToSecond = 1190
	OIDTimeTZ      = 1266
	OIDNumeric     = 1700
	OIDSuper       = 4000
	OIDVarbyte     = 6551
)

// Formats of values in messages.
const (
	textFormat   = 0
	binaryFormat = 1
)

// SizeOf is the size of a type in bytes, -1 for one of varying length (pg_type.typlen).
func SizeOf(oid uint32) int16 {
	switch oid {
	case OIDBool, OIDChar:
		return 1
	case OIDInt2:
		return 2
	case OIDInt4, OIDOID, OIDXID, OIDFloat4, OIDDate, OIDYearToMonth:
		return 4
	case OIDInt8, OIDFloat8, OIDTimestamp, OIDTimestampTZ, OIDTime, OIDDayToSecond:
		return 8
	case OIDTimeTZ:
		return 12
	case OIDInterval:
		return 16
	case OIDName:
		return 64
	}
	return -1
}
