package ast_test

import (
	"testing"
	"time"

	"airline/asl/ast"
)

func TestParseTimestamp(t *testing.T) {
	want := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for text, after := range map[string]time.Duration{
		"2026-01-31T12:00:00Z":           0,
		"2026-01-31T12:00Z":              0,
		"2026-01-31T12:00:00.5Z":         500 * time.Millisecond,
		"2026-01-31T12:00:00.000000001Z": 1,
		"2026-01-31T13:30:00+01:30":      0,
		"2026-01-30T18:00-18:00":         0,
	} {
		if got, ok := ast.ParseTimestamp(text); !ok || !got.Equal(want.Add(after)) {
			t.Errorf("%s: got %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "Z", "+01:00", "2026-01-31", "2026-01-31T12Z", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-01-31t12:00:00z",
		"2026-01-31T12:00:00z", "2026-01-31T2:00:00Z", "2026-01-31T2:00:000Z", "2026-1-31T12:00:00Z", "2026-02-30T12:00:00Z",
		"2026-01-31T24:00:00Z", "2026-01-31T12:00:60Z", "2026-01-31T12:00:00,5Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:5Z",
		"2026-01-31T12:00:00.1234567891Z", "2026-01-31T12:00:00+0100", "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00+18:01",
		"2026-01-31T12:00:00+01:60", "2026-01-31T12:00:00+aa:00", "2026-01-31T12:00.5Z", " 2026-01-31T12:00:00Z",
	} {
		if got, ok := ast.ParseTimestamp(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}
