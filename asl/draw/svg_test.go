package draw

import (
	"regexp"
	"slices"
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
			o := Options{Direction: direction, Run: map[string]Visit{"P": {Status: 200, Count: 3}}, FoldFailures: direction == Right}
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
	o := Options{Theme: Dark, Run: map[string]Visit{"A": {Status: Succeeded, Count: 3}, "B": {Status: Failed, Count: 1}}}
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

// failing is a machine whose work may fail on the way, be caught, and end badly after it was told.
func failing() *ast.Definition {
	tell := []*ast.Catcher{{ErrorEquals: []string{"States.ALL"}, Next: "Tell"}}
	return &ast.Definition{StartAt: "Work", States: []*ast.State{
		{Name: "Work", Type: ast.TypeTask, Next: "Good", Catch: append([]*ast.Catcher{{ErrorEquals: []string{"Busy"}, Next: "Pause"}}, tell...)},
		{Name: "Pause", Type: ast.TypeWait, Next: "Work"},
		{Name: "Good", Type: ast.TypeChoice, Choices: []*ast.Rule{{Next: "Bad"}}, Default: "Done"},
		{Name: "Bad", Type: ast.TypePass, Next: "Tell"},
		{Name: "Tell", Type: ast.TypeTask, Next: "Failed", Catch: []*ast.Catcher{{ErrorEquals: []string{"States.ALL"}, Next: "Failed"}}},
		{Name: "Failed", Type: ast.TypeFail},
		{Name: "Done", Type: ast.TypeSucceed},
	}}
}

func TestFoldedFailures(t *testing.T) {
	names := func(o Options) (names, marked []string) {
		for _, b := range newPicture(failing(), o).boxes {
			if b.state != nil {
				names = append(names, b.state.Name)
				if b.folded {
					marked = append(marked, b.state.Name)
				}
			}
		}
		return names, marked
	}
	for _, c := range []struct {
		name          string
		run           map[string]Visit
		names, marked []string
	}{
		{"definition", nil, []string{"Work", "Pause", "Good", "Done"}, []string{"Work", "Good"}},
		{"run that ended well", map[string]Visit{"Work": {Status: Succeeded, Count: 1}, "Good": {Status: Succeeded, Count: 1}, "Done": {Status: Succeeded, Count: 1}},
			[]string{"Work", "Pause", "Good", "Done"}, []string{"Work", "Good"}},
		{"run that failed", map[string]Visit{"Work": {Status: CaughtError, Count: 1}, "Tell": {Status: Succeeded, Count: 1, From: []string{"Work"}}, "Failed": {Status: Failed, Count: 1, From: []string{"Tell"}}},
			[]string{"Work", "Pause", "Good", "Tell", "Failed", "Done"}, []string{"Good"}},
	} {
		got, marked := names(Options{FoldFailures: true, Run: c.run})
		if !slices.Equal(got, c.names) || !slices.Equal(marked, c.marked) {
			t.Errorf("%s: states %v, marked %v; want %v and %v", c.name, got, marked, c.names, c.marked)
		}
	}
	run := map[string]Visit{"Work": {Status: Succeeded, Count: 1}, "Good": {Status: Succeeded, Count: 1}, "Bad": {Status: Succeeded, Count: 1, From: []string{"Good"}},
		"Tell": {Status: Succeeded, Count: 1, From: []string{"Bad"}}, "Failed": {Status: Failed, Count: 1, From: []string{"Tell"}}}
	if _, marked := names(Options{FoldFailures: true, Run: run}); !slices.Equal(marked, []string{"Work"}) {
		t.Errorf("the route that was not taken is not left out: marked %v", marked)
	}
	all, _ := names(Options{})
	if len(all) != 7 {
		t.Errorf("without folding %v, want all 7", all)
	}
	svg := string(SVG(failing(), Options{FoldFailures: true}))
	if want := "on failure: Tell, Failed"; !strings.Contains(svg, want) {
		t.Errorf("the legend does not say %q", want)
	}
	only := &ast.Definition{StartAt: "F", States: []*ast.State{{Name: "F", Type: ast.TypeFail}}}
	if !strings.Contains(string(SVG(only, Options{FoldFailures: true})), ">F<") {
		t.Error("a machine that only fails has lost its state")
	}
}

// A picture within a page leads on, is styled by the page, and takes no text for markup.
func TestPartOfAPage(t *testing.T) {
	d := &ast.Definition{StartAt: "<b>", States: []*ast.State{{Name: "<b>", Type: ast.TypePass, End: true}}}
	svg := SVG(d, Options{Part: "x1", Link: func(state string) string { return "?state=" + state + "\"&x" }})
	if err := wellFormed(svg); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`id="x1"`, `<a href="?state=&lt;b&gt;&#34;&amp;x" class="state" aria-label="&lt;b&gt;, Pass`} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("no %s in %s", want, svg)
		}
	}
	for _, not := range []string{"<style", "<b>", "fill=\"#fb"} {
		if strings.Contains(string(svg), not) {
			t.Errorf("%s in %s", not, svg)
		}
	}
	if style := StyleSheet(Dark); !strings.Contains(style, ".asl-picture .canvas{fill:#161d26}") {
		t.Errorf("no style of the canvas in %s", style)
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

// What pictures of executions have in common is given away once, in the order of painting; each has its boxes, links and counts.
func TestShare(t *testing.T) {
	d := &ast.Definition{StartAt: "A", States: []*ast.State{
		{Name: "A", Type: ast.TypeWait, Next: "M"},
		{Name: "M", Type: ast.TypeMap, Next: "C", ItemProcessor: &ast.Definition{StartAt: "I", States: []*ast.State{{Name: "I", Type: ast.TypePass, End: true}}}},
		{Name: "C", Type: ast.TypePass, End: true}}}
	var pieces []string
	draw := func(part string, status Status, count int) string {
		return string(SVG(d, Options{Part: part, Link: func(state string) string { return "#" + part + state },
			Run: map[string]Visit{"A": {Status: status, Count: 1}, "M": {Status: status, Count: 1}, "I": {Status: status, Count: count}},
			Share: func(piece string) string {
				i := slices.Index(pieces, piece)
				if i < 0 {
					i = len(pieces)
					pieces = append(pieces, piece)
				}
				return string(rune('p' + i))
			}}))
	}
	first, second := draw("x", Succeeded, 2), draw("y", Failed, 3)
	if len(pieces) != 2 {
		t.Fatalf("%d pieces, want those below and above the boxes, the same for both", len(pieces))
	}
	for i, svg := range []string{first, second} {
		if err := wellFormed([]byte(svg)); err != nil {
			t.Errorf("%v\n%s", err, svg)
		}
		part, class, count := "x", "succeeded", "×2"
		if i == 1 {
			part, class, count = "y", "failed", "×3"
		}
		if strings.Count(svg, `class="box `+class+`"`) != 2 || strings.Count(svg, `class="nest nest0 `+class+`"`) != 1 || !strings.Contains(svg, count) || !strings.Contains(svg, `<a href="#`+part+`C" class="state" aria-label="C, `) {
			t.Errorf("the picture lacks boxes, counts or links of its own:\n%s", svg)
		}
		if strings.Contains(svg, `class="name"`) || strings.Contains(svg, `class="flow"`) {
			t.Errorf("the picture has names or lines that the pieces have:\n%s", svg)
		}
		nest, below, box, above := strings.Index(svg, "nest nest0"), strings.Index(svg, `href="#p"`), strings.Index(svg, `class="box`), strings.Index(svg, `href="#q"`)
		if !(nest < below && below < box && box < above) {
			t.Errorf("the order of painting is %d %d %d %d", nest, below, box, above)
		}
	}
	for i, piece := range pieces {
		if err := wellFormed([]byte("<svg xmlns=\"http://www.w3.org/2000/svg\">" + piece + "</svg>")); err != nil {
			t.Errorf("piece %d: %v", i, err)
		}
		if strings.Contains(piece, "succeeded\" x=\"20") || strings.Contains(piece, "×") || strings.Contains(piece, "<a ") {
			t.Errorf("piece %d tells of a run:\n%s", i, piece)
		}
	}
}
