package etl

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
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
