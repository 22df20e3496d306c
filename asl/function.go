package asl

import (
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// The intrinsic functions of JSONPath states, typed. They nest up to ten deep.
// A JSONata state has JSONata's own functions: use Q there.

func call[T any](name string, args ...Operand) Expr[T] {
	return Expr[T]{expr{kind: exprIntrinsic, name: "States." + name, args: args}}
}

// Format puts the arguments in the places of {} in the template.
func Format(template string, args ...Operand) Expr[string] {
	return call[string]("Format", append([]Operand{literal[string](formatTemplate(template))}, args...)...)
}

// formatTemplate marks the first argument of Format, in which {} is no text.
type formatTemplate string

// JSONToString is the value as JSON text.
func JSONToString(v Operand) Expr[string] { return call[string]("JsonToString", v) }

// StringToJSON reads JSON text, which holds a T.
func StringToJSON[T any](text Value[string]) Expr[T] { return call[T]("StringToJson", text) }

// Array is the list of the values.
func Array[T any](items ...Value[T]) Expr[[]T] {
	args := make([]Operand, len(items))
	for i, v := range items {
		args[i] = v
	}
	return call[[]T]("Array", args...)
}

// ArrayPartition cuts the list into lists of at most size items.
func ArrayPartition[T any](list Value[[]T], size Value[int]) Expr[[][]T] {
	return call[[][]T]("ArrayPartition", list, size)
}

// ArrayContains tells whether the list holds the item.
func ArrayContains[T any](list Value[[]T], item Value[T]) Expr[bool] {
	return call[bool]("ArrayContains", list, item)
}

// ArrayRange is the list first, first+step ... up to and including last; at
// most 1000 items.
func ArrayRange(first, last, step Value[int]) Expr[[]int] {
	return call[[]int]("ArrayRange", first, last, step)
}

// ArrayGetItem is the item at the index, from 0.
func ArrayGetItem[T any](list Value[[]T], index Value[int]) Expr[T] {
	return call[T]("ArrayGetItem", list, index)
}

// ArrayLength is the number of items.
func ArrayLength[T any](list Value[[]T]) Expr[int] { return call[int]("ArrayLength", list) }

// ArrayUnique is the list without repeated items.
func ArrayUnique[T any](list Value[[]T]) Expr[[]T] { return call[[]T]("ArrayUnique", list) }

// Base64Encode encodes at most 10,000 characters.
func Base64Encode(text Value[string]) Expr[string] { return call[string]("Base64Encode", text) }

// Base64Decode decodes at most 10,000 characters.
func Base64Decode(text Value[string]) Expr[string] { return call[string]("Base64Decode", text) }

// HashAlgorithm is an algorithm of Hash.
type HashAlgorithm string

// The algorithms of Hash.
const (
	MD5    HashAlgorithm = "MD5"
	SHA1   HashAlgorithm = "SHA-1"
	SHA256 HashAlgorithm = "SHA-256"
	SHA384 HashAlgorithm = "SHA-384"
	SHA512 HashAlgorithm = "SHA-512"
)

// Hash is the hash of at most 10,000 characters, in hexadecimal digits.
func Hash(v Operand, algorithm HashAlgorithm) Expr[string] {
	return call[string]("Hash", v, Text(algorithm))
}

// JSONMerge is the first object with the members of the second, which win.
// Step Functions merges only the top level.
func JSONMerge[T any](first, second Operand) Expr[T] {
	return call[T]("JsonMerge", first, second, Bool(false))
}

// MathRandom is a number from start (included) to end (excluded).
func MathRandom(start, end Value[int]) Expr[int] { return call[int]("MathRandom", start, end) }

// MathRandomSeeded is MathRandom from a seed.
func MathRandomSeeded(start, end, seed Value[int]) Expr[int] {
	return call[int]("MathRandom", start, end, seed)
}

// MathAdd is a+b. Step Functions rounds the arguments to integers.
func MathAdd(a, b Value[int]) Expr[int] { return call[int]("MathAdd", a, b) }

// StringSplit splits at each of the separator's characters.
func StringSplit(text, separators Value[string]) Expr[[]string] {
	return call[[]string]("StringSplit", text, separators)
}

// UUID is a random UUID, version 4.
func UUID() Expr[string] { return call[string]("UUID") }

// What is escaped in the texts of intrinsic functions: all of ' { } \, but in the
// template of Format, where {} has its meaning.
var (
	templateQuotes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	textQuotes     = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `{`, `\{`, `}`, `\}`)
)

// intrinsicLiteral spells a literal argument of an intrinsic function.
func intrinsicLiteral(v any) (string, bool) {
	switch s := v.(type) {
	case formatTemplate:
		return "'" + templateQuotes.Replace(string(s)) + "'", true
	case string:
		return "'" + textQuotes.Replace(s) + "'", true
	case nil, bool:
		return jsonvalue.String(s), true
	}
	if _, ok := ast.NewField(v).Number(); ok {
		return jsonvalue.String(v), true
	}
	return "", false
}
