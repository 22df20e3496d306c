package glue

import "testing"

func TestExclusions(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"*.csv", "a.csv", true},
		{"*.csv", "day/a.csv", false},
		{"**.csv", "day/a.csv", true},
		{"**/a.csv", "a.csv", false},
		{"day?/**", "day1/x/a.csv", true},
		{"day?/**", "day/x/a.csv", false},
		{"[_.]*", "_SUCCESS", true},
		{"[_.]*", ".hidden", true},
		{"[_.]*", "_temporary/0/a.csv", false},
		{"[_.]*/**", "_temporary/0/a.csv", true},
		{"**/[_.]*/**", "date=2008-05-01/.hive-staging_1/a.csv", true},
		{"**/[_.]*", "date=2008-05-01/a_b.csv", false},
		{"[!a-c]*", "d.csv", true},
		{"[!a-c]*", "b.csv", false},
		{"*.{csv,tsv}", "a.tsv", true},
		{`\*`, "*", true},
		{`\*`, "a", false},
	}
	for _, test := range tests {
		e, err := globExpression(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.MatchString(test.path); got != test.want {
			t.Errorf("%s matches %s: %t, want %t", test.pattern, test.path, got, test.want)
		}
	}
	for _, pattern := range []string{"[a", "{a", "a}", "{a{b}}", `a\`, "[a/b]"} {
		if _, err := globExpression(pattern); err == nil {
			t.Errorf("%s is taken", pattern)
		}
	}
}
