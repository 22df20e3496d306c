package samples

import (
	"compress/flate"
	"compress/gzip"
	"io"
	"strings"
	"time"

	"airline/etl"
)

// odd are files as spreadsheets, databases, shells and downloads leave them.
func odd() []File {
	const row, one = "AA,1,2,5,-3\n", fact + "5|-3|2008-05-01"
	month := func(header string, records ...string) string {
		return header + "\n" + strings.Join(records, "\n") + "\n"
	}
	const days = "FL_DATE,OP_CARRIER,ORIGIN_AIRPORT_ID,DEST_AIRPORT_ID,DEP_DELAY,ARR_DELAY"
	files := []File{
		{Name: "snake case", Content: "carrier,origin_airport_id,dest_airport_id,dep_delay,arr_delay\n" + row, Rows: []string{one}},
		{Name: "a blank after each comma", Content: strings.ReplaceAll(header+row, ",", ", "), Rows: []string{one}},
		{Name: "a part of the day only", Content: "DayofMonth,DayOfWeek," + header + "9,4," + row, Rows: []string{one}},
		{Name: "nycflights13", Content: "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,dest\n2008,5,1,517,515,5,830,819,-3,AA,1545,N14228,ADK,BOI\n", Rows: []string{one}},
		{Name: "an alias beside the name", Content: "UniqueCarrier,Carrier,OriginAirportID,ORIGIN_AIRPORT_ID,DestAirportID,DepDelay,ArrDelay\nXX,AA,1,3,2,5,-3\n", Rows: []string{one}},
		{Name: "codes beside ids", Content: "Carrier,Origin,Dest,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,COD,COD,1,2,5,-3\n", Rows: []string{one}},
		{Name: "codes with blanks around", Content: "Carrier,Origin,Dest,DepDelay,ArrDelay\nAA, ADK,BOI ,5,-3\n", Rows: []string{one}},
		{Name: "blanks inside of quoted names", Content: "\" Carrier \",\" OriginAirportID\",\"DestAirportID\t\",\"DepDelay \",\"ArrDelay \"\n\"AA\",\"1\",\"2\",\"5\",\"-3\"\n", Rows: []string{one}},
		{Name: "a name of two lines", Content: "Carrier,\"Remark\nof the line\",OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,x,1,2,5,-3\n", Rows: []string{one}},
		{Name: "columns without names", Content: strings.ReplaceAll(header+row, ",", ",,"), Rows: []string{one}},
		{Name: "empty texts in quotes", Content: header + "\"AA\",\"1\",\"2\",\"\",\"\"\n", Rows: []string{fact + "NULL|NULL|2008-05-01"}},
		{Name: "the header in the middle", Content: header + row + header + row, Rows: []string{one, one}, Rejects: []Reject{{3, "invalid OriginAirportID", strings.TrimSpace(header)}}},
		{Name: "a row of units", Content: header + ",,,minutes,minutes\n" + row, Rows: []string{one}, Rejects: []Reject{{2, "missing Carrier", ",,,minutes,minutes"}}},
		{Name: "a row of totals", Content: header + row + "Total,,,5,-3\n", Rows: []string{one}, Rejects: []Reject{{3, "invalid OriginAirportID", "Total,,,5,-3"}}},
		{Name: "DOS's end of file", Content: header + row + "\x1a", Rows: []string{one}, Rejects: []Reject{{3, "ragged row", "\x1a"}}},
		{Name: "quotes behind backslashes", Content: strings.TrimSpace(header) + ",Remark\n\"AA\",1,2,5,-3,\"say \\\"hi\\\"\"\nAA,1,2,5,-3,ok\n", Rows: []string{one}, Rejects: []Reject{{2, "malformed quotes", "\"AA\",1,2,5,-3,\"say \\\"hi\\\"\""}}},
		{Name: "inches", Content: strings.TrimSpace(header) + ",Remark\nAA,1,2,5,-3,5\" pipe\nAA,1,2,5,-3,ok\n", Rows: []string{one}, Rejects: []Reject{{2, "malformed quotes", "AA,1,2,5,-3,5\" pipe"}}},
		{Name: "a formula of Excel", Content: header + "=\"AA\",1,2,5,-3\n" + row, Rows: []string{one}, Rejects: []Reject{{2, "malformed quotes", "=\"AA\",1,2,5,-3"}}},
		{Name: "apostrophes before numbers", Content: header + "AA,'1,'2,5,-3\n" + row, Rows: []string{one}, Rejects: []Reject{{2, "invalid OriginAirportID", "AA,'1,'2,5,-3"}}},
		{Name: "thousands", Content: header + "AA,\"1,000\",2,5,-3\nAA,1,2,\"1,005\",-3\n" + row, Rows: []string{one}, Rejects: []Reject{{2, "invalid OriginAirportID", "AA,\"1,000\",2,5,-3"}, {3, "invalid DepDelay", "AA,1,2,\"1,005\",-3"}}},
		{Name: "ids with signs and zeros", Content: header + "AA,1.000,2,5,-3\nAA,1e0,2,5,-3\nAA,0001,+2,5,-3\nAA,-1,2,5,-3\nAA,0,2,5,-3\n", Rows: []string{one}, Rejects: []Reject{
			{2, "invalid OriginAirportID", "AA,1.000,2,5,-3"}, {3, "invalid OriginAirportID", "AA,1e0,2,5,-3"}, {5, "unknown origin airport", "AA,-1,2,5,-3"}, {6, "unknown origin airport", "AA,0,2,5,-3"}}},
		{Name: "byte order mark in gzip", Content: zipped("\ufeff" + header + row), Rows: []string{one}},
		{Name: "gzip with a name, a comment and an extra field", Content: named(header + row), Rows: []string{one}},
		{Name: "gzip without compression", Content: stored(header + row), Rows: []string{one}},
		{Name: "gzip with empty members", Content: zipped("") + zipped(header+row) + zipped(""), Rows: []string{one}},
		{Name: "floats of year, month and day", Key: monthKey, Content: month("Year,Month,DayofMonth,Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay", "2008.0,5.0,1.0,AA,1.0,2.0,5.0,-3.0", "2008.00,5.00,31.00,AA,1,2,5,-3", "2008.0,6.0,1.0,AA,1,2,5,-3", "2008.5,5.0,1.0,AA,1,2,5,-3"),
			Rows: []string{one, fact + "5|-3|2008-05-31"}, Rejects: []Reject{{4, "other day", "2008.0,6.0,1.0,AA,1,2,5,-3"}, {5, "invalid FlightDate", "2008.5,5.0,1.0,AA,1,2,5,-3"}}},
		{Name: "parts of a day in quotes", Key: monthKey, Content: "\"YEAR\",\"MONTH\",\"DAY_OF_MONTH\",\"OP_UNIQUE_CARRIER\",\"ORIGIN_AIRPORT_ID\",\"DEST_AIRPORT_ID\",\"DEP_DELAY\",\"ARR_DELAY\"\n\"2008\",\"05\",\"01\",\"AA\",\"1\",\"2\",\"5.00\",\"-3.00\"\n", Rows: []string{one}},
		{Name: "years of two digits", Key: monthKey, Content: month(days, "5/1/08,AA,1,2,5,-3", "05/01/08 0:00,AA,1,2,5,-3"), Rows: []string{one, one}},
		{Name: "blanks around days", Key: monthKey, Content: strings.ReplaceAll(month(days, "2008-05-01,AA,1,2,5,-3"), ",", " , "), Rows: []string{one}},
		{Name: "times of day with zones and in lower case", Key: monthKey, Content: month(days, "2008-05-01T10:00:00+02:00,AA,1,2,5,-3", "2008-05-01 10:00:00-0500,AA,1,2,5,-3", "2008-05-01 23:30:00 UTC,AA,1,2,5,-3", "5/1/2008 12:00:00 am,AA,1,2,5,-3", "2008-05-01t00:00:00z,AA,1,2,5,-3", "2008-05-01 00:00:00+00:00,AA,1,2,5,-3"),
			Rows: []string{one, one, one, one, one, one}},
		{Name: "days in other orders", Key: monthKey, Content: month(days, "13/05/2008,AA,1,2,5,-3", "05-13-2008,AA,1,2,5,-3", "39581,AA,1,2,5,-3", "13-MAY-2008,AA,1,2,5,-3", "\"May 13, 2008\",AA,1,2,5,-3", "2008-13-05,AA,1,2,5,-3", "20081305,AA,1,2,5,-3", "2008-05-01,AA,1,2,5,-3", "2008-05-01x,AA,1,2,5,-3"),
			Rows: []string{one}, Rejects: []Reject{{2, "invalid FlightDate", "13/05/2008,AA,1,2,5,-3"}, {3, "invalid FlightDate", "05-13-2008,AA,1,2,5,-3"}, {4, "invalid FlightDate", "39581,AA,1,2,5,-3"}, {5, "invalid FlightDate", "13-MAY-2008,AA,1,2,5,-3"},
				{6, "invalid FlightDate", "\"May 13, 2008\",AA,1,2,5,-3"}, {7, "invalid FlightDate", "2008-13-05,AA,1,2,5,-3"}, {8, "invalid FlightDate", "20081305,AA,1,2,5,-3"}, {10, "invalid FlightDate", "2008-05-01x,AA,1,2,5,-3"}}},
		{Name: "cancelled and diverted", Key: monthKey, Content: month("FlightDate,Reporting_Airline,OriginAirportID,DestAirportID,DepDelay,ArrDelay,Cancelled,Diverted", "2008-05-01,AA,1,2,,,1.00,0.00", "2008-05-01,AA,1,2,5.00,,0.00,1.00"),
			Rows: []string{fact + "5|NULL|2008-05-01", fact + "NULL|NULL|2008-05-01"}},
		{Name: "Hive's partitions of year, month and day", Key: "daily-flights/year=2008/month=05/day=01/flights.csv", Content: header + row, Refused: etl.RefusedKey, Says: []string{"month=05", "YYYY-MM"}},
		{Name: "a day without dashes", Key: "daily-flights/date=20080501/flights.csv", Content: header + row, Refused: etl.RefusedKey, Says: []string{"date=20080501", "YYYY-MM-DD"}},
		{Name: "a partition in upper case", Key: "daily-flights/DATE=2008-05-01/flights.csv", Content: header + row, Refused: etl.RefusedKey, Says: []string{"no date=YYYY-MM-DD"}},
		{Name: "a blank behind the day", Key: "daily-flights/date=2008-05-01 /flights.csv", Content: header + row, Refused: etl.RefusedKey, Says: []string{"not a day"}},
	}
	for _, f := range []struct {
		name, content string
		code          etl.RefusalCode
		says          []string
	}{
		{"a tar archive", tarred(header + row), etl.RefusedKind, []string{"tar archive", "unpack"}},
		{"a tar archive in gzip", zipped(tarred(header + row)), etl.RefusedKind, []string{"inside of the gzip", "tar archive"}},
		{"zlib", "\x78\x9c" + deflated(header+row), etl.RefusedKind, []string{"zlib"}},
		{"pzstd", "\x50\x2a\x4d\x18\x04\x00\x00\x00abcd\x28\xb5\x2f\xfd", etl.RefusedKind, []string{"zstd"}},
		{"LZMA", "\x5d\x00\x00\x80\x00\xff\xff", etl.RefusedKind, []string{"LZMA"}},
		{"Rich Text", "{\\rtf1\\ansi Carrier}", etl.RefusedKind, []string{"Rich Text"}},
		{"PGP", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n", etl.RefusedKind, []string{"PGP", "decrypt"}},
		{"a table of HTML", "<table><tr><td>Carrier</td></tr></table>", etl.RefusedKind, []string{"HTML"}},
		{"a listing of S3", "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">", etl.RefusedKind, []string{"XML"}},
		{"columns of a fixed width", "Carrier  OriginAirportID  DestAirportID  DepDelay  ArrDelay\nAA       1                2              5         -3\n", etl.RefusedNoHeader, []string{"separated by blanks"}},
		{"a table of Markdown", "| Carrier | OriginAirportID | DestAirportID | DepDelay | ArrDelay |\n|---|---|---|---|---|\n| AA | 1 | 2 | 5 | -3 |\n", etl.RefusedNoHeader, []string{"vertical bars (|)"}},
		{"ASCII's separator", strings.ReplaceAll(header+row, ",", "\x1f"), etl.RefusedNoHeader, []string{"U+001F"}},
		{"fullwidth commas", strings.ReplaceAll(header+row, ",", "\uff0c"), etl.RefusedNoHeader, []string{"fullwidth commas"}},
		{"semicolons and decimal commas", "Carrier;OriginAirportID;DestAirportID;DepDelay;ArrDelay\nAA;1;2;5,0;-3,0\n", etl.RefusedNoHeader, []string{"semicolons (;)"}},
		{"semicolons at the end", strings.ReplaceAll(header+row, "\n", ";;\n"), etl.RefusedColumns, []string{`"ArrDelay;;" ~ ArrDelay`}},
		{"sep= behind a byte order mark", "\ufeffsep=,\n" + header + row, etl.RefusedNoHeader, []string{`"sep=,"`}},
		{"two byte order marks", "\ufeff\ufeff" + header + row, etl.RefusedColumns, []string{`"\ufeffCarrier" ~ Carrier`}},
		{"blanks in names", "Carrier,Origin Airport ID,Dest Airport ID,Dep Delay,Arr Delay\n" + row, etl.RefusedColumns, []string{"Origin Airport ID ~ OriginAirportID", "Dep Delay ~ DepDelay"}},
		{"words in full", "Carrier,OriginAirportID,DestAirportID,DepartureDelay,ArrivalDelay\n" + row, etl.RefusedColumns, []string{"DepartureDelay ~ DepDelay", "ArrivalDelay ~ ArrDelay"}},
		{"slips of the pen", "Carier,OriginAirprtID,DestAirportID,DepDelay,ArrDelay\n" + row, etl.RefusedColumns, []string{"Carier ~ Carrier", "OriginAirprtID ~ OriginAirportID"}},
		{"single quotes", "'Carrier','OriginAirportID','DestAirportID','DepDelay','ArrDelay'\n" + row, etl.RefusedColumns, []string{"'Carrier'"}},
		{"typographic quotes", "\u201cCarrier\u201d,\u201cOriginAirportID\u201d,\u201cDestAirportID\u201d,\u201cDepDelay\u201d,\u201cArrDelay\u201d\n" + row, etl.RefusedColumns, []string{"\u201cCarrier\u201d"}},
		{"blanks behind quotes", "\"Carrier\" ,\"OriginAirportID\" ,\"DestAirportID\" ,\"DepDelay\" ,\"ArrDelay\"\n\"AA\" ,\"1\" ,\"2\" ,\"5\" ,\"-3\"\n", etl.RefusedNoHeader, []string{"blanks between commas and quotes"}},
		{"a code beside an id", "Carrier,OriginAirportID,Dest,DepDelay,ArrDelay\nAA,1,BOI,5,-3\n", etl.RefusedColumns, []string{"Dest ~ DestAirportID"}},
		{"an alias in two cases", "Carrier,ORIGIN_AIRPORT_ID,origin_airport_id,DestAirportID,DepDelay,ArrDelay\nAA,1,1,2,5,-3\n", etl.RefusedRepeated, []string{"ORIGIN_AIRPORT_ID"}},
		{"whole lines in quotes", "\"" + strings.ReplaceAll(strings.TrimSpace(header+row), "\n", "\"\n\"") + "\"\n", etl.RefusedNoHeader, []string{"whole lines are in quotes"}},
		{"Hive's header", "flights.carrier,flights.originairportid,flights.destairportid,flights.depdelay,flights.arrdelay\n" + row, etl.RefusedColumns, []string{"flights.depdelay ~ DepDelay", "flights.carrier ~ Carrier"}},
		{"names of R", "Carrier,Origin.Airport.ID,DestAirportID,Dep.Delay,ArrDelay\n" + row, etl.RefusedColumns, []string{"Origin.Airport.ID ~ OriginAirportID", "Dep.Delay ~ DepDelay"}},
		{"a title of many lines", strings.Repeat("x\n", 25) + header + row, etl.RefusedNoHeader, []string{`it is "x"`}},
		{"what a failed download left", "curl: (22) The requested URL returned error: 404\n", etl.RefusedNoHeader, []string{"none of the columns", "curl: (22)"}},
		{"NUL at the end", header + row + strings.Repeat("\x00", 64), etl.RefusedNotText, []string{":3", "NUL"}},
		{"UTF-16 with a byte too many", "\xff\xfe" + wide(header+row) + "x", etl.RefusedNotText, []string{"UTF-16"}},
		{"half a character of UTF-16 in UTF-8", header + "A\xed\xa0\x80A,1,2,5,-3\n", etl.RefusedNotText, []string{":2", "0xed"}},
		{"the last quote open", header + row + "AA,1,2,5,\"-3\n", etl.RefusedQuote, []string{":3"}},
		{"gzip without its end", zipped(header + row)[:len(zipped(header+row))-8], etl.RefusedGzip, []string{"cut off"}},
		{"gzip and something behind", zipped(header+row) + "something", etl.RefusedGzip, nil},
	} {
		files = append(files, File{Name: f.name, Content: f.content, Refused: f.code, Says: f.says})
	}
	return files
}

// named is gzip with all fields that a header of it may have.
func named(content string) string {
	return written(content, func(b io.Writer) io.WriteCloser {
		w := gzip.NewWriter(b)
		w.Name, w.Comment, w.Extra, w.ModTime = "flights.csv", "of May", []byte("BC\x02\x00\x1b\x00"), time.Unix(1e9, 0)
		return w
	})
}

// stored is gzip that compresses nothing.
func stored(content string) string {
	return written(content, func(b io.Writer) io.WriteCloser {
		w, _ := gzip.NewWriterLevel(b, gzip.NoCompression) // the level is one of gzip's
		return w
	})
}

// deflated is the stream without a frame.
func deflated(content string) string {
	return written(content, func(b io.Writer) io.WriteCloser {
		w, _ := flate.NewWriter(b, flate.DefaultCompression) // the level is one of flate's
		return w
	})
}

// tarred is the header of a member of a tar archive, which is 512 bytes long, and the member.
func tarred(content string) string {
	pad := func(text string, n int) string { return text + strings.Repeat("\x00", n-len(text)) }
	return pad(pad("flights.csv", 100)+"0000644\x000000000\x000000000\x0000000000100\x0000000000000\x00"+pad("007777\x00 0", 109)+"ustar\x0000", 512) + content
}
