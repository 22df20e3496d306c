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
	calls map[string][]*lookup // the paths in a call
}

func newTexts() *texts { return &texts{map[string]*lookup{}, map[string][]*lookup{}} }

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

// call are the paths in a call of an intrinsic function.
func (t *texts) call(text string) ([]*lookup, error) {
	if paths, known := t.calls[text]; known {
		return paths, nil
	}
	e, err := intrinsic.Parse(text)
	if err != nil {
		return nil, err
	}
	var paths []*lookup
	for _, p := range e.Paths() {
		paths = append(paths, lookupOf(p))
	}
	t.calls[text] = paths
	return paths, nil
}

// readable is the path of a text; nil when it is none or holds a placeholder.
func (t *texts) readable(text string) *lookup {
	if !strings.HasPrefix(text, "$") || HasPlaceholder(text) {
		return nil
	}
	l, _ := t.path(text)
	return l
}
