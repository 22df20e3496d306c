package redshift

import "testing"

func TestConversion(t *testing.T) {
	column := func(typ string) Column {
		ty, err := ParseType(typ)
		if err != nil {
			t.Fatal(err)
		}
		return Column{Name: "c", Type: ty.declared()}
	}
	plain := Conversion{Null: `\N`}
	for _, c := range []struct {
		conversion Conversion
		typ, text  string
		want       string
	}{
		{plain, "int", " 42 ", "42"}, {plain, "int", "-7", "-7"}, {plain, "int", "", "NULL"}, {plain, "int", "  ", "NULL"}, {plain, "int", `\N`, "NULL"},
		{plain, "int", "4x2", "1207 Invalid digit, Value 'x', Pos 1, Type: Integer"}, {plain, "smallint", "1.5", "1207 Invalid digit, Value '.', Pos 1, Type: Short"},
		{plain, "smallint", "40000", "1204 Overflow, Column type: Short"}, {plain, "bigint", "9223372036854775807", "9223372036854775807"},
		{plain, "decimal(5,2)", "1.239", "1.23"}, {plain, "decimal(5,2)", "-1.239", "-1.23"}, {Conversion{Round: true}, "decimal(5,2)", "1.235", "1.24"}, {plain, "decimal(5,2)", "1e2", "100.00"},
		{plain, "decimal(5,2)", "1000", "1209 Numeric overflow: 1000 is out of range for numeric(5,2)"}, {plain, "decimal(5,2)", "a", "1207 Invalid digit, Value 'a', Pos 0, Type: Decimal"},
		{plain, "float8", "1.5e3", "1500"}, {plain, "float4", "1e39", `1208 Invalid characters or range in floating-point value "1e39"`}, {plain, "float8", "x", `1208 Invalid characters or range in floating-point value "x"`},
		{plain, "bool", "T", "true"}, {plain, "bool", "no", "false"}, {plain, "bool", "maybe", "1210 Unknown boolean format"},
		{plain, "varchar(3)", "abc", "abc"}, {plain, "varchar(3)", "abcd", "1204 String length exceeds DDL length"}, {plain, "varchar(3)", "ab  ", "1204 String length exceeds DDL length"},
		{Conversion{TruncateColumns: true}, "varchar(3)", "aé€", "aé"}, {plain, "varchar(3)", "", ""}, {Conversion{EmptyAsNull: true, Null: "x"}, "varchar(3)", "", "NULL"},
		{Conversion{BlanksAsNull: true, Null: "x"}, "varchar(9)", " \t", "NULL"}, {Conversion{BlanksAsNull: true, Null: "x"}, "varchar(9)", "", ""}, {Conversion{TrimBlanks: true}, "varchar(2)", "ab  ", "ab"},
		{Conversion{Null: "NA"}, "varchar(2)", "NA", "NULL"}, {Conversion{Null: "NA"}, "varchar(2)", `\N`, `\N`}, {plain, "char(2)", "ab ", "ab"}, {plain, "char(2)", "é", "1215 CHAR string contains invalid characters: multibyte characters need a VARCHAR"},
		{plain, "varchar(9)", "a\xe9b", "1220 String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: e9"}, {Conversion{Invalid: '?'}, "varchar(9)", "a\xe9\xe8b€", "a??b€"},
		{plain, "date", "2008-05-01", "2008-05-01"}, {plain, "date", "05/01/2008", `1205 Invalid Date Format - "05/01/2008" is not of the format YYYY-MM-DD`},
		{Conversion{DateFormat: "auto"}, "date", "05/01/2008", "2008-05-01"}, {Conversion{DateFormat: "DD.MM.YYYY"}, "date", "31.12.2008", "2008-12-31"},
		{Conversion{DateFormat: "DD.MM.YYYY"}, "date", "31.02.2008", `1205 Invalid Date Format - "31.02.2008" is not of the format DD.MM.YYYY`}, {Conversion{DateFormat: "DD.MM.YYYY", AnyDate: true}, "date", "31.02.2008", "NULL"},
		{plain, "timestamp", "2008-05-01 10:00:00.5", "2008-05-01 10:00:00.5"}, {plain, "timestamp", "2008-05-01T10:00:00Z", "1206 Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]"},
		{Conversion{TimeFormat: "auto"}, "timestamp", "2008-05-01T10:00:00Z", "2008-05-01 10:00:00"}, {Conversion{TimeFormat: "epochsecs"}, "timestamp", "1209600000", "2008-05-01 00:00:00"},
		{Conversion{TimeFormat: "epochmillisecs"}, "timestamp", "1209600000500", "2008-05-01 00:00:00.5"}, {Conversion{TimeFormat: "MM.DD.YYYY HH24:MI"}, "timestamp", "05.01.2008 10:30", "2008-05-01 10:30:00"},
		{plain, "timestamptz", "2008-05-01 10:00:00+02", "2008-05-01 08:00:00+00"}, {plain, "time", "10:30", "10:30:00"}, {plain, "super", `{"a":1}`, `{"a":1}`}, {plain, "super", "{", "1224 Invalid JSON in a value of SUPER"},
		{plain, "varbyte(2)", "aBcD", `\xAB\xCD`}, {plain, "varbyte(1)", "abcd", "1204 Invalid hexadecimal value of VARBYTE, or one that exceeds the DDL length"},
	} {
		got, null, err := c.conversion.Value(c.text, c.text, column(c.typ))
		switch {
		case err != nil:
			got = itoa(err.Code) + " " + err.Reason
		case null:
			got = "NULL"
		}
		if got != c.want {
			t.Errorf("%q as %s with %+v: %s, want %s", c.text, c.typ, c.conversion, got, c.want)
		}
	}
	required := column("int")
	required.NotNull = true
	if _, _, err := plain.Value("", "", required); err != MissingData {
		t.Errorf("NULL in a column NOT NULL: %v", err)
	}
}
