package generate

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"airline/etl"
)

// declaredKeys is how many rows of a dataset that has a key are made, and so how many others can be joined with.
const declaredKeys = 200

// Declared writes a file of any declared dataset, of so many rows, all of which load where the files that it is joined with are made in the same
// way: those of one with a key have its first declaredKeys keys, each once. The same seed makes the same bytes.
func Declared(w io.Writer, dataset etl.Dataset, seed uint64, rows int) error {
	d, ok := dataset.Declared()
	if !ok {
		return fmt.Errorf("generate: dataset %q is none of %v", dataset, etl.Datasets())
	}
	if d.Key != "" {
		rows = min(rows, declaredKeys)
	}
	format, random := dataset.Format(), rand.New(rand.NewPCG(seed, uint64(len(dataset))))
	out := bufio.NewWriterSize(w, 1<<16)
	if format.Comment != "" {
		fmt.Fprintf(out, "%s %s, made\n", format.Comment, d.Name)
	}
	write := func(fields []string) error {
		for i, text := range fields {
			if strings.ContainsAny(text, "\"\r\n"+format.Delimiter) || format.Comment != "" && strings.HasPrefix(text, format.Comment) {
				fields[i] = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			}
		}
		text := strings.Join(fields, format.Delimiter)
		encoded, ok := format.Encode(text)
		if !ok {
			return fmt.Errorf("generate: %q cannot be written in %s", text, format.Encoding)
		}
		_, err := out.Write(append(encoded, '\n'))
		return err
	}
	var names []string
	for _, c := range d.Columns {
		names = append(names, c.Name)
	}
	if err := write(names); err != nil {
		return err
	}
	values := make([]string, len(d.Columns))
	for row := range rows {
		used := map[string]int{} // what the row is joined with, by dataset: no two joins meet the same
		for i, c := range d.Columns {
			values[i] = value(d, c, row, random, used)
		}
		if err := write(values); err != nil {
			return err
		}
	}
	return out.Flush()
}

// value is one of a column.
func value(d etl.Declaration, c etl.RawColumn, row int, random *rand.Rand, used map[string]int) string {
	if c.As == d.Key {
		return keyOf(c, row)
	}
	if i := slices.IndexFunc(d.Joins, func(j etl.Join) bool { return j.On == c.As }); i >= 0 {
		with, _ := d.Joins[i].With.Declared()
		at := slices.IndexFunc(with.Columns, func(c etl.RawColumn) bool { return c.As == with.Key })
		n, again := used[string(with.Name)]
		if n = (n + 1 + random.IntN(declaredKeys-1)) % declaredKeys; !again {
			n = random.IntN(declaredKeys)
		}
		used[string(with.Name)] = n
		return keyOf(with.Columns[at], n)
	}
	if !c.Required && len(c.Nulls) > 0 && random.IntN(50) == 0 {
		return c.Nulls[0]
	}
	if c.Text {
		return keyOf(c, random.IntN(40))
	}
	least, most := bounds(c)
	return fmt.Sprint(least + random.IntN(most-least+1))
}

// bounds are those of the numbers that are made for a column: from 1 to 600, as far as its own are numbers that allow it.
func bounds(c etl.RawColumn) (least, most int) {
	least, most = 1, 600
	if len(c.Between) < 2 {
		return least, most
	}
	from, err := strconv.Atoi(c.Between[0])
	to, other := strconv.Atoi(c.Between[1])
	switch {
	case err != nil || other != nil || from > to:
	case to < least || from > most:
		least, most = from, to
	default:
		least, most = max(least, from), min(most, to)
	}
	return least, most
}

// keyOf is the nth value of a column, short enough for any table's.
func keyOf(c etl.RawColumn, n int) string {
	if c.Text {
		return fmt.Sprintf("%c%d", c.As[0]-'a'+'A', n)
	}
	return fmt.Sprint(1001 + n)
}
