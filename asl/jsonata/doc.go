// Package jsonata compiles and evaluates JSONata, the query and transformation language for JSON
// (https://docs.jsonata.org): the whole language of version 2.2 with its function library, and the flavour of
// version 2.0.6 that AWS Step Functions speaks. It needs the standard library only.
//
//	expr, err := jsonata.Compile(`flights[delay > 15]{carrier: $average(delay)}`)
//	if err != nil {
//		return err // *jsonata.Error with code, offset and how to fix it
//	}
//	input, err := jsonvalue.Decode(data)
//	if err != nil {
//		return err
//	}
//	v, err := expr.Eval(ctx, input, jsonata.Options{})
//
// Compile once and evaluate many times: an [Expr] does not change, and any number of goroutines may use it.
// Values are those of package jsonvalue, whose objects keep the order of their keys; ordinary maps are taken too.
// What is not found is [Undefined], which is not null.
//
// # The language
//
// Each section of the language's documentation has an example here that runs as a test.
//
//   - Simple queries: fields, arrays, places in them. See SimpleQueries.
//   - Predicates, wildcards and singletons: [filter], *, **, []. See PredicateQueries and PathOperators.
//   - Functions and expressions: strings, numbers, comparisons, Boolean logic. See Expressions, NumericOperators,
//     ComparisonOperators, BooleanOperators.
//   - Result structures: array and object constructors. See ResultStructures.
//   - Composition of queries: parentheses, chains. See Composition.
//   - Sorting, grouping and aggregation: ^(order), {key: value}. See SortingAndGrouping.
//   - Joins: @ binds the item, # its place, % is the parent. See Joins.
//   - Functional programming: variables, functions, closures, recursion, partial application. See Programming.
//   - Regular expressions. See RegularExpressions.
//   - Date and time. See DateAndTime.
//   - Other operators: & .. in := ~> ?: ?? and the transform. See OtherOperators and Transform.
//   - The function library. See StringFunctions, NumericFunctions, AggregationFunctions, BooleanFunctions,
//     ArrayFunctions, ObjectFunctions, HigherOrderFunctions.
//   - Step Functions. See CompileStepFunctions.
//
// # Errors
//
// Every error is an [*Error] with the language's code (S0101 to D3141), the offset of its place, the token it is
// about, the language's message, and a sentence that says how to fix it. Codes of this package's own: L0001 and
// L0002 for what is nested too deeply, F0001 for a function that the options switch off, V0001 to V0005 for what
// Step Functions does not have, S0303 for a regular expression that is none, X0001 for a defect of this package.
//
// # Safety
//
// Expressions and data may be hostile. [Limits] bound the depth of evaluation, the steps it takes and the size of
// what it makes; the context bounds its time; all have defaults. Regular expressions are matched by this package
// itself, on the same account. Clock, randomness and $eval are absent unless [Options] give them.
//
// # Differences
//
// The language is that of the reference implementation, and beyond its documentation what that does is followed.
// Deliberate differences:
//
//   - Objects keep the order in which keys were set, also of keys that look like numbers, which JavaScript moves to
//     the front.
//   - $match and its like see characters, not halves of surrogate pairs: /./ matches the whole of a character
//     beyond U+FFFF. Indexes are nevertheless those of JavaScript. $split(text, "") gives characters, too.
//   - Lone surrogates in literals and documents are kept (see package jsonvalue), so that no case of the official
//     test suite needs JavaScript's strings.
//   - Grouping separators at irregular distances, as in #,##,##0, appear where the number has digits for them;
//     the reference puts superfluous ones before shorter numbers.
//   - In date pictures, week and day numbers of the years 0 to 99 count in those years, not in 1900 to 1999.
//   - After a sort, the variables bound by @ and # stay bound.
//   - The arguments of a partly applied function are checked like any others, and the grouping {...} of a call in
//     tail position is not forgotten.
//   - Of two mistakes in one array or object, the first is reported; the reference evaluates the parts at once.
//
// The test TestAgainstReference evaluates random expressions here and with npm's jsonata, where Node is at hand, and
// compares results and error codes (-compared N, -compared-seed N).
//
// # Speed
//
// Microseconds of processor time per evaluation (compiled once), this package with go1.26.8 and npm's
// jsonata 2.2.2 with Node 20.20.2, on AMD EPYC:
//
//	                                          npm       here   times      bytes     allocs
//	compile                                 82.80       8.32     9.9       5376         61
//	path                                     5.30       0.50    10.6        120          3
//	filter                                  19.04       0.91    20.9        202          7
//	arithmetic and sum                      16.88       0.96    17.5        196          9
//	group and sum, 1,000 items            1718.83     132.51    13.0      74055         53
//	sort, 1,000 items                    27391.20    1004.20    27.3     294105       2008
//	$map with a lambda, 10,000 items     32796.12    2289.25    14.3    1549388      20739
//	$filter and $reduce, 1,000 items      4673.20     378.09    12.4     304692       2629
//	objects, 1,000 items                  8019.09     410.79    19.5     144472       2003
//	regular expression                       6.36       1.20     5.3        246          3
//	string building                         19.35       1.49    13.0        518         20
//	date picture                             8.09       0.89     9.1        188          9
//	number picture                           8.94       0.78    11.4         84          3
//	join of two arrays                    2557.32     184.25    13.9     129984       1644
//	transform, 100 items                   647.55      79.48     8.1      56878        716
//	recursion                              440.87      18.63    23.7       8041        100
//
// Cost grows linearly with the data; nanoseconds per item:
//
//	                                            100     10,000  1,000,000
//	items[delay > 15].id                         93        194        169
//	items{carrier: $sum(delay)}                 127        235        279
//	items^(delay).id                            412        935       1036
//	$map(items, function($v){ $v.id })          179        212        230
package jsonata
