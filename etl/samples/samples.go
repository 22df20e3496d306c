// Package samples holds small raw files of every kind that the data contract has an opinion on, and
// what must become of each: the rows that load, the records that do not, or the refusal.
//
//	for _, file := range samples.Flights() {
//		// load file.Content as samples.Key together with samples.Airports;
//		// expect file.Rows and file.Rejects, or file.Refused
//	}
//
// Both engines are tested on them, and so can be whatever uploads files.
package samples

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"

	"airline/etl"
)

const (
	// Key is the object key that the flights are meant for.
	Key = "daily-flights/date=2008-05-01/flights.csv"
	// Airports is the airports file that they are joined with.
	Airports = "airport_id,city,state,name,iata\n1,Adak,AK,Adak Island,ADK\n2,Boise,ID,\"Boise, Air Terminal\",BOI\n3,Cody,WY,Yellowstone,COD\n71,Old,OL,Old Field,DUP\n72,New,NE,New Field,DUP\n"

	header = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
)

// Reject is a record that does not load.
type Reject struct {
	Line   int64  `json:"line"` // where it starts in the file, from 1
	Reason string `json:"reason"`
	Record string `json:"record"` // as it stood
}

// File is a raw flights file and what must become of it.
type File struct {
	Name    string
	Key     string // samples.Key where nothing else matters
	Content string
	// Airports is the airports file that it is joined with, samples.Airports where nothing else matters.
	Airports string
	// Rows are the facts: the first ten columns, joined by "|", NULL for none.
	Rows    []string
	Rejects []Reject
	// Refused is set instead when the whole file is; the message then has the key and all that Says has.
	Refused etl.RefusalCode
	Says    []string
}

// Flights are all samples, the accepted files first.
func Flights() []File {
	files := slices.Concat(accepted(), published(), refused(), misread(), odd())
	for i, f := range files {
		if f.Key == "" {
			files[i].Key = Key
		}
		files[i].Airports = Airports
	}
	return files
}

func accepted() []File {
	const (
		a, d = "AA,1,2,5,-3", "DL,2,3,NA,0"
		aa   = "AA|Adak Island|Boise, Air Terminal|Adak|Boise|AK|ID|5|-3|2008-05-01"
		dl   = "DL|Boise, Air Terminal|Yellowstone|Boise|Cody|ID|WY|NULL|0|2008-05-01"
	)
	good := []string{aa, dl}
	var files []File
	for _, f := range []struct {
		name, content string
		rows          []string
		rejects       []Reject
	}{
		{"plain", header + a + "\n" + d + "\n", good, nil},
		{"no line end at the end", header + a + "\n" + d, good, nil},
		{"header only", header, nil, nil},
		{"header only without line end", strings.TrimSpace(header), nil, nil},
		{"identical rows are two flights", header + a + "\n" + a + "\n", []string{aa, aa}, nil},
		{"CRLF", strings.ReplaceAll(header+a+"\n"+d+"\n", "\n", "\r\n"), good, nil},
		{"mixed line ends", header + a + "\r\n" + d + "\n", good, nil},
		{"byte order mark", "\ufeff" + header + a + "\n" + d + "\n", good, nil},
		{"byte order mark and quotes", "\ufeff\"Carrier\",\"OriginAirportID\",DestAirportID,DepDelay,ArrDelay\n" + a + "\n" + d + "\n", good, nil},
		{"gzip", zipped(header + a + "\n" + d + "\n"), good, nil},
		{"gzip in two members", zipped(header+a+"\n") + zipped(d+"\n"), good, nil},
		{"gzip with quotes", zipped(header + "\"AA\",1,2,5,-3\n" + d + "\n"), good, nil},
		{"blank lines", "\n" + header + "\n" + a + "\n\r\n\n" + d + "\n\n", good, nil},
		{"names in any case and order, with more columns", "ARRDELAY,Remarks,carrier, DestAirportId ,originairportid,depDELAY,Remarks\n-3,x,AA,2,1,5,\n0,,DL,3,2,,\n", good, nil},
		{"quotes", header + "\"AA\",\"1\",\"2\",\"5\",\"-3\"\nDL,2,3,\"\",\"0\"\n", good, nil},
		{"quoted commas, quotes and line breaks", "Carrier,Remarks,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,\"a,b\",1,2,5,-3\nDL,\"say \"\"hi\"\"\r\nand\n\nbye\",2,3,NA,0\n", good, nil},
		{"integers as people write them", header + "AA,+1,02,005,-03\nDL,2,3,,-0\n", good, nil},
		{"ragged rows", header + a + "\nAA,1,2,5\n" + d + "\nAA,1,2,5,-3,9\n   \n,\n", good, []Reject{
			{3, "ragged row", "AA,1,2,5"}, {5, "ragged row", "AA,1,2,5,-3,9"}, {6, "ragged row", "   "}, {7, "ragged row", ","}}},
		{"ragged rows among quotes", header + "\"A\"\"A\",1,2,5\n" + a + "\n\"A,A\",1,2,5,-3,9\n" + d + "\n", good, []Reject{
			{2, "ragged row", "\"A\"\"A\",1,2,5"}, {4, "ragged row", "\"A,A\",1,2,5,-3,9"}}},
		{"stray quotes stay where they are", header + "A\"A,1,2,5,-3\n" + a + "\n\"AA\" ,1,2,5,-3\n" + d + "\nAA,1,2,5,\"-\"3\"\n", good, []Reject{
			{2, "malformed quotes", "A\"A,1,2,5,-3"}, {4, "malformed quotes", "\"AA\" ,1,2,5,-3"}, {6, "malformed quotes", "AA,1,2,5,\"-\"3\""}}},
		{"a record of several lines that is bad", header + a + "\n\"A\nA\",1,2,x,-3\n" + d + "\n", good, []Reject{{3, "invalid Carrier", "\"A\nA\",1,2,x,-3"}}},
		{"a carriage return inside", header + a + "\nA\rA,1,2,5,x\n" + d + "\r\n", good, []Reject{{3, "invalid Carrier", "A\rA,1,2,5,x"}}},
		{"reasons", header + strings.Join([]string{a, d,
			",1,2,5,-3", "ABCDEFGHIJK,1,2,5,-3", "ÄÖÜÄÖÜ,1,2,5,-3", "AA,,2,5,-3", "AA,SFO,2,5,-3", "AA,1,2.5,5,-3", "AA,1,2,soon,-3", "AA,1,2,5,1e3", "AA,1,2,1.5,-3",
			"AA,1,2,- 5,-3", "AA,1,2,1_0,-3", "AA,1,2,0x5,-3", "AA,1,2,nil,-3", "AA,1,2,99999999999999999999,-3", "AA,1,2,--,-3", "AA,1,2,٣,-3", "AA,4,2,5,-3", "AA,1,4,5,-3", "AA,99999999999999999999,2,5,-3",
			",SFO,x,x,x", "AA,4,4,5,x"}, "\n") + "\n", good, []Reject{
			{4, "missing Carrier", ",1,2,5,-3"}, {5, "Carrier too long", "ABCDEFGHIJK,1,2,5,-3"}, {6, "Carrier too long", "ÄÖÜÄÖÜ,1,2,5,-3"},
			{7, "invalid OriginAirportID", "AA,,2,5,-3"}, {8, "invalid OriginAirportID", "AA,SFO,2,5,-3"}, {9, "invalid DestAirportID", "AA,1,2.5,5,-3"},
			{10, "invalid DepDelay", "AA,1,2,soon,-3"}, {11, "invalid ArrDelay", "AA,1,2,5,1e3"}, {12, "invalid DepDelay", "AA,1,2,1.5,-3"},
			{13, "invalid DepDelay", "AA,1,2,- 5,-3"}, {14, "invalid DepDelay", "AA,1,2,1_0,-3"}, {15, "invalid DepDelay", "AA,1,2,0x5,-3"}, {16, "invalid DepDelay", "AA,1,2,nil,-3"},
			{17, "invalid DepDelay", "AA,1,2,99999999999999999999,-3"}, {18, "invalid DepDelay", "AA,1,2,--,-3"}, {19, "invalid DepDelay", "AA,1,2,٣,-3"},
			{20, "unknown origin airport", "AA,4,2,5,-3"}, {21, "unknown destination airport", "AA,1,4,5,-3"}, {22, "invalid OriginAirportID", "AA,99999999999999999999,2,5,-3"},
			{23, "missing Carrier", ",SFO,x,x,x"}, {24, "invalid ArrDelay", "AA,4,4,5,x"}}},
		{"control characters", header + a + "\nA\x01\x02\x03\x04A,1,2,5,x\n" + d + "\n", good, []Reject{{3, "invalid Carrier", "A\x01\x02\x03\x04A,1,2,5,x"}}},
		{"a long record", header + a + "\n" + d + "\n" + strings.Repeat("x", 1<<20) + "\n", good, []Reject{{4, "ragged row", strings.Repeat("x", 1<<20)}}},
	} {
		files = append(files, File{Name: f.name, Content: f.content, Rows: f.rows, Rejects: f.rejects})
	}
	return files
}

func refused() []File {
	var files []File
	for _, f := range []struct {
		name, content string
		code          etl.RefusalCode
		says          []string
	}{
		{"nothing", "", etl.RefusedEmpty, []string{Key}},
		{"nothing but line ends", "\n\r\n\n", etl.RefusedEmpty, []string{Key}},
		{"nothing but a byte order mark", "\ufeff", etl.RefusedEmpty, []string{Key}},
		{"nothing in gzip", zipped(""), etl.RefusedEmpty, []string{Key}},
		{"no header", "AA,1,2,5,-3\nDL,2,3,NA,0\n", etl.RefusedNoHeader, []string{Key + ":1", "no header", "AA,1,2,5,-3", "Carrier", "ArrDelay"}},
		{"missing column", "Carrier,OriginAirportID,DestAirportID,ArrDelay\nAA,1,2,5\n", etl.RefusedColumns, []string{Key + ":1", "lacks the required column DepDelay;"}},
		{"missing columns", "Carrier,OriginAirportID,ArrDelay\nAA,1,2\n", etl.RefusedColumns, []string{"DestAirportID, DepDelay"}},
		{"a column twice", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,DEPDELAY\nAA,1,2,5,6,7\n", etl.RefusedRepeated, []string{"DepDelay"}},
		{"malformed quotes in the header", "Carrier,Origin\"AirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,5,6\n", etl.RefusedNoHeader, nil},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", etl.RefusedNotText, []string{"UTF-8"}},
		{"NUL", header + "AA,1,2,5,-3\nAA,1,2,\x00,-3\n", etl.RefusedNotText, []string{Key + ":3"}},
		{"Latin-1", header + "AA,1,2,5,-3\nK\xf6ln,1,2,5,-3\n", etl.RefusedNotText, []string{Key + ":3"}},
		{"an unfinished character at the end", header + "AA,1,2,5,-3\nAA,1,2,5,\xc3", etl.RefusedNotText, []string{Key + ":3"}},
		{"UTF-16", "\xff\xfeC\x00a\x00", etl.RefusedNotText, []string{"UTF-16"}},
		{"cut gzip", zipped(header + strings.Repeat("AA,1,2,5,-3\n", 9999))[:100], etl.RefusedGzip, []string{"gzip"}},
		{"gzip with a wrong checksum", wrongChecksum(zipped(header + strings.Repeat("AA,1,2,5,-3\n", 200_000))), etl.RefusedGzip, nil},
		{"no gzip after the magic number", "\x1f\x8bnonsense", etl.RefusedGzip, nil},
		{"a quote that is never closed", header + "AA,1,2,5,-3\n\"AA,1,2,5,-3\nDL,2,3,NA,0\n", etl.RefusedQuote, []string{Key + ":3"}},
		{"an endless line", header + strings.Repeat("x", 1<<20+1) + "\n", etl.RefusedLongRecord, []string{Key + ":2"}},
		{"an endless quoted record", header + "\"" + strings.Repeat(strings.Repeat("x", 63)+"\n", 1<<14) + "\",1,2,5,-3\n", etl.RefusedLongRecord, []string{Key + ":2"}},
		{"carriage returns alone", strings.ReplaceAll(header+"AA,1,2,5,-3\n", "\n", "\r"), etl.RefusedColumns, []string{"ArrDelay", "carriage returns alone"}},
	} {
		files = append(files, File{Name: f.name, Content: f.content, Refused: f.code, Says: f.says})
	}
	return files
}

func zipped(content string) string {
	return written(content, func(b io.Writer) io.WriteCloser { return gzip.NewWriter(b) })
}

// written is what a writer that is closed afterwards makes of the content.
func written(content string, writer func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := writer(&b)
	_, _ = w.Write([]byte(content)) // a buffer takes everything
	_ = w.Close()
	return b.String()
}

// wrongChecksum breaks the CRC of a gzip stream, which its last eight bytes begin with.
func wrongChecksum(stream string) string {
	at := len(stream) - 8
	return stream[:at] + string([]byte{stream[at] ^ 0xff}) + stream[at+1:]
}
