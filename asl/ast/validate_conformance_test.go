package ast_test

import (
	"testing"

	"airline/asl/ast"
	"airline/asl/internal/conformance"
)

// problems are what Parse and Validate say of a text, as the command does.
func problems(text []byte) ast.Diagnostics {
	d, err := ast.Parse(text)
	var all ast.Diagnostics
	if err != nil {
		all = append(all, err.(ast.Diagnostics)...)
	}
	if d != nil {
		all = append(all, d.Validate()...)
	}
	return all
}

func TestAcceptsValid(t *testing.T) {
	for id, text := range conformance.Files(t, "validator/valid-*.json") {
		if ds := problems(text); ds.HasErrors() {
			t.Errorf("%s:\n%v", id, ds)
		}
	}
	for id, text := range conformance.Files(t, "workflows/*.json") {
		if ds := problems(text); ds.HasErrors() {
			t.Errorf("%s:\n%v", id, ds)
		}
	}
	for id, text := range conformance.Recorded(t) {
		if ds := problems(text); ds.HasErrors() {
			t.Errorf("%s:\n%v", id, ds)
		}
	}
}

func TestRefusesInvalid(t *testing.T) {
	for id, text := range conformance.Files(t, "validator/invalid-*.json") {
		ds := problems(text)
		if !ds.HasErrors() {
			t.Errorf("%s is accepted: %v", id, ds)
		}
		t.Logf("%s: %v", id, ds)
	}
}
