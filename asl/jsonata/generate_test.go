package jsonata_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes random expressions. It mostly writes what has a sensible type, and sometimes what has not. It
// leaves out where this package differs on purpose: the reference sorts keys that are whole numbers before others, cuts
// texts between the halves of a surrogate pair, does not check the types of arguments of a partly applied function,
// reads the years 0 to 99 as 1900 to 1999, puts the separators of an irregular picture before the first digit, and
// forgets the grouping of a call in tail position.
type generator struct {
	*rand.Rand
	vars []string
}

// documents are what the expressions are evaluated over; the generator knows the names in them.
var documents = []string{
	`{"a":[{"b":1,"c":"x","d":[1,2,3]},{"b":2,"c":"y","d":[]},{"b":3,"c":"x","d":[[4,5],[6]],"e":{"f":null}}],"n":5,"s":"hello world","t":true,"z":null,"o":{"k":"v","b":7,"c":"w"}}`,
	`{"Account":{"Name":"Firefly","Order":[{"OrderID":"order103","Product":[{"Name":"Hat","ID":858383,"Price":34.45,"Quantity":2,"Description":{"Colour":"Purple","Weight":0.75}},{"Name":"Trilby","ID":858236,"Price":21.67,"Quantity":1,"Description":{"Colour":"Orange"}}]},{"OrderID":"order104","Product":[{"Name":"Hat","ID":858383,"Price":34.45,"Quantity":4,"Description":{"Colour":"Purple"}},{"Name":"Cloak","ID":345664,"Price":107.99,"Quantity":1}]}]},"a":{"b":[10,20,{"b":30}],"c":"c"},"n":-2.5,"s":"Hello"}`,
	`[{"a":1,"b":[{"c":1},{"c":2}],"s":"p"},{"a":2,"b":{"c":3},"s":"q","n":0},[{"a":3}],{"a":[1,[2,[3]]],"o":{"k":[1]}},7,"str",null,false]`,
	`{"a":[3,1,2,1],"b":["b","a","c"],"c":[],"d":{},"e":"","n":0,"o":{"a":{"b":{"c":[{"a":1},{"a":2}]}}},"s":"2018-02-01T09:42:13.123Z"}`,
	`[]`, `"text é"`, `42`, `null`, `{}`,
	`[[1,2],[3,[4,5]],[],[[6]]]`,
}

var fieldNames = []string{"a", "b", "c", "d", "e", "f", "n", "s", "o", "k", "t", "z", "Account", "Order", "Product", "Name", "Price", "Quantity", "Description", "Colour", "missing", "OrderID"}

func (g *generator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) number(d int) string {
	if d <= 0 || g.chance(25) {
		return g.pick("0", "1", "2", "3", "5", "-1", "-3", "0.5", "1.5", "-2.5", "10", "12.345", "100", "1e3", "1e-7", "123456789", "2147483648", "0.1", "9007199254740993", "n", `$toMillis("2018-13-01")`)
	}
	d--
	switch g.IntN(26) {
	case 0, 1, 2:
		return g.number(d) + " " + g.pick("+", "-", "*", "/", "%") + " " + g.number(d)
	case 3:
		return "(" + g.number(d) + ")"
	case 4:
		return "-" + g.pick("n", "(1+1)", "a.b", "$count(a)", "$n")
	case 5, 6:
		return "$" + g.pick("sum", "max", "min", "average", "count") + "(" + g.array(d) + ")"
	case 7:
		return "$length(" + g.text(d) + ")"
	case 8:
		return "$" + g.pick("abs", "floor", "ceil", "sqrt") + "(" + g.number(d) + ")"
	case 9:
		return "$round(" + g.number(d) + g.pick("", ", 1", ", 2", ", -1", ", -2", ", 0") + ")"
	case 10:
		return "$power(" + g.number(d) + ", " + g.pick("2", "3", "0.5", "-1", "0", g.number(d)) + ")"
	case 11:
		return "$number(" + g.pick(g.text(d), `"12"`, `"0x1F"`, `"0b101"`, `"0o17"`, `"-3.5e2"`, `" 1"`, `"1."`, `".5"`, `"1e400"`, "true", "null", g.any(d)) + ")"
	case 12:
		return "$parseInteger(" + g.pick(`"twelve", "w"`, `"XIV", "I"`, `"one hundred and five", "w"`, `"1,234", "#,##0"`, `"b", "a"`, `"AB", "A"`, `"twenty-third", "w;o"`, `"12th", "0;o"`, `"00123", "000"`, `"-5", "0"`, `"xyz", "0"`, `"123", "000000"`, `"One Thousand", "Ww"`) + ")"
	case 13:
		return "$toMillis(" + g.dateText() + ")"
	case 14:
		return "$reduce(" + g.array(d) + ", function($i, $j){$i + $j}" + g.pick("", ", 0", ", 10") + ")"
	case 15:
		return g.cond(d, g.number)
	case 16:
		return g.block(d, g.number)
	case 17:
		return "$count(" + g.any(d) + ")"
	case 18:
		return g.array(d) + "[" + g.pick("0", "1", "-1", "2", "0.9", "-1.5") + "]"
	case 19:
		return "($f := function($x" + g.pick("", ", $y") + ")" + g.pick("", "<n:n>", "<n-:n>", "<nn?:n>", "<x-n?:n>") + "{" + g.with("x", func() string { return g.number(d) }) + "}; $f(" + g.args(d) + "))"
	case 20:
		return "($fact := function($n){$n <= 1 ? 1 : $n * $fact($n - 1)}; $fact(" + g.pick("5", "10", "20") + "))"
	case 21:
		return "($f := function($n, $acc){$n <= 0 ? $acc : $f($n - 1, $acc + $n)}; $f(" + g.pick("10", "300") + ", 0))"
	case 22:
		return g.any(d) + " ~> " + g.pick("$count", "$sum", "$max", "$number", "$length", "$count()", "$string ~> $length")
	default:
		return g.path(d)
	}
}

func (g *generator) with(name string, f func() string) string {
	g.vars = append(g.vars, name)
	defer func() { g.vars = g.vars[:len(g.vars)-1] }()
	return f()
}

func (g *generator) variable() string {
	if len(g.vars) > 0 && g.chance(80) {
		return "$" + g.vars[g.IntN(len(g.vars))]
	}
	return g.pick("$", "$$", "$x", "$v", "$nothing")
}

func (g *generator) text(d int) string {
	if d <= 0 || g.chance(25) {
		return g.pick(`""`, `"a"`, `"hello"`, `'single'`, `"a,b,c"`, `"Hello World"`, `" pad  ded "`, `"\u00e9x"`, `"12"`, `"-1.5"`, `"a\tb\n"`, `"aaa"`, `"x1y22z333"`, "s", "c", `"true"`, `"\"q\""`, `"A-B_c"`, `"ß"`, `"İ"`)
	}
	d--
	switch g.IntN(28) {
	case 0, 1:
		return g.any(d) + " & " + g.any(d)
	case 2, 3:
		return "$string(" + g.any(d) + g.pick("", "", ", true", ", false") + ")"
	case 4:
		return "$substring(" + g.text(d) + ", " + g.pick("0", "1", "-2", "10", "1.5", "-10", g.number(d)) + g.pick("", ", 1", ", 2", ", 0", ", -1", ", 100") + ")"
	case 5:
		return "$" + g.pick("substringBefore", "substringAfter") + "(" + g.text(d) + ", " + g.text(d) + ")"
	case 6:
		return "$" + g.pick("uppercase", "lowercase", "trim", "base64encode", "encodeUrl", "encodeUrlComponent", "decodeUrl", "decodeUrlComponent", "type") + "(" + g.text(d) + ")"
	case 7:
		return "$base64decode(" + g.pick(`"aGVsbG8="`, `"aGVsbG8"`, `""`, "$base64encode("+g.text(d)+")") + ")"
	case 8:
		return "$pad(" + g.text(d) + ", " + g.pick("5", "-5", "0", "20", "-12.5", "n") + g.pick("", `, "#"`, `, "ab"`, `, ""`) + ")"
	case 9:
		return "$join(" + g.array(d) + g.pick("", `, ","`, `, ""`, ", "+g.text(d)) + ")"
	case 10, 11:
		return "$replace(" + g.text(d) + ", " + g.pick(g.text(d), g.regex()) + ", " + g.pick(`""`, `"-"`, `"$1"`, `"[$0]"`, `"$2$1"`, `"$$x"`, `"$12"`, `"$"`, `function($m){"<" & $m.match & ">"}`, `function($m){$m.groups[0]}`, `function($m){1}`, `$uppercase`) + g.pick("", "", ", 1", ", 0", ", 2", ", -1") + ")"
	case 12, 13:
		return "$formatNumber(" + g.number(d) + ", " + g.numberPicture() + ")"
	case 14:
		return "$formatBase(" + g.number(d) + g.pick("", ", 2", ", 16", ", 36", ", 1", ", 37", ", 10.5") + ")"
	case 15, 16:
		return "$formatInteger(" + g.number(d) + ", " + g.integerPicture() + ")"
	case 17, 18:
		return "$fromMillis(" + g.pick("1510067557121", "0", "-1", "1521801216617", "951782400000", "4102444799999", "1e12", "1.5e12", g.number(d)) + g.pick("", ", "+g.datePicture(), ", "+g.datePicture(), ", "+g.datePicture()+`, "`+g.pick("+0530", "-0800", "+0000", "+1", "+12345", "+05:30", "-0030")+`"`) + ")"
	case 19:
		return "$type(" + g.any(d) + ")"
	case 20:
		return g.cond(d, g.text)
	case 21:
		return g.block(d, g.text)
	case 22:
		return "$keys(" + g.object(d) + ")[0]"
	case 23:
		return g.text(d) + "[" + g.number(0) + "]"
	case 24:
		return "$split(" + g.text(d) + ", " + g.pick(`","`, `""`, `" "`, g.regex(), g.text(d)) + ")" + g.pick("", "[0]", "[-1]")
	case 25:
		return g.text(d) + " ~> " + g.pick("$uppercase", "$trim", "$length", "$uppercase ~> $lowercase", "$substringBefore(\"l\")", "$split(\"\")", "$substring(1)")
	default:
		return g.path(d)
	}
}

func (g *generator) regex() string {
	return "/" + g.pick("a", "l+", "[a-z]+", "(a)(b)?", "\\\\d+", "(\\\\w)(\\\\w)", "^h", "o$", ".", "a|b", "(?:x)(\\\\d)", "\\\\s", "[^a-z]", "(l)(l)", "a*", "(h)(e)(l)(l)(o)", "\\\\bw", "(.)\\\\1", "x(?=1)", "x(?!2)", "\\\\u0061", "[\\\\s\\\\S]", "a{2}", "a{1,}?", "é") + "/" + g.pick("", "", "i", "m", "im")
}

func (g *generator) numberPicture() string {
	return g.pick(`"#,##0.00"`, `"0"`, `"000"`, `"#"`, `"0.0#"`, `"#.##"`, `"#,###"`, `"0%"`, `"0.00‰"`, `"0.0e0"`, `"#0.00e00"`, `"00.##e0"`, `"0;(0)"`, `"$#,##0.00;($#,##0.00)"`, `"abc0def"`, `"##0.00%;x0y"`, `""`, `"0.0.0"`, `"0,"`, `",0"`, `"0,,0"`, `"0#"`, `"#.0#0"`, `"%0%"`, `"0e0%"`, `"0;0;0"`, `"0.00,0"`, `"①"`,
		`"#.##0,00", {"decimal-separator": ",", "grouping-separator": "."}`, `"٠", {"zero-digit": "٠"}`, `"0", {"minus-sign": "~"}`, `"#,##0.00", {"zero-digit": "0", "digit": "#"}`, `"0pm", {"per-mille": "pm"}`, `"0E0", {"exponent-separator": "E"}`, `"##.##", {"infinity": "INF"}`, `"§§0", {"digit": "§"}`, `"0|-0", {"pattern-separator": "|"}`, `"0", {"decimal-separator": ","}`)
}

func (g *generator) integerPicture() string {
	return g.pick(`"0"`, `"w"`, `"W"`, `"Ww"`, `"I"`, `"i"`, `"a"`, `"A"`, `"w;o"`, `"Ww;o"`, `"W;o"`, `"0;o"`, `"#,##0"`, `"000"`, `"#:##0"`, `"#,##0;o"`, `"٠"`, `"1"`, `"01"`, `"###,###,##0"`, `"0,0,0"`, `"#"`, `""`, `"x"`, `"Z"`, `"0;c"`, `"w;c"`, `"0*0"`, `"0-00"`, `"#0#"`, `"0;o(-er)"`, `"#,##0"`)
}

func (g *generator) datePicture() string {
	if g.chance(40) {
		return g.pick(`"[Y]-[M01]-[D01]"`, `"[M01]/[D01]/[Y0001] [h#1]:[m01][P]"`, `"[H01]:[m01]:[s01].[f001]"`, `"[FNn], [D1o] [MNn] [Y]"`, `"[W01] [w] [d] [x]"`, `"[Y]-W[W01]-[F1]"`, `"[X]-W[W]"`, `"[dwo] [Dwo] [DWwo]"`, `"[MNn,*-3] [YI]"`, `"[Z] [z]"`, `"[Z01:01t]"`, `"[z0101]"`, `"[Z0]"`, `"[[literal]] [Y]"`, `"[Y"`, `"Y]"`, `"[q]"`, `"[C][E]"`, `"[F0] [FN,3-3] [Fn]"`, `"[xNn] [x]"`, `"[f] [f1] [f01] [f0001]"`, `"[Y,2] [Y,2-2] [YW]"`, `"[m] [s] [M] [H] [h]"`, `"[PN] [Pn] [P]"`, `"[h1] [Hw] [hWw;o]"`, `undefined_`, `"[Y9999] [YYYY]"`, `"[D 1] [ D]"`, `"[Mi] [MA] [Ma]"`)
	}
	var b strings.Builder
	b.WriteByte('"')
	for range 1 + g.IntN(4) {
		b.WriteString("[" + g.pick("Y", "M", "D", "d", "F", "W", "w", "X", "x", "H", "h", "P", "m", "s", "f", "Z", "z", "C", "E") + g.pick("", "1", "01", "001", "0001", "N", "n", "Nn", "w", "W", "Ww", "I", "i", "a", "A", "1o", "wo", "01:01", "0t", "#1", "00") + g.pick("", "", "", ",2", ",*-2", ",2-2", ",3", ",*-3", ",3-*", ",*") + "]" + g.pick("", " ", "-", ":", "/", "T", ", "))
	}
	b.WriteByte('"')
	return b.String()
}

func (g *generator) dateText() string {
	return g.pick(`"2018-02-01T09:42:13.123Z"`, `"2018-02-01"`, `"2018"`, `"2018-02"`, `"2018-02-01T09:42:13+0530"`, `"2018-02-01T09:42:13-08:00"`, `"nonsense"`, `"1970-01-01T00:00:00.001Z"`, `"2018-13-01"`, `"2018-02-30"`,
		`"1/2/2018", "[D]/[M]/[Y]"`, `"1 Feb 2018", "[D] [MNn,*-3] [Y]"`, `"Thursday, 1st February 2018", "[FNn], [D1o] [MNn] [Y]"`, `"2018-032", "[Y]-[d]"`, `"12:30 pm", "[h]:[m] [P]"`, `"2018 2 1 23 59 58", "[Y] [M] [D] [H] [m] [s]"`, `"MMXVIII", "[YI]"`, `"two thousand and eighteen", "[Yw]"`, `"first of March, 2020", "[Dwo] of [MNn], [Y]"`, `"2018-02-01 09:42:13.5", "[Y]-[M]-[D] [H]:[m]:[s].[f]"`, `"2018-W05-4", "[X]-W[W]-[F1]"`, `"10 PM -0500", "[h] [PN] [Z]"`, `"31 a 2019", "[D] [Ma] [Y]"`, `"x", "[Y]"`, `"20180201", "[Y0001][M01][D01]"`, `"2020-02-29T24:00", "[Y]-[M]-[D]T[H]:[m]"`, `"2018-02-01+05:30", "[Y]-[M]-[D][Z01:01]"`, `"12", "[H]"`, `"5 GMT+3 2018", "[D] [z] [Y]"`)
}

func (g *generator) boolean(d int) string {
	if d <= 0 || g.chance(15) {
		return g.pick("true", "false", "t", "a", "s", "missing")
	}
	d--
	switch g.IntN(14) {
	case 0, 1:
		return g.number(d) + " " + g.pick("<", "<=", ">", ">=", "=", "!=") + " " + g.number(d)
	case 2:
		return g.text(d) + " " + g.pick("<", "<=", ">", ">=", "=", "!=") + " " + g.text(d)
	case 3:
		return g.any(d) + " " + g.pick("=", "!=", "<") + " " + g.any(d)
	case 4, 5:
		return g.boolean(d) + " " + g.pick("and", "or") + " " + g.boolean(d)
	case 6:
		return g.any(d) + " in " + g.array(d)
	case 7:
		return "$" + g.pick("not", "boolean", "exists") + "(" + g.any(d) + ")"
	case 8, 9:
		return "$contains(" + g.text(d) + ", " + g.pick(g.text(d), g.regex()) + ")"
	case 10:
		return g.cond(d, g.boolean)
	case 11:
		return "(" + g.boolean(d) + ")"
	default:
		return g.path(d)
	}
}

func (g *generator) array(d int) string {
	if d <= 0 || g.chance(12) {
		return g.pick("[]", "[1,2,3]", "a", "b", "[1..5]", `["b","a","c"]`, "$", "a.b", "a.d", "Account.Order.Product", "[[1,2],[3]]", "o", "[3,1,2,1]", "[true, null]", "$keys($)", "*", "**")
	}
	d--
	switch g.IntN(32) {
	case 0, 1:
		var items []string
		for range g.IntN(4) {
			items = append(items, g.any(d))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case 2:
		return "[" + g.pick("0", "1", "-2", "n", "3") + ".." + g.pick("5", "0", "n", "3", "$count(a)", g.number(0)+"%7") + "]"
	case 3, 4:
		return "$map(" + g.array(d) + ", " + g.function(d) + ")"
	case 5, 6:
		return "$filter(" + g.array(d) + ", " + g.predicate(d) + ")"
	case 7:
		return "$sort(" + g.array(d) + g.pick("", "", ", function($l, $r){$l > $r}", ", function($l, $r){$l < $r}", ", function($l, $r){$l.b > $r.b}", ", function($l, $r){$string($l) > $string($r)}") + ")"
	case 8:
		return "$" + g.pick("reverse", "distinct", "keys", "spread") + "(" + g.array(d) + ")"
	case 9:
		return "$append(" + g.any(d) + ", " + g.any(d) + ")"
	case 10:
		return "$zip(" + g.array(d) + ", " + g.array(d) + g.pick("", ", "+g.array(d)) + ")"
	case 11:
		return "$each(" + g.object(d) + ", " + g.function(d) + ")"
	case 12:
		return "$split(" + g.text(d) + ", " + g.pick(`","`, `""`, `" "`, g.regex()) + g.pick("", ", 2", ", 0", ", -1", ", 1.5") + ")"
	case 13:
		return "$match(" + g.text(d) + ", " + g.regex() + g.pick("", ", 1", ", 0", ", 2") + ")"
	case 14, 15:
		return g.array(d) + "^(" + g.orders() + ")"
	case 16:
		return g.array(d) + "[" + g.pick(g.boolean(d), g.number(0), g.array(0), "[0,2]", "[1..2]", "[-1]", "b=1", "b>1", `c="x"`, "$ > 1", "$.b", "%.n", "b in [1,2]") + "]"
	case 17:
		return g.array(d) + "[]"
	case 18:
		return g.cond(d, g.array)
	case 19:
		return g.block(d, g.array)
	case 20:
		return "$single(" + g.array(d) + g.pick("", ", "+g.predicate(d)) + ")"
	case 21:
		return "$reduce(" + g.array(d) + ", function($acc, $v" + g.pick("", ", $i", ", $i, $a") + "){$append($acc, $v)}" + g.pick("", ", []") + ")"
	case 22:
		return g.array(d) + "." + g.pick("$", "("+g.any(d)+")", "{\"v\": $}", "[$]", "$string($)", "*", "**", "%", "a", "b", "$type($)")
	case 23:
		return "$keys(" + g.object(d) + ")"
	case 24:
		return g.binding(d)
	case 25:
		return "($f := " + g.function(d) + "; $map(" + g.array(d) + ", $f))"
	case 26:
		return "$map(" + g.array(d) + ", " + g.pick("$string", "$uppercase", "$sum", "$abs", "$length", "$not", "$type", "$count", "$boolean", "$keys", "$reverse", "$append") + ")"
	default:
		return g.path(d)
	}
}

func (g *generator) binding(d int) string {
	base := g.pick("a", "Account.Order", "Account.Order.Product", "b", "$", "[1,2,3]", "[1..3]", "a.d", "o.*", "[[1,2],[3]]")
	switch g.IntN(12) {
	case 0:
		return base + "#$i.{\"i\": $i, \"v\": $}"
	case 1:
		return base + "@$x.{\"x\": $x, \"n\": %.n}"
	case 2:
		return base + "@$x#$i[" + g.pick("$i=0", "$i>0", "$x.b=1", "$i<2", "$x") + "]." + g.pick("$x", "$i", "{\"x\":$x}", "b", "[$i, $x]")
	case 3:
		return base + "@$x." + base + "@$y[" + g.pick("$x.b=$y.b", "$x=$y", "$x!=$y") + "].[$x, $y]"
	case 4:
		return base + "." + g.pick("b", "d", "Product", "Price", "c", "$") + ".%" + g.pick("", ".n", ".%", ".b", ".OrderID", ".c")
	case 5:
		return base + "." + g.pick("b", "d", "Product") + ".{\"p\": %." + g.pick("b", "OrderID", "c") + ", \"v\": $}"
	case 6:
		return base + "#$i[" + g.pick("0", "1", "-1", "$i=1", "b>1", "[0,1]") + "]." + g.pick("$i", "{\"i\":$i}", "$")
	case 7:
		return base + "." + g.pick("Product", "d", "b") + "#$i." + g.pick("$i", "[$i, $]", "{\"i\": $i, \"p\": %.b}", "%")
	case 8:
		return base + "@$x^(" + g.orders() + ")." + g.pick("$x", "{\"x\": $x}", "b")
	case 9:
		return base + "^(" + g.orders() + ")#$i." + g.pick("$i", "[$i, $]")
	case 10:
		return base + "#$i{" + g.pick("\"k\" & b", "c", "Name", "\"all\"", "\"k\" & $i") + ": " + g.pick("$i", "$", "$sum($i)", "$count($)", "b") + "}"
	}
	return base + "@$x{" + g.pick("\"k\" & $x.b", "\"k\"", "\"k\" & $x") + ": " + g.pick("$x", "$count($x)", "$x.c") + "}"
}

func (g *generator) orders() string {
	var terms []string
	for range 1 + g.IntN(2) {
		terms = append(terms, g.pick("", "<", ">")+g.pick("b", "c", "$", "a", "Price", "Name", "-b", "$string($)", "b*2", "Description.Weight", "%.b", "Quantity", "$length(c)"))
	}
	return strings.Join(terms, ", ")
}

func (g *generator) object(d int) string {
	if d <= 0 || g.chance(15) {
		return g.pick("{}", `{"a":1}`, `{"b":2,"a":"x"}`, "o", "$", "a", `{"k":[1,2],"j":null}`)
	}
	d--
	switch g.IntN(13) {
	case 0, 1, 2:
		var members []string
		for range g.IntN(4) {
			members = append(members, g.pick(`"a"`, `"b"`, `"key"`, `"c"`, `"k" & `+g.text(d))+": "+g.any(d))
		}
		return "{" + strings.Join(members, ", ") + "}"
	case 3, 4:
		return "[" + g.array(d) + "]{" + g.pick("c", "Name", `"k" & b`, `"k" & $`, `"all"`, "$type($)", `"k" & `+g.text(0)) + ": " + g.pick("$", "b", "$sum(b)", "$count($)", "Price", g.any(d)) + g.pick("", `, "x": 1`) + "}"
	case 5:
		return "$merge(" + g.pick(g.array(d), "["+g.object(d)+", "+g.object(d)+"]") + ")"
	case 6:
		return "$sift(" + g.object(d) + ", function($v" + g.pick("", ", $k", ", $k, $o") + "){" + g.with("v", func() string { return g.boolean(d) }) + "})"
	case 7, 8:
		return g.object(d) + " ~> |" + g.pick("$", "a", "o", "Account.Order", "**", "missing", "a[0]", "*") + "|" + g.pick(`{"new": 1}`, `{"b": b * 2}`, `{}`, g.object(d), `{"p": $}`) + g.pick("", `, "c"`, `, ["b", "c"]`, `, "nope"`, ", 1") + "|"
	case 9:
		return g.cond(d, g.object)
	case 10:
		return "$reduce(" + g.array(d) + ", function($acc, $v){$merge([$acc, {\"k\" & $v: 1}])}, {})"
	case 11:
		return g.block(d, g.object)
	}
	return g.path(d)
}

func (g *generator) function(d int) string {
	switch g.IntN(5) {
	case 0:
		return "function($v, $i){" + g.with("v", func() string { return g.any(d - 1) }) + "}"
	case 1:
		return g.pick("λ", "function") + "($v, $i, $a){" + g.with("i", func() string { return g.any(d - 1) }) + "}"
	case 2:
		return g.pick("$string", "$type", "$uppercase", "$sum", "$exists", "$append(?, 1)", "($uppercase ~> $trim)", "$count")
	}
	return "function($v){" + g.with("v", func() string { return g.any(d - 1) }) + "}"
}

func (g *generator) predicate(d int) string {
	return "function($v" + g.pick("", ", $i", ", $i, $a") + "){" + g.pick("$v > 1", "$v.b = 2", "$v", "$i = 0", "$count($a) > 2", "$v in [1,2]", g.with("v", func() string { return g.boolean(d - 1) })) + "}"
}

func (g *generator) path(d int) string {
	var b strings.Builder
	b.WriteString(g.pick("a", "o", "$", "$$", "Account", "a", "n", "*", "**", "(a)", g.variable(), g.variable(), "[a, b]", "`a`", `"a"`))
	for range g.IntN(4) {
		switch g.IntN(16) {
		case 0:
			b.WriteString("[" + g.pick("0", "1", "-1", "b=1", "$ > 1", "[0,1]", g.boolean(min(d-1, 1))) + "]")
		case 1:
			b.WriteString(".*")
		case 2:
			b.WriteString(".**")
		case 3:
			b.WriteString(".(" + g.any(min(d-1, 1)) + ")")
		case 4:
			b.WriteString(".%")
		case 5:
			b.WriteString("[]")
		case 6:
			b.WriteString(".$" + g.pick("string", "count", "type", "keys", "sum", "length", "uppercase") + "(" + g.pick("$", "", "b", "a") + ")")
		case 7:
			b.WriteString("^(" + g.orders() + ")")
		case 8:
			b.WriteString(fmt.Sprintf(".[%s]", g.pick("$", "b", "b, c", "a.b", "1", "")))
		case 9:
			b.WriteString(fmt.Sprintf(".{%s: %s}", g.pick(`"x"`, "c", "\"k\" & b"), g.pick("$", "b", "%.b", "1")))
		default:
			b.WriteString("." + fieldNames[g.IntN(len(fieldNames))])
		}
	}
	return b.String()
}

func (g *generator) cond(d int, branch func(int) string) string {
	switch g.IntN(5) {
	case 0:
		return "(" + g.plain() + " ?: " + branch(d) + ")"
	case 1:
		return "(" + g.plain() + " ?? " + branch(d) + ")"
	case 2:
		return "(" + g.boolean(d) + " ? " + branch(d) + ")"
	}
	return "(" + g.boolean(d) + " ? " + branch(d) + " : " + branch(d) + ")"
}

// plain writes what the reference may evaluate twice, as it does to the left of ?: and ??.
func (g *generator) plain() string {
	return g.pick("a", "n", "missing", "null", "0", `""`, "s", "o.k", "[]", "false", g.variable())
}

func (g *generator) block(d int, last func(int) string) string {
	name := g.pick("x", "v", "y")
	return "($" + name + " := " + g.any(d) + "; " + g.with(name, func() string { return last(d) }) + g.pick("", ";") + ")"
}

func (g *generator) args(d int) string {
	var args []string
	for range g.IntN(3) {
		args = append(args, g.any(d))
	}
	return strings.Join(args, ", ")
}

// any writes an expression of any type, of a depth of about d.
func (g *generator) any(d int) string {
	switch g.IntN(24) {
	case 0, 1, 2, 3:
		return g.number(d)
	case 4, 5, 6, 7:
		return g.text(d)
	case 8, 9:
		return g.boolean(d)
	case 10, 11, 12, 13, 14:
		return g.array(d)
	case 15, 16, 17:
		return g.object(d)
	case 18:
		return g.pick("null", "undefined_", "missing", "[]", "{}", "\"\"", "0", "false", "$sum", "function($x){$x}", "/a/", "λ($a)<n:n>{$a}")
	case 19:
		return g.variable()
	case 20:
		return g.pick("$lookup("+g.any(d-1)+", "+g.text(0)+")", "$clone("+g.any(d-1)+")", "$error("+g.text(0)+")", "$assert("+g.boolean(0)+", \"m\")", "$spread("+g.any(d-1)+")", "$merge("+g.any(d-1)+")", "$distinct("+g.any(d-1)+")", "$single("+g.any(d-1)+")", "$eval("+g.pick(`"1+2"`, `"a.b"`, `"$$"`, `"["`, `"x", {"x":3}`, `""`)+")", "$"+g.pick("sum", "string", "keys", "map", "sort", "length", "formatNumber", "merge", "join")+"("+g.args(d-1)+")", "$nope("+g.args(d-1)+")")
	default:
		return g.path(d)
	}
}
