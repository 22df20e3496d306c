// Package jsonpath reads and evaluates the JSONPath dialect of AWS Step Functions.
//
// A path selects parts of a JSON value. It begins with $ (the state's input),
// $$ (the context object) or $name (a variable of the machine):
//
//	p, err := jsonpath.Parse("$.orders[?(@.total > 100)].id")
//	if err != nil {
//		return err // *jsonpath.SyntaxError: says where, and how to fix it
//	}
//	ids, err := p.Eval(input) // []any, or *jsonpath.NotFoundError
//
// Step Functions evaluates paths with Jayway's JsonPath library; this package
// follows it (version 2.9.0, tests/peers compares them), the words of its errors
// included, because they end up in the Cause of an execution. Some rules of that
// library surprise:
//
//   - A path that can match only one place (a definite path: names and single
//     indexes) yields the value there, and fails when there is none. Every other
//     path yields an array of what matched, which may be empty - even when a name
//     before the wildcard is missing. (A slice or index of something that is no
//     array still fails.)
//
//   - A missing last name is "No results for path: $['a']['b']"; a missing name
//     before it is "Missing property in path $['a']".
//
//   - Several names at the end of a path ($.o['a','b']) give one object with those
//     members, one for each match.
//
//   - An index that an array lacks gives null in the array of an indefinite path.
//
//   - A function is applied to each match, and to all matches together only behind
//     '..' ($..price.sum()).
//
//   - A filter tests the items of an array, or an object as a whole.
//
// What a path may hold: names (.name, ['name'], ["name"]), several names
// (['a','b']), indexes ([0], [-1]), several indexes ([0,2]), slices ([1:3]),
// wildcards (.* and [*]), descendants (..name, ..[0], ..*), filters
// ([?(@.a == 1 && !(@.b in ['x','y']))]), an index from the end ([(@.length-1)]) and, at the end, a function (length(),
// size(), min(), max(), avg(), sum(), stddev(), keys(), first(), last(), index(n)).
//
// A reference path (ResultPath and the like) holds only names and single
// indexes; [ParseReference] refuses the rest, and [Path.Set] writes through it.
//
// A parsed [Path] is immutable and may be used by any number of goroutines.
// Values are those of package jsonvalue; evaluation never changes them and
// shares their parts with its result.
package jsonpath
