package jsonata

// ancestry looks among the steps of a path for those that the last one's % refer to. What is not found there is
// sought further up.
func (r *resolver) ancestry(path *Path) {
	last := path.Steps[len(path.Steps)-1]
	slots := last.Common().seeking
	if p, ok := last.(*Parent); ok {
		slots = append(slots, p.slot)
	}
	for _, slot := range slots {
		for i := len(path.Steps) - 2; slot.level > 0; {
			if i < 0 {
				path.seeking = append(path.seeking, slot)
				break
			}
			step := path.Steps[i]
			i--
			// Steps in a row that bind their focus share one parent.
			for i >= 0 && step.Common().Focus != "" && path.Steps[i].Common().Focus != "" {
				step = path.Steps[i]
				i--
			}
			seek(step, slot)
		}
	}
}

// seek takes slot one step up through n.
func seek(n Node, slot *ancestor) {
	b := n.Common()
	switch n := n.(type) {
	case *Name, *Wildcard:
		if slot.level--; slot.level == 0 {
			if b.ancestor != nil {
				slot.label = b.ancestor.label
			}
			b.ancestor = slot
			b.tuple = true
		}
	case *Parent:
		slot.level++
	case *Block:
		if len(n.Expressions) > 0 {
			b.tuple = true
			seek(n.Expressions[len(n.Expressions)-1], slot)
		}
	case *Path:
		b.tuple = true
		i := len(n.Steps) - 1
		seek(n.Steps[i], slot)
		for i--; slot.level > 0 && i >= 0; i-- {
			seek(n.Steps[i], slot)
		}
	default:
		panic(&Error{Code: "S0217", Offset: b.Offset, Token: "%"})
	}
}
