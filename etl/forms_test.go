package etl_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is generated: sql/")

// What readers and reviews look at is what is made from the declarations.
func TestGeneratedFiles(t *testing.T) {
	files, err := etl.Generated()
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range files {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s is not what the declarations say; run go test ./etl -update (-want +got):\n%s", file, diff)
		}
	}
	present, err := filepath.Glob("sql/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range present {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), "Generated from") && files[filepath.ToSlash(file)] == "" {
			t.Errorf("%s is generated from no declaration", file)
		}
	}
}

// Every declaration is free of contradictions.
func TestDeclarations(t *testing.T) {
	for _, d := range etl.Datasets() {
		declared, ok := d.Declared()
		if !ok {
			t.Fatalf("%s is listed and not declared", d)
		}
		if err := declared.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"AA,1,2,5,-3": "AA,1,2,5,-3", "Köln 日本 \u2212": "Köln 日本 \u2212", "5\u200b": `5\u200b`, "\u00a0A\ufeff": `\u00a0A\ufeff`, "a\nb\t\x1b[31m": `a\u000ab\u0009\u001b[31m`, "\u202eevil": `\u202eevil`,
	} {
		if got := etl.Visible(text); got != want {
			t.Errorf("Visible(%q) = %s, want %s", text, got, want)
		}
	}
}
