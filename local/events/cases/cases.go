// Package cases runs recorded cases of event patterns and input transformers, as data files hold them, and compares.
//
// A case of a pattern is {"id", "p": pattern, "e": event, "m": matches} or {"p", "refused": true}, the pattern and the
// event as texts. A case without an id was recorded with event-ruler alone, which lets a later condition of a path
// replace an earlier one where EventBridge refuses the pattern. A case of a transformer is {"event", "paths",
// "template", "expected"}: the expected text or JSON, REJECT where PutTargets refuses, DROP where nothing is delivered,
// or a remark where nothing was recorded, which is not judged.
package cases

import (
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
	"airline/local/events"
)

// Result is the outcome of one case.
type Result struct {
	ID        string
	Got, Want string
	Judged    bool // false where the case says nothing to compare with
}

// Failed reports whether a judged case came out otherwise than recorded.
func (r Result) Failed() bool { return r.Judged && r.Got != r.Want }

// IsPattern and IsTransformer tell the kind of a case by its members.
func IsPattern(c *jsonvalue.Object) bool { return has(c, "p") && (has(c, "m") || has(c, "refused")) }

// IsTransformer tells whether a case is one of an input transformer.
func IsTransformer(c *jsonvalue.Object) bool { return has(c, "template") && has(c, "expected") }

func has(c *jsonvalue.Object, name string) bool {
	_, ok := c.Get(name)
	return ok
}

// Pattern runs a case of an event pattern.
func Pattern(c *jsonvalue.Object) Result {
	id, recorded := text(c, "id")
	source, _ := text(c, "p")
	parse := events.ParsePattern
	if !recorded {
		parse = events.ParseOverridingPattern
	}
	r := Result{ID: id, Judged: true, Want: "refused"}
	if matches, ok := c.Get("m"); ok && matches != nil {
		r.Want = fmt.Sprint(matches)
	}
	p, err := parse(source)
	if err != nil {
		r.Got = "refused"
		if r.Want != r.Got {
			r.Got += ": " + err.Error()
		}
		return r
	}
	event, _ := text(c, "e")
	v, err := jsonvalue.Decode([]byte(event))
	switch {
	case event == "":
		r.Got = "accepted"
	case err != nil:
		r.Got = "event: " + err.Error()
	default:
		r.Got = fmt.Sprint(p.Match(v))
	}
	return r
}

func text(c *jsonvalue.Object, name string) (string, bool) {
	v, _ := c.Get(name)
	s, ok := v.(string)
	return s, ok
}

// Predefined are the values of the predefined variables in the recorded cases.
var Predefined = events.Predefined{RuleARN: "arn:aws:events:us-east-1:123456789012:rule/example", RuleName: "example", Ingestion: "2024-01-01T00:00:00Z"}

// Transformer runs a case of an input transformer; named are the file's events by name.
func Transformer(c, named *jsonvalue.Object) Result {
	template, _ := text(c, "template")
	r := Result{ID: template}
	event, _ := c.Get("event")
	if name, ok := event.(string); ok {
		event, _ = named.Get(name)
	}
	o, ok := event.(*jsonvalue.Object)
	if !ok {
		return Result{ID: template, Judged: true, Got: "no event", Want: "an event"}
	}
	paths := map[string]string{}
	if given, _ := c.Get("paths"); given != nil {
		for name, path := range given.(*jsonvalue.Object).All() {
			// A name of a length that is out of bounds is shortened in the file.
			if short, ok := strings.CutSuffix(name, "..."); ok {
				name = strings.Repeat(short, 257)
			}
			paths[name] = fmt.Sprint(path)
		}
	}
	expected, _ := c.Get("expected")
	source, _ := text(c, "source")
	want, isText := expected.(string)
	switch {
	case expected == nil:
	case isText && strings.HasPrefix(want, "REJECT") && !strings.Contains(want, "?"):
		r.Judged, r.Want = true, "REJECT"
	case isText && want == "DROP":
		r.Judged, r.Want = true, "DROP"
	case !isText:
		r.Judged, r.Want = true, strings.ReplaceAll(jsonvalue.String(expected), "<ingestion-time>", Predefined.Ingestion)
	case source == "docs" || strings.HasPrefix(source, "aws-recorded"):
		r.Judged, r.Want = true, want
	}
	r.Got = transform(paths, template, o)
	if r.Want == "REJECT" && strings.HasPrefix(r.Got, "REJECT") {
		r.Got = "REJECT"
	}
	return r
}

func transform(paths map[string]string, template string, event *jsonvalue.Object) string {
	t, err := events.ParseTransformer(paths, template)
	if err != nil {
		return "REJECT: " + err.Error()
	}
	out, err := t.Apply(event, Predefined)
	if err != nil {
		return "DROP"
	}
	return out
}
