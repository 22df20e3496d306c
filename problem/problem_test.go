package problem

import "testing"

func TestString(t *testing.T) {
	for _, c := range []struct {
		p    Problem
		want string
	}{
		{Problem{Where: "Statement[1].Effect", What: `"No" is no effect`, Fix: "use Allow or Deny"}, `Statement[1].Effect: "No" is no effect; use Allow or Deny`},
		{Problem{What: "it is empty"}, "it is empty"},
		{Problem{Where: "a\nb", What: "\x1b[31mred\u2028", Fix: "c\td"}, "a b:  [31mred ; c d"},
	} {
		if got := c.p.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if got, want := (List{{What: "a"}, {Where: "x", What: "b"}}).Error(), "a; x: b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
