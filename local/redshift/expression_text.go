package redshift

import "strings"

// written writes an expression as EXPLAIN shows it, with its columns as they are named in it.
func written(x Expr) string {
	return expressionText(x, func(r *reference) string { return strings.Join(r.parts, ".") })
}

// expressionText writes an expression as EXPLAIN shows it; column writes its columns.
func expressionText(x Expr, column func(*reference) string) string {
	w := expressionWriter{column}
	return w.text(x)
}

type expressionWriter struct{ column func(*reference) string }

func (w expressionWriter) list(items []Expr) string {
	texts := make([]string, len(items))
	for i, x := range items {
		texts[i] = w.text(x)
	}
	return strings.Join(texts, ", ")
}

func (w expressionWriter) text(x Expr) string {
	switch x := x.(type) {
	case *literal:
		switch x.kind {
		case textLiteral:
			return quoteText(x.value)
		case nullLiteral:
			return "NULL"
		}
		return x.value
	case *parameter:
		return "$" + x.name
	case *reference:
		return w.column(x)
	case *star:
		return "*"
	case *field:
		return w.text(x.x) + "." + x.name
	case *index:
		return w.text(x.x) + "[" + w.text(x.i) + "]"
	case *unary:
		if x.op == "not" {
			return "(NOT " + w.text(x.x) + ")"
		}
		return "(" + x.op + " " + w.text(x.x) + ")"
	case *binaryExpr:
		return "(" + w.text(x.l) + " " + strings.ToUpper(x.op) + " " + w.text(x.r) + ")"
	case *is:
		return "(" + w.text(x.x) + " IS " + w.not(x.not) + strings.ToUpper(x.what) + ")"
	case *between: // as PostgreSQL's planner has it
		both := "((" + w.text(x.x) + " >= " + w.text(x.low) + ") AND (" + w.text(x.x) + " <= " + w.text(x.high) + "))"
		if x.not {
			return "(NOT " + both + ")"
		}
		return both
	case *like:
		return w.like(x)
	case *caseExpr:
		return w.caseText(x)
	case *cast:
		return "(" + w.text(x.x) + ")::" + x.typ.String()
	case *typed:
		return quoteText(x.value) + "::" + x.typ.String()
	case *interval:
		return quoteText(x.value) + "::interval"
	case *call:
		return w.call(x)
	case *atTimeZone:
		return "timezone(" + w.text(x.zone) + ", " + w.text(x.x) + ")"
	case *row:
		return "ROW(" + w.list(x.items) + ")"
	case *in:
		if x.query != nil {
			return "(" + w.text(x.x) + " " + w.not(x.not) + "IN (subplan))"
		}
		return "(" + w.text(x.x) + " " + w.not(x.not) + "IN (" + w.list(x.list) + "))"
	case *quantified:
		return "(" + w.text(x.x) + " " + x.op + " (subplan))"
	}
	return "(subplan)"
}

func (w expressionWriter) not(not bool) string {
	if not {
		return "NOT "
	}
	return ""
}

// like writes LIKE as the operators that it is.
func (w expressionWriter) like(x *like) string {
	op := map[string]string{"like": "~~", "ilike": "~~*"}[x.op]
	if op == "" {
		return "(" + w.text(x.x) + " " + w.not(x.not) + "SIMILAR TO " + w.text(x.pattern) + ")"
	}
	if x.not {
		op = "!" + op
	}
	return "(" + w.text(x.x) + " " + op + " " + w.text(x.pattern) + ")"
}

func (w expressionWriter) caseText(x *caseExpr) string {
	s := "CASE"
	if x.operand != nil {
		s += " " + w.text(x.operand)
	}
	for _, c := range x.whens {
		s += " WHEN " + w.text(c.condition) + " THEN " + w.text(c.result)
	}
	if x.otherwise != nil {
		s += " ELSE " + w.text(x.otherwise)
	}
	return s + " END"
}

func (w expressionWriter) call(x *call) string {
	arguments := w.list(x.args)
	switch {
	case x.bare:
		return x.name
	case x.star:
		arguments = "*"
	case x.distinct:
		arguments = "DISTINCT " + arguments
	}
	s := x.name + "(" + arguments + ")"
	if x.over != nil {
		s += " OVER (...)"
	}
	return s
}

// visit calls f with an expression and all that it consists of, without the queries in it.
func visit(x Expr, f func(Expr)) {
	if x == nil {
		return
	}
	f(x)
	for _, part := range parts(x) {
		visit(part, f)
	}
}

// parts are the expressions that an expression consists of.
func parts(x Expr) []Expr {
	switch x := x.(type) {
	case *field:
		return []Expr{x.x}
	case *index:
		return []Expr{x.x, x.i}
	case *unary:
		return []Expr{x.x}
	case *binaryExpr:
		return []Expr{x.l, x.r}
	case *is:
		return []Expr{x.x}
	case *in:
		return append([]Expr{x.x}, x.list...)
	case *between:
		return []Expr{x.x, x.low, x.high}
	case *like:
		return []Expr{x.x, x.pattern, x.escape}
	case *caseExpr:
		all := []Expr{x.operand, x.otherwise}
		for _, w := range x.whens {
			all = append(all, w.condition, w.result)
		}
		return all
	case *cast:
		return []Expr{x.x}
	case *call:
		all := x.args
		for _, o := range x.within {
			all = append(all[:len(all):len(all)], o.x)
		}
		return all
	case *atTimeZone:
		return []Expr{x.x, x.zone}
	case *row:
		return x.items
	case *quantified:
		return []Expr{x.x}
	}
	return nil
}
