package peers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"sort"
	"strings"
	"testing"

	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// pathDocuments are what the random paths look into.
var pathDocuments = []string{
	`{"a": 1, "b": {"a": "x", "c": [1, 2, 3], "flag": true}, "rows": [{"id": 1, "name": "x", "tags": ["p"]}, {"id": 2, "name": "y", "tags": []}, {"id": "3", "n": null}], "c": [[1, 2], [3], []], "s": "text", "z": null, "odd key": {"a.b": false}}`,
	`[{"a": 1, "b": 2}, {"a": 2, "c": {"a": 3}}, [{"a": 4}], "s", 5, null]`,
	`{"words": ["p", "q", "rr"], "nums": [3, 1.5, -2, "4"], "deep": {"k": {"flag": true, "a": 1}, "l": [{"flag": false}, {"flag": true}]}, "a": {"b": {"c": {"d": 1}}}, "e": {}}`,
}

// TestJSONPath compares random paths with Jayway's json-path 2.9.0 and the provider that Step Functions' messages name.
func TestJSONPath(t *testing.T) {
	need(t, "java", "mvn")
	g := pathSource{rand.New(rand.NewPCG(*seed, 1))}
	type pair struct {
		Path string `json:"path"`
		Doc  string `json:"doc"`
	}
	pairs := make([]pair, *count)
	var input bytes.Buffer
	for i := range pairs {
		pairs[i] = pair{"$" + g.steps(1+g.r.IntN(4)), pathDocuments[g.r.IntN(len(pathDocuments))]}
		line, err := json.Marshal(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		input.Write(append(line, '\n'))
	}
	answers := java(t, "jsonpath.pom.xml", "JSONPath.java", input.Bytes())
	if len(answers) != len(pairs) {
		t.Fatalf("%d answers to %d paths", len(answers), len(pairs))
	}
	kinds := map[string]int{}
	examples := map[string][]string{}
	agree, values := 0, 0
	for i, pair := range pairs {
		v, err := jsonvalue.Decode([]byte(answers[i]))
		if err != nil {
			t.Fatal(err)
		}
		answer := v.(*jsonvalue.Object)
		want, found := answer.Get("value")
		_, refused := answer.Get("refused")
		if found {
			values++
		}
		p, err := jsonpath.Parse(pair.Path)
		var got any
		kind := ""
		if err != nil {
			if !refused {
				kind = "refused here"
			}
		} else {
			doc, decodeErr := jsonvalue.Decode([]byte(pair.Doc))
			if decodeErr != nil {
				t.Fatal(decodeErr)
			}
			got, err = p.Eval(doc)
			switch {
			case refused:
				kind = "refused there"
			case err != nil && found:
				kind = "not found here"
			case err == nil && !found:
				kind = "not found there"
			case err == nil && !sameValues(got, want):
				kind = "other value"
			}
		}
		if kind == "" {
			agree++
			continue
		}
		if why := explained(pair.Path, answers[i], kind); why != "" {
			kinds["explained: "+why]++
			continue
		}
		kinds[kind]++
		if len(examples[kind]) < 12 {
			examples[kind] = append(examples[kind], fmt.Sprintf("%s in %.60s\n\t\tthere %.200s\n\t\there  %.200s, %v", pair.Path, pair.Doc, answers[i], jsonvalue.String(got), err))
		}
	}
	t.Logf("%d of %d paths agree, %d of them with a value", agree, len(pairs), values)
	names := make([]string, 0, len(kinds))
	for kind := range kinds {
		names = append(names, kind)
	}
	sort.Strings(names)
	for _, kind := range names {
		t.Logf("%s: %d", kind, kinds[kind])
		if !strings.HasPrefix(kind, "explained") {
			t.Errorf("%s:\n\t%s", kind, strings.Join(examples[kind], "\n\t"))
		}
	}
}

// sameValues compares, numbers by value.
func sameValues(a, b any) bool { return jsonvalue.Equal(a, b) }

// explained names the reason for a difference that docs/fidelity.md explains; empty for any other.
func explained(path, answer, kind string) string {
	switch {
	case kind == "refused here" && operatorBehindPath.MatchString(path):
		return "&& or || right behind a path"
	case kind == "refused here" && notBeforeComparison.MatchString(path):
		return "! before a path that is compared"
	case kind == "refused there" && bareWord.MatchString(path):
		return "a text without quotes in a filter"
	case kind == "not found there" && strings.Contains(answer, "Missing property in path"):
		return "a missing name before a wildcard, slice or filter (recorded: an empty list)"
	case kind == "not found there" && strings.Contains(answer, "ClassCastException"):
		return "empty, of an object"
	case kind == "not found here" && strings.Contains(answer, `"value":null`) && strings.HasSuffix(path, "]"):
		return "an index that an array lacks, at the end of a definite path"
	case scanAndStep.MatchString(path):
		return "a step after ..[n], ..[*], ..* or ..[?]"
	}
	return ""
}

var (
	operatorBehindPath  = regexp.MustCompile(`[\w\])@](&&|\|\|)`)
	notBeforeComparison = regexp.MustCompile(`![@$]`)
	bareWord            = regexp.MustCompile(`[=<>] ?x\b`)
	scanAndStep         = regexp.MustCompile(`\.\.(\*|\[.*\])[.\[]`)
)

// pathSource makes random paths of the names in the documents.
type pathSource struct{ r *rand.Rand }

func (g pathSource) pick(list ...string) string { return list[g.r.IntN(len(list))] }

func (g pathSource) name() string {
	return g.pick("a", "b", "c", "d", "id", "name", "rows", "tags", "words", "nums", "deep", "flag", "k", "l", "s", "z", "none")
}

func (g pathSource) steps(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(g.step())
	}
	if g.r.IntN(6) == 0 {
		b.WriteString(g.pick(".length()", ".size()", ".max()", ".sum()", ".avg()", ".keys()", ".first()", ".last()", ".min()", ".stddev()"))
	}
	return b.String()
}

func (g pathSource) step() string {
	number := func() string { return fmt.Sprint(g.r.IntN(5) - 2) }
	switch g.r.IntN(15) {
	case 0, 1, 2, 3, 4:
		return "." + g.name()
	case 5:
		return "['" + g.name() + "']"
	case 6:
		return "['" + g.name() + "','" + g.name() + "']"
	case 7:
		return "[" + number() + "]"
	case 8:
		return "[" + number() + "," + number() + "]"
	case 9:
		return "[" + g.pick(number(), "") + ":" + number() + "]"
	case 10:
		return g.pick("[*]", ".*")
	case 11:
		return ".." + g.pick(g.name(), "*", "['"+g.name()+"']", "["+number()+"]", "["+g.filter()+"]", "['"+g.name()+"','"+g.name()+"']")
	}
	return "[" + g.filter() + "]"
}

func (g pathSource) filter() string {
	operand := func() string {
		return g.pick("@."+g.name(), "@", "@['"+g.name()+"']", "@."+g.name()+"."+g.name(), "@.tags[0]", "@.tags.length()", "$.a")
	}
	literal := func() string { return g.pick("1", "2", "'x'", "'y'", "true", "null", "1.5", `"q"`, "x", "-2") }
	test := func() string {
		switch g.r.IntN(9) {
		case 0:
			return operand()
		case 1:
			return "!" + operand()
		case 2:
			return operand() + g.pick(" in ", " nin ", " anyof ", " subsetof ", " noneof ") + g.pick("['x','y']", "[1,2]", "@.tags", "$.words")
		case 3:
			return operand() + " =~ " + g.pick("/x.*/", "/X/i", "/p|q/")
		case 4:
			return operand() + g.pick(" size ", " empty ", " contains ") + g.pick("0", "1", "true", "'p'", "'e'", "false")
		}
		return operand() + g.pick("==", " == ", "!=", " < ", " > ", "<=", " >= ") + g.pick(literal(), literal(), operand())
	}
	switch g.r.IntN(5) {
	case 0:
		return "?(" + test() + g.pick(" && ", " || ", " && ", " || ", "&&") + test() + ")"
	case 1:
		return "?(!(" + test() + "))"
	}
	return "?(" + test() + ")"
}
