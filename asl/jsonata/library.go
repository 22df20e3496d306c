package jsonata

import (
	"maps"
	"slices"
	"sync"
)

// library holds the functions that every expression can call. The arity is how many arguments $map and its like
// hand over when such a function is given to them.
var library = map[string]*Function{}

func define(name, sig string, arity int, native func(r *run, args []any) any) *Function {
	return &Function{name: name, signature: mustSignature(sig), arity: arity, native: native}
}

// The table is filled by a variable initialiser rather than written as a literal because $eval refers to it.
var _ = fillLibrary()

func fillLibrary() bool {
	for _, f := range []*Function{
		define("sum", "<a<n>:n>", 1, fnSum),
		define("count", "<a:n>", 1, fnCount),
		define("max", "<a<n>:n>", 1, fnMax),
		define("min", "<a<n>:n>", 1, fnMin),
		define("average", "<a<n>:n>", 1, fnAverage),

		define("string", "<x-b?:s>", 1, fnString),
		define("substring", "<s-nn?:s>", 3, fnSubstring),
		define("substringBefore", "<s-s:s>", 2, fnSubstringBefore),
		define("substringAfter", "<s-s:s>", 2, fnSubstringAfter),
		define("lowercase", "<s-:s>", 1, fnLowercase),
		define("uppercase", "<s-:s>", 1, fnUppercase),
		define("length", "<s-:n>", 1, fnLength),
		define("trim", "<s-:s>", 1, fnTrim),
		define("pad", "<s-ns?:s>", 3, fnPad),
		define("match", "<s-f<s:o>n?:a<o>>", 3, fnMatch),
		define("contains", "<s-(sf):b>", 2, fnContains),
		define("replace", "<s-(sf)(sf)n?:s>", 4, fnReplace),
		define("split", "<s-(sf)n?:a<s>>", 3, fnSplit),
		define("join", "<a<s>s?:s>", 2, fnJoin),
		define("base64encode", "<s-:s>", 1, fnBase64Encode),
		define("base64decode", "<s-:s>", 1, fnBase64Decode),
		define("encodeUrlComponent", "<s-:s>", 1, fnEncodeURLComponent),
		define("encodeUrl", "<s-:s>", 1, fnEncodeURL),
		define("decodeUrlComponent", "<s-:s>", 1, fnDecodeURLComponent),
		define("decodeUrl", "<s-:s>", 1, fnDecodeURL),

		define("formatNumber", "<n-so?:s>", 3, fnFormatNumber),
		define("formatBase", "<n-n?:s>", 2, fnFormatBase),
		define("formatInteger", "<n-s:s>", 2, fnFormatInteger),
		define("parseInteger", "<s-s:n>", 2, fnParseInteger),
		define("number", "<(nsb)-:n>", 1, fnNumber),
		define("floor", "<n-:n>", 1, fnFloor),
		define("ceil", "<n-:n>", 1, fnCeil),
		define("round", "<n-n?:n>", 2, fnRound),
		define("abs", "<n-:n>", 1, fnAbs),
		define("sqrt", "<n-:n>", 1, fnSqrt),
		define("power", "<n-n:n>", 2, fnPower),
		define("random", "<:n>", 0, fnRandom),

		define("boolean", "<x-:b>", 1, fnBoolean),
		define("not", "<x-:b>", 1, fnNot),
		define("exists", "<x:b>", 1, fnExists),

		define("map", "<af>", 2, fnMap),
		define("filter", "<af>", 2, fnFilter),
		define("single", "<af?>", 2, fnSingle),
		define("reduce", "<afj?:j>", 3, fnReduce),
		define("sift", "<o-f?:o>", 2, fnSift),
		define("each", "<o-f:a>", 2, fnEach),
		define("zip", "<a+>", 0, fnZip),
		define("append", "<xx:a>", 2, fnAppend),
		define("reverse", "<a:a>", 1, fnReverse),
		define("sort", "<af?:a>", 2, fnSort),
		define("shuffle", "<a:a>", 1, fnShuffle),
		define("distinct", "<x:x>", 1, fnDistinct),

		define("keys", "<x-:a<s>>", 1, fnKeys),
		define("lookup", "<x-s:x>", 2, fnLookup),
		define("spread", "<x-:a<o>>", 1, fnSpread),
		define("merge", "<a<o>:o>", 1, fnMerge),
		define("clone", "<(oa)-:o>", 1, fnClone),

		define("error", "<s?:x>", 1, fnError),
		define("assert", "<bs?:x>", 2, fnAssert),
		define("type", "<x:s>", 1, fnType),

		define("now", "<s?s?:s>", 2, fnNow),
		define("millis", "<:n>", 0, fnMillis),
		define("toMillis", "<s-s?:n>", 2, fnToMillis),
		define("fromMillis", "<n-s?s?:s>", 3, fnFromMillis),
		{name: "eval", signature: mustSignature("<sx?:x>"), arity: 2, scoped: fnEval},
	} {
		library[f.name] = f
	}
	return true
}

// FunctionNames are the functions that an expression of Step Functions can call, sorted.
var FunctionNames = sync.OnceValue(func() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(library)), maps.Keys(stepFunctionsLibrary))
	slices.Sort(names)
	return slices.Compact(slices.DeleteFunc(names, func(name string) bool { return name == "eval" }))
})
