package jsonpath_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

func decode(tb testing.TB, text string) any {
	tb.Helper()
	value, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

const store = `{"store": {"book": [
	{"category": "reference", "author": "Rees", "title": "Sayings", "price": 8.95},
	{"category": "fiction", "author": "Waugh", "title": "Sword", "price": 12.99},
	{"category": "fiction", "author": "Melville", "title": "Moby Dick", "isbn": "0-553", "price": 8.99},
	{"category": "fiction", "author": "Tolkien", "title": "Rings", "isbn": "0-395", "price": 22.99}],
	"bicycle": {"color": "red", "price": 19.95}}, "expensive": 10, "odd key": {"a.b": 1, "q'": 2}, "n": null, "lists": [{"t": []}, {"t": ["z"]}], "prices": [1, 3, "x"], "mixed": [{"m": [{}]}]}`

func TestEval(t *testing.T) {
	tests := []struct{ path, want string }{
		{`$.expensive`, `10`},
		{`$['expensive']`, `10`},
		{`$["odd key"]['a.b']`, `1`},
		{`$['odd key']['q\'']`, `2`},
		{`$.store.book.[0].['title']`, `"Sayings"`},
		{`$.store.book.[*].['author']`, `["Rees","Waugh","Melville","Tolkien"]`},
		{`$.store.book[0].title`, `"Sayings"`},
		{`$.store.book[-1].title`, `"Rings"`},
		{`$.store.book[*].author`, `["Rees","Waugh","Melville","Tolkien"]`},
		{`$..author`, `["Rees","Waugh","Melville","Tolkien"]`},
		{`$.store.*`, `[` + `[{"category":"reference","author":"Rees","title":"Sayings","price":8.95},{"category":"fiction","author":"Waugh","title":"Sword","price":12.99},{"category":"fiction","author":"Melville","title":"Moby Dick","isbn":"0-553","price":8.99},{"category":"fiction","author":"Tolkien","title":"Rings","isbn":"0-395","price":22.99}],{"color":"red","price":19.95}]`},
		{`$.store..price`, `[8.95,12.99,8.99,22.99,19.95]`},
		{`$..book[2].title`, `["Moby Dick"]`},
		{`$..book[-2:].title`, `["Moby Dick","Rings"]`},
		{`$.store.book[0,2].title`, `["Sayings","Moby Dick"]`},
		{`$.store.book[:2].title`, `["Sayings","Sword"]`},
		{`$.store.book[1:2].title`, `["Sword"]`},
		{`$.store.book[3:].title`, `["Rings"]`},
		{`$.store.bicycle['color','price','none']`, `{"color":"red","price":19.95}`},
		{`$.store.book[0,1]['author','price']`, `[{"author":"Rees","price":8.95},{"author":"Waugh","price":12.99}]`},
		{`$.store['bicycle','none'].color`, `["red"]`},
		{`$.expensive `, `10`}, // blanks behind a path do not count
		{`$.store.book[(@.length-1)].title`, `"Rings"`},
		{`$.store.book[?(@.author==Rees)].title`, `["Sayings"]`}, // no quotes
		{`$.store.book[?(@.author == null-and-more)]`, `[]`},
		{`$.store.book[*].isbn.length()`, `[null,null]`}, // of each; a text has none
		{`$..price.sum()`, `73.87`},
		{`$..book.length()`, `4`},
		{`$..[?(@.color)].price`, `[19.95]`}, // an object that is a member
		{`$.lists[*].t[0]`, `[null,"z"]`},    // an index that one of them lacks
		{`$.lists[-2:1].t`, `[[],["z"],[]]`}, // a start from the end before an end counts item by item
		{`$.lists[?(@.t size 1)].t[0]`, `["z"]`},
		{`$.lists[?(@.t empty true)].t`, `[[]]`},
		{`$.lists[?(@.t anyof ['z','y'])].t`, `[["z"]]`},
		{`$.lists[?(@.t contains 'z')].t`, `[["z"]]`},
		{`$.lists[?(@.t =~ /[xyz]/)].t`, `[["z"]]`},
		{`$.lists[?(@.n nin [1])].t`, `[[],["z"]]`}, // what is missing is in no list
		{`$.lists[?(@.n in @.none)].t`, `[]`},       // the right side is no list
		{`$.lists[?(@.t[0] === 'z')].t`, `[["z"]]`},
		{`$.lists[?(@.t != 1 && !@.n)].t`, `[[],["z"]]`},
		{`$..book[?(@.isbn)].title`, `["Moby Dick","Rings"]`},
		{`$.store.book[?(@.price < 10)].title`, `["Sayings","Moby Dick"]`},
		{`$..book[?(@.price <= $['expensive'])].title`, `["Sayings","Moby Dick"]`},
		{`$..book[?(@.author =~ /.*REES/i)].title`, `["Sayings"]`},
		{`$.store.book[?(@.category == 'fiction' && !(@.price > 20))].title`, `["Sword","Moby Dick"]`},
		{`$.store.book[?(@.author in ['Rees','Tolkien'] || @.price == 12.99)].title`, `["Sayings","Sword","Rings"]`},
		{`$.store.book[?(@.author nin ['Rees'])].price`, `[12.99,8.99,22.99]`},
		{`$.store.book[?(@.title contains 'o')].title`, `["Sword","Moby Dick"]`},
		{`$.store.book[?(@.title size 5)].title`, `["Sword","Rings"]`},
		{`$.store.book[?(@.price == '8.95')].title`, `["Sayings"]`},
		{`$.store.book[?(@.nothing)]`, `[]`},
		{`$.none[*]`, `[]`},
		{`$.none[*].name`, `[]`},
		{`$.none.items[1:]`, `[]`},
		{`$.none[?(@.a)]`, `[]`},
		{`$[1:]`, ``},
		{`$.expensive[1:].a`, ``},
		{`$.n[*]`, `[]`},
		{`$.store.book[*].none`, `[]`},
		{`$.store.book.length()`, `4`},
		{`$.store.book[*].price.max()`, ``}, // a number has no maximum: the function is applied to each
		{`$.prices.max()`, `3`},
		{`$.expensive[?(@.a)]`, ``}, // a filter on a primitive
		{`$.store.book[?(@ contains 'a' || @.mixed contains 1)]`, `[]`},
		{`$.mixed[?(@.m contains 'a')]`, ``}, // a list with objects in it
		{`$.store.keys()`, `["book","bicycle"]`},
		{`$.store.book.last()`, `{"category":"fiction","author":"Tolkien","title":"Rings","isbn":"0-395","price":22.99}`},
		{`$`, store},
		{`$.n`, `null`},
	}
	root := decode(t, store)
	for _, test := range tests {
		p, err := jsonpath.Parse(test.path)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		got, err := p.Eval(root)
		if test.want == "" {
			if err == nil {
				t.Errorf("%s: got %s, want an error", test.path, jsonvalue.String(got))
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
		} else if !jsonvalue.Equal(got, decode(t, test.want)) {
			t.Errorf("%s: got %s, want %s", test.path, jsonvalue.String(got), test.want)
		}
	}
}

// The words are those that AWS recorded.
func TestNotFound(t *testing.T) {
	tests := []struct{ path, want string }{
		{`$.no.such.path`, `Invalid path '$.no.such.path' : Missing property in path $['no']`},
		{`$.none`, `Invalid path '$.none' : No results for path: $['none']`},
		{`$.store.book[9]`, `Invalid path '$.store.book[9]' : No results for path: $['store']['book'][9]`},
		{`$.n[0]`, `Invalid path '$.n[0]' : The path $['n'] is null`},
	}
	root := decode(t, store)
	for _, test := range tests {
		p, err := jsonpath.Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Eval(root)
		var missing *jsonpath.NotFoundError
		if !errors.As(err, &missing) || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.path, err, test.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		path   string
		offset int
	}{
		{``, 0}, {`x`, 0}, {`$.`, 2}, {`$..`, 3}, {`$.a.`, 4}, {`$[`, 2}, {`$['a`, 2}, {`$['a'`, 5}, {`$[?(@.a]`, 7}, {`$[1:2:3]`, 5},
		{`$.a b`, 3}, {`$[?@.a]`, 3}, {`$.a.count()`, 4}, {`$.length().a`, 2}, {`$..index(0)`, 3}, {`$[]`, 2}, {`$.a[?(@.b&&@.c)]`, 9}, {`$.a[?(!@.b == 1)]`, 11}, {`$.a[?(true)]`, 10}, {`$[(@.length-0)]`, 13}, {`$.a[?(@.b in['x'])]`, 10}, {`$....a`, 3}, {`$[99999999999999999999]`, 2},
	}
	for _, test := range tests {
		_, err := jsonpath.Parse(test.path)
		var syntax *jsonpath.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: got %v, want a syntax error", test.path, err)
		} else if syntax.Offset != test.offset {
			t.Errorf("%q: error at %d, want %d: %v", test.path, syntax.Offset, test.offset, err)
		}
	}
}

func TestScopes(t *testing.T) {
	for _, test := range []struct {
		path     string
		scope    jsonpath.Scope
		variable string
		plain    bool
	}{
		{"$.a", jsonpath.Input, "", true}, {"$$.Execution.Id", jsonpath.Context, "", true},
		{"$job.id", jsonpath.Variable, "job", true}, {"$größe[0]", jsonpath.Variable, "größe", true}, {"$a[*]", jsonpath.Variable, "a", false},
	} {
		p, err := jsonpath.Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		if p.Scope() != test.scope || p.Variable() != test.variable || p.IsReference() != test.plain || p.String() != test.path {
			t.Errorf("%s: scope %d, variable %q, reference %t", p, p.Scope(), p.Variable(), p.IsReference())
		}
	}
}

func TestSet(t *testing.T) {
	tests := []struct{ root, path, want string }{
		{`{"a":1}`, `$.b`, `{"a":1,"b":"new"}`},
		{`{"a":1}`, `$.b.c.d`, `{"a":1,"b":{"c":{"d":"new"}}}`},
		{`{"a":[1,2]}`, `$.a[1]`, `{"a":[1,"new"]}`},
		{`{"a":[1,2]}`, `$.a[2]`, ``},
		{`[1]`, `$.b`, ``},
		{`{"a":1}`, `$`, `"new"`},
	}
	for _, test := range tests {
		root := decode(t, test.root)
		p, err := jsonpath.ParseReference(test.path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Set(root, "new")
		if test.want == "" {
			if err == nil {
				t.Errorf("%s in %s: got %s, want an error", test.path, test.root, jsonvalue.String(got))
			}
			continue
		}
		if err != nil || jsonvalue.String(got) != test.want {
			t.Errorf("%s in %s: got %s, %v, want %s", test.path, test.root, jsonvalue.String(got), err, test.want)
		}
		if jsonvalue.String(root) != test.root {
			t.Errorf("%s changed its root to %s", test.path, jsonvalue.String(root))
		}
	}
	if _, err := jsonpath.ParseReference("$.a[*]"); err == nil {
		t.Error("a wildcard is not refused in a reference path")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`$.a.b[0]`, `$..a[?(@.b == 'c' && $.d < 2.5)]['e','f'][1:-2]`, `$$.Map.Item.Value`, `$x.length()`, `$[?(@ =~ /a+/i)]`, `$.a.index(2)`, `$[?(@ in [1,{'a':null}])]`, `$.a[(@.length-1)][?(@.x==Word && !@.y)]`} {
		f.Add(seed)
	}
	root := decode(f, store)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := jsonpath.Parse(text)
		if err != nil {
			return
		}
		if p.String() != strings.TrimRight(text, " \t\r\n") {
			t.Errorf("%q is printed as %q", text, p)
		}
		value, err := p.Eval(root)
		if err == nil && !p.Definite() {
			if _, ok := value.([]any); !ok {
				t.Errorf("%q is indefinite and gives %v", text, value)
			}
		}
		if p.IsReference() {
			p.Set(root, 1.0)
		}
	})
}

func Example() {
	p, err := jsonpath.Parse("$.store.book[?(@.price < 10)].title")
	if err != nil {
		fmt.Println(err)
		return
	}
	root, _ := jsonvalue.Decode([]byte(store))
	titles, err := p.Eval(root)
	fmt.Println(jsonvalue.String(titles), err)
	// Output: ["Sayings","Moby Dick"] <nil>
}

func ExampleParse_error() {
	_, err := jsonpath.Parse("$.orders[1:2:3]")
	fmt.Println(err)
	// Output: path "$.orders[1:2:3]", offset 12: a slice has no step in Step Functions; write [from:to]
}

func ExamplePath_Set() {
	p, _ := jsonpath.ParseReference("$.job.state")
	input, _ := jsonvalue.Decode([]byte(`{"file": "flights.csv"}`))
	output, _ := p.Set(input, "SUCCEEDED")
	fmt.Println(jsonvalue.String(output))
	// Output: {"file":"flights.csv","job":{"state":"SUCCEEDED"}}
}
