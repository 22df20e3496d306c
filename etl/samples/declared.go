package samples

import (
	"slices"
	"strings"

	"airline/etl"
)

// Declared is a declaration that is none of the project's, and files of it: nothing but the declaration knows of its columns. See [etl.Try].
type Declared struct {
	Name        string
	Declaration etl.Declaration
	Files       []File
}

// Declarations are what a declaration may say that none of the project's does: each way of writing files and of naming keys, other columns,
// no number to load, and a column more of flights.
func Declarations() []Declared {
	return []Declared{semicolons(), tabs(), bars(), controls(), keyed(), oddNames(), Distance()}
}

// stops are a dataset of days: a code, a name, and a number that may be null.
func stops(name etl.Dataset, format etl.Format, keys ...etl.KeyForm) etl.Declaration {
	return etl.Declaration{
		Name: name, Prefix: string(name) + "/", File: string(name) + ".csv", Machine: "load-" + string(name), Comment: "Loads the " + string(name) + " of a batch of objects into",
		Format: format, Keys: keys, Date: "on_day",
		Columns: []etl.RawColumn{
			{Name: "Stop", As: "stop", Text: true, Required: true, Nulls: []string{"", "none"}},
			{Name: "Label", As: "label", Text: true, Optional: true, Nulls: []string{""}},
			{Name: "Miles", As: "miles", Nulls: []string{"", "?"}, Aliases: []string{"Distance in miles"}, Between: []string{"0", "20000"}},
		},
		Days:  [][]etl.RawColumn{{{Name: "OnDay", As: "day"}}},
		Rules: []etl.Rule{{Reason: "no way", When: "f.miles = 0"}},
		Table: etl.Table{Schema: etl.Schema, Name: string(name) + "_fact", Columns: []etl.Column{
			{Name: "stop", Type: etl.Varchar, Bytes: 12, NotNull: true},
			{Name: "title", Type: etl.Varchar, Bytes: 40, From: "label"},
			{Name: "miles", Type: etl.BigInt},
			{Name: "on_day", Type: etl.Date, NotNull: true},
			{Name: "source_key", Type: etl.Varchar, Bytes: 1024, NotNull: true},
			{Name: "load_id", Type: etl.Varchar, Bytes: 64, NotNull: true},
		}},
	}
}

func semicolons() Declared {
	const key = "stops/dt=2008-05-01/s.csv"
	return Declared{"semicolons, comments, Windows-1252, dt=", stops("stops", etl.Format{Delimiter: ";", Comment: "#", Encoding: etl.Windows1252}, "dt=YYYY-MM-DD"), []File{
		{Name: "plain", Key: key, Content: "Stop;Label;Miles\nA,B;K\xf6ln \x80;5\nB;\x93x\x94;?\n",
			Rows: []string{"A,B|K\u00f6ln \u20ac|5|2008-05-01", "B|\u201cx\u201d|NULL|2008-05-01"}},
		{Name: "gzip", Key: key, Content: zipped("Stop;Label;Miles\r\nA;K\xf6ln;5\r\n"), Rows: []string{"A|K\u00f6ln|5|2008-05-01"}},
		{Name: "another order, an alias, one column less", Key: key, Content: "Distance in Miles;STOP\n7;A\n", Rows: []string{"A|NULL|7|2008-05-01"}},
		{Name: "comments everywhere", Key: key, Content: "# Stops; of \"us\n#\n\nStop;Label;Miles\n#A;x;1\nA;x;1\n# one \"quote\n\"B\";\"two\n# lines; no comment\n#\";2\n#\n C;#x;3\n# the end",
			Rows: []string{"A|x|1|2008-05-01", "B|two\n# lines; no comment\n#|2|2008-05-01", "C|#x|3|2008-05-01"}},
		{Name: "rejects", Key: key, Content: "Stop;Label;Miles\nnone;x;1\nA;x;far\n# x\nA;x;0\nA;x;20001\nA;x\n\"A;x;1\"y;1\nA;" + strings.Repeat("\xe4", 21) + ";1\nA,B,C\nA;x;-0\n",
			Rejects: []Reject{{2, "missing Stop", "none;x;1"}, {3, "invalid Miles", "A;x;far"}, {5, "no way", "A;x;0"}, {6, "impossible Miles", "A;x;20001"}, {7, "ragged row", "A;x"},
				{8, "malformed quotes", "\"A;x;1\"y;1"}, {9, "Label too long", "A;" + strings.Repeat("\u00e4", 21) + ";1"}, {10, "ragged row", "A,B,C"}, {11, "no way", "A;x;-0"}}},
		{Name: "a month is no day", Key: "stops/dt=2008-05/s.csv", Content: "Stop;Miles\n", Refused: etl.RefusedKey, Says: []string{"the key's partition dt=2008-05 is not a day as dt=YYYY-MM-DD", "stops/dt=YYYY-MM-DD/<name>.csv"}},
		{Name: "no such partition", Key: "stops/date=2008-05-01/s.csv", Content: "Stop;Miles\n", Refused: etl.RefusedKey, Says: []string{"no dt=YYYY-MM-DD partition"}},
		{Name: "commas", Key: key, Content: "Stop,Label,Miles\nA,x,1\n", Refused: etl.RefusedNoHeader, Says: []string{"separated by commas, not by semicolons (;)", "save it with semicolons (;)"}},
		{Name: "no character", Key: key, Content: "Stop;Miles\nA;1\n\"B\x81\";2\n", Refused: etl.RefusedNotText, Says: []string{key + ":3", "not text in Windows-1252", "0x81"}},
		{Name: "no character in the header", Key: key, Content: "# x\nStop;Miles;\x9d\nA;1;\n", Refused: etl.RefusedNotText, Says: []string{key + ":2", "0x9d"}},
		{Name: "NUL", Key: key, Content: "Stop;Miles\nA;\x00\n", Refused: etl.RefusedNotText, Says: []string{key + ":2", "NUL", "Windows-1252"}},
		{Name: "a missing column", Key: key, Content: "Stop;Mile\nA;1\n", Refused: etl.RefusedColumns, Says: []string{"lacks the required column Miles", "Mile ~ Miles"}},
		{Name: "nothing but comments", Key: key, Content: "# x\n#\n", Refused: etl.RefusedEmpty},
		{Name: "a quote that is never closed", Key: key, Content: "Stop;Miles\n# \"\n\"A;1\n#\n", Refused: etl.RefusedQuote, Says: []string{key + ":3"}},
	}}
}

func tabs() Declared {
	const key = "halts/year=2008/month=5/day=01/h.csv"
	return Declared{"tabs, ISO 8859-1, year=/month=/day=", stops("halts", etl.Format{Delimiter: "\t", Encoding: etl.Latin1}, "year=YYYY/month=MM/day=DD"), []File{
		{Name: "plain", Key: key, Content: "Stop\tLabel\tMiles\nA\t K\xf6ln \t 5\n\"B\tB\"\t\xa0x\t\n#C\t\t1\n", Rows: []string{"A|K\u00f6ln|5|2008-05-01", "B\tB|x|NULL|2008-05-01", "#C|NULL|1|2008-05-01"}},
		{Name: "two digits", Key: "halts/year=2008/month=05/day=1/h.csv", Content: "Stop\tMiles\nA\t1\n", Rows: []string{"A|NULL|1|2008-05-01"}},
		{Name: "the days of the rows", Key: key, Content: "Stop\tMiles\tOnDay\nA\t1\t5/1/2008\nA\t2\t5/2/2008\nA\t3\tMay\n", Rows: []string{"A|NULL|1|2008-05-01"},
			Rejects: []Reject{{3, "other day", "A\t2\t5/2/2008"}, {4, "invalid OnDay", "A\t3\tMay"}}},
		{Name: "a control character that Windows has letters for", Key: key, Content: "Stop\tMiles\nA\x80\t1\nB\t\x80\n", Rows: []string{"A\u0080|NULL|1|2008-05-01"}, Rejects: []Reject{{3, "invalid Miles", "B\t\u0080"}}},
		{Name: "no day", Key: "halts/year=2008/month=05/h.csv", Content: "Stop\tMiles\n", Refused: etl.RefusedKey, Says: []string{"partition year=2008/month=05 is not a day as year=YYYY/month=MM/day=DD"}},
		{Name: "February 30", Key: "halts/year=2008/month=2/day=30/h.csv", Content: "Stop\tMiles\n", Refused: etl.RefusedKey, Says: []string{"year=2008/month=2/day=30 is not a day"}},
		{Name: "commas", Key: key, Content: "Stop,Label,Miles\nA,x,1\n", Refused: etl.RefusedNoHeader, Says: []string{"separated by commas, not by tabs"}},
	}}
}

func bars() Declared {
	const key = "moves/2008/05/01/m.csv"
	return Declared{"bars, UTF-8, YYYY/MM/DD", stops("moves", etl.Format{Delimiter: "|", Comment: "--"}, "YYYY/MM/DD"), []File{
		{Name: "plain", Key: key, Content: "\ufeff-- x\nStop|Label|Miles\n-A|a,b|5\n--A|a|5\n\"B|B\"|\"\"\"x\"\"\"|6\n", Rows: []string{"-A|a,b|5|2008-05-01", "B|B|\"x\"|6|2008-05-01"}},
		{Name: "deeper", Key: "moves/2008/05/01/part/7/m.csv", Content: "Stop|Miles\nA|1\n", Rows: []string{"A|NULL|1|2008-05-01"}},
		{Name: "stray quotes", Key: key, Content: "Stop|Miles\nA\"|1\n\"A\",\"B\"|1\nA|1\n", Rows: []string{"A|NULL|1|2008-05-01"}, Rejects: []Reject{{2, "malformed quotes", "A\"|1"}, {3, "malformed quotes", "\"A\",\"B\"|1"}}},
		{Name: "no day", Key: "moves/2008/05/m.csv", Content: "Stop|Miles\n", Refused: etl.RefusedKey, Says: []string{"no YYYY/MM/DD partition"}},
		{Name: "no month", Key: "moves/2008/13/01/m.csv", Content: "Stop|Miles\n", Refused: etl.RefusedKey, Says: []string{"2008/13/01 is not a day as YYYY/MM/DD"}},
		{Name: "two days", Key: "moves/2008/05/01/2008/05/02/m.csv", Content: "Stop|Miles\n", Refused: etl.RefusedKey, Says: []string{"more than one partition: 2008/05/01, 2008/05/02"}},
		{Name: "Latin-1", Key: key, Content: "Stop|Miles\nK\xf6ln|1\n", Refused: etl.RefusedNotText, Says: []string{key + ":2", "0xf6"}},
	}}
}

// controls are rows of two texts and no number, which are merged by one of them.
func controls() Declared {
	return Declared{"control characters, texts alone, a key", etl.Declaration{
		Name: "signs", Prefix: "signs/", File: "signs.csv", Machine: "load-signs", Comment: "Merges the signs of a batch of objects into",
		Format: etl.Format{Delimiter: "\x01"},
		Columns: []etl.RawColumn{
			{Name: "Sign", As: "sign", Text: true, Required: true, Nulls: []string{""}},
			{Name: "Meaning", As: "meaning", Text: true, Nulls: []string{`\N`}},
		},
		Key: "sign",
		Table: etl.Table{Schema: etl.Schema, Name: "signs_dim", Columns: []etl.Column{
			{Name: "sign", Type: etl.Varchar, Bytes: 8, NotNull: true}, {Name: "meaning", Type: etl.Varchar, Bytes: 100},
		}},
	}, []File{
		{Name: "as Hive writes them", Key: "signs/s.csv", Content: "Sign\x01Meaning\nA\x01a,b\nB\x01\\N\nA\x01again\n\x01x\nC\n",
			Rows: []string{"A|again", "B|NULL"}, Rejects: []Reject{{2, "repeated Sign", "A\x01a,b"}, {5, "missing Sign", "\x01x"}, {6, "ragged row", "C"}}},
		{Name: "quotes", Key: "signs/s.csv", Content: "Sign\x01Meaning\n\"A\x01A\"\x01\"a\nb\"\n", Rows: []string{"A\x01A|a\nb"}},
		{Name: "tabs", Key: "signs/s.csv", Content: "Sign\tMeaning\nA\tb\n", Refused: etl.RefusedNoHeader, Says: []string{"separated by tabs, not by the control character U+0001"}},
	}}
}

// keyed are rows of days that are merged by a key, of which no raw column names the day, and whose null has no spelling but nothing.
func keyed() Declared {
	const key = "seats/year=2008/month=05/day=1/s.csv"
	return Declared{"bars, ISO 8859-1, a key and days that keys alone name", etl.Declaration{
		Name: "seats", Prefix: "seats/", File: "seats.csv", Machine: "load-seats", Comment: "Merges the seats of a batch of objects into",
		Format: etl.Format{Delimiter: "|", Comment: "#", Encoding: etl.Latin1}, Date: "day", Keys: []etl.KeyForm{"year=YYYY/month=MM/day=DD"},
		Columns: []etl.RawColumn{
			{Name: "Number", As: "number", Text: true, Required: true},
			{Name: "Passenger", As: "passenger", Text: true},
			{Name: "Bags", As: "bags"},
		},
		Key: "number",
		Table: etl.Table{Schema: etl.Schema, Name: "seats_dim", Columns: []etl.Column{
			{Name: "number", Type: etl.Varchar, Bytes: 8, NotNull: true}, {Name: "passenger", Type: etl.Varchar, Bytes: 40},
			{Name: "bags", Type: etl.BigInt}, {Name: "day", Type: etl.Date, NotNull: true},
		}},
	}, []File{
		{Name: "a day", Key: key, Content: "# seats\nNumber|Passenger|Bags\nA1|J\xfcrgen|2\nA2|Zo\xeb|\nA2|Zo\xeb again|3\nA3|x|many\n|y|1\n",
			Rows: []string{"A1|J\u00fcrgen|2|2008-05-01", "A2|Zo\u00eb again|3|2008-05-01"}, Rejects: []Reject{{4, "repeated Number", "A2|Zo\u00eb|"}, {6, "invalid Bags", "A3|x|many"}, {7, "missing Number", "|y|1"}}},
		{Name: "nothing is null", Key: key, Content: "Number|Passenger|Bags\nA4||\n", Rows: []string{"A4||NULL|2008-05-01"}},
	}}
}

// oddNames are rows of days whose columns are called as words of SQL, with marks of formats and of quotes, and whose nulls have them, too.
func oddNames() Declared {
	const key, size = "rails/2008/05/01/r.csv", "Gr\u00f6\u00dfe {x} 100%d $1"
	const header = "select\tGr\xf6\xdfe {x} 100%d $1\tit's; --\n"
	return Declared{"tabs, ISO 8859-1, comments, YYYY/MM/DD, names and nulls with marks", etl.Declaration{
		Name: "rails", Prefix: "rails/", File: "rails.csv", Machine: "load-rails", Comment: "Loads the rails of a batch of objects into",
		Format: etl.Format{Delimiter: "\t", Comment: "#", Encoding: etl.Latin1}, Date: "on_day", Keys: []etl.KeyForm{"YYYY/MM/DD"},
		Columns: []etl.RawColumn{
			{Name: "select", As: "selected", Text: true, Required: true, Nulls: []string{"", "it's", `\N`, `"`, "{0}", "%s", "n/\u00e4"}, Aliases: []string{"GROUP BY"}},
			{Name: size, As: "size_of", Nulls: []string{"", `\`, "'"}, Between: []string{"-5", "5"}},
			{Name: "it's; --", As: "note", Text: true, Optional: true, Printable: true},
		},
		Rules: []etl.Rule{{Reason: "it's {odd} 100%", When: "f.size_of = -4"}},
		Table: etl.Table{Schema: etl.Schema, Name: "rails_fact", Columns: []etl.Column{
			{Name: "selected", Type: etl.Varchar, Bytes: 8, NotNull: true}, {Name: "size_of", Type: etl.BigInt}, {Name: "note", Type: etl.Varchar, Bytes: 20},
			{Name: "on_day", Type: etl.Date, NotNull: true}, {Name: "source_key", Type: etl.Varchar, Bytes: 1024, NotNull: true}, {Name: "load_id", Type: etl.Varchar, Bytes: 64, NotNull: true},
		}},
	}, []File{
		{Name: "plain", Key: key, Content: "# rails\n" + header + "A\t5\tx\nB\t\\\t\n#C\t1\tx\nC\t'\t{x} %s '\xe4\n",
			Rows: []string{"A|5|x|2008-05-01", "B|NULL||2008-05-01", "C|NULL|{x} %s '\u00e4|2008-05-01"}},
		{Name: "rejects", Key: key, Content: header + "it's\t1\t\n\\N\t1\t\n\"\"\"\"\t1\t\n{0}\t1\t\n%s\t1\t\nn/\xe4\t1\t\nA\t6\t\nA\tx\t\nA\t-4\t\nA\t1\tx\x01y\nABCDEFGH\xe4\t1\t\n",
			Rejects: []Reject{{2, "missing select", "it's\t1\t"}, {3, "missing select", "\\N\t1\t"}, {4, "missing select", "\"\"\"\"\t1\t"}, {5, "missing select", "{0}\t1\t"}, {6, "missing select", "%s\t1\t"},
				{7, "missing select", "n/\u00e4\t1\t"}, {8, "impossible " + size, "A\t6\t"}, {9, "invalid " + size, "A\tx\t"}, {10, "it's {odd} 100%", "A\t-4\t"},
				{11, "invalid it's; --", "A\t1\tx\x01y"}, {12, "select too long", "ABCDEFGH\u00e4\t1\t"}}},
		{Name: "an alias, and a column less", Key: key, Content: "gr\xf6\xdfE {X} 100%D $1\tgroup by\n1\tA\n", Rows: []string{"A|1|NULL|2008-05-01"}},
		{Name: "a missing column", Key: key, Content: "select\tit's; --\nA\tx\n", Refused: etl.RefusedColumns, Says: []string{"lacks the required column " + size}},
		{Name: "a column twice", Key: key, Content: "select\tGr\xf6\xdfe {x} 100%d $1\tSELECT\nA\t1\tB\n", Refused: etl.RefusedRepeated, Says: []string{"select"}},
	}}
}

// Distance is the declaration of flights with a column more, in files and table, that files may lack.
func Distance() Declared {
	d, _ := etl.Flights.Declared()
	d.Columns = append(slices.Clone(d.Columns), etl.RawColumn{Name: "Distance", As: "distance", Optional: true, Nulls: []string{"", "NA"}, Aliases: []string{"DISTANCE_MILES"}})
	d.Table.Columns = append(slices.Clone(d.Table.Columns), etl.Column{Name: "distance", Type: etl.BigInt})
	const a, b = "AA|Adak Island|Boise, Air Terminal|Adak|Boise|AK|ID|5|-3|2008-05-01", "DL|Boise, Air Terminal|Yellowstone|Boise|Cody|ID|WY|NULL|0|2008-05-01"
	return Declared{"flights with a column more", d, []File{
		{Name: "the old shape", Key: Key, Content: header + "AA,1,2,5,-3\n", Rows: []string{a + "|NULL"}},
		{Name: "the new shape", Key: Key, Content: "Distance_Miles," + header + "731.00,AA,1,2,5,-3\nNA,DL,2,3,,0\nfar,AA,1,2,5,-3\n", Rows: []string{a + "|731", b + "|NULL"},
			Rejects: []Reject{{4, "invalid Distance", "far,AA,1,2,5,-3"}}},
	}}
}
