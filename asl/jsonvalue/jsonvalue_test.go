package jsonvalue_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"airline/asl/jsonvalue"

	"github.com/google/go-cmp/cmp"
)

func Example() {
	v, err := jsonvalue.Decode([]byte(`{"b": 1, "a": [true, 2.50]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	o := v.(*jsonvalue.Object)
	o.Set("c", "new")
	o.Set("b", nil)
	fmt.Println(jsonvalue.String(o))
	// Output: {"b":null,"a":[true,2.50],"c":"new"}
}

func TestRoundTrip(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `1.5`, `-12.25`, `1.0`, `2.50`, `1e3`, `1E+3`, `0.1`, `0.000001`, `0.0000001`, `1e-7`, `1e+21`,
		`123456789012345`, `1234567890123456789`, `12345678901234567890123`, `1e400`, `0.1234567890123456789`, `100000000000000000000`,
		`""`, `"a"`, `"\"\\\b\f\n\r\t\u0001"`, `"é€😀"`, `"\ud800"`, `"x\udc00y"`, `[]`, `{}`, `[1,[2,[]],{"a":{}}]`,
		`{"z":1,"a":2,"1":3}`,
	} {
		v, err := jsonvalue.Decode([]byte(text))
		if err != nil {
			t.Errorf("Decode(%s): %v", text, err)
			continue
		}
		if got := jsonvalue.String(v); got != text {
			t.Errorf("String(Decode(%s)) = %s", text, got)
		}
	}
}

func TestDecode(t *testing.T) {
	tests := []struct{ text, want string }{
		{" [ 1 , 2 ]\n", `[1,2]`},
		{`"\/\u0041\ud83d\ude00"`, `"/A😀"`},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{`"\ud83dx"`, `"\ud83dx"`},
	}
	for _, tt := range tests {
		v, err := jsonvalue.Decode([]byte(tt.text))
		if err != nil {
			t.Errorf("Decode(%s): %v", tt.text, err)
			continue
		}
		if got := jsonvalue.String(v); got != tt.want {
			t.Errorf("Decode(%s) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct {
		text   string
		offset int
	}{
		{``, 0}, {` `, 1}, {`tru`, 0}, {`[1,]`, 3}, {`[1 2]`, 3}, {`{"a"}`, 4}, {`{a:1}`, 1}, {`{"a":1,}`, 7}, {`01`, 1},
		{`1.`, 2}, {`.5`, 0}, {`-`, 1}, {`1e`, 2}, {`+1`, 0}, {`"a`, 2}, {"\"a\nb\"", 2}, {`"\x"`, 1}, {`"\u12"`, 1}, {`1 1`, 2},
		{"\"\xff\"", 1}, {`[`, 1}, {`{`, 1}, {`NaN`, 0}, {`'a'`, 0}, {strings.Repeat("[", 10001), 10000},
	}
	for _, tt := range tests {
		v, err := jsonvalue.Decode([]byte(tt.text))
		var syntax *jsonvalue.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Decode(%.20q) = %v, %v; want a *SyntaxError", tt.text, v, err)
			continue
		}
		if syntax.Offset != tt.offset {
			t.Errorf("Decode(%.20q): %v; want offset %d", tt.text, err, tt.offset)
		}
	}
}

func TestNumberForms(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{`1`, 1.0}, {`1.0`, json.Number("1.0")}, {`12.34`, 12.34}, {`-0.5`, -0.5}, {`1e2`, json.Number("1e2")},
		{`9007199254740993`, json.Number("9007199254740993")}, {`9007199254740992`, 9007199254740992.0},
		{`0.30000000000000004`, 0.30000000000000004},
	}
	for _, tt := range tests {
		v, err := jsonvalue.Decode([]byte(tt.text))
		if err != nil || v != tt.want {
			t.Errorf("Decode(%s) = %T %v, %v; want %T %v", tt.text, v, v, err, tt.want, tt.want)
		}
	}
}

func TestAppendFloat(t *testing.T) {
	tests := []struct {
		f    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1e15, "1000000000000000"}, {1e21, "1e+21"}, {1.5e-9, "1.5e-9"}, {1e-10, "1e-10"},
		{123456789.125, "123456789.125"}, {math.NaN(), "null"}, {math.Inf(1), "null"}, {5e-324, "5e-324"},
		{math.MaxFloat64, "1.7976931348623157e+308"}, {math.Nextafter(0.3, 1), "0.30000000000000004"},
	}
	for _, tt := range tests {
		if got := string(jsonvalue.AppendFloat(nil, tt.f)); got != tt.want {
			t.Errorf("AppendFloat(%v) = %s, want %s", tt.f, got, tt.want)
		}
	}
}

func TestObject(t *testing.T) {
	for _, n := range []int{0, 1, 16, 17, 100} {
		o := jsonvalue.NewObject(0)
		for i := range n {
			o.Set(fmt.Sprint("k", i), i)
		}
		c := o.Clone()
		for i := 0; i < n; i += 2 {
			c.Delete(fmt.Sprint("k", i))
		}
		c.Delete("none")
		if o.Len() != n || c.Len() != n/2 {
			t.Errorf("n=%d: lengths %d and %d after deleting every other key of the copy", n, o.Len(), c.Len())
		}
		for i := range n {
			key := fmt.Sprint("k", i)
			if v, ok := o.Get(key); !ok || v != i {
				t.Errorf("n=%d: Get(%s) = %v, %v", n, key, v, ok)
			}
			if _, ok := c.Get(key); ok != (i%2 == 1) {
				t.Errorf("n=%d: the copy has %s: %v", n, key, ok)
			}
		}
		i := 0
		for k, v := range o.All() {
			if key, value := o.At(i); key != k || value != v || v != i {
				t.Errorf("n=%d: member %d is %s=%v, At says %s=%v", n, i, k, v, key, value)
			}
			i++
		}
	}
	var none *jsonvalue.Object
	if _, ok := none.Get("a"); ok || none.Len() != 0 || none.Clone().Len() != 0 {
		t.Error("a nil object is not empty")
	}
}

func TestEqual(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[1,2]}`, `{"b":[1.0,2],"a":1e0}`, true}, {`1`, `"1"`, false}, {`null`, `false`, false}, {`[1]`, `[1,2]`, false},
		{`{"a":1}`, `{"b":1}`, false}, {`{}`, `[]`, false}, {`"a"`, `"a"`, true}, {`1.0`, `1`, true}, {`true`, `true`, true}, {`null`, `null`, true},
	}
	for _, tt := range tests {
		a, _ := jsonvalue.Decode([]byte(tt.a))
		b, _ := jsonvalue.Decode([]byte(tt.b))
		if got := jsonvalue.Equal(a, b); got != tt.want {
			t.Errorf("Equal(%s, %s) = %v", tt.a, tt.b, got)
		}
		if got := jsonvalue.Equal(b, a); got != tt.want {
			t.Errorf("Equal(%s, %s) = %v", tt.b, tt.a, got)
		}
	}
}

func TestFromAndTo(t *testing.T) {
	type inner struct {
		Name string `json:"name"`
		Zip  uint16
	}
	in := map[string]any{"z": 1, "a": []any{int64(2), "x", map[string]any{"k": json.Number("1.50")}}, "s": inner{"n", 7},
		"l": []string{"p"}, "f": func() {}, "big": int64(math.MaxInt64), "n": json.Number("x")}
	got := jsonvalue.From(in)
	want := `{"a":[2,"x",{"k":1.50}],"big":9223372036854775807,"f":null,"l":["p"],"n":null,"s":{"name":"n","Zip":7},"z":1}`
	if s := jsonvalue.String(got); s != want {
		t.Errorf("From: got %s, want %s", s, want)
	}
	back := map[string]any{"a": []any{2.0, "x", map[string]any{"k": 1.5}}, "big": float64(math.MaxInt64), "f": nil, "l": []any{"p"}, "n": nil,
		"s": map[string]any{"name": "n", "Zip": 7.0}, "z": 1.0}
	if diff := cmp.Diff(back, jsonvalue.To(got)); diff != "" {
		t.Errorf("To(From(x)) (-want +got):\n%s", diff)
	}
	if s := jsonvalue.String(map[string]any{"a": 1}); s != `{"a":1}` {
		t.Errorf("String of a map: %s", s)
	}
}

func TestEncodingJSON(t *testing.T) {
	var s struct{ O *jsonvalue.Object }
	if err := json.Unmarshal([]byte(`{"O":{"b":1,"a":2}}`), &s); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(s)
	if err != nil || string(out) != `{"O":{"b":1,"a":2}}` {
		t.Errorf("Marshal: %s, %v", out, err)
	}
}

// FuzzDecode compares with encoding/json: both must accept the same texts, and printing must read back equal.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"\u00e9",null]}`, `"\ud800\udc00"`, `[[[]]]`, `-0.0`, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := jsonvalue.Decode(data)
		if err != nil {
			if json.Valid(data) && !strings.Contains(err.Error(), "UTF-8") && !strings.Contains(err.Error(), "deeper") {
				t.Fatalf("Decode refuses what encoding/json accepts: %v", err)
			}
			return
		}
		if !json.Valid(data) {
			t.Fatalf("Decode accepts what encoding/json refuses: %q", data)
		}
		again, err := jsonvalue.Decode(jsonvalue.Append(nil, v))
		if err != nil || !jsonvalue.Equal(v, again) {
			t.Fatalf("%q printed as %s reads back as %v, %v", data, jsonvalue.String(v), again, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := []byte(`{"bucket":"raw","key":"daily-flights/date=2024-01-02/flights.csv","size":1234567,"list":[1,2,3.5,{"a":true,"b":null}],"nested":{"x":"y"}}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := jsonvalue.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	v, _ := jsonvalue.Decode([]byte(`{"bucket":"raw","key":"daily-flights/date=2024-01-02/flights.csv","size":1234567,"list":[1,2,3.5,{"a":true,"b":null}],"nested":{"x":"y"}}`))
	buffer := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buffer = jsonvalue.Append(buffer[:0], v)
	}
}
