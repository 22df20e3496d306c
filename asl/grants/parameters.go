package grants

import (
	"regexp"
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// parameters are a task's parameters as far as they are known before it runs.
type parameters struct {
	object  *jsonvalue.Object
	unknown bool // they come from the input as a whole
}

func parametersOf(fields ...ast.Field) parameters {
	for _, f := range fields {
		if o, ok := f.Value().(*jsonvalue.Object); ok {
			return parameters{object: o}
		}
	}
	return parameters{unknown: true}
}

// texts are the possible values of a parameter, with * for what is decided at
// run time; none when the parameter is absent. name may be a path "A.B", through
// lists too.
func (p parameters) texts(name string) []string {
	if p.unknown {
		return []string{"*"}
	}
	return textsAt(p.object, strings.Split(name, "."))
}

// omitted tells whether an item of a list leaves the parameter "List.Name" out.
func (p parameters) omitted(name string) bool {
	list, member, nested := strings.Cut(name, ".")
	if p.unknown || !nested {
		return false
	}
	for k, v := range p.object.All() {
		items, ok := v.([]any)
		if !ok || !strings.EqualFold(k, list) {
			continue
		}
		for _, item := range items {
			if o, ok := item.(*jsonvalue.Object); ok && len(textsAt(o, []string{member})) == 0 {
				return true
			}
		}
	}
	return false
}

// has tells whether the parameter is given or may be.
func (p parameters) has(name string) bool { return len(p.texts(name)) > 0 }

func textsAt(v any, path []string) []string {
	if list, ok := v.([]any); ok {
		var texts []string
		for _, item := range list {
			texts = append(texts, textsAt(item, path)...)
		}
		return texts
	}
	if len(path) == 0 {
		if s, ok := v.(string); ok {
			return []string{staticPart(s)}
		}
		if v == nil {
			return nil
		}
		return []string{"*"}
	}
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		if s, ok := v.(string); ok {
			if _, dynamic := ast.Expression(s); dynamic {
				return []string{"*"}
			}
		}
		return nil
	}
	for k, m := range o.All() {
		if strings.EqualFold(k, path[0]) {
			return textsAt(m, path[1:])
		}
		if bare, dynamic := strings.CutSuffix(k, ".$"); dynamic && strings.EqualFold(bare, path[0]) {
			if text, ok := m.(string); ok && len(path) == 1 {
				return []string{formatPattern(text)}
			}
			return []string{"*"}
		}
	}
	return nil
}

// staticPart is a literal text, or * for a JSONata expression.
func staticPart(s string) string {
	if _, ok := ast.Expression(s); ok {
		return "*"
	}
	return s
}

var formatCall = regexp.MustCompile(`(?s)^\s*States\.Format\(\s*'((?:[^'\\]|\\.)*)'`)

// formatPattern is what is known of a JSONPath expression's value: the template
// of States.Format with * in its gaps, else *.
func formatPattern(expression string) string {
	m := formatCall.FindStringSubmatch(expression)
	if m == nil {
		return "*"
	}
	var b strings.Builder
	for i := 0; i < len(m[1]); i++ {
		switch c := m[1][i]; {
		case c == '\\' && i+1 < len(m[1]):
			i++
			b.WriteByte(m[1][i])
		case strings.HasPrefix(m[1][i:], "{}"):
			b.WriteByte('*')
			i++
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// keys are the names of an object parameter.
func (p parameters) keys(name string) []string {
	if p.unknown {
		return []string{"*"}
	}
	for k, v := range p.object.All() {
		if k == name {
			if o, ok := v.(*jsonvalue.Object); ok {
				var keys []string
				for key := range o.All() {
					keys = append(keys, strings.TrimSuffix(key, ".$"))
				}
				return keys
			}
			return []string{"*"}
		}
	}
	return []string{"*"}
}

// anywhere are the texts of every member of that name, however deep.
func (p parameters) anywhere(name string) []string {
	if p.unknown {
		return []string{"*"}
	}
	var texts []string
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				visit(item)
			}
		case *jsonvalue.Object:
			texts = append(texts, textsAt(v, []string{name})...)
			for _, m := range v.All() {
				visit(m)
			}
		}
	}
	visit(p.object)
	if len(texts) == 0 {
		return []string{"*"}
	}
	return texts
}

// count is how often a member stands in the parameters, at any depth, literally or computed.
func (p parameters) count(name string) int {
	if p.unknown {
		return 0
	}
	return membersNamed(p.object, name)
}

func membersNamed(v any, name string) (n int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += membersNamed(item, name)
		}
	case *jsonvalue.Object:
		for k, m := range v.All() {
			if strings.TrimSuffix(k, ".$") == name {
				n++
			}
			n += membersNamed(m, name)
		}
	}
	return n
}
