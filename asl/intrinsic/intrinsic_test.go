package intrinsic_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"airline/asl/intrinsic"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

type roots struct{ input any }

func (r roots) Input() any                       { return r.input }
func (r roots) Context() any                     { return jsonvalue.NewObject(0) }
func (r roots) Variable(name string) (any, bool) { return "of " + name, name == "v" }

func env(tb testing.TB, input string) *intrinsic.Env {
	tb.Helper()
	value, err := jsonvalue.Decode([]byte(input))
	if err != nil {
		tb.Fatal(err)
	}
	return &intrinsic.Env{Roots: roots{value}, Rand: rand.New(rand.NewPCG(1, 2))}
}

const input = `{"s": "a,b;c", "list": [1,2,3,3,"3",{"x":1},{"x":1.0}], "o": {"a":1,"b":{"c":2}}, "p": {"b":3}, "json": "{\"k\":[1]}", "n": 2.5, "t": "Hello {}", "i": 1, "nothing": null, "brace": "{x"}`

func TestEval(t *testing.T) {
	tests := []struct{ expr, want string }{
		{`States.Format('{} is {}', $.s, $.n)`, `"a,b;c is 2.5"`},
		{`States.Format($.t, 'you')`, `"Hello you"`},
		{`States.Format('\{\} \'{}\' \\', $.list)`, `"{} '[1, 2, 3, 3, 3, {x=1}, {x=1.0}]' \\"`},
		{`States.Format('{}{}{}', $.o, $.nothing, true)`, `"{a=1, b={c=2}}nulltrue"`},
		{`States.Format('{}', $v)`, `"of v"`},
		{`States.Array()`, `[]`},
		{`States.Array(1, 'x', null, $.o.a, States.Array(-1.5e1))`, `[1,"x",null,1,[-15]]`},
		{`States.ArrayPartition($.list, 3)`, `[[1,2,3],[3,"3",{"x":1}],[{"x":1.0}]]`},
		{`States.ArrayContains($.list, 3)`, `true`},
		{`States.ArrayContains($.list, 4)`, `false`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(5, 1, -2)`, `[5,3,1]`},
		{`States.ArrayRange(2.5, 3.4, 1)`, `[3]`},
		{`States.ArrayRange(2, 1, 1)`, `[]`},
		{`States.ArrayGetItem($.list, 1)`, `2`},
		{`States.ArrayLength($.list)`, `7`},
		{`States.ArrayUnique($.list)`, `[1,2,3,"3",{"x":1}]`},
		{`States.Base64Encode('Data to encode')`, `"RGF0YSB0byBlbmNvZGU="`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU=')`, `"Data to encode"`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.Hash('', 'MD5')`, `"d41d8cd98f00b204e9800998ecf8427e"`},
		{`States.JsonMerge($.o, $.p, false)`, `{"a":1,"b":3}`},
		{`States.StringToJson($.json)`, `{"k":[1]}`},
		{`States.StringToJson('')`, `null`},
		{`States.JsonToString($.o)`, `"{\"a\":1,\"b\":{\"c\":2}}"`},
		{`States.MathAdd(2.99, -1)`, `2`},
		{`States.MathAdd(-1.5, 0)`, `-1`},
		{`States.MathRandom(1, 2)`, `1`},
		{`States.MathRandom(1, 999, 7)`, `States.MathRandom(1, 999, 7)`},
		{`States.StringSplit($.s, ',;')`, `["a","b","c"]`},
		{`States.StringSplit(',,', ',')`, `[]`},
		{`States.Format('{}.{}', States.ArrayGetItem(States.StringSplit('a/b', '/'), 1), $.i)`, `"b.1"`},
	}
	for _, test := range tests {
		e, err := intrinsic.Parse(test.expr)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		got, err := e.Eval(env(t, input))
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		if strings.HasPrefix(test.want, "States.") { // twice the same
			again, _ := e.Eval(env(t, input))
			if !jsonvalue.Equal(got, again) {
				t.Errorf("%s: got %v and %v", test.expr, got, again)
			}
			continue
		}
		want, err := jsonvalue.Decode([]byte(test.want))
		if err != nil || !jsonvalue.Equal(got, want) {
			t.Errorf("%s: got %s, want %s", test.expr, jsonvalue.String(got), test.want)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	tests := []struct{ expr, name string }{
		{`States.Format('{}', $.missing)`, states.Runtime},
		{`States.Format($.t)`, states.IntrinsicFailure},
		{`States.Format($.list, 1)`, states.IntrinsicFailure},
		{`States.ArrayPartition($.list, 0)`, states.IntrinsicFailure},
		{`States.ArrayRange(1, 2000, 1)`, states.IntrinsicFailure},
		{`States.ArrayRange(1, 2, 0)`, states.IntrinsicFailure},
		{`States.ArrayGetItem($.list, 7)`, states.IntrinsicFailure},
		{`States.ArrayGetItem($.list, -1)`, states.IntrinsicFailure},
		{`States.ArrayLength($.s)`, states.IntrinsicFailure},
		{`States.Base64Decode('%')`, states.IntrinsicFailure},
		{`States.Hash('a', 'SHA-3')`, states.IntrinsicFailure},
		{`States.JsonMerge($.o, $.p, true)`, states.IntrinsicFailure},
		{`States.JsonMerge($.o, $.s, false)`, states.IntrinsicFailure},
		{`States.StringToJson('{')`, states.IntrinsicFailure},
		{`States.MathAdd($.s, 2)`, states.IntrinsicFailure},
		{`States.Format('{"k": {}}', 1)`, states.IntrinsicFailure},
		{`States.Format('a }', 1)`, states.IntrinsicFailure},
		{`States.Format($.brace)`, states.IntrinsicFailure},
		{`States.MathAdd(2147483647, 1)`, states.IntrinsicFailure},
		{`States.MathRandom(2, 2)`, states.IntrinsicFailure},
		{`States.Format('{}', $unknown)`, states.Runtime},
	}
	for _, test := range tests {
		e, err := intrinsic.Parse(test.expr)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		got, err := e.Eval(env(t, input))
		var failed *intrinsic.Error
		if !errors.As(err, &failed) || failed.Name != test.name {
			t.Errorf("%s: got %s, %v, want %s", test.expr, jsonvalue.String(got), err, test.name)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		expr   string
		offset int
	}{
		{``, 0}, {`States.Nope()`, 0}, {`States.Format(`, 14}, {`States.Format()`, 0}, {`States.Format('{}')`, 0},
		{`States.Array(1 2)`, 15}, {`States.Array(1,)`, 15}, {`States.Array('a)`, 13}, {`States.Array($.)`, 15}, {`States.UUID() x`, 14},
		{`States.Array("a")`, 13}, {`States.Array(1-)`, 13}, {`States.Array(States.Array(nothing()))`, 26},
		{`States.MathAdd(1,'-1')`, 0}, {`States.Array(States.ArrayRange(1, 2, true))`, 13},
	}
	for _, test := range tests {
		_, err := intrinsic.Parse(test.expr)
		var syntax *intrinsic.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, want a syntax error", test.expr, err)
		} else if syntax.Offset != test.offset {
			t.Errorf("%q: error at %d, want %d: %v", test.expr, syntax.Offset, test.offset, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`States.Format('{} \'{}\'', $.a, States.Array(1, null))`, `States.MathRandom(1, 9, 3)`, `States.JsonMerge($a, $$.b, false)`, `States.ArrayRange(1, 1000000, 1)`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := intrinsic.Parse(text)
		if err != nil {
			return
		}
		if e.String() != text {
			t.Errorf("%q is printed as %q", text, e)
		}
		e.Eval(env(t, input))
	})
}

func Example() {
	e, err := intrinsic.Parse("States.Format('s3://{}/{}', $.bucket, States.ArrayGetItem($.keys, 0))")
	if err != nil {
		fmt.Println(err)
		return
	}
	input, _ := jsonvalue.Decode([]byte(`{"bucket": "raw", "keys": ["flights.csv"]}`))
	fmt.Println(e.Eval(&intrinsic.Env{Roots: roots{input}}))
	// Output: s3://raw/flights.csv <nil>
}

func ExampleParse_error() {
	_, err := intrinsic.Parse("States.Format('{} and {}', $.a)")
	fmt.Println(err)
	// Output: intrinsic function "States.Format('{} and {}', $.a)", offset 0: the template of States.Format has 2 {} but 1 arguments follow it
}

// The words are AWS's, as a public report has them (aws/aws-cdk issue 29261).
func TestFormatLoneBrace(t *testing.T) {
	e, err := intrinsic.Parse(`States.Format('\{"k": {}}', 1)`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Eval(env(t, input))
	if err == nil || !strings.Contains(err.Error(), `Invalid template in States.Format: matching '{' not found for '}'; a brace that is no {} is written \}`) {
		t.Errorf("got %v", err)
	}
	e, err = intrinsic.Parse(`States.Format('\{"k": {}\}', 1)`)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Eval(env(t, input)); err != nil || v != `{"k": 1}` {
		t.Errorf("got %v, %v", v, err)
	}
}
