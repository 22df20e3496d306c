package redshift

import (
	"strings"
	"sync"
)

// function is one of Redshift's functions: how its call is bound, or why it is refused.
type function struct {
	name string
	// signature is what the documentation shows after the name.
	signature string
	min, max  int // numbers of arguments; max -1: any
	kind      functionKind
	bind      func(*callContext) value
	// column is what a column of it is called, when that is not its name.
	column string
	// refused tells why the function is not modelled.
	refused string
	// note tells the documentation what to know about it.
	note string
}

type functionKind uint8

const (
	scalar functionKind = iota
	aggregate
	ranking // a window function, which needs OVER
)

// family is a group of functions in the documentation.
type family struct {
	title     string
	functions []function
}

// families are all functions of Redshift's reference that are supported or refused by name.
func families() []family {
	return []family{
		{"Aggregates", aggregateFunctions()},
		{"Window functions", windowFunctions()},
		{"Conditions", conditionalFunctions()},
		{"Dates and times", dateFunctions()},
		{"Formats", formatFunctions()},
		{"Texts", textFunctions()},
		{"Regular expressions", regexpFunctions()},
		{"Numbers", mathFunctions()},
		{"Hashes", hashFunctions()},
		{"JSON in texts", jsonFunctions()},
		{"SUPER", append(superFunctions(), arrayFunctions()...)},
		{"VARBYTE", bytesFunctions()},
		{"Session and system", append(systemFunctions(), accountFunctions()...)},
		{"Refused", refusedFunctions()},
	}
}

var byName struct {
	sync.Once
	functions map[string]*function
}

// functionNamed is the function of a name, or nil.
func functionNamed(name string) *function {
	byName.Do(func() { byName.functions = functionsByName() })
	return byName.functions[name]
}

func functionsByName() map[string]*function {
	m := map[string]*function{}
	for _, f := range families() {
		for i := range f.functions {
			m[f.functions[i].name] = &f.functions[i]
		}
	}
	return m
}

// special are functions whose arguments the parser reads by itself.
var special = set("extract position trim substring convert")

// known reports a function that does not exist, or is not modelled.
func known(t Token) error {
	f := functionNamed(t.Value)
	switch {
	case special[t.Value]:
		return nil
	case f == nil && spatial(t.Value):
		return failAt(t.Start, "function %s() is not modelled here: there are no types GEOMETRY and GEOGRAPHY", t.Value)
	case f == nil || t.Kind == quoted:
		return failAt(t.Start, "function %s() does not exist", t.Value)
	case f.refused != "":
		return failAt(t.Start, "function %s() is not modelled here: %s", t.Value, f.refused)
	}
	return nil
}

// spatial reports whether a name is one of the spatial functions' ("Spatial functions").
func spatial(name string) bool {
	return strings.HasPrefix(name, "st_") || strings.HasPrefix(name, "h3_") || set("addbbox dropbbox supportsbbox geometrytype")[name]
}

// columnName is what a column of the call is called.
func (x *call) columnName() string {
	if f := functionNamed(x.name); f != nil && f.column != "" {
		return f.column
	}
	return x.name
}

// callContext is a call that is being bound.
type callContext struct {
	*binder
	x     *call
	s     *scope
	f     *function
	args  []value
	frame string // OVER (...) with what it holds, after a blank; "" without
}

// call binds the call of a function.
func (b *binder) call(x *call, s *scope) value {
	f := functionNamed(x.name)
	if f == nil {
		b.fail(x.pos(), "function %s() does not exist", x.name)
	}
	if f.refused != "" {
		b.fail(x.pos(), "function %s() is not modelled here: %s", x.name, f.refused)
	}
	if n := len(x.args); n < f.min || f.max >= 0 && n > f.max || x.star && x.name != "count" {
		b.fail(x.pos(), "function %s() does not take %d arguments: %s%s", x.name, n, strings.ToUpper(x.name), f.signature)
	}
	c := &callContext{binder: b, x: x, s: s, f: f}
	c.checkPlace()
	inner := s
	switch {
	case f.kind == aggregate && x.over == nil:
		inner = s.inner("the arguments of an aggregate", false, false)
	case x.over != nil:
		inner = s.inner("the arguments of a window function", s.aggregates, false)
		c.frame = " OVER (" + b.over(x.over, inner) + ")"
	}
	for _, a := range x.args {
		c.args = append(c.args, b.expr(a, inner))
	}
	v := f.bind(c).from(c.args...)
	v.aggregated = v.aggregated || f.kind == aggregate && x.over == nil
	v.windowed = v.windowed || x.over != nil
	v.name = x.columnName()
	return v
}

// checkPlace refuses aggregates and window functions where they cannot stand, and clauses that a function does not take.
func (c *callContext) checkPlace() {
	x, f := c.x, c.f
	switch {
	case f.kind == aggregate && x.over == nil && !c.s.aggregates:
		if c.s.clause == "the arguments of an aggregate" {
			c.fail(x.pos(), "aggregate function calls may not have nested aggregate or window functions")
		}
		c.fail(x.pos(), "aggregate functions are not allowed in %s", c.s.clause)
	case x.over != nil && f.kind == scalar:
		c.fail(x.pos(), "OVER specified, but %s is not a window function nor an aggregate function", x.name)
	case x.over != nil && !c.s.windows:
		c.fail(x.pos(), "window functions are not allowed in %s", c.s.clause)
	case f.kind == ranking && x.over == nil:
		c.fail(x.pos(), "window function call requires an OVER clause")
	case x.distinct && f.kind != aggregate:
		c.fail(x.pos(), "DISTINCT specified, but %s is not an aggregate function", x.name)
	case x.distinct && x.over != nil:
		c.fail(x.pos(), "DISTINCT isn't supported in window functions")
	case x.within != nil && !withinGroup[x.name]:
		c.fail(x.pos(), "WITHIN GROUP specified, but %s is not an ordered set aggregate", x.name)
	case x.ignoreNulls && !nullsClause[x.name]:
		c.fail(x.pos(), "%s does not take IGNORE NULLS", x.name)
	}
	c.checkFrame()
}

var (
	withinGroup = set("listagg percentile_cont percentile_disc")
	nullsClause = set("first_value last_value nth_value lag lead")
	framed      = set("first_value last_value nth_value")
)

// checkFrame holds windows to Redshift's rules ("Window function syntax summary"): aggregates, FIRST_VALUE and the like need a
// frame with ORDER BY, ranking functions take none.
func (c *callContext) checkFrame() {
	w := c.x.over
	if w == nil {
		return
	}
	takesFrame := c.f.kind == aggregate && !withinGroup[c.x.name] && c.x.name != "median" || framed[c.x.name]
	switch {
	case takesFrame && w.order != nil && w.frame == "":
		c.fail(int(w.at), "Aggregate window functions with an ORDER BY clause require a frame clause")
	case takesFrame && w.order == nil && w.frame != "":
		c.fail(int(w.at), "a frame clause needs ORDER BY")
	case !takesFrame && w.frame != "":
		c.fail(int(w.at), "%s does not take a frame clause", c.x.name)
	case w.order != nil && (withinGroup[c.x.name] || c.x.name == "median" || c.x.name == "ratio_to_report"):
		c.fail(int(w.at), "%s does not take ORDER BY in OVER", c.x.name)
	}
}

// over writes what stands in OVER.
func (b *binder) over(w *window, s *scope) string {
	var parts []string
	if len(w.partition) > 0 {
		items := make([]string, len(w.partition))
		for i, x := range w.partition {
			items[i] = b.expr(x, s).groupable()
		}
		parts = append(parts, "PARTITION BY "+strings.Join(items, ", "))
	}
	if len(w.order) > 0 {
		items := make([]string, len(w.order))
		for i, o := range w.order {
			if l, ok := o.x.(*literal); ok && l.kind == numberLiteral {
				b.fail(l.pos(), "window ORDER BY takes expressions, not positions")
			}
			items[i] = b.expr(o.x, s).groupable() + o.direction()
		}
		parts = append(parts, "ORDER BY "+strings.Join(items, ", "))
	}
	if w.frame != "" {
		parts = append(parts, w.frame)
	}
	return strings.Join(parts, " ")
}

// place is where argument i stands.
func (c *callContext) place(i int) int { return c.x.args[i].pos() }

// as is argument i as a type.
func (c *callContext) as(i int, t Type) string { return c.coerce(c.args[i], t, c.place(i)).sql }

func (c *callContext) text(i int) string    { return c.as(i, textType) }
func (c *callContext) integer(i int) string { return c.as(i, int8Type) }
func (c *callContext) float(i int) string   { return c.as(i, float8Type) }
func (c *callContext) has(i int) bool       { return i < len(c.args) }

// constant is the text of argument i, which has to be a literal.
func (c *callContext) constant(i int) string {
	if !c.args[i].constant {
		c.fail(c.place(i), "argument %d of %s is a literal", i+1, strings.ToUpper(c.x.name))
	}
	return c.args[i].text
}

func (c *callContext) wrong(i int) {
	kinds := make([]string, len(c.args))
	for n, a := range c.args {
		kinds[n] = sqlNames[a.typ.Kind]
	}
	c.fail(c.place(i), "function %s(%s) does not exist", c.x.name, strings.Join(kinds, ", "))
}

// texts binds a function of DuckDB with the same meaning, whose arguments are texts.
func texts(duck string, t Type) func(*callContext) value {
	return func(c *callContext) value {
		list := make([]string, len(c.args))
		for i := range c.args {
			list[i] = c.text(i)
		}
		return of(t, fn(duck, list...))
	}
}
