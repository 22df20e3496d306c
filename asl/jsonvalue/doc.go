// Package jsonvalue holds JSON values in the form in which everything under asl passes them on: objects keep the
// order of their keys, numbers keep their text, and reading and printing are fast enough for an interpreter's
// inner loop.
//
//	v, err := jsonvalue.Decode([]byte(`{"b": 1, "a": [true, 2.50]}`))
//	o := v.(*jsonvalue.Object)
//	o.Set("c", "new")
//	fmt.Println(jsonvalue.String(o)) // {"b":1,"a":[true,2.50],"c":"new"}
//
// A value is one of
//
//	nil, bool, string, []any, *Object
//	float64       a number
//	json.Number   a number whose text the float64 would not print again: 2.50, 1e3, 12345678901234567890
//
// so that what only passes through comes out as it went in. [Float] reads either kind of number. Values are
// shared freely and therefore not changed once they have been handed on; [Object.Clone] copies one level.
//
// A string is UTF-8. The one exception are the lone surrogates that JSON can spell ("\ud800") and UTF-8 cannot:
// they are kept as the three bytes that UTF-8 would have used (WTF-8), and printed as they were spelt.
package jsonvalue
