package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestASLEval(t *testing.T) {
	tests := []struct {
		name, expr, input string
		code              int
		stdout, stderr    string
	}{
		{"value", `$sum(items.price)`, `{"items": [{"price": 1.5}, {"price": 2}]}`, 0, "3.5\n", ""},
		{"keys in order", `{"b": a, "a": 1}`, `{"a": [true, null]}`, 0, `{"b":[true,null],"a":1}` + "\n", ""},
		{"nothing", `nothing`, `{}`, 0, "undefined\n", ""},
		{"syntax", `items[1,2)`, `{}`, 1, "", "S0202: Expected \"]\", got \",\"\n  items[1,2)\n         ^\ncheck that brackets and quotes before this place are closed\n"},
		{"type", "(\n  $x := 'é';\n  $x + 1\n)", `{}`, 1, "", "T2001: The left side of the \"+\" operator must evaluate to a number\n    $x + 1\n       ^\nconvert it with $number; strings are joined with &\n"},
		{"function", `1 + $uppercase(5)`, `{}`, 1, "", "T0410: Argument 1 of function \"uppercase\" does not match function signature\n  1 + $uppercase(5)\n      ^\ncheck number, order and types of the arguments\n"},
		{"input", `a`, `{`, 2, "", "airline: -: json: a key in double quotes is missing: unexpected end of input at offset 1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(context.Background(), []string{"asl", "eval", tt.expr, "--input", "-"}, strings.NewReader(tt.input), &stdout, &stderr)
			if code != tt.code || stdout.String() != tt.stdout || stderr.String() != tt.stderr {
				t.Errorf("exit %d, want %d\nstdout %q\nwant   %q\nstderr %q\nwant   %q", code, tt.code, stdout.String(), tt.stdout, stderr.String(), tt.stderr)
			}
		})
	}
}
