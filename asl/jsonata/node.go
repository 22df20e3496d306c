package jsonata

// Node is one node of the syntax tree of an expression. The tree is that of the language's semantics rather than
// of its grammar: a.b[0].c is one [*Path] of three steps, whose second has a stage. It must not be changed.
type Node interface {
	// Common returns what every node can have: its place, predicates, a grouping and so on.
	Common() *Base
	// Children appends all nodes directly below to list.
	Children(list []Node) []Node

	eval(r *run, in any, e *env) any
}

// Base holds what can be attached to any node.
type Base struct {
	// Offset is where the node starts in the source (of a binary operator: where the operator stands), in bytes.
	Offset int
	// KeepArray is set by [] after the node: a result of one item stays an array.
	KeepArray bool
	// Predicates are the [filters] after a node that is not a step of a path, in order.
	Predicates []Node
	// Group is the {key: value} after the node, or nil.
	Group *Group

	// The rest holds for steps of paths only.

	// Stages are the [filters] and #$index bindings after the step, in order.
	Stages []Stage
	// Focus is the variable, without $, that @ binds to each item of the step; empty without.
	Focus string
	// Index is the variable that # binds to the position of each item; empty without.
	Index string

	tuple     bool // the step makes or needs tuples
	ancestor  *ancestor
	seeking   []*ancestor // parents that nodes below refer to and that have not been found
	consArray bool        // an array constructor whose result is not flattened
}

// Stage is one [filter] or one #$index after a step. Exactly one of the fields is set.
type Stage struct {
	Filter Node
	Index  string
}

// Group is {key: value, ...} after a node: it groups the items by key, and evaluates the value for each group.
type Group struct {
	Offset int
	Pairs  []Pair
}

// Pair is one key: value of a constructor or grouping.
type Pair struct{ Key, Value Node }

// Common implements [Node].
func (b *Base) Common() *Base { return b }

func (b *Base) attached(list []Node) []Node {
	list = append(list, b.Predicates...)
	for _, s := range b.Stages {
		if s.Filter != nil {
			list = append(list, s.Filter)
		}
	}
	if b.Group != nil {
		list = pairs(list, b.Group.Pairs)
	}
	return list
}

func pairs(list []Node, all []Pair) []Node {
	for _, p := range all {
		list = append(list, p.Key, p.Value)
	}
	return list
}

type (
	// Literal is a string, number, true, false or null.
	Literal struct {
		Base
		Value any // string, float64, bool or nil
	}
	// Regex is a regular expression /Pattern/Flags; its value is a matcher function.
	Regex struct {
		Base
		Pattern, Flags string
		prog           *regexProgram
		matcher        *Function // the value
	}
	// Name is a field name.
	Name struct {
		Base
		Value string
	}
	// Wildcard is *, all values of an object.
	Wildcard struct{ Base }
	// Descendant is **, everything below.
	Descendant struct{ Base }
	// Parent is %, the object that the current item was taken from.
	Parent struct {
		Base
		slot *ancestor
	}
	// Variable is $name; the name is empty for $, the context, and "$" for $$, the input.
	Variable struct {
		Base
		Name    string
		library *Function // the function of that name, if there is one
	}
	// Path is step.step.step; also a single field name is a path.
	Path struct {
		Base
		Steps []Node
		keep  bool // a step has []
		start *Variable
		names []string
	}
	// Binary is an operator with two sides: + - * / % = != < <= > >= & and or in and, within an array, ..
	Binary struct {
		Base
		Op          string
		Left, Right Node
	}
	// Negate is the unary minus.
	Negate struct {
		Base
		Operand Node
	}
	// Array is [item, item, ...].
	Array struct {
		Base
		Items []Node
	}
	// Object is {key: value, ...} standing alone.
	Object struct {
		Base
		Pairs []Pair
	}
	// Block is (expression; expression; ...), whose value is that of the last.
	Block struct {
		Base
		Expressions []Node
		frame       bool // an expression binds a variable
	}
	// Condition is If ? Then : Else; Else may be nil. Op is "?", or "?:" or "??", where If equals Then.
	Condition struct {
		Base
		Op             string
		If, Then, Else Node
	}
	// Bind is $Name := Value.
	Bind struct {
		Base
		Name  string
		Value Node
	}
	// Apply is Left ~> Right.
	Apply struct {
		Base
		Left, Right Node
	}
	// Call is Function(Arguments); a nil argument is the placeholder ? of a partial application.
	Call struct {
		Base
		Function  Node
		Arguments []Node
		partial   bool
		tail      bool // the call is the last thing that a function does
	}
	// Lambda is function(Parameters)<Signature>{Body}. The parameters are without $.
	Lambda struct {
		Base
		Parameters []string
		Signature  string
		Body       Node
		signature  *signature
	}
	// Transform is |Pattern|Update,Delete|; Delete may be nil.
	Transform struct {
		Base
		Pattern, Update, Delete Node
	}
	// Sort is the step ^(term, term, ...) of a path.
	Sort struct {
		Base
		Terms []SortTerm
	}
)

// SortTerm is one expression to order by.
type SortTerm struct {
	Expression Node
	Descending bool
}

// ancestor is the tie between a % and the step whose items it refers to.
type ancestor struct {
	label string
	level int // steps still to go up
}

// Children implements [Node], as for all nodes below.
func (n *Literal) Children(list []Node) []Node    { return n.attached(list) }
func (n *Regex) Children(list []Node) []Node      { return n.attached(list) }
func (n *Name) Children(list []Node) []Node       { return n.attached(list) }
func (n *Wildcard) Children(list []Node) []Node   { return n.attached(list) }
func (n *Descendant) Children(list []Node) []Node { return n.attached(list) }
func (n *Parent) Children(list []Node) []Node     { return n.attached(list) }
func (n *Variable) Children(list []Node) []Node   { return n.attached(list) }
func (n *Path) Children(list []Node) []Node       { return n.attached(append(list, n.Steps...)) }
func (n *Binary) Children(list []Node) []Node     { return n.attached(append(list, n.Left, n.Right)) }
func (n *Negate) Children(list []Node) []Node     { return n.attached(append(list, n.Operand)) }
func (n *Array) Children(list []Node) []Node      { return n.attached(append(list, n.Items...)) }
func (n *Object) Children(list []Node) []Node     { return n.attached(pairs(list, n.Pairs)) }
func (n *Block) Children(list []Node) []Node      { return n.attached(append(list, n.Expressions...)) }
func (n *Bind) Children(list []Node) []Node       { return n.attached(append(list, n.Value)) }
func (n *Apply) Children(list []Node) []Node      { return n.attached(append(list, n.Left, n.Right)) }
func (n *Lambda) Children(list []Node) []Node     { return n.attached(append(list, n.Body)) }

// Children implements [Node]. Of ?: and ??, where If and Then are the same, it gives the node once.
func (n *Condition) Children(list []Node) []Node {
	if n.Op == "?" {
		list = append(list, n.If)
	}
	list = append(list, n.Then)
	if n.Else != nil {
		list = append(list, n.Else)
	}
	return n.attached(list)
}

// Children implements [Node].
func (n *Call) Children(list []Node) []Node {
	list = append(list, n.Function)
	for _, a := range n.Arguments {
		if a != nil {
			list = append(list, a)
		}
	}
	return n.attached(list)
}

// Children implements [Node].
func (n *Transform) Children(list []Node) []Node {
	list = append(list, n.Pattern, n.Update)
	if n.Delete != nil {
		list = append(list, n.Delete)
	}
	return n.attached(list)
}

// Children implements [Node].
func (n *Sort) Children(list []Node) []Node {
	for _, t := range n.Terms {
		list = append(list, t.Expression)
	}
	return n.attached(list)
}

// Walk visits n and everything below it, parents first. When visit returns false, what is below is left out.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, child := range n.Children(nil) {
		Walk(child, visit)
	}
}

// undefined is the type of the value of what does not exist.
type undefined struct{}

// Undefined is the result of an expression that finds nothing. It is not null, which is nil. As input it stands
// for no input.
var Undefined any = (*undefined)(nil)

// IsUndefined reports whether v is [Undefined].
func IsUndefined(v any) bool {
	_, ok := v.(*undefined)
	return ok
}

// MarshalJSON prints undefined as null, since JSON has no word for it.
func (*undefined) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// String returns "undefined".
func (*undefined) String() string { return "undefined" }
