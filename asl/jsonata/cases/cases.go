// Package cases runs test cases of JSONata expressions in the form of the official test suite, with the data
// sets and the cases in one file:
//
//	{"datasets": {"library": {...}},
//	 "cases": [{"id": "joins/1", "lang": "expr", "expr": "$count(loans)", "dataset": "library", "expect": {"output": 3}}]}
//
// It serves the conformance tests of this repository and the command `airline asl check-cases`.
package cases

import (
	"context"
	"fmt"
	"math/rand"
	"time"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

// Lang is the value of a case's field lang that this package runs.
const Lang = "expr"

// Result is what became of one case.
type Result struct {
	ID   string `json:"id"`
	Lang string `json:"lang"`
	// Got and Want are what was and what should have been, as JSON, "undefined" or "error CODE". They are empty
	// when the case passed.
	Got  string `json:"got,omitempty"`
	Want string `json:"want,omitempty"`
}

// Failed reports whether the case did not pass.
func (r Result) Failed() bool { return r.Want != "" }

// Run runs one case object. The data sets are those of the file.
func Run(c, datasets *jsonvalue.Object) Result {
	result := Result{ID: text(c, "id"), Lang: text(c, "lang")}
	expect, _ := value(c, "expect").(*jsonvalue.Object)
	if !expects(expect) {
		result.Got, result.Want = "no expectation", `an object "expect" with "output", "undefined": true or "code"`
		return result
	}
	want := expectation(expect)
	v, err := evaluate(c, datasets)
	got := "undefined"
	switch {
	case err != nil:
		got = "error " + code(err, want)
	case !jsonata.IsUndefined(v):
		got = jsonvalue.String(v)
	}
	if output, ok := expect.Get("output"); ok && err == nil && !jsonata.IsUndefined(v) {
		unordered, _ := value(c, "unordered").(bool)
		if equal(v, output, unordered) {
			return result
		}
	} else if got == want {
		return result
	}
	if err != nil {
		got += ": " + err.Error()
	}
	result.Got, result.Want = got, want
	return result
}

// expects tells whether the object says what is expected, so that a misspelt case cannot pass.
func expects(expect *jsonvalue.Object) bool {
	if expect == nil {
		return false
	}
	for name, v := range expect.All() {
		if name == "output" || name == "code" || name == "undefined" && v == true {
			return expect.Len() == 1
		}
	}
	return false
}

func expectation(expect *jsonvalue.Object) string {
	if c, ok := expect.Get("code"); ok {
		return fmt.Sprintf("error %v", c)
	}
	if output, ok := expect.Get("output"); ok {
		return jsonvalue.String(output)
	}
	return "undefined"
}

// code returns the code of an error. U1001 is what the suite's own guard of depth and time reports.
func code(err error, want string) string {
	e, ok := err.(*jsonata.Error)
	if !ok {
		return err.Error()
	}
	if want == "error U1001" && (e.Code == "D1011" || e.Code == "D1012") {
		return "U1001"
	}
	return e.Code
}

func evaluate(c, datasets *jsonvalue.Object) (any, error) {
	expr, err := jsonata.Compile(text(c, "expr"))
	if err != nil {
		return nil, err
	}
	input := jsonata.Undefined
	if data, ok := c.Get("data"); ok {
		input = data
	} else if name := text(c, "dataset"); name != "" {
		if input, ok = datasets.Get(name); !ok {
			return nil, fmt.Errorf("the file has no data set %q", name)
		}
	}
	random := rand.New(rand.NewSource(1))
	o := jsonata.Options{Now: time.Now, Random: random.Float64, Eval: true}
	if bindings, ok := value(c, "bindings").(*jsonvalue.Object); ok {
		m := jsonata.Map{}
		for k, v := range bindings.All() {
			m[k] = v
		}
		o.Bindings = m
	}
	if depth, ok := jsonvalue.Float(value(c, "depth")); ok {
		o.Limits.Depth = int(depth)
	}
	ctx := context.Background()
	if limit, ok := jsonvalue.Float(value(c, "timelimit")); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(limit)*time.Millisecond)
		defer cancel()
	}
	return expr.Eval(ctx, input, o)
}

func value(o *jsonvalue.Object, key string) any {
	v, _ := o.Get(key)
	return v
}

func text(o *jsonvalue.Object, key string) string {
	s, _ := value(o, key).(string)
	return s
}

// equal compares a result with what was expected; functions inside it count as the empty string, and the order
// of arrays may not matter.
func equal(got, want any, unordered bool) bool {
	data, err := jsonvalue.Decode(jsonvalue.Append(nil, got))
	if err != nil {
		return false
	}
	if !unordered {
		return jsonvalue.Equal(data, want)
	}
	a, ok := data.([]any)
	b, also := want.([]any)
	if !ok || !also || len(a) != len(b) {
		return jsonvalue.Equal(data, want)
	}
	used := make([]bool, len(b))
next:
	for _, x := range a {
		for i, y := range b {
			if !used[i] && jsonvalue.Equal(x, y) {
				used[i] = true
				continue next
			}
		}
		return false
	}
	return true
}
