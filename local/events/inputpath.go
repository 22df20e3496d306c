package events

import (
	"fmt"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

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
