package draw

import (
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// caption is the small line above a state's name: what kind of state it is.
func caption(s *ast.State) string {
	switch s.Type {
	case ast.TypeTask:
		return taskCaption(s.Resource)
	case ast.TypeWait:
		return waitCaption(s)
	case ast.TypeFail:
		if e, ok := s.Error.Text(); ok && e != "" {
			return "Fail: " + e
		}
	case ast.TypeParallel:
		return "Parallel state"
	case ast.TypeMap:
		if s.Distributed() {
			return "Distributed Map state"
		}
		return "Map state"
	case "":
		return "State without a type"
	}
	return string(s.Type) + " state"
}

func waitCaption(s *ast.State) string {
	switch {
	case s.Seconds.IsSet():
		if n, ok := s.Seconds.Number(); ok {
			return "Wait " + duration(n)
		}
		if e, ok := s.Seconds.Expression(); ok {
			return "Wait for seconds " + e
		}
		return "Wait for seconds " + plainText(s.Seconds.Value())
	case s.SecondsPath.IsSet():
		return "Wait for seconds " + plainText(s.SecondsPath.Value())
	case s.TimestampPath.IsSet():
		return "Wait until " + plainText(s.TimestampPath.Value())
	case s.Timestamp.IsSet():
		if e, ok := s.Timestamp.Expression(); ok {
			return "Wait until " + e
		}
		return "Wait until " + plainText(s.Timestamp.Value())
	}
	return "Wait state"
}

func plainText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonvalue.String(v)
}

func duration(seconds float64) string {
	number := func(f float64) string { return jsonvalue.String(f) }
	switch n := int64(seconds); {
	case float64(n) != seconds || n <= 0:
	case n%86400 == 0:
		return number(seconds/86400) + " d"
	case n%3600 == 0:
		return number(seconds/3600) + " h"
	case n%60 == 0:
		return number(seconds/60) + " min"
	}
	return number(seconds) + " s"
}

// resource is what the ARN of a task says.
type resource struct {
	service, action string // "glue", "startJobRun"; action may be a function's name
	pattern         string // "sync", "sync:2", "waitForTaskToken"
}

func parseResource(arn string) resource {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 || parts[0] != "arn" {
		return resource{}
	}
	rest := parts[5:]
	switch service := parts[2]; {
	case service == "states" && rest[0] == "activity" && len(rest) > 1:
		return resource{"activity", rest[1], ""}
	case service == "states" && len(rest) > 1:
		if rest[0] == "aws-sdk" {
			rest = rest[1:]
		}
		action, pattern, _ := strings.Cut(strings.Join(rest[1:], ":"), ".")
		return resource{rest[0], action, pattern}
	case service == "lambda" && rest[0] == "function" && len(rest) > 1:
		return resource{"lambda", rest[1], ""}
	}
	return resource{}
}

func taskCaption(arn string) string {
	r := parseResource(arn)
	if r.service == "" {
		if arn == "" {
			return "Task state"
		}
		return "Task: " + arn
	}
	text := serviceOf(r.service).name
	if r.action != "" {
		text += ": " + strings.ToUpper(r.action[:1]) + r.action[1:]
	}
	switch r.pattern {
	case "":
	case "waitForTaskToken":
		text += " (callback)"
	default:
		text += " (" + r.pattern + ")"
	}
	return text
}

// condition is a choice rule as a reader would say it.
func condition(r *ast.Rule) string {
	return conditionText(r, 0)
}

func conditionText(r *ast.Rule, depth int) string {
	if r == nil || depth > 20 {
		return "…"
	}
	join := func(rules []*ast.Rule, word string) string {
		parts := make([]string, len(rules))
		for i, p := range rules {
			parts[i] = conditionText(p, depth+1)
			if p != nil && (len(p.And) > 1 || len(p.Or) > 1) {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, " "+word+" ")
	}
	switch {
	case len(r.And) > 0:
		return join(r.And, "and")
	case len(r.Or) > 0:
		return join(r.Or, "or")
	case r.Not != nil:
		return "not (" + conditionText(r.Not, depth+1) + ")"
	case r.Condition.IsSet():
		if e, ok := r.Condition.Expression(); ok {
			return oneLine(e)
		}
		return r.Condition.String()
	case r.Operator == "":
		return "…"
	}
	return comparison(r)
}

// comparison is a single comparison.
func comparison(r *ast.Rule) string {
	name := string(r.Operator)
	operand := jsonvalue.String(r.Operand)
	if r.Operator.FromPath() {
		name = strings.TrimSuffix(name, "Path")
		operand = path(plainText(r.Operand))
	}
	variable := path(r.Variable)
	if what, ok := strings.CutPrefix(name, "Is"); ok {
		phrase := map[string][2]string{
			"Null": {"is null", "is not null"}, "Present": {"is present", "is missing"},
			"Numeric": {"is a number", "is no number"}, "String": {"is a string", "is no string"},
			"Boolean": {"is a boolean", "is no boolean"}, "Timestamp": {"is a timestamp", "is no timestamp"},
		}[what]
		if yes, ok := r.Operand.(bool); ok && phrase[0] != "" {
			if yes {
				return variable + " " + phrase[0]
			}
			return variable + " " + phrase[1]
		}
	}
	for _, kind := range []string{"String", "Numeric", "Boolean", "Timestamp"} {
		relation, ok := strings.CutPrefix(name, kind)
		sign := map[string]string{"Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "≤",
			"GreaterThanEquals": "≥", "Matches": "matches"}[relation]
		if ok && sign != "" {
			return variable + " " + sign + " " + operand
		}
	}
	return variable + " " + name + " " + operand
}

// path is a path without the "$." that all of them begin with.
func path(p string) string {
	switch rest, ok := strings.CutPrefix(p, "$."); {
	case ok && rest != "":
		return rest
	case p == "$":
		return "input"
	}
	return p
}
