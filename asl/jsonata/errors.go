package jsonata

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"airline/asl/jsonvalue"
)

// Error is what is wrong with an expression, from [Compile], or with what it was applied to, from [Expr.Eval].
// Act upon Code, not upon the text.
type Error struct {
	// Code is JSONata's: S.... for syntax, T.... for types, D.... for values; or one of this package's own, which
	// start with L (a limit), F (a function the caller switched off), V (not in this version) or X.
	Code string
	// Offset is where in the source it happened, in bytes from its start; -1 when no place is known.
	Offset int
	// Token is the piece of source it is about: an operator, a name, the function's name. May be empty.
	Token string
	// Value is the offending value, if there is one; otherwise nil.
	Value any
	// Message is JSONata's sentence for the code, filled in.
	Message string

	index  int
	value2 any
	kind   string
	cause  error
}

// Error returns code, place, message and how to fix it in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("jsonata: ")
	b.WriteString(e.Code)
	if e.Offset >= 0 {
		fmt.Fprintf(&b, " at offset %d", e.Offset)
	}
	b.WriteString(": ")
	b.WriteString(e.Message)
	if fix := e.Fix(); fix != "" {
		b.WriteString(" (")
		b.WriteString(fix)
		b.WriteString(")")
	}
	return b.String()
}

// Fix returns a sentence that says how to fix it, or nothing when Message says it all.
func (e *Error) Fix() string { return codes[e.Code].fix }

// Unwrap returns the context's error when evaluation was cancelled, or the error inside an evaluated expression.
func (e *Error) Unwrap() error { return e.cause }

// fault makes an error without a place; the evaluator adds the place of the operator or call it passes through.
func fault(code string, value any) *Error {
	return &Error{Code: code, Offset: -1, Value: value}
}

// at sets place and token unless something nearer to the cause has done so.
func (e *Error) at(offset int, token string) *Error {
	if e.Offset < 0 {
		e.Offset = offset
	}
	if e.Token == "" {
		e.Token = token
	}
	return e
}

// fill writes the message once everything is known.
func (e *Error) fill() *Error {
	if e.Message != "" {
		return e
	}
	template := codes[e.Code].message
	e.Message = placeholders(template, func(name string) string {
		switch name {
		case "token":
			return quoted(e.Token)
		case "name":
			return e.Token
		case "value":
			return quoted(e.Value)
		case "value2":
			return quoted(e.value2)
		case "index":
			return fmt.Sprint(e.index)
		case "type":
			return quoted(e.kind)
		}
		return ""
	})
	return e
}

func placeholders(template string, fill func(string) string) string {
	var b strings.Builder
	for {
		start := strings.IndexByte(template, '{')
		if start < 0 {
			b.WriteString(template)
			return b.String()
		}
		end := start + strings.IndexByte(template[start:], '}')
		b.WriteString(template[:start])
		b.WriteString(fill(template[start+1 : end]))
		template = template[end+1:]
	}
}

// quoted prints a value for a message, shortened when it is long.
func quoted(v any) string {
	const most = 200
	var s string
	switch v := v.(type) {
	case *Function:
		s = "a function"
	case *undefined:
		s = "nothing"
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return "null"
		}
		s = jsonvalue.String(v)
	case json.Number, string, bool, nil:
		s = jsonvalue.String(v)
	default:
		s = preview(v, most)
	}
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// preview prints the beginning of a value of any size.
func preview(v any, most int) string {
	w := writer{limit: most}
	w.value(v, 0)
	return string(w.out)
}

type codeText struct{ message, fix string }

// codes holds the sentence of every code. {token}, {value} ... are filled in as JSON, {name} plain.
var codes = map[string]codeText{
	"S0101": {"String literal must be terminated by a matching quote", "close the string with the quote it began with; a quote inside it is written \\\" or \\'"},
	"S0102": {"Number out of range: {token}", "the largest number is about 1.8e308"},
	"S0103": {"Unsupported escape sequence: \\{token}", "write \\\\ for a backslash; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"},
	"S0104": {"The escape sequence \\u must be followed by 4 hex digits", "write, for example, \\u00e9"},
	"S0105": {"Quoted property name must be terminated with a backquote (`)", "add the closing backquote"},
	"S0106": {"Comment has no closing tag", "end the comment with */"},
	"S0201": {"Syntax error: {token}", "something is missing before this, an operator or a bracket, or there is something too many"},
	"S0202": {"Expected {value}, got {token}", "check that brackets and quotes before this place are closed"},
	"S0203": {"Expected {value} before end of expression", "a bracket that was opened is never closed"},
	"S0204": {"Unknown operator: {token}", "a field name with special characters is written in backquotes"},
	"S0205": {"Unexpected token: {token}", ""},
	"S0206": {"Unknown expression type: {token}", "an operator lacks what stands on its side"},
	"S0207": {"Unexpected end of expression", "something is missing after the last operator"},
	"S0208": {"Parameter {value} of function definition must be a variable name (start with $)", "write function($x){ ... }"},
	"S0209": {"A predicate cannot follow a grouping expression in a step", "put the grouping into parentheses, or the predicate before it"},
	"S0210": {"Each step can only have one grouping expression", "put the first grouping into parentheses"},
	"S0211": {"The symbol {token} cannot be used as a unary operator", "something is missing on its left side"},
	"S0212": {"The left side of := must be a variable name (start with $)", "write $name := ..."},
	"S0213": {"The literal value {value} cannot be used as a step within a path expression", "put it into parentheses"},
	"S0214": {"The right side of {token} must be a variable name (start with $)", "write a name that starts with $"},
	"S0215": {"A context variable binding must precede any predicates on a step", "write step@$v[...] instead of step[...]@$v"},
	"S0216": {"A context variable binding must precede the 'order-by' clause on a step", "write step@$v^(...)"},
	"S0217": {"The object representing the 'parent' cannot be derived from this expression", "% needs a step before it in the same path"},
	"S0301": {"Empty regular expressions are not allowed", "// starts no comment; comments are written /* ... */"},
	"S0302": {"No terminating / in regular expression", "close the regular expression with /, or put spaces around a division"},
	"S0303": {"Invalid regular expression: {value}", "regular expressions are those of JavaScript"},
	"S0401": {"Type parameters can only be applied to functions and arrays", "only a and f take <...>"},
	"S0402": {"Choice groups containing parameterized types are not supported", "leave out the <...> inside the parentheses"},
	"S0500": {"Attempted to evaluate an expression containing syntax error(s)", ""},

	"T0410": {"Argument {index} of function {token} does not match function signature", "check number, order and types of the arguments"},
	"T0411": {"Context value is not a compatible type with argument {index} of function {token}", "give the argument explicitly"},
	"T0412": {"Argument {index} of function {token} must be an array of {type}", "convert the items first, for example with $map"},
	"D1001": {"Number out of range: {value}", "a division by zero or an overflow went before"},
	"D1002": {"Cannot negate a non-numeric value: {value}", "convert it with $number"},
	"T1003": {"Key in object structure must evaluate to a string; got: {value}", "quote the key, or convert it with $string"},
	"D1004": {"Regular expression matches zero length string", "change the expression so that it matches at least one character"},
	"T1005": {"Attempted to invoke a non-function. Did you mean ${name}?", "functions are called with a $ before their name"},
	"T1006": {"Attempted to invoke a non-function", "check the name of the function; functions are called with a $ before their name"},
	"T1007": {"Attempted to partially apply a non-function. Did you mean ${name}?", "functions are called with a $ before their name"},
	"T1008": {"Attempted to partially apply a non-function", "check the name of the function"},
	"D1009": {"Multiple key definitions evaluate to same key: {value}", "make the keys of the object distinct"},
	"T1010": {"The matcher function argument passed to function {token} does not return the correct object structure", "it must return match, start, end, groups and next"},
	"D1011": {"Stack overflow. Check for non-terminating recursive function.  Consider rewriting as tail-recursive", "or allow more with Limits.Depth"},
	"D1012": {"Evaluation timeout. Check for infinite loop", "or allow more with Limits.Steps or the context"},
	"D1013": {"Object property names starting with _jsonata_ are reserved for internal use: {value}", "choose another key"},
	"T2001": {"The left side of the {token} operator must evaluate to a number", "convert it with $number; strings are joined with &"},
	"T2002": {"The right side of the {token} operator must evaluate to a number", "convert it with $number; strings are joined with &"},
	"T2003": {"The left side of the range operator (..) must evaluate to an integer", "round it with $floor"},
	"T2004": {"The right side of the range operator (..) must evaluate to an integer", "round it with $floor"},
	"T2006": {"The right side of the function application operator ~> must be a function", "name a function, or call one"},
	"T2007": {"Type mismatch when comparing values {value} and {value2} in order-by clause", "convert them to one type with $string or $number"},
	"T2008": {"The expressions within an order-by clause must evaluate to numeric or string values", "convert them with $string or $number"},
	"T2009": {"The values {value} and {value2} either side of operator {token} must be of the same data type", "convert one of them with $string or $number"},
	"T2010": {"The expressions either side of operator {token} must evaluate to numeric or string values", "convert them with $string or $number"},
	"T2011": {"The insert/update clause of the transform expression must evaluate to an object: {value}", "write {\"field\": value}"},
	"T2012": {"The delete clause of the transform expression must evaluate to a string or array of strings: {value}", "name the fields to delete"},
	"T2013": {"The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function.", "rename your variable $clone"},
	"D2014": {"The size of the sequence allocated by the range operator (..) must not exceed 1e7.  Attempted to allocate {value}.", "use a smaller range"},
	"D2015": {"The maximum size of what an expression may make was exceeded.", "work on less data, or allow more with Limits.Size"},
	"D3001": {"Attempting to invoke string function on Infinity or NaN", "a division by zero or an overflow went before"},
	"D3010": {"Second argument of replace function cannot be an empty string", "give the text to look for"},
	"D3011": {"Fourth argument of replace function must evaluate to a positive number", "leave it out to replace all"},
	"D3012": {"Attempted to replace a matched string with a non-string value", "let the function return a string"},
	"D3020": {"Third argument of split function must evaluate to a positive number", "leave it out to get all parts"},
	"D3030": {"Unable to cast value to a number: {value}", "numbers are written like 12, -1.5, 1e3 or 0x1F"},
	"D3040": {"Third argument of match function must evaluate to a positive number", "leave it out to get all matches"},
	"D3050": {"The second argument of reduce function must be a function with at least two arguments", "write function($sofar, $item){ ... }"},
	"D3060": {"The sqrt function cannot be applied to a negative number: {value}", ""},
	"D3061": {"The power function has resulted in a value that cannot be represented as a JSON number: base={value}, exponent={value2}", ""},
	"D3070": {"The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function", "write $sort(items, function($a, $b){ $a.field > $b.field })"},
	"D3080": {"The picture string must only contain a maximum of two sub-pictures", "one for positive and one for negative numbers"},
	"D3081": {"The sub-picture must not contain more than one instance of the 'decimal-separator' character", ""},
	"D3082": {"The sub-picture must not contain more than one instance of the 'percent' character", ""},
	"D3083": {"The sub-picture must not contain more than one instance of the 'per-mille' character", ""},
	"D3084": {"The sub-picture must not contain both a 'percent' and a 'per-mille' character", ""},
	"D3085": {"The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'", "write at least one # or 0"},
	"D3086": {"The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character", "text may stand before and after the digits, not between"},
	"D3087": {"The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character", ""},
	"D3088": {"The sub-picture must not contain a 'grouping-separator' at the end of the integer part", ""},
	"D3089": {"The sub-picture must not contain two adjacent instances of the 'grouping-separator' character", ""},
	"D3090": {"The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'", "# stands before 0 there"},
	"D3091": {"The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'", "0 stands before # there"},
	"D3092": {"A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'", ""},
	"D3093": {"The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'", ""},
	"D3100": {"The radix of the formatBase function must be between 2 and 36.  It was given {value}", ""},
	"D3110": {"The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {value}", "or give a picture string as second argument"},
	"D3120": {"Syntax error in expression passed to function eval: {value}", ""},
	"D3121": {"Dynamic error evaluating the expression passed to function eval: {value}", ""},
	"D3130": {"Formatting or parsing an integer as a sequence starting with {value} is not supported by this implementation", "pictures are digits like 0 and #,##0, or A, a, I, i, W, w, Ww"},
	"D3131": {"In a decimal digit pattern, all digits must be from the same decimal group", ""},
	"D3132": {"Unknown component specifier {value} in date/time picture string", "known are Y M D d F W w X x H h P m s f Z z C E"},
	"D3133": {"The 'name' modifier can only be applied to months and days in the date/time picture string, not {value}", ""},
	"D3134": {"The timezone integer format specifier cannot have more than four digits", "write [Z], [Z0000] or [Z01:01]"},
	"D3135": {"No matching closing bracket ']' in date/time picture string", "a literal [ is written [["},
	"D3136": {"The date/time picture string is missing specifiers required to parse the timestamp", "a date needs year, month and day without gaps between the largest and the smallest unit given"},
	"D3137": {"{name}", ""},
	"D3138": {"The $single() function expected exactly 1 matching result.  Instead it matched more.", "narrow the condition"},
	"D3139": {"The $single() function expected exactly 1 matching result.  Instead it matched 0.", "widen the condition, or use $filter"},
	"D3140": {"Malformed URL passed to ${name}(): {value}", ""},
	"D3141": {"{name}", ""},

	"L0001": {"The expression is nested too deeply", "split it, binding parts to variables"},
	"L0002": {"The value is nested too deeply", ""},
	"F0001": {"The function ${name} is switched off here", "the program that evaluates the expression decides about clock, randomness and $eval"},
	"V0001": {"The operator {token} is not in JSONata 2.0.6, which Step Functions speaks", "write condition ? a : b, with $exists(x) ? x : y for ??"},
	"V0002": {"The function $eval is not available in Step Functions", "use $parse to read JSON"},
	"V0003": {"Reference to '{name}' at the top level is not supported.", "an expression of Step Functions has no input: start from $states or from a variable"},
	"V0004": {"The function $random was given an unsuitable seed: {value}", "the seed is a number"},
	"V0005": {"{name}", ""},
	"X0001": {"internal error: {value}", "please report the expression"},
}
