package asl_test

import (
	"testing"

	"airline/asl"
)

// problems are what Parse and Validate say of a text, as the command does.
func problems(text []byte) asl.Diagnostics {
	d, err := asl.Parse(text)
	var all asl.Diagnostics
	if err != nil {
		all = append(all, err.(asl.Diagnostics)...)
	}
	if d != nil {
		all = append(all, d.Validate()...)
	}
	return all
}

func TestAcceptsValid(t *testing.T) {
	for id, text := range glob(t, "validator/valid-*.json") {
		if ds := problems(text); ds.HasErrors() {
			t.Errorf("%s:\n%v", id, ds)
		}
	}
	for id, text := range glob(t, "workflows/*.json") {
		if ds := problems(text); ds.HasErrors() {
			t.Errorf("%s:\n%v", id, ds)
		}
	}
	for id, text := range recorded(t) {
		if ds := problems(text); ds.HasErrors() {
			t.Errorf("%s:\n%v", id, ds)
		}
	}
}

func TestRefusesInvalid(t *testing.T) {
	for id, text := range glob(t, "validator/invalid-*.json") {
		ds := problems(text)
		if !ds.HasErrors() {
			t.Errorf("%s is accepted: %v", id, ds)
		}
		t.Logf("%s: %v", id, ds)
	}
}
