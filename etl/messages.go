package etl

import (
	"fmt"
	"slices"
	"strings"
)

// Message is what is said of a file that is refused whole. Words in braces are filled in.
type Message struct {
	Code RefusalCode `json:"code"`
	What string      `json:"what"`
	Fix  string      `json:"fix"`
}

// messages are all that both engines say of files, by name.
var messages = map[string]Message{
	"no partition":     {RefusedKey, "the key has no {forms} partition, so the day of its rows is unknown", "{fix}"},
	"several":          {RefusedKey, "the key has more than one partition: {partitions}", "{fix}"},
	"bad partition":    {RefusedKey, "the key's partition {partition} is not a {unit} as {form}", "{fix}"},
	"hidden":           {RefusedHidden, `the key has a name that begins with "_" or ".", so it is no data`, "upload it under another name"},
	"empty":            {RefusedEmpty, "the object is empty: it has not even a header", "upload the file again; a day without flights is a header alone"},
	"gzip":             {RefusedGzip, "the gzip stream is damaged or cut off", "compress and upload the file again"},
	"kind":             {RefusedKind, "the file is {kind}, not CSV", "{fix}"},
	"kind in gzip":     {RefusedKind, "inside of the gzip the file is {kind}, not CSV", "{fix}"},
	"UTF-16":           {RefusedNotText, "the file is {encoding}", "save it as UTF-8"},
	"not UTF-8":        {RefusedNotText, "the file is not text in UTF-8: it has the byte {byte} here, so it is likely {encoding}", "save it as CSV in UTF-8, or convert it: iconv -f {iconv} -t UTF-8"},
	"NUL":              {RefusedNotText, "the file is not text in {encoding}: it has a NUL byte (0x00) here, so it is likely binary or UTF-16", "save it as CSV in {encoding}"},
	"not in encoding":  {RefusedNotText, "the file is not text in {encoding}: it has the byte {byte} here, which none of its characters has", "save it as CSV in {encoding}"},
	"unclosed quote":   {RefusedQuote, "a quoted field begins here and never ends, so the rows after it cannot be told apart", "close the quote, or double it if it is meant"},
	"too long":         {RefusedLongRecord, "the record that begins here is longer than 1 MiB", "look for a quote that is not closed, or for another kind of file under this name"},
	"sep":              {RefusedNoHeader, "the first line is {start}, which only Excel reads", "delete this line; fields are separated by {delimiter}"},
	"separator":        {RefusedNoHeader, "the fields are separated by {separator}, not by {delimiter}: the file starts with {start}", "save it with {delimiter}"},
	"line ends":        {RefusedColumns, "the lines end in carriage returns alone, so the whole file is one line: it starts with {start}", "save it with line ends LF or CRLF"},
	"blanks at quotes": {RefusedNoHeader, "there are blanks between {delimiter} and quotes: the file starts with {start}", "write \"a\"{text}\"b\" without the blanks"},
	"lines in quotes":  {RefusedNoHeader, "whole lines are in quotes, so that each is one field: the file starts with {start}", "put quotes around single fields, or around none"},
	"quotes":           {RefusedNoHeader, "the header's quotes are malformed: it is {start}", "put whole names in quotes, or none"},
	"title":            {RefusedNoHeader, "the header is in line {header}, below {start}", "delete what is above the header"},
	"title, separator": {RefusedNoHeader, "the header is in line {header}, below {start}, and its fields are separated by {separator}, not by {delimiter}", "delete what is above the header and save the file with {delimiter}"},
	"no header":        {RefusedNoHeader, "there is no header row: the file starts with {start} and has none of the columns {missing}", "put {columns} above the rows"},
	"other header":     {RefusedNoHeader, "the header has none of the columns {missing}; it is {start}", "name the columns {columns}, or put the file where it belongs"},
	"missing":          {RefusedColumns, "the header lacks the required column{s} {missing}; it has {start}", "add {it} to the header and to the rows"},
	"misspelt":         {RefusedColumns, "the header lacks the required column{s} {missing}; it has {start}; nearest: {nearest}", "rename what is meant, or add {it} to the header and to the rows"},
	"no day":           {RefusedColumns, "the key names the month {month}, and the header lacks {day}, the day of each row; it has {start}", "add it to the header and to the rows, or upload each day under {form}"},
	"repeated":         {RefusedRepeated, "the header has the column{s} {repeated} more than once", "leave one of each"},
	"too many rejects": {RefusedRejects, "{faults} of {read} rows have a fault, more than the limit of {limit} allows: {reasons}", "see the rejects of its load, fix the file and upload it again"},
	"unmatched rows": {RefusedRejects, "{faults} of {read} rows have a fault, more than the limit of {limit} allows, and most name {dataset} that no file of {dataset} has: {reasons}",
		"upload {file}, or a newer one that has them; then upload this file again, or have it loaded once more"},
}

// Refuse is the refusal of that name, of an object and from a line on (0: of all of it), with pairs of words to fill in and values.
func Refuse(name, key string, line int64, values ...string) *RefusedError {
	m, ok := messages[name]
	if !ok {
		return &RefusedError{Key: key, Line: line, What: fmt.Sprintf("refused for %q", name), Fix: "report this message"}
	}
	for i := 0; i < len(values); i += 2 {
		values[i] = "{" + values[i] + "}"
	}
	fill := strings.NewReplacer(values...)
	return &RefusedError{Key: key, Line: line, Code: m.Code, What: fill.Replace(m.What), Fix: fill.Replace(m.Fix)}
}

// Kind is another kind of file than CSV.
type Kind struct {
	Name string `json:"name"`
	Fix  string `json:"fix"`
	// Hex are the bytes that it begins with. Word is text that it begins with, after blanks and in any case.
	Hex  string `json:"hex,omitempty"`
	Word string `json:"word,omitempty"`
	// Has is what is also among the first bytes.
	Has string `json:"has,omitempty"`
}

const (
	unpack   = "unpack it and upload the CSV, plain or as gzip"
	exportIt = "save it as CSV in UTF-8"
	queryIt  = "write it as CSV in UTF-8"

	answeredHTML = "look at it: a download often answers with a page that says why it failed"
	answeredXML  = "look at it: a download often answers with XML that says why it failed"
)

// kinds are told by their first bytes; the first that fits counts. Sources: the formats' specifications.
var kinds = []Kind{
	{Name: "gzip in gzip", Hex: "1f8b", Fix: "compress it once"},
	{Name: "an Excel workbook (xlsx)", Hex: "504b0304", Has: "[Content_Types].xml", Fix: exportIt},
	{Name: "an Excel workbook (xlsx)", Hex: "504b0304", Has: "xl/", Fix: exportIt},
	{Name: "an OpenDocument file", Hex: "504b0304", Has: "mimetypeapplication/vnd.oasis", Fix: exportIt},
	{Name: "a zip archive", Hex: "504b0304", Fix: unpack},
	{Name: "a zip archive", Hex: "504b0506", Fix: unpack},
	{Name: "bzip2", Hex: "425a68", Has: "1AY&SY", Fix: unpack},
	{Name: "xz", Hex: "fd377a585a00", Fix: unpack},
	{Name: "Zstandard (zstd)", Hex: "28b52ffd", Fix: unpack},
	{Name: "Zstandard (zstd)", Hex: "502a4d18", Fix: unpack}, // a skippable frame, as pzstd begins
	{Name: "LZMA", Hex: "5d0000", Fix: unpack},
	{Name: "lzip", Hex: "4c5a495001", Fix: unpack},
	{Name: "lzop", Hex: "894c5a4f000d0a1a0a", Fix: unpack},
	{Name: "zlib (deflate without the frame of gzip)", Hex: "789c", Fix: unpack},
	{Name: "LZ4", Hex: "04224d18", Fix: unpack},
	{Name: "Snappy", Hex: "ff060000734e61507059", Fix: unpack},
	{Name: "compress (.Z)", Hex: "1f9d", Fix: unpack},
	{Name: "a 7-Zip archive", Hex: "377abcaf271c", Fix: unpack},
	{Name: "a RAR archive", Hex: "526172211a07", Fix: unpack},
	{Name: "a tar archive", Has: "\x00ustar", Fix: unpack},
	{Name: "Parquet", Hex: "50415231", Fix: queryIt},
	{Name: "Avro", Hex: "4f626a01", Fix: queryIt},
	{Name: "ORC", Hex: "4f5243", Has: "\x00", Fix: queryIt},
	{Name: "Arrow", Hex: "4152524f5731", Fix: queryIt},
	{Name: "Feather", Hex: "46454131", Has: "\x00", Fix: queryIt},
	{Name: "SQLite", Hex: "53514c69746520666f726d6174203300", Fix: queryIt},
	{Name: "an old Excel workbook (xls)", Hex: "d0cf11e0a1b11ae1", Fix: exportIt},
	{Name: "PDF", Hex: "255044462d", Fix: exportIt},
	{Name: "Rich Text (rtf)", Word: `{\rtf`, Fix: exportIt},
	{Name: "encrypted by PGP", Word: "-----begin pgp message-----", Fix: "decrypt it and upload the CSV"},
	{Name: "a Git LFS pointer", Word: "version https://git-lfs.github.com/spec/", Fix: "upload the file itself: git lfs pull"},
	{Name: "HTML", Word: "<!doctype html", Fix: answeredHTML},
	{Name: "HTML", Word: "<html", Fix: answeredHTML},
	{Name: "HTML", Word: "<!--", Fix: answeredHTML},
	{Name: "HTML", Word: "<head", Fix: answeredHTML},
	{Name: "HTML", Word: "<body", Fix: answeredHTML},
	{Name: "HTML", Word: "<table", Fix: answeredHTML},
	{Name: "HTML", Word: "<div", Fix: answeredHTML},
	{Name: "XML", Word: "<?xml", Fix: answeredXML},
	{Name: "XML", Word: "<error>", Fix: answeredXML},
	{Name: "XML", Word: "<listbucketresult", Fix: answeredXML},
	{Name: "JSON", Word: "{", Fix: queryIt},
	{Name: "JSON", Word: "[", Fix: queryIt},
}

// Separator is what fields may be separated by.
type Separator struct {
	Text string `json:"text"`
	Name string `json:"name"`
}

// separators are looked for in this order.
var separators = []Separator{
	{",", "commas"}, {";", "semicolons (;)"}, {"\t", "tabs"}, {"|", "vertical bars (|)"}, {"\x01", "the control character U+0001"}, {"\x1f", "the control character U+001F"},
	{"\uff0c", "fullwidth commas (\uff0c)"},
	{"^", "circumflexes (^)"}, {"~", "tildes (~)"}, {":", "colons (:)"}, {" ", "blanks"},
}

// invisible are ranges of characters that no reader of a message would see: control characters, blanks other than the usual
// one, letters and patterns that are blank (those of Hangul, U+2800 of Braille), and characters without width.
var invisible = [][2]rune{{0x00, 0x1f}, {0x7f, 0xa0}, {0xad, 0xad}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x1680, 0x1680}, {0x17b4, 0x17b5}, {0x2000, 0x200f}, {0x2028, 0x202f},
	{0x205f, 0x206f}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}}

// joining are ranges of characters that nobody sees either, but that belong to the character before them in some scripts: variation selectors.
var joining = [][2]rune{{0x034f, 0x034f}, {0x180b, 0x180f}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef}}

// unseen is a regular expression of what no code has inside, as SQL that both engines read alike: what nobody sees, and format characters.
func unseen() string {
	var class strings.Builder
	for _, span := range slices.Concat(invisible, joining) {
		fmt.Fprintf(&class, "~x{%x}-~x{%x}", span[0], span[1])
	}
	return "replace('[" + class.String() + "]|~p{Cf}', '~', chr(92))"
}

// Blanks are all characters that are taken off the ends of texts: blank, tab, and those beyond ASCII that nobody sees.
func Blanks() string {
	all := []rune(" \t")
	for _, span := range invisible {
		for r := max(span[0], 0xa0); r <= span[1]; r++ {
			all = append(all, r)
		}
	}
	return string(all)
}

// Visible escapes the characters of a text that nobody would see, line breaks and control characters among them.
func Visible(text string) string {
	if !strings.ContainsFunc(text, isInvisible) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isInvisible(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// shown puts the beginning of a text into quotes, so that every character of it can be seen.
func shown(text string) string {
	const longest = 120
	runes, rest := []rune(text), ""
	if len(runes) > longest {
		runes, rest = runes[:longest], "..."
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range runes {
		switch {
		case r == '"' || r == '\\':
			b.WriteString("\\" + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case isInvisible(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + rest + `"`
}

func isInvisible(r rune) bool {
	return slices.ContainsFunc(invisible, func(span [2]rune) bool { return span[0] <= r && r <= span[1] })
}
