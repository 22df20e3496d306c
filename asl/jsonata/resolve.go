package jsonata

import "strconv"

// resolver turns raw nodes into the syntax tree: it flattens paths, attaches predicates, groupings and bindings
// to the step they belong to, finds the step that each % refers to, and marks calls in tail position.
type resolver struct {
	parents int // number of % so far
}

func resolve(root *raw) (n Node, err *Error) {
	defer catch(&err)
	var r resolver
	n = r.node(root)
	if p, ok := n.(*Parent); ok {
		panic(&Error{Code: "S0217", Offset: p.Offset, Token: "%"})
	}
	if len(n.Common().seeking) > 0 {
		panic(&Error{Code: "S0217", Offset: n.Common().Offset, Token: "%"})
	}
	return n, nil
}

func (r *resolver) node(x *raw) Node {
	n := r.bare(x)
	if x.keepArray {
		n.Common().KeepArray = true
	}
	return n
}

func (r *resolver) bare(x *raw) Node {
	base := Base{Offset: x.offset}
	switch x.kind {
	case rawName, rawOperator:
		return r.name(x)
	case rawString:
		return &Literal{Base: base, Value: x.text}
	case rawNumber, rawValue:
		return &Literal{Base: base, Value: x.value}
	case rawVariable:
		return &Variable{Base: base, Name: x.text, library: library[x.text]}
	case rawWildcard:
		return &Wildcard{base}
	case rawDescendant:
		return &Descendant{base}
	case rawParent:
		r.parents++
		return &Parent{Base: base, slot: &ancestor{label: "!" + strconv.Itoa(r.parents), level: 1}}
	case rawRegex:
		flags := x.value.(string)
		prog, err := compileRegex(x.text, flags)
		if err != nil {
			panic(&Error{Code: "S0303", Offset: x.offset, Token: x.text, Value: err.Error()})
		}
		n := &Regex{Base: base, Pattern: x.text, Flags: flags, prog: prog}
		n.matcher = &Function{regex: n, arity: 2}
		return n
	case rawNegate:
		return r.negate(x, base)
	case rawArray:
		n := &Array{Base: base}
		for _, item := range x.list {
			n.Items = append(n.Items, r.below(&n.Base, item))
		}
		return n
	case rawObject:
		n := &Object{Base: base}
		for _, pair := range x.pairs {
			key := r.below(&n.Base, pair[0])
			n.Pairs = append(n.Pairs, Pair{key, r.below(&n.Base, pair[1])})
		}
		return n
	case rawBlock:
		return r.block(x, base)
	case rawCondition:
		return r.condition(x, base)
	case rawTransform:
		n := &Transform{Base: base, Pattern: r.node(x.list[0]), Update: r.node(x.list[1])}
		if len(x.list) > 2 {
			n.Delete = r.node(x.list[2])
		}
		return n
	case rawCall, rawPartial:
		return r.call(x, base)
	case rawLambda:
		n := &Lambda{Base: base, Signature: x.text, signature: x.signature}
		last := len(x.list) - 1
		for _, p := range x.list[1:last] {
			n.Parameters = append(n.Parameters, p.text)
		}
		n.Offset = x.list[0].offset
		n.Body = r.node(x.list[last])
		markTail(n.Body)
		return n
	case rawGroup:
		return r.group(x)
	case rawFilter:
		return r.filter(x)
	case rawSort:
		return r.sort(x)
	case rawBinary:
		return r.binary(x, base)
	case rawEnd:
		panic(&Error{Code: "S0207", Offset: x.offset})
	}
	panic(&Error{Code: "S0206", Offset: x.offset, Token: x.text})
}

// below resolves an operand, and lets the parents that it seeks be sought above.
func (r *resolver) below(above *Base, x *raw) Node {
	n := r.node(x)
	push(above, n)
	return n
}

func push(above *Base, n Node) {
	above.seeking = append(above.seeking, n.Common().seeking...)
	if p, ok := n.(*Parent); ok {
		above.seeking = append(above.seeking, p.slot)
	}
}

func (r *resolver) name(x *raw) Node {
	name := &Name{Base: Base{Offset: x.offset, KeepArray: x.keepArray}, Value: x.text}
	return &Path{Base: Base{Offset: x.offset}, Steps: []Node{name}, keep: x.keepArray}
}

func (r *resolver) negate(x *raw, base Base) Node {
	n := &Negate{Base: base}
	n.Operand = r.below(&n.Base, x.list[0])
	if lit, ok := n.Operand.(*Literal); ok {
		if f, ok := lit.Value.(float64); ok {
			lit.Value = -f
			lit.Offset = x.offset
			return lit
		}
	}
	return n
}

func (r *resolver) block(x *raw, base Base) Node {
	n := &Block{Base: base}
	for _, e := range x.list {
		part := r.below(&n.Base, e)
		if part.Common().consArray {
			n.consArray = true
		}
		if p, ok := part.(*Path); ok && p.Steps[0].Common().consArray {
			n.consArray = true
		}
		n.Expressions = append(n.Expressions, part)
		n.frame = n.frame || binds(part)
	}
	return n
}

// binds reports whether evaluating n may set a variable of the frame it is evaluated in.
func binds(n Node) bool {
	found := false
	Walk(n, func(n Node) bool {
		switch n := n.(type) {
		case *Bind:
			found = true
		case *Variable:
			// What $eval evaluates may bind.
			found = found || n.Name == "eval"
		case *Block, *Lambda:
			return n.Common().Predicates != nil || n.Common().Group != nil || n.Common().Stages != nil
		}
		return !found
	})
	return found
}

func (r *resolver) condition(x *raw, base Base) Node {
	n := &Condition{Base: base, Op: x.text}
	n.If = r.below(&n.Base, x.list[0])
	if n.Op != "?" {
		n.Then = n.If
		n.Else = r.below(&n.Base, x.list[1])
		return n
	}
	n.Then = r.below(&n.Base, x.list[1])
	if len(x.list) > 2 {
		n.Else = r.below(&n.Base, x.list[2])
	}
	return n
}

func (r *resolver) call(x *raw, base Base) Node {
	n := &Call{Base: base, partial: x.kind == rawPartial}
	for _, arg := range x.list[1:] {
		if arg == nil {
			n.Arguments = append(n.Arguments, nil)
			continue
		}
		n.Arguments = append(n.Arguments, r.below(&n.Base, arg))
	}
	n.Function = r.node(x.list[0])
	n.Offset = x.list[0].offset
	return n
}

func (r *resolver) group(x *raw) Node {
	n := r.node(x.list[0])
	if n.Common().Group != nil {
		panic(&Error{Code: "S0210", Offset: x.offset, Token: "{"})
	}
	g := &Group{Offset: x.offset}
	for _, pair := range x.pairs {
		g.Pairs = append(g.Pairs, Pair{r.node(pair[0]), r.node(pair[1])})
	}
	n.Common().Group = g
	return n
}

// lastStep returns the node that predicates and bindings after n belong to.
func lastStep(n Node) (step Node, inPath bool) {
	if p, ok := n.(*Path); ok {
		return p.Steps[len(p.Steps)-1], true
	}
	return n, false
}

func (r *resolver) filter(x *raw) Node {
	n := r.node(x.list[0])
	step, inPath := lastStep(n)
	if step.Common().Group != nil {
		panic(&Error{Code: "S0209", Offset: x.offset, Token: "["})
	}
	predicate := r.node(x.list[1])
	if slots := predicate.Common().seeking; len(slots) > 0 {
		for _, slot := range slots {
			if slot.level == 1 {
				seek(step, slot)
			} else {
				slot.level--
			}
		}
		push(step.Common(), predicate)
	}
	if inPath {
		step.Common().Stages = append(step.Common().Stages, Stage{Filter: predicate})
	} else {
		step.Common().Predicates = append(step.Common().Predicates, predicate)
	}
	return n
}

func (r *resolver) sort(x *raw) Node {
	n := r.node(x.list[0])
	path, ok := n.(*Path)
	if !ok {
		path = &Path{Base: Base{Offset: n.Common().Offset}, Steps: []Node{n}}
	}
	s := &Sort{Base: Base{Offset: x.offset}}
	for _, t := range x.terms {
		s.Terms = append(s.Terms, SortTerm{r.below(&s.Base, t.expression), t.descending})
	}
	path.Steps = append(path.Steps, s)
	r.ancestry(path)
	return path
}

func (r *resolver) binary(x *raw, base Base) Node {
	switch x.text {
	case ".":
		return r.path(x)
	case ":=":
		n := &Bind{Base: base, Name: x.list[0].text}
		n.Value = r.below(&n.Base, x.list[1])
		n.Offset = x.list[0].offset
		return n
	case "@":
		return r.focus(x)
	case "#":
		return r.index(x)
	case "~>":
		n := &Apply{Base: base, Left: r.node(x.list[0]), Right: r.node(x.list[1])}
		n.KeepArray = n.Left.Common().KeepArray || n.Right.Common().KeepArray
		return n
	}
	n := &Binary{Base: base, Op: x.text}
	n.Left = r.below(&n.Base, x.list[0])
	n.Right = r.below(&n.Base, x.list[1])
	return n
}

func (r *resolver) path(x *raw) Node {
	left := r.node(x.list[0])
	path, ok := left.(*Path)
	if !ok {
		path = &Path{Base: Base{Offset: left.Common().Offset}}
		path.add(left)
		if name, ok := path.Steps[0].(*Name); ok {
			path.KeepArray = name.KeepArray
		}
	} else if lit, ok := path.Steps[0].(*Literal); ok {
		name := fieldOf(lit)
		path.Steps[0] = name
		path.KeepArray = path.KeepArray || name.KeepArray
	}
	if p, ok := left.(*Parent); ok {
		path.seeking = []*ancestor{p.slot}
	}
	for _, step := range path.Steps {
		path.keep = path.keep || step.Common().KeepArray
	}
	right := r.node(x.list[1])
	if p, ok := right.(*Path); ok {
		for _, step := range p.Steps {
			path.add(step)
		}
	} else {
		b := right.Common()
		for _, predicate := range b.Predicates {
			b.Stages = append(b.Stages, Stage{Filter: predicate})
		}
		b.Predicates = nil
		path.add(right)
	}
	if first, ok := path.Steps[0].(*Array); ok {
		first.consArray = true
	}
	if last, ok := path.Steps[len(path.Steps)-1].(*Array); ok {
		last.consArray = true
	}
	r.ancestry(path)
	return path
}

// add appends a step; a string stands for the field of that name, other literals cannot be steps.
func (n *Path) add(step Node) {
	if lit, ok := step.(*Literal); ok {
		step = fieldOf(lit)
	}
	n.Steps = append(n.Steps, step)
	n.keep = n.keep || step.Common().KeepArray
}

// fieldOf turns a string that is a step of a path into the field of that name.
func fieldOf(lit *Literal) *Name {
	name, ok := lit.Value.(string)
	if !ok {
		panic(&Error{Code: "S0213", Offset: lit.Offset, Value: lit.Value})
	}
	return &Name{Base: lit.Base, Value: name}
}

func (r *resolver) focus(x *raw) Node {
	n := r.node(x.list[0])
	step, _ := lastStep(n)
	b := step.Common()
	if b.Stages != nil || b.Predicates != nil {
		panic(&Error{Code: "S0215", Offset: x.offset, Token: "@"})
	}
	if _, ok := step.(*Sort); ok {
		panic(&Error{Code: "S0216", Offset: x.offset, Token: "@"})
	}
	if x.keepArray {
		b.KeepArray = true
	}
	b.Focus = x.list[1].text
	b.tuple = true
	return n
}

func (r *resolver) index(x *raw) Node {
	n := r.node(x.list[0])
	step, inPath := lastStep(n)
	b := step.Common()
	if !inPath {
		n = &Path{Base: Base{Offset: b.Offset}, Steps: []Node{step}}
		for _, predicate := range b.Predicates {
			b.Stages = append(b.Stages, Stage{Filter: predicate})
		}
		b.Predicates = nil
	}
	if b.Stages == nil {
		b.Index = x.list[1].text
	} else {
		b.Stages = append(b.Stages, Stage{Index: x.list[1].text})
	}
	b.tuple = true
	return n
}

// markTail marks the calls that are the last thing a function body does: they replace the running call.
func markTail(n Node) {
	b := n.Common()
	if b.Predicates != nil || b.Group != nil {
		return
	}
	switch n := n.(type) {
	case *Call:
		n.tail = !n.partial
	case *Condition:
		if n.Op == "?" {
			markTail(n.Then)
		}
		if n.Else != nil {
			markTail(n.Else)
		}
	case *Block:
		if last := len(n.Expressions) - 1; last >= 0 {
			markTail(n.Expressions[last])
		}
	}
}
