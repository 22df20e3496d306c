package ast

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
)

var placeholder = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_.:-]*)\}`)

// Placeholders are the names of the values that are known only at deployment,
// sorted: what Late left in the definition as ${name}.
func (d *Definition) Placeholders() []string {
	text, err := d.MarshalJSON()
	if err != nil {
		return nil
	}
	var names []string
	for _, m := range placeholder.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Fill puts the values into the places of ${name} in the definition's JSON.
// Names that have no value stay.
func Fill(definition []byte, values map[string]string) []byte {
	return placeholder.ReplaceAllFunc(definition, func(match []byte) []byte {
		value, ok := values[string(match[2:len(match)-1])]
		if !ok {
			return match
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(value) != nil {
			return match
		}
		quoted := bytes.TrimSpace(b.Bytes())
		return quoted[1 : len(quoted)-1]
	})
}
