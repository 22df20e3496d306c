package events

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"airline/asl/jsonvalue"
)

// Transformer makes a target's input of an event: values picked by paths, put into a template.
//
// A template that begins with { or [ is JSON: a variable that stands for itself becomes the value as JSON, one inside a
// string becomes the value's text, strings bare and the rest as JSON, unescaped; a result that is no JSON is not
// delivered. Any other template is text: the variables become text, objects and lists without the quotes of their
// strings. A path that leads nowhere gives an empty text. Source: EventBridge User Guide, "Amazon EventBridge input
// transformation", and recorded deliveries.
type Transformer struct {
	paths    map[string]path
	template string
	json     bool
}

// Predefined are the values of the variables that need no path.
type Predefined struct {
	RuleARN, RuleName string
	Ingestion         string // when EventBridge received the event, ISO 8601
}

// EventBridge's limits of an input transformer (API reference, InputTransformer).
const (
	maxPaths        = 100
	maxVariableName = 256
	maxTemplate     = 8192
)

// ParseTransformer checks paths and template as PutTargets does, and reports everything that is wrong.
func ParseTransformer(paths map[string]string, template string) (*Transformer, error) {
	var problems []string
	bad := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if len(paths) > maxPaths {
		bad("has %d paths, EventBridge takes %d", len(paths), maxPaths)
	}
	if n := len([]rune(template)); n < 1 || n > maxTemplate {
		bad("the template has %d characters, EventBridge takes 1 to %d", n, maxTemplate)
	}
	start := strings.TrimSpace(template)
	t := &Transformer{paths: map[string]path{}, template: template, json: strings.HasPrefix(start, "{") || strings.HasPrefix(start, "[")}
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		switch {
		case name == "" || len(name) > maxVariableName || !isVariableName(name):
			bad("the name %q must be 1 to %d letters, digits, - and _", name, maxVariableName)
		case strings.HasPrefix(strings.ToLower(name), "aws"):
			bad("the name %q is reserved: names may not begin with aws", name)
		}
		p, err := parsePath(paths[name])
		if err != nil {
			bad("path %q of %q: %v", paths[name], name, err)
		}
		t.paths[name] = p
	}
	t.checkTemplate(bad)
	if len(problems) > 0 {
		return nil, fmt.Errorf("input transformer: %s", strings.Join(problems, "; "))
	}
	return t, nil
}

func (t *Transformer) checkTemplate(bad func(string, ...any)) {
	var sample strings.Builder
	t.expand(&sample, func(name string, quoted bool, at int) string {
		if _, ok := t.paths[name]; !ok && !isPredefined(name) {
			bad("the template's variable <%s> has no path", name)
		}
		if quoted && (name == wholeEvent || name == wholeEventJSON) {
			bad("the variable <%s> can only be the value of a JSON field, not stand inside a text", name)
		}
		if t.json && isKey(t.template, at+len(name)+2, quoted) {
			bad("the variable <%s> cannot be an object's key", name)
		}
		if quoted {
			return "x"
		}
		return "0"
	})
	if !t.json {
		return
	}
	if _, err := jsonvalue.Decode([]byte(sample.String())); err != nil {
		bad("the template begins as JSON but is none: %v", err)
	}
}

// isKey reports whether what ends at a place of the template is an object's key: a colon follows, after the rest of the
// text that it stands in.
func isKey(template string, end int, quoted bool) bool {
	rest := template[end:]
	if quoted {
		for i := 0; i < len(rest); i++ {
			if rest[i] == '\\' {
				i++
			} else if rest[i] == '"' {
				rest = rest[i+1:]
				break
			}
		}
	}
	return strings.HasPrefix(strings.TrimSpace(rest), ":")
}

const (
	wholeEvent     = "aws.events.event"
	wholeEventJSON = "aws.events.event.json"
)

func isPredefined(name string) bool {
	switch name {
	case "aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", wholeEvent, wholeEventJSON:
		return true
	}
	return false
}

// expand writes the template with its variables replaced. The function gets a variable's name, whether it stands inside
// a string, and where.
func (t *Transformer) expand(b *strings.Builder, replace func(name string, quoted bool, at int) string) {
	quoted, rest := false, t.template
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
			name, ok := variableAt(rest[i:])
			if !ok {
				b.WriteByte(c)
				continue
			}
			b.WriteString(replace(name, quoted, i))
			i += len(name) + 1
		default:
			b.WriteByte(c)
		}
	}
}

// Apply makes the input for one event: minified JSON, or the text of a text template as it came out. The error says
// that a JSON template gave no JSON, because of what a value brought into a string.
func (t *Transformer) Apply(event *jsonvalue.Object, p Predefined) (string, error) {
	var b strings.Builder
	t.expand(&b, func(name string, quoted bool, _ int) string {
		v := t.value(name, event, p)
		if s, ok := v.(string); ok && (quoted || !t.json) {
			return s
		}
		if !t.json {
			return withoutQuotes(v)
		}
		return jsonvalue.String(v)
	})
	out := b.String()
	if !t.json {
		return out, nil
	}
	v, err := jsonvalue.Decode([]byte(out))
	if err != nil {
		return "", fmt.Errorf("input transformer: the result is no JSON: %w: %s", err, out)
	}
	return jsonvalue.String(v), nil
}

func (t *Transformer) value(name string, event *jsonvalue.Object, p Predefined) any {
	switch name {
	case "aws.events.rule-arn":
		return p.RuleARN
	case "aws.events.rule-name":
		return p.RuleName
	case "aws.events.event.ingestion-time":
		return p.Ingestion
	case wholeEventJSON:
		return event
	case wholeEvent:
		return header(event, p)
	}
	if v, ok := t.paths[name].find(event); ok {
		return v
	}
	return ""
}

// header is the event without its detail, in the names and the order in which EventBridge writes it (recorded).
func header(event *jsonvalue.Object, p Predefined) *jsonvalue.Object {
	o := &jsonvalue.Object{}
	for _, member := range [][2]string{{"id", "id"}, {"account", "account"}, {"detailType", "detail-type"}, {"time", ""}, {"source", "source"}, {"region", "region"}, {"resources", "resources"}, {"version", "version"}} {
		if member[1] == "" {
			o.Set(member[0], p.Ingestion)
			continue
		}
		if v, ok := event.Get(member[1]); ok {
			o.Set(member[0], v)
		}
	}
	return o
}

// withoutQuotes is a value in a text template: JSON whose strings and names have no quotes.
func withoutQuotes(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = withoutQuotes(e)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case *jsonvalue.Object:
		var parts []string
		for name, e := range v.All() {
			parts = append(parts, name+":"+withoutQuotes(e))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return jsonvalue.String(v)
}

// variableAt reads <name> at the beginning of s.
func variableAt(s string) (string, bool) {
	end := strings.IndexByte(s, '>')
	if end < 2 {
		return "", false
	}
	name := s[1:end]
	return name, isVariableName(strings.ReplaceAll(name, ".", ""))
}

func isVariableName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
