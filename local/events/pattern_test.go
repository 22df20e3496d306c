package events

import (
	"fmt"
	"strings"
	"testing"

	"airline/asl/jsonvalue"
)

func decode(t testing.TB, s string) any {
	t.Helper()
	v, err := jsonvalue.Decode([]byte(s))
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return v
}

const sample = `{
	"source": "aws.s3", "detail-type": "Object Created", "time": "2024-05-01T12:00:00Z", "resources": ["arn:aws:s3:::raw", "arn:aws:s3:::b"],
	"detail": {
		"bucket": {"name": "raw"}, "object": {"key": "daily-flights/date=2024-05-01/flights.csv", "size": 300, "none": null, "deep": {"ok": true}},
		"long": 12345678901234567890, "dotted.name": "x", "six": "2001:0db8:0:0::0001", "mixed": ["leaf", {"in": "x"}],
		"nested": [[], [{"a": 1, "b": 2}, {"a": 2, "b": 3}]],
		"ip": "10.1.2.3", "empty": [], "price": 3.0e2, "neg": -7, "text": "",
		"items": [{"a": 1, "b": "x"}, {"a": 2, "b": "y", "c": {"d": "z"}}]
	}
}`

func TestMatch(t *testing.T) {
	event := decode(t, sample)
	for pattern, want := range map[string]bool{
		`{"source": ["aws.s3"]}`:                                                                      true,
		`{"source": ["aws.ec2", "aws.s3"]}`:                                                           true,
		`{"source": ["AWS.S3"]}`:                                                                      false,
		`{"source": ["aws.s3"], "detail-type": ["Object Deleted"]}`:                                   false,
		`{"resources": ["arn:aws:s3:::b"]}`:                                                           true,
		`{"resources": [{"suffix": ":raw"}]}`:                                                         true,
		`{"detail": {"object": {"size": [300]}}}`:                                                     true,
		`{"detail": {"object": {"size": ["300"]}}}`:                                                   false,
		`{"detail": {"object": {"size": [300.0]}}}`:                                                   true, // recorded: by value
		`{"detail": {"price": [3.0e2]}}`:                                                              true,
		`{"detail": {"price": [300]}}`:                                                                true,
		`{"detail": {"long": [12345678901234567890]}}`:                                                true,  // as written, since
		`{"detail": {"long": [12345678901234567891]}}`:                                                false, // a double holds neither
		`{"detail": {"long": [12345678901234567890.0]}}`:                                              false,
		`{"detail": {"long": [{"numeric": [">", 0]}]}}`:                                               false,
		`{"detail": {"long": [{"anything-but": [5]}]}}`:                                               true,
		`{"detail": {"price": [{"numeric": ["<", 1e300]}]}}`:                                          true,
		`{"detail": {"object": {"size": [{"anything-but": "x"}]}}}`:                                   true, // of another type
		`{"detail": {"object": {"none": [{"anything-but": {"wildcard": "*"}}]}}}`:                     true,
		`{"detail.object": {"size": [300]}}`:                                                          true, // names are joined by dots
		`{"detail": {"object.deep.ok": [true]}}`:                                                      true,
		`{"detail": {"dotted": {"name": ["x"]}}}`:                                                     true,
		`{"detail": {"ip": ["010.001.2.3"]}}`:                                                         true, // the address
		`{"detail": {"six": ["2001:db8::1"]}}`:                                                        true,
		`{"detail": {"six": [{"cidr": "2001:db8::/32"}]}}`:                                            true,
		`{"detail": {"mixed": ["leaf"]}}`:                                                             true, // beside an object
		`{"detail": {"mixed": {"in": ["x"]}}}`:                                                        true,
		`{"detail": {"nested": {"a": [1], "b": [2]}}}`:                                                true,
		`{"detail": {"nested": {"a": [1], "b": [3]}}}`:                                                false,
		`{"detail": {"nested": [{"exists": true}]}}`:                                                  false, // nested empty arrays
		`{"detail": {"items": {"a": [1], "c": {"d": [{"exists": false}]}}}}`:                          true,  // not in this element
		`{"detail": {"items": {"a": [2], "c": {"d": [{"exists": false}]}}}}`:                          false,
		`{"detail": {"items": {"$or": [{"a": [1]}, {"c": {"d": ["z"]}}], "b": ["y"]}}}`:               true, // one alternative a rule
		`{"source": [{"exactly": "aws.s3"}]}`:                                                         true,
		`{"detail": {"price": [{"numeric": ["=", 300]}]}}`:                                            true,
		`{"detail": {"object": {"none": [null]}}}`:                                                    true,
		`{"detail": {"object": {"deep": {"ok": [true]}}}}`:                                            true,
		`{"detail": {"text": [""]}}`:                                                                  true,
		`{"detail": {"object": {"key": [{"prefix": "daily-flights/"}]}}}`:                             true,
		`{"detail": {"object": {"key": [{"prefix": "flights/"}]}}}`:                                   false,
		`{"source": [{"prefix": {"equals-ignore-case": "AWS."}}]}`:                                    true,
		`{"detail": {"object": {"key": [{"suffix": "/flights.csv"}]}}}`:                               true,
		`{"source": [{"suffix": {"equals-ignore-case": ".S3"}}]}`:                                     true,
		`{"detail": {"object": {"key": [{"wildcard": "daily-flights/*.csv"}]}}}`:                      true,
		`{"detail": {"object": {"key": [{"wildcard": "*/date=*/flights.csv"}]}}}`:                     true,
		`{"detail": {"object": {"key": [{"wildcard": "daily-flights/*.gz"}]}}}`:                       false,
		`{"source": [{"wildcard": "aws.s\\*"}]}`:                                                      false,
		`{"source": [{"equals-ignore-case": "AWS.S3"}]}`:                                              true,
		`{"source": [{"anything-but": "aws.s3"}]}`:                                                    false,
		`{"source": [{"anything-but": ["aws.ec2", "aws.rds"]}]}`:                                      true,
		`{"source": [{"anything-but": {"prefix": "aws"}}]}`:                                           false,
		`{"source": [{"anything-but": {"prefix": ["x", "y"]}}]}`:                                      true,
		`{"source": [{"anything-but": {"suffix": ".s3"}}]}`:                                           false,
		`{"source": [{"anything-but": {"equals-ignore-case": ["AWS.S3"]}}]}`:                          false,
		`{"source": [{"anything-but": {"wildcard": "aws.*"}}]}`:                                       false,
		`{"missing": [{"anything-but": "x"}]}`:                                                        false,
		`{"resources": [{"anything-but": "arn:aws:s3:::b"}]}`:                                         true, // the other element
		`{"detail": {"neg": [{"numeric": ["<", 0]}]}}`:                                                true,
		`{"detail": {"object": {"size": [{"numeric": [">", 0, "<=", 300]}]}}}`:                        true,
		`{"detail": {"object": {"size": [{"numeric": [">=", 0, "<", 300]}]}}}`:                        false,
		`{"detail": {"object": {"key": [{"numeric": [">", 0]}]}}}`:                                    false,
		`{"detail": {"ip": [{"cidr": "10.0.0.0/8"}]}}`:                                                true,
		`{"detail": {"ip": [{"cidr": "192.168.0.0/16"}]}}`:                                            false,
		`{"detail": {"errorCode": [{"exists": false}]}}`:                                              true,
		`{"detail": {"ip": [{"exists": false}]}}`:                                                     false,
		`{"detail": {"ip": [{"exists": true}]}}`:                                                      true,
		`{"detail": {"object": {"none": [{"exists": true}]}}}`:                                        true,
		`{"detail": {"object": [{"exists": true}]}}`:                                                  false, // leaves only
		`{"detail": {"nothing": {"below": [{"exists": false}]}}}`:                                     true,
		`{"detail": {"ip": {"below": [{"exists": false}]}}}`:                                          true,
		`{"detail": {"errorCode": ["X", {"exists": false}]}}`:                                         true,
		`{"detail": {"ip": ["1.2.3.4", {"exists": false}]}}`:                                          false,
		`{"detail": {"items": {"a": [1], "b": ["x"]}}}`:                                               true,
		`{"detail": {"items": {"a": [1], "b": ["y"]}}}`:                                               false, // not of one element
		`{"detail": {"items": {"c": {"d": ["z"]}}}}`:                                                  true,
		`{"detail": {"items": {"c": {"d": [{"exists": false}]}}}}`:                                    false,
		`{"detail": {"items": {"e": [{"exists": false}]}}}`:                                           true,
		`{"detail": {"empty": [{"exists": false}]}}`:                                                  true,
		`{"$or": [{"source": ["x"]}, {"detail": {"ip": [{"prefix": "10."}]}}]}`:                       true,
		`{"$or": [{"source": ["x"]}, {"source": ["y"]}]}`:                                             false,
		`{"source": ["aws.s3"], "detail": {"$or": [{"ip": ["x"]}, {"neg": [-7]}]}}`:                   true,
		`{"detail": {"$or": [{"ip": ["x"]}, {"$or": [{"size": [1]}, {"text": [""]}]}], "neg": [-7]}}`: true,
		`{"detail": {"$or": ["x", "y"]}}`:                                                             false, // a field of that name
	} {
		t.Run(pattern, func(t *testing.T) {
			p, err := ParsePattern(pattern)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Match(event); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestParsePatternRefuses(t *testing.T) {
	for pattern, want := range map[string]string{
		`[]`:                                   "is not an object",
		`{}`:                                   "empty objects",
		`{"a": {}}`:                            "a: empty objects",
		`{"a": []}`:                            "a: empty arrays",
		`{"a": "x"}`:                           "must be an object or an array",
		`{"a": [["x"]]}`:                       "not arrays",
		`{"a": {"b": [{"starts-with": "x"}]}}`: `a.b[0]: unknown operator "starts-with"`,
		`{"a": [{"prefix": 1}]}`:               "a[0]: prefix must be a string",
		`{"a": [{"prefix": "x", "suffix": "y"}]}`:                            "one key, this has 2",
		`{"a": [{"numeric": ["<"]}]}`:                                        "must be an array of one or two comparisons",
		`{"a": [{"numeric": ["<>", 1]}]}`:                                    "unknown comparison",
		`{"a": [{"numeric": ["<", 1, ">", 0]}]}`:                             "lower bound",
		`{"a": [{"numeric": [">", 5, "<", 1]}]}`:                             "lower bound",
		`{"a": [{"numeric": ["<", 9e999]}]}`:                                 "exact as a 64-bit floating point number",
		`{"a": [{"anything-but": 12345678901234567891}]}`:                    "exact as a 64-bit floating point number",
		`{"a": [{"anything-but": ["x", 1]}]}`:                                "not both in one list",
		`{"a": [{"anything-but": {"prefix": ""}}]}`:                          "an empty prefix",
		`{"a": [{"anything-but": {"suffix": ["x", ""]}}]}`:                   "an empty suffix",
		`{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}]}`: "must be a string or a list of strings",
		`{"a": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}`:                     "too complex",
		`{"a": [{"cidr": "10.0.0.1/32"}]}`:                                   "0 to 31 bits",
		`{"a": ["x"], "a": ["y"]}`:                                           "a: is written twice",
		`{"a": {"b": ["x"]}, "a.b": ["y"]}`:                                  "the path a.b stands twice",
		`{"a": ["x"], "$or": [{"a": ["y"]}, {"b": ["z"]}]}`:                  "$or[0].a: the path a stands twice",
		`{"$or": [{"a": {"prefix": ["y"]}}, {"b": ["z"]}]}`:                  "reserved name",
		`{"a": {}, "b": "x", "c": [{"no": 1}]}`:                              "a: empty objects are not allowed; b: must be an object or an array, is \"x\"; c[0]: unknown operator",
		or(11, 11, 11):                                                       "more than 1000 combinations",
		`{"a": ["` + strings.Repeat("x", 4100) + `"]}`:                       "EventBridge takes 4096",
		`{"a": [{"exists": "yes"}]}`:                                         "must be true or false",
		`{"a": [{"cidr": "10.0.0.0"}]}`:                                      "is not a CIDR block",
		`{"a": [{"wildcard": "a**b"}]}`:                                      "consecutive wildcards",
		`{"a": [{"wildcard": "a\\b"}]}`:                                      "backslash",
		`{"a": [{"anything-but": []}]}`:                                      "empty arrays",
		`{"a": [{"anything-but": {"numeric": ["<", 1]}}]}`:                   `anything-but: unknown operator "numeric"`,
		`{"a": [{"anything-but": [null]}]}`:                                  "takes strings or numbers",
		`{"$or": [{"a": ["x"]}, {"b": "y"}]}`:                                "$or[1].b: must be an object or an array",
	} {
		t.Run(pattern, func(t *testing.T) {
			_, err := ParsePattern(pattern)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// or is a pattern with as many alternatives in each group.
func or(alternatives ...int) string {
	var groups []string
	for i, n := range alternatives {
		var list []string
		for j := range n {
			list = append(list, fmt.Sprintf(`{"f%d-%d": ["x"]}`, i, j))
		}
		groups = append(groups, fmt.Sprintf(`"g%d": {"$or": [%s]}`, i, strings.Join(list, ", ")))
	}
	return "{" + strings.Join(groups, ", ") + "}"
}

func TestTransformer(t *testing.T) {
	event := decode(t, sample).(*jsonvalue.Object)
	paths := map[string]string{
		"key": "$.detail.object.key", "size": "$.detail.object.size", "type": "$.detail-type", "gone": "$.detail.nothing.here",
		"first": "$.resources[0]", "all": "$.detail.items[*].b", "item": "$.detail.items[1]", "null": "$.detail.object.none", "quote": "$.q", "lines": "$.l",
	}
	event.Set("q", `say "hi" \ or not`)
	event.Set("l", "a\nb")
	event.Delete("detail-type")
	event.Set("detail-type", "Object Created")
	for template, want := range map[string]string{
		`{"k": <key>, "n": <size>}`:               `{"k":"daily-flights/date=2024-05-01/flights.csv","n":300}`,
		`{"k": "<size> bytes of <type>"}`:         `{"k":"300 bytes of Object Created"}`,
		`{"q": <quote>}`:                          `{"q":"say \"hi\" \\ or not"}`,
		`{"q": "<quote>"}`:                        `not delivered`, // not escaped, so no JSON
		`{"l": <lines>}`:                          `{"l":"a\nb"}`,
		`{"g": <gone>, "h": "<gone>!"}`:           `{"g":"","h":"!"}`,
		`{"f": <first>, "a": <all>, "i": <item>}`: `{"f":"arn:aws:s3:::raw","a":["x","y"],"i":{"a":2,"b":"y","c":{"d":"z"}}}`,
		`{"n": <null>, "s": "<item>"}`:            `not delivered`,
		`"<item> and <all>"`:                      `"{a:2,b:y,c:{d:z}} and [x,y]"`, // a text: no quotes inside
		`{"s": "<size> <null>"}`:                  `{"s":"300 null"}`,
		`{"e": <aws.events.event>}`:               `{"e":{"detailType":"Object Created","time":"2024-05-01T12:00:01Z","source":"aws.s3","resources":["arn:aws:s3:::raw","arn:aws:s3:::b"]}}`,
		`"<type> of \"<first>\""`:                 `"Object Created of \"arn:aws:s3:::raw\""`,
		`[<size>, <aws.events.rule-name>]`:        `[300,"r"]`,
		`{"t": <aws.events.event.ingestion-time>, "arn": "<aws.events.rule-arn>"}`: `{"t":"2024-05-01T12:00:01Z","arn":"arn:r"}`,
		`<size> is less than <nothing at all>`:                                     `300 is less than <nothing at all>`,
	} {
		t.Run(template, func(t *testing.T) {
			tr, err := ParseTransformer(paths, template)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tr.Apply(event, Predefined{RuleARN: "arn:r", RuleName: "r", Ingestion: "2024-05-01T12:00:01Z"})
			if err != nil {
				got = "not delivered"
			}
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	whole, err := ParseTransformer(nil, `{"e": <aws.events.event.json>}`)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := whole.Apply(event, Predefined{}); err != nil || got != `{"e":`+jsonvalue.String(event)+`}` {
		t.Errorf("got %s, %v", got, err)
	}
	for _, bad := range []struct{ path, template, want string }{
		{"$.a", `{"x": <b>}`, "<b> has no path"},
		{"a.b", `{"x": <a>}`, "must begin with $"},
		{"$.a[x]", `{"x": <a>}`, "is not an index"},
		{"$..a", `{"x": <a>}`, "has an empty name"},
		{"$.a", `{<a>: 1}`, "cannot be an object's key"},
		{"$.a", `{"x<a>": 1}`, "cannot be an object's key"},
		{"$.a", `{"x": <a>`, "begins as JSON but is none"},
		{"$.a", `{"x": "y" <a>}`, "begins as JSON but is none"},
		{"$.a", `"e <aws.events.event.json>"`, "only be the value of a JSON field"},
	} {
		if _, err := ParseTransformer(map[string]string{"a": bad.path}, bad.template); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%v: got %v", bad, err)
		}
	}
}

func FuzzPattern(f *testing.F) {
	f.Add(`{"detail": {"items": {"a": [1, {"exists": false}], "$or": [{"b": [{"wildcard": "*x*"}]}, {"c": [{"anything-but": {"prefix": "x"}}]}]}}}`, sample)
	f.Fuzz(func(t *testing.T, pattern, event string) {
		p, err := ParsePattern(pattern)
		if err != nil {
			return
		}
		v, err := jsonvalue.Decode([]byte(event))
		if err != nil {
			return
		}
		if first, again := p.Match(v), p.Match(v); first != again {
			t.Error("two answers for one question")
		}
	})
}

func FuzzTransformer(f *testing.F) {
	f.Add("$.detail.object.key", `{"k": <v>, "s": "a <v> \" b"}`, sample)
	f.Fuzz(func(t *testing.T, path, template, event string) {
		tr, err := ParseTransformer(map[string]string{"v": path}, template)
		if err != nil {
			return
		}
		if o, ok := func() (*jsonvalue.Object, bool) {
			v, err := jsonvalue.Decode([]byte(event))
			o, ok := v.(*jsonvalue.Object)
			return o, ok && err == nil
		}(); ok {
			if _, err := tr.Apply(o, Predefined{}); err != nil && !strings.Contains(err.Error(), "no JSON") {
				t.Error(err)
			}
		}
	})
}
