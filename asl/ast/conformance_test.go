package ast_test

import (
	"testing"

	"airline/asl/ast"
	"airline/asl/internal/conformance"
	"airline/asl/jsonvalue"
)

func roundTrip(t *testing.T, id string, text []byte) {
	t.Helper()
	d, err := ast.Parse(text)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	printed, err := d.JSON()
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	want, err := jsonvalue.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jsonvalue.Decode(printed)
	if err != nil {
		t.Errorf("%s: printed text is not JSON: %v\n%s", id, err, printed)
		return
	}
	if !jsonvalue.Equal(got, want) {
		t.Errorf("%s: round trip changed the definition\ngot  %s\nwant %s", id, jsonvalue.String(got), jsonvalue.String(want))
	}
	again, err := ast.Parse(printed)
	if err != nil {
		t.Errorf("%s: the printed definition does not parse: %v", id, err)
		return
	}
	if text, _ := again.JSON(); string(text) != string(printed) {
		t.Errorf("%s: printing is not stable", id)
	}
}

func TestRoundTripPublished(t *testing.T) {
	for id, text := range conformance.Files(t, "workflows/*.json") {
		roundTrip(t, id, text)
	}
	for id, text := range conformance.Files(t, "validator/valid-*.json") {
		roundTrip(t, id, text)
	}
}

func TestRoundTripRecorded(t *testing.T) {
	for id, text := range conformance.Recorded(t) {
		roundTrip(t, id, text)
	}
}
