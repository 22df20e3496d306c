package iam

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
)

// FuzzDecode holds the scanner to encoding/json: both take the same texts, and read the same values in them.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": ["*"]}]}`,
		` [1, -0, 0.5e+10, 1E-2, true, false, null, {}, [], ""] `, `"\u00e9\n\/\ud83d\ude00\ud800"`, "\"\u2028\"", `{"a": 1, "a": 2}`,
		``, ` `, `01`, `1.`, `.5`, `-`, `+1`, `1e`, `tru`, `nul`, `[1,]`, `[,1]`, `[1 2]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{1:1}`,
		`"`, `"\`, `"\x"`, `"\u12"`, "\"\x01\"", "\"\x7f\"", `1 1`, `{} []`, `]`, "\ufeff1", "\v1", `"a" //`, `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var want any
		isJSON := utf8.Valid(text) && json.Valid(text) && d.Decode(&want) == nil
		got, err := decode(text)
		switch {
		case err == nil && !isJSON:
			t.Fatalf("%q is taken", text)
		case err != nil && isJSON && bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) <= maxDepth:
			t.Fatalf("%q: %v", text, err)
		case err == nil && !reflect.DeepEqual(got.plain(), want):
			t.Fatalf("%q is read as %#v, want %#v", text, got.plain(), want)
		}
	})
}

// plain is the value as encoding/json decodes it.
func (n *node) plain() any {
	switch n.kind {
	case '{':
		object := map[string]any{}
		for _, m := range n.members {
			object[m.key] = m.value.plain()
		}
		return object
	case '[':
		list := []any{}
		for _, item := range n.items {
			list = append(list, item.plain())
		}
		return list
	case '"':
		return n.text
	case '0':
		return json.Number(n.text)
	case 't':
		return n.text == "true"
	}
	return nil
}
