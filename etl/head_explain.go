package etl

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

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
		d := levenshtein.Distance(name, known, nil)
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
