package glue

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// schema is what a classifier found out about one object. The zero value is Glue's classification UNKNOWN.
type schema struct {
	classification string // "csv", or "" for UNKNOWN
	compression    string // "none" or "gzip"
	delimiter      string
	quote          string
	header         bool
	quoted         bool // some value is in quotes
	columns        []columnType
	rows           int // in the sample, without the header
	sampled        int // bytes that the rows were in
	serde          types.CsvSerdeOption
}

type columnType struct{ name, typ string }

// sampleBytes is how much of an object a crawler looks at, and sampleRows how many rows.
const (
	sampleBytes = 1 << 20
	sampleRows  = 1000
)

// classify runs the custom classifiers in order and then Glue's own for CSV on the beginning of an object
// ("Defining and managing classifiers" in the Glue Developer Guide). whole says that data is all of it.
func classify(data []byte, whole bool, custom []types.CsvClassifier) schema {
	compression := "none"
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		compression = "gzip"
		data, whole = unzip(data, whole)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !isText(data, whole) {
		return schema{}
	}
	for _, c := range custom {
		if s, ok := classifyAs(data, whole, c); ok {
			s.compression = compression
			return s
		}
	}
	best := schema{}
	for _, delimiter := range []string{",", "|", "\t", ";", "\x01"} {
		if s, ok := classifyBuiltIn(data, whole, delimiter); ok && len(s.columns) > len(best.columns) {
			best = s
		}
	}
	if best.classification != "" {
		best.compression = compression
	}
	return best
}

func unzip(data []byte, whole bool) ([]byte, bool) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	text, err := io.ReadAll(io.LimitReader(z, sampleBytes))
	return text, whole && err == nil && len(text) < sampleBytes
}

// isText tells text from binary data: UTF-8 without control characters other than those of text files.
func isText(data []byte, whole bool) bool {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return !whole && len(data)-i < utf8.UTFMax && i > 0 // the sample ends inside a character
		case r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != 1:
			return false
		}
		i += size
	}
	return len(data) > 0
}

// records splits a sample. The last record of a sample that is not whole may be cut, and is left out.
func records(data []byte, whole bool, delimiter string) ([][]string, int) {
	comma, _ := utf8.DecodeRuneInString(delimiter)
	r := csv.NewReader(bufio.NewReader(bytes.NewReader(data)))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	var list [][]string
	end := 0
	for len(list) <= sampleRows {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			if !whole && len(list) > 0 {
				list = list[:len(list)-1]
			}
			break
		}
		if err != nil {
			break
		}
		list = append(list, rec)
		end = int(r.InputOffset())
	}
	return list, end
}

// classifyBuiltIn is Glue's own CSV classifier: at least two columns and two rows of one width.
func classifyBuiltIn(data []byte, whole bool, delimiter string) (schema, bool) {
	rows, end := records(data, whole, delimiter)
	if len(rows) < 2 || len(rows[0]) < 2 || !uniform(rows) {
		return schema{}, false
	}
	s := schema{classification: "csv", delimiter: delimiter, quote: `"`, sampled: end, quoted: bytes.ContainsRune(data[:end], '"')}
	s.header = looksLikeHeader(rows[0], rows[1:])
	s.fill(rows, nil)
	return s, true
}

// classifyAs applies a custom CSV classifier.
func classifyAs(data []byte, whole bool, c types.CsvClassifier) (schema, bool) {
	delimiter := or(aws.ToString(c.Delimiter), ",")
	rows, end := records(data, whole, delimiter)
	if len(rows) == 0 || len(rows[0]) < 2 && !aws.ToBool(c.AllowSingleColumn) {
		return schema{}, false
	}
	s := schema{
		classification: "csv", delimiter: delimiter, quote: or(aws.ToString(c.QuoteSymbol), `"`), sampled: end,
		quoted: bytes.ContainsRune(data[:end], '"'), serde: c.Serde,
	}
	switch c.ContainsHeader {
	case types.CsvHeaderOptionPresent:
		s.header = true
	case types.CsvHeaderOptionUnknown, "":
		s.header = looksLikeHeader(rows[0], rows[1:])
	}
	if len(c.Header) > 0 && len(c.Header) != len(rows[0]) {
		return schema{}, false
	}
	if !aws.ToBool(c.DisableValueTrimming) {
		for _, r := range rows {
			for i := range r {
				r[i] = strings.TrimSpace(r[i])
			}
		}
	}
	s.fill(rows, c.Header)
	return s, true
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// uniform tolerates a few ragged rows.
func uniform(rows [][]string) bool {
	same := 0
	for _, r := range rows {
		if len(r) == len(rows[0]) {
			same++
		}
	}
	return same*10 >= len(rows)*7
}

// columnName is what Glue takes for a column's name.
var columnName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_ .#@$%/()-]{0,149}$`)

// looksLikeHeader applies Glue's rules: every cell of the first row is text, short and a possible name, and
// some column's values are not text, so that the row differs from the rows below it.
func looksLikeHeader(first []string, rest [][]string) bool {
	for i, cell := range first {
		cell = strings.TrimSpace(cell)
		if last := i == len(first)-1; last && cell == "" {
			continue
		}
		if typeOf(cell) != "string" || !columnName.MatchString(cell) {
			return false
		}
	}
	for i := range first {
		if t := columnTypeOf(rest, i); t != "string" && t != "" {
			return true
		}
	}
	return false
}

// fill sets columns and counts from the rows.
func (s *schema) fill(rows [][]string, names []string) {
	if names == nil && s.header {
		names = rows[0]
	}
	if s.header {
		rows = rows[1:]
	}
	width := len(names)
	if names == nil {
		width = len(rows[0])
	}
	seen := map[string]bool{}
	for i := range width {
		name := "col" + strconv.Itoa(i)
		if names != nil {
			if n := strings.ToLower(strings.TrimSpace(names[i])); n != "" {
				name = n
			}
		}
		for base, n := name, 2; seen[name]; n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		seen[name] = true
		s.columns = append(s.columns, columnType{name, or(columnTypeOf(rows, i), "string")})
	}
	s.rows = len(rows)
}

// columnTypeOf is the narrowest type for a column's values; "" when it has none.
func columnTypeOf(rows [][]string, i int) string {
	typ := ""
	for _, r := range rows {
		if i < len(r) && r[i] != "" {
			typ = widen(typ, typeOf(r[i]))
		}
	}
	return typ
}

// widen is the type that holds values of both.
func widen(a, b string) string {
	switch {
	case a == b, b == "":
		return a
	case a == "":
		return b
	case a == "bigint" && b == "double", a == "double" && b == "bigint":
		return "double"
	}
	return "string"
}

var number = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)

// typeOf is the type of one value. Dates stay strings, as with Glue's own classifier.
func typeOf(v string) string {
	if _, err := strconv.ParseInt(v, 10, 64); err == nil {
		return "bigint"
	}
	if number.MatchString(v) {
		return "double"
	}
	if l := strings.ToLower(v); l == "true" || l == "false" {
		return "boolean"
	}
	return "string"
}
