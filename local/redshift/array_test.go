package redshift

import (
	"testing"
	"time"
)

// TestArrayFunctions has the examples of the guide's pages on functions of arrays, and what they say of nulls and orders.
func TestArrayFunctions(t *testing.T) {
	e := fixture(t)
	for query, want := range map[string]string{
		"SELECT ARRAY_CONTAINS(ARRAY('red', 'green'), 'red')":                                                      "t",
		"SELECT ARRAY_CONTAINS(ARRAY('red', NULL, 'green'), NULL)":                                                 "t",
		"SELECT ARRAY_CONTAINS(ARRAY('red', NULL, 'green'), 'blue', TRUE)":                                         "f",
		"SELECT ARRAY_CONTAINS(ARRAY('red', NULL, 'green'), NULL, FALSE)":                                          "NULL",
		"SELECT ARRAY_CONTAINS(ARRAY('red', NULL, 'green'), 'blue', FALSE)":                                        "NULL",
		"SELECT ARRAY_CONTAINS(ARRAY('red', NULL, 'green'), 'red', FALSE), ARRAY_CONTAINS(ARRAY(1), 2, FALSE)":     "t|f",
		"SELECT ARRAY_DISTINCT(ARRAY(1, 1, 'a', 'a', NULL, NULL))":                                                 `[1,"a",null]`,
		"SELECT ARRAY_DISTINCT(ARRAY_CONCAT(ARRAY(1,2,3,3),ARRAY(2,3,4,4)))":                                       "[1,2,3,4]",
		"SELECT ARRAY_DISTINCT(JSON_PARSE('[1, 1.0, \"1\", {\"a\":1,\"b\":2}, {\"b\":2,\"a\":1}, [1], true]'))":    `[1,"1",{"a":1,"b":2},[1],true]`,
		"SELECT ARRAY_EXCEPT(ARRAY('a','b','c'), ARRAY('b','c','d'))":                                              `["a"]`,
		"SELECT ARRAY_EXCEPT(ARRAY('b','b','b','b'), ARRAY('b','b'))":                                              `["b","b"]`,
		"SELECT ARRAY_EXCEPT(ARRAY('a','b','b'), ARRAY('b'), TRUE)":                                                `["a"]`,
		"SELECT ARRAY_EXCEPT(ARRAY('a',NULL), ARRAY(NULL))":                                                        `["a"]`,
		"SELECT ARRAY_INTERSECTION(ARRAY('a','b','c'), ARRAY('b','c','d'))":                                        `["b","c"]`,
		"SELECT ARRAY_INTERSECTION(ARRAY('a','b','b'), ARRAY('b','b','b'))":                                        `["b","b"]`,
		"SELECT ARRAY_INTERSECTION(ARRAY('a','b','b'), ARRAY('b','b','b'), TRUE)":                                  `["b"]`,
		"SELECT ARRAY_INTERSECTION(ARRAY('a',NULL), ARRAY('b',NULL))":                                              `[null]`,
		"SELECT ARRAY_POSITION(ARRAY('red', 'green'), 'red')":                                                      "0",
		"SELECT ARRAY_POSITION(ARRAY(1, 2, 3), 4)":                                                                 "-1",
		"SELECT ARRAY_POSITION(ARRAY('red', 'green', 'red'), 'red')":                                               "0",
		"SELECT ARRAY_POSITION(ARRAY('red', NULL, 'green'), NULL)":                                                 "1",
		"SELECT ARRAY_POSITION(ARRAY('red', NULL, 'green'), 'blue', FALSE), ARRAY_POSITION(ARRAY('x'), NULL, 'f')": "NULL|NULL",
		"SELECT ARRAY_POSITIONS(ARRAY('red', 'green', 'red'), 'red')":                                              "[0,2]",
		"SELECT ARRAY_POSITIONS(ARRAY(1, 2, 3), 4)":                                                                "[]",
		"SELECT ARRAY_POSITIONS(ARRAY('red', NULL, 'green', NULL), NULL)":                                          "[1,3]",
		"SELECT ARRAY_POSITIONS(ARRAY('red', NULL, 'green'), 'blue', TRUE)":                                        "[]",
		"SELECT ARRAY_POSITIONS(ARRAY('red', NULL, 'green'), 'blue', FALSE)":                                       "NULL",
		"SELECT ARRAY_SORT(ARRAY('b', 'a', 0, NULL, 1, false))":                                                    `[false,0,1,"a","b",null]`,
		"SELECT ARRAY_SORT(ARRAY('b', 'a', 0, NULL, 1, false), False)":                                             `[null,"b","a",1,0,false]`,
		"SELECT ARRAY_SORT(ARRAY('b', 'a', 0, NULL, 1, false), False, False)":                                      `["b","a",1,0,false,null]`,
		"SELECT ARRAY_SORT(JSON_PARSE('[{\"a\":1}, [2], [1,5], [1], 10, 9.5, null, true]'), true, true)":           `[null,true,9.5,10,[1],[1,5],[2],{"a":1}]`,
		"SELECT ARRAY_UNION(ARRAY('a','b','b'), ARRAY('b','c','c'))":                                               `["a","b","c"]`,
		"SELECT ARRAY_UNION(ARRAY('b','a','b'), ARRAY(NULL,'b',NULL))":                                             `["b","a",null]`,
		"SELECT ARRAYS_OVERLAP(ARRAY('blue', 'green'), ARRAY('red', 'green'))":                                     "t",
		"SELECT ARRAYS_OVERLAP(ARRAY('red', NULL, 'blue'), ARRAY('green', NULL))":                                  "t",
		"SELECT ARRAYS_OVERLAP(ARRAY('red', NULL, 'blue'), ARRAY('green'))":                                        "f",
		"SELECT ARRAYS_OVERLAP(JSON_PARSE('[null]'), ARRAY(NULL))":                                                 "t",
		// what is no array, and no value
		"SELECT ARRAY_SORT(JSON_PARSE('1')), ARRAY_CONTAINS(NULL, 1), ARRAY_UNION(ARRAY(1), NULL), ARRAY_DISTINCT(JSON_PARSE('{}'))": "NULL|NULL|NULL|NULL",
		"SELECT ARRAY_CONTAINS(doc.list, 'z'), ARRAY_POSITION(doc.list, doc.name) FROM j":                                            "t|-1",
	} {
		_, rows, err := e.Query(t.Context(), query)
		if err != nil || show(rows) != want {
			t.Errorf("%s: got %s, %v; want %s", query, show(rows), err, want)
		}
	}
}

// TestArraySearchByDefault: a setting says how null is searched where the call does not.
func TestArraySearchByDefault(t *testing.T) {
	st, err := Parse("SELECT ARRAY_CONTAINS(ARRAY('red', NULL), NULL)")
	if err != nil {
		t.Fatal(err)
	}
	e := fixture(t)
	for value, want := range map[string]string{"on": "true", "off": "<nil>"} {
		tr, err := Translate(st, &Session{Now: time.Now(), Settings: map[string]string{"default_array_search_null_handling": value}, Catalog: &DuckCatalog{Context: t.Context(), DB: e.db}})
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := e.db.QueryRowContext(t.Context(), tr.SQL).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if s := map[any]string{true: "true", false: "false", nil: "<nil>"}[got]; s != want {
			t.Errorf("%s: got %v, want %s", value, got, want)
		}
	}
}
