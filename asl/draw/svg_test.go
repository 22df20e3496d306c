package draw

import (
	"regexp"
	"strings"
	"testing"

	"airline/asl/ast"
)

func TestHostileNamesAreEscaped(t *testing.T) {
	hostile := `</text><script>alert("x")</script>]]>&amp;'` + "\x00\u202e\ufffe -->|\"; end\n%% #quot;"
	d := &ast.Definition{Comment: hostile, StartAt: hostile, States: []*ast.State{
		{Name: hostile, Type: ast.TypeChoice, Comment: hostile, Default: hostile + "2", Choices: []*ast.Rule{{Variable: hostile, Operator: "StringEquals", Operand: hostile, Next: "Y"}}},
		{Name: "Y", Type: ast.TypeTask, Resource: hostile, End: true, Catch: []*ast.Catcher{{ErrorEquals: []string{hostile}, Next: hostile}}},
	}}
	svg := SVG(d, Options{Title: hostile})
	if err := wellFormed(svg); err != nil {
		t.Fatalf("%v\n%s", err, svg)
	}
	if strings.Contains(string(svg), "<script") {
		t.Errorf("the name has become an element:\n%s", svg)
	}
	for _, line := range strings.Split(Mermaid(d, Options{Title: hostile}), "\n")[3:] {
		for _, quoted := range regexp.MustCompile(`"[^"]*"`).FindAllString(line, -1) {
			if strings.ContainsAny(strings.ReplaceAll(quoted, "<br/>", ""), "<>|%`[]{}\x00\n") {
				t.Errorf("not escaped: %s", quoted)
			}
		}
		if strings.Count(line, `"`)%2 != 0 || strings.Contains(line, "script>") {
			t.Errorf("the text has got out of its quotes: %s", line)
		}
	}
}

func TestOddDefinitionsAreDrawn(t *testing.T) {
	endless := &ast.Definition{StartAt: "M"}
	endless.States = []*ast.State{{Name: "M", Type: ast.TypeMap, ItemProcessor: endless, End: true}}
	for name, d := range map[string]*ast.Definition{
		"nil":             nil,
		"empty":           {},
		"nil parts":       {States: []*ast.State{nil, {Name: "P", Type: ast.TypeParallel, Branches: []*ast.Definition{nil, {}}, Catch: []*ast.Catcher{nil}}, {Type: ast.TypeChoice, Choices: []*ast.Rule{nil, {Next: "P", And: []*ast.Rule{nil}}}}}},
		"no such start":   {StartAt: "nowhere"},
		"contains itself": endless,
	} {
		for _, direction := range []Direction{Down, Right} {
			o := Options{Direction: direction, Run: map[string]Visit{"P": {Status: 200, Count: 3}}}
			if err := wellFormed(SVG(d, o)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if list := faults(newPicture(d, o)); len(list) > 0 {
				t.Errorf("%s: %s", name, list[0])
			}
		}
		if !strings.HasPrefix(Mermaid(d, Options{}), "flowchart TB\n") {
			t.Errorf("%s: no flowchart", name)
		}
	}
}

func TestWidth(t *testing.T) {
	d := &ast.Definition{StartAt: "A", States: []*ast.State{{Name: "A", Type: ast.TypePass, End: true}}}
	svg := string(SVG(d, Options{Width: 1000}))
	if !strings.Contains(svg, ` width="1000" `) {
		t.Errorf("not 1000 wide: %.200s", svg)
	}
}

func TestRunIsShown(t *testing.T) {
	d := &ast.Definition{StartAt: "A", States: []*ast.State{
		{Name: "A", Type: ast.TypeWait, Next: "B"}, {Name: "B", Type: ast.TypePass, Next: "C"}, {Name: "C", Type: ast.TypePass, End: true}}}
	o := Options{Theme: Dark, Run: map[string]Visit{"A": {Succeeded, 3}, "B": {Failed, 1}}}
	svg := string(SVG(d, o))
	for _, want := range []string{`class="box succeeded"`, `class="box failed"`, "×3", "Caught error"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in the picture of a run", want)
		}
	}
	if n := strings.Count(svg, `class="box`); n != 3 {
		t.Errorf("%d boxes, want 3", n)
	}
	if m := Mermaid(d, o); !strings.Contains(m, "class s2 succeeded") {
		t.Errorf("no run in\n%s", m)
	}
}

func FuzzSVG(f *testing.F) {
	f.Add([]byte(`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Next":"A"},{"Next":"B"}],"Default":"C"}}}`))
	f.Add([]byte(`{"StartAt":"B","States":{"A":{"Type":"Map","Next":"A","Catch":[{"Next":"A"}],"Iterator":{"StartAt":"X"}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, _ := ast.Parse(text)
		if d == nil {
			return
		}
		if err := wellFormed(SVG(d, Options{})); err != nil {
			t.Fatal(err)
		}
		if list := faults(newPicture(d, Options{})); len(list) > 0 {
			t.Fatal(list[0])
		}
		Mermaid(d, Options{})
	})
}
