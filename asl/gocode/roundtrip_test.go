package gocode_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/asl/ast"
	"airline/asl/gocode"
	"airline/asl/internal/conformance"
	"airline/asl/jsonvalue"
)

// published gives the definitions of files.
func published(t testing.TB) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, pattern := range []string{"workflows/*.json", "validator/*.json", "flow.json"} {
		maps.Copy(texts, conformance.Files(t, pattern))
	}
	return texts
}

// printed compiles and runs source that GenerateAll wrote, and gives what each
// of n definitions prints.
func printed(t *testing.T, source []byte, n int) []result {
	t.Helper()
	dir := t.TempDir()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var main strings.Builder
	main.WriteString("package main\n\nimport (\n\"encoding/json\"\n\"os\"\n\n\"airline/asl/ast\"\n)\n\nfunc main() {\nout := json.NewEncoder(os.Stdout)\n")
	main.WriteString("for _, f := range []func() (*ast.Definition, error){")
	for i := range n {
		fmt.Fprintf(&main, "f%d,", i)
	}
	main.WriteString("} {\nd, err := f()\nif err != nil {\nout.Encode(map[string]string{\"error\": err.Error()})\ncontinue\n}\nout.Encode(map[string]string{\"text\": d.String()})\n}\n}\n")
	// The package exists only in the overlay.
	overlay := map[string]map[string]string{"Replace": {}}
	for name, text := range map[string][]byte{"definitions.go": source, "main.go": []byte(main.String())} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][filepath.Join(here, "generated", name)] = file
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, "./generated")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the generated source does not compile: %v\n%s", err, out)
	}
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []result
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var r result
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

type result struct{ Text, Error string }

// TestGeneratedSourcePrintsTheSameJSON compiles the source of all definitions in
// one program.
func TestGeneratedSourcePrintsTheSameJSON(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program")
	}
	texts := published(t)
	for id, text := range conformance.Recorded(t) {
		texts[id] = text
	}
	for id, text := range odd {
		texts[id] = []byte(text)
	}
	var ids []string
	var list []gocode.Named
	for id, text := range texts {
		if _, err := ast.Parse(text); err == nil { // the others cannot be read
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for i, id := range ids {
		d, err := ast.Parse(texts[id])
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, gocode.Named{Func: fmt.Sprintf("f%d", i), Definition: d})
	}
	source, err := gocode.GenerateAll("main", list)
	if err != nil {
		t.Fatal(err)
	}
	if file := os.Getenv("GOCODE_OUT"); file != "" { // to look at
		if err := os.WriteFile(file, source, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	results := printed(t, source, len(ids))
	for i, r := range results {
		if r.Error != "" {
			t.Errorf("%s (f%d): %s", ids[i], i, r.Error)
			continue
		}
		got, err := jsonvalue.Decode([]byte(r.Text))
		if err != nil {
			t.Fatal(err)
		}
		want, err := jsonvalue.Decode(texts[ids[i]])
		if err != nil {
			t.Fatal(err)
		}
		if !jsonvalue.Equal(got, want) {
			t.Errorf("%s (f%d):\ngot  %s\nwant %s", ids[i], i, jsonvalue.String(got), jsonvalue.String(want))
		}
	}
	if len(results) != len(ids) {
		t.Errorf("%d definitions printed, want %d", len(results), len(ids))
	}
}
