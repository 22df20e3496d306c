package ast_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"airline/asl/internal/conformance"
)

// TestDataflow: a path or variable that cannot exist on some route is named,
// with the route.
func TestDataflow(t *testing.T) {
	for _, test := range []struct {
		name, states string
		want         string // "" for none
	}{
		{"selected result", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","ResultSelector":{"state.$":"$.Payload.state"},"ResultPath":"$.poll","Next":"B"},
			"B":{"Type":"Choice","Choices":[{"Variable":"$.poll.status","StringEquals":"x","Next":"C"}],"Default":"C"},"C":{"Type":"Succeed"}`,
			"/States/B/Choices/0/Variable: warning: the path $.poll.status never exists here"},
		{"result that exists", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","ResultSelector":{"state.$":"$.Payload.state"},"ResultPath":"$.poll","Next":"B"},
			"B":{"Type":"Choice","Choices":[{"Variable":"$.poll.state","StringEquals":"x","Next":"C"},{"Variable":"$.input","IsNull":true,"Next":"C"}],"Default":"C"},"C":{"Type":"Succeed"}`, ""},
		{"only on the route through a catcher", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","ResultPath":"$.ok","Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"},
			"B":{"Type":"Pass","Parameters":{"x.$":"$.ok.Payload"},"End":true}`,
			"/States/B/Parameters/x.$: warning: the path $.ok.Payload does not exist on the route A -> B"},
		{"error kept beside the input", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"B"}],"End":true},
			"B":{"Type":"Pass","Parameters":{"x.$":"$.error.Cause","y.$":"$.key"},"End":true}`, ""},
		{"misspelt error", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"B"}],"End":true},
			"B":{"Type":"Pass","Parameters":{"x.$":"$.error.Message"},"End":true}`,
			"the path $.error.Message never exists here"},
		{"variable of one route only", `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"B"}],"Default":"C"},
			"B":{"Type":"Pass","Assign":{"v":1},"Next":"C"},"C":{"Type":"Pass","Parameters":{"v.$":"$v"},"End":true}`,
			"/States/C/Parameters/v.$: warning: the variable $v does not exist on the route A -> C"},
		{"variable of every route", `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Assign":{"v":2},"Next":"C"}],"Default":"B"},
			"B":{"Type":"Pass","Assign":{"v":1},"Next":"C"},"C":{"Type":"Pass","Parameters":{"v.$":"States.Format('{}', $v)"},"End":true}`, ""},
		{"variable of no route, in JSONata", `"A":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"a":1},"Output":"{% ($c := $a; $sum([$b, $c])) %}","End":true}`,
			"the variable $b never exists here"},
		{"functions and bound variables in JSONata", `"A":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $map([1..3], function($x, $i) { $x * $i + $sum([1]) }) %}","End":true}`, ""},
		{"loop that counts", `"A":{"Type":"Pass","Assign":{"n":0},"Next":"B"},"B":{"Type":"Pass","Assign":{"n.$":"States.MathAdd($n, 1)"},"Next":"C"},
			"C":{"Type":"Choice","Choices":[{"Variable":"$n","NumericLessThan":3,"Next":"B"}],"Default":"D"},"D":{"Type":"Succeed"}`, ""},
		{"tested for presence", `"A":{"Type":"Pass","Result":{"a":1},"Next":"B"},
			"B":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.b","IsPresent":true},{"Variable":"$.b","NumericEquals":1}],"Next":"C"},{"Variable":"$.b","IsPresent":false,"Next":"D"}],"Default":"C"},
			"C":{"Type":"Pass","Parameters":{"b.$":"$.b"},"End":true},"D":{"Type":"Succeed"}`, ""},
		{"member of a list", `"A":{"Type":"Parallel","Branches":[{"StartAt":"X","States":{"X":{"Type":"Succeed"}}}],"ResultPath":"$.both","Next":"B"},
			"B":{"Type":"Pass","InputPath":"$.both.X","End":true}`, "the path $.both.X never exists here"},
		{"input of a branch", `"A":{"Type":"Parallel","Parameters":{"k.$":"$.key"},"Branches":[{"StartAt":"X","States":{"X":{"Type":"Pass","InputPath":"$.key","End":true}}}],"End":true}`,
			"/States/A/Branches/0/States/X/InputPath: warning: the path $.key never exists here"},
		{"variable seen from inside", `"A":{"Type":"Pass","Assign":{"v":1},"Next":"M"},"M":{"Type":"Map","ItemProcessor":{"StartAt":"X","States":{"X":{"Type":"Pass","Parameters":{"v.$":"$v"},"End":true}}},"End":true}`, ""},
		{"variable not seen from a child execution", `"A":{"Type":"Pass","Assign":{"v":1},"Next":"M"},"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"X","States":{"X":{"Type":"Pass","Parameters":{"v.$":"$v"},"End":true}}},"End":true}`,
			"/States/M/ItemProcessor/States/X/Parameters/v.$: warning: the variable $v never exists here"},
		{"dropped result", `"A":{"Type":"Pass","Result":{"a":1},"OutputPath":null,"Next":"B"},"B":{"Type":"Pass","InputPath":"$.a","End":true}`, "the path $.a never exists here"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ds := problems([]byte(`{"StartAt":"A","States":{` + test.states + `}}`))
			switch {
			case ds.HasErrors():
				t.Fatal(ds)
			case test.want == "" && len(ds) > 0:
				t.Errorf("got %v, want no problem", ds)
			case !strings.Contains(ds.Error(), test.want):
				t.Errorf("got %v, want %s", ds, test.want)
			}
		})
	}
}

// TestDataflowAgreesWithAWS: where the check says that something never exists,
// the execution that AWS recorded has failed.
func TestDataflowAgreesWithAWS(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(conformance.Dir(t), "asl-cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID     string
		Def    json.RawMessage
		Expect struct{ Status string }
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, c := range cases {
		for _, p := range problems(c.Def) {
			if !strings.Contains(p.What, "never exists here") {
				continue
			}
			said++
			if c.Expect.Status != "FAILED" {
				t.Errorf("%s: %v, but AWS says %s", c.ID, p, c.Expect.Status)
			}
		}
	}
	if said == 0 {
		t.Error("the check never spoke")
	}
}

// TestDataflowOfDeepNesting: the check ends however deep branches are nested,
// where going through them again for every route would take days.
func TestDataflowOfDeepNesting(t *testing.T) {
	text := `{"StartAt":"s","States":{"s":{"Type":"Pass","End":true}}}`
	for i := range 12 {
		n := strconv.Itoa(i)
		text = `{"StartAt":"a` + n + `","States":{"a` + n + `":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"b` + n + `"}],"Default":"p` + n + `"},
			"b` + n + `":{"Type":"Pass","Result":{"r":` + n + `},"ResultPath":"$.b` + n + `","Next":"p` + n + `"},
			"p` + n + `":{"Type":"Parallel","Branches":[` + text + `],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"a` + n + `"}],"End":true}}}`
	}
	if ds := problems([]byte(text)); ds.HasErrors() {
		t.Fatal(ds)
	}
}
