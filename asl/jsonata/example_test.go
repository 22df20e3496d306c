package jsonata_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

const address = `{"FirstName": "Fred", "Surname": "Smith", "Age": 28, "Address": {"City": "Winchester", "Postcode": "SO21 2JN"},
 "Phone": [{"type": "home", "number": "0203 544 1234"}, {"type": "office", "number": "01962 001234"},
           {"type": "office", "number": "01962 001235"}, {"type": "mobile", "number": "077 7700 1234"}],
 "Numbers": [1, 2, 3, 4, 5, 6], "Empty": [], "Nested": [[1, 2], [3]], "Other": {"Over 18 ?": true, "Misc": null}}`

const orders = `{"Account": {"Order": [
 {"OrderID": "order103", "Product": [{"Name": "Bowler Hat", "Price": 34.45, "Quantity": 2, "Colour": "Purple"}, {"Name": "Trilby hat", "Price": 21.67, "Quantity": 1, "Colour": "Orange"}]},
 {"OrderID": "order104", "Product": [{"Name": "Bowler Hat", "Price": 34.45, "Quantity": 4, "Colour": "Purple"}, {"Name": "Cloak", "Price": 107.99, "Quantity": 1, "Colour": "Black"}]}]}}`

// show evaluates expressions over a document and prints the results.
func show(document string, expressions ...string) {
	input, err := jsonvalue.Decode([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	o := jsonata.Options{Now: func() time.Time { return time.Date(2017, 11, 7, 15, 12, 37, 0, time.UTC) }, Eval: true}
	for _, src := range expressions {
		expr, err := jsonata.Compile(src)
		if err != nil {
			fmt.Println(err)
			continue
		}
		v, err := expr.Eval(context.Background(), input, o)
		switch {
		case err != nil:
			fmt.Println(err)
		case jsonata.IsUndefined(v):
			fmt.Println("undefined")
		default:
			fmt.Println(jsonvalue.String(v))
		}
	}
}

func Example() {
	expr, err := jsonata.Compile(`"Dear " & name & ", you ordered " & $count(items) & " items for " & $sum(items.(price * n))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	input := map[string]any{"name": "Ada", "items": []any{map[string]any{"price": 2.5, "n": 2}, map[string]any{"price": 1, "n": 3}}}
	v, err := expr.Eval(context.Background(), input, jsonata.Options{})
	fmt.Println(v, err)
	// Output: Dear Ada, you ordered 2 items for 8 <nil>
}

func Example_errors() {
	_, err := jsonata.Compile(`items[1,2)`)
	var e *jsonata.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.Offset, e.Message)
	}
	fmt.Println(err)
	show(`{"n": "7"}`, `1 + n`)
	// Output:
	// S0202 7 Expected "]", got ","
	// jsonata: S0202 at offset 7: Expected "]", got "," (check that brackets and quotes before this place are closed)
	// jsonata: T2002 at offset 2: The right side of the "+" operator must evaluate to a number (convert it with $number; strings are joined with &)
}

func Example_simpleQueries() {
	show(address, `Surname`, `Address.City`, `Other.Nothing`, "Other.`Over 18 ?`", `Phone[0].number`, `Phone[-1].type`, `Phone.number[0]`, `Phone[[0..1]].type`, `Nested[0]`, `$.Age`)
	// Output:
	// "Smith"
	// "Winchester"
	// undefined
	// true
	// "0203 544 1234"
	// "mobile"
	// ["0203 544 1234","01962 001234","01962 001235","077 7700 1234"]
	// ["home","office"]
	// [1,2]
	// 28
}

func Example_predicateQueries() {
	show(address, `Phone[type='mobile'].number`, `Phone[type='mobile'][].number`, `Phone[type='office'].number`, `Address.*`, `*.Postcode`, `**.Postcode`, `Numbers[$ > 4]`)
	// Output:
	// "077 7700 1234"
	// ["077 7700 1234"]
	// ["01962 001234","01962 001235"]
	// ["Winchester","SO21 2JN"]
	// "SO21 2JN"
	// "SO21 2JN"
	// [5,6]
}

func Example_pathOperators() {
	show(orders, `Account.Order.OrderID`, `Account.Order.Product[Quantity > 1].Name`, `Account.Order[0].Product^(Price).Name`, `Account.Order.Product{Name: Price}`,
		`$count(Account.**)`, `Account.Order.Product[0].(Price * Quantity)`, `Account.Order[OrderID = "order104"].Product[].Colour`, `$$.Account.Order[1].OrderID`)
	// Output:
	// ["order103","order104"]
	// ["Bowler Hat","Bowler Hat"]
	// ["Trilby hat","Bowler Hat"]
	// {"Bowler Hat":[34.45,34.45],"Trilby hat":21.67,"Cloak":107.99}
	// 25
	// [68.9,137.8]
	// ["Purple","Black"]
	// "order104"
}

func Example_expressions() {
	show(address, `FirstName & ' ' & Surname`, `Numbers[0] + Numbers[5] * 2`, `Age >= 18 ? "adult" : "child"`, `(Numbers[2] = 3) and Age > 18`, `5 & 0`, `"a" /* a comment */ & "b"`)
	// Output:
	// "Fred Smith"
	// 13
	// "adult"
	// true
	// "50"
	// "ab"
}

func Example_numericOperators() {
	show(address, `[1 + 2, 7 - 9, 3 * 4, 7 / 2, 7 % 4, -Age]`)
	// Output: [3,-2,12,3.5,3,-28]
}

func Example_comparisonOperators() {
	show(address, `[1 = 1, 1 != 2, "a" < "b", 2 >= 3, "x" in ["x", "y"], [1, 2] = [1, 2], {"a": 1, "b": 2} = {"b": 2, "a": 1}, nothing = 1]`)
	// Output: [true,true,true,false,true,true,true,false]
}

func Example_booleanOperators() {
	show(address, `[Age > 18 and FirstName = "Fred", Age < 18 or Surname = "Smith", $not(Empty)]`)
	// Output: [true,true,true]
}

func Example_resultStructures() {
	show(address, `[Address, Other].*`, `Phone.{type: number}`, `Phone{type: number}`, `Phone{type: number[]}`, `{"name": FirstName & " " & Surname, "phones": [Phone.number]}`)
	// Output:
	// ["Winchester","SO21 2JN",true,null]
	// [{"home":"0203 544 1234"},{"office":"01962 001234"},{"office":"01962 001235"},{"mobile":"077 7700 1234"}]
	// {"home":"0203 544 1234","office":["01962 001234","01962 001235"],"mobile":"077 7700 1234"}
	// {"home":["0203 544 1234"],"office":["01962 001234","01962 001235"],"mobile":["077 7700 1234"]}
	// {"name":"Fred Smith","phones":["0203 544 1234","01962 001234","01962 001235","077 7700 1234"]}
}

func Example_composition() {
	show(orders, `(Account.Order.Product).Name[0]`, `(Account.Order.Product)[0].Name`, `Account.Order.Product.Price ~> $sum() ~> $round(1)`, `$uppercase($substringBefore("hello world", " "))`)
	// Output:
	// ["Bowler Hat","Trilby hat","Bowler Hat","Cloak"]
	// "Bowler Hat"
	// 198.6
	// "HELLO"
}

func Example_sortingAndGrouping() {
	show(orders, `Account.Order.Product^(>Price, Quantity).(Name & " " & Quantity)`, `Account.Order.Product{Colour: $sum($.(Price * Quantity))}`, `$average(Account.Order.Product.Quantity)`)
	// Output:
	// ["Cloak 1","Bowler Hat 2","Bowler Hat 4","Trilby hat 1"]
	// {"Purple":206.70000000000002,"Orange":21.67,"Black":107.99}
	// 2
}

func Example_joins() {
	show(`{"loans": [{"customer": 1, "isbn": "a"}, {"customer": 2, "isbn": "b"}, {"customer": 1, "isbn": "b"}],
 "books": [{"isbn": "a", "title": "SICP"}, {"isbn": "b", "title": "AWK"}], "orders": [{"id": "x", "items": [{"p": 1}, {"p": 2}]}]}`,
		`loans@$l.books@$b[$l.isbn = $b.isbn].{"customer": $l.customer, "title": $b.title}`,
		`loans#$i.($i & ":" & isbn)`,
		`orders.items.{"order": %.id, "p": p}`)
	// Output:
	// [{"customer":1,"title":"SICP"},{"customer":2,"title":"AWK"},{"customer":1,"title":"AWK"}]
	// ["0:a","1:b","2:b"]
	// [{"order":"x","p":1},{"order":"x","p":2}]
}

func Example_programming() {
	show(address,
		`($x := 2; $square := function($n){ $n * $n }; $square($x) + 1)`,
		`($adder := function($a){ function($b){ $a + $b } }; $adder(3)(4))`,
		`($factorial := λ($n){ $n <= 1 ? 1 : $n * $factorial($n - 1) }; $factorial(10))`,
		`($even := function($n){ $n = 0 ? true : $odd($n - 1) }; $odd := function($n){ $n = 0 ? false : $even($n - 1) }; $even(100000))`,
		`($first3 := $substring(?, 0, 3); $first3("hello"))`,
		`($normalize := $uppercase ~> $trim; $normalize("   some   text   "))`,
		`function($s, $n)<s-n:s>{ $s & $n }("a", "b")`)
	// Output:
	// 5
	// 7
	// 3628800
	// true
	// "hel"
	// "SOME TEXT"
	// jsonata: T0410 at offset 0: Argument 2 of function "" does not match function signature (check number, order and types of the arguments)
}

func Example_regularExpressions() {
	show(address, `Phone.number[$contains($, /^0?77/)]`, `$match("ab1 cd22", /([a-z]+)(\d+)/).groups`, `$replace("John Smith", /(\w+)\s(\w+)/, "$2, $1")`,
		`$split("a, b;c", /[,;]\s*/)`, `$replace("10 USD", /(\d+)(?= USD)/, function($m){ $string($number($m.match) * 2) })`)
	// Output:
	// "077 7700 1234"
	// ["ab","1","cd","22"]
	// "Smith, John"
	// ["a","b","c"]
	// "20 USD"
}

func Example_dateAndTime() {
	show(`{}`, `$now()`, `$millis()`, `$fromMillis(1510067557121, "[FNn], [D1o] [MNn] [Y0001] [h#1]:[m01] [P]", "+0100")`, `$toMillis("2017-11-07T15:12:37.121Z")`,
		`$toMillis("7th November 2017", "[D1o] [MNn] [Y]") ~> $fromMillis("[X0001]-W[W01]-[F1]")`)
	// Output:
	// "2017-11-07T15:12:37.000Z"
	// 1510067557000
	// "Tuesday, 7th November 2017 4:12 pm"
	// 1510067557121
	// "2017-W45-2"
}

func Example_otherOperators() {
	show(address, `"a" & "b"`, `[1..3, 7..8]`, `Nothing ?: "default"`, `Other.Misc ?? "null is something"`, `Other.Nothing ?? "nothing"`, `3 in Numbers`, `Age > 18 ? "yes"`, `($a := $b := 3; $a + $b)`)
	// Output:
	// "ab"
	// [1,2,3,7,8]
	// "default"
	// null
	// "nothing"
	// true
	// "yes"
	// 6
}

func Example_transform() {
	show(orders, `Account.Order[0] ~> |Product|{"Total": Price * Quantity}, ["Colour", "Price", "Quantity"]|`)
	// Output: {"OrderID":"order103","Product":[{"Name":"Bowler Hat","Total":68.9},{"Name":"Trilby hat","Total":21.67}]}
}

func Example_stringFunctions() {
	show(`{}`, `[$string(5.0), $string({"a": [1]}), $length("né"), $substring("hello", -3, 2), $substringAfter("a=b", "="), $lowercase("ABC"), $trim("  a   b ")]`,
		`[$pad("7", -3, "0"), $contains("abc", "b"), $split("a b", " "), $join(["a", "b"], "-"), $replace("aaa", "a", "b", 2)]`,
		`[$base64encode("hi"), $base64decode("aGk="), $encodeUrlComponent("a/b c"), $encodeUrl("a/b c"), $decodeUrl("a%20b"), $eval("[1, 2]")]`)
	// Output:
	// ["5","{\"a\":[1]}",2,"ll","b","abc","a b"]
	// ["007",true,"a","b","a-b","bba"]
	// ["aGk=","hi","a%2Fb%20c","a/b%20c","a b",1,2]
}

func Example_numericFunctions() {
	show(`{}`, `[$number("0x1F"), $abs(-5), $floor(-1.5), $ceil(1.2), $round(2.5), $round(12.345, 2), $power(2, 8), $sqrt(9)]`,
		`[$formatNumber(12345.6, "#,##0.00"), $formatNumber(0.14, "01%"), $formatBase(255, 16), $formatInteger(1999, "I"), $formatInteger(21, "Ww;o")]`,
		`[$parseInteger("twelve thousand, four hundred and seventy-six", "w"), $parseInteger("12,345", "#,##0")]`)
	// Output:
	// [31,5,-2,2,2,12.34,256,3]
	// ["12,345.60","14%","ff","MCMXCIX","Twenty-First"]
	// [12476,12345]
}

func Example_aggregationFunctions() {
	show(address, `[$sum(Numbers), $max(Numbers), $min(Numbers), $average(Numbers), $count(Numbers)]`)
	// Output: [21,6,1,3.5,6]
}

func Example_booleanFunctions() {
	show(address, `[$boolean(Empty), $boolean("false"), $boolean([0, 1]), $not(0), $exists(Age), $exists(Nothing)]`)
	// Output: [false,true,true,true,true,false]
}

func Example_arrayFunctions() {
	show(address, `$append(Numbers[[0..1]], [9])`, `$sort(["b", "a"])`, `$sort(Phone, function($l, $r){ $l.type > $r.type }).type`, `$reverse(Numbers)`, `$distinct([1, "1", 1, [2], [2]])`, `$zip([1, 2], ["a", "b"])`)
	// Output:
	// [1,2,9]
	// ["a","b"]
	// ["home","mobile","office","office"]
	// [6,5,4,3,2,1]
	// [1,"1",[2]]
	// [[1,"a"],[2,"b"]]
}

func Example_objectFunctions() {
	show(address, `$keys(Address)`, `$lookup(Address, "City")`, `$spread({"a": 1, "b": 2})`, `$merge([{"a": 1}, {"a": 2, "b": 3}])`, `$sift(Address, function($v){ $v ~> /^W/ })`,
		`$each(Address, function($v, $k){ $k & "=" & $v })`, `[$type(1), $type("a"), $type(null), $type([]), $type({}), $type($sum)]`, `$assert(Age < 18, "too old")`, `$error("stop")`)
	// Output:
	// ["City","Postcode"]
	// "Winchester"
	// [{"a":1},{"b":2}]
	// {"a":2,"b":3}
	// {"City":"Winchester"}
	// ["City=Winchester","Postcode=SO21 2JN"]
	// ["number","string","null","array","object","function"]
	// jsonata: D3141 at offset 0: too old
	// jsonata: D3137 at offset 0: stop
}

func Example_higherOrderFunctions() {
	show(address, `$map(Numbers, function($v, $i){ $v * $i })`, `$filter(Numbers, function($v){ $v % 2 = 0 })`, `$single(Numbers, function($v){ $v = 3 })`, `$reduce(Numbers, function($a, $b){ $a * $b })`)
	// Output:
	// [0,2,6,12,20,30]
	// [2,4,6]
	// 3
	// 720
}

func ExampleCompileStepFunctions() {
	states, _ := jsonvalue.Decode([]byte(`{"input": {"items": [{"id": 1, "open": true}, {"id": 2, "open": false}], "body": "{\"a\": 1}"}}`))
	o := jsonata.Options{Bindings: jsonata.Map{"states": states, "limit": 10.0}}
	for _, src := range []string{
		`$states.input.items[open].id + $limit`, `$parse($states.input.body).a`, `$partition([1..5], 2)`, `$hash("input", "SHA-1")`, `$random(42)`, `$states.input.missing`, `items`, `$limit ?: 1`,
	} {
		expr, err := jsonata.CompileStepFunctions(src)
		if err != nil {
			fmt.Println(jsonata.Diagnostic(err))
			continue
		}
		v, err := expr.EvalField(context.Background(), "Output/x", o)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(jsonvalue.String(v))
	}
	// Output:
	// 11
	// 1
	// [[1,2],[3,4],[5]]
	// "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"
	// 0.7275636800328681
	// The JSONata expression '$states.input.missing' specified for the field 'Output/x' returned nothing (undefined).
	// UNSUPPORTED_JSONATA_EXPRESSION Reference to 'items' at the top level is not supported.
	// INVALID_JSONATA_EXPRESSION The operator "?:" is not in JSONata 2.0.6, which Step Functions speaks
}

func ExampleWalk() {
	expr, err := jsonata.Compile(`$states.input.items[price > $limit].($name & id)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	jsonata.Walk(expr.Root(), func(n jsonata.Node) bool {
		if v, ok := n.(*jsonata.Variable); ok {
			fmt.Printf("$%s at %d\n", v.Name, v.Offset)
		}
		return true
	})
	// Output:
	// $states at 0
	// $limit at 28
	// $name at 37
}

func ExampleNewFunction() {
	lookup, err := jsonata.NewFunction("carrier", "<s:s>", func(_ context.Context, args []any) (any, error) {
		return map[string]any{"AA": "American"}[args[0].(string)], nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	expr, _ := jsonata.Compile(`$carrier(code)`)
	v, err := expr.Eval(context.Background(), map[string]any{"code": "AA"}, jsonata.Options{Bindings: jsonata.Map{"carrier": lookup}})
	fmt.Println(v, err)
	// Output: American <nil>
}
