package samples

import (
	"slices"
	"strings"

	"airline/etl"
)

const (
	monthKey = "daily-flights/month=2008-05/flights.csv"
	fact     = "AA|Adak Island|Boise, Air Terminal|Adak|Boise|AK|ID|"
)

// published are files as publishers and programs write them.
func published() []File {
	aa := func(rest string) string { return fact + rest }
	const years = "Year,Month,DayofMonth,DayOfWeek,DepTime,CRSDepTime,ArrTime,CRSArrTime,UniqueCarrier,FlightNum,TailNum,ActualElapsedTime,CRSElapsedTime,AirTime," +
		"ArrDelay,DepDelay,Origin,Dest,Distance,TaxiIn,TaxiOut,Cancelled,CancellationCode,Diverted,CarrierDelay,WeatherDelay,NASDelay,SecurityDelay,LateAircraftDelay\n"
	year := func(day, carrier, arr, dep, origin, dest string) string {
		return "2008,5," + day + ",4,741,730,912,849," + carrier + ",1451,NA,91,79,NA," + arr + "," + dep + "," + origin + "," + dest + ",447,NA,NA,0,NA,0,NA,NA,NA,NA,NA\n"
	}
	var delays strings.Builder
	forms := map[string]string{ // how a delay is written: what it is, or "" for a reject
		"5": "5", "+5": "5", "-3": "-3", "-3.00": "-3", "5.0": "5", "005.00": "5", "5.000": "", "1.005": "", "5.00.0": "", "-0.0": "0", " 5": "5", "5 ": "5", "\t5\t": "5", "5.": "", ".0": "", "-3.5": "", "5.01": "", "1e3": "", "5.0.0": "",
		"1,5": "", "1 000": "", "5\u00a0": "", "٥": "", "5-": "", "(5)": "", "0x5": "",
		"NA": "NULL", "NULL": "NULL", "null": "NULL", `\N`: "NULL", "None": "NULL", "nan": "NULL", "NaN": "NULL", "N/A": "NULL", "-": "NULL", "": "NULL", "#N/A": "NULL", "<NA>": "NULL", " NA ": "NULL", "--": "", "nil": "",
		"1440": "1440", "-1440": "-1440", "-1441": "", "10080": "10080", "10081": "", "999999999999": "",
	}
	var rows []string
	var rejects []Reject
	written := make([]string, 0, len(forms))
	for form := range forms {
		written = append(written, form)
	}
	slices.Sort(written)
	for i, form := range written {
		record := "AA,1,2," + form + ",0"
		if strings.Contains(form, ",") {
			record = "AA,1,2,\"" + form + "\",0"
		}
		delays.WriteString(record + "\n")
		switch reason := "invalid DepDelay"; {
		case forms[form] != "":
			rows = append(rows, aa(forms[form]+"|0|2008-05-01"))
		default:
			if form == "-1441" || form == "10081" || form == "999999999999" {
				reason = "impossible DepDelay"
			}
			rejects = append(rejects, Reject{int64(i) + 2, reason, record})
		}
	}
	slices.Sort(rows)
	// What nobody sees is taken off the ends of a carrier, and inside of it makes it none. Control characters and what belongs to the character
	// before it are never taken off.
	var unseen strings.Builder
	var seen []string
	var notSeen []Reject
	line := int64(2)
	for _, c := range []string{"\u2800", "\u3164", "\uffa0", "\u115f", "\u1680", "\u061c", "\u17b4", "\ufff9", "\x01", "\x1f", "\x7f", "\u0085", "\u009f", "\u034f", "\u180e", "\ufe0f", "\U000e0100", "\U000e0020"} {
		taken := !strings.ContainsAny(c, "\x01\x1f\x7f\u0085\u009f\u034f\u180e\ufe0f\U000e0100\U000e0020")
		for _, carrier := range []string{c + "AA", "AA" + c, "A" + c + "A"} {
			record := carrier + ",1,2,5,-3"
			unseen.WriteString(record + "\n")
			if taken && carrier != "A"+c+"A" {
				seen = append(seen, aa("5|-3|2008-05-01"))
			} else {
				notSeen = append(notSeen, Reject{line, "invalid Carrier", record})
			}
			line++
		}
	}
	return []File{
		{Name: "blanks around texts", Content: header + "AA,1,2,5,-3\nAA ,1,2,5,-3\n AA,1,2,5,-3\n\tAA\t, 1 ,\t2,5 ,-3\t\naa,1,2,5,-3\n\" AA \",1,2,5,-3\n", Rows: []string{
			aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), strings.Replace(aa("5|-3|2008-05-01"), "AA", "aa", 1)}},
		{Name: "blanks around texts without quotes", Content: header + "AA,1,2,5,-3\nAA ,1,2,5,-3\n AA,1,2,5,-3\n\tAA\t, 1 ,\t2,5 ,-3\t\n  ,1,2,5,-3\n", Rows: []string{
			aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01")}, Rejects: []Reject{{6, "missing Carrier", "  ,1,2,5,-3"}}},
		{Name: "blanks that do not break and have no width", Content: header + "AA\u00a0,1,2,5,-3\n\u200bAA,1,2,5,-3\n\ufeff \u2003AA\u3000\t,1,2,5,-3\nA\u200bA,1,2,5,-3\nA\u00a0A,1,2,5,-3\nP A,1,2,5,-3\n\u00a0\u200d,1,2,5,-3\nÅ,1,2,5,-3\n",
			Rows:    []string{aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01"), strings.Replace(aa("5|-3|2008-05-01"), "AA", "P A", 1), strings.Replace(aa("5|-3|2008-05-01"), "AA", "Å", 1)},
			Rejects: []Reject{{5, "invalid Carrier", "A\u200bA,1,2,5,-3"}, {6, "invalid Carrier", "A\u00a0A,1,2,5,-3"}, {8, "missing Carrier", "\u00a0\u200d,1,2,5,-3"}}},
		{Name: "blanks that do not break, in quotes", Content: header + "\"AA\u00a0\",1,2,5,-3\n\"\u200bAA\",1,2,5,-3\n\"A\u2060A\",1,2,5,-3\n",
			Rows: []string{aa("5|-3|2008-05-01"), aa("5|-3|2008-05-01")}, Rejects: []Reject{{4, "invalid Carrier", "\"A\u2060A\",1,2,5,-3"}}},
		{Name: "carriers with what nobody sees", Content: header + unseen.String(), Rows: seen, Rejects: notSeen},
		{Name: "forms of numbers and nulls", Content: header + delays.String(), Rows: rows, Rejects: rejects},
		{Name: "ids of floats", Content: header + "AA,1.0,2.00,5.0,-3.0\nAA,1.5,2,5,-3\nAA,1,2.,5,-3\nAA,NULL,2,5,-3\n", Rows: []string{aa("5|-3|2008-05-01")}, Rejects: []Reject{
			{3, "invalid OriginAirportID", "AA,1.5,2,5,-3"}, {4, "invalid DestAirportID", "AA,1,2.,5,-3"}, {5, "invalid OriginAirportID", "AA,NULL,2,5,-3"}}},
		{Name: "carriers that are none", Content: header + "NULL,1,2,5,-3\n\\N,1,2,5,-3\nnan,1,2,5,-3\nNA,1,2,5,-3\n", Rows: []string{strings.Replace(aa("5|-3|2008-05-01"), "AA", "NA", 1)}, Rejects: []Reject{
			{2, "missing Carrier", "NULL,1,2,5,-3"}, {3, "missing Carrier", `\N,1,2,5,-3`}, {4, "missing Carrier", "nan,1,2,5,-3"}}},
		{Name: "round trips", Content: header + "AA,1,1,5,-3\nAA,1,2,5,-3\n", Rows: []string{aa("5|-3|2008-05-01")}, Rejects: []Reject{{2, "origin is destination", "AA,1,1,5,-3"}}},
		{Name: "a day of the year 1", Key: "daily-flights/date=0001-01-01/flights.csv", Content: header + "AA,1,2,5,-3\n", Rejects: []Reject{{2, "impossible day", "AA,1,2,5,-3"}}},
		{Name: "a day of the year 2100", Key: "daily-flights/date=2100-01-01/flights.csv", Content: header + "AA,1,2,5,-3\n", Rejects: []Reject{{2, "impossible day", "AA,1,2,5,-3"}}},
		{Name: "BTS, monthly since 2018", Content: "\"Year\",\"Month\",\"DayofMonth\",\"FlightDate\",\"Reporting_Airline\",\"DOT_ID_Reporting_Airline\",\"IATA_CODE_Reporting_Airline\",\"OriginAirportID\",\"OriginAirportSeqID\",\"Origin\",\"OriginCityName\",\"DestAirportID\",\"Dest\",\"DepDelay\",\"DepDelayMinutes\",\"ArrDelay\",\"ArrDelayMinutes\",\"Cancelled\",\r\n" +
			"2008,5,1,2008-05-01,\"AA\",19805,\"AA\",1,101,\"ADK\",\"Adak Island, AK\",2,\"BOI\",-3.00,0.00,7.00,7.00,0.00,\r\n2008,5,1,\"2008-05-01\",\"AA\",19805,\"AA\",1,101,\"ADK\",\"Adak Island, AK\",2,\"BOI\",,,,,1.00,\r\n",
			Rows: []string{aa("-3|7|2008-05-01"), aa("NULL|NULL|2008-05-01")}},
		{Name: "BTS, a month under a day", Content: "Year,Month,DayofMonth,FlightDate,UniqueCarrier,AirlineID,Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,\n2008,5,1,2008-05-01,PA (1),1,AA,1,2,5,-3,\n2008,5,2,2008-05-02,AA,1,AA,1,2,5,-3,\n2008,5,3,2008-05-03,AA,1,AA,1,2,5,-3,\n2008,5,1,soon,AA,1,AA,1,2,5,-3,\n2008,5,1,,AA,1,AA,1,2,5,-3,\n",
			Rows: []string{aa("5|-3|2008-05-01")}, Rejects: []Reject{{3, "other day", "2008,5,2,2008-05-02,AA,1,AA,1,2,5,-3,"}, {4, "other day", "2008,5,3,2008-05-03,AA,1,AA,1,2,5,-3,"},
				{5, "invalid FlightDate", "2008,5,1,soon,AA,1,AA,1,2,5,-3,"}, {6, "invalid FlightDate", "2008,5,1,,AA,1,AA,1,2,5,-3,"}}},
		{Name: "BTS, a month", Key: monthKey, Content: "Year,Month,DayofMonth,Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n2008,5,1,AA,1,2,5,-3\n2008,05,31,AA,1,2,5,-3\n2008,5,32,AA,1,2,5,-3\n2008,6,1,AA,1,2,5,-3\n2008,5,,AA,1,2,5,-3\n",
			Rows: []string{aa("5|-3|2008-05-01"), aa("5|-3|2008-05-31")}, Rejects: []Reject{{4, "invalid FlightDate", "2008,5,32,AA,1,2,5,-3"}, {5, "other day", "2008,6,1,AA,1,2,5,-3"}, {6, "invalid FlightDate", "2008,5,,AA,1,2,5,-3"}}},
		{Name: "BTS, custom download", Key: monthKey, Content: "FL_DATE,OP_UNIQUE_CARRIER,OP_CARRIER,ORIGIN_AIRPORT_ID,ORIGIN,DEST_AIRPORT_ID,DEST,DEP_DELAY,DEP_DELAY_NEW,ARR_DELAY\r\n5/1/2008 12:00:00 AM,AA,AA,1,ADK,2,BOI,21.00,21.00,-7.00\r\n05/31/2008,AA,AA,1,ADK,2,BOI,,,\r\n6/1/2008 12:00:00 AM,AA,AA,1,ADK,2,BOI,1,1,1\r\n31/5/2008,AA,AA,1,ADK,2,BOI,1,1,1\r\n",
			Rows: []string{aa("21|-7|2008-05-01"), aa("NULL|NULL|2008-05-31")}, Rejects: []Reject{{4, "other day", "6/1/2008 12:00:00 AM,AA,AA,1,ADK,2,BOI,1,1,1"}, {5, "invalid FlightDate", "31/5/2008,AA,AA,1,ADK,2,BOI,1,1,1"}}},
		{Name: "BTS, custom download before 2018", Content: "YEAR,MONTH,DAY_OF_MONTH,UNIQUE_CARRIER,ORIGIN_AIRPORT_ID,DEST_AIRPORT_ID,DEP_DELAY,ARR_DELAY,\n2008,5,1,\"AA\",1,2,-3.00,4.00,\n", Rows: []string{aa("-3|4|2008-05-01")}},
		{Name: "BTS, marketing carriers", Content: "\"FlightDate\",\"Marketing_Airline_Network\",\"Operating_Airline \",\"OriginAirportID\",\"DestAirportID\",\"DepDelay\",\"ArrDelay\"\n2008-05-01,\"UA\",\"AA\",1,2,-3.00,4.00\n", Rows: []string{aa("-3|4|2008-05-01")}},
		{Name: "days of pandas and Excel", Key: monthKey, Content: "FlightDate,Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n2008-05-01 00:00:00,AA,1,2,1,0\n2008-05-02T06:30:00.000Z,AA,1,2,1,0\n20080503,AA,1,2,1,0\n5/4/2008 0:00,AA,1,2,1,0\n2008-05-05 00:00 late,AA,1,2,1,0\n2008-02-30,AA,1,2,1,0\n",
			Rows:    []string{aa("1|0|2008-05-01"), aa("1|0|2008-05-02"), aa("1|0|2008-05-03"), aa("1|0|2008-05-04")},
			Rejects: []Reject{{6, "invalid FlightDate", "2008-05-05 00:00 late,AA,1,2,1,0"}, {7, "other day", "2008-02-30,AA,1,2,1,0"}}},
		{Name: "the years to 2008, by IATA codes", Content: years + year("1", "AA", "23", "11", "ADK", "BOI") + year("1", "AA", "NA", "NA", "ADK", "BOI") + year("1", "AA", "1", "1", "XXX", "BOI") + year("1", "AA", "1", "1", "ADK", "XXX") +
			year("1", "AA", "1", "1", "DUP", "BOI") + year("1", "AA", "1", "1", "ADK", "DUP") + year("2", "AA", "1", "1", "ADK", "BOI"),
			Rows: []string{aa("11|23|2008-05-01"), aa("NULL|NULL|2008-05-01")}, Rejects: []Reject{
				{4, "unknown origin airport", strings.TrimSpace(year("1", "AA", "1", "1", "XXX", "BOI"))}, {5, "unknown destination airport", strings.TrimSpace(year("1", "AA", "1", "1", "ADK", "XXX"))},
				{6, "ambiguous origin airport", strings.TrimSpace(year("1", "AA", "1", "1", "DUP", "BOI"))}, {7, "ambiguous destination airport", strings.TrimSpace(year("1", "AA", "1", "1", "ADK", "DUP"))},
				{8, "other day", strings.TrimSpace(year("2", "AA", "1", "1", "ADK", "BOI"))}}},
		{Name: "IATA codes without days", Content: "Carrier,Origin,Dest,DepDelay,ArrDelay\nAA,ADK,BOI,1,2\nAA,ADK,,1,2\n", Rows: []string{aa("1|2|2008-05-01")}, Rejects: []Reject{{3, "unknown destination airport", "AA,ADK,,1,2"}}},
		{Name: "pandas, with its index", Content: ",Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n0,AA,1,2,5.0,-3.0\n1,AA,1.0,2.0,,nan\n", Rows: []string{aa("5|-3|2008-05-01"), aa("NULL|NULL|2008-05-01")}},
	}
}

// misread are files that are refused because they are something else, or written otherwise.
func misread() []File {
	const row = "AA,1,2,5,-3\n"
	with := func(separator string) string { return strings.ReplaceAll(header+row, ",", separator) }
	var files []File
	for _, f := range []struct {
		name, content string
		code          etl.RefusalCode
		says          []string
	}{
		{"semicolons", with(";"), etl.RefusedNoHeader, []string{":1", "semicolons (;)"}},
		{"tabs", with("\t"), etl.RefusedNoHeader, []string{"separated by tabs", `"Carrier\tOriginAirportID`}},
		{"vertical bars", with("|"), etl.RefusedNoHeader, []string{"vertical bars (|)"}},
		{"Hive's separator", with("\x01"), etl.RefusedNoHeader, []string{`U+0001`, `"Carrier\u0001OriginAirportID`}},
		{"blanks", with(" "), etl.RefusedNoHeader, []string{"separated by blanks"}},
		{"semicolons and quotes", strings.ReplaceAll("\"Carrier\",\"OriginAirportID\",\"DestAirportID\",\"DepDelay\",\"ArrDelay\"\n"+row, ",", ";"), etl.RefusedNoHeader, []string{"semicolons (;)"}},
		{"semicolons and Latin-1", with(";") + "K\xf6ln;1;2;5;-3\n", etl.RefusedNoHeader, []string{"semicolons (;)"}},
		{"semicolons without a header", strings.ReplaceAll(row, ",", ";"), etl.RefusedNoHeader, []string{"semicolons (;)"}},
		{"sep=", "sep=,\n" + header + row, etl.RefusedNoHeader, []string{":1", `"sep=,"`, "Excel"}},
		{"sep= of semicolons", "sep=;\n" + with(";"), etl.RefusedNoHeader, []string{`"sep=;"`}},
		{"a title", "Flights of May 2008\n\n" + header + row, etl.RefusedNoHeader, []string{"the header is in line 3", `"Flights of May 2008"`}},
		{"a comment", "# exported, by: us\n" + header + row, etl.RefusedNoHeader, []string{"the header is in line 2", "# exported"}},
		{"a title and semicolons", "Flights\n" + with(";"), etl.RefusedNoHeader, []string{"the header is in line 2", "semicolons (;)"}},
		{"blanks at quotes", "\"Carrier\", \"OriginAirportID\", \"DestAirportID\", \"DepDelay\", \"ArrDelay\"\n\"AA\", \"1\", \"2\", \"5\", \"-3\"\n", etl.RefusedNoHeader, []string{"blanks between commas and quotes"}},
		{"other spellings", "Carrier,Origin Airport Id,DestAirportID,DEPARTURE_DELAY,Arr-Delay\n" + row, etl.RefusedColumns, []string{"DEPARTURE_DELAY ~ DepDelay", "Origin Airport Id ~ OriginAirportID", "Arr-Delay ~ ArrDelay"}},
		{"other spellings of all", "carrier code,origin_id,dest_id,departure delay,arrival delay\n" + row, etl.RefusedColumns, []string{"departure delay ~ DepDelay"}},
		{"a blank that does not break, and no width", "Carrier,OriginAirportID\u00a0,DestAirportID,Dep\u200bDelay,ArrDelay\n" + row, etl.RefusedColumns, []string{`"OriginAirportID\u00a0" ~ OriginAirportID`, `"Dep\u200bDelay" ~ DepDelay`}},
		{"delays without early ones", "Carrier,OriginAirportID,DestAirportID,DepDelayMinutes,ArrDelay\n" + row, etl.RefusedColumns, []string{"lacks the required column DepDelay; it has"}},
		{"another table", "airport_id,city,state,name\n1,Adak,AK,Adak\n", etl.RefusedNoHeader, []string{"none of the columns Carrier", "where it belongs"}},
		{"HTML", "\n<!DOCTYPE HTML>\n<html><body>Error</body></html>\n", etl.RefusedKind, []string{"HTML"}},
		{"XML of S3", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", etl.RefusedKind, []string{"XML"}},
		{"JSON", "[{\"Carrier\": \"AA\"}]", etl.RefusedKind, []string{"JSON"}},
		{"JSON lines", "\ufeff{\"Carrier\": \"AA\"}\n{\"Carrier\": \"DL\"}\n", etl.RefusedKind, []string{"JSON"}},
		{"a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", etl.RefusedKind, []string{"Git LFS pointer", "git lfs pull"}},
		{"zip", "PK\x03\x04\x14\x00\x00\x00\x08\x00flights.csv", etl.RefusedKind, []string{"zip archive"}},
		{"xlsx", "PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml", etl.RefusedKind, []string{"xlsx"}},
		{"bzip2", "BZh91AY&SY\x00\x01", etl.RefusedKind, []string{"bzip2"}},
		{"xz", "\xfd7zXZ\x00\x00\x04", etl.RefusedKind, []string{"xz"}},
		{"zstd", "\x28\xb5\x2f\xfd\x04\x00", etl.RefusedKind, []string{"zstd"}},
		{"Parquet", "PAR1\x15\x04\x15", etl.RefusedKind, []string{"Parquet"}},
		{"gzip in gzip", zipped(zipped(header + row)), etl.RefusedKind, []string{"gzip in gzip"}},
		{"zip in gzip", zipped("PK\x03\x04\x14\x00\x00\x00"), etl.RefusedKind, []string{"inside of the gzip", "zip archive"}},
		{"Latin-1, in the header", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,Gr\xf6\xdfe\n" + row, etl.RefusedNotText, []string{":1", "0xf6", "Latin-1"}},
		{"Latin-1, in gzip", zipped(header + row + "K\xf6ln,1,2,5,-3\n"), etl.RefusedNotText, []string{":3", "0xf6", "Latin-1"}},
		{"Windows-1252", header + row + "AA\x80,1,2,5,-3\n", etl.RefusedNotText, []string{":3", "0x80", "Windows-1252", "iconv"}},
		{"Latin-1 among quotes", header + "\"AA\",1,2,5,-3\n\"A\xe4\",1,2,5,-3\n", etl.RefusedNotText, []string{":3", "0xe4"}},
		{"UTF-16, the other way", "\xfe\xff\x00C\x00a", etl.RefusedNotText, []string{"UTF-16"}},
		{"UTF-16 without a mark", wide(header + row), etl.RefusedNotText, []string{"UTF-16"}},
		{"UTF-32", "\xff\xfe\x00\x00C\x00\x00\x00", etl.RefusedNotText, []string{"UTF-32"}},
	} {
		files = append(files, File{Name: f.name, Content: f.content, Refused: f.code, Says: f.says})
	}
	return append(files, File{Name: "a month without days", Key: monthKey, Content: header + row, Refused: etl.RefusedColumns, Says: []string{"FlightDate", "2008-05"}})
}

// wide is an ASCII text in UTF-16, the lower byte first.
func wide(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteByte(text[i])
		b.WriteByte(0)
	}
	return b.String()
}
