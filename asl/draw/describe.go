package draw

import (
	"fmt"
	"strings"

	"airline/asl/ast"
)

// describe tells the machine in words, for readers who cannot see the picture. Within a page, whose boxes can be reached one by
// one, it is short.
func describe(d *ast.Definition, short bool) string {
	if d == nil {
		d = &ast.Definition{}
	}
	var b strings.Builder
	if d.Comment != "" {
		b.WriteString(oneLine(d.Comment) + " ")
	}
	fmt.Fprintf(&b, "State machine with %d states, starts at %s.", len(d.States), oneLine(d.StartAt))
	if short {
		return b.String()
	}
	described := 0
	for _, t := range transitions(d) {
		if described++; described > 200 {
			b.WriteString(" …")
			break
		}
		to := t.to
		if to == "" {
			to = "the end"
		}
		fmt.Fprintf(&b, " %s leads to %s", oneLine(t.from), oneLine(to))
		if len(t.labels) > 0 {
			on := "if"
			if t.kind != 0 {
				on = "on error"
			}
			fmt.Fprintf(&b, " %s %s", on, oneLine(strings.Join(t.labels, ", ")))
		}
		b.WriteString(".")
	}
	return b.String()
}
