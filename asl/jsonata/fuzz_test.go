package jsonata_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

var seeds = []string{
	`Account.Order.Product[Price > 30]{SKU: $sum(Price * Quantity)}^(>a, b).%`, `$map([1..5], function($v, $i, $a){ $v * $i })`, `a@$x#$i[$i=1].{"k": $x}`,
	`($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))`, `$replace("a.b", /(\w)\.(?=b)/i, "$1")`, `$ ~> |a|{"b": 1}, ["c"]|`,
	`$formatNumber(1234.5, "#,##0.00;(0)")`, `$fromMillis(0, "[Y]-[MNn]-[D1o] [h]:[m] [P] [Z]")`, `$toMillis("1 Feb 2018", "[D] [MNn,*-3] [Y]")`,
	`$eval("a.b")`, `[[1..3]] ?? {} ?: null`, "`x y`.**.*", `$sort([3,1,2], function($l, $r){ $l > $r })`, `($x := |$|{"a": $}|; $x($))`, `/* c */ "\u00e9" in ['a']`,
	`$formatInteger(12345, "Ww;o") ~> $parseInteger("Ww;o")`, `($f := function(){ $f() }; $f())`, `($f := function(){ 1 + $f() }; $f())`, `$substring(?, 1, 2)("abc")`,
	`$reduce([1..1000], function($a, $b){ [[$a]] })`, `($a := {"x": [1..9]}; $b := {"a": $a, "b": $a}; $c := {"a": $b, "b": $b}; {"a": $c, "b": $c})`,
	`$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaab", /(a+)+$/)`, `$pad("x", 1000000000)`, `$string(a, true)`, `$zip([1,2],[3,4]) ~> $distinct ~> $reverse`,
}

// FuzzCompile compiles anything: no panic, an error has a code and a place, and what compiles is printed as
// something that has the same tree.
func FuzzCompile(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		_, err := jsonata.Compile(src)
		if err == nil {
			checkPrint(t, src)
			return
		}
		var e *jsonata.Error
		if !errors.As(err, &e) || e.Code == "" || e.Message == "" || e.Offset < 0 || e.Offset > len(src) {
			t.Fatalf("%q: the error lacks something: %#v", src, err)
		}
		jsonata.CompileStepFunctions(src)
	})
}

// FuzzEval evaluates anything over a small document under tight limits: no panic, and an end in time.
func FuzzEval(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, `{"a": [{"b": 1, "c": "x"}, {"b": 2}], "Account": {"Order": [{"Product": {"Price": 40, "SKU": "s", "Quantity": 2}}]}}`)
	}
	f.Fuzz(func(t *testing.T, src, document string) {
		input, err := jsonvalue.Decode([]byte(document))
		if err != nil {
			return
		}
		x, err := jsonata.Compile(src)
		if err != nil {
			return
		}
		o := jsonata.Options{
			Now: func() time.Time { return time.Unix(1e9, 0) }, Random: func() float64 { return 0.5 }, Eval: true,
			Limits: jsonata.Limits{Depth: 1000, Steps: 200_000, Size: 4 << 20},
		}
		before := jsonvalue.String(input)
		start := time.Now()
		v, err := x.Eval(context.Background(), input, o)
		if spent := time.Since(start); spent > 5*time.Second {
			t.Fatalf("%q took %v", src, spent)
		}
		var e *jsonata.Error
		if errors.As(err, &e) && e.Code == "X0001" {
			t.Fatalf("%q over %s: %v", src, document, err)
		}
		if err == nil {
			jsonvalue.String(v)
		}
		if after := jsonvalue.String(input); after != before {
			t.Fatalf("%q changed its input from %s to %s", src, before, after)
		}
	})
}

// TestLimits shows each limit at work.
func TestLimits(t *testing.T) {
	tests := []struct{ name, src, code string }{
		{"stack", `($f := function($n){ 1 + $f($n) }; $f(1))`, "D1011"},
		{"loop", `($f := function($n){ $f($n + 1) }; $f(1))`, "D1012"},
		{"size of a range", `[1..5000000]`, "D2015"},
		{"size of a string", `$pad("", 100000000)`, "D2015"},
		{"size by doubling", `$reduce([1..40], function($a, $b){ $a & $a }, "xx")`, "D2015"},
		{"size of a result that shares its parts", `$reduce([1..40], function($a, $b){ {"a": $a, "b": $a} }, 1)`, "D1012"},
		{"nesting of a result", `$reduce([1..50000], function($a, $b){ {"a": $a} }, 1)`, "L0002"},
		{"pattern", `$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /(a*)*c/)`, "D1012"},
		{"cycle", `$string({"a": 1} ~> |$|{"me": $}|)`, "L0002"},
		{"cycle in the result", `{"a": 1} ~> |$|{"me": $}|`, "L0002"},
	}
	for _, tt := range tests {
		x, err := jsonata.Compile(tt.src)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		v, err := x.Eval(context.Background(), jsonata.Undefined, jsonata.Options{Limits: jsonata.Limits{Steps: 2_000_000, Size: 64 << 20}})
		var e *jsonata.Error
		if !errors.As(err, &e) || e.Code != tt.code {
			t.Errorf("%s: got %.80s, %v; want %s", tt.name, jsonvalue.String(v), err, tt.code)
		}
	}
	x, err := jsonata.Compile(`($f := function($n){ $f($n + 1) }; $f(1))`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := x.Eval(ctx, nil, jsonata.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an evaluation out of time: %v", err)
	}
	for _, src := range []string{`$now()`, `$random()`, `$eval("1")`, `$shuffle([1,2])`, `$millis()`} {
		x, err := jsonata.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		var e *jsonata.Error
		if _, err := x.Eval(context.Background(), nil, jsonata.Options{}); !errors.As(err, &e) || e.Code != "F0001" {
			t.Errorf("%s without the option for it: %v", src, err)
		}
	}
}
