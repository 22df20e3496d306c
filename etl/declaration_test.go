package etl_test

import (
	"slices"
	"strings"
	"testing"

	"airline/etl"
)

// rails is a declaration that is right.
func rails() etl.Declaration {
	return etl.Declaration{
		Name: "rails", Prefix: "rails/", File: "rails.csv", Machine: "load-rails", Comment: "Loads rails into",
		Format: etl.Format{Delimiter: "\t", Comment: "#", Encoding: etl.Latin1}, Date: "on_day", Keys: []etl.KeyForm{"YYYY/MM/DD"},
		Columns: []etl.RawColumn{
			{Name: "Rail", As: "rail", Text: true, Required: true, Aliases: []string{"Track"}},
			{Name: "Miles", As: "miles", Between: []string{"0", "9"}},
			{Name: "End", As: "end_id"},
		},
		Joins: []etl.Join{{As: "station", With: etl.Airports, On: "end_id", Coded: "EndCode", What: "station"}},
		Rules: []etl.Rule{{Reason: "short", When: "f.miles = 1"}},
		Table: etl.Table{Schema: etl.Schema, Name: "rails_fact", Columns: []etl.Column{
			{Name: "rail", Type: etl.Varchar, Bytes: 10, NotNull: true}, {Name: "miles", Type: etl.BigInt}, {Name: "city", Type: etl.Varchar, Bytes: 100, From: "station.city"},
			{Name: "on_day", Type: etl.Date, NotNull: true}, {Name: "source_key", Type: etl.Varchar, Bytes: 1024, NotNull: true}, {Name: "load_id", Type: etl.Varchar, Bytes: 64, NotNull: true},
		}},
	}
}

// What cannot work is said of the declaration, before anything is made of it.
func TestDeclarationsThatCannotWork(t *testing.T) {
	if err := rails().Check(); err != nil {
		t.Fatal(err)
	}
	keyed := func(d *etl.Declaration) {
		d.Key, d.Date, d.Keys, d.Joins = "rail", "", nil, nil
		d.Table.Columns = slices.Clone(d.Table.Columns[:2])
	}
	merged := rails()
	keyed(&merged)
	if err := merged.Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*etl.Declaration)
		want   string
	}{
		"a dataset called as a view": {func(d *etl.Declaration) { d.Name = "settings" }, "queries cannot call the dataset so"},
		"a dataset of capitals":      {func(d *etl.Declaration) { d.Name = "Rails" }, "queries cannot call the dataset so"},
		"a prefix that hides":        {func(d *etl.Declaration) { d.Prefix = "_rails/" }, `the prefix "_rails/" has other folders`},
		"a prefix of a pattern":      {func(d *etl.Declaration) { d.Prefix = "rails*/" }, "has other folders"},
		"an empty folder":            {func(d *etl.Declaration) { d.Prefix = "rails//" }, "has other folders"},
		"a prefix without an end":    {func(d *etl.Declaration) { d.Prefix = "rails" }, "does not end in /"},
		"a prefix below another's":   {func(d *etl.Declaration) { d.Prefix = "airports/rails/" }, "are another dataset's, too"},
		"a file that nothing loads":  {func(d *etl.Declaration) { d.File = "rails.txt" }, `nothing loads a file called "rails.txt"`},
		"a machine of blanks":        {func(d *etl.Declaration) { d.Machine = "load rails" }, "not of small letters, digits and dashes"},
		"a reserved table":           {func(d *etl.Declaration) { d.Table.Name = "table" }, `the table or view "table" is a word of SQL`},
		"a view of quotes":           {func(d *etl.Declaration) { d.Views = []etl.View{{Schema: etl.Schema, Name: `a"b`}} }, "is a word of SQL, or not of small letters"},
		"a reserved column":          {func(d *etl.Declaration) { d.Table.Columns[1].Name = "percent" }, "the column percent is a word of SQL"},
		"a column twice":             {func(d *etl.Declaration) { d.Table.Columns[1].Name = "rail" }, "has the column rail twice"},
		"a text without place":       {func(d *etl.Declaration) { d.Table.Columns[0].Bytes = 0 }, "has place for 0 bytes: a text has 1 to 65535"},
		"a text that is too long":    {func(d *etl.Declaration) { d.Table.Columns[0].Bytes = 65536 }, "has place for 65536 bytes"},
		"a reserved name in queries": {func(d *etl.Declaration) { d.Columns[0].As = "order" }, `queries cannot call the raw column Rail "order"`},
		"two names in queries":       {func(d *etl.Declaration) { d.Columns[2].As = "miles" }, "queries would call both the raw column Miles and the raw column End miles"},
		"a name of a number's text":  {func(d *etl.Declaration) { d.Columns[0].As = "miles_text" }, "queries would call both the raw column Rail and the text of Miles miles_text"},
		"a name of the day":          {func(d *etl.Declaration) { d.Columns[1].As = "on_day" }, "queries would call both the day of a row and the raw column Miles on_day"},
		"a name of the day's text": {func(d *etl.Declaration) {
			d.Days, d.Columns[1].As = [][]etl.RawColumn{{{Name: "Day", As: "day"}}}, "day"
		}, "the text of a day and the raw column Miles day"},
		"names alike but for case":          {func(d *etl.Declaration) { d.Columns[1].Name = "RAIL" }, "are both called RAIL in files, without regard to case"},
		"an alias alike but for case":       {func(d *etl.Declaration) { d.Columns[1].Aliases = []string{"tracK"} }, "are both called tracK in files"},
		"a day's column alike but for case": {func(d *etl.Declaration) { d.Days = [][]etl.RawColumn{{{Name: "TRACK", As: "day"}}} }, "one for the day of a row are both called TRACK"},
		"a code alike but for case":         {func(d *etl.Declaration) { d.Joins[0].Coded = "miles" }, "the raw column miles and the code of the join station are both called miles"},
		"a name with the delimiter":         {func(d *etl.Declaration) { d.Columns[0].Name = "a\tb" }, "has a quote, a delimiter or a control character"},
		"a name with a quote":               {func(d *etl.Declaration) { d.Columns[0].Aliases = []string{`a"b`} }, "has a quote, a delimiter or a control character"},
		"a name that is a comment":          {func(d *etl.Declaration) { d.Columns[0].Name = "#rail" }, "begins as comments do"},
		"a name that no file can have":      {func(d *etl.Declaration) { d.Columns[0].Name = "日" }, "has characters that ISO-8859-1 does not have"},
		"a null that no file can have":      {func(d *etl.Declaration) { d.Columns[0].Nulls = []string{"–"} }, "of the raw column Rail has characters that ISO-8859-1 does not have"},
		"a name with blanks":                {func(d *etl.Declaration) { d.Columns[0].Name = " Rail" }, "is never met"},
		"a null with blanks":                {func(d *etl.Declaration) { d.Columns[0].Nulls = []string{"NA "} }, `the null "NA " of the raw column Rail is never met`},
		"one bound":                         {func(d *etl.Declaration) { d.Columns[1].Between = []string{"0"} }, "is between 1 bounds"},
		"bounds of a text":                  {func(d *etl.Declaration) { d.Columns[0].Between = []string{"0", "1"} }, "numbers have none or two, texts none"},
		"a key of two columns":              {func(d *etl.Declaration) { keyed(d); d.Key = "rail, miles" }, "the key rail, miles is no raw column: a key is one"},
		"a key that may be null":            {func(d *etl.Declaration) { keyed(d); d.Columns[0].Required = false }, "the key's raw column Rail may be null"},
		"a key that is not in the table": {func(d *etl.Declaration) {
			keyed(d)
			d.Table.Columns[0].Name, d.Table.Columns[0].From = "rail_name", "rail"
		}, "has no column rail of the key"},
		"a code that is a number":         {func(d *etl.Declaration) { keyed(d); d.Code = "miles" }, "the code miles is no raw column of text"},
		"a join of a reserved name":       {func(d *etl.Declaration) { d.Joins[0].As = "union" }, `queries cannot call a join "union"`},
		"a join called as the rows":       {func(d *etl.Declaration) { d.Joins[0].As = "f" }, `queries cannot call a join "f"`},
		"two joins of one name":           {func(d *etl.Declaration) { d.Joins = append(d.Joins, d.Joins[0]) }, "give it a name of its own"},
		"a join of a text and a number":   {func(d *etl.Declaration) { d.Joins[0].On = "rail" }, "one of it and the key of airports is a number"},
		"a join with no key":              {func(d *etl.Declaration) { d.Joins[0].With = etl.Flights }, "no other dataset with a key"},
		"a rule of no column":             {func(d *etl.Declaration) { d.Rules[0].When = "f.mile = 1" }, "asks for f.mile, which is no raw column"},
		"a rule without a reason":         {func(d *etl.Declaration) { d.Rules[0].Reason = "" }, "has no reason"},
		"a delimiter that has no name":    {func(d *etl.Declaration) { d.Format.Delimiter = "~" }, `the delimiter "~" is none of`},
		"an encoding that is none":        {func(d *etl.Declaration) { d.Format.Encoding = "latin1" }, `the encoding "latin1" is none of`},
		"comments of a backslash":         {func(d *etl.Declaration) { d.Format.Comment = `\` }, "comments begin with"},
		"comments that begin with values": {func(d *etl.Declaration) { d.Format.Comment = "A" }, `comments begin with "A"`},
		"a form of keys that is none":     {func(d *etl.Declaration) { d.Keys = []etl.KeyForm{"YYYY/DD"} }, `the form of keys "YYYY/DD" does not have MM once`},
		"columns without end": {func(d *etl.Declaration) {
			for len(d.Table.Columns) < 1601 {
				d.Table.Columns = append(d.Table.Columns, etl.Column{Name: "c" + strings.Repeat("x", len(d.Table.Columns)%100), Type: etl.BigInt, From: "miles"})
			}
		}, "has 1601 columns, and a table at most 1600"},
	} {
		t.Run(name, func(t *testing.T) {
			d := rails()
			c.change(&d)
			if err := d.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// Every character of an encoding of one byte is written as it is read, and no other is.
func TestEncode(t *testing.T) {
	for _, encoding := range []etl.Encoding{etl.Latin1, etl.Windows1252} {
		f := etl.Format{Encoding: encoding, Delimiter: ","}
		written := 0
		for b := range 256 {
			text := f.Decode([]byte{byte(b)})
			encoded, ok := f.Encode(string(text))
			if at, _ := f.BadByte(text); b > 0 && ok != (at < 0) || ok && string(encoded) != string([]byte{byte(b)}) {
				t.Errorf("%s: the byte %#02x is %q, which is written as %x (%t)", encoding, b, text, encoded, ok)
			}
			if ok {
				written++
			}
		}
		if want := map[etl.Encoding]int{etl.Latin1: 256, etl.Windows1252: 251}[encoding]; written != want {
			t.Errorf("%s has %d characters, want %d", encoding, written, want)
		}
		if encoded, ok := f.Encode("日"); ok {
			t.Errorf("%s has %x", encoding, encoded)
		}
	}
}
