package operate

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func TestMark(t *testing.T) {
	reasons := map[int64]string{3: `bad "x"`}
	for name, test := range map[string]struct{ in, want string }{
		"plain":            {"h,i\na,b\nc,d\ne,f\n", "reject_reason,h,i\n,a,b\n\"bad \\\"x\\\"\",c,d\n,e,f\n"},
		"no last line end": {"h\na\nc", "reject_reason,h\n,a\n\"bad \\\"x\\\"\",c"},
		"CRLF and BOM":     {"\xef\xbb\xbfh\r\na\r\nc\r\n", "reject_reason,h\r\n,a\r\n\"bad \\\"x\\\"\",c\r\n"},
		"blank lines":      {"\nh\nc\n\n", "\nreject_reason,h\n\"bad \\\"x\\\"\",c\n\n"},
		"quoted line ends": {"h,i\n\"a\nb\",c\nd\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := strings.ReplaceAll(test.want, `\"`, `""`)
			in := test.in
			if name == "quoted line ends" { // line 3 goes on with the record of line 2: only a reject at line 4 is a record of its own
				reasons := map[int64]string{4: "bad"}
				var out bytes.Buffer
				if n, err := mark(strings.NewReader(in), &out, reasons); err != nil || n != 1 || out.String() != "reject_reason,h,i\n,\"a\nb\",c\n\"bad\",d\n" {
					t.Errorf("got %q, %d, %v", out.String(), n, err)
				}
				return
			}
			var out bytes.Buffer
			if n, err := mark(strings.NewReader(in), &out, reasons); err != nil || n != 1 || out.String() != want {
				t.Errorf("got %q, %d, %v; want %q", out.String(), n, err, want)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			z.Write([]byte(in))
			z.Close()
			out.Reset()
			if _, err := mark(&packed, &out, reasons); err != nil || out.String() != want {
				t.Errorf("of gzip: %q, %v", out.String(), err)
			}
		})
	}
}
