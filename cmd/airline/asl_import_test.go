package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestASLImport: a valid definition becomes a program, an invalid one its
// problems.
func TestASLImport(t *testing.T) {
	for _, test := range []struct {
		name, text string
		code       int
		stdout     string
		stderr     string
	}{
		{"valid", `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, 0, `asl.Succeed("A")`, ""},
		{"dangling transition", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`, 1, "", `-: /States/A/Next: error: there is no state "B" here`},
		{"unknown field", `{"StartAt":"A","States":{"A":{"Type":"Succeed","Nxt":"B"}}}`, 1, "", `-: /States/A/Nxt: error: a state has no field "Nxt"`},
		{"no JSON", `{"StartAt":`, 1, "", "-: /: error: not JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(context.Background(), []string{"asl", "import", "-"}, strings.NewReader(test.text), &stdout, &stderr)
			if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("got code %d, %q and %q; want %d, %q and %q", code, &stdout, &stderr, test.code, test.stdout, test.stderr)
			}
			if code != 0 && stdout.Len() > 0 {
				t.Errorf("source was printed: %s", &stdout)
			}
		})
	}
}
