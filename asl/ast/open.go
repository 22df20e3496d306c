package ast

import (
	"slices"
	"strings"
)

// OpenPart is a part of a definition that a deployment tool fills in as a
// whole, before anything can be known of it: "Retry": "${Retries}".
type OpenPart struct {
	Location string // "/States/RunJob/Retry"
	Text     string // "${Retries}"
	Pos      Position
}

// OpenParts are the parts that are a placeholder where the language has an
// array, an object or a boolean, those of nested definitions included. Validate
// takes them for whatever their place needs; what must look into them, as
// Grants, the interpreter and the import into Go, refuses them by location.
//
// A field that may be a text anyway, such as "TimeoutSeconds": "${T}", is none:
// its Field holds the text.
func (d *Definition) OpenParts() []OpenPart { return openIn(d, "") }

func openIn(d *Definition, at string) []OpenPart {
	out := d.openParts(at)
	for _, s := range d.States {
		location := Pointer(at+"/States", s.Name)
		out = append(out, s.openParts(location)...)
		for i, r := range s.Choices {
			out = append(out, openInRule(r, index(location+"/Choices", i))...)
		}
		for i, r := range s.Retry {
			out = append(out, r.openParts(index(location+"/Retry", i))...)
		}
		for i, c := range s.Catch {
			out = append(out, c.openParts(index(location+"/Catch", i))...)
		}
		if s.ItemReader != nil {
			out = append(out, s.ItemReader.openParts(location+"/ItemReader")...)
		}
		if s.ResultWriter != nil {
			out = append(out, s.ResultWriter.openParts(location+"/ResultWriter")...)
		}
		for i, b := range s.Branches {
			out = append(out, openIn(b, index(location+"/Branches", i))...)
		}
		if s.ItemProcessor != nil {
			out = append(out, openIn(s.ItemProcessor, location+"/ItemProcessor")...)
		}
		if s.Iterator != nil {
			out = append(out, openIn(s.Iterator, location+"/Iterator")...)
		}
	}
	return out
}

func openInRule(r *Rule, at string) []OpenPart {
	out := r.openParts(at)
	for i, inner := range r.And {
		out = append(out, openInRule(inner, index(at+"/And", i))...)
	}
	for i, inner := range r.Or {
		out = append(out, openInRule(inner, index(at+"/Or", i))...)
	}
	if r.Not != nil {
		out = append(out, openInRule(r.Not, at+"/Not")...)
	}
	return out
}

func (s *source) openParts(at string) []OpenPart {
	if s.open == nil {
		return nil
	}
	var out []OpenPart
	for field, text := range *s.open {
		out = append(out, OpenPart{Location: at + "/" + field, Text: text, Pos: s.Pos})
	}
	slices.SortFunc(out, func(a, b OpenPart) int { return strings.Compare(a.Location, b.Location) })
	return out
}

// openFields are the fields of a part that are a ${Placeholder} as a whole.
type openFields map[string]string

func (s *source) openFor(field, text string) {
	if s.open == nil {
		s.open = &openFields{}
	}
	(*s.open)[field] = text
}

func (s *source) isOpen(field string) bool {
	if s.open == nil {
		return false
	}
	_, ok := (*s.open)[field]
	return ok
}

// isPlaceholder tells whether a text is one ${Placeholder} as a whole.
func isPlaceholder(n *jsonNode) bool {
	return n.kind == kindString && strings.HasPrefix(n.text, "${") && strings.IndexByte(n.text, '}') == len(n.text)-1
}

// mayBeOpen tells whether a member has a form that no text has.
func mayBeOpen(target any) bool {
	switch target.(type) {
	case *Field, *string, *[]*State:
		return false
	}
	return true
}
