package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASLValidate(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.json", `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`)
	bad := write("bad.json", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`)
	broken := write("broken.json", `{"StartAt":`)
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"valid", []string{good}, 0, ""},
		{"dangling transition", []string{good, bad}, 1, bad + `: /States/A/Next: error: there is no state "B" here`},
		{"as JSON", []string{"--json", bad}, 1, `{"file":"` + bad + `","severity":"error","where":"/States/A/Next","what":"there is no state \"B\" here","fix":`},
		{"no JSON", []string{broken}, 1, broken + ": /: error: not JSON"},
		{"no such file", []string{filepath.Join(dir, "none.json")}, 2, ""},
		{"nothing to do", nil, 2, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(context.Background(), append([]string{"asl", "validate"}, test.args...), strings.NewReader(""), &stdout, &stderr)
			if code != test.code || !strings.HasPrefix(stdout.String(), test.want) || test.want == "" && stdout.Len() > 0 {
				t.Errorf("got code %d and %q (%s), want %d and %q", code, &stdout, &stderr, test.code, test.want)
			}
		})
	}
}

func TestASLRender(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.json")
	text := `{"States":{"A":{"End":true,"Resource":"arn:aws:states:::glue:startJobRun","Parameters":{"JobName":"j"},"Type":"Task"}},"StartAt":"A"}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ flag, want string }{
		{"--compact", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun","Parameters":{"JobName":"j"},"End":true}}}`},
		{"--grants=true", `"Resource": "arn:aws:glue:*:*:job/j"`},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), []string{"asl", "render", test.flag, file}, strings.NewReader(""), &stdout, &stderr)
		if code != 0 || !strings.Contains(stdout.String(), test.want) {
			t.Errorf("%s: got code %d and %s (%s), want %s", test.flag, code, &stdout, &stderr, test.want)
		}
	}
}
