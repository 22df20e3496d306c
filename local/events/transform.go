package events

import (
	"fmt"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

// Transformer makes a target's input of an event: values picked by paths, put into a template.
//
// In a JSON template a placeholder that stands for itself becomes the value as JSON, one inside a string
// becomes the value's bare text, unescaped. A path that leads nowhere gives an empty text. Source: EventBridge
// User Guide, "Amazon EventBridge input transformation".
type Transformer struct {
	paths    map[string]path
	template string
}

// Reserved are the values of the placeholders that need no path.
type Reserved struct {
	RuleARN, RuleName string
	Ingestion         string // when EventBridge received the event, ISO 8601
}

// maxPaths is EventBridge's quota of input paths.
const maxPaths = 100

// ParseTransformer checks paths and template. A placeholder without a path is an error, as in PutTargets.
func ParseTransformer(paths map[string]string, template string) (*Transformer, error) {
	if len(paths) > maxPaths {
		return nil, fmt.Errorf("input transformer: has %d paths, EventBridge takes %d", len(paths), maxPaths)
	}
	if template == "" || len(template) > 8192 {
		return nil, fmt.Errorf("input transformer: the template has %d characters, EventBridge takes 1 to 8192", len(template))
	}
	t := &Transformer{paths: map[string]path{}, template: template}
	for name, source := range paths {
		if strings.HasPrefix(strings.ToLower(name), "aws") {
			return nil, fmt.Errorf("input transformer: the name %q is reserved", name)
		}
		p, err := parsePath(source)
		if err != nil {
			return nil, fmt.Errorf("input transformer: path %q of %q: %w", source, name, err)
		}
		t.paths[name] = p
	}
	for _, name := range placeholders(template) {
		if _, ok := t.paths[name]; !ok && !isReserved(name) {
			return nil, fmt.Errorf("input transformer: the template's placeholder <%s> has no path", name)
		}
	}
	return t, nil
}

func isReserved(name string) bool {
	switch name {
	case "aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", "aws.events.event", "aws.events.event.json":
		return true
	}
	return false
}

// Apply makes the input for one event. The result is JSON, minified, unless the template is plain text or the
// values that it took into a string made it invalid; then it is the text as it came out.
func (t *Transformer) Apply(event *jsonvalue.Object, r Reserved) string {
	var b strings.Builder
	quoted, rest := false, t.template
	isJSON := strings.HasPrefix(strings.TrimSpace(rest), "{") || strings.HasPrefix(strings.TrimSpace(rest), "[")
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case c == '\\' && quoted && i+1 < len(rest):
			b.WriteByte(c)
			i++
			b.WriteByte(rest[i])
		case c == '"':
			quoted = !quoted
			b.WriteByte(c)
		case c == '<':
			name, ok := placeholderAt(rest[i:])
			if !ok {
				b.WriteByte(c)
				continue
			}
			i += len(name) + 1
			v := t.value(name, event, r)
			if isJSON && !quoted {
				b.WriteString(jsonvalue.String(v))
			} else {
				b.WriteString(bare(v))
			}
		default:
			b.WriteByte(c)
		}
	}
	out := b.String()
	if v, err := jsonvalue.Decode([]byte(out)); err == nil {
		return jsonvalue.String(v)
	}
	return out
}

func (t *Transformer) value(name string, event *jsonvalue.Object, r Reserved) any {
	switch name {
	case "aws.events.rule-arn":
		return r.RuleARN
	case "aws.events.rule-name":
		return r.RuleName
	case "aws.events.event.ingestion-time":
		return r.Ingestion
	case "aws.events.event.json":
		return event
	case "aws.events.event":
		without := event.Clone()
		without.Delete("detail")
		return without
	}
	if v, ok := t.paths[name].find(event); ok {
		return v
	}
	return ""
}

// bare is a value inside a string: texts as they are, the rest as JSON.
func bare(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonvalue.String(v)
}

// placeholderAt reads <name> at the beginning of s.
func placeholderAt(s string) (string, bool) {
	end := strings.IndexByte(s, '>')
	if end < 2 {
		return "", false
	}
	name := s[1:end]
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return "", false
		}
	}
	return name, true
}

func placeholders(template string) []string {
	var names []string
	for i := range len(template) {
		if template[i] == '<' {
			if name, ok := placeholderAt(template[i:]); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// path is EventBridge's small JSON path: dots, indices, wildcards.
type path []step

type step struct {
	name  string
	index int
	kind  byte // 'n' name, 'i' index, '*' all
}

func parsePath(source string) (path, error) {
	rest, ok := strings.CutPrefix(source, "$")
	if !ok {
		return nil, fmt.Errorf("must begin with $")
	}
	var p path
	for rest != "" {
		switch {
		case rest[0] == '.':
			end := strings.IndexAny(rest[1:], ".[") + 1
			if end == 0 {
				end = len(rest)
			}
			name := rest[1:end]
			rest = rest[end:]
			switch {
			case name == "":
				return nil, fmt.Errorf("has an empty name")
			case name == "*":
				p = append(p, step{kind: '*'})
			default:
				p = append(p, step{kind: 'n', name: name})
			}
		case rest[0] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, fmt.Errorf("lacks a ]")
			}
			inner := rest[1:end]
			rest = rest[end+1:]
			if inner == "*" {
				p = append(p, step{kind: '*'})
				continue
			}
			if n := len(inner); n > 2 && (inner[0] == '\'' && inner[n-1] == '\'' || inner[0] == '"' && inner[n-1] == '"') {
				p = append(p, step{kind: 'n', name: inner[1 : n-1]})
				continue
			}
			index, err := strconv.Atoi(inner)
			if err != nil || index < 0 {
				return nil, fmt.Errorf("%q is not an index", inner)
			}
			p = append(p, step{kind: 'i', index: index})
		default:
			return nil, fmt.Errorf("%q is not a step", rest)
		}
	}
	return p, nil
}

func (p path) find(v any) (any, bool) {
	for i, s := range p {
		switch s.kind {
		case 'n':
			o, _ := v.(*jsonvalue.Object)
			below, ok := o.Get(s.name)
			if !ok {
				return nil, false
			}
			v = below
		case 'i':
			list, ok := v.([]any)
			if !ok || s.index >= len(list) {
				return nil, false
			}
			v = list[s.index]
		case '*':
			var found []any
			for _, e := range children(v) {
				if below, ok := p[i+1:].find(e); ok {
					found = append(found, below)
				}
			}
			return found, found != nil
		}
	}
	return v, true
}

func children(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case *jsonvalue.Object:
		var list []any
		for _, e := range v.All() {
			list = append(list, e)
		}
		return list
	}
	return nil
}
