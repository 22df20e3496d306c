package draw

import "airline/asl/ast"

// MaxTransitions is how many transitions a machine may have that is drawn as SVG: beyond it the layout, which is quadratic
// in what crosses, takes longer than anybody waits, and nobody could read the picture.
const MaxTransitions = 3000

// Transitions counts the transitions of a machine, those of branches and processors included.
func Transitions(d *ast.Definition) int {
	n := 0
	for _, s := range d.States {
		n += len(s.Targets())
		for _, b := range s.Branches {
			n += Transitions(b)
		}
		if p := s.Processor(); p != nil {
			n += Transitions(p)
		}
	}
	return n
}
