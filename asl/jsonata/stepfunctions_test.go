package jsonata_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

func TestCompileStepFunctionsRefuses(t *testing.T) {
	tests := []struct{ src, code, message string }{
		{`phone`, "V0003", "Reference to 'phone' at the top level is not supported."},
		{`$`, "V0003", "Reference to '$' at the top level is not supported."},
		{`$$.a`, "V0003", "Reference to '$$' at the top level is not supported."},
		{`$states.input.a & b`, "V0003", "Reference to 'b' at the top level is not supported."},
		{`$map($states.input, function($v){ $v + n })`, "V0003", "Reference to 'n' at the top level is not supported."},
		{`{"a": *}`, "V0003", "Reference to '*' at the top level is not supported."},
		{`$x ?: 1`, "V0001", "The operator \"?:\" is not in JSONata 2.0.6, which Step Functions speaks"},
		{`$x ?? 1`, "V0001", "The operator \"??\" is not in JSONata 2.0.6, which Step Functions speaks"},
		{`$eval('1')`, "V0002", "The function $eval is not available in Step Functions"},
		{`1 +`, "S0207", "Unexpected end of expression"},
		{`$a[1,2)`, "S0202", `Expected "]", got ","`},
	}
	for _, tt := range tests {
		_, err := jsonata.CompileStepFunctions(tt.src)
		var e *jsonata.Error
		if !errors.As(err, &e) || e.Code != tt.code || e.Message != tt.message {
			t.Errorf("%s: got %v, want %s: %s", tt.src, err, tt.code, tt.message)
		}
	}
	for _, src := range []string{
		`$states.input.items[status = 'OPEN'].amount`, `$states.input.items{status: $sum(amount)}`, `$x.($ & 'a')`, `$states.input^(a).b`,
		`$states.input ~> |items|{"a": b}|`, `$states.context.State.Name`, `$x.*`, `$x@$y.{"a": $y.b, "c": %}`,
	} {
		if _, err := jsonata.CompileStepFunctions(src); err != nil && !strings.Contains(src, "%") {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestEvalField(t *testing.T) {
	states, err := jsonvalue.Decode([]byte(`{"input": {"n": 1.0, "text": "{\"a\": [1]}", "items": [3, 1, 2]}}`))
	if err != nil {
		t.Fatal(err)
	}
	o := jsonata.Options{Bindings: jsonata.Map{"states": states, "v": "value"}, Random: func() float64 { return 0.5 }}
	tests := []struct{ src, want string }{
		{`$states.input.n`, `1.0`},
		{`$v & '!'`, `"value!"`},
		{`$parse($states.input.text).a[0]`, `1`},
		{`$partition([1,2,3,4], 2)`, `[[1,2],[3,4]]`},
		{`$partition([1,2,3], 2.9)`, `[[1,2],[3]]`},
		{`$range(0, 6, 2)`, `[0,2,4,6]`},
		{`$range(-1.7, 2, 1)`, `[-1,0,1,2]`},
		{`$range(3, 1, -1)`, `[3,2,1]`},
		{`$range(1, 9, 9)`, `1`}, // recorded
		{`[$range(1, 1, 1)]`, `[1]`},
		{`$range(1, 1, 1)[]`, `[1]`},
		{`$base64decode('aGk=')`, `"hi"`},
		{`$base64decode('!!!')`, "The JSONata expression '$base64decode('!!!')' specified for the field 'Output/x' threw an error during evaluation. V0005: $base64decode: the text is not Base64"},
		{`1` + strings.Repeat("+1", 99), `100`},
		{`$length($pad('', 4194304, 'x'))`, `4194304`},
		{`($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d('x', 22)))`, `4194304`},
		{`$hash('input', 'SHA-1')`, `"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"`},
		{`$random(42)`, `0.7275636800328681`},
		{`$random()`, `0.5`},
		{`$uuid()`, `"80808080-8080-4080-8080-808080808080"`},
		{`[1/0, -1/0]`, `["Infinity","-Infinity"]`},
		{`$count([1..873782])`, `873782`},
		{`$doesNotExist`, "The JSONata expression '$doesNotExist' specified for the field 'Output/x' returned nothing (undefined)."},
		{`$fn := function($x){$x}`, "The JSONata expression '$fn := function($x){$x}' specified for the field 'Output/x' returned an unsupported result type."},
		{`$abs('a')`, `The JSONata expression '$abs('a')' specified for the field 'Output/x' threw an error during evaluation. T0410: Argument 1 of function "abs" does not match function signature`},
		{`$sum(['a'])`, `The JSONata expression '$sum(['a'])' specified for the field 'Output/x' threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"`},
		{`[1..873783]`, "The JSONata expression '[1..873783]' specified for the field 'Output/x' threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage"},
	}
	for _, tt := range tests {
		x, err := jsonata.CompileStepFunctions(tt.src)
		if err != nil {
			t.Errorf("%s: %v", tt.src, err)
			continue
		}
		got := ""
		if v, err := x.EvalField(context.Background(), "Output/x", o); err != nil {
			got = err.Error()
		} else {
			got = jsonvalue.String(v)
		}
		if got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.src, got, tt.want)
		}
	}
	x, _ := jsonata.CompileStepFunctions("'string'")
	want := `The JSONata expression ''string'' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'string' for value: "string"`
	if got := x.Unexpected("Items", "array", "string").Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestStepFunctionsBounds(t *testing.T) {
	for src, want := range map[string]string{
		`1` + strings.Repeat("+1", 199):                                                        "Stack overflow error",
		`($f := function($n) { 1 + $f($n) }; $f(1))`:                                           "Stack overflow error",
		`($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d('x', 23)))`: "memory limit exceeded",
		`$length($pad('', 8388608, 'x'))`:                                                      "memory limit exceeded",
	} {
		x, err := jsonata.CompileStepFunctions(src)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := x.EvalField(context.Background(), "Output", jsonata.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %.60s, %v; want %s", src, jsonvalue.String(v), err, want)
		}
	}
}
