// Package intrinsic reads and evaluates the intrinsic functions of the Amazon
// States Language: what may stand in a field whose name ends in ".$" instead of
// a path.
//
//	e, err := intrinsic.Parse("States.Format('job {} is {}', $.name, States.ArrayGetItem($.states, 0))")
//	if err != nil {
//		return err // *intrinsic.SyntaxError: says where, and how to fix it
//	}
//	text, err := e.Eval(&intrinsic.Env{Roots: roots})
//
// All 18 functions of AWS are here: Array, ArrayContains, ArrayGetItem,
// ArrayLength, ArrayPartition, ArrayRange, ArrayUnique, Base64Decode,
// Base64Encode, Format, Hash, JsonMerge, JsonToString, MathAdd, MathRandom,
// StringSplit, StringToJson and UUID. An argument is a string in single quotes
// (\' \{ \} \\ are its escapes), a number, true, false, null, a path ($.x, $$.x,
// $variable.x) or another call.
//
// Arguments that AWS wants whole are rounded to the nearest integer, halves up,
// as AWS documents; limits (10,000 characters for hashing and Base64, 1,000 items
// of a range) are AWS's.
package intrinsic
