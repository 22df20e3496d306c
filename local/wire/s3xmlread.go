package wire

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"airline/asl/jsonvalue"
	"airline/local/wire/shape"
)

// element is a part of an XML document.
type element struct {
	name     string
	text     strings.Builder
	children []*element
}

// parseXML reads a document whose root has a name.
func parseXML(body io.Reader, root string) (*element, error) {
	d := xml.NewDecoder(body)
	top := &element{}
	open := []*element{top}
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && len(open) == 1 && len(top.children) == 1 && top.children[0].name == root:
			return top.children[0], nil
		case err != nil:
			return nil, malformedXML()
		}
		at := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name.Local}
			at.children = append(at.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			at.text.Write(t)
		}
	}
}

// readXML fills a value of the SDK's from a document whose root has a name. An element that the SDK's type has no member for is an
// error with its name, because ignoring it could mean something else than what was asked for.
func readXML(body io.Reader, root string, into reflect.Value) error {
	e, err := parseXML(body, root)
	if err != nil {
		return err
	}
	tree, err := e.tree(root, into.Type())
	if err != nil {
		return err
	}
	if err := shape.Decode(tree, into, shape.Pascal); err != nil {
		return malformedXML()
	}
	return nil
}

// tree is the element as a value of a type.
func (e *element) tree(path string, t reflect.Type) (any, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.Name() == "Time" {
		if len(e.children) > 0 {
			return nil, malformedXML()
		}
		return shape.Text(e.text.String()), nil
	}
	o := jsonvalue.NewObject(0)
	for _, child := range e.children {
		at := path + "." + child.name
		f, ok := memberOf(t, child.name)
		if !ok {
			return nil, &shape.Error{Path: at, Reason: "is an element that is not modelled here", Unknown: true}
		}
		if f.Type.Kind() != reflect.Slice {
			if _, twice := o.Get(f.Name); twice {
				return nil, malformedXML()
			}
			value, err := child.tree(at, f.Type)
			if err != nil {
				return nil, err
			}
			o.Set(f.Name, value)
			continue
		}
		items := []*element{child}
		if name, ok := wrapped[f.Name]; ok {
			if items = child.children; slices.ContainsFunc(items, func(i *element) bool { return i.name != name }) {
				return nil, malformedXML()
			}
		}
		before, _ := o.Get(f.Name)
		list, _ := before.([]any)
		for _, item := range items {
			value, err := item.tree(at, f.Type.Elem())
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		if list == nil {
			list = []any{}
		}
		o.Set(f.Name, list)
	}
	return o, nil
}

// memberOf is the member of a type that an element stands for.
func memberOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		own := f.Name
		if f.Type.Kind() == reflect.Slice && wrapped[own] == "" && singular[own] != "" {
			own = singular[own]
		}
		if own == name || own == "MFADelete" && name == "MfaDelete" {
			return f, true
		}
	}
	return reflect.StructField{}, false
}
