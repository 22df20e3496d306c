package draw

import (
	"fmt"
	"strings"

	"airline/asl/ast"
	"airline/asl/draw/internal/layered"
)

// Mermaid draws a machine as a Mermaid flowchart, for places that render it:
// GitHub, GitLab, many wikis. Names and conditions are escaped, so that no text
// of the definition is read as Mermaid or HTML. Theme and Width have no meaning
// there.
func Mermaid(d *ast.Definition, o Options) string {
	if d == nil {
		d = &ast.Definition{}
	}
	w := &mermaidWriter{options: o}
	if title := oneLine(o.Title); title != "" {
		fmt.Fprintf(&w.text, "---\ntitle: \"%s\"\n---\n", yamlEscaped(title))
	}
	direction := "TB"
	if o.Direction == Right {
		direction = "LR"
	}
	fmt.Fprintf(&w.text, "flowchart %s\n", direction)
	w.scope(d, "    ", true)
	w.styles()
	return w.text.String()
}

type mermaidWriter struct {
	options Options
	text    strings.Builder
	nodes   int
	links   int
	errors  []string            // indexes of the links of catchers
	classes map[string][]string // style to nodes
	depth   int
}

func (w *mermaidWriter) node() string {
	w.nodes++
	return fmt.Sprintf("s%d", w.nodes)
}

func (w *mermaidWriter) class(name, id string) {
	if w.classes == nil {
		w.classes = map[string][]string{}
	}
	w.classes[name] = append(w.classes[name], id)
}

func (w *mermaidWriter) scope(d *ast.Definition, indent string, top bool) {
	ids := map[string]string{}
	line := func(format string, args ...any) { fmt.Fprintf(&w.text, indent+format+"\n", args...) }
	start, end := "", ""
	if top {
		start = w.node()
		line(`%s(("Start"))`, start)
	}
	for _, s := range d.States {
		if s == nil || ids[s.Name] != "" {
			continue
		}
		id := w.node()
		ids[s.Name] = id
		w.state(s, id, indent)
	}
	target := func(name string) string {
		if ids[name] == "" {
			ids[name] = w.node()
			line(`%s["%s"]`, ids[name], mermaidEscaped("No such state", name))
			w.class("missing", ids[name])
		}
		return ids[name]
	}
	link := func(from, to string, t transition) {
		arrow := "-->"
		if t.kind == layered.Error {
			arrow = "-.->"
			w.errors = append(w.errors, fmt.Sprint(w.links))
		}
		w.links++
		if lines := t.lines(Down); len(lines) > 0 {
			arrow += `|"` + mermaidEscaped(lines...) + `"|`
		}
		line("%s %s %s", from, arrow, to)
	}
	if top && d.StartAt != "" {
		link(start, target(d.StartAt), transition{})
	}
	for _, t := range transitions(d) {
		switch {
		case t.to != "":
			link(ids[t.from], target(t.to), t)
		case top:
			if end == "" {
				end = w.node()
				line(`%s(("End"))`, end)
			}
			link(ids[t.from], end, t)
		}
	}
}

// state writes a node, or a subgraph for a state that contains others.
func (w *mermaidWriter) state(s *ast.State, id, indent string) {
	inner := s.Branches
	if p := s.Processor(); p != nil {
		inner = append(inner[:len(inner):len(inner)], p)
	}
	name := mermaidEscaped(oneLine(s.Name), captionFont.shorten(oneLine(caption(s)), maxText))
	if c := w.options.Run[s.Name].Status.class(); c != "" {
		w.class(c, id)
	}
	if len(inner) == 0 || w.depth >= maxDepth {
		open, shut := "[", "]"
		switch s.Type {
		case ast.TypeChoice:
			open, shut = "{", "}"
		case ast.TypeSucceed, ast.TypeFail:
			open, shut = "([", "])"
		}
		fmt.Fprintf(&w.text, "%s%s%s\"%s\"%s\n", indent, id, open, name, shut)
		return
	}
	w.depth++
	fmt.Fprintf(&w.text, "%ssubgraph %s [\"%s\"]\n", indent, id, name)
	for i, d := range inner {
		if d == nil {
			continue
		}
		if len(inner) == 1 {
			w.scope(d, indent+"    ", false)
			continue
		}
		fmt.Fprintf(&w.text, "%s    subgraph %sb%d [\" \"]\n", indent, id, i+1)
		w.scope(d, indent+"        ", false)
		fmt.Fprintf(&w.text, "%s    end\n", indent)
	}
	fmt.Fprintf(&w.text, "%send\n", indent)
	w.depth--
}

func (w *mermaidWriter) styles() {
	p := Light.palette()
	if len(w.errors) > 0 {
		fmt.Fprintf(&w.text, "    linkStyle %s stroke:%s,color:%s\n", strings.Join(w.errors, ","), p.caught, p.caught)
	}
	if ids := w.classes["missing"]; ids != nil {
		fmt.Fprintf(&w.text, "    classDef missing stroke:%s,stroke-dasharray:4\n    class %s missing\n", p.missing, strings.Join(ids, ","))
	}
	for s := InProgress; s <= Canceled; s++ {
		if ids := w.classes[s.class()]; ids != nil {
			fmt.Fprintf(&w.text, "    classDef %s fill:%s,stroke:%s\n    class %s %s\n",
				s.class(), p.statuses[s][0], p.statuses[s][1], strings.Join(ids, ","), s.class())
		}
	}
}

// mermaidEscaped makes lines of text safe within a quoted Mermaid text: all but
// letters, digits and harmless signs become character codes.
func mermaidEscaped(lines ...string) string {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteString("<br/>")
		}
		for _, r := range oneLine(line) {
			switch {
			case r >= 0x80, 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune(" .,:_-/()=+?!", r):
				b.WriteRune(r)
			default:
				fmt.Fprintf(&b, "#%d;", r)
			}
		}
	}
	if b.Len() == 0 {
		return " "
	}
	return b.String()
}

// yamlEscaped makes a line safe within double quotes of YAML.
func yamlEscaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
}
