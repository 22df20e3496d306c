package ast

import (
	"strings"

	"airline/asl/intrinsic"
	"airline/asl/jsonpath"
)

// lookup is a path with its steps.
type lookup struct {
	*jsonpath.Path
	steps     []jsonpath.Step
	reference bool // names one place
}

func lookupOf(p *jsonpath.Path) *lookup {
	l := &lookup{Path: p, steps: p.Steps(), reference: true}
	for _, s := range l.steps {
		l.reference = l.reference && (s.Kind == jsonpath.Property || s.Kind == jsonpath.Index)
	}
	return l
}

// texts are the paths and intrinsic calls of a machine that are right, each read
// once: a machine names the same places again and again.
type texts struct {
	paths map[string]*lookup
	calls map[string]call
}

// call is a call of an intrinsic function.
type call struct {
	paths  []*lookup // in its arguments
	doomed error     // why it fails whatever the data; nil for no such reason
}

func newTexts() *texts { return &texts{map[string]*lookup{}, map[string]call{}} }

func (t *texts) path(text string) (*lookup, error) {
	if l := t.paths[text]; l != nil {
		return l, nil
	}
	p, err := jsonpath.Parse(text)
	if err != nil {
		return nil, err
	}
	l := lookupOf(p)
	t.paths[text] = l
	return l, nil
}

// referencePath is path for one that names one place.
func (t *texts) referencePath(text string) (*lookup, error) {
	l, err := t.path(text)
	if err == nil && !l.reference {
		_, err = jsonpath.ParseReference(text) // says why
	}
	return l, err
}

// call reads a call of an intrinsic function.
func (t *texts) call(text string) (call, error) {
	if c, known := t.calls[text]; known {
		return c, nil
	}
	e, err := intrinsic.Parse(text)
	if err != nil {
		return call{}, err
	}
	c := call{doomed: e.Doomed()}
	for _, p := range e.Paths() {
		c.paths = append(c.paths, lookupOf(p))
	}
	t.calls[text] = c
	return c, nil
}

// readable is the path of a text; nil when it is none or holds a placeholder.
func (t *texts) readable(text string) *lookup {
	if !strings.HasPrefix(text, "$") || HasPlaceholder(text) {
		return nil
	}
	l, _ := t.path(text)
	return l
}
