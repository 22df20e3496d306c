package etl

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// HeadBytes is how much of a file's beginning ReadHead needs: all of it, or more than the longest header.
const HeadBytes = 2*MaxRecordBytes + 1

// Layout says where in a record of one file the contract's columns are, from 0.
type Layout struct {
	// Positions of RawForm.Columns, in their order.
	Positions []int
	// Coded: those of RawForm.Codes stand for the columns of the same name in queries.
	Coded bool
	// Optional are the positions of RawForm.Optional, -1 where a file has none.
	Optional []int
	// Day are the positions of the columns that say the day of a row; none where the file does not.
	Day []int
	// Fields is how many fields the header has, and with it every record.
	Fields int
	// Lines is the line on which the header ends, from 1.
	Lines int64
	// Names are the header's, without blanks around them.
	Names []string
}

// ReadHead judges a file by its beginning, uncompressed (inGzip: out of a gzip stream): whether it is text, where its header is, and
// where in it the dataset's columns are. The days are those of the key of flights; the zero value asks for none. The error
// is a *RefusedError.
func (d Dataset) ReadHead(key string, text []byte, inGzip bool, days Days) (Layout, error) {
	if refused := checkKind(key, text, inGzip); refused != nil {
		return Layout{}, refused
	}
	format := d.Format()
	first, rest, refused := firstRecord(key, bytes.TrimPrefix(format.Decode(text), []byte("\xef\xbb\xbf")), format)
	if refused != nil {
		return Layout{}, refused
	}
	h := head{form: d.Raw(), key: key, headRecord: first, rest: rest}
	layout, refused := h.layout(d, days)
	if refused != nil {
		refused.Columns = h.names()
		return Layout{}, refused
	}
	layout.Names = h.names()
	return layout, nil
}

// checkKind refuses what is known for something else than CSV.
func checkKind(key string, text []byte, inGzip bool) *RefusedError {
	const looked = 4096
	begin := text[:min(len(text), looked)]
	word := strings.ToLower(strings.TrimLeft(string(bytes.TrimPrefix(begin, []byte("\xef\xbb\xbf"))), " \t\r\n"))
	for _, kind := range kinds {
		magic, err := hex.DecodeString(kind.Hex)
		if err != nil || !bytes.HasPrefix(begin, magic) || !strings.HasPrefix(word, kind.Word) || !bytes.Contains(begin, []byte(kind.Has)) {
			continue
		}
		name := "kind"
		if inGzip && kind.Name != "gzip in gzip" {
			name = "kind in gzip"
		}
		return Refuse(name, key, 0, "kind", kind.Name, "fix", kind.Fix)
	}
	if encoding := wideEncoding(begin); encoding != "" {
		return Refuse("UTF-16", key, 1, "encoding", encoding)
	}
	return nil
}

// wideEncoding names the encoding of a text whose characters have two or four bytes each.
func wideEncoding(begin []byte) string {
	for _, mark := range []struct{ bytes, encoding string }{
		{"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\xfe\xff", "UTF-32"}, {"\xff\xfe", "UTF-16"}, {"\xfe\xff", "UTF-16"},
	} {
		if bytes.HasPrefix(begin, []byte(mark.bytes)) {
			return mark.encoding
		}
	}
	// Without a mark: the other half of each of the first ASCII characters is 0.
	const characters = 8
	if len(begin) < 2*characters {
		return ""
	}
	zero := [2]int{}
	for i, b := range begin[:2*characters] {
		if b == 0 {
			zero[i%2]++
		}
	}
	if zero == [2]int{characters, 0} || zero == [2]int{0, characters} {
		return "UTF-16"
	}
	return ""
}

// headRecord is the first record of a file.
type headRecord struct {
	line, end int64 // from 1
	text      string
	fields    []string // unquoted; the whole record where its quotes are malformed
	quotes    Quoting
}

// firstRecord finds the first record in a text, which may be cut off after HeadBytes, and the lines after it.
func firstRecord(key string, text []byte, format Format) (first headRecord, rest []byte, refused *RefusedError) {
	number := int64(0)
	for len(text) > 0 {
		line, after, _ := bytes.Cut(text, []byte("\n"))
		number++
		whole, end := line, number
		record := bytes.TrimSuffix(line, []byte("\r"))
		if len(record) == 0 || format.Comments(record) {
			text = after
			continue
		}
		fields, quotes := format.Split(record)
		for quotes == OpenQuote && len(whole) <= MaxRecordBytes {
			if len(after) == 0 {
				return first, nil, Refuse("unclosed quote", key, number)
			}
			var following []byte
			following, after, _ = bytes.Cut(after, []byte("\n"))
			end++
			whole = text[:len(whole)+1+len(following)]
			if bytes.Count(following, []byte(`"`))%2 == 1 {
				record = bytes.TrimSuffix(whole, []byte("\r"))
				fields, quotes = format.Split(record)
				break
			}
		}
		if len(whole) > MaxRecordBytes {
			return first, nil, Refuse("too long", key, number)
		}
		if at, b := format.BadByte(record); at >= 0 {
			return first, nil, format.NotText(key, number, b)
		}
		if quotes != Balanced {
			fields = []string{string(record)}
		}
		return headRecord{line: number, end: end, text: string(record), fields: fields, quotes: quotes}, after, nil
	}
	return first, nil, Refuse("empty", key, 0)
}

// head is the header of a file, or what stands in its place.
type head struct {
	headRecord
	form RawForm
	key  string
	rest []byte // what follows the first record
}

// layout finds the columns, or says what is wrong.
func (h *head) layout(d Dataset, days Days) (Layout, *RefusedError) {
	layout, missing, repeated := h.find(h.fields)
	switch {
	case len(missing) > 0:
		return Layout{}, h.explain(missing)
	case len(repeated) > 0:
		return Layout{}, Refuse("repeated", h.key, h.line, "s", plural(len(repeated)), "repeated", strings.Join(repeated, ", "))
	case !days.One() && len(layout.Day) == 0:
		return Layout{}, Refuse("no day", h.key, h.line, "month", days.First.Format("2006-01"), "start", shown(h.text),
			"day", d.declared().dayColumn(), "form", d.declared().dayForm())
	}
	layout.Lines = h.end
	return layout, nil
}

// names are the header's without blanks around them; none of a record whose quotes are malformed.
func (h *head) names() []string {
	if h.quotes != Balanced {
		return nil
	}
	names := make([]string, len(h.fields))
	for i, name := range h.fields {
		names[i] = trimmed(name)
	}
	return names
}

func trimmed(name string) string { return strings.Trim(name, " \t") }

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// find looks the form's columns up in a header: what is missing, as the contract names it, and what is there twice.
func (h *head) find(header []string) (layout Layout, missing, repeated []string) {
	places := map[string][]int{}
	for i, name := range header {
		name = plainName(name)
		places[name] = append(places[name], i)
	}
	all := func(columns []RawColumn) []int {
		positions := make([]int, len(columns))
		for i, c := range columns {
			positions[i] = -1
			for _, name := range c.names() {
				if found := places[plainName(name)]; len(found) > 0 {
					positions[i] = found[0]
					break
				}
			}
		}
		return positions
	}
	layout.Fields, layout.Positions, layout.Optional = len(header), all(h.form.Columns), all(h.form.Optional)
	if codes := all(h.form.Codes); len(codes) > 0 && !slices.Contains(codes, -1) {
		replaced := slices.Clone(layout.Positions)
		layout.Coded = true
		for i, c := range h.form.Codes {
			at := slices.IndexFunc(h.form.Columns, func(column RawColumn) bool { return column.As == c.As })
			layout.Coded = layout.Coded && replaced[at] < 0
			replaced[at] = codes[i]
		}
		if layout.Coded {
			layout.Positions = replaced
		}
	}
	for _, way := range h.form.Days {
		if day := all(way); !slices.Contains(day, -1) {
			layout.Day = day
			break
		}
	}
	for i, at := range layout.Positions {
		if at < 0 {
			missing = append(missing, h.form.Columns[i].Name)
		}
	}
	for _, at := range slices.Concat(layout.Positions, layout.Optional, layout.Day) {
		if at >= 0 && len(places[plainName(header[at])]) > 1 {
			repeated = append(repeated, header[at])
		}
	}
	return layout, missing, repeated
}

// plainName is a name as it is compared: ASCII letters without case, no blanks around.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, trimmed(name))
}

var (
	sepLine         = regexp.MustCompile(`^"?[sS][eE][pP]=.?"?$`)
	integerField    = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*)?$`)
	notAlphanumeric = regexp.MustCompile(`[^0-9a-z]+`)
	plainWords      = regexp.MustCompile(`^[0-9A-Za-z_.()#/-]+( [0-9A-Za-z_.()#/-]+)*$`)
)

// explain says why the first record is no header of the contract, or which columns it lacks.
func (h *head) explain(missing []string) *RefusedError {
	start, delimiter := shown(h.text), h.form.Format.delimiterName()
	switch {
	case sepLine.MatchString(h.text):
		return Refuse("sep", h.key, h.line, "start", start, "delimiter", delimiter)
	case strings.Contains(h.text, "\r") && h.has(strings.Split(h.text, "\r")[0]):
		return Refuse("line ends", h.key, h.line, "start", start)
	case h.quotes != Balanced && h.has(h.withoutBlanks()):
		return Refuse("blanks at quotes", h.key, h.line, "start", start, "delimiter", delimiter, "text", h.form.Format.Delimiter)
	case len(h.fields) == 1 && h.has(h.fields[0]):
		return Refuse("lines in quotes", h.key, h.line, "start", start)
	}
	if separator := h.separator(h.text); separator != "" {
		return Refuse("separator", h.key, h.line, "separator", separator, "start", start, "delimiter", delimiter)
	}
	if line, separator, ok := h.later(); ok {
		name := "title"
		if separator != "" {
			name = "title, separator"
		}
		return Refuse(name, h.key, h.line, "header", fmt.Sprint(line), "start", start, "separator", separator, "delimiter", delimiter)
	}
	if h.quotes != Balanced {
		return Refuse("quotes", h.key, h.line, "start", start)
	}
	columns := columnNames(h.form.Columns)
	nearest, data := h.nearest(missing), slices.ContainsFunc(h.fields, func(f string) bool { return integerField.MatchString(strings.Trim(f, " \t")) })
	name, none, it := "missing", len(missing) == len(columns), "it"
	if none && strings.Count(nearest, " ~ ") < 2 {
		nearest = "" // one of another table's names is near by chance
	}
	switch {
	case !none || nearest != "":
		if nearest != "" {
			name = "misspelt"
		}
	case h.separated(h.text) != "":
		name = "separator"
	case data:
		name = "no header"
	default:
		name = "other header"
	}
	if len(missing) > 1 {
		it = "them"
	}
	return Refuse(name, h.key, h.line, "s", plural(len(missing)), "missing", strings.Join(missing, ", "), "columns", strings.Join(columns, h.form.Format.Delimiter),
		"it", it, "start", start, "nearest", nearest, "separator", h.separated(h.text), "delimiter", delimiter)
}

// withoutBlanks is the first record without blanks between delimiters and quotes.
func (h *head) withoutBlanks() string {
	delimiter := h.form.Format.Delimiter
	text := regexp.MustCompile(regexp.QuoteMeta(delimiter)+`[ \t]+"`).ReplaceAllLiteralString(h.text, delimiter+`"`)
	return regexp.MustCompile(`"[ \t]+`+regexp.QuoteMeta(delimiter)).ReplaceAllLiteralString(text, `"`+delimiter)
}

// has says whether a text is a header with all columns.
func (h *head) has(text string) bool {
	fields, quotes := h.form.Format.Split([]byte(strings.TrimSuffix(text, "\r")))
	if quotes != Balanced {
		return false
	}
	_, missing, _ := h.find(fields)
	return len(missing) == 0
}

// separator names what a header's fields are separated by when it is not the delimiter: split there, it has at least two of the columns.
func (h *head) separator(line string) string {
	for _, s := range h.others() {
		fields := strings.Split(line, s.Text)
		for i, f := range fields {
			fields[i] = strings.Trim(strings.Trim(f, " \t"), `"`)
		}
		if _, missing, _ := h.find(fields); len(missing) <= len(h.form.Columns)-2 {
			return s.Name
		}
	}
	return ""
}

// others are what fields are not separated by.
func (h *head) others() []Separator {
	return slices.DeleteFunc(slices.Clone(separators), func(s Separator) bool { return s.Text == h.form.Format.Delimiter })
}

// separated names what a line without delimiters and names is separated by: what makes as many fields of it as the contract has columns.
func (h *head) separated(line string) string {
	for _, s := range h.others() {
		if s.Text != " " && s.Text != ":" && !strings.Contains(line, h.form.Format.Delimiter) && strings.Count(line, s.Text) >= len(h.form.Columns)-1 {
			return s.Name
		}
	}
	return ""
}

// later looks for the header in the next lines, below a title or a comment.
func (h *head) later() (line int64, separator string, ok bool) {
	const lines = 20
	rest := h.rest
	for line = h.end + 1; line <= h.end+lines && len(rest) > 0; line++ {
		var next []byte
		next, rest, _ = bytes.Cut(rest, []byte("\n"))
		if !utf8.Valid(next) {
			return 0, "", false
		}
		if h.has(string(next)) {
			return line, "", true
		}
		if separator = h.separator(strings.TrimSuffix(string(next), "\r")); separator != "" {
			return line, separator, true
		}
	}
	return 0, "", false
}

// nearest pairs missing columns with the header's names that are likely meant: "DEP_DELAYS ~ DepDelay, ...".
func (h *head) nearest(missing []string) string {
	used := map[int]bool{}
	layout, _, _ := h.find(h.fields)
	for _, at := range slices.Concat(layout.Positions, layout.Optional, layout.Day) {
		used[at] = true
	}
	var pairs []string
	for _, c := range h.form.Columns {
		if !slices.Contains(missing, c.Name) {
			continue
		}
		best, fewest := -1, 0
		for i, name := range h.fields {
			if used[i] || slices.ContainsFunc(c.Unlike, func(u string) bool { return plainName(u) == plainName(name) }) {
				continue
			}
			d, near := nearness(letters(name), c)
			if !near { // Hive puts the table before its columns
				d, near = nearness(letters(name[strings.LastIndexByte(name, '.')+1:]), c)
			}
			if near && (best < 0 || d < fewest) {
				best, fewest = i, d
			}
		}
		if best >= 0 {
			used[best] = true
			pairs = append(pairs, bare(h.fields[best])+" ~ "+c.Name)
		}
	}
	return strings.Join(pairs, ", ")
}

// letters are a name's ASCII letters and digits, in lower case.
func letters(name string) string { return notAlphanumeric.ReplaceAllString(plainName(name), "") }

// bare is a name without quotes, if all of it can be seen without.
func bare(name string) string {
	if plainWords.MatchString(name) {
		return name
	}
	return shown(name)
}

// nearness is how many changes make a name one of the column's, and whether it is near enough to be meant: a third of its letters
// changed, or one an abbreviation of the other, with the same first letter.
func nearness(name string, c RawColumn) (changes int, near bool) {
	for i, known := range c.names() {
		known = letters(known)
		d := distance(name, known)
		ok := d*3 <= len(known) || len(name) >= 4 && name[0] == known[0] && (abbreviates(name, known) || abbreviates(known, name))
		if i == 0 {
			changes, near = d, ok
			continue
		}
		if ok && (!near || d < changes) {
			changes, near = d, true
		}
	}
	return changes, near
}

// abbreviates says that all letters of short are in long, in this order.
func abbreviates(short, long string) bool {
	at := 0
	for i := 0; i < len(long) && at < len(short); i++ {
		if long[i] == short[at] {
			at++
		}
	}
	return at == len(short)
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
