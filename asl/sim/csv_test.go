package sim

import (
	"fmt"
	"io"
	"testing"
)

// The first ones are the Step Functions Developer Guide's examples.
func TestCSVReader(t *testing.T) {
	for _, test := range []struct {
		text      string
		delimiter rune
		want      string
	}{
		{"abc,123,\"This string contains commas, a double quotation marks (\"\"), and a newline (\n)\",{\"\"MyKey\"\":\"\"MyValue\"\"},\"[1,2,3]\"\n", ',',
			`[["abc" "123" "This string contains commas, a double quotation marks (\"), and a newline (\n)" "{\"MyKey\":\"MyValue\"}" "[1,2,3]"]]`},
		{"path,size\nC:\\\\Program Files\\\\MyApp.exe,6534512\n", ',', `[["path" "size"] ["C:\\Program Files\\MyApp.exe" "6534512"]]`},
		{"x\\,y,1\r\n\r\na\\|b|c", ',', `[["x,y" "1"] ["a|b|c"]]`},
		{"a\\|b|c", '|', `[["a|b" "c"]]`},
		{"say \\\"hi\\\",\\n", ',', `[["say \"hi\"" "n"]]`}, // pairs of escaped quotes; a backslash before another character goes
		{"\"\",\"a\"\"b\",", ',', `[["" "a\"b" ""]]`},
		{"a \"b,c\" d,e", ',', `[["a b,c d" "e"]]`},
		{"ü\tß\n", '\t', `[["ü" "ß"]]`},
		{"a,\"b", ',', `[] a quoted field does not end`},
		{"", ',', `[]`},
	} {
		r := csvReader{text: test.text, delimiter: test.delimiter}
		var records [][]string
		record, err := r.read()
		for ; err == nil; record, err = r.read() {
			records = append(records, record)
		}
		got := fmt.Sprintf("%q", records)
		if err != io.EOF {
			got += " " + err.Error()
		}
		if got != test.want {
			t.Errorf("%q:\ngot  %s\nwant %s", test.text, got, test.want)
		}
	}
}
