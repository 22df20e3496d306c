package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Format says how the files of a dataset are written. The zero value is CSV of RFC 4180 in UTF-8.
type Format struct {
	// Delimiter separates fields: one that Glue's classifiers know, "," where it is empty.
	Delimiter string `json:"delimiter"`
	// Comment is what lines begin with that are no records, such as "#"; empty where there are none. Lines inside of quotes are none.
	Comment string `json:"comment,omitempty"`
	// Encoding is that of the text, UTF8 where it is empty.
	Encoding Encoding `json:"encoding"`
}

// Encoding is what makes bytes of characters.
type Encoding string

// The encodings. Those of one byte are like ISO 8859-1 but for what encodings says.
const (
	UTF8        Encoding = "UTF-8"
	Latin1      Encoding = "ISO-8859-1"
	Windows1252 Encoding = "Windows-1252"
)

// singleByte says where an encoding of one byte a character differs from ISO 8859-1, whose bytes are the first 256 characters of Unicode: the
// characters of From are those of To, and those of None are none.
type singleByte struct {
	From string `json:"from"`
	To   string `json:"to"`
	None string `json:"none"`
}

// encodings are those of one byte. Source of Windows-1252: Unicode's mapping table CP1252.TXT.
var encodings = map[Encoding]singleByte{
	Latin1: {},
	Windows1252: {
		From: "\u0080\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008e\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009e\u009f",
		To:   "\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178",
		None: "\u0081\u008d\u008f\u0090\u009d",
	},
}

// format is the declared one with what is left out.
func (d Declaration) format() Format {
	f := d.Format
	if f.Delimiter == "" {
		f.Delimiter = ","
	}
	if f.Encoding == "" {
		f.Encoding = UTF8
	}
	return f
}

// Format is how the dataset's files are written, nothing left out.
func (d Dataset) Format() Format { return d.declared().format() }

// delimiters are those of the separators that a file may be declared to have: each is one character, and none is part of a value.
var delimiters = []string{",", ";", "\t", "|", "\x01"}

var commentMark = regexp.MustCompile(`^[!#%&*/<>@^~-]{1,3}$`)

// check says what is wrong with the format.
func (f Format) check() error {
	_, oneByte := encodings[f.Encoding]
	switch {
	case !slices.Contains(delimiters, f.Delimiter):
		return fmt.Errorf("the delimiter %q is none of %q", f.Delimiter, delimiters)
	case f.Encoding != UTF8 && !oneByte:
		return fmt.Errorf("the encoding %q is none of %s, %s and %s", f.Encoding, UTF8, Latin1, Windows1252)
	case f.Comment != "" && !commentMark.MatchString(f.Comment):
		return fmt.Errorf("comments begin with %q: they begin with up to three marks that no value begins with, such as #", f.Comment)
	}
	return nil
}

// delimiterName is what messages call the delimiter.
func (f Format) delimiterName() string {
	i := slices.IndexFunc(separators, func(s Separator) bool { return s.Text == f.Delimiter })
	return separators[i].Name
}

// Comments says that a line, at whose beginning no quote is open, is no record.
func (f Format) Comments(line []byte) bool {
	return f.Comment != "" && strings.HasPrefix(string(line[:min(len(line), len(f.Comment))]), f.Comment)
}

// Decode is a text in UTF-8. A byte that the encoding does not have becomes the character of its number.
func (f Format) Decode(text []byte) []byte {
	of, oneByte := encodings[f.Encoding]
	if !oneByte {
		return text
	}
	characters := of.characters()
	decoded := make([]byte, 0, len(text)+len(text)/8)
	for _, b := range text {
		decoded = utf8.AppendRune(decoded, characters[b])
	}
	return decoded
}

// Encode is a text of UTF-8 in the encoding; ok is false of one that has characters which the encoding does not have.
func (f Format) Encode(text string) (encoded []byte, ok bool) {
	of, oneByte := encodings[f.Encoding]
	if !oneByte {
		return []byte(text), true
	}
	characters := of.characters()
	for _, r := range text {
		b := slices.Index(characters[:], r)
		if b < 0 || strings.ContainsRune(of.None, r) {
			return nil, false
		}
		encoded = append(encoded, byte(b))
	}
	return encoded, true
}

// characters are those of all bytes.
func (s singleByte) characters() (all [256]rune) {
	for b := range all {
		all[b] = rune(b)
	}
	to := []rune(s.To)
	for i, from := range []rune(s.From) {
		all[from] = to[i]
	}
	return all
}

// BadByte is the first byte, and where, that no text in the encoding has: in a text that is decoded. at is negative when there is none.
func (f Format) BadByte(text []byte) (at int, b byte) {
	none := encodings[f.Encoding].None
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return at, text[at]
		}
		if none != "" && r < 0x100 && strings.ContainsRune(none, r) {
			return at, byte(r)
		}
		at += size
	}
	return -1, 0
}

// NotText is the refusal of a file for a byte that its encoding, or any text, does not have.
func (f Format) NotText(key string, line int64, b byte) *RefusedError {
	shown := fmt.Sprintf("0x%02x", b)
	switch {
	case b == 0:
		return Refuse("NUL", key, line, "encoding", string(f.Encoding))
	case f.Encoding != UTF8:
		return Refuse("not in encoding", key, line, "byte", shown, "encoding", string(f.Encoding))
	case b < 0xa0: // of ISO 8859-1 these are control characters
		return Refuse("not UTF-8", key, line, "byte", shown, "encoding", "Windows-1252", "iconv", "WINDOWS-1252")
	}
	return Refuse("not UTF-8", key, line, "byte", shown, "encoding", "Latin-1 or Windows-1252", "iconv", "WINDOWS-1252")
}

// Split takes a record apart: see [SplitRecord].
func (f Format) Split(record []byte) ([]string, Quoting) { return splitRecord(record, f.Delimiter[0]) }
